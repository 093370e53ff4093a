#!/bin/sh
# The table of README.md: every test in it exists, every row has one or a reason, and every name of
# api/README.md is in it.
#
#   documentation.sh SOURCE_DIR
set -u
src=$1
. "$src/tests/support/report.sh"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# rows FILE: the rows of its table as section|names|what or C names|tests or notes, by bold headings.
rows() {
    awk -F' *\\| *' '
        /^\| \*\*/ { section = $2; next }
        section && /^\|/ { print section "|" $2 "|" $3 "|" $4 }
        section && !/^\|/ { exit }' "$1"
}

# names: section and name of each name of the second field.
names() {
    awk -F'|' '{
        rest = $2
        while (match(rest, /`[^`]+`/)) {
            print $1, substr(rest, RSTART + 1, RLENGTH - 2)
            rest = substr(rest, RSTART + RLENGTH)
        }
    }' | sort -u
}

rows "$src/tests/documentation/README.md" >"$tmp/rows"
check "the table has rows" "$([ "$(wc -l <"$tmp/rows")" -gt 150 ] || echo "found $(wc -l <"$tmp/rows")")"
check "every row has a test or a reason" "$(awk -F'|' '$4 !~ /`/ && $4 !~ /none: ./' "$tmp/rows")"

awk -F'|' '{ print $4 }' "$tmp/rows" | grep -oE '`[^`]+`' | tr -d '`' | sort -u >"$tmp/tests"
find "$src/tests" -name 'test_*.c' -exec sed -n 's/^Test(\([a-z0-9_]*\), \([a-z0-9_]*\).*/\1.\2/p' {} + |
    sort -u >"$tmp/known"
grep -E '^[a-z0-9_]+\.[a-z0-9_]+$' "$tmp/tests" | comm -23 - "$tmp/known" >"$tmp/missing"
check "every test exists" "$(cat "$tmp/missing")"
check "there are tests" "$([ "$(grep -c '\.' "$tmp/tests")" -gt 80 ] || echo "found $(wc -l <"$tmp/tests")")"

sed -n 's/^side_by_side //p' "$tmp/tests" >"$tmp/scenarios"
if command -v python3 >/dev/null && python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))'; then
    check "every scenario exists" "$(cd "$src/tests/side_by_side" && python3 -B -c '
import fnmatch, sys
from scenarios import scenarios
known = list(scenarios) + ["constants"]
for pattern in sys.stdin.read().splitlines():
    if not fnmatch.filter(known, pattern):
        print(pattern)' <"$tmp/scenarios" 2>&1)"
else
    skip "every scenario exists" "no Python 3.8 or later"
fi

rows "$src/api/README.md" | grep -v '|none: ' | names >"$tmp/ours"
names <"$tmp/rows" >"$tmp/documented"
check "no name is missing" "$(comm -23 "$tmp/ours" "$tmp/documented")"
finish
