"""The peers, as data: what they need, what they have, how they are started, and why something is not
tried. Arguments are made from a case (cases.py); "{port}" stands for the port."""
import os
import re
from dataclasses import dataclass, field
from typing import Callable, Optional

from cases import ALPN, EARLY, PSK_IDENTITY, PSK_KEY
from suites import EVERYTHING

LINE = "ping\n"
GET = f"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"
TLS13_SUITES = ("TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:"
                "TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256")


@dataclass
class Peer:
    name: str
    packages: str
    version: tuple  # a command, and a regular expression whose group is the version: is it there?
    suites: Callable  # (run) -> numbers
    always: bool = False  # part of every test run
    server: Optional[Callable] = None  # (run, case) -> argv
    client: Optional[Callable] = None  # (run, case) -> list of argv, run one after the other
    ready: Optional[str] = None  # what the server says when it listens; a group is the port
    request: str = LINE  # what our client sends to it
    answer: str = LINE.strip()  # and gets
    line: Optional[str] = LINE  # what its client reads from stdin
    echo: str = LINE.strip()  # and prints when our server has sent it back
    service: Callable = lambda run: ["--echo"]  # of our server
    words: Callable = lambda case: None  # instead of request and answer
    script: Callable = lambda case: []  # when its server says this, that is typed into it
    server_says: Callable = lambda case: None  # a regular expression, of what else must be seen
    client_says: Callable = lambda case: None
    server_pins: Callable = lambda case: False  # its client cannot: our server offers the suite alone
    env: Callable = lambda run: {}
    build: Callable = lambda run: None  # makes programs in run.programs
    holes: list = field(default_factory=list)

    def hole(self, role, case):
        """Why the case is not tried with this peer in this role; None: it is."""
        for h in self.holes:
            if ((h.role in (None, role)) and (h.version in (None, case.version)) and
                    (h.feature is None or re.fullmatch(h.feature, case.feature)) and
                    (h.when is None or h.when(case))):
                return h.reason
        return None


@dataclass
class Hole:
    reason: str
    role: Optional[str] = None  # of the peer: "client" or "server"
    version: Optional[str] = None
    feature: Optional[str] = None  # a regular expression
    when: Optional[Callable] = None


def short_version(case):
    return case.version.replace("TLSv", "").replace(".", "_")


# ---- OpenSSL ------------------------------------------------------------------------------------

OPENSSL_GROUPS = {"x25519": "X25519", "secp256r1": "P-256", "secp384r1": "P-384",
                  "secp521r1": "P-521"}


def openssl_suites(run):
    return {n for n, s in run.known.items() if n not in (0xD001, 0xD002, 0xD003, 0xD005)}


def openssl_psk(run, case):
    argv = ["-psk_identity", PSK_IDENTITY]
    if case.psk_sha384:
        argv += ["-psk_session", run.openssl_session(0x1302)]
    else:
        argv += ["-psk", PSK_KEY]
    # Nothing in common but the key: the only way to make openssl do without a key exchange.
    return argv + (["-allow_no_dhe_kex", "-groups", "P-521"] if case.psk_ke else [])


def openssl_server(run, case):
    argv = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cipher", EVERYTHING,
            "-ciphersuites", TLS13_SUITES, "-alpn", ALPN,
            "-cert", run.id(f"{case.key}.pem"), "-key", run.id(f"{case.key}.key")]
    if not openssl_words(case):
        argv += ["-rev"]
    if case.post_handshake:
        argv += ["-CAfile", run.id("ca.pem")]
    elif case.client_key:
        argv += ["-Verify", "2", "-verify_return_error", "-CAfile", run.id("ca.pem")]
    if case.psk:
        argv += openssl_psk(run, case)
    if case.early_data:
        argv += ["-early_data", "-max_early_data", "16384"]
    if case.early_data == "rejected":
        argv += ["-groups", "P-521"]
    if case.staple in ("good", "revoked"):
        argv += ["-status_file", run.id(f"{case.staple}.ocsp")]
    return argv


def openssl_words(case):
    """-rev knows neither early data nor commands; without it a person answers."""
    return (None, None) if case.early_data else (LINE, LINE.strip()) if case.post_handshake else None


def openssl_script(case):
    return [(LINE.strip(), "c\n"), (r"depth=0 CN = Interop ecdsa", LINE)] if case.post_handshake else []


def openssl_client(run, case):
    argv = ["openssl", "s_client", "-connect", "127.0.0.1:{port}", "-servername", "localhost",
            "-verify_hostname", "localhost", "-verify_return_error",
            "-CAfile", run.id("ca.pem"), "-tls" + short_version(case)]
    if case.suite:
        pin = "-ciphersuites" if case.version == "TLSv1.3" else "-cipher"
        argv += [pin, case.suite.openssl + ("" if pin == "-ciphersuites" else ":@SECLEVEL=0")]
    if case.client_key:
        argv += ["-cert", run.id(f"{case.client_key}.pem"), "-key", run.id(f"{case.client_key}.key")]
    if case.alpn:
        argv += ["-alpn", case.alpn]
    if case.group:
        argv += ["-groups", OPENSSL_GROUPS[case.group]]
    if case.psk:
        argv += openssl_psk(run, case)
    if case.post_handshake:
        argv += ["-enable_pha"]
    if case.staple:
        argv += ["-status"]
    if case.resume:
        session = run.file("session")
        early = ["-early_data", run.text_file("early", EARLY)] if case.early_data else []
        return [argv + ["-sess_out", session], argv + ["-sess_in", session, *early]]
    return [argv]


# ---- GnuTLS -------------------------------------------------------------------------------------

GNUTLS_GROUPS = {"x25519": "GROUP-X25519", "secp256r1": "GROUP-SECP256R1",
                 "secp384r1": "GROUP-SECP384R1", "secp521r1": "GROUP-SECP521R1"}
GNUTLS_EVERYTHING = ("NONE:+VERS-TLS1.2:+VERS-TLS1.3:+CIPHER-ALL:+AES-128-CCM:+AES-256-CCM:"
                     "+AES-128-CCM-8:+AES-256-CCM-8:+MAC-ALL:+SHA384:+SHA256:+AEAD:+SIGN-ALL:"
                     "+GROUP-ALL:+COMP-NULL:+CTYPE-ALL:+ECDHE-ECDSA:+ECDHE-RSA:+DHE-RSA:+RSA")
GNUTLS_PSK = ":+PSK:+DHE-PSK:+ECDHE-PSK"


def gnutls_suites(run):
    text = run.output(["gnutls-cli", "--list"])
    return {int(m[1] + m[2], 16)
            for m in re.finditer(r"^TLS_\S+\s+0x(..), 0x(..)\s+TLS", text, re.M)}


def gnutls_pin(case):
    """A priority string for one suite, from its name: TLS_[kx_WITH_]cipher[_mac]."""
    suite = case.suite
    m = re.fullmatch(r"TLS_(?:(\w+?)_WITH_)?(AES_\d+_(?:GCM|CBC|CCM_8|CCM)|CHACHA20_POLY1305)"
                     r"(?:_(SHA\d*))?", suite.standard.replace("PSK_DHE_WITH", "DHE_PSK_WITH"))
    mac = {"SHA": "SHA1"}.get(m[3], m[3]) if "CBC" in m[2] else "AEAD"
    return f":+{m[2].replace('_', '-')}:+{mac}" + (f":+{m[1].replace('_', '-')}" if m[1] else "")


def gnutls_server(run, case):
    exchange = ":+PSK" if case.psk_ke else GNUTLS_PSK if case.psk else ""
    argv = ["gnutls-serv", "--echo", "--port", "{port}", "--priority",
            GNUTLS_EVERYTHING + exchange, "--alpn", ALPN,
            "--x509certfile", run.id(f"{case.key}.pem"), "--x509keyfile", run.id(f"{case.key}.key")]
    if case.post_handshake:
        argv += ["--disable-client-cert", "--verify-client-cert", "--x509cafile", run.id("ca.pem")]
    elif case.client_key:
        argv += ["--require-client-cert", "--verify-client-cert", "--x509cafile", run.id("ca.pem")]
    else:
        argv += ["--disable-client-cert"]
    if case.early_data:
        argv += ["--earlydata", "--maxearlydata", "16384"]
    if case.staple in ("good", "revoked"):
        argv += ["--ocsp-response", run.id(f"{case.staple}.ocsp"), "--ignore-ocsp-response-errors"]
    if case.psk:
        argv += ["--pskpasswd", run.text_file("psk.txt", f"{PSK_IDENTITY}:{PSK_KEY}\n")]
    return argv


def gnutls_client(run, case):
    priority = f"NONE:+VERS-{case.version.replace('v', '')}:+SIGN-ALL:+COMP-NULL:+CTYPE-ALL:+"
    priority += GNUTLS_GROUPS[case.group] if case.group else "GROUP-ALL"
    priority += gnutls_pin(case) if case.suite else ":+AES-128-GCM:+AEAD"
    if not case.suite or case.version == "TLSv1.3":
        priority += ":+PSK" if case.psk_ke else GNUTLS_PSK if case.psk else ":+ECDHE-ECDSA:+ECDHE-RSA"
    argv = ["gnutls-cli", "--port", "{port}", "--priority", priority,
            "--x509cafile", run.id("ca.pem")]
    if case.client_key:
        argv += ["--x509certfile", run.id(f"{case.client_key}.pem"),
                 "--x509keyfile", run.id(f"{case.client_key}.key")]
    if case.alpn:
        argv += ["--alpn", case.alpn]
    if case.psk:
        argv += ["--pskusername", PSK_IDENTITY, "--pskkey", PSK_KEY]
    if case.resume:
        argv += ["--resume", "--waitresumption"]
    if case.early_data:
        argv += ["--earlydata", run.text_file("early", EARLY)]
    if case.post_handshake:
        argv += ["--post-handshake-auth"]
    return [argv + ["localhost"]]


# ---- curl ---------------------------------------------------------------------------------------

def curl_client(run, case):
    argv = ["curl", "--silent", "--show-error", "--fail", "--cacert", run.id("ca.pem"),
            "--header", "Connection: close", "--http1.1",
            "--tlsv" + case.version[4:], "--tls-max", case.version[4:]]
    if case.suite:
        pin = "--tls13-ciphers" if case.version == "TLSv1.3" else "--ciphers"
        argv += [pin, case.suite.openssl + ("" if pin == "--tls13-ciphers" else ":@SECLEVEL=0")]
    if case.client_key:
        argv += ["--cert", run.id(f"{case.client_key}.pem"),
                 "--key", run.id(f"{case.client_key}.key")]
    if case.group:
        argv += ["--curves", OPENSSL_GROUPS[case.group]]
    url = "https://localhost:{port}/"
    return [argv + [url] * (2 if case.resume else 1)]


# ---- Programs of our own, which all take the same arguments -------------------------------------

def own_arguments(run, case):
    argv = ["port={port}", f"version={case.version[4:]}", f"ca={run.id('ca')}"]
    if case.alpn:
        argv += [f"alpn={case.alpn}"]
    if case.psk:
        argv += [f"identity={PSK_IDENTITY}", f"psk={PSK_KEY}"]
    return argv


def own_server(program):
    def server(run, case):
        argv = [*run.program(program), "server", *own_arguments(run, case)]
        argv = [f"alpn={ALPN}" if a.startswith("alpn=") else "port=0" if a.startswith("port=") else a
                for a in argv]
        argv += [f"key={run.id(case.key)}", f"dh={run.id('dh.pem')}"]
        return argv + (["verify=1"] if case.client_key else [])
    return server


def own_client(program, suite):
    def client(run, case):
        argv = [*run.program(program), "client", *own_arguments(run, case)]
        if case.suite:
            argv += [f"suite={suite(case.suite)}"]
        if case.client_key:
            argv += [f"key={run.id(case.client_key)}"]
        if case.group:
            argv += [f"group={case.group}"]
        if case.resume:
            argv += ["resume=1"]
        return [argv]
    return client


def c_program(program, *libraries):
    """Builds programs/PROGRAM of peers/PROGRAM.c."""
    def build(run):
        run.output(["cc", "-O1", "-o", *run.program(program), run.source(f"{program}.c"),
                    run.source("peer.c"), *libraries])
    return build


def own(name, program, packages, version, suite=lambda s: s.hex, **more):
    """A peer whose client and server are a program of our own on its library."""
    return Peer(name, packages, version, own_suites(program), server=own_server(program),
                client=own_client(program, suite), ready=OWN_READY, line=None, **more)


def dpkg_version(package):
    return (["dpkg-query", "-W", "-f", "${Version}", package], r"^(?:\d+:)?(\S+)-")


def own_suites(program):
    """A program lists numbers or names."""
    def suites(run):
        names = {s.standard: n for n, s in run.known.items()}
        listed = run.output([*run.program(program), "suites"]).split()
        return {names.get(word) or (int(word, 16) if len(word) == 4 else None) for word in listed}
    return suites


# ---- Go, Java, rustls ---------------------------------------------------------------------------

def build_go(run):
    run.output(["go", "build", "-o", *run.program("golang"), run.source("golang.go")],
               {"GO111MODULE": "off", "GOCACHE": run.file("go-cache"), "GOTOOLCHAIN": "local"})


def build_java(run):
    directory = run.directory_for("java")
    run.output(["javac", "-d", directory, run.source("Jsse.java")])
    run.programs["java"] = ["java", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", directory,
                            "Jsse"]


CARGO_TOML = """[package]
name = "rustls-peer"
version = "0.1.0"
edition = "2021"
[[bin]]
name = "rustls"
path = "{source}"
[dependencies]
rustls = {{ version = "0.20", default-features = false, features = ["tls12"] }}
"""
CARGO_CONFIG = """[source.crates-io]
replace-with = "debian"
[source.debian]
directory = "/usr/share/cargo/registry"
"""


def build_rustls(run):
    directory = run.directory_for("rustls")
    run.text_file("rustls/Cargo.toml", CARGO_TOML.format(source=run.source("rustls.rs")))
    run.text_file("rustls/config.toml", CARGO_CONFIG)
    run.output(["cargo", "build", "--offline", "--quiet", "--manifest-path",
                f"{directory}/Cargo.toml"], {"CARGO_HOME": directory})
    run.programs["rustls"] = [f"{directory}/target/debug/rustls"]


# ---- NSS ----------------------------------------------------------------------------------------

NSS_GROUPS = {"x25519": "x25519", "secp256r1": "P256", "secp384r1": "P384", "secp521r1": "P521"}


def build_nss(run):
    """A database with all certificates and keys."""
    database = "sql:" + run.directory_for("nss")
    run.output(["certutil", "-N", "--empty-password", "-d", database])
    run.output(["certutil", "-A", "-n", "ca", "-t", "CT,C,C", "-i", run.id("ca.pem"), "-d", database])
    for key in ("ecdsa", "rsa"):
        run.output(["pk12util", "-i", run.id(f"{key}.p12"), "-W", "password", "-d", database])
    run.programs["nss"] = database


# selfserv and tstclnt take them by number and do not list them.
NSS_SUITES = {0x1301, 0x1302, 0x1303, 0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9, 0xCCAA,
              0xC009, 0xC00A, 0xC013, 0xC014, 0xC023, 0xC024, 0xC027, 0xC028, 0x9E, 0x9F, 0x33, 0x39,
              0x67, 0x6B, 0x9C, 0x9D, 0x2F, 0x35, 0x3C, 0x3D}


def nss_ciphers(suites):
    return "".join(f":{s.hex}" for s in suites)


def nss_server(run, case):
    argv = ["selfserv", "-d", run.programs["nss"], "-p", "{port}", "-V", "tls1.2:tls1.3", "-u", "-G",
            "-Q", "-H", "1", "-c", nss_ciphers(x for x in run.ours if x.number in NSS_SUITES),
            "-n" if case.key == "rsa" else "-e", case.key]
    return argv + (["-r", "-r"] if case.client_key else [])


def nss_client(run, case):
    version = case.version.lower().replace("v", "")
    argv = ["tstclnt", "-d", run.programs["nss"], "-h", "localhost", "-p", "{port}", "-4", "-u", "-G",
            "-V", f"{version}:{version}", "-A", run.text_file("request", GET)]
    # With both -c and -L it frees what it has freed.
    if case.suite and not case.resume:
        argv += ["-c", nss_ciphers([case.suite])]
    if case.client_key:
        argv += ["-n", case.client_key]
    if case.group:
        argv += ["-I", NSS_GROUPS[case.group]]
    if case.resume:
        argv += ["-L", "2"]
    return [argv]


# ---- nginx --------------------------------------------------------------------------------------

NGINX = """worker_processes 1; daemon off; master_process off; pid {directory}/pid;
error_log stderr notice;
events {{}}
http {{
    access_log off; client_body_temp_path {directory}; proxy_temp_path {directory};
    fastcgi_temp_path {directory}; uwsgi_temp_path {directory}; scgi_temp_path {directory};
    ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers {ciphers};
    ssl_ecdh_curve X25519:P-256:P-384:P-521; ssl_conf_command Ciphersuites {suites};
    server {{
        listen 127.0.0.1:PORT ssl;
        ssl_certificate {key}.pem; ssl_certificate_key {key}.key; {verify}
        ssl_dhparam {dh};
        location / {{ return 200 "hello"; }}
    }}
}}
"""


def nginx_server(run, case):
    verify = f"ssl_verify_client on; ssl_client_certificate {run.id('ca.pem')};"
    text = NGINX.format(directory=run.directory_for("nginx"), ciphers=EVERYTHING,
                        suites=TLS13_SUITES, key=run.id(case.key), dh=run.id("dh.pem"),
                        verify=verify if case.client_key else "")
    # nginx takes its port from its file alone.
    return ["sh", "-c", 'sed "s/PORT/$2/" "$1" >"$1.$2" && exec "$3" -c "$1.$2"', "nginx",
            run.text_file(f"nginx/{case.key}-{case.client_key}.conf", text), "{port}",
            run.find("nginx")]


# ---- Chromium -----------------------------------------------------------------------------------

# It does not list them either.
CHROMIUM_SUITES = {0x1301, 0x1302, 0x1303, 0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9, 0xC013,
                   0xC014, 0x9C, 0x9D, 0x2F, 0x35}
CHROMIUM_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                  "--disable-background-networking", "--disable-component-update",
                  "--disable-sync", "--dump-dom"]
# Enough pictures at once for connections beyond the first, which resume it.
CHROMIUM_PAGE = "<html>" + "".join(f'<img src="{n}.svg">' for n in range(12)) + "</html>\n"


def chromium_service(run):
    run.text_file("www/index.html", CHROMIUM_PAGE)
    return ["--root", run.directory_for("www")]


def chromium_client(run, case):
    home = run.file("chromium")
    database = os.path.join(home, ".pki/nssdb")
    os.makedirs(database)
    run.output(["certutil", "-N", "--empty-password", "-d", "sql:" + database])
    run.output(["certutil", "-A", "-n", "ca", "-t", "C,,", "-i", run.id("ca.pem"),
                "-d", "sql:" + database])
    return [["env", f"HOME={home}", "chromium", *CHROMIUM_FLAGS, f"--user-data-dir={home}/data",
             "https://localhost:{port}/"]]


OWN_READY = r"listening on 127\.0\.0\.1:(\d+)\n"

# What is tried with OpenSSL and GnuTLS alone.
ONLY_THERE = Hole("tried with OpenSSL and GnuTLS",
                  feature="PSK.*|psk_ke|0-RTT|post-handshake|stapling")

PEERS = [
    Peer("OpenSSL", "openssl", (["openssl", "version"], r"OpenSSL (\S+)"), openssl_suites,
         always=True, server=openssl_server, client=openssl_client,
         ready=r"ACCEPT 127\.0\.0\.1:(\d+)\n", answer=LINE.strip()[::-1], words=openssl_words,
         script=openssl_script,
         server_says=lambda c: EARLY.strip() if c.early_data == "accepted" else None,
         client_says=lambda c: f"Early data was {c.early_data}" if c.early_data else
         "Cert Status: good" if c.staple else None,
         holes=[Hole("s_client does not judge what is stapled", role="client", feature="stapling",
                     when=lambda c: c.refused)]),
    Peer("GnuTLS", "gnutls-bin", (["gnutls-cli", "--version"], r"gnutls-cli (\S+)"),
         gnutls_suites, always=True, server=gnutls_server, client=gnutls_client,
         words=lambda c: ("**REAUTH**\n", "Successfully") if c.post_handshake else None,
         holes=[Hole("its programs take keys for SHA-256 alone", feature="PSK SHA-384"),
                Hole("gnutls-cli stops for ever where it prints the hint of a key, with OpenSSL's "
                     "server too", role="client",
                     when=lambda c: c.version == "TLSv1.2" and c.suite and
                     c.suite.exchange in ("ECDHE-PSK", "DHE-PSK")),
                Hole("after a HelloRetryRequest, GnuTLS with early data sends no second ClientHello, "
                     "or fails to skip that of others, OpenSSL's too", feature="0-RTT",
                     when=lambda c: c.early_data == "rejected"),
                Hole("gnutls-cli cannot insist on a stapled response", role="client",
                     feature="stapling", when=lambda c: c.staple == "missing")]),
    own("mbedTLS", "mbedtls", "libmbedtls-dev", dpkg_version("libmbedtls-dev"), always=True,
        build=c_program("mbedtls", "-lmbedtls", "-lmbedx509", "-lmbedcrypto"),
        holes=[ONLY_THERE, Hole("mbedTLS 2.28 has TLS 1.3 as an experiment, which Debian leaves out",
                    version="TLSv1.3")]),
    Peer("curl", "curl", (["curl", "--version"], r"curl (\S+)"), openssl_suites, always=True,
         client=curl_client, line=None, echo="</html>", service=lambda run: ["--www"],
         holes=[ONLY_THERE, Hole("curl has no option for pre-shared keys", when=lambda c: c.psk)]),
    own("wolfSSL", "wolfssl", "libwolfssl-dev", dpkg_version("libwolfssl-dev"),
        build=c_program("wolfssl", "-lwolfssl"),
        holes=[Hole(ONLY_THERE.reason, feature="PSK SHA-384|psk_ke|0-RTT|post-handshake|stapling"),
               Hole("in TLS 1.2, a server of wolfSSL asks for the type of its own key alone",
                    role="server", version="TLSv1.2", feature="client certificate",
                    when=lambda c: c.client_key != c.key)]),
    own("BearSSL", "bearssl", "libbearssl-dev", dpkg_version("libbearssl-dev"),
        build=c_program("bearssl", "-lbearssl"),
        holes=[ONLY_THERE, Hole("BearSSL has no TLS 1.3", version="TLSv1.3")]),
    Peer("NSS", "libnss3-tools", dpkg_version("libnss3-tools"), lambda run: NSS_SUITES,
         build=build_nss, server=nss_server, client=nss_client, request=GET, answer="HTTP/1.",
         line=None, echo="</html>", service=lambda run: ["--www"],
         server_pins=lambda case: case.resume,
         holes=[ONLY_THERE,
                Hole("tstclnt has this suite with -c alone, and with -c and -L frees what it has freed",
                     role="client", feature="resumed",
                     when=lambda c: c.suite.number in (0xC024, 0xC028)),
                Hole("tstclnt has no option for ALPN", role="client", feature="ALPN")]),
    own("Go", "golang", "golang-go", (["go", "version"], r"go(\d\S+)"), build=build_go,
        server_pins=lambda case: case.version == "TLSv1.3",
        holes=[ONLY_THERE, Hole("crypto/tls has no external pre-shared keys", when=lambda c: c.psk)]),
    own("Java", "java", "default-jdk-headless", (["java", "-version"], r'version "(\S+)"'),
        build=build_java, suite=lambda s: s.standard,
        holes=[ONLY_THERE, Hole("JSSE has no pre-shared keys", when=lambda c: c.psk)]),
    own("rustls", "rustls", "librust-rustls-dev cargo", dpkg_version("librust-rustls-dev"),
        build=build_rustls,
        holes=[ONLY_THERE, Hole("rustls has no external pre-shared keys", when=lambda c: c.psk),
               Hole("rustls has x25519, secp256r1 and secp384r1", feature="groups",
                    when=lambda c: c.group == "secp521r1")]),
    Peer("nginx", "", (["sh", "-c", "nginx -v || $CUB_PEERS/usr/sbin/nginx -v"], r"nginx/(\S+)"),
         openssl_suites, server=nginx_server, request=GET, answer="HTTP/1.",
         holes=[ONLY_THERE, Hole("nginx has no pre-shared keys", when=lambda c: c.psk)]),
    Peer("Chromium", "chromium libnss3-tools", (["chromium", "--version"], r"Chromium (\S+)"),
         lambda run: CHROMIUM_SUITES, client=chromium_client, line=None, echo="</html>",
         service=chromium_service, server_pins=lambda case: True,
         holes=[ONLY_THERE, Hole("Chromium has no pre-shared keys", when=lambda c: c.psk),
                Hole("Chromium chooses its groups itself", feature="groups"),
                Hole("Chromium gives a certificate by itself only where a policy of the system says so",
                     feature="client certificate")]),
]
