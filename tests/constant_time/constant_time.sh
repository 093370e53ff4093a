#!/bin/sh
# Runs the constant-time checks under valgrind, in each program that has them.
#
#   constant_time.sh SOURCE_DIR VALGRIND PROGRAM...
set -u
src=$1 valgrind=$2
shift 2
. "$src/tests/support/report.sh"
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

for program; do
    name=$(basename "$program")
    if [ ! -x "$valgrind" ] || [ ! -x "$program" ]; then
        skip "$name" "no valgrind (Debian: valgrind)"
        continue
    fi
    lines=$("$valgrind" -q --log-file="$log" --suppressions="$src/tests/constant_time/public.supp" \
        "$program") || { fail "$name runs" "$lines$(cat "$log")"; continue; }
    before=$failures
    while read -r verdict check; do
        if [ "$verdict" = ok ]; then pass "$name: $check"; else fail "$name: $check" ""; fi
    done <<EOF
$lines
EOF
    [ "$failures" -eq "$before" ] || cat "$log"
done
finish
