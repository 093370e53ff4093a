#include <string.h>

#include <bearssl.h>

#include "crypto/bytes.h"
#include "crypto/kdf.h"

#define MAX_BLOCK 128 /* of SHA-384 and SHA-512 */

/* The hash's state after the first block, which is the key with every byte masked [RFC2104-2]. */
static void state_after(const struct cub_hash *hash, uint8_t *block, uint8_t mask, uint8_t *state)
{
    struct cub_hash_context context;

    for (size_t i = 0; i < hash->block_size; i++)
        block[i] ^= mask;
    cub_hash_init(hash, &context);
    cub_hash_update(hash, &context, block, hash->block_size);
    hash->impl->state((const void *)&context, state);
    cub_wipe(&context, sizeof context);
}

void cub_hmac_key_init(struct cub_hmac_key *key, const struct cub_hash *hash, const uint8_t *bytes,
                       size_t len)
{
    uint8_t block[MAX_BLOCK] = {0};

    if (len > hash->block_size)
        cub_hash_once(hash, bytes, len, block);
    else if (len)
        memcpy(block, bytes, len);
    key->hash = hash;
    state_after(hash, block, 0x36, key->inner);
    state_after(hash, block, 0x36 ^ 0x5c, key->outer);
    cub_wipe(block, sizeof block);
}

void cub_hmac_begin(const struct cub_hmac_key *key, struct cub_hash_context *context)
{
    const struct cub_hash *hash = key->hash;

    cub_hash_init(hash, context);
    hash->impl->set_state((void *)context, key->inner, hash->block_size);
}

void cub_hmac_end(const struct cub_hmac_key *key, struct cub_hash_context *context, uint8_t *out)
{
    const struct cub_hash *hash = key->hash;

    cub_hash_output(hash, context, out);
    hash->impl->set_state((void *)context, key->outer, hash->block_size);
    cub_hash_update(hash, context, out, hash->size);
    cub_hash_output(hash, context, out);
}

void cub_hmac(const struct cub_hash *hash, const uint8_t *key, size_t key_len, const void *data,
              size_t data_len, uint8_t *out)
{
    struct cub_hmac_key expanded;
    struct cub_hash_context context;

    cub_hmac_key_init(&expanded, hash, key, key_len);
    cub_hmac_begin(&expanded, &context);
    cub_hash_update(hash, &context, data, data_len);
    cub_hmac_end(&expanded, &context, out);
    cub_wipe(&expanded, sizeof expanded);
    cub_wipe(&context, sizeof context);
}
