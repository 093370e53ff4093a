#!/bin/sh
# The unit tests of the core on other processors: built with Debian's cross compilers, with a stand-in for
# Criterion, and run by qemu-user. s390x is big-endian; armhf and i686 have 32 bits.
#
#   run.sh SOURCE_DIR BUILD_DIR
#
# CUB_BEARSSL_SOURCE names BearSSL's source tree; without it, Debian's source package is fetched.
set -u
src=$1 out=$2
. "$src/tests/support/report.sh"
. "$src/tests/support/packages.sh"
. "$src/tests/support/bearssl.sh"
LC_ALL=C
export LC_ALL

if [ -n "${CUB_INSTALL:-}" ]; then
    install_packages qemu-user gcc-s390x-linux-gnu libc6-dev-s390x-cross gcc-arm-linux-gnueabihf libc6-dev-armhf-cross \
        gcc-i686-linux-gnu libc6-dev-i386-cross dpkg-dev
fi
mkdir -p "$out" || exit 1
case $out in /*) ;; *) out=$PWD/$out ;; esac

# What takes minutes under emulation: all bytes of a handshake flipped, and everything that a peer
# may do wrong in each state.
too_long="flips misbehaving_after misbehaving_auth misbehaving_client misbehaving_records misbehaving_server protocol
    path rsa encrypted_key"

machines=

# suites: the others.
suites() {
    cat "$src"/tests/crypto/*.c "$src"/tests/record/*.c "$src"/tests/x509/*.c "$src"/tests/handshake/*.c |
        sed -n 's/^Test(\([a-z0-9_]*\),.*/\1/p' | sort -u |
        grep -vx "$(echo "$too_long" | tr -s ' \n' '\n\n')"
}

# objects CC FLAGS FILES...: compiles them into $dir.
objects() {
    cc=$1 flags=$2
    shift 2
    for file in "$@"; do
        echo "$file $dir/$(echo "${file#"$src"/}" | sed 's|^.*/src/||; s|/|_|g; s|c$|o|')"
    done | xargs -P 1 -L 1 sh -c "$cc -O2 $flags -c -o \"\$1\" \"\$0\""
}

# build CC TARGETS...: $dir/tests, with these files of crypto/target/.
build() {
    cc=$1
    shift
    targets=
    for target in "$@" x25519_little; do
        targets="$targets $src/crypto/target/$target.c"
    done
    if [ ! -f "$dir/libbearssl.a" ]; then
        # shellcheck disable=SC2046
        objects "$cc" "-w -I$bearssl/inc -I$bearssl/src" "$bearssl/src/settings.c" \
            $(ls "$bearssl"/src/aead/*.c "$bearssl"/src/codec/*.c "$bearssl"/src/ec/*.c "$bearssl"/src/hash/*.c \
                "$bearssl"/src/int/*.c "$bearssl"/src/mac/*.c "$bearssl"/src/rand/*.c "$bearssl"/src/rsa/*.c \
                "$bearssl"/src/symcipher/*.c) || return 1
        ar rcs "$dir/libbearssl.a" "$dir"/*.o
        rm "$dir"/*.o
    fi
    # shellcheck disable=SC2046,SC2086
    objects "$cc" "-std=gnu11 -Wall -Wextra -I$src/tests/foreign -I$src -isystem $bearssl/inc" $targets \
        $(ls "$src"/crypto/*.c "$src"/record/*.c "$src"/x509/*.c "$src"/handshake/*.c "$src"/api/engine*.c \
            "$src"/api/profile*.c "$src"/tests/crypto/*.c "$src"/tests/record/*.c "$src"/tests/x509/*.c \
            "$src"/tests/handshake/*.c "$src"/tests/foreign/main.c "$src"/tests/support/*.c |
            grep -v support/process.c) || return 1
    $cc -static -o "$dir/tests" "$dir"/*.o "$dir/libbearssl.a"
}

fetch_bearssl || {
    skip "unit tests on other processors" "no source of BearSSL: set CUB_BEARSSL_SOURCE, or see $out/apt/log"
    exit 0
}

# on MACHINE CC TARGETS...: builds and runs the tests, messages and result in $out/MACHINE. All machines at a
# time: much of each is a single long test.
on() {
    machine=$1 cc=$2 dir=$out/$1
    shift 2
    mkdir -p "$dir"
    rm -f "$dir"/*.o "$dir/tests"
    build "$cc" "$@" >"$dir/messages" 2>&1
    [ ! -x "$dir/tests" ] ||
        # shellcheck disable=SC2046
        "qemu-$machine" "$dir/tests" $(suites) >"$dir/result" 2>&1 </dev/null
}

while read -r machine cc targets; do
    if ! command -v "$cc" >/dev/null || ! command -v "qemu-$machine" >/dev/null ||
        ! echo '#include <string.h>' | "$cc" -E -x c - >/dev/null 2>&1; then
        skip "unit tests on $machine" "no $cc with its libc, or no qemu-$machine (Debian: qemu-user)"
        continue
    fi
    # shellcheck disable=SC2086
    on $machine $cc $targets &
    machines="$machines $machine"
done <<END
s390x s390x-linux-gnu-gcc symmetric_64 curves_i31 integers_i31 field_51 product_32
arm arm-linux-gnueabihf-gcc symmetric_32 curves_m31 integers_i31 field_13 product_32
i386 i686-linux-gnu-gcc symmetric_mul32 curves_i15 integers_i15 field_13 product_16
END
wait
for machine in $machines; do
    dir=$out/$machine
    check "the unit tests compile for $machine without warnings" "$(cat "$dir/messages")"
    [ -x "$dir/tests" ] || continue
    echo "$machine: $(tail -n 1 "$dir/result")"
    check "unit tests on $machine" "$(grep -E -B 2 '^failed: ' "$dir/result" ||
        tail -n 1 "$dir/result" | grep -v '^[1-9][0-9]* passed, 0 failed')"
done
finish
