#include <string.h>

#include "crypto/aead.h"
#include "crypto/bytes.h"
#include "crypto/target/target.h"

/* AES-CCM [RFC5116-5.3] [RFC6655] from BearSSL's combined counter mode and CBC-MAC. As with GCM,
 * AES's key is expanded for each record. */
struct stored_key {
    uint8_t bytes[32];
    uint8_t size;
    uint8_t tag_size;
};
_Static_assert(sizeof(struct stored_key) <= sizeof(struct cub_aead_key), "room for AES-CCM");

struct ccm_key {
    br_aes_gen_ctrcbc_keys aes;
    uint8_t tag_size;
};

#define LENGTH_SIZE (15 - CUB_AEAD_NONCE_SIZE) /* bytes of the message's length */

static void init(struct cub_aead_key *key, const uint8_t *bytes, size_t len, uint8_t tag_size)
{
    struct stored_key *stored = (void *)key;

    memcpy(stored->bytes, bytes, len);
    stored->size = (uint8_t)len;
    stored->tag_size = tag_size;
}

static void expand(struct ccm_key *ccm, const struct cub_aead_key *key)
{
    const struct stored_key *stored = (const void *)key;

    cub_target_aes_ctrcbc()->init(&ccm->aes.vtable, stored->bytes, stored->size);
    ccm->tag_size = stored->tag_size;
}

static void init_128(struct cub_aead_key *key, const uint8_t *bytes)
{
    init(key, bytes, 16, 16);
}

static void init_256(struct cub_aead_key *key, const uint8_t *bytes)
{
    init(key, bytes, 32, 16);
}

static void init_128_8(struct cub_aead_key *key, const uint8_t *bytes)
{
    init(key, bytes, 16, 8);
}

static void init_256_8(struct cub_aead_key *key, const uint8_t *bytes)
{
    init(key, bytes, 32, 8);
}

/* Adds the additional data to the MAC: its length in two bytes [RFC3610-2.2], then itself, then
 * zeros. */
static void mac_aad(const struct ccm_key *key, uint8_t *mac, const uint8_t *aad, size_t n)
{
    uint8_t block[16] = {0};
    size_t used = 2;

    if (n == 0)
        return;
    cub_store_be16(block, (uint32_t)n);
    while (n > 0) {
        size_t part = n < sizeof block - used ? n : sizeof block - used;

        memcpy(block + used, aad, part);
        memset(block + used + part, 0, sizeof block - used - part);
        key->aes.vtable->mac(&key->aes.vtable, mac, block, sizeof block);
        aad += part;
        n -= part;
        used = 0;
    }
}

/* The MAC of the first block [RFC3610-2.2] and the additional data. */
static void mac_head(const struct ccm_key *key, const uint8_t *nonce, const uint8_t *aad,
                     size_t aad_len, size_t len, uint8_t *mac)
{
    uint8_t block[16];

    block[0] = (uint8_t)((aad_len ? 0x40 : 0) | (key->tag_size - 2) << 2 | (LENGTH_SIZE - 1));
    memcpy(block + 1, nonce, CUB_AEAD_NONCE_SIZE);
    cub_store_be24(block + 13, (uint32_t)len);
    memset(mac, 0, 16);
    key->aes.vtable->mac(&key->aes.vtable, mac, block, sizeof block);
    mac_aad(key, mac, aad, aad_len);
}

/* Counter block number n [RFC3610-2.3]. */
static void counter_block(const uint8_t *nonce, uint8_t n, uint8_t *block)
{
    block[0] = LENGTH_SIZE - 1;
    memcpy(block + 1, nonce, CUB_AEAD_NONCE_SIZE);
    cub_store_be24(block + 13, n);
}

/*
 * Encrypts or decrypts the data and adds the plaintext to the MAC. BearSSL's functions are named
 * for encrypt-then-MAC: its "decrypt" takes the MAC of what goes in, its "encrypt" of what comes
 * out.
 */
static void crypt(const struct ccm_key *key, const uint8_t *nonce, bool sealing, uint8_t *data,
                  size_t len, uint8_t *mac)
{
    const br_block_ctrcbc_class *const *aes = &key->aes.vtable;
    size_t rest = len & 15;
    uint8_t counter[16];
    uint8_t last[16] = {0};

    counter_block(nonce, 1, counter);
    if (sealing)
        (*aes)->decrypt(aes, counter, mac, data, len - rest);
    else
        (*aes)->encrypt(aes, counter, mac, data, len - rest);
    if (rest == 0)
        return;
    data += len - rest;
    memcpy(last, data, rest);
    if (sealing) {
        (*aes)->decrypt(aes, counter, mac, last, sizeof last);
    } else {
        (*aes)->ctr(aes, counter, last, sizeof last);
        memset(last + rest, 0, sizeof last - rest);
        (*aes)->mac(aes, mac, last, sizeof last);
    }
    memcpy(data, last, rest);
}

/* Encrypts the MAC: the first tag_size bytes of it are the tag. */
static void finish(const struct ccm_key *key, const uint8_t *nonce, uint8_t *mac)
{
    uint8_t counter[16];

    counter_block(nonce, 0, counter);
    key->aes.vtable->ctr(&key->aes.vtable, counter, mac, 16);
}

static void seal(const struct cub_aead_key *key, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, uint8_t *data, size_t len, uint8_t *tag)
{
    struct ccm_key ccm;
    uint8_t mac[16];

    expand(&ccm, key);
    mac_head(&ccm, nonce, aad, aad_len, len, mac);
    crypt(&ccm, nonce, true, data, len, mac);
    finish(&ccm, nonce, mac);
    memcpy(tag, mac, ccm.tag_size);
    cub_wipe(&ccm, sizeof ccm);
}

static bool open(const struct cub_aead_key *key, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, uint8_t *data, size_t len, const uint8_t *tag)
{
    struct ccm_key ccm;
    uint8_t mac[16];
    size_t tag_size;

    expand(&ccm, key);
    mac_head(&ccm, nonce, aad, aad_len, len, mac);
    crypt(&ccm, nonce, false, data, len, mac);
    finish(&ccm, nonce, mac);
    tag_size = ccm.tag_size;
    cub_wipe(&ccm, sizeof ccm);
    return cub_ct_equal(tag, mac, tag_size);
}

/* RFC 8446 gives no limit for CCM; 2^23 records is that of [RFC9147-4.5.3]. */
const struct cub_aead cub_aes_128_ccm = {16, 16, 23, 0, init_128, seal, open};
const struct cub_aead cub_aes_256_ccm = {32, 16, 23, 0, init_256, seal, open};
const struct cub_aead cub_aes_128_ccm_8 = {16, 8, 23, 0, init_128_8, seal, open};
const struct cub_aead cub_aes_256_ccm_8 = {32, 8, 23, 0, init_256_8, seal, open};
