#include "crypto/pbkdf2.h"

#include <string.h>

#include <bearssl.h>

#include "crypto/bytes.h"
#include "crypto/kdf.h"

_Static_assert(sizeof(br_md5_context) <= CUB_HASH_MAX_CONTEXT, "MD5 context");

const struct cub_hash cub_md5 = {
    .id = 1,
    .size = br_md5_SIZE,
    .block_size = 64,
    .context_size = sizeof(br_md5_context),
    .impl = &br_md5_vtable,
};

/* Block i, from 1 on: U_1 ^ U_2 ^ ... ^ U_c. */
static void block(const struct cub_hmac_key *key, const uint8_t *salt, size_t salt_len,
                  uint32_t iterations, uint32_t i, uint8_t out[CUB_HASH_MAX_SIZE])
{
    struct cub_hash_context context;
    uint8_t u[CUB_HASH_MAX_SIZE];
    uint8_t number[4];

    cub_store_be32(number, i);
    cub_hmac_begin(key, &context);
    cub_hash_update(key->hash, &context, salt, salt_len);
    cub_hash_update(key->hash, &context, number, sizeof number);
    cub_hmac_end(key, &context, u);
    memcpy(out, u, key->hash->size);
    for (uint32_t n = 1; n < iterations; n++) {
        cub_hmac_begin(key, &context);
        cub_hash_update(key->hash, &context, u, key->hash->size);
        cub_hmac_end(key, &context, u);
        for (size_t j = 0; j < key->hash->size; j++)
            out[j] ^= u[j];
    }
    cub_wipe(&context, sizeof context);
    cub_wipe(u, sizeof u);
}

void cub_pbkdf2(const struct cub_hash *hash, const uint8_t *password, size_t password_len,
                const uint8_t *salt, size_t salt_len, uint32_t iterations, uint8_t *out,
                size_t out_len)
{
    struct cub_hmac_key key;
    uint8_t t[CUB_HASH_MAX_SIZE];

    cub_hmac_key_init(&key, hash, password, password_len);
    for (uint32_t i = 1; out_len > 0; i++) {
        size_t n = out_len < hash->size ? out_len : hash->size;
        block(&key, salt, salt_len, iterations, i, t);
        memcpy(out, t, n);
        out += n;
        out_len -= n;
    }
    cub_wipe(&key, sizeof key);
    cub_wipe(t, sizeof t);
}
