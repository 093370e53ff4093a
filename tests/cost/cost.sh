#!/bin/sh
# What a connection costs, compared with the table in README.md: public-key operations must be the
# same, blocks and bytes may differ by a twentieth. Stack and heap hang on the compiler.
#
#   cost.sh SOURCE_DIR PROGRAM [--update]
set -u
src=$1 program=$2
. "$src/tests/support/report.sh"
readme=$src/tests/cost/README.md
new=$(mktemp) || exit 1
trap 'rm -f "$new"' EXIT

if ! "$program" >"$new"; then
    fail "cost" "the program failed"
    finish
    exit
fi
if [ "${3:-}" = --update ]; then
    { sed '/^<!-- figures -->$/q' "$readme"; cat "$new"; sed -n '/^<!-- end -->$/,$p' "$readme"; } >"$new.md"
    mv "$new.md" "$readme"
fi
findings=$(sed -n '/^<!-- figures -->$/,/^<!-- end -->$/p' "$readme" | grep '^|' | awk -F'|' '
    NR == FNR { old[FNR] = $0; next }
    {
        split(old[FNR], was, "|")
        for (i = 2; i <= 7; i++)
            if ($i != was[i])
                print $2 $3 "column " i - 1 ":" $i "was" was[i]
        for (i = 8; i <= 9 && FNR > 2; i++)
            if ($i > was[i] * 1.05)
                print $2 $3 (i == 8 ? "blocks" : "bytes") ":" $i "was" was[i]
    }' - "$new")
check "what a connection costs" "$findings"
finish
