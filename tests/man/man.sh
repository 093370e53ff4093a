#!/bin/sh
# The man pages: all that is public is in them, and they render without a warning.
#
#   man.sh SOURCE_DIR BUILD_DIR NM SHARED_LIBRARY CUB
set -u
src=$1 build=$2 nm=$3 shared=$4 cub=$5
. "$src/tests/support/report.sh"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# Functions that leave the library and are the hosted header's, not cub_engine.h's.
"$nm" -D --defined-only -P "$shared" | awk '$2 == "T" { print $1 }' | sed 's/@.*//' |
    grep -wFf - "$src/api/cubtls.h" | grep -oE '\<cub_[A-Za-z0-9_]+\(' | tr -d '(' | sort -u >"$tmp/functions"
check "functions are found" "$([ "$(wc -l <"$tmp/functions")" -gt 100 ] || wc -l <"$tmp/functions")"
check "every function is in cubtls.3" "$(while read -r name; do
    grep -q "\<$name(" "$build/cubtls.3" || echo "$name"
done <"$tmp/functions")"

for command in $("$cub" --help | awk '/^  [a-z]/ { print $1 }'); do
    grep -q "^\.SS \"cub $command" "$build/cub.1" || echo "cub $command"
    "$cub" "$command" --help | grep -oE '^ +--[a-z-]+' | sed 's/-/\\-/g; s/^ *//' | while read -r option; do
        grep -qF -e "$option" "$build/cub.1" || echo "cub $command $option"
    done
done >"$tmp/missing" 2>&1
check "every command and option is in cub.1" "$(cat "$tmp/missing")"

for page in cubtls.3 cub.1; do
    if command -v groff >/dev/null; then
        groff -man -ww -Tutf8 "$build/$page" 2>"$tmp/warnings" >"$tmp/text"
        check "$page: groff has nothing to say" "$(cat "$tmp/warnings")"
        check "$page has a text" "$([ "$(wc -l <"$tmp/text")" -gt 200 ] || wc -l <"$tmp/text")"
    else
        skip "$page: groff has nothing to say" "no groff"
    fi
    if command -v mandoc >/dev/null; then
        check "$page: mandoc has nothing to say" "$(mandoc -T lint -W error "$build/$page" 2>&1)"
    fi
done
finish
