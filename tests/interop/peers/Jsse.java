/* Java's JSSE. Arguments as in peer.h, but suites by name. */
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

public class Jsse {
    private static final byte[] LINE = "ping\n".getBytes();
    private static final char[] PASSWORD = "password".toCharArray();
    private static final Map<String, String> args = new HashMap<>();

    private static SSLContext makeContext() throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        try (InputStream in = new FileInputStream(args.get("ca") + ".pem")) {
            trust.setCertificateEntry("ca",
                CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
        trusted.init(trust);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        if (args.containsKey("key")) {
            try (InputStream in = new FileInputStream(args.get("key") + ".p12")) {
                own.load(in, PASSWORD);
            }
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private static SSLParameters makeParameters(SSLContext context) {
        SSLParameters parameters = context.getSupportedSSLParameters();
        parameters.setProtocols(new String[] {"TLSv" + args.get("version")});
        if (args.containsKey("suite"))
            parameters.setCipherSuites(new String[] {args.get("suite")});
        if (args.containsKey("alpn"))
            parameters.setApplicationProtocols(new String[] {args.get("alpn")});
        if (args.containsKey("verify"))
            parameters.setNeedClientAuth(true);
        return parameters;
    }

    /* Sends back what comes. */
    private static void serve(SSLContext context) throws Exception {
        SSLServerSocket listener = (SSLServerSocket) context.getServerSocketFactory()
            .createServerSocket(0, 16, InetAddress.getLoopbackAddress());
        listener.setSSLParameters(makeParameters(context));
        System.out.println("listening on 127.0.0.1:" + listener.getLocalPort());
        for (;;) {
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                byte[] data = new byte[4096];
                InputStream in = socket.getInputStream();
                OutputStream out = socket.getOutputStream();
                for (int n; (n = in.read(data)) > 0; out.flush())
                    out.write(data, 0, n);
            } catch (IOException e) {
                System.err.println(e);
            }
        }
    }

    private static void connect(SSLContext context) throws Exception {
        SSLParameters parameters = makeParameters(context);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                 .createSocket("localhost", Integer.parseInt(args.get("port")))) {
            socket.setSSLParameters(parameters);
            socket.getOutputStream().write(LINE);
            byte[] answer = socket.getInputStream().readNBytes(LINE.length);
            if (!java.util.Arrays.equals(answer, LINE))
                throw new IOException("another answer");
        }
    }

    public static void main(String[] argv) throws Exception {
        for (int i = 1; i < argv.length; i++) {
            String[] parts = argv[i].split("=", 2);
            args.put(parts[0], parts[1]);
        }
        Security.setProperty("jdk.tls.disabledAlgorithms", "");
        if (args.containsKey("group"))
            System.setProperty("jdk.tls.namedGroups", args.get("group"));
        SSLContext context = makeContextFor(argv[0]);
        if (argv[0].equals("suites")) {
            for (String suite : context.getSupportedSSLParameters().getCipherSuites())
                System.out.println(suite);
        } else if (argv[0].equals("server")) {
            serve(context);
        } else {
            connect(context);
            if (args.containsKey("resume"))
                connect(context);
            System.out.print("ping\n");
        }
    }

    private static SSLContext makeContextFor(String role) throws Exception {
        return role.equals("suites") ? SSLContext.getDefault() : makeContext();
    }
}
