#!/bin/sh
# The table of api/README.md: every C name in it is in the public header, every function of it leaves
# the shared library, and every row has a C name, or says why there is none. And every failure of the
# core that crypto/errors.def lists is provoked by some test, under its name; waits are no failures.
#
#   names.sh SOURCE_DIR NM SHARED_LIBRARY
set -u
src=$1 nm=$2 shared=$3
. "$src/tests/support/report.sh"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

awk '/^## Python/ { inside = 1 } inside && /^\| [`*]/' "$src/api/README.md" | grep -v '^| \*\*' >"$tmp/rows"
check "the table has rows" "$([ "$(wc -l <"$tmp/rows")" -gt 80 ] || echo "found $(wc -l <"$tmp/rows")")"
check "every name has a C name or a reason" "$(awk -F'|' '
    $3 !~ /`(cub|CUB)_/ && $3 !~ /none: ./' "$tmp/rows")"

# The names of the second column; those that end in * stand for all that begin so.
awk -F'|' '{ print $3 }' "$tmp/rows" | grep -oE '`[^`]+`' | tr -d '`' | grep -E '^(cub|CUB)_' |
    sed 's/ .*//; s/\..*//' | sort -u >"$tmp/names"
awk '{ # without comments
    out = ""
    for (line = $0; line != "";) {
        at = index(line, inside ? "*/" : "/*")
        if (!inside)
            out = out (at ? substr(line, 1, at - 1) " " : line)
        if (!at)
            break
        line = substr(line, at + 2)
        inside = !inside
    }
    print out
}' "$src/api/cubtls.h" >"$tmp/header"
while read -r name; do
    case $name in
    *\*) grep -q "\<${name%\*}[A-Za-z0-9_]" "$tmp/header" ;;
    *) grep -q "\<$name\>" "$tmp/header" ;;
    esac || echo "$name"
done <"$tmp/names" >"$tmp/missing"
check "every C name is in cubtls.h" "$(cat "$tmp/missing")"

"$nm" -D --defined-only -P "$shared" | awk '{ print $1 }' | sed 's/@.*//' | sort -u >"$tmp/exported"
grep '^cub_' "$tmp/names" | while read -r name; do
    grep -q "\<$name(" "$tmp/header" || continue # a type
    grep -qx "$name" "$tmp/exported" || echo "$name"
done >"$tmp/hidden"
check "every function is exported" "$(cat "$tmp/hidden")"

sed '/^\/\* api \*\//,$d' "$src/crypto/errors.def" | sed -n 's/^CUB_ERROR(\([A-Z0-9_]*\),.*/\1/p' |
    grep -v '^WAIT_' | sort -u >"$tmp/errors"
check "there are errors" "$([ "$(wc -l <"$tmp/errors")" -gt 200 ] || echo "found $(wc -l <"$tmp/errors")")"
grep -rhoE --include='*.c' --include='*.h' '\<E_[A-Z0-9_]+' "$src/tests" | sed 's/^E_//' | sort -u >"$tmp/tested"
check "every failure of the core has a test" "$(comm -23 "$tmp/errors" "$tmp/tested")"
finish
