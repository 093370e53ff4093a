#include "handshake/suites12.h"

/* Suites that lack AEAD or forward secrecy: CBC with ECDHE [RFC8422-6], [RFC5289]; static RSA
 * [RFC5246-A.5], [RFC5288], [RFC6655]; CBC with PSK [RFC4279-2], [RFC5487-3] and ECDHE_PSK
 * [RFC5489-2]. CBC has no implicit IV. */
/* clang-format off */
TLS12(ecdhe_ecdsa_aes_128_cbc_sha,    0xc009, aes_128_cbc_sha1.aead,   sha256, cub_record_tls12_cbc, 0, ecdhe, ECDHE, ECDSA);
TLS12(ecdhe_ecdsa_aes_256_cbc_sha,    0xc00a, aes_256_cbc_sha1.aead,   sha256, cub_record_tls12_cbc, 0, ecdhe, ECDHE, ECDSA);
TLS12(ecdhe_ecdsa_aes_128_cbc_sha256, 0xc023, aes_128_cbc_sha256.aead, sha256, cub_record_tls12_cbc, 0, ecdhe, ECDHE, ECDSA);
TLS12(ecdhe_ecdsa_aes_256_cbc_sha384, 0xc024, aes_256_cbc_sha384.aead, sha384, cub_record_tls12_cbc, 0, ecdhe, ECDHE, ECDSA);
TLS12(ecdhe_rsa_aes_128_cbc_sha,      0xc013, aes_128_cbc_sha1.aead,   sha256, cub_record_tls12_cbc, 0, ecdhe, ECDHE, RSA);
TLS12(ecdhe_rsa_aes_256_cbc_sha,      0xc014, aes_256_cbc_sha1.aead,   sha256, cub_record_tls12_cbc, 0, ecdhe, ECDHE, RSA);
TLS12(ecdhe_rsa_aes_128_cbc_sha256,   0xc027, aes_128_cbc_sha256.aead, sha256, cub_record_tls12_cbc, 0, ecdhe, ECDHE, RSA);
TLS12(ecdhe_rsa_aes_256_cbc_sha384,   0xc028, aes_256_cbc_sha384.aead, sha384, cub_record_tls12_cbc, 0, ecdhe, ECDHE, RSA);
TLS12(rsa_aes_128_cbc_sha,            0x002f, aes_128_cbc_sha1.aead,   sha256, cub_record_tls12_cbc, 0, rsa,   RSA,   RSA);
TLS12(rsa_aes_256_cbc_sha,            0x0035, aes_256_cbc_sha1.aead,   sha256, cub_record_tls12_cbc, 0, rsa,   RSA,   RSA);
TLS12(rsa_aes_128_cbc_sha256,         0x003c, aes_128_cbc_sha256.aead, sha256, cub_record_tls12_cbc, 0, rsa,   RSA,   RSA);
TLS12(rsa_aes_256_cbc_sha256,         0x003d, aes_256_cbc_sha256.aead, sha256, cub_record_tls12_cbc, 0, rsa,   RSA,   RSA);
TLS12(rsa_aes_128_gcm_sha256,         0x009c, aes_128_gcm,             sha256, cub_record_tls12,     4, rsa,   RSA,   RSA);
TLS12(rsa_aes_256_gcm_sha384,         0x009d, aes_256_gcm,             sha384, cub_record_tls12,     4, rsa,   RSA,   RSA);
TLS12(rsa_aes_128_ccm,                0xc09c, aes_128_ccm,             sha256, cub_record_tls12,     4, rsa,   RSA,   RSA);
TLS12(rsa_aes_256_ccm,                0xc09d, aes_256_ccm,             sha256, cub_record_tls12,     4, rsa,   RSA,   RSA);
TLS12(rsa_aes_128_ccm_8,              0xc0a0, aes_128_ccm_8,           sha256, cub_record_tls12,     4, rsa,   RSA,   RSA);
TLS12(rsa_aes_256_ccm_8,              0xc0a1, aes_256_ccm_8,           sha256, cub_record_tls12,     4, rsa,   RSA,   RSA);
TLS12(psk_aes_128_cbc_sha,            0x008c, aes_128_cbc_sha1.aead,   sha256, cub_record_tls12_cbc, 0, psk,   PSK,   PSK);
TLS12(psk_aes_256_cbc_sha,            0x008d, aes_256_cbc_sha1.aead,   sha256, cub_record_tls12_cbc, 0, psk,   PSK,   PSK);
TLS12(psk_aes_128_cbc_sha256,         0x00ae, aes_128_cbc_sha256.aead, sha256, cub_record_tls12_cbc, 0, psk,   PSK,   PSK);
TLS12(psk_aes_256_cbc_sha384,         0x00af, aes_256_cbc_sha384.aead, sha384, cub_record_tls12_cbc, 0, psk,   PSK,   PSK);
TLS12(ecdhe_psk_aes_128_cbc_sha,      0xc035, aes_128_cbc_sha1.aead,   sha256, cub_record_tls12_cbc, 0, ecdhe_psk, ECDHE_PSK, PSK);
TLS12(ecdhe_psk_aes_256_cbc_sha,      0xc036, aes_256_cbc_sha1.aead,   sha256, cub_record_tls12_cbc, 0, ecdhe_psk, ECDHE_PSK, PSK);
TLS12(ecdhe_psk_aes_128_cbc_sha256,   0xc037, aes_128_cbc_sha256.aead, sha256, cub_record_tls12_cbc, 0, ecdhe_psk, ECDHE_PSK, PSK);
TLS12(ecdhe_psk_aes_256_cbc_sha384,   0xc038, aes_256_cbc_sha384.aead, sha384, cub_record_tls12_cbc, 0, ecdhe_psk, ECDHE_PSK, PSK);
/* clang-format on */
