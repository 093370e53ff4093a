# Sourced by run.sh: which images there are, and the constants that they are built with.

psk_hex=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f

# images_of BOARD: those that fit into it. What ends in _fast has more code for curves; both_*
# is client and server, TLS 1.2 and 1.3, run in TLS 1.2.
images_of() {
    case $1 in
    mps2-an385 | mps2-an386) echo psk_client psk_client_chacha20 ecdsa_client ecdsa_client_fast \
        ecdsa_client_x25519 ecdsa_client_resuming server both_client both_client_fast both_server ;;
    mps2-an505 | virt) echo psk_client psk_client_chacha20 ecdsa_client ecdsa_client_fast server ;;
    microbit) echo psk_client psk_client_chacha20 ecdsa_client ecdsa_client_fast server ;;
    stm32vldiscovery) echo psk_client psk_client_chacha20 ecdsa_client server ;;
    esac
}

# make_image IMAGE BOARD
make_image() {
    case $1 in
    psk_client*) image "$1" "$2" psk_client "$out/psk.c" "-Dcub_profile_psk_client=cub_profile_$1" ;;
    server) image "$1" "$2" server "$out/server.c" ;;
    both_server) image "$1" "$2" server "$out/server.c" -Dcub_profile_server=cub_profile_small ;;
    both_client*) image "$1" "$2" client "$out/client.c" -Dcub_profile_ecdsa_client=cub_profile_small ;;
    *_resuming) image "$1" "$2" resuming_client "$out/client.c" ;;
    *_client*) image "$1" "$2" client "$out/client.c" "-Dcub_profile_ecdsa_client=cub_profile_${1%_fast}" ;;
    esac
}

der() {
    openssl x509 -in "$1" -outform DER | bytes
}

bytes() {
    od -An -v -tx1 | sed 's/ \(..\)/0x\1,/g'
}

# client_constants FILE TRUST_ANCHOR NAME TIME
client_constants() {
    cat >"$1" <<END
#include "api/examples/firmware/firmware.h"
extern const int64_t test_time;
const int64_t test_time = $4;
const char firmware_server_name[] = "$3";
static const uint8_t certificate[] = {$(der "$here/pki/$2.pem")};
const struct cub_anchor firmware_anchor = {.certificate = {certificate, sizeof certificate}};
END
}

# constants: writes the C files that hold them. 1800000000 is in January 2027.
constants() {
    client_constants "$out/client.c" ca board.example 1800000000
    client_constants "$out/stranger.c" stranger board.example 1800000000
    client_constants "$out/name.c" ca other.example 1800000000
    client_constants "$out/expired.c" ca board.example 5000000000
    cat >"$out/psk.c" <<END
#include "api/examples/firmware/firmware.h"
extern const int64_t test_time;
const int64_t test_time = 1800000000;
static const uint8_t key[] = {$(echo $psk_hex | sed 's/../0x&,/g')};
const struct cub_psk firmware_psk = {
    .identity = {(const uint8_t *)"board", 5},
    .key = {key, sizeof key},
    .hash = &cub_sha256,
    .kind = CUB_PSK_EXTERNAL,
};
END
    # The last 32 of the SEC1 form's first OCTET STRING: 30 77 02 01 01 04 20 ...
    scalar=$(openssl ec -in "$here/pki/server.key.pem" -outform DER 2>/dev/null |
        dd bs=1 skip=7 count=32 2>/dev/null | bytes)
    cat >"$out/server.c" <<END
#include "api/examples/firmware/firmware.h"
extern const int64_t test_time;
const int64_t test_time = 1800000000;
static const uint8_t certificate[] = {$(der "$here/pki/server.pem")};
static const uint8_t scalar[] = {$scalar};
static const struct cub_view chain[] = {{certificate, sizeof certificate}};
static const struct cub_private_key key = {
    .type = CUB_KEY_EC_P256,
    .scalar = {scalar, sizeof scalar},
};
const struct cub_credential firmware_credential = {.chain = chain, .chain_len = 1, .key = &key};
END
}
