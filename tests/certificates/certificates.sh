#!/bin/sh
# The system's roots, and the suites' certificates: read as Python reads them, trusted as OpenSSL
# trusts them.
#
#   certificates.sh SOURCE_DIR CUB
#
# Python is python3 and each of $CUB_PYTHONS (python3.13 and its like in other places).
set -u
src=$1 cub=$2
. "$src/tests/support/report.sh"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
vectors=${CUB_VECTORS_DIR:-$src/../shared/vectors}
roots=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}

# as_python NAME FILE: what cub x509 says is what Python says.
as_python() {
    for python in $pythons; do
        version=$("$python" -c 'import platform; print(platform.python_version())')
        name="$1 are read as Python $version reads them"
        if [ -r "$2" ]; then
            out=$("$python" "$src/tests/certificates/getpeercert.py" "$cub" "$2" 2>&1)
            check "$name" "$([ $? -eq 0 ] || echo "$out" | tail -n 20)"
        else
            skip "$name" "$2 is not here"
        fi
    done
}

pythons=
seen=
for python in /usr/bin/python3 python3 python3.13 "$HOME"/.pyenv/versions/3.13*/bin/python3 ${CUB_PYTHONS:-}; do
    version=$("$python" -c 'import sys, _ssl; print(sys.version_info[:2])' 2>/dev/null) || continue
    case $seen in *"$version"*) continue ;; esac
    seen="$seen $version" pythons="$pythons $python"
done
if [ -n "$pythons" ]; then
    as_python "the system's roots" "$roots"
    as_python "x509-limbo's certificates" "$vectors/x509-limbo.json"
    as_python "BetterTLS's certificates" "$vectors/bettertls.json.gz"
else
    skip "certificates are read as Python reads them" "no python3 with ssl"
fi

# Each root among all of them is its own anchor where it is one for OpenSSL, to whom it is given alone
# (of twins with one name it finds but the first).
if [ ! -r "$roots" ] || ! command -v openssl >/dev/null; then
    skip "the system's roots verify as with OpenSSL" "no $roots, or no openssl"
    finish
    exit
fi
awk -v dir="$tmp" '/BEGIN CERTIFICATE/ { file = sprintf("%s/%03d.pem", dir, ++n) } file { print > file }
    /END CERTIFICATE/ { close(file); file = "" }' "$roots"
count=$(find "$tmp" -name '*.pem' | wc -l)
check "all roots parse" "$("$cub" x509 "$roots" 2>&1 >"$tmp/json"
    found=$(grep -c '^    "serialNumber":' "$tmp/json")
    [ "$found" -eq "$count" ] || echo "$found of $count")"

# verdict COMMAND...: the number of the error, 0 for none.
verdict() {
    "$@" 2>&1 | sed -n 's/^error \([0-9]*\) at .*/\1/p' | head -n 1 | grep . || echo 0
}

good=0
for flags in default x509_strict; do
    strict=
    [ "$flags" = default ] || strict=-x509_strict
    : >"$tmp/different"
    for pem in "$tmp"/*.pem; do
        # shellcheck disable=SC2086
        want=$(verdict openssl verify $strict -no-CApath -no-CAstore -CAfile "$pem" "$pem")
        got=$(verdict "$cub" verify --cafile "$roots" --verify-flags "$flags" "$pem")
        [ "$got" -ne 0 ] || good=$((good + 1))
        [ "$want" = "$got" ] || echo "$(openssl x509 -noout -subject -in "$pem"): OpenSSL $want, cub $got" >>"$tmp/different"
    done
    check "each root is its own anchor, with flags $flags, as with OpenSSL" "$(cat "$tmp/different")"
done
# The same from a directory in OpenSSL's layout, read on demand: every tenth.
openssl rehash "$tmp" >"$tmp/log" 2>&1
: >"$tmp/different"
for pem in "$tmp"/??5.pem; do
    want=$(verdict "$cub" verify --cafile "$roots" "$pem")
    got=$(verdict "$cub" verify --capath "$tmp" "$pem")
    [ "$want" = "$got" ] || echo "$(openssl x509 -noout -subject -in "$pem"): file $want, directory $got" >>"$tmp/different"
done
check "roots in a directory that openssl rehash made" "$(cat "$tmp/different")"
check "most roots are trusted" "$([ "$good" -gt "$count" ] || echo "$good of twice $count")"
finish
