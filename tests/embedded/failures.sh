# Sourced by run.sh: what a client must refuse, and a chain that is longer than its buffers.

# variant NAME CONSTANTS [LINKER FLAGS AND FILES]: an image on the first board.
variant() {
    message=$(image "$1" mps2-an385 client "$out/$2.c" "${3:-}" 2>&1) ||
        fail "$1 links" "$message"
}

variant stranger stranger
client mps2-an385 stranger -tls1_3 $certificate
refused "wrong CA: unknown_ca" 48

variant name name
client mps2-an385 name -tls1_3 $certificate
refused "wrong host name: bad_certificate" 42

variant expired expired
client mps2-an385 expired -tls1_3 $certificate
refused "expired: certificate_expired" 45

variant finished client "$here/bad_finished.c -Wl,--wrap=cub_recv_finished"
client mps2-an385 finished -tls1_3 $certificate
refused "bad Finished: decrypt_error" 51

client mps2-an385 ecdsa_client -tls1_3 -cert "$here/pki/deep.pem" -key "$here/pki/deep.key.pem" \
    -cert_chain "$here/pki/intermediate.pem" -max_send_frag 512
succeeded "two certificates through 512-byte records" "$echoed"

# An anchor as name and key, as cub writes it.
if [ -n "${CUB_TOOL:-}" ]; then
    {
        echo '#include "api/examples/firmware/firmware.h"'
        echo 'extern const int64_t test_time;'
        echo 'const int64_t test_time = 1800000000;'
        echo 'const char firmware_server_name[] = "board.example";'
        "$CUB_TOOL" anchors "$here/pki/ca.pem"
    } >"$out/anchors.c"
    variant anchors anchors -Wl,--defsym=firmware_anchor=anchors
    client mps2-an385 anchors -tls1_3 $certificate
    succeeded "trust anchor as name and key, written by cub anchors" "$echoed"
else
    skip "trust anchor as name and key" "CUB_TOOL does not name cub"
fi

# The profile that the README shows.
sed -n '/^```c$/,/^```$/p' "$here/README.md" | grep -v '^```' >"$out/profile.c"
variant profile client "$out/profile.c -Dcub_profile_ecdsa_client=my_profile"
client mps2-an385 profile -tls1_3 $certificate -ciphersuites TLS_AES_128_CCM_SHA256 -groups X25519
succeeded "the README's profile of one's own" "$echoed"
