"""The peers, as data: what they need, what they have, how they are started, and why something is not
tried. Arguments are made from a case (cases.py); "{port}" stands for the port."""
import re
from dataclasses import dataclass, field
from typing import Callable, Optional

from cases import ALPN, PSK_IDENTITY, PSK_KEY
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
    service: str = "--echo"  # of our server
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
    argv = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-rev", "-cipher", EVERYTHING,
            "-ciphersuites", TLS13_SUITES, "-alpn", ALPN,
            "-cert", run.id(f"{case.key}.pem"), "-key", run.id(f"{case.key}.key")]
    if case.client_key:
        argv += ["-Verify", "2", "-verify_return_error", "-CAfile", run.id("ca.pem")]
    if case.psk:
        argv += openssl_psk(run, case)
    return argv


def openssl_client(run, case):
    argv = ["openssl", "s_client", "-connect", "127.0.0.1:{port}", "-servername", "localhost",
            "-verify_hostname", "localhost", "-verify_return_error", "-brief",
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
    if case.resume:
        session = run.file("session")
        return [argv + ["-sess_out", session], argv + ["-sess_in", session]]
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
    if case.client_key:
        argv += ["--require-client-cert", "--verify-client-cert", "--x509cafile", run.id("ca.pem")]
    else:
        argv += ["--disable-client-cert"]
    if case.psk:
        argv += ["--pskpasswd", run.text_file("psk.txt", f"{PSK_IDENTITY}:{PSK_KEY}\n")]
    return argv


def gnutls_client(run, case):
    priority = f"NONE:+VERS-{case.version.replace('v', '')}:+SIGN-ALL:+COMP-NULL:+CTYPE-ALL:+"
    priority += GNUTLS_GROUPS[case.group] if case.group else "GROUP-ALL"
    priority += gnutls_pin(case) if case.suite else ":+AES-128-GCM:+AEAD"
    priority += (":+PSK" if case.psk_ke else GNUTLS_PSK if case.psk else "" if
                 case.suite and case.version == "TLSv1.2" else ":+ECDHE-ECDSA:+ECDHE-RSA")
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
        return argv + [f"key={run.id(case.key)}"] + (["verify=1"] if case.client_key else [])
    return server


def own_client(program):
    def client(run, case):
        argv = [*run.program(program), "client", *own_arguments(run, case)]
        if case.suite:
            argv += [f"suite={case.suite.hex}"]
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


def own(name, program, packages, version, **more):
    """A peer whose client and server are a program of our own on its library."""
    return Peer(name, packages, version, own_suites(program), server=own_server(program),
                client=own_client(program), ready=OWN_READY, line=None, **more)


def dpkg_version(package):
    return (["dpkg-query", "-W", "-f", "${Version}", package], r"^(?:\d+:)?(\S+)-")


def own_suites(program):
    return lambda run: {int(n, 16) for n in run.output([*run.program(program), "suites"]).split()}


OWN_READY = r"listening on 127\.0\.0\.1:(\d+)\n"

ONLY_OPENSSL_AND_GNUTLS = Hole("tried with OpenSSL and GnuTLS", feature="PSK.*|psk_ke")

PEERS = [
    Peer("OpenSSL", "openssl", (["openssl", "version"], r"OpenSSL (\S+)"), openssl_suites,
         always=True, server=openssl_server, client=openssl_client,
         ready=r"ACCEPT 127\.0\.0\.1:(\d+)\n", answer=LINE.strip()[::-1]),
    Peer("GnuTLS", "gnutls-bin", (["gnutls-cli", "--version"], r"gnutls-cli (\S+)"),
         gnutls_suites, always=True, server=gnutls_server, client=gnutls_client,
         holes=[Hole("its programs take keys for SHA-256 alone", feature="PSK SHA-384")]),
    own("mbedTLS", "mbedtls", "libmbedtls-dev", dpkg_version("libmbedtls-dev"), always=True,
        build=c_program("mbedtls", "-lmbedtls", "-lmbedx509", "-lmbedcrypto"),
        holes=[Hole("mbedTLS 2.28 has TLS 1.3 as an experiment, which Debian leaves out",
                    version="TLSv1.3")]),
    Peer("curl", "curl", (["curl", "--version"], r"curl (\S+)"), openssl_suites, always=True,
         client=curl_client, line=None, echo="</html>", service="--www",
         holes=[Hole("curl has no option for pre-shared keys", when=lambda c: c.psk)]),
]
