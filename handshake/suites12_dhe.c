#include "handshake/suites12.h"

/* DHE_RSA with AEADs [RFC5288], [RFC7905]. */
/* clang-format off */
TLS12(dhe_rsa_aes_128_gcm_sha256,       0x009e, aes_128_gcm,       sha256, cub_record_tls12,        4,  dhe, DHE, RSA);
TLS12(dhe_rsa_aes_256_gcm_sha384,       0x009f, aes_256_gcm,       sha384, cub_record_tls12,        4,  dhe, DHE, RSA);
TLS12(dhe_rsa_chacha20_poly1305_sha256, 0xccaa, chacha20_poly1305, sha256, cub_record_tls12_chacha, 12, dhe, DHE, RSA);
/* clang-format on */
