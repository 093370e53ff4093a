"""Does with Python's ssl what it is told on stdin, as agent.c does with CubTLS.

A request is a line: a verb and its arguments, separated by tabs; "-" is None, bytes are
hexadecimal. The answer is a line of JSON: "result" is OK or the exception, the rest what it says.
scenarios.py says what is asked.
"""

import json
import os
import re
import socket
import ssl
import sys
import warnings

warnings.simplefilter("ignore")

contexts, conns, bios = {}, {}, {}


def none(text):
    return None if text == "-" else text


def failure(e):
    """An exception, as agent.c describes a cub_error_details."""
    kinds = (
        ssl.SSLCertVerificationError, ssl.SSLWantReadError, ssl.SSLWantWriteError,
        ssl.SSLZeroReturnError, ssl.SSLEOFError, ssl.SSLSyscallError, ssl.SSLError,
        TimeoutError, OSError, NotImplementedError, ValueError, TypeError, MemoryError,
    )
    kind = next((k.__name__ for k in kinds if isinstance(e, k)), type(e).__name__)
    said = {"result": "ValueError" if kind == "TypeError" else kind}
    text = str(e)
    if isinstance(e, ssl.SSLError):
        # str() of the base class OSError with one argument alone has no text of its own.
        text = e.strerror if e.strerror is not None else str(e.args[0])
        said["library"] = getattr(e, "library", None) or ""
        said["reason"] = getattr(e, "reason", None) or ""
        said["errno"] = e.errno if isinstance(e.errno, int) else 0
        said["verify_code"] = getattr(e, "verify_code", 0)
        said["verify_message"] = getattr(e, "verify_message", "")
    elif isinstance(e, OSError) and not isinstance(e, TimeoutError):
        said["os_errno"] = e.errno or 0
        text = os.strerror(e.errno) if e.errno else text
    said["text"] = re.sub(r" \(_ssl\.c:\d+\)$|^_ssl\.c:\d+: ", "", text)
    return said


def context(name, protocol):
    contexts[name] = ssl.SSLContext(getattr(ssl, protocol))


def default(name, purpose, cafile):
    contexts[name] = ssl.create_default_context(getattr(ssl.Purpose, purpose), cafile=none(cafile))


def get(name, attribute):
    value = getattr(contexts[name], attribute)
    return {"value": value if isinstance(value, (str, type(None))) else int(value)}


def set(name, attribute, value):
    context = contexts[name]
    if attribute == "keylog_filename":
        value = none(value)
    elif attribute in ("check_hostname", "hostname_checks_common_name", "post_handshake_auth"):
        value = value == "1"
    else:
        value = int(value)
    setattr(context, attribute, value)


def load_cert_chain(name, cert, key, password, kind):
    password = none(password)
    if kind == "function" and password is not None:
        answer = password
        password = lambda: answer
    contexts[name].load_cert_chain(cert, none(key), password)


def load_verify_locations(name, cafile, capath, cadata, kind):
    data = none(cadata)
    if data is not None:
        data = bytes.fromhex(data)
        data = data.decode("ascii") if kind == "text" else data
    contexts[name].load_verify_locations(none(cafile), none(capath), data)


def set_ciphers(name, ciphers):
    contexts[name].set_ciphers(ciphers)


def set_ecdh_curve(name, curve):
    contexts[name].set_ecdh_curve(curve)


def load_dh_params(name, path):
    contexts[name].load_dh_params(path)


def set_alpn_protocols(name, protocols):
    contexts[name].set_alpn_protocols(protocols.split(","))


def cert_store_stats(name):
    return contexts[name].cert_store_stats()


def get_ca_certs(name):
    return {"count": len(contexts[name].get_ca_certs(True))}


def session_stats(name):
    return contexts[name].session_stats()


def get_ciphers(name):
    return {"ciphers": [
        {k: c[k] for k in ("id", "name", "protocol", "strength_bits", "alg_bits", "aead",
                           "symmetric", "digest", "kea", "auth")}
        for c in contexts[name].get_ciphers()]}


def psk_client(name, identity, key):
    answer = (none(identity), bytes.fromhex(key))
    contexts[name].set_psk_client_callback(lambda hint: answer)


def psk_server(name, hint, identity, key):
    contexts[name].set_psk_server_callback(
        lambda said: bytes.fromhex(key) if said == identity else b"", none(hint))


def sni(name, action, argument):
    def callback(conn, server_name, context):
        conns["sni"] = server_name
        if action == "alert":
            return int(argument)
        if action == "context":
            conn.context = contexts[argument]
        return None
    contexts[name].sni_callback = None if action == "-" else callback


def sni_seen():
    return {"value": conns.get("sni")}


def wrap(name, context, side, hostname, session):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    bios[name] = incoming, outgoing
    session = conns[session].session if none(session) else None
    conns[name] = contexts[context].wrap_bio(
        incoming, outgoing, side == "server", none(hostname), session)


def connect(name, context, side, hostname, handshake, timeout, ragged, port):
    s = socket.create_connection(("127.0.0.1", int(port)))
    s.settimeout(None if timeout == "-" else float(timeout))
    try:
        conns[name] = contexts[context].wrap_socket(
            s, side == "server", handshake == "1", ragged == "1", none(hostname))
    except BaseException:
        s.close()
        raise


def handshake(name):
    conns[name].do_handshake()


def read(name, size):
    return {"data": conns[name].read(int(size)).hex()}


def write(name, data):
    return {"count": conns[name].write(bytes.fromhex(data))}


def sendall(name, data):
    conns[name].sendall(bytes.fromhex(data))


def unwrap(name):
    conns[name].unwrap()


def shutdown(name, how):
    conns[name].shutdown(int(how))


def close(name):
    conns.pop(name).close()


def out(name):
    return {"data": bios[name][1].read().hex()}


def put(name, data):
    bios[name][0].write(bytes.fromhex(data))


def eof(name):
    bios[name][0].write_eof()


def bio(name):
    return {"pending": bios[name][0].pending, "eof": bios[name][0].eof}


def info(name):
    conn = conns[name]
    cipher = conn.cipher()
    return {
        "version": conn.version(),
        "cipher": list(cipher) if cipher else None,
        "alpn": conn.selected_alpn_protocol(),
        "npn": None,
        "compression": conn.compression(),
        "reused": conn.session_reused,
        "server_side": conn.server_side,
        "server_hostname": conn.server_hostname,
        "pending": conn.pending(),
        "has_session": conn.session is not None,
    }


def getpeercert(name):
    cert = conns[name].getpeercert()
    der = conns[name].getpeercert(True)
    return {"cert": cert, "der": der.hex() if der else None}


def chain(conn, method):
    if hasattr(conn, method):
        return [c.hex() for c in getattr(conn, method)()]
    return [c.public_bytes(ssl._ssl.ENCODING_DER).hex() for c in getattr(conn._sslobj, method)()]


def chains(name):
    if conns[name].getpeercert(True) is None:  # over which the two methods trip
        return {"verified": [], "unverified": []}
    return {
        "verified": chain(conns[name], "get_verified_chain"),
        "unverified": chain(conns[name], "get_unverified_chain"),
    }


def shared_ciphers(name):
    shared = conns[name].shared_ciphers()
    return {"ciphers": [list(c) for c in shared] if shared is not None else None}


def binding(name, kind):
    value = conns[name].get_channel_binding(kind)
    return {"data": value.hex() if value is not None else None}


def session(name):
    s = conns[name].session
    return {"has_ticket": s.has_ticket, "timeout": s.timeout, "id_length": len(s.id)}


def set_session(name, other):
    conns[name].session = conns[other].session


def auth(name):
    conns[name].verify_client_post_handshake()


def cert_time_to_seconds(text):
    return {"value": ssl.cert_time_to_seconds(text)}


def decode(path):
    return {"cert": ssl._ssl._test_decode_cert(path)}


def pem_to_der(text):
    return {"der": ssl.PEM_cert_to_DER_cert(bytes.fromhex(text).decode()).hex()}


def der_to_pem(der):
    return {"pem": ssl.DER_cert_to_PEM_cert(bytes.fromhex(der))}


def egd(path):
    raise NotImplementedError


def reset():
    contexts.clear()
    conns.clear()
    bios.clear()


for line in sys.stdin:
    verb, *arguments = line.rstrip("\n").split("\t")
    answer = {"result": "OK"}
    try:
        answer.update(globals()[verb](*arguments) or {})
    except Exception as e:
        answer = failure(e)
    print(json.dumps(answer), flush=True)
