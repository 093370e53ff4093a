#!/bin/sh
# Fuzzes each target for some seconds, with clang's libFuzzer under AddressSanitizer and
# UndefinedBehaviorSanitizer, beginning with the corpora here. What it finds new stays in the build
# directory; a finding is a file build/fuzz/found/TARGET-*.
#
# usage: tests/fuzz/fuzz.sh [SECONDS [TARGET...]]    (1800 seconds, all targets)
set -e
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$root/build/fuzz
seconds=${1:-1800}
[ $# -gt 0 ] && shift
flags=-fsanitize=fuzzer-no-link,address,undefined
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Debug -DCUB_FUZZ=ON \
      -DCUB_TOOL=OFF -DCMAKE_C_FLAGS="$flags -fno-sanitize-recover=undefined" \
      -DCMAKE_C_FLAGS_DEBUG="-O1 -g" >/dev/null
mkdir -p "$build/found"
status=0
[ $# -gt 0 ] || set -- $(cd "$here" && ls fuzz_*.c | sed 's/^fuzz_//; s/\.c$//')
for target; do
    ninja -C "$build" "fuzz_$target" >/dev/null
    mkdir -p "$build/corpus/$target"
    "$build/tests/fuzz_$target" -max_total_time="$seconds" -timeout=20 -max_len=8192 \
        -artifact_prefix="$build/found/$target-" "$build/corpus/$target" "$here/corpus/$target" \
        2>"$build/$target.log" && echo "fuzz_$target: nothing found in $seconds seconds" ||
        { echo "fuzz_$target: see $build/$target.log"; status=1; }
done
exit $status
