#!/bin/sh
# A verified TLS connection, from nothing: installs what is needed (Debian 12), builds, runs cub demo.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/support/packages.sh

# shellcheck disable=SC2046
install_packages gcc libc6-dev cmake ninja-build libbearssl-dev libjansson-dev zlib1g-dev || exit 1
mkdir -p build/demo || exit 1
if ! { cmake -S . -B build/demo -G Ninja -DCMAKE_BUILD_TYPE=Release -DCUB_TESTS=OFF &&
    cmake --build build/demo --target cub; } >build/demo/build.log 2>&1; then
    tail -n 40 build/demo/build.log
    echo "The build failed; its log is build/demo/build.log"
    exit 1
fi
exec build/demo/cub demo "$@"
