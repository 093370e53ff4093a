#include <string.h>

#include "crypto/aead.h"
#include "crypto/bytes.h"
#include "crypto/target/target.h"

/*
 * AES-GCM [RFC5116-5.1] from BearSSL's counter mode and GHASH. AES's key is expanded for each
 * record: that takes little time, and twelve times the memory of the key.
 */
struct gcm_key {
    uint8_t bytes[32];
    uint8_t h[16];
    uint8_t size;
};
_Static_assert(sizeof(struct gcm_key) <= sizeof(struct cub_aead_key), "room for AES-GCM");

/* Counter mode, from this counter on. Counter blocks are the nonce and a 32-bit number. */
static void run(const br_aes_gen_ctr_keys *aes, const uint8_t *nonce, uint32_t counter,
                uint8_t *data, size_t len)
{
    aes->vtable->run(&aes->vtable, nonce, counter, data, len);
}

static void init(struct cub_aead_key *key, const uint8_t *bytes, size_t len)
{
    static const uint8_t zero[CUB_AEAD_NONCE_SIZE];
    struct gcm_key *gcm = (void *)key;
    br_aes_gen_ctr_keys aes;

    memcpy(gcm->bytes, bytes, len);
    gcm->size = (uint8_t)len;
    memset(gcm->h, 0, sizeof gcm->h);
    cub_target_aes_ctr()->init(&aes.vtable, bytes, len);
    run(&aes, zero, 0, gcm->h, sizeof gcm->h); /* H is zero, encrypted */
    cub_wipe(&aes, sizeof aes);
}

static void init_128(struct cub_aead_key *key, const uint8_t *bytes)
{
    init(key, bytes, 16);
}

static void init_256(struct cub_aead_key *key, const uint8_t *bytes)
{
    init(key, bytes, 32);
}

/* The hash of additional data, data and their lengths in bits, both below 2^27. */
static void authenticate(const struct gcm_key *key, const uint8_t *aad, size_t aad_len,
                         const uint8_t *data, size_t len, uint8_t *tag)
{
    br_ghash ghash = cub_target_ghash();
    uint8_t lengths[16] = {0};

    cub_store_be32(lengths + 4, (uint32_t)aad_len << 3);
    cub_store_be32(lengths + 12, (uint32_t)len << 3);
    memset(tag, 0, 16);
    ghash(tag, key->h, aad, aad_len);
    ghash(tag, key->h, data, len);
    ghash(tag, key->h, lengths, sizeof lengths);
}

/* Encrypts, then takes the tag; or takes the tag, then decrypts. */
static void process(const struct cub_aead_key *key, const uint8_t *nonce, const uint8_t *aad,
                    size_t aad_len, uint8_t *data, size_t len, uint8_t *tag, bool sealing)
{
    const struct gcm_key *gcm = (const void *)key;
    br_aes_gen_ctr_keys aes;

    cub_target_aes_ctr()->init(&aes.vtable, gcm->bytes, gcm->size);
    if (sealing)
        run(&aes, nonce, 2, data, len); /* counter 1 belongs to the tag */
    authenticate(gcm, aad, aad_len, data, len, tag);
    run(&aes, nonce, 1, tag, 16);
    if (!sealing)
        run(&aes, nonce, 2, data, len);
    cub_wipe(&aes, sizeof aes);
}

static void seal(const struct cub_aead_key *key, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, uint8_t *data, size_t len, uint8_t *tag)
{
    process(key, nonce, aad, aad_len, data, len, tag, true);
}

static bool open(const struct cub_aead_key *key, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, uint8_t *data, size_t len, const uint8_t *tag)
{
    uint8_t want[16];

    process(key, nonce, aad, aad_len, data, len, want, false);
    return cub_ct_equal(tag, want, sizeof want);
}

/* At most 2^24.5 records of full size under one key [RFC8446-5.5]. */
const struct cub_aead cub_aes_128_gcm = {16, 16, 24, 0, init_128, seal, open};
const struct cub_aead cub_aes_256_gcm = {32, 16, 24, 0, init_256, seal, open};
