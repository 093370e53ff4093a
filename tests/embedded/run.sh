#!/bin/sh
# CubTLS on emulated microcontrollers: builds the examples of api/examples/firmware for each board, lets them
# talk to openssl, and compares what they cost with the table in README.md.
#
#   run.sh SOURCE_DIR BUILD_DIR [--update]
#
# --update writes the table anew. CUB_BEARSSL_SOURCE names BearSSL's source tree; without it,
# Debian's source package is fetched. It must run inside a writable BUILD_DIR, which keeps what it
# builds.
set -u
src=$1 out=$2 update=${3:-}
here=$src/tests/embedded
. "$src/tests/support/report.sh"
. "$src/tests/support/packages.sh"
. "$src/tests/support/bearssl.sh"
. "$here/build.sh"
. "$here/images.sh"
LC_ALL=C
export LC_ALL

leave() {
    skip "firmware on emulated boards" "$1"
    exit 0
}

if [ -n "${CUB_INSTALL:-}" ]; then
    install_packages gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm dpkg-dev openssl \
        gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc
fi
for program in $cross-gcc qemu-system-arm openssl; do
    command -v $program >/dev/null || leave "no $program (Debian: gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm)"
done
echo '#include <string.h>' | $cross-gcc --specs=nano.specs -E -x c - >/dev/null 2>&1 ||
    leave "no libc for $cross (Debian: libnewlib-arm-none-eabi)"
mkdir -p "$out" || exit 1
processors="cortex-m0 cortex-m3 cortex-m4 cortex-m33" boards="mps2-an385 mps2-an386 mps2-an505 microbit stm32vldiscovery"
if command -v riscv64-unknown-elf-gcc >/dev/null && command -v qemu-system-riscv32 >/dev/null &&
    echo '#include <string.h>' | riscv64-unknown-elf-gcc --specs=picolibc.specs -E -x c - >/dev/null 2>&1; then
    processors="$processors rv32" boards="$boards virt"
else
    skip "firmware for RV32" "Debian: gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc"
fi

case $out in /*) ;; *) out=$PWD/$out ;; esac
fetch_bearssl || leave "no source of BearSSL: set CUB_BEARSSL_SOURCE, or see $out/apt/log"

work=$(mktemp -d) || exit 1
peer=
trap 'kill $peer 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# The results of an image: what its log says, and what it was measured to be.
value() {
    sed -n "s/^$1 //p" "$work/log" | tail -n 1
}

emulate() {
    case $1 in virt) qemu="qemu-system-riscv32 -bios none" ;; *) qemu=qemu-system-arm ;; esac
    # shellcheck disable=SC2086
    (cd "$work" && exec timeout 180 $qemu -M "$1" -nographic -monitor none -serial "$3" -icount shift=0 \
        -semihosting-config enable=on,target=native -kernel "$2") >"$work/log" 2>&1 </dev/null
}

# serve OPTIONS...: starts openssl s_server; sets port and peer.
serve() {
    : >"$work/peer" # the last peer's port must not be taken for this one's
    openssl s_server -accept 127.0.0.1:0 -rev "$@" >"$work/peer" 2>&1 </dev/null &
    peer=$!
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$work/peer")
        [ -z "$port" ] || break
        sleep 0.2
    done
}

# dismiss: ends it, when it has said what it has to say.
dismiss() {
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
        kill -0 $peer 2>/dev/null || break
        sleep 0.2
    done
    kill $peer 2>/dev/null
    wait $peer 2>/dev/null
    peer=
}

# client BOARD IMAGE SERVER_OPTIONS...: the image talks to openssl s_server.
client() {
    name=$1 elf=$out/images/$1/$2.elf
    shift 2
    serve -naccept 1 -num_tickets 0 "$@"
    emulate "$name" "$elf" "tcp:127.0.0.1:$port"
    dismiss
}

# sleeper BOARD IMAGE SERVER_OPTIONS...: the image runs twice, with its flash as the first run left
# it.
sleeper() {
    name=$1 elf=$out/images/$1/$2.elf
    shift 2
    rm -f "$work/flash.bin"
    serve -naccept 2 -num_tickets 1 "$@"
    emulate "$name" "$elf" "tcp:127.0.0.1:$port"
    cp "$work/log" "$work/first"
    emulate "$name" "$elf" "tcp:127.0.0.1:$port"
    cp "$work/log" "$work/second"
    cp "$work/first" "$work/log"
    dismiss
}

# speak: a line for the image, and nothing more until it has come back or the connection is over.
speak() {
    echo "this is a client"
    for _ in $(seq 250); do
        grep -Eq "^this is a client|errno|closed|alert" "$work/peer" && return
        sleep 0.2
    done
}

# server BOARD IMAGE OPTIONS...: openssl s_client talks to the image.
server() {
    elf=$out/images/$1/$2.elf
    name=$1
    shift 2
    port=$((20000 + $$ % 20000))
    # The STM32's receiver loses what comes before the image has turned it on: there, the image begins first.
    case $name in stm32*) wait=off ;; *) wait=on ;; esac
    emulate "$name" "$elf" "tcp:127.0.0.1:$port,server=on,wait=$wait" &
    peer=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        sleep 0.5
        : >"$work/peer"
        speak | timeout 110 openssl s_client -connect "127.0.0.1:$port" -CAfile "$here/pki/ca.pem" \
            -verify_hostname board.example -verify_return_error -attime 1800000000 "$@" >"$work/peer" 2>&1
        grep -q CONNECTED "$work/peer" && break
    done
    wait $peer
    peer=
}

certificate="-cert $here/pki/server.pem -key $here/pki/server.key.pem"
two_certificates="-cert $here/pki/deep.pem -key $here/pki/deep.key.pem -cert_chain $here/pki/intermediate.pem"
psk="-nocert -tls1_3 -psk_identity board -psk $psk_hex -allow_no_dhe_kex -ciphersuites"
echoed="^data draob a si siht"

# succeeded NAME TEXT: no error, and the text that came.
succeeded() {
    if [ "$(value error)" = 0 ] && grep -q "$2" "$work/log" "$work/peer"; then
        pass "$1"
    else
        fail "$1" "$(cat "$work/log" "$work/peer" | tail -n 20)"
    fi
}

# check_status STATUS NAME TEXT
check_status() {
    [ "$1" = 0 ] && pass "$2" || fail "$2" "$3"
}

# refused NAME ALERT: the image failed, and openssl saw this alert.
refused() {
    if [ "$(value error)" != 0 ] && grep -q "SSL alert number $2\$" "$work/peer"; then
        pass "$1"
    else
        fail "$1" "$(cat "$work/log" "$work/peer" | tail -n 20)"
    fi
}

# figures IMAGE BOARD: a row of the table.
figures() {
    # shellcheck disable=SC2046
    set -- "$1" "$2" $(rom "$out/images/$2/$1.map") "$(static_ram "$out/images/$2/$1.map")"
    instructions=-
    # 25 MHz, and the emulator runs an instruction a nanosecond; RV32 counts instructions.
    case $2 in
    mps2-*) instructions=$(awk "BEGIN { printf \"%.2f M\", $(value ticks) * 40 / 1e6 }") ;;
    virt) instructions=$(awk "BEGIN { printf \"%.2f M\", $(value ticks) / 1e6 }") ;;
    esac
    echo "| $1 | $2 | $(($3 + $4 + $5 + $6 + $7 + $8)) | $3 | $4 | $5 | $6 | $7 | $8 | $9 | $(value stack) | $instructions |" >>"$work/table"
}

constants
for machine in $processors; do
    message=$({ primitives $machine && core $machine; } 2>&1)
    check "BearSSL and the core compile for $machine without warnings" "$message"
done

: >"$work/table"
for board in $boards; do
    for image in $(images_of $board); do
        message=$(make_image "$image" "$board" 2>&1) || { fail "$image for $board links" "$message"; continue; }
        # shellcheck disable=SC2086
        case $image in
        psk_client) client $board $image $psk TLS_AES_128_GCM_SHA256 ;;
        psk_client_chacha20) client $board $image $psk TLS_CHACHA20_POLY1305_SHA256 ;;
        both_client*) client $board $image -tls1_2 $certificate ;;
        *_resuming)
            sleeper $board $image -tls1_3 $certificate
            [ -s "$work/flash.bin" ] && [ "$(sed -n 's/^error //p' "$work/second")" = 0 ] &&
                grep -q "^data tpels sah ti" "$work/second" && grep -q "1 session cache hits" "$work/peer"
            check_status $? "$board: session in flash, resumed after sleep" "$(cat "$work/second" "$work/peer")"
            ;;
        *_client*) client $board $image -tls1_3 $certificate ;;
        server) server $board $image ;;
        both_server) server $board $image -tls1_2 ;;
        esac
        case $image in
        *server) succeeded "$board: $image and openssl s_client, echo" "^this is a client" ;;
        *) succeeded "$board: $image and openssl s_server, echo" "$echoed" ;;
        esac
        figures "$image" "$board"
    done
done

. "$here/failures.sh"
. "$here/layouts.sh"

# The table. Other compilers make other code: they are not compared.
compiler=$(arm-none-eabi-gcc -dumpversion)
committed() {
    sed -n '/<!-- figures -->/,/<!-- end -->/p' "$here/README.md" | grep '^| [a-z]' | grep -v '^| image'
}
# The rows of the README of the whole: ROM and all RAM on M3 and M4, in units of 1000 as the others.
short_table() {
    echo "| client | ROM M3 | RAM M3 | ROM M4 | RAM M4 |"
    echo "| --- | --- | --- | --- | --- |"
    while IFS=: read -r image text; do
        awk -F ' *[|] *' -v image="$image" -v text="$text" '
            $2 == image && $3 == "mps2-an385" { m3 = sprintf("%.1f K | %.1f K", $4 / 1000, ($11 + $12) / 1000) }
            $2 == image && $3 == "mps2-an386" { m4 = sprintf("%.1f K | %.1f K", $4 / 1000, ($11 + $12) / 1000) }
            END { print "| " text " | " m3 " | " m4 " |" }' "$work/table"
    done <<END
ecdsa_client:**CubTLS, TLS 1.3, certificate**
ecdsa_client_fast:the same, more code for curve, hash and GHASH
ecdsa_client_resuming:the same as the first, with resumption, larger buffers
both_client:client and server, TLS 1.2 and 1.3
psk_client:**CubTLS, TLS 1.3, pre-shared key**
psk_client_chacha20:the same, ChaCha20-Poly1305
END
    cat <<END
| mbedTLS 3.6.6, TLS 1.3, certificate | 60.5 K | 9.3 K | | |
| wolfSSL 5.5.4, TLS 1.3, certificate | 55.7 K | 8.6 K | | |
| BearSSL 0.6, TLS 1.2, certificate | 35.5 K | 12.1 K | 32.1 K | 10.6 K |
| mbedTLS 3.6.6, TLS 1.3, pre-shared key | 27.5 K | 5.4 K | | |
| wolfSSL 5.5.4, TLS 1.3, pre-shared key | 24.8 K | 4.5 K | | |
END
}

heading="| image | board | ROM | BearSSL | crypto | record | handshake | x509 | engine | static | stack | instructions |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
echo
printf '%s\n' "$heading" | cat - "$work/table"
if [ "$update" = --update ]; then
    printf '%s\n' "$heading" | cat - "$work/table" >"$work/new"
    sed -i -e "/<!-- figures -->/r $work/new" -e '/<!-- figures -->/,/<!-- end -->/{/^|/d}' "$here/README.md"
    short_table >"$work/new"
    sed -i -e "/<!-- figures -->/r $work/new" -e '/<!-- figures -->/,/<!-- end -->/{/^|/d}' "$src/README.md"
elif [ "$compiler" != 12.2.1 ]; then
    skip "figures are those of the table" "it was made with gcc 12.2.1, this is $compiler"
else
    committed >"$work/committed"
    check "figures are those of the table, or less than 1 % above" "$(awk -F ' *[|] *' '
        { key = $2 " " $3 }
        NR == FNR { for (i = 4; i <= NF; i++) was[key, i] = $i; known[key] = 1; next }
        !known[key] { print key ": not in the table"; next }
        { for (i = 4; i < NF; i++) if ($i + 0 > (was[key, i] + 0) * 1.01 + 1)
            print key ": column " i - 1 " was " was[key, i] ", is " $i }' "$work/committed" "$work/table")"
fi
finish
