#include "crypto/cbc.h"

#include <string.h>

#include "crypto/bytes.h"
#include "crypto/target/target.h"

_Static_assert(48 + 32 <= sizeof(struct cub_aead_key), "room for the longest of them");

/* The keys as they came: the MAC's, then the cipher's. */
static const uint8_t *mac_key(const struct cub_aead_key *key)
{
    return (const uint8_t *)key->state;
}

static const uint8_t *cipher_key(const struct cub_cbc *cbc, const struct cub_aead_key *key)
{
    return mac_key(key) + cbc->aead.mac_key_size;
}

static size_t cipher_key_size(const struct cub_cbc *cbc)
{
    return (size_t)cbc->aead.key_size - cbc->aead.mac_key_size;
}

void cub_cbc_encrypt(const struct cub_cbc *cbc, const struct cub_aead_key *key,
                     const uint8_t iv[CUB_CBC_BLOCK], uint8_t *data, size_t len)
{
    const br_block_cbcenc_class *aes = cub_target_aes_cbcenc();
    br_aes_gen_cbcenc_keys keys;
    uint8_t chain[CUB_CBC_BLOCK];

    memcpy(chain, iv, sizeof chain);
    aes->init(&keys.vtable, cipher_key(cbc, key), cipher_key_size(cbc));
    aes->run(&keys.vtable, chain, data, len);
    cub_wipe(&keys, sizeof keys);
}

void cub_cbc_decrypt(const struct cub_cbc *cbc, const struct cub_aead_key *key,
                     const uint8_t iv[CUB_CBC_BLOCK], uint8_t *data, size_t len)
{
    const br_block_cbcdec_class *aes = cub_target_aes_cbcdec();
    br_aes_gen_cbcdec_keys keys;
    uint8_t chain[CUB_CBC_BLOCK];

    memcpy(chain, iv, sizeof chain);
    aes->init(&keys.vtable, cipher_key(cbc, key), cipher_key_size(cbc));
    aes->run(&keys.vtable, chain, data, len);
    cub_wipe(&keys, sizeof keys);
}

static void begin_mac(const struct cub_cbc *cbc, const struct cub_aead_key *key,
                      br_hmac_context *context)
{
    br_hmac_key_context expanded;

    br_hmac_key_init(&expanded, cbc->hash->impl, mac_key(key), cbc->aead.mac_key_size);
    br_hmac_init(context, &expanded, 0);
    cub_wipe(&expanded, sizeof expanded);
}

void cub_cbc_mac(const struct cub_cbc *cbc, const struct cub_aead_key *key,
                 const uint8_t header[CUB_CBC_HEADER], const uint8_t *data, size_t len,
                 uint8_t *mac)
{
    br_hmac_context context;

    begin_mac(cbc, key, &context);
    br_hmac_update(&context, header, CUB_CBC_HEADER);
    br_hmac_update(&context, data, len);
    br_hmac_out(&context, mac);
    cub_wipe(&context, sizeof context);
}

void cub_cbc_mac_secret_length(const struct cub_cbc *cbc, const struct cub_aead_key *key,
                               const uint8_t header[CUB_CBC_HEADER], const uint8_t *data,
                               size_t len, size_t min_len, size_t max_len, uint8_t *mac)
{
    br_hmac_context context;

    begin_mac(cbc, key, &context);
    br_hmac_update(&context, header, CUB_CBC_HEADER);
    br_hmac_outCT(&context, data, len, min_len, max_len, mac);
    cub_wipe(&context, sizeof context);
}

void cub_cbc_iv(const struct cub_cbc *cbc, const struct cub_aead_key *key, uint64_t sequence,
                uint8_t iv[CUB_CBC_BLOCK])
{
    br_hmac_context context;
    uint8_t number[8], mac[CUB_CBC_MAX_MAC];

    cub_store_be64(number, sequence);
    begin_mac(cbc, key, &context);
    br_hmac_update(&context, number, sizeof number);
    br_hmac_out(&context, mac);
    memcpy(iv, mac, CUB_CBC_BLOCK);
    cub_wipe(&context, sizeof context);
}

#define CBC(name, cipher_key, digest, digest_size)                                                 \
    static void init_##name(struct cub_aead_key *key, const uint8_t *bytes)                        \
    {                                                                                              \
        memcpy(key->state, bytes, digest_size + cipher_key);                                       \
    }                                                                                              \
    const struct cub_cbc cub_##name = {                                                            \
        .aead = {.key_size = digest_size + cipher_key,                                             \
                 .tag_size = digest_size,                                                          \
                 .limit_log2 = 63,                                                                 \
                 .mac_key_size = digest_size,                                                      \
                 .init = init_##name},                                                             \
        .hash = &cub_##digest,                                                                     \
    }

CBC(aes_128_cbc_sha1, 16, sha1, 20);
CBC(aes_256_cbc_sha1, 32, sha1, 20);
CBC(aes_128_cbc_sha256, 16, sha256, 32);
CBC(aes_256_cbc_sha256, 32, sha256, 32);
CBC(aes_256_cbc_sha384, 32, sha384, 48);
