#!/bin/sh
# Python's ssl and CubTLS side by side; see README.md.
#
#   side_by_side.sh SOURCE_DIR AGENT CERTIFICATES [SCENARIO...]
set -u
src=$1 agent=$2 certificates=$3
shift 3
. "$src/tests/support/report.sh"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# The Python that will do best: 3.13 is what the API is modelled on. Texts are OpenSSL 3.0's.
python=
for candidate in python3.13 "$HOME"/.pyenv/versions/3.13*/bin/python3.13 python3.14 python3.12 python3.11 python3; do
    if "$candidate" -c 'import ssl, sys
sys.exit(sys.version_info < (3, 11) or ssl.OPENSSL_VERSION_INFO[:2] != (3, 0))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ] || ! command -v openssl >/dev/null; then
    skip "side by side" "no Python 3.11 or later with ssl over OpenSSL 3.0, or no openssl"
    finish
    exit
fi

"$certificates" "$tmp" || exit 1
cd "$tmp" || exit 1
: >empty
echo "neither PEM nor DER" >garbage
head -c 300 p256.pem >damaged.pem
echo "-----END CERTIFICATE-----" >>damaged.pem
head -c 60 p256.key >damaged.key
printf '%s\n%s\n%s\n' "-----BEGIN CERTIFICATE-----" "not base64!" "-----END CERTIFICATE-----" >base64.pem
cat p256.pem p256.key >both.pem
cat root.pem ca.pem leaf_only.pem >many.pem
{
    openssl x509 -in p256.pem -outform der -out p256.der
    openssl x509 -in root.pem -outform der -out root.der
    openssl x509 -in ca.pem -outform der -out ca.der
    cat root.der ca.der >two.der
    cat root.der garbage >trailing.der
    openssl pkey -in root.key -out ca.key 2>/dev/null || openssl ecparam -name prime256v1 -genkey -noout -out ca.key
    openssl pkcs8 -topk8 -in p256.key -out encrypted.key -passout pass:secret
    openssl ec -in p256.key -aes128 -out traditional.key -passout pass:secret
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout rich.key -out rich.pem \
        -days 3650 -utf8 -config "$src/tests/side_by_side/rich.cnf" -extensions v3
    openssl req -x509 -key rich.key -out rich2.pem -set_serial 0x80112233445566778899 -multivalue-rdn \
        -days 30 -subj '/C=DE/O=A+OU=B/CN=two/CN=names/emailAddress=a@b.example'
    # What security levels refuse.
    openssl req -x509 -newkey rsa:1024 -nodes -keyout small.key -out small.pem -days 3650 \
        -subj /CN=small -addext subjectAltName=DNS:server.example
    openssl req -x509 -newkey rsa:2048 -nodes -keyout sha1_self.key -out sha1_self.pem -days 3650 -sha1 -subj /CN=sha1
    openssl req -new -key p256.key -out issued.csr -subj /CN=issued
    openssl x509 -req -in issued.csr -CA small.pem -CAkey small.key -set_serial 1 -out small_issuer.pem -days 3650
    openssl x509 -req -in issued.csr -CA sha1_self.pem -CAkey sha1_self.key -set_serial 1 -sha1 -out sha1.pem -days 3650
    cat small.pem >>small_issuer.pem
    cp p256.key issued.key
} >log 2>&1 || { cat log; exit 1; }
cd / || exit 1
unset SSLKEYLOGFILE SSL_CERT_FILE SSL_CERT_DIR
"$python" "$src/tests/side_by_side/compare.py" "$agent" "$tmp" "$src/tests/side_by_side/allowed" "$@"
