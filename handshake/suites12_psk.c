#include "handshake/suites12.h"

/* PSK [RFC5487], [RFC6655], [RFC7905] and ECDHE_PSK [RFC8442], [RFC7905]. */
/* clang-format off */
TLS12(psk_aes_128_gcm_sha256,              0x00a8, aes_128_gcm,       sha256, cub_record_tls12,        4,  psk,       PSK,       PSK);
TLS12(psk_aes_256_gcm_sha384,              0x00a9, aes_256_gcm,       sha384, cub_record_tls12,        4,  psk,       PSK,       PSK);
TLS12(psk_aes_128_ccm,                     0xc0a4, aes_128_ccm,       sha256, cub_record_tls12,        4,  psk,       PSK,       PSK);
TLS12(psk_aes_256_ccm,                     0xc0a5, aes_256_ccm,       sha256, cub_record_tls12,        4,  psk,       PSK,       PSK);
TLS12(psk_aes_128_ccm_8,                   0xc0a8, aes_128_ccm_8,     sha256, cub_record_tls12,        4,  psk,       PSK,       PSK);
TLS12(psk_aes_256_ccm_8,                   0xc0a9, aes_256_ccm_8,     sha256, cub_record_tls12,        4,  psk,       PSK,       PSK);
TLS12(psk_chacha20_poly1305_sha256,        0xccab, chacha20_poly1305, sha256, cub_record_tls12_chacha, 12, psk,       PSK,       PSK);
TLS12(ecdhe_psk_aes_128_gcm_sha256,        0xd001, aes_128_gcm,       sha256, cub_record_tls12,        4,  ecdhe_psk, ECDHE_PSK, PSK);
TLS12(ecdhe_psk_aes_256_gcm_sha384,        0xd002, aes_256_gcm,       sha384, cub_record_tls12,        4,  ecdhe_psk, ECDHE_PSK, PSK);
TLS12(ecdhe_psk_aes_128_ccm_8_sha256,      0xd003, aes_128_ccm_8,     sha256, cub_record_tls12,        4,  ecdhe_psk, ECDHE_PSK, PSK);
TLS12(ecdhe_psk_aes_128_ccm_sha256,        0xd005, aes_128_ccm,       sha256, cub_record_tls12,        4,  ecdhe_psk, ECDHE_PSK, PSK);
TLS12(ecdhe_psk_chacha20_poly1305_sha256,  0xccac, chacha20_poly1305, sha256, cub_record_tls12_chacha, 12, ecdhe_psk, ECDHE_PSK, PSK);
/* clang-format on */
