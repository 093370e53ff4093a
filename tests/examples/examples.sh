#!/bin/sh
# The programs of api/examples, against each other.
#
#   examples.sh SOURCE_DIR EXAMPLES_DIR CUB
set -u
src=$1 build=$2 cub=$3
. "$src/tests/support/report.sh"
tmp=$(mktemp -d) || exit 1
trap 'kill $server $others 2>/dev/null; rm -rf "$tmp"' EXIT
server= others=

if ! command -v openssl >/dev/null; then
    skip "examples" "no openssl to make certificates with"
    finish
    exit
fi
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$tmp/key.pem" \
    -out "$tmp/cert.pem" -subj /CN=localhost -days 2 -addext subjectAltName=DNS:localhost \
    -addext keyUsage=critical,digitalSignature,keyCertSign >"$tmp/log" 2>&1
check "a certificate" "$([ -s "$tmp/cert.pem" ] || cat "$tmp/log")"

# says NAME TEXT COMMAND...: passes if the command succeeds and its output has the text.
says() {
    name=$1 text=$2
    shift 2
    out=$("$@" 2>&1)
    status=$?
    check "$name" "$(case $status:$out in 0:*"$text"*) ;; *) echo "status $status: $out" ;; esac)"
}

says "memory_bio" Hello "$build/memory_bio" "$tmp/cert.pem" "$tmp/key.pem" "$tmp/cert.pem" localhost
port=$((20000 + $$ % 20000))
"$build/server" "$tmp/cert.pem" "$tmp/key.pem" $port >"$tmp/server.log" 2>&1 &
server=$!
tries=0
until "$build/client" localhost $port "$tmp/cert.pem" >/dev/null 2>&1 || [ $tries -ge 50 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
says "client and server" "Hello, world" "$build/client" localhost $port "$tmp/cert.pem"
says "nonblocking and server" Hello "$build/nonblocking" localhost $port "$tmp/cert.pem"
says "pre-shared keys" "hint Server, identity ClientId_1: Hello" "$build/psk" TLSv1.2
says "pre-shared keys, TLS 1.3" "hint None, identity ClientId_1: Hello" "$build/psk" TLSv1.3
out=$("$build/client" localhost $port 2>&1)
check "a client without trust" "$(case $out in *CERTIFICATE_VERIFY_FAILED*) ;; *) echo "$out" ;; esac)"
. "$src/tests/examples/redis.sh"
finish
