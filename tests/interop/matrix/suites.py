"""Cipher suites by their numbers; the openssl program knows what each is called."""
import re
import subprocess
from dataclasses import dataclass

EVERYTHING = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"


@dataclass(frozen=True)
class Suite:
    number: int
    standard: str  # TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
    openssl: str  # ECDHE-RSA-AES128-GCM-SHA256
    version: str
    exchange: str  # ECDHE-RSA, RSA, PSK, ...; "any" in TLS 1.3
    key: str  # type of the server's key: "ecdsa" or "rsa"
    psk: bool

    @property
    def hex(self):
        return f"{self.number:04X}"


def _exchange(kx, au):
    kx = kx.replace("ECDHEPSK", "ECDHE-PSK").replace("DHEPSK", "DHE-PSK").replace("RSAPSK", "RSA-PSK")
    if "PSK" in kx or kx in ("any", "RSA"):
        return kx
    return {"ECDH": "ECDHE", "DH": "DHE"}.get(kx, kx) + "-" + au


def read_openssl():
    """All that openssl knows: by number."""
    suites = {}
    text = subprocess.run(["openssl", "ciphers", "-V", "-stdname", EVERYTHING], check=True,
                          capture_output=True, text=True).stdout
    # It lists the TLS 1.3 suites that are on by default alone.
    text += subprocess.run(
        ["openssl", "ciphers", "-V", "-stdname", "-ciphersuites",
         "TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256", "-tls1_3"],
        check=True, capture_output=True, text=True).stdout
    for m in re.finditer(r"0x(..),0x(..) - (\S+) +- (\S+) +(\S+) +Kx=(\S+) +Au=(\S+)", text):
        number = int(m[1] + m[2], 16)
        version = "TLSv1.3" if m[1] == "13" else "TLSv1.2"
        suites[number] = Suite(number, m[3], m[4], version, _exchange(m[6], m[7]),
                               "rsa" if m[7] == "RSA" or "RSA" in m[6] else "ecdsa", "PSK" in m[6])
    for number, cipher, name in _MORE:
        suites[number] = Suite(number, f"TLS_ECDHE_PSK_WITH_{cipher}", f"ECDHE-PSK-{name}",
                               "TLSv1.2", "ECDHE-PSK", "ecdsa", True)
    return suites


# Of RFC 8442; openssl does not have them.
_MORE = [(0xD001, "AES_128_GCM_SHA256", "AES128-GCM-SHA256"),
         (0xD002, "AES_256_GCM_SHA384", "AES256-GCM-SHA384"),
         (0xD003, "AES_128_CCM_8_SHA256", "AES128-CCM8-SHA256"),
         (0xD005, "AES_128_CCM_SHA256", "AES128-CCM-SHA256")]


def ours(cub, known):
    """What `cub ciphers` lists when everything is asked for, in its order."""
    text = subprocess.run([cub, "ciphers", EVERYTHING + ":" + ":".join(
        s.openssl for s in known.values() if s.version == "TLSv1.3")],
        check=True, capture_output=True, text=True).stdout
    by_name = {s.openssl: s for s in known.values()}
    return [by_name[line.split()[0]] for line in text.splitlines()]
