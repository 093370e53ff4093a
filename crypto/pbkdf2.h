/*
 * Keys from passwords: PBKDF2 [RFC8018-5.2], and MD5 for what OpenSSL did before.
 */
#ifndef CUB_CRYPTO_PBKDF2_H
#define CUB_CRYPTO_PBKDF2_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/hash.h"

/* PBKDF2 with HMAC over a hash; iterations > 0, out_len of any size. */
void cub_pbkdf2(const struct cub_hash *hash, const uint8_t *password, size_t password_len,
                const uint8_t *salt, size_t salt_len, uint32_t iterations, uint8_t *out,
                size_t out_len);

/* MD5, for encrypted keys of old; nothing that must be strong may use it. */
extern const struct cub_hash cub_md5;

#endif
