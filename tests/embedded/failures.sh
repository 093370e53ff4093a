# Sourced by run.sh: what a client must refuse, on each board; chains that are longer than its
# buffers; what a server must refuse.

# variant NAME CONSTANTS [LINKER FLAGS AND FILES]: an image of the client for $board.
variant() {
    message=$(image "$1" $board client "$out/$2.c" "${3:-}" 2>&1) ||
        fail "$1 for $board links" "$message"
}

# has IMAGE: whether $board has it.
has() {
    case " $(images_of $board) " in *" $1 "*) ;; *) false ;; esac
}

for board in $boards; do
    has ecdsa_client || continue
    variant stranger stranger
    client $board stranger -tls1_3 $certificate
    refused "$board: wrong CA: unknown_ca" 48

    variant name name
    client $board name -tls1_3 $certificate
    refused "$board: wrong host name: bad_certificate" 42

    variant expired expired
    client $board expired -tls1_3 $certificate
    refused "$board: expired: certificate_expired" 45

    variant finished client "$here/bad_finished.c -Wl,--wrap=cub_recv_finished"
    client $board finished -tls1_3 $certificate
    refused "$board: bad Finished: decrypt_error" 51

    # OpenSSL knows nothing of record_size_limit: max_fragment_length is what it follows.
    client $board ecdsa_client -tls1_3 $two_certificates
    succeeded "$board: two certificates through 512-byte records" "$echoed"
    has both_client || continue
    client $board both_client -tls1_2 $two_certificates
    succeeded "$board: two certificates through 512-byte records, TLS 1.2" "$echoed"
done

for board in $boards; do
    has server || continue
    server $board server -tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256
    refused "$board: server, no common cipher suite: handshake_failure" 40

    server $board server -tls1_3 -groups X25519
    refused "$board: server, no common group: handshake_failure" 40

    server $board server -tls1_3 -sigalgs rsa_pss_rsae_sha256
    refused "$board: server, no common signature scheme: handshake_failure" 40

    server $board server -tls1_2
    refused "$board: server, TLS 1.2 alone: protocol_version" 70
done

board=mps2-an385
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
    client $board anchors -tls1_3 $certificate
    succeeded "trust anchor as name and key, written by cub anchors" "$echoed"
else
    skip "trust anchor as name and key" "CUB_TOOL does not name cub"
fi

# The profile that the README shows.
sed -n '/^```c$/,/^```$/p' "$here/README.md" | grep -v '^```' >"$out/profile.c"
variant profile client "$out/profile.c -Dcub_profile_ecdsa_client=my_profile"
client $board profile -tls1_3 $certificate -ciphersuites TLS_AES_128_CCM_SHA256 -groups X25519
succeeded "the README's profile of one's own" "$echoed"
