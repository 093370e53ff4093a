"""The scenarios: each is run with both libraries in both roles."""

import socket
import struct

from trial import Wire

scenarios = {}
V12, V13 = 0x0303, 0x0304
BOTH = ((V12, "1.2"), (V13, "1.3"))


def scenario(*cases, needs=None):
    """Adds a function, once for each case: a name and the arguments."""
    def add(function):
        base = function.__name__
        for case in cases or ((),):
            suffix = " ".join(str(c) for c in case[:1])
            scenarios[f"{base} {suffix}".strip()] = (function, case[1:], needs)
        return function
    return add


def versions(function):
    """Adds a function for each version of TLS."""
    return scenario(*(((text, number)) for number, text in BOTH))(function)


# ---- Certificates of servers


@scenario(*((f"{cert} {text}", cert, number) for number, text in BOTH for cert in (
    "p256", "p384", "rsa", "expired", "not_yet_valid", "wrong_eku", "not_ca", "critical",
    "wrong_name", "client", "self_signed", "untrusted", "bad_signature", "no_signing",
    "leaf_only")))
def server_certificate(t, cert, version):
    t.contexts(version, cert)
    if t.connect():
        t.look()


@scenario(*((f"{cert} {text}", cert, number) for number, text in BOTH for cert in (
    "expired", "wrong_name", "self_signed", "untrusted")))
def server_certificate_unverified(t, cert, version):
    t.contexts(version, cert)
    t.client("set", "c", "check_hostname", "0")
    t.client("set", "c", "verify_mode", "0")
    if t.connect():
        t.look()


@scenario(*((host, host) for host in (
    "server.example", "SERVER.EXAMPLE", "a.wild.example", "a.b.wild.example", "wild.example",
    "localhost", "127.0.0.1", "127.0.0.2", "::1", "::2", "0:0:0:0:0:0:0:1", "other.example",
    "server.example.", "xn--bcher-kva.example", "bücher.example", ".server.example", "256.1.1.1")))
def host(t, name):
    t.contexts()
    t.client("wrap", "C", "c", "client", name, "-")
    if t.client.trial.log["client.wrap"][1]["result"] == "OK":
        t.server("wrap", "S", "s", "server", "-", "-")
        if t.handshake():
            t.client("info", "C")


@scenario()
def host_none(t):
    t.contexts()
    t.client("wrap", "C", "c", "client", "-", "-")


@scenario(*((f"{cert} {mode} {text}", cert, mode, number) for number, text in BOTH
            for mode in ("1", "2") for cert in ("expired", "wrong_name", "untrusted")))
def server_certificate_mode(t, cert, mode, version):
    """CERT_OPTIONAL is CERT_REQUIRED to a client, and neither looks at names."""
    t.contexts(version, cert)
    t.client("set", "c", "check_hostname", "0")
    t.client("set", "c", "verify_mode", mode)
    if t.connect():
        t.look()


@versions
def server_certificate_small(t, version):
    t.client_context("small.pem", version)
    t.server("context", "s", "PROTOCOL_TLS_SERVER")
    t.version(t.server, "s", version)
    t.server("set_ciphers", "s", "ALL:@SECLEVEL=1")
    t.load(t.server, "s", "small")
    t.connect()


@scenario(("none", None, 0), ("ca", "ca.pem", 0), ("ca_partial", "ca.pem", 0x80000),
          ("leaf", "leaf_only.pem", 0), ("leaf_partial", "leaf_only.pem", 0x80000),
          ("strict", "root.pem", 0x20), ("crl_leaf", "root.pem", 4), ("crl_chain", "root.pem", 12))
def trust(t, file, flags):
    t.contexts(trust=file)
    if flags:
        t.client("set", "c", "verify_flags", str(flags))
    if t.connect():
        t.look()


@scenario(("revoked", "revoked.crl"), ("good", "good.crl"))
def crl(t, file):
    t.contexts()
    t.client("load_verify_locations", "c", t.file(file), "-", "-", "file")
    t.client("cert_store_stats", "c")
    t.client("set", "c", "verify_flags", "4")
    t.connect()


@scenario(("SERVER_AUTH", "SERVER_AUTH"), ("CLIENT_AUTH", "CLIENT_AUTH"), needs="3.13")
def default_context(t, purpose):
    t.client("default", "c", purpose, t.file("root.pem"))
    attributes(t, "c")


@scenario()
def default_context_connects(t):
    t.client("default", "c", "SERVER_AUTH", t.file("root.pem"))
    t.server_context()
    if t.connect():
        t.look()


@scenario(("rsa_pss 1.2", "rsa_pss", V12), ("rsa_pss 1.3", "rsa_pss", V13))
def server_certificate_pss(t, cert, version):
    t.contexts(version, cert)
    if t.connect():
        t.client("info", "C")


# ---- Certificates of clients


@scenario(*((f"{mode} {cert or 'none'} {text}", number, mode, cert) for number, text in BOTH
            for mode in ("1", "2")
            for cert in (None, "client", "p256", "wrong_eku", "expired", "untrusted", "self_signed")))
def client_certificate(t, version, mode, cert):
    t.contexts(version)
    t.server("set", "s", "verify_mode", mode)
    t.server("load_verify_locations", "s", t.file("root.pem"), "-", "-", "file")
    if cert:
        t.load(t.client, "c", cert)
    if t.connect():
        t.look()
        t.server("read", "S", "1")


def ready_for_auth(t, mode="2", client="1", server="1", version=None, cert="client"):
    t.contexts(version)
    t.client("set", "c", "post_handshake_auth", client)
    t.server("set", "s", "post_handshake_auth", server)
    t.server("set", "s", "verify_mode", mode)
    t.server("load_verify_locations", "s", t.file("root.pem"), "-", "-", "file")
    if cert:
        t.load(t.client, "c", cert)


@scenario(*((f"{cert or 'none'} {mode}", cert, mode) for mode in ("1", "2")
            for cert in (None, "client", "expired", "untrusted", "wrong_eku")))
def post_handshake_auth(t, cert, mode):
    ready_for_auth(t, mode, cert=cert, version=V13)
    t.connect()
    t.server("getpeercert", "S")
    t.server("auth", "S")
    t.server("write", "S", "00")
    t.to_client()
    t.client("read", "C", "10")
    t.client("write", "C", "01")
    t.to_server()
    t.server("read", "S", "10")
    t.server("getpeercert", "S")
    t.to_client()
    t.client("read", "C", "10")


@scenario(("no mode", "0", "1", "1", V13), ("client without", "2", "0", "1", V13),
          ("server without", "2", "1", "0", V13), ("1.2", "2", "1", "1", V12))
def post_handshake_auth_refused(t, mode, client, server, version):
    ready_for_auth(t, mode, client, server, version)
    t.connect()
    t.server("auth", "S")


@scenario()
def post_handshake_auth_at_the_wrong_time(t):
    ready_for_auth(t, version=V13)
    t.wrap()
    t.client("auth", "C")
    t.server("auth", "S")
    t.handshake()
    t.client("auth", "C")
    t.server("auth", "S")
    t.server("auth", "S")


# ---- Versions, ciphers, groups, ALPN


@scenario(("client 1.2 server 1.3", V12, V13), ("client 1.3 server 1.2", V13, V12))
def version_mismatch(t, client, server):
    t.client_context(version=client)
    t.server_context(version=server)
    t.connect()


@scenario(("client 1.2", V12, None), ("server 1.2", None, V12), ("both", None, None))
def version_chosen(t, client, server):
    t.client_context()
    t.server_context()
    if client:
        t.client("set", "c", "maximum_version", str(client))
    if server:
        t.server("set", "s", "maximum_version", str(server))
    if t.connect():
        t.look()


@scenario()
def version_empty(t):
    t.contexts()
    t.client("set", "c", "minimum_version", str(V13))
    t.client("set", "c", "maximum_version", str(V12))
    t.connect()


@scenario(("client", 0x08000000 | 0x20000000, 0), ("server", 0, 0x08000000 | 0x20000000),
          ("client 1.3", 0x20000000, 0), ("server 1.3", 0, 0x20000000))
def version_options(t, client, server):
    t.contexts()
    options = int(t.client.quiet("get", "c", "options")["value"])
    t.client("set", "c", "options", str(options | client))
    options = int(t.server.quiet("get", "s", "options")["value"])
    t.server("set", "s", "options", str(options | server))
    if t.connect():
        t.client("info", "C")


@scenario(("1.2", "client"), ("1.2 of server", "server"))
def protocol_fixed(t, role):
    if role == "client":
        t.client("context", "c", "PROTOCOL_TLSv1_2")
        t.client("load_verify_locations", "c", t.file("root.pem"), "-", "-", "file")
        t.client("set", "c", "verify_mode", "2")
        t.server_context()
    else:
        t.client_context()
        t.server("context", "s", "PROTOCOL_TLSv1_2")
        t.load(t.server, "s", "p256")
    if t.connect():
        t.look()


@scenario()
def no_shared_cipher(t):
    t.contexts(V12)
    t.client("set_ciphers", "c", "ECDHE-ECDSA-AES128-GCM-SHA256")
    t.server("set_ciphers", "s", "ECDHE-ECDSA-CHACHA20-POLY1305")
    t.connect()


@scenario()
def no_cipher_for_certificate(t):
    t.contexts(V12, "rsa")
    t.client("set_ciphers", "c", "ECDHE-ECDSA-AES128-GCM-SHA256")
    t.connect()


@versions
def no_certificate(t, version):
    t.contexts(version, None)
    t.connect()


@versions
def no_shared_group(t, version):
    t.contexts(version)
    t.client("set_ecdh_curve", "c", "secp384r1")
    t.server("set_ecdh_curve", "s", "secp521r1")
    t.connect()


@scenario(*((curve, curve) for curve in ("prime256v1", "secp384r1", "secp521r1", "X25519", "x448",
                                         "nonsense", "P-256")))
def curve(t, name):
    t.contexts()
    if t.client("set_ecdh_curve", "c", name)["result"] == "OK":
        t.connect()


CIPHERS = ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE+AESGCM", "ALL", "nonsense", "", "HIGH",
           "ECDHE+CHACHA20:ECDHE+AES256", "AESGCM:!AES128", "!ALL", "DEFAULT", "aRSA", "@SECLEVEL=3:ALL",
           "ECDHE:-AES128:+AES256", "TLS_AES_128_GCM_SHA256", "@SECLEVEL=9", "kRSA", "eNULL", "PSK")


@scenario(*((text or "empty", text) for text in CIPHERS))
def ciphers(t, text):
    t.client_context()
    if t.client("set_ciphers", "c", text)["result"] == "OK":
        t.client("get_ciphers", "c")
        t.client("get", "c", "security_level")


@scenario(*((f"{client or 'none'} {server or 'none'} {text}", number, client, server)
            for number, text in BOTH
            for client, server in (("h2,http/1.1", "http/1.1,h2"), ("h2", "http/1.1"), ("h2", None),
                                   (None, "h2"), ("a", "a"))))
def alpn(t, version, client, server):
    t.contexts(version)
    if client:
        t.client("set_alpn_protocols", "c", client)
    if server:
        t.server("set_alpn_protocols", "s", server)
    if t.connect():
        t.client("info", "C")
        t.server("info", "S")


@scenario(("empty", ""), ("empty member", "a,"), ("long", "a" * 256))
def alpn_bad(t, protocols):
    t.client_context()
    t.client("set_alpn_protocols", "c", protocols)


# ---- SNI


@scenario(*((f"{host} {text}", number, host) for number, text in BOTH
            for host in ("server.example", "127.0.0.1", "-")))
def sni_name(t, version, name):
    t.contexts(version)
    if name == "-":
        t.client("set", "c", "check_hostname", "0")
    t.server("sni", "s", "none", "-")
    t.connect(name)
    t.server("sni_seen")


@scenario(*((f"{alert} {text}", number, alert) for number, text in BOTH
            for alert in ("40", "112", "80", "49")))
def sni_alert(t, version, alert):
    t.contexts(version)
    t.server("sni", "s", "alert", alert)
    t.connect()


@scenario(("replaced", "alert", "40"), ("removed", "-", "-"))
def sni_callback(t, action, argument):
    """There is one callback, the last that was set."""
    t.contexts()
    t.server("sni", "s", "alert", "80")
    t.server("sni", "s", action, argument)
    t.connect()


@versions
def sni_context(t, version):
    t.contexts(version, "wrong_name")
    t.server("context", "other", "PROTOCOL_TLS_SERVER")
    t.load(t.server, "other", "rsa")
    t.server("sni", "s", "context", "other")
    if t.connect():
        t.look()


@versions
def sni_context_requires_certificate(t, version):
    t.contexts(version)
    t.server("context", "other", "PROTOCOL_TLS_SERVER")
    t.load(t.server, "other", "p256")
    t.server("set", "other", "verify_mode", "2")
    t.server("sni", "s", "context", "other")
    t.connect()


# ---- Pre-shared keys


@scenario(*((f"{case} {text}", number, identity, key) for number, text in BOTH
            for case, identity, key in (("good", "me", "00112233445566778899aabbccddeeff"),
                                        ("unknown", "you", "00112233445566778899aabbccddeeff"),
                                        ("wrong", "me", "ff112233445566778899aabbccddeeff"),
                                        ("none", "me", "-"))), needs="psk")
def psk(t, version, identity, key):
    t.client_context(None, version)
    t.client("set", "c", "check_hostname", "0")
    t.client("set", "c", "verify_mode", "0")
    t.server_context(None, version)
    if version == V12:
        t.client("set_ciphers", "c", "PSK")
        t.server("set_ciphers", "s", "PSK")
    t.client("psk_client", "c", identity, "" if key == "-" else key)
    t.server("psk_server", "s", "hint", "me", "00112233445566778899aabbccddeeff")
    if t.connect("-"):
        t.client("info", "C")
        t.server("info", "S")


@scenario(("client", "client"), ("server", "server"), needs="psk")
def psk_wrong_role(t, role):
    t.contexts()
    if role == "client":
        t.client("psk_server", "c", "-", "me", "00")
    else:
        t.server("psk_client", "s", "me", "00")


# ---- Data, the end, non-blocking sequences


@versions
def data(t, version):
    t.contexts(version)
    t.connect()
    t.client("write", "C", "68656c6c6f")
    t.to_server()
    t.server("read", "S", "2")
    t.server("info", "S")
    t.server("read", "S", "100")
    t.server("read", "S", "100")
    t.server("read", "S", "0")
    t.server("write", "S", "00" * 40000)
    t.to_client()
    t.client("read", "C", "100000")
    t.client("info", "C")
    t.client("write", "C", "")


@versions
def before_handshake(t, version):
    t.contexts(version)
    t.wrap()
    t.client("info", "C")
    t.client("getpeercert", "C")
    t.client("binding", "C", "tls-unique")
    t.client("shared_ciphers", "C")
    t.server("shared_ciphers", "S")
    t.client("unwrap", "C")
    t.server("unwrap", "S")


@versions
def write_starts_handshake(t, version):
    t.contexts(version)
    t.wrap()
    t.client("write", "C", "00")
    t.server("read", "S", "1")
    t.to_server()
    t.server("read", "S", "1")
    t.to_client()
    t.client("write", "C", "00")


@versions
def nonblocking(t, version):
    t.contexts(version)
    t.wrap()
    t.client("handshake", "C")
    t.client("handshake", "C")
    t.server("handshake", "S")
    t.to_server()
    t.server("handshake", "S")
    t.to_client()
    t.client("handshake", "C")
    t.client("info", "C")
    t.to_server()
    t.server("handshake", "S")
    t.server("info", "S")
    t.to_client()
    t.client("handshake", "C")
    t.client("read", "C", "1")
    t.server("read", "S", "1")
    t.client("handshake", "C")


@versions
def byte_by_byte(t, version):
    t.contexts(version)
    t.wrap()
    said = {"client": [], "server": []}
    for _ in range(4):
        for role, name, peer, other in ((t.client, "C", t.server, "S"), (t.server, "S", t.client, "C")):
            role.quiet("handshake", name)
            out = role.quiet("out", name)["data"]
            for i in range(0, len(out), 2):
                peer.quiet("put", other, out[i:i + 2])
                result = peer.quiet("handshake", other)["result"]
                if said[peer.name][-1:] != [result]:
                    said[peer.name].append(result)
    t.client.log("steps", {"result": " ".join(said["client"])})
    t.server.log("steps", {"result": " ".join(said["server"])})


@versions
def unwrap(t, version):
    t.contexts(version)
    t.connect()
    t.client("unwrap", "C")
    t.to_server()
    t.server("read", "S", "1")
    t.server("write", "S", "00")
    t.server("unwrap", "S")
    t.to_client()
    t.client("unwrap", "C")
    t.client("read", "C", "1")
    t.client("write", "C", "00")
    t.server("read", "S", "1")
    t.server("write", "S", "00")


@versions
def unwrap_meets_data(t, version):
    t.contexts(version)
    t.connect()
    t.to_client()
    t.server("write", "S", "00")
    t.client("unwrap", "C")
    t.to_client()
    t.client("unwrap", "C")


@versions
def unwrap_both(t, version):
    t.contexts(version)
    t.connect()
    t.to_client()
    t.client("unwrap", "C")
    t.server("unwrap", "S")
    t.to_server()
    t.to_client()
    t.client("unwrap", "C")
    t.server("unwrap", "S")


@versions
def unwrap_unanswered(t, version):
    t.contexts(version)
    t.connect()
    t.client("unwrap", "C")
    t.client.quiet("eof", "C")
    t.client("unwrap", "C")
    t.client("unwrap", "C")


@versions
def ragged_eof(t, version):
    t.contexts(version)
    t.connect()
    t.to_client()
    t.client("write", "C", "00")
    t.to_server()
    t.server("eof", "S")
    t.server("bio", "S")
    t.server("read", "S", "10")
    t.server("bio", "S")
    t.server("read", "S", "10")
    t.server("read", "S", "10")
    t.server("put", "S", "00")
    t.client("eof", "C")
    t.client("write", "C", "00")
    t.client("read", "C", "10")
    t.client("unwrap", "C")


@versions
def ragged_eof_ignored(t, version):
    t.contexts(version)
    options = int(t.client.quiet("get", "c", "options")["value"])
    t.client("set", "c", "options", str(options | 0x80))
    t.connect()
    t.to_client()
    t.client("eof", "C")
    t.client("read", "C", "10")


@scenario(*((f"{role} {when} {text}", number, role, when) for number, text in BOTH
            for role in ("client", "server") for when in ("first", "middle")))
def eof_in_handshake(t, version, role, when):
    t.contexts(version)
    t.wrap()
    if when == "middle":
        t.client.quiet("handshake", "C")
        t.to_server()
        t.server.quiet("handshake", "S")
        if role == "client":
            data = t.server.quiet("out", "S")["data"]
            t.client.quiet("put", "C", data[:200])
    if role == "client":
        t.client.quiet("eof", "C")
        t.client("handshake", "C")
        t.client("handshake", "C")
    else:
        t.server.quiet("eof", "S")
        t.server("handshake", "S")
        t.server("handshake", "S")


@versions
def after_failure(t, version):
    t.contexts(version, "expired")
    t.connect()
    t.client("handshake", "C")
    t.client("read", "C", "1")
    t.client("write", "C", "00")
    t.client("unwrap", "C")
    t.client("info", "C")
    t.server("write", "S", "00")
    t.server("read", "S", "1")
    t.server("unwrap", "S")


@versions
def damaged_record(t, version):
    t.contexts(version)
    t.connect()
    t.to_client()
    t.client("write", "C", "00")
    data = t.client.quiet("out", "C")["data"]
    t.server.quiet("put", "S", data[:-2] + format(int(data[-2:], 16) ^ 1, "02x"))
    t.server("read", "S", "10")
    t.to_client()
    t.client("read", "C", "10")


@versions
def truncated_record(t, version):
    t.contexts(version)
    t.connect()
    t.to_client()
    t.client("write", "C", "00")
    data = t.client.quiet("out", "C")["data"]
    t.server.quiet("put", "S", data[:-2])
    t.server("read", "S", "10")
    t.server.quiet("eof", "S")
    t.server("read", "S", "10")


def hexed(text):
    return text.encode().hex()


NOISE = {
    "http get": hexed("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    "http post": hexed("POST / HTTP/1.1\r\n\r\n"),
    "http head": hexed("HEAD / HTTP/1.1\r\n\r\n"),
    "http put": hexed("PUT / HTTP/1.1\r\n\r\n"),
    "http connect": hexed("CONNECT a:443 HTTP/1.1\r\n\r\n"),
    "http answer": hexed("HTTP/1.1 400 Bad Request\r\n\r\n"),
    "ssh": hexed("SSH-2.0-OpenSSH_9.2p1 Debian\r\n"),
    "smtp": hexed("220 mail.example ESMTP\r\n"),
    "zeros": "00" * 32,
    "ones": "ff" * 32,
    "data": "1703030010" + "00" * 16,
    "alert": "15030300020228",
    "alert protocol_version": "15030300020246",
    "alert unrecognized_name warning": "15030300020170",
    "close_notify": "15030300020100",
    "ccs": "140303000101",
    "long record": "160303ffff" + "00" * 32,
    "empty handshake": "1603030000",
    "hello request": "16030300040000000000"[:18],
    "finished": "160303001014" + "00000c" + "00" * 12,
    "server done": "1603030004" + "0e000000",
    "ssl2": "802e0100020015000000100100800200800300800400800500800600400700c0" + "00" * 16,
}


@scenario(*((f"{name} {role}", NOISE[name], role) for name in NOISE for role in ("client", "server")))
def noise(t, noise, role):
    t.contexts()
    t.wrap()
    if role == "client":
        t.client.quiet("handshake", "C")
        t.client.quiet("put", "C", noise)
        t.client("handshake", "C")
    else:
        t.server.quiet("put", "S", noise)
        t.server("handshake", "S")


# ---- Sockets


@versions
def socket_data(t, version):
    t.contexts(version)
    wire = t.sockets()
    t.client("info", "C")
    t.client("sendall", "C", "61" * 100000)
    got = 0
    while got < 100000:
        got += len(t.server.quiet("read", "S", "30000")["data"]) // 2
    t.server("write", "S", "62")
    t.client("read", "C", "10")
    t.client.agent.send("unwrap", "C")
    t.server("read", "S", "10")
    t.server("unwrap", "S")
    t.client.log("unwrap", t.client.agent.receive())
    wire.close()


@scenario(*((f"{text} suppressed {ragged}", number, ragged) for number, text in BOTH for ragged in "01"))
def socket_ragged_eof(t, version, ragged):
    t.contexts(version)
    wire = t.sockets(ragged)
    t.server("sendall", "S", "62")
    t.client("read", "C", "10")  # what comes before, too: unread, it would turn the end into a reset
    t.client("sendall", "C", "61")
    t.client("close", "C")
    t.server("read", "S", "10")
    t.server("read", "S", "10")
    t.server("close", "S")
    wire.close()


@scenario(*((f"{cert} {text}", number, cert) for number, text in BOTH for cert in ("expired", "untrusted")))
def socket_bad_certificate(t, version, cert):
    t.contexts(version, cert)
    t.sockets().close()


def alone(t, role, peer, timeout="5", handshake="1", ragged="1"):
    """One side, and what we do as its peer on the socket."""
    t.contexts()
    wire = Wire()
    name, context, host = ("C", "c", "server.example") if role == "client" else ("S", "s", "-")
    actor = getattr(t, role)
    actor.agent.send("connect", name, context, role, host, handshake, timeout, ragged, wire.port)
    end = wire.accept()
    peer(end)
    actor.log("connect", actor.agent.receive())
    return wire, actor, name


@scenario(("client", "client"), ("server", "server"))
def socket_silent(t, role):
    alone(t, role, lambda end: None, timeout="0.2")[0].close()


@scenario(("client", "client"), ("server", "server"))
def socket_closed(t, role):
    alone(t, role, lambda end: end.shutdown(socket.SHUT_WR))[0].close()


@scenario(("client", "client"), ("server", "server"))
def socket_reset(t, role):
    def reset(end):
        if role == "client":
            end.recv(1)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.close()
    alone(t, role, reset)[0].close()


@scenario(*((f"{name} {role}", role, name) for role in ("client", "server")
            for name in ("http get", "http answer", "ssh", "alert", "ssl2")))
def socket_noise(t, role, name):
    alone(t, role, lambda end: end.sendall(bytes.fromhex(NOISE[name])))[0].close()


@scenario(("client", "client"), ("server", "server"))
def socket_nonblocking(t, role):
    wire, actor, name = alone(t, role, lambda end: None, timeout="0", handshake="0")
    actor("handshake", name)
    actor("read", name, "1")
    actor("write", name, "00")
    actor("unwrap", name)
    wire.close()


@versions
def socket_read_times_out(t, version):
    t.contexts(version)
    wire = t.sockets(timeout="0.5")
    t.server("read", "S", "1")
    t.server("unwrap", "S")
    wire.close()


@versions
def socket_shut(t, version):
    t.contexts(version)
    wire = t.sockets()
    t.client("shutdown", "C", str(socket.SHUT_WR))
    t.client("write", "C", "00")
    t.server("read", "S", "1")
    wire.close()


# ---- Sessions


@versions
def resume(t, version):
    t.contexts(version)
    t.connect()
    t.client("read", "C", "1")
    t.client("session", "C")
    t.client("wrap", "D", "c", "client", "server.example", "C")
    t.client("info", "D")
    t.client("context", "c2", "PROTOCOL_TLS_CLIENT")
    t.client("wrap", "E", "c2", "client", "server.example", "C")
    t.client("set_session", "C", "C")
    t.server("set_session", "S", "S")
    t.client("session_stats", "c")
    t.server("session_stats", "s")


@versions
def resumed(t, version):
    t.contexts(version)
    t.connect()
    t.to_client()
    t.client("read", "C", "1")
    t.client("wrap", "D", "c", "client", "server.example", "C")
    t.server("wrap", "T", "s", "server", "-", "-")
    for _ in range(3):
        t.client.quiet("handshake", "D")
        t.carry(t.client, t.server, "D", "T")
        t.server.quiet("handshake", "T")
        t.carry(t.server, t.client, "T", "D")
    t.client("handshake", "D")
    t.server("handshake", "T")
    t.client("info", "D")
    t.server("info", "T")
    t.client("getpeercert", "D")
    t.server("shared_ciphers", "T")
    t.client("session_stats", "c")


@versions
def resumed_often(t, version):
    """One session for many connections, each of which reads what came."""
    t.contexts(version)
    t.connect()
    t.to_client()
    t.client("read", "C", "1")
    for i in range(4):
        d, s = f"D{i}", f"T{i}"
        t.client("wrap", d, "c", "client", "server.example", "C")
        t.server("wrap", s, "s", "server", "-", "-")
        for _ in range(3):
            t.client.quiet("handshake", d)
            t.carry(t.client, t.server, d, s)
            t.server.quiet("handshake", s)
            t.carry(t.server, t.client, s, d)
        t.client("handshake", d)
        t.server("handshake", s)
        t.client.quiet("read", d, "1")
        t.client("info", d)
    t.client("session_stats", "c")


@versions
def bindings(t, version):
    t.contexts(version)
    t.connect()
    client = t.client.quiet("binding", "C", "tls-unique")["data"]
    server = t.server.quiet("binding", "S", "tls-unique")["data"]
    t.client.log("binding", {"result": "OK", "length": len(client or "") // 2, "same": client == server})
    t.client("binding", "C", "nonsense")


# ---- Loading


def load_errors():
    for name, cert, key, password, kind in (
            ("mismatch", "p256.pem", "ca.key", "-", "text"),
            ("other type", "p256.pem", "rsa.key", "-", "text"),
            ("missing certificate", "missing.pem", "p256.key", "-", "text"),
            ("missing key", "p256.pem", "missing.key", "-", "text"),
            ("no key in it", "p256.pem", "-", "-", "text"),
            ("key for certificate", "p256.key", "p256.key", "-", "text"),
            ("certificate for key", "p256.pem", "p256.pem", "-", "text"),
            ("empty certificate", "empty", "p256.key", "-", "text"),
            ("empty key", "p256.pem", "empty", "-", "text"),
            ("garbage certificate", "garbage", "p256.key", "-", "text"),
            ("garbage key", "p256.pem", "garbage", "-", "text"),
            ("damaged certificate", "damaged.pem", "p256.key", "-", "text"),
            ("damaged key", "p256.pem", "damaged.key", "-", "text"),
            ("broken base64", "base64.pem", "p256.key", "-", "text"),
            ("directory", ".", "p256.key", "-", "text"),
            ("encrypted", "p256.pem", "encrypted.key", "secret", "text"),
            ("encrypted function", "p256.pem", "encrypted.key", "secret", "function"),
            ("encrypted wrong", "p256.pem", "encrypted.key", "wrong", "text"),
            ("encrypted wrong function", "p256.pem", "encrypted.key", "wrong", "function"),
            ("encrypted empty", "p256.pem", "encrypted.key", "", "text"),
            ("encrypted long", "p256.pem", "encrypted.key", "a" * 1025, "text"),
            ("encrypted long function", "p256.pem", "encrypted.key", "a" * 1025, "function"),
            ("traditional", "p256.pem", "traditional.key", "secret", "text"),
            ("traditional wrong", "p256.pem", "traditional.key", "wrong", "text"),
            ("needless password", "p256.pem", "p256.key", "wrong", "text"),
            ("needless function", "p256.pem", "p256.key", "wrong", "function"),
            ("both in one", "both.pem", "-", "-", "text"),
            ("small", "small.pem", "small.key", "-", "text"),
            ("small issuer", "small_issuer.pem", "issued.key", "-", "text"),
            ("sha1", "sha1.pem", "issued.key", "-", "text"),
            ("sha1 by itself", "sha1_self.pem", "sha1_self.key", "-", "text"),
            ("der", "p256.der", "p256.key", "-", "text")):
        yield name, cert, key, password, kind


@scenario(*load_errors())
def load_cert_chain(t, cert, key, password, kind):
    t.server("context", "s", "PROTOCOL_TLS_SERVER")
    t.server("load_cert_chain", "s", t.file(cert), "-" if key == "-" else t.file(key), password, kind)


@scenario(*((f, f) for f in ("root.pem", "p256.pem", "missing.pem", "empty", "garbage", "damaged.pem",
                             "base64.pem", "p256.key", "good.crl", "many.pem", ".", "p256.der")))
def load_verify_file(t, file):
    t.client_context(None)
    t.client("load_verify_locations", "c", t.file(file), "-", "-", "file")
    t.client("cert_store_stats", "c")
    t.client("get_ca_certs", "c")


@scenario(("missing", "missing"), ("directory", "."))
def load_verify_path(t, path):
    t.client_context(None)
    t.client("load_verify_locations", "c", "-", t.file(path), "-", "file")
    t.client("cert_store_stats", "c")


@scenario(*((f"{kind} {name}", kind, name) for kind in ("text", "bytes")
            for name in ("root.pem", "p256.pem", "many.pem", "root.der", "two.der", "empty", "garbage",
                         "damaged.pem", "base64.pem", "p256.key", "trailing.der")
            if kind == "bytes" or name.rpartition(".")[2] not in ("der",)))
def load_verify_data(t, kind, name):
    with open(t.file(name), "rb") as f:
        data = f.read()
    t.client_context(None)
    t.client("load_verify_locations", "c", "-", "-", data.hex(), kind)
    t.client("cert_store_stats", "c")


@scenario()
def load_verify_nothing(t):
    t.client_context(None)
    t.client("load_verify_locations", "c", "-", "-", "-", "text")


# ---- Attributes


ATTRIBUTES = ("protocol", "verify_mode", "check_hostname", "verify_flags", "minimum_version",
              "maximum_version", "options", "num_tickets", "post_handshake_auth",
              "hostname_checks_common_name", "keylog_filename", "security_level")


def attributes(t, name):
    for attribute in ATTRIBUTES:
        t.client.log(attribute, t.client.quiet("get", name, attribute))


@scenario(*((p, p) for p in ("PROTOCOL_TLS", "PROTOCOL_SSLv23", "PROTOCOL_TLS_CLIENT",
                             "PROTOCOL_TLS_SERVER", "PROTOCOL_TLSv1_2")))
def defaults(t, protocol):
    t.client("context", "c", protocol)
    attributes(t, "c")
    t.client("get_ciphers", "c")
    t.client("cert_store_stats", "c")
    t.client("session_stats", "c")


SETS = [("PROTOCOL_TLS_CLIENT", "verify_mode", 0), ("PROTOCOL_TLS_CLIENT", "verify_mode", 1),
        ("PROTOCOL_TLS_CLIENT", "verify_mode", 7), ("PROTOCOL_TLS_SERVER", "check_hostname", 1),
        ("PROTOCOL_TLS", "check_hostname", 1), ("PROTOCOL_TLS_SERVER", "num_tickets", 0),
        ("PROTOCOL_TLS_SERVER", "num_tickets", 5), ("PROTOCOL_TLS_SERVER", "num_tickets", -1),
        ("PROTOCOL_TLS_CLIENT", "num_tickets", 1), ("PROTOCOL_TLS_CLIENT", "num_tickets", -1),
        ("PROTOCOL_TLS", "num_tickets", 1),
        ("PROTOCOL_TLS_CLIENT", "post_handshake_auth", 1),
        ("PROTOCOL_TLS_SERVER", "post_handshake_auth", 1),
        ("PROTOCOL_TLS_CLIENT", "hostname_checks_common_name", 0),
        ("PROTOCOL_TLS_CLIENT", "hostname_checks_common_name", 1),
        ("PROTOCOL_TLS_CLIENT", "verify_flags", 0), ("PROTOCOL_TLS_CLIENT", "verify_flags", 0x8024),
        ("PROTOCOL_TLS_CLIENT", "options", 0), ("PROTOCOL_TLS_CLIENT", "options", 0x4000)]
SETS += [(p, a, v) for p in ("PROTOCOL_TLS_CLIENT", "PROTOCOL_TLSv1_2")
         for a in ("minimum_version", "maximum_version")
         for v in (-2, -1, 0x0303, 0x0304, 0x0305, 0, 42)]


@scenario(*((" ".join(map(str, s)),) + s for s in SETS))
def set_attribute(t, protocol, attribute, value):
    t.client("context", "c", protocol)
    t.client("set", "c", attribute, str(value))
    attributes(t, "c")


@scenario(("missing directory", "missing/log"), ("directory", "."), ("file", "keys.log"), ("none", None))
def keylog(t, name):
    t.client("context", "c", "PROTOCOL_TLS_CLIENT")
    t.client("set", "c", "keylog_filename", t.file(name) if name else "-")
    t.client("get", "c", "keylog_filename")


@scenario(("client as server", "PROTOCOL_TLS_CLIENT", "server", "-"),
          ("server as client", "PROTOCOL_TLS_SERVER", "client", "-"),
          ("server with a name", "PROTOCOL_TLS_SERVER", "server", "a.example"),
          ("empty name", "PROTOCOL_TLS_CLIENT", "client", ""),
          ("dot", "PROTOCOL_TLS_CLIENT", "client", ".a.example"),
          ("long label", "PROTOCOL_TLS_CLIENT", "client", "a" * 64 + ".example"),
          ("empty label", "PROTOCOL_TLS_CLIENT", "client", "a..example"),
          ("either as client", "PROTOCOL_TLS", "client", "-"),
          ("either as server", "PROTOCOL_TLS", "server", "-"))
def wrapping(t, protocol, side, name):
    t.client("context", "c", protocol)
    t.client("wrap", "C", "c", side, name, "-")


# ---- Functions of the module


TIMES = ("Jan  5 09:34:43 2018 GMT", "Jan 05 09:34:43 2018 GMT", "Feb 29 00:00:00 2024 GMT",
         "Feb 29 00:00:00 2023 GMT", "Jan  5 09:34:43 2018", "jan  5 09:34:43 2018 GMT",
         "Jan  5 09:34:60 2018 GMT", "Jan  5 24:00:00 2018 GMT", "nonsense", "",
         "Jan  5 09:34:43 1969 GMT", "Dec 31 23:59:59 9999 GMT", "May  9 00:00:00 2007 GMT ",
         "Jan  5 09:34:43 2018 UTC", "Jan 5 09:34:43 2018 GMT", "Jan   5 09:34:43 2018 GMT",
         "Foo  5 09:34:43 2018 GMT", "Jan  5 9:34:43 2018 GMT", "Jan  5 09:34:61 2018 GMT")


@scenario(*((text or "empty", text) for text in TIMES))
def cert_time(t, text):
    t.client("cert_time_to_seconds", text)


@scenario(*((name, name) for name in ("root.pem", "p256.pem", "rich.pem", "rich2.pem", "client.pem", "rsa_pss.pem",
                                      "many.pem")))
def decode(t, name):
    t.client("decode", t.file(name))


@scenario(("good", "root.pem"), ("not", "p256.key"), ("base64", "base64.pem"), ("empty", "empty"))
def pem_to_der(t, name):
    with open(t.file(name), "rb") as f:
        data = f.read()
    t.client("pem_to_der", data.hex())


@scenario(*((f"{n} bytes", n) for n in (0, 1, 47, 48, 49, 500)))
def der_to_pem(t, n):
    t.client("der_to_pem", "30" * n)
