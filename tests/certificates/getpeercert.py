"""Compares what `cub x509` says of certificates with what Python's own decoder says, field by field.

    getpeercert.py CUB FILE...

A file is PEM text, or a suite in limbo's format (.json, .json.gz). Prints a line for each difference, then
how many certificates were the same. Exit status 1 if any was not.

One difference is meant: C's strings end with a zero byte, so one inside a name is shown as \\x00.
"""
import gzip
import json
import re
import subprocess
import sys
import tempfile

import _ssl

BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.S)
BATCH = 200


def texts(path):
    """The texts of a file that may hold certificates."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8", errors="replace") as f:
        if ".json" not in path:
            yield f.read()
            return
        for case in json.load(f)["testcases"]:
            yield case["peer_certificate"] or ""
            yield from case["trusted_certs"]
            yield from case["untrusted_intermediates"]


def certificates(path):
    """All certificates of a file, each once."""
    return list(dict.fromkeys(block + "\n" for text in texts(path) for block in BLOCK.findall(text)))


def cub_says(cub, pems):
    """What cub says of each; a text if it refuses one."""
    run = subprocess.run([cub, "x509", "-"], input="".join(pems).encode(), stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
    if run.returncode == 0:
        return json.loads(run.stdout.decode())
    if len(pems) == 1:
        return [run.stderr.decode().strip()]
    return [cub_says(cub, [pem])[0] for pem in pems]


def python_says(pem):
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as f:
        f.write(pem)
        f.flush()
        decoded = _ssl._test_decode_cert(f.name)
    return json.loads(json.dumps(decoded).replace("\\u0000", "\\\\x00"))


def differences(want, got):
    if isinstance(got, str):
        return [got]
    return [f"{field}: Python {want.get(field)!r}, cub {got.get(field)!r}"
            for field in sorted(set(want) | set(got)) if want.get(field) != got.get(field)]


def compare(cub, path):
    pems = certificates(path)
    different = 0
    for i in range(0, len(pems), BATCH):
        batch = pems[i:i + BATCH]
        answers = cub_says(cub, batch)
        assert len(answers) == len(batch)
        for number, (pem, got) in enumerate(zip(batch, answers), i + 1):
            found = differences(python_says(pem), got)
            different += bool(found)
            for line in found:
                print(f"{path}, certificate {number}: {line}")
    print(f"{path}: {len(pems)} certificates, {len(pems) - different} the same")
    return different == 0 and len(pems) > 0


def main():
    results = [compare(sys.argv[1], path) for path in sys.argv[2:]]
    sys.exit(0 if all(results) else 1)


main()
