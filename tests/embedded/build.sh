# Sourced by run.sh: builds BearSSL's primitives, the core and images for a board, and measures them.
# Uses $src (CubTLS), $out (a directory to build in), $bearssl (BearSSL's source).

cross=arm-none-eabi

# processor NAME: the compiler and its flags, and which files of crypto/target/ suit it; fast are
# those of faster code.
processor() {
    cross=arm-none-eabi libc=--specs=nano.specs start=cortex_m
    case $1 in
    cortex-m0) cpu="-mcpu=cortex-m0 -mthumb" target="symmetric_small curves_i15 integers_i15 field_13 product_16" ;;
    cortex-m3) cpu="-mcpu=cortex-m3 -mthumb" target="symmetric_small curves_i15 integers_i15 field_13 product_16" ;;
    cortex-m4) cpu="-mcpu=cortex-m4 -mthumb" target="symmetric_small curves_i31 integers_i31 field_13 product_32" ;;
    cortex-m33) cpu="-mcpu=cortex-m33 -mthumb -mfloat-abi=soft"
        target="symmetric_small curves_i31 integers_i31 field_13 product_32" ;;
    rv32) cross=riscv64-unknown-elf libc=--specs=picolibc.specs start=riscv
        cpu="-march=rv32imac -misa-spec=2.2 -mabi=ilp32 $libc" libc=
        target="symmetric_small curves_i31 integers_i31 field_13 product_32" ;;
    esac
    case $target in *i15*) fast="curves_m15 symmetric_mul32" ;; *) fast="curves_m31 symmetric_32" ;; esac
}

# board NAME: its processor, memory, line.
board() {
    case $1 in
    mps2-an385) set -- cortex-m3 uart_cmsdk 0 4M 0x20000000 64K 0x40004000 ;;
    mps2-an386) set -- cortex-m4 uart_cmsdk 0 4M 0x20000000 64K 0x40004000 ;;
    mps2-an505) set -- cortex-m33 uart_cmsdk 0x10000000 4M 0x38000000 64K 0x50200000 ;;
    microbit) set -- cortex-m0 uart_nrf51 0 256K 0x20000000 16K 0 ;;
    stm32vldiscovery) set -- cortex-m3 uart_stm32 0x08000000 128K 0x20000000 8K 0 ;;
    virt) set -- rv32 uart_16550 0x80000000 1M 0x80100000 64K 0 ;;
    esac
    board_cpu=$1 board_uart=$2
    memory="-Wl,--defsym=FLASH=$3 -Wl,--defsym=FLASH_SIZE=$4 -Wl,--defsym=RAM=$5"
    memory="$memory -Wl,--defsym=RAM_SIZE=$6 -Wl,--defsym=uart0=$7"
}

common="-Os -ffunction-sections -fdata-sections"

# compile DIRECTORY FLAGS FILES...: objects, named after their path.
compile() {
    directory=$1 flags=$2
    shift 2
    mkdir -p "$directory"
    for file in "$@"; do
        echo "$file $directory/$(echo "${file#"$src"/}" | sed 's|^.*/src/||; s|/|_|g; s|c$|o|')"
    done | xargs -P "$(nproc)" -L 1 sh -c "$cross-gcc $common $flags -c -o \"\$1\" \"\$0\""
}

# primitives CPU: $out/CPU/libbearssl.a, made once.
primitives() {
    processor "$1"
    [ ! -f "$out/$1/libbearssl.a" ] || return 0
    compile "$out/$1/bearssl" "$cpu -w -I$bearssl/inc -I$bearssl/src" \
        "$bearssl/src/settings.c" $(ls "$bearssl"/src/aead/*.c "$bearssl"/src/codec/*.c \
        "$bearssl"/src/ec/*.c "$bearssl"/src/hash/*.c "$bearssl"/src/int/*.c "$bearssl"/src/mac/*.c \
        "$bearssl"/src/rand/*.c "$bearssl"/src/rsa/*.c "$bearssl"/src/symcipher/*.c) || return 1
    $cross-ar rcs "$out/$1/libbearssl.a" "$out/$1"/bearssl/*.o
}

# core CPU: $out/CPU/libcub.a.
core() {
    processor "$1"
    rm -rf "$out/$1/core" "$out/$1/fast" "$out/$1"/libcub*.a
    files=$(ls "$src"/crypto/*.c "$src"/record/*.c "$src"/x509/*.c "$src"/handshake/*.c \
        "$src"/api/engine*.c "$src"/api/profile*.c)
    for file in $target x25519_little; do
        files="$files $src/crypto/target/$file.c"
    done
    # shellcheck disable=SC2086
    compile "$out/$1/core" "$cpu -std=c11 -ffreestanding -Wall -Wextra -I$src -isystem $bearssl/inc" \
        $files || return 1
    $cross-ar rcs "$out/$1/libcub.a" "$out/$1"/core/*.o
    files=
    for file in $fast; do
        files="$files $src/crypto/target/$file.c"
    done
    # shellcheck disable=SC2086
    compile "$out/$1/fast" "$cpu -std=c11 -ffreestanding -Wall -Wextra -I$src -isystem $bearssl/inc" \
        $files || return 1
    $cross-ar rcs "$out/$1/libcub_fast.a" "$out/$1"/fast/*.o
}

# image NAME BOARD EXAMPLE CONSTANTS.c [FLAGS]: $out/images/BOARD/NAME.elf and .map. A NAME that ends
# in _fast has faster code.
image() {
    board "$2"
    processor "$board_cpu"
    case $1 in
    *_fast) faster="-Wl,-u,cub_target_p256 -Wl,-u,cub_sha256 $out/$board_cpu/libcub_fast.a" ;;
    *) faster= ;;
    esac
    mkdir -p "$out/images/$2"
    # shellcheck disable=SC2086
    $cross-gcc $common $cpu -std=gnu11 -Wall -Wextra -I"$src" $memory $libc -nostartfiles \
        -Wl,--gc-sections -T "$src/tests/embedded/board.ld" -Wl,-Map="$out/images/$2/$1.map" \
        -o "$out/images/$2/$1.elf" "$src/tests/embedded/board.c" "$src/tests/embedded/$start.c" \
        "$src/tests/embedded/$board_uart.c" \
        "$src/api/examples/firmware/io.c" "$src/api/examples/firmware/$3.c" "$4" ${5:-} $faster \
        ${archives:-"$out/$board_cpu/libcub.a" "$out/$board_cpu/libbearssl.a"}
}

# sections MAP: "bytes section file" of what was linked.
sections() {
    awk '/^Linker script and memory map/ { on = 1 }
        !on { next }
        /^ \.[A-Za-z]/ && NF == 1 { name = $1; getline; $0 = name " " $0 }
        /^ ?\.(text|s?rodata|s?bss|s?data)/ && $2 ~ /^0x/ && $3 ~ /^0x/ && $4 ~ /o\)?$/ {
            print $3, $1, $4 }' "$1" | while read -r bytes section file; do
        [ $((bytes)) -eq 0 ] || echo "$((bytes)) $section $(basename "$file")"
    done
}

# rom MAP: bytes of BearSSL, crypto, record, handshake, x509, engine in flash.
rom() {
    sections "$1" | awk '$2 ~ /^\.(text|s?rodata)/ {
        floor = ""
        if ($3 ~ /^libbearssl/) floor = "bearssl"
        else if ($3 ~ /^libcub/) { floor = $3; sub(/^libcub[a-z_]*.a\(/, "", floor); sub(/_.*/, "", floor) }
        if (floor != "") size[floor] += $1 }
        END { print size["bearssl"] + 0, size["crypto"] + 0, size["record"] + 0, size["handshake"] + 0,
            size["x509"] + 0, size["api"] + 0 }'
}

# static_ram MAP: bytes of the example's variables.
static_ram() {
    sections "$1" | awk '$2 ~ /^\.s?bss/ && $2 !~ /waited|state/ { sum += $1 } END { print sum + 0 }'
}
