#!/bin/sh
# BoringSSL's protocol test runner against the shim.
#
#   BOGO_RUNNER=/path/to/runner tests/bogo/run.sh SHIM [RUNNER OPTIONS...]
#
# The runner is the Go test binary of ssl/test/runner, which is not part of this project; without it
# there is nothing to run. Options are handed on, such as -test 'TLS13-*'.
set -u
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${BOGO_RUNNER:-}" ]; then
    echo "skipped: BOGO_RUNNER does not name a runner (see tests/bogo/README.md)"
    exit 0
fi
shim=${1:?"usage: BOGO_RUNNER=RUNNER $0 SHIM [RUNNER OPTIONS...]"}
shift
TMPDIR=$(mktemp -d) || exit 1
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
"$BOGO_RUNNER" -shim-path "$(realpath "$shim")" -shim-config "$here/config.json" \
    -num-workers "$(nproc)" -pipe -allow-unimplemented "$@"
