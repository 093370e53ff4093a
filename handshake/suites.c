#include "handshake/config.h"

/* The suites of TLS 1.3 [RFC8446-B.4]. */
#define TLS13(name, number, cipher, digest)                                                        \
    const struct cub_suite cub_suite_##name = {                                                    \
        .id = number,                                                                              \
        .version = CUB_TLS1_3,                                                                     \
        .aead = &cub_##cipher,                                                                     \
        .hash = &cub_##digest,                                                                     \
        .format = &cub_record_tls13,                                                               \
        .iv_size = CUB_AEAD_NONCE_SIZE,                                                            \
    }

TLS13(aes_128_gcm_sha256, 0x1301, aes_128_gcm, sha256);
TLS13(aes_256_gcm_sha384, 0x1302, aes_256_gcm, sha384);
TLS13(chacha20_poly1305_sha256, 0x1303, chacha20_poly1305, sha256);
TLS13(aes_128_ccm_sha256, 0x1304, aes_128_ccm, sha256);
TLS13(aes_128_ccm_8_sha256, 0x1305, aes_128_ccm_8, sha256);
