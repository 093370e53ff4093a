//! rustls 0.20. Arguments as in peer.h.
use rustls::{
    server::AllowAnyAuthenticatedClient, Certificate, ClientConfig, ClientConnection, PrivateKey,
    RootCertStore, ServerConfig, ServerConnection, Stream, SupportedCipherSuite, SupportedKxGroup,
    SupportedProtocolVersion, ALL_CIPHER_SUITES, ALL_KX_GROUPS,
};
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

const LINE: &[u8] = b"ping\n";

type Args = HashMap<String, String>;
type Versions = [&'static SupportedProtocolVersion; 1];

fn suites(args: &Args) -> Vec<SupportedCipherSuite> {
    let pinned = args.get("suite").map(|s| u16::from_str_radix(s, 16).unwrap());
    let wanted = |s: &&SupportedCipherSuite| pinned.map_or(true, |p| p == s.suite().get_u16());
    ALL_CIPHER_SUITES.iter().filter(wanted).copied().collect()
}

fn groups(args: &Args) -> Vec<&'static SupportedKxGroup> {
    let wanted = |g: &&&'static SupportedKxGroup| {
        let name = format!("{:?}", g.name).to_lowercase();
        args.get("group").map_or(true, |pinned| *pinned == name)
    };
    ALL_KX_GROUPS.iter().filter(wanted).copied().collect()
}

fn versions(args: &Args) -> Versions {
    if args["version"] == "1.3" {
        [&rustls::version::TLS13]
    } else {
        [&rustls::version::TLS12]
    }
}

fn roots(args: &Args) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let der = std::fs::read(format!("{}.der", args["ca"])).unwrap();
    roots.add(&Certificate(der)).unwrap();
    roots
}

fn own(args: &Args) -> Option<(Vec<Certificate>, PrivateKey)> {
    let base = args.get("key")?;
    let chain = Certificate(std::fs::read(format!("{base}.der")).unwrap());
    let key = PrivateKey(std::fs::read(format!("{base}.key.der")).unwrap());
    Some((vec![chain], key))
}

fn alpn(args: &Args) -> Vec<Vec<u8>> {
    args.get("alpn").iter().map(|name| name.as_bytes().to_vec()).collect()
}

fn serve(args: &Args) {
    let builder = ServerConfig::builder()
        .with_cipher_suites(&suites(args))
        .with_kx_groups(&groups(args))
        .with_protocol_versions(&versions(args))
        .unwrap();
    let builder = if args.contains_key("verify") {
        builder.with_client_cert_verifier(AllowAnyAuthenticatedClient::new(roots(args)))
    } else {
        builder.with_no_client_auth()
    };
    let (chain, key) = own(args).unwrap();
    let mut config = builder.with_single_cert(chain, key).unwrap();
    config.alpn_protocols = alpn(args);
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("listening on {}", listener.local_addr().unwrap());
    for socket in listener.incoming() {
        let mut socket = socket.unwrap();
        let mut conn = ServerConnection::new(config.clone()).unwrap();
        // Sends back what comes.
        let mut stream = Stream::new(&mut conn, &mut socket);
        let mut data = [0; 4096];
        let result = loop {
            match stream.read(&mut data) {
                Ok(n) if n > 0 => stream.write_all(&data[..n]).unwrap_or(()),
                other => break other,
            }
        };
        conn.send_close_notify();
        let _ = conn.write_tls(&mut socket);
        eprintln!("result: {result:?}");
    }
}

fn connect(args: &Args, config: &Arc<ClientConfig>) {
    let name = "localhost".try_into().unwrap();
    let mut conn = ClientConnection::new(config.clone(), name).unwrap();
    let mut socket = TcpStream::connect(format!("127.0.0.1:{}", args["port"])).unwrap();
    let mut stream = Stream::new(&mut conn, &mut socket);
    let mut answer = [0; LINE.len()];
    stream.write_all(LINE).unwrap();
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(answer, LINE);
    conn.send_close_notify();
    conn.write_tls(&mut socket).unwrap();
}

fn ask(args: &Args) {
    let builder = ClientConfig::builder()
        .with_cipher_suites(&suites(args))
        .with_kx_groups(&groups(args))
        .with_protocol_versions(&versions(args))
        .unwrap()
        .with_root_certificates(roots(args));
    let mut config = match own(args) {
        Some((chain, key)) => builder.with_single_cert(chain, key).unwrap(),
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = alpn(args);
    let config = Arc::new(config);
    connect(args, &config);
    if args.contains_key("resume") {
        connect(args, &config);
    }
    print!("{}", std::str::from_utf8(LINE).unwrap());
}

fn main() {
    let split = |arg: String| {
        let (name, value) = arg.split_once('=').unwrap();
        (name.to_string(), value.to_string())
    };
    let args: Args = std::env::args().skip(2).map(split).collect();
    match std::env::args().nth(1).as_deref() {
        Some("server") => serve(&args),
        Some("client") => ask(&args),
        _ => {
            for suite in ALL_CIPHER_SUITES {
                println!("{:04X}", suite.suite().get_u16());
            }
        }
    }
}
