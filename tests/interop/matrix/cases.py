"""What is tried with a peer: each case is a connection, or two, and what our side must say of it."""
from dataclasses import dataclass, field, replace
from typing import Optional

from suites import Suite

VERSIONS = ("TLSv1.2", "TLSv1.3")
PSK_IDENTITY = "Client_identity"
PSK_KEY = "000102030405060708090a0b0c0d0e0f"
PSK = f"{PSK_IDENTITY}:{PSK_KEY}"
GROUPS = ("x25519", "secp256r1", "secp384r1", "secp521r1")
ALPN = "http/1.1"
SOME = object()  # expected: anything but null
EARLY = "early words\n"


@dataclass(frozen=True)
class Case:
    """One row of what is tried. Peers make their arguments from it."""
    feature: str  # a column of the table
    version: str
    suite: Optional[Suite] = None  # pinned by the client
    key: str = "ecdsa"  # of the server
    client_key: Optional[str] = None  # the server requires a certificate
    alpn: Optional[str] = None
    group: Optional[str] = None  # pinned by the client
    resume: bool = False
    psk: bool = False  # the key above
    psk_sha384: bool = False
    psk_ke: bool = False  # without a key exchange
    early_data: Optional[str] = None  # "accepted" or "rejected"
    post_handshake: bool = False  # the certificate is asked for after the handshake
    staple: Optional[str] = None  # "good", "revoked" or "missing"; the client insists on it
    refused: bool = False  # by the client: the connection must fail
    expect: dict = field(default_factory=dict, hash=False)  # of our side's JSON object

    @property
    def name(self):
        detail = (self.suite.openssl if self.feature in ("full", "resumed") else
                  self.group or self.client_key or self.early_data or self.staple or "")
        return f"{self.version} {self.feature} {detail}".rstrip()


def _for_suite(suite):
    base = Case("full", suite.version, suite, key=suite.key, psk=suite.psk,
                expect={"version": suite.version, "cipher": suite.openssl,
                        "session_reused": False})
    return [base, replace(base, feature="resumed", resume=True,
                          expect={**base.expect, "session_reused": True})]


def _for_version(version):
    base = Case("", version, expect={"version": version})
    for client_key in ("ecdsa", "rsa"):
        yield replace(base, feature="client certificate", client_key=client_key)
    yield replace(base, feature="ALPN", alpn=ALPN, expect={**base.expect, "alpn": ALPN})
    # In TLS 1.2 the list is for the keys of certificates too [RFC8422-5.1]; RSA leaves it free.
    for group in GROUPS:
        yield replace(base, feature="groups", group=group, key="rsa",
                      expect={**base.expect, "group": group})


def _early_data():
    """Rejected: the server wants a group for which no share came, and asks for another hello, after
    which it knows nothing of early data, and that of openssl nothing of the session."""
    base = Case("0-RTT", "TLSv1.3", resume=True, expect={"version": "TLSv1.3"})
    return [replace(base, early_data="accepted", expect={**base.expect, "session_reused": True,
                                                         "early_data": "accepted"}),
            replace(base, early_data="rejected")]


def _staples(version):
    for staple in ("good", "revoked", "missing"):
        yield Case("stapling", version, staple=staple, refused=staple != "good",
                   expect={"version": version} if staple == "good" else {"error": SOME})


def _psk(feature, group, suite, **more):
    return Case(feature, "TLSv1.3", suite, psk=True,
                expect={"version": "TLSv1.3", "peer_cert_sha256": None, "group": group}, **more)


def make(suites):
    """All cases, for suites that both have."""
    by_name = {s.openssl: s for s in suites}
    # A suite of the key's hash: a server may choose the suite before it looks at keys.
    sha256, sha384 = by_name.get("TLS_AES_128_GCM_SHA256"), by_name.get("TLS_AES_256_GCM_SHA384")
    cases = [case for suite in suites for case in _for_suite(suite)]
    for version in VERSIONS:
        cases += _for_version(version)
        cases += _staples(version)
    cases += _early_data()
    cases += [Case("post-handshake", "TLSv1.3", client_key="ecdsa", post_handshake=True,
                   expect={"version": "TLSv1.3"})]
    cases += [_psk("PSK", SOME, sha256), _psk("PSK SHA-384", SOME, sha384, psk_sha384=True),
              _psk("psk_ke", None, sha256, psk_ke=True)]
    return cases
