#!/bin/sh
# Contexts shared by threads, under ThreadSanitizer: the library is built with it, and a program
# that hammers one context from eight threads must run without a report.
#
#   thread_sanitizer.sh SOURCE_DIR BUILD_DIR
set -u
src=$1 build=$2
. "$src/tests/support/report.sh"
mkdir -p "$build" || exit 1
log=$build/log

if ! echo 'int main(void) { return 0; }' | ${CC:-cc} -fsanitize=thread -x c - -o "$build/probe" 2>/dev/null; then
    skip "contexts shared by threads" "${CC:-cc} has no ThreadSanitizer"
    finish
    exit
fi
if ! command -v openssl >/dev/null; then
    skip "contexts shared by threads" "no openssl to make certificates with"
    finish
    exit
fi

{
    cmake -G Ninja -S "$src" -B "$build/library" -DCMAKE_C_COMPILER="${CC:-cc}" -DCMAKE_BUILD_TYPE=Debug \
        -DCMAKE_C_FLAGS_DEBUG='-O1 -g' -DCUB_SANITIZE=thread -DCUB_TESTS=OFF -DCUB_TOOL=OFF &&
        cmake --build "$build/library" --target cubtls_static -j 2 &&
        ${CC:-cc} -std=gnu11 -O1 -g -fsanitize=thread -I "$src" "$src/tests/thread_sanitizer/hammer.c" \
            "$build/library/libcubtls.a" -lbearssl -lpthread -o "$build/hammer"
} >"$log" 2>&1
check "the library is built with ThreadSanitizer" "$([ -x "$build/hammer" ] || tail -n 20 "$log")"

{
    rm -rf "$build/ca" && mkdir "$build/ca" && cd "$build/ca" &&
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key \
            -out ca.pem -subj "/CN=Hammer CA" -days 2 -addext keyUsage=critical,keyCertSign &&
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out csr.pem \
            -subj "/CN=localhost" &&
        printf 'subjectAltName=DNS:localhost\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' \
            >extensions &&
        openssl x509 -req -in csr.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
            -extfile extensions -out chain.pem &&
        mkdir trust && cp ca.pem trust/"$(openssl x509 -in ca.pem -noout -subject_hash)".0
} >>"$log" 2>&1
# Without randomised addresses: some kernels give more of them than ThreadSanitizer can bear.
run=$(command -v setarch >/dev/null && echo "setarch -R")
$run "$build/hammer" "$build/ca/trust" "$build/ca/chain.pem" "$build/ca/key.pem" >"$build/out" 2>&1
status=$?
check "eight threads share a context" "$([ $status -eq 0 ] || { echo "status $status"; head -n 60 "$build/out"; })"
finish
