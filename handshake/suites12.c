#include "handshake/suites12.h"

/* ECDHE with AEADs: [RFC5289], [RFC7905], [RFC7251]. A salt of 4 bytes goes with an explicit nonce.
 */
/* clang-format off */
TLS12(ecdhe_ecdsa_aes_128_gcm_sha256, 0xc02b, aes_128_gcm, sha256, cub_record_tls12, 4, ecdhe, ECDHE, ECDSA);
TLS12(ecdhe_ecdsa_aes_256_gcm_sha384, 0xc02c, aes_256_gcm, sha384, cub_record_tls12, 4, ecdhe, ECDHE, ECDSA);
TLS12(ecdhe_rsa_aes_128_gcm_sha256, 0xc02f, aes_128_gcm, sha256, cub_record_tls12, 4, ecdhe, ECDHE, RSA);
TLS12(ecdhe_rsa_aes_256_gcm_sha384, 0xc030, aes_256_gcm, sha384, cub_record_tls12, 4, ecdhe, ECDHE, RSA);
TLS12(ecdhe_ecdsa_aes_128_ccm, 0xc0ac, aes_128_ccm, sha256, cub_record_tls12, 4, ecdhe, ECDHE, ECDSA);
TLS12(ecdhe_ecdsa_aes_256_ccm, 0xc0ad, aes_256_ccm, sha256, cub_record_tls12, 4, ecdhe, ECDHE, ECDSA);
TLS12(ecdhe_ecdsa_aes_128_ccm_8, 0xc0ae, aes_128_ccm_8, sha256, cub_record_tls12, 4, ecdhe, ECDHE, ECDSA);
TLS12(ecdhe_ecdsa_aes_256_ccm_8, 0xc0af, aes_256_ccm_8, sha256, cub_record_tls12, 4, ecdhe, ECDHE, ECDSA);
TLS12(ecdhe_rsa_chacha20_poly1305_sha256, 0xcca8, chacha20_poly1305, sha256, cub_record_tls12_chacha, 12, ecdhe, ECDHE, RSA);
TLS12(ecdhe_ecdsa_chacha20_poly1305_sha256, 0xcca9, chacha20_poly1305, sha256, cub_record_tls12_chacha, 12, ecdhe, ECDHE, ECDSA);
/* clang-format on */
