#!/bin/sh
# Runs the constant-time checks under valgrind.
#
#   constant_time.sh SOURCE_DIR PROGRAM VALGRIND
set -u
src=$1 program=$2 valgrind=$3
. "$src/tests/support/report.sh"
if [ ! -x "$program" ] || [ ! -x "$valgrind" ]; then
    skip "constant time" "no valgrind (Debian: valgrind)"
    exit 0
fi
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

lines=$("$valgrind" -q --log-file="$log" --suppressions="$src/tests/constant_time/public.supp" \
    "$program") || { fail "the checks run" "$lines"; exit 1; }
while read -r verdict name; do
    if [ "$verdict" = ok ]; then pass "constant time: $name"; else fail "constant time: $name" ""; fi
done <<EOF
$lines
EOF
[ "$failures" -eq 0 ] || cat "$log"
finish
