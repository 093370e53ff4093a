# Sourced by test scripts: what passed, failed, was skipped, for people on stdout and as TAP in the
# file $CUB_TAP (if set), from which tests/run.sh counts.

failures=0
: "${CUB_TAP:=/dev/null}"
: >"$CUB_TAP"

pass() {
    echo "ok       $1"
    echo "ok - $1" >>"$CUB_TAP"
}

# fail NAME [DETAILS]
fail() {
    echo "FAILED   $1"
    [ -z "$2" ] || printf '%s\n' "$2" | sed 's/^/         /'
    echo "not ok - $1" >>"$CUB_TAP"
    failures=$((failures + 1))
}

# skip NAME REASON
skip() {
    echo "skipped  $1: $2"
    echo "ok - $1 # SKIP $2" >>"$CUB_TAP"
}

# check NAME FINDINGS: passes if there are none
check() {
    if [ -z "$2" ]; then pass "$1"; else fail "$1" "$2"; fi
}

# The last command of a script: its status.
finish() {
    [ "$failures" -eq 0 ]
}
