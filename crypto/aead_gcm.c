#include <string.h>

#include "crypto/aead.h"
#include "crypto/bytes.h"
#include "crypto/target/target.h"

/* AES-GCM [RFC5116-5.1] from BearSSL's counter mode and GHASH. */
struct gcm_key {
    br_aes_gen_ctr_keys aes;
    br_ghash ghash;
    uint8_t h[16];
};
_Static_assert(sizeof(struct gcm_key) <= sizeof(struct cub_aead_key), "room for AES-GCM");

static void init(struct cub_aead_key *key, const uint8_t *bytes, size_t len)
{
    static const uint8_t zero[CUB_AEAD_NONCE_SIZE];
    struct gcm_key *gcm = (void *)key;
    const br_block_ctr_class *aes = cub_target_aes_ctr();

    aes->init(&gcm->aes.vtable, bytes, len);
    gcm->ghash = cub_target_ghash();
    memset(gcm->h, 0, sizeof gcm->h);
    aes->run(&gcm->aes.vtable, zero, 0, gcm->h, sizeof gcm->h); /* H is zero, encrypted */
}

static void init_128(struct cub_aead_key *key, const uint8_t *bytes)
{
    init(key, bytes, 16);
}

static void init_256(struct cub_aead_key *key, const uint8_t *bytes)
{
    init(key, bytes, 32);
}

/* Counter blocks are the nonce and a 32-bit number; 1 belongs to the tag, the data begin at 2. */
static void crypt(const struct gcm_key *key, const uint8_t *nonce, uint8_t *data, size_t len)
{
    key->aes.vtable->run(&key->aes.vtable, nonce, 2, data, len);
}

static void authenticate(const struct gcm_key *key, const uint8_t *nonce, const uint8_t *aad,
                         size_t aad_len, const uint8_t *data, size_t len, uint8_t *tag)
{
    uint8_t lengths[16];

    cub_store_be64(lengths, (uint64_t)aad_len << 3);
    cub_store_be64(lengths + 8, (uint64_t)len << 3);
    memset(tag, 0, 16);
    key->ghash(tag, key->h, aad, aad_len);
    key->ghash(tag, key->h, data, len);
    key->ghash(tag, key->h, lengths, sizeof lengths);
    key->aes.vtable->run(&key->aes.vtable, nonce, 1, tag, 16);
}

static void seal(const struct cub_aead_key *key, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, uint8_t *data, size_t len, uint8_t *tag)
{
    const struct gcm_key *gcm = (const void *)key;

    crypt(gcm, nonce, data, len);
    authenticate(gcm, nonce, aad, aad_len, data, len, tag);
}

static bool open(const struct cub_aead_key *key, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, uint8_t *data, size_t len, const uint8_t *tag)
{
    const struct gcm_key *gcm = (const void *)key;
    uint8_t want[16];

    authenticate(gcm, nonce, aad, aad_len, data, len, want);
    crypt(gcm, nonce, data, len);
    return cub_ct_equal(tag, want, sizeof want);
}

/* At most 2^24.5 records of full size under one key [RFC8446-5.5]. */
const struct cub_aead cub_aes_128_gcm = {16, 16, 24, 0, init_128, seal, open};
const struct cub_aead cub_aes_256_gcm = {32, 16, 24, 0, init_256, seal, open};
