#include <string.h>

#include <bearssl.h>

#include "crypto/bytes.h"
#include "crypto/kdf.h"

struct work {
    struct cub_hash_context context;
    uint32_t block[CUB_HASH_MAX_BLOCK / 4];
};

/* The hash's state behind its first block, of which all bytes are masked. */
static void state_after(const struct cub_hash *hash, struct work *w, uint32_t mask, uint8_t *state)
{
    for (int i = 0; i < CUB_HASH_MAX_BLOCK / 4; i++)
        w->block[i] ^= mask;
    cub_hash_init(hash, &w->context);
    cub_hash_update(hash, &w->context, w->block, hash->block_size);
    hash->impl->state((const void *)&w->context, state);
}

/* The block is the key, padded with zeros, with 0x36 or 0x5c in every byte [RFC2104-2]. */
void cub_hmac_key_set(struct cub_hmac_key *key, const struct cub_hash *hash, const uint8_t *bytes,
                      size_t len)
{
    struct work w;

    key->hash = hash;
    memset(w.block, 0, sizeof w.block);
    if (len > 0)
        memcpy(w.block, bytes, len);
    state_after(hash, &w, 0x36363636, key->states[0]);
    state_after(hash, &w, 0x36363636 ^ 0x5c5c5c5c, key->states[1]);
    cub_wipe(&w, sizeof w);
}

void cub_hmac_key_init(struct cub_hmac_key *key, const struct cub_hash *hash, const uint8_t *bytes,
                       size_t len)
{
    uint8_t digest[CUB_HASH_MAX_SIZE];

    if (len == 0)
        bytes = digest; /* a key of no bytes may be NULL, of which memcpy must not hear */
    if (len > hash->block_size) {
        cub_hash_once(hash, bytes, len, digest);
        bytes = digest;
        len = hash->size;
    }
    cub_hmac_key_set(key, hash, bytes, len);
    cub_wipe(digest, sizeof digest);
}

/* Goes on behind the inner or outer block. Of a context this sets all but BearSSL's pointer to the
 * functions, which nobody reads. */
static void resume(const struct cub_hmac_key *key, int outer, struct cub_hash_context *context)
{
    key->hash->impl->set_state((void *)context, key->states[outer], key->hash->block_size);
}

void cub_hmac_begin(const struct cub_hmac_key *key, struct cub_hash_context *context)
{
    resume(key, 0, context);
}

void cub_hmac_end(const struct cub_hmac_key *key, struct cub_hash_context *context, uint8_t *out)
{
    const struct cub_hash *hash = key->hash;

    cub_hash_output(hash, context, out);
    resume(key, 1, context);
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

void cub_hmac_secret(const struct cub_hash *hash, const uint8_t *secret, const void *data,
                     size_t len, uint8_t *out)
{
    struct {
        struct cub_hmac_key key;
        struct cub_hash_context context;
    } w;

    cub_hmac_key_set(&w.key, hash, secret, hash->size);
    cub_hmac_begin(&w.key, &w.context);
    cub_hash_update(hash, &w.context, data, len);
    cub_hmac_end(&w.key, &w.context, out);
    cub_wipe(&w, sizeof w);
}
