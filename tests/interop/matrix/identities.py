"""Certificates for a run, made by the openssl program, in the forms that the peers want."""
import os
import subprocess

KEYS = {
    "ecdsa": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
}
EXTENSIONS = """
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign,digitalSignature
subjectKeyIdentifier=hash
[leaf]
basicConstraints=CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=DNS:localhost,IP:127.0.0.1
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
"""


class Identities:
    """Files in a directory: ca.pem, and for each type of key <type>.pem, <type>.key (PKCS #8) and
    <type>.p12 (password: password); .der forms of all; OCSP responses; dh.pem."""

    def __init__(self, directory):
        self.directory = directory
        os.makedirs(directory, exist_ok=True)
        self._write("extensions.cnf", EXTENSIONS)
        self._issue("ca", "ecdsa", "ca")
        for key in KEYS:
            self._issue(key, key, "leaf")
            self._openssl("pkcs12", "-export", "-in", f"{key}.pem", "-inkey", f"{key}.key",
                          "-certfile", "ca.pem", "-name", key, "-passout", "pass:password",
                          "-out", f"{key}.p12")

        self._openssl("genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048",
                      "-out", "dh.pem")
        self._staple("good", "V\t{end}\t\t")
        self._staple("revoked", "R\t{end}\t200101000000Z\t")

    def _staple(self, status, entry):
        """An OCSP response about the certificate ecdsa, good.ocsp or revoked.ocsp."""
        serial = subprocess.run(["openssl", "x509", "-in", "ecdsa.pem", "-noout", "-serial"],
                                cwd=self.directory, check=True, capture_output=True,
                                text=True).stdout.split("=")[1].strip()
        self._write("index.txt", entry.format(end="991231235959Z") +
                    f"{serial}\tunknown\t/CN=Interop ecdsa\n")
        self._write("index.txt.attr", "unique_subject = no\n")
        self._openssl("ocsp", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", "ca.pem", "-rkey",
                      "ca.key", "-issuer", "ca.pem", "-cert", "ecdsa.pem", "-ndays", "7",
                      "-respout", f"{status}.ocsp")

    def path(self, name):
        return os.path.join(self.directory, name)

    def _write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)

    def _openssl(self, *argv):
        subprocess.run(["openssl", *argv], cwd=self.directory, check=True,
                       stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL)

    def _issue(self, name, key, section):
        signer = (["-signkey", "ca.key"] if name == "ca" else
                  ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"])
        self._openssl("genpkey", *KEYS[key], "-out", f"{name}.key")
        self._openssl("req", "-new", "-key", f"{name}.key", "-subj", f"/CN=Interop {name}",
                      "-out", f"{name}.csr")
        self._openssl("x509", "-req", "-in", f"{name}.csr", *signer, "-days", "3650",
                      "-extfile", "extensions.cnf", "-extensions", section, "-out", f"{name}.pem")
        self._openssl("x509", "-in", f"{name}.pem", "-outform", "DER", "-out", f"{name}.der")
        self._openssl("pkcs8", "-topk8", "-nocrypt", "-in", f"{name}.key", "-outform", "DER",
                      "-out", f"{name}.key.der")
