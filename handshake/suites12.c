#include "handshake/config.h"

/* The AEAD suites of TLS 1.2: [RFC5289], [RFC7905], [RFC7251]. A salt of 4 bytes goes with an
 * explicit nonce. */
#define TLS12(name, number, cipher, digest, record_format, iv, kx, auth)                           \
    const struct cub_suite cub_suite_##name = {                                                    \
        .id = number,                                                                              \
        .version = CUB_TLS1_2,                                                                     \
        .aead = &cub_##cipher,                                                                     \
        .hash = &cub_##digest,                                                                     \
        .format = &record_format,                                                                  \
        .iv_size = iv,                                                                             \
        .key_exchange = CUB_KX_##kx,                                                               \
        .authentication = CUB_AUTH_##auth,                                                         \
    }

/* clang-format off */
TLS12(ecdhe_ecdsa_aes_128_gcm_sha256, 0xc02b, aes_128_gcm, sha256, cub_record_tls12, 4, ECDHE, ECDSA);
TLS12(ecdhe_ecdsa_aes_256_gcm_sha384, 0xc02c, aes_256_gcm, sha384, cub_record_tls12, 4, ECDHE, ECDSA);
TLS12(ecdhe_rsa_aes_128_gcm_sha256, 0xc02f, aes_128_gcm, sha256, cub_record_tls12, 4, ECDHE, RSA);
TLS12(ecdhe_rsa_aes_256_gcm_sha384, 0xc030, aes_256_gcm, sha384, cub_record_tls12, 4, ECDHE, RSA);
TLS12(ecdhe_ecdsa_aes_128_ccm, 0xc0ac, aes_128_ccm, sha256, cub_record_tls12, 4, ECDHE, ECDSA);
TLS12(ecdhe_ecdsa_aes_256_ccm, 0xc0ad, aes_256_ccm, sha256, cub_record_tls12, 4, ECDHE, ECDSA);
TLS12(ecdhe_ecdsa_aes_128_ccm_8, 0xc0ae, aes_128_ccm_8, sha256, cub_record_tls12, 4, ECDHE, ECDSA);
TLS12(ecdhe_ecdsa_aes_256_ccm_8, 0xc0af, aes_256_ccm_8, sha256, cub_record_tls12, 4, ECDHE, ECDSA);
TLS12(ecdhe_rsa_chacha20_poly1305_sha256, 0xcca8, chacha20_poly1305, sha256, cub_record_tls12_chacha, 12, ECDHE, RSA);
TLS12(ecdhe_ecdsa_chacha20_poly1305_sha256, 0xcca9, chacha20_poly1305, sha256, cub_record_tls12_chacha, 12, ECDHE, ECDSA);
/* clang-format on */
