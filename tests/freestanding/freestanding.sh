#!/bin/sh
# The core without an operating system: compiled for a Cortex-M3 it asks for five functions of
# string.h, the compiler's own library and BearSSL, and for nothing else. Prints its size.
#
#   freestanding.sh SOURCE_DIR BEARSSL_INCLUDE_DIR
set -u
src=$1 bearssl=$2
. "$src/tests/support/report.sh"
LC_ALL=C
export LC_ALL
cross=arm-none-eabi
if ! command -v $cross-gcc >/dev/null; then
    skip "core on Cortex-M3" "no $cross-gcc (Debian: gcc-arm-none-eabi libnewlib-arm-none-eabi)"
    exit 0
fi
if ! echo '#include <string.h>' | $cross-gcc -mcpu=cortex-m3 -fsyntax-only -x c - 2>/dev/null; then
    skip "core on Cortex-M3" "no string.h for $cross (Debian: libnewlib-arm-none-eabi)"
    exit 0
fi
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# BearSSL's headers alone, not those of the machine that stand beside them.
mkdir "$tmp/include"
ln -s "$bearssl"/bearssl* "$tmp/include/"

flags="-mcpu=cortex-m3 -mthumb -std=c11 -ffreestanding -Os -ffunction-sections -fdata-sections
    -Wall -Wextra -Wconversion -Wshadow -Werror -Wvla -fcallgraph-info=su -I$src -isystem $tmp/include"

cd "$tmp" || exit 1
for floor in crypto record x509 handshake engine; do
    case $floor in
    engine) ls "$src"/api/engine*.c "$src"/api/profile*.c ;;
    crypto) ls "$src"/crypto/*.c "$src"/crypto/target/symmetric_small.c \
        "$src"/crypto/target/curves_i15.c "$src"/crypto/target/x25519_little.c \
        "$src"/crypto/target/integers_i15.c "$src"/crypto/target/field_13.c \
        "$src"/crypto/target/product_16.c ;;
    *) ls "$src/$floor"/*.c ;;
    esac >"$floor.sources" 2>/dev/null
    mkdir "$floor"
done

messages=$(for floor in crypto record x509 handshake engine; do
    while read -r file; do
        echo "$floor/$(basename "$file" .c).o $file"
    done <"$floor.sources"
done | xargs -P "$(nproc)" -L 1 sh -c "$cross-gcc $(echo $flags) -c -o \"\$0\" \"\$1\"" 2>&1)
check "the core compiles for a Cortex-M3 without warnings" "$messages"
[ -z "$messages" ] || exit 1

$cross-ld -r -o core.o ./*/*.o
libgcc=$($cross-gcc -mcpu=cortex-m3 -mthumb -print-libgcc-file-name)
{
    printf '%s\n' memcpy memmove memset memcmp strlen
    $cross-nm --defined-only --extern-only -P "$libgcc" 2>/dev/null | awk 'NF >= 2 { print $1 }'
} | sort -u >allowed
$cross-nm --undefined-only -P core.o | awk '{ print $1 }' | sort -u >undefined
check "the linked core needs nothing but mem*, strlen, libgcc and BearSSL" \
    "$(grep -v '^br_' undefined | comm -23 - allowed)"
check "the linked core has no .data and no .bss" \
    "$($cross-size -A core.o | awk '$1 ~ /^\.(data|bss)/ && $2 > 0 { print $1, $2 }')"

# Edges "caller callee" of direct calls; tsort names those of a loop.
cat ./*/*.ci | sed -nE 's/^edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)".*/\1 \2/p' |
    sed -E 's#[^ ]*/##g' | grep -v __indirect_call >edges
check "no function calls itself, directly or through others" \
    "$(awk '$1 == $2' edges; tsort edges 2>&1 >/dev/null | sed 's/^tsort: //')"
check "no function takes an amount of stack that depends on data" \
    "$(cat ./*/*.ci | grep -E 'bytes \(dynamic\)')"

echo
echo "Cortex-M3, -Os, without BearSSL and before --gc-sections:"
printf '%-10s %8s %6s %6s\n' floor text data bss
for floor in crypto record x509 handshake engine; do
    [ -s "$floor.sources" ] || continue
    $cross-size "$floor"/*.o | awk -v floor=$floor '
        NR > 1 { text += $1; data += $2; bss += $3 }
        END { printf "%-10s %8d %6d %6d\n", floor, text, data, bss }'
done
$cross-size core.o | awk 'NR > 1 { printf "%-10s %8d %6d %6d\n", "all", $1, $2, $3 }'

# What a program holds: arrays of these sizes, read back from the object file.
structures="cub_engine cub_handshake cub_protection cub_transcript cub_chain cub_cert cub_public_key"
for structure in $structures; do
    header=$(cd "$src" && grep -l "^struct $structure {" ./*/*.h | head -n 1)
    echo "#include \"${header#./}\""
    echo "char size_of_$structure[sizeof(struct $structure)];"
done >structures.c
# shellcheck disable=SC2086
message=$($cross-gcc $flags -c -o structures.o structures.c 2>&1)
check "structures of the core have a size" "$message"
echo
echo "structures (bytes):"
$cross-nm -S --size-sort structures.o 2>/dev/null | sed 's/size_of_//' |
    while read -r _ bytes _ name; do
        printf '%6d %s\n' "0x$bytes" "$name"
    done
echo
echo "largest stack frames (bytes):"
cat ./*/*.ci | sed -nE 's/.*label: "([^\\]*)\\n[^\\]*\\n([0-9]+) bytes.*/\2 \1/p' | sort -rn | head -8 |
    awk '{ printf "%6d %s\n", $1, $2 }'
finish
