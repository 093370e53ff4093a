#!/bin/sh
# All tests, from nothing: installs what they need (Debian 12), builds with gcc and clang, runs
# everything with gcc, then the quick tests once more under clang and under the sanitizers.
# Last line: "N passed, N failed, N skipped"; status 0 if nothing failed.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/support/packages.sh

jobs=$(nproc 2>/dev/null || echo 2)
out=build/run
passed=0 failed=0 skipped=0
rm -rf "$out"
mkdir -p "$out" || exit 1

say() {
    printf '\n== %s\n' "$*"
}

closing() {
    if [ -s "$out/failures" ]; then
        say "failed"
        cat "$out/failures"
    fi
    if [ -s "$out/skips" ]; then
        say "skipped"
        sort -u "$out/skips" | head -n 40
        [ "$(sort -u "$out/skips" | wc -l)" -le 40 ] || echo "... and more in $out/skips"
    fi
    printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    [ "$failed" -eq 0 ]
    exit
}

# failure WHAT: counts one.
failure() {
    failed=$((failed + 1))
    echo "$1" >>"$out/failures"
}

# build PRESET: status 1 and the end of the log if that fails.
build() {
    say "$1: build"
    if cmake --preset "$1" >"$out/$1.log" 2>&1 && cmake --build --preset "$1" >>"$out/$1.log" 2>&1; then
        return 0
    fi
    tail -n 40 "$out/$1.log"
    failure "$1: build"
    return 1
}

# run PRESET CTEST_OPTIONS...: runs tests and adds up what their TAP files say. A program that
# failed without a failed test in its file (a crash, a sanitizer's report) counts as one.
run() {
    preset=$1
    shift
    say "$preset: tests"
    results=build/$preset/tests/results
    rm -f "$results"/*.tap build/"$preset"/Testing/Temporary/LastTestsFailed*.log
    ctest --preset "$preset" -j "$jobs" "$@"
    for tap in "$results"/*.tap; do
        [ -f "$tap" ] || continue
        name=$(basename "$tap" .tap)
        grep '^not ok' "$tap" | sed -E "s|^not ok *-? *|$preset: $name: |" >>"$out/failures"
        failed=$((failed + $(grep -c '^not ok' "$tap")))
        # Criterion lists what a filter leaves out as "test was skipped".
        grep -iE '^ok.*# skip' "$tap" | grep -v 'SKIP test was skipped' |
            sed -E "s|^ok *-? *|$name: |; s| *# SKIP *|: |" >"$out/skipped"
        cat "$out/skipped" >>"$out/skips"
        skipped=$((skipped + $(wc -l <"$out/skipped")))
        passed=$((passed + $(grep '^ok' "$tap" | grep -vic '# skip')))
    done
    for name in $(sed 's/^[0-9]*://' build/"$preset"/Testing/Temporary/LastTestsFailed*.log 2>/dev/null); do
        grep -q '^not ok' "$results/$name.tap" 2>/dev/null || failure "$preset: $name"
    done
}

say "packages"
needed="gcc libc6-dev cmake ninja-build pkg-config libbearssl-dev libcriterion-dev libjansson-dev
    zlib1g-dev openssl"
wanted="ca-certificates clang curl g++ groff valgrind gcc-arm-none-eabi libnewlib-arm-none-eabi
    gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-arm qemu-system-misc dpkg-dev
    qemu-user gcc-s390x-linux-gnu libc6-dev-s390x-cross gcc-arm-linux-gnueabihf libc6-dev-armhf-cross
    gcc-i686-linux-gnu libc6-dev-i386-cross python3 gnutls-bin libmbedtls-dev libhiredis-dev redis-tools"
# shellcheck disable=SC2086
if ! install_packages $needed; then
    echo "These packages are needed to build: $needed"
    failure "packages"
    closing
fi
# shellcheck disable=SC2086
install_packages $wanted || echo "Without these, tests are skipped:" $(missing_packages $wanted)
unpack_package nginx nginx "$PWD/build/peers" || echo "Without nginx, tests are skipped"
exec </dev/null

if build release; then
    run release
fi
if ! command -v clang >/dev/null; then
    skipped=$((skipped + 1))
    echo "clang: no clang" >>"$out/skips"
elif build clang; then
    run clang -LE 'slow|interop' -E freestanding
fi
if build sanitize; then
    run sanitize -LE slow
fi
closing
