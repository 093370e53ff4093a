#include <string.h>

#include <bearssl.h>

#include "crypto/bytes.h"
#include "crypto/kdf.h"

/* The hash's state after the first block: the key, padded with zeros, with every byte masked
 * [RFC2104-2]. It goes through in pieces, which need less room. */
static void state_after(const struct cub_hash *hash, struct cub_hash_context *context,
                        const uint8_t *key, size_t len, uint8_t mask, uint8_t *state)
{
    uint8_t piece[16];

    cub_hash_init(hash, context);
    for (size_t at = 0; at < hash->block_size; at += sizeof piece) {
        for (size_t i = 0; i < sizeof piece; i++)
            piece[i] = at + i < len ? key[at + i] ^ mask : mask;
        cub_hash_update(hash, context, piece, sizeof piece);
    }
    hash->impl->state((const void *)context, state);
    cub_wipe(piece, sizeof piece);
}

void cub_hmac_key_expand(struct cub_hmac_key *key, const struct cub_hash *hash,
                         const uint8_t *bytes, size_t len, struct cub_hash_context *context)
{
    if (len > hash->block_size) {
        cub_hash_init(hash, context);
        cub_hash_update(hash, context, bytes, len);
        cub_hash_output(hash, context, key->outer);
        bytes = key->outer; /* which is overwritten when it was used */
        len = hash->size;
    }
    key->hash = hash;
    state_after(hash, context, bytes, len, 0x36, key->inner);
    state_after(hash, context, bytes, len, 0x5c, key->outer);
}

void cub_hmac_key_init(struct cub_hmac_key *key, const struct cub_hash *hash, const uint8_t *bytes,
                       size_t len)
{
    struct cub_hash_context context;

    cub_hmac_key_expand(key, hash, bytes, len, &context);
    cub_wipe(&context, sizeof context);
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

    cub_hmac_key_expand(&expanded, hash, key, key_len, &context);
    cub_hmac_begin(&expanded, &context);
    cub_hash_update(hash, &context, data, data_len);
    cub_hmac_end(&expanded, &context, out);
    cub_wipe(&expanded, sizeof expanded);
    cub_wipe(&context, sizeof context);
}
