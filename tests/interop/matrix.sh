#!/bin/sh
# Tries cub with other implementations; see README.md. Installs what is needed for those that are
# asked for (Debian 12).
#
#     matrix.sh                 the peers of the normal run
#     matrix.sh PEER...         these
#     matrix.sh --all           all, and writes the tables of README.md
#
# $CUB_TOOL is the tool; without it, that of build/release, which is built if it is not there.
set -eu
cd "$(dirname "$0")/../.."
. tests/support/packages.sh

matrix() {
    python3 -B tests/interop/matrix "$@"
}

install_packages python3 openssl
# shellcheck disable=SC2046
install_packages $(matrix --packages "$@") || echo "Without them, peers are left out."
unpack_package nginx nginx "$PWD/build/peers" || echo "Without nginx, it is left out."
if [ -z "${CUB_TOOL:-}" ]; then
    CUB_TOOL=build/release/cub
    [ -x "$CUB_TOOL" ] || { cmake --preset release && cmake --build --preset release; } >&2
    export CUB_TOOL
fi
export CUB_PEERS="$PWD/build/peers"
matrix "$@"
