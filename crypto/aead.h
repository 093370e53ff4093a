/*
 * Authenticated encryption [RFC5116], in place, one record at a time.
 */
#ifndef CUB_CRYPTO_AEAD_H
#define CUB_CRYPTO_AEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CUB_AEAD_MAX_KEY    32
#define CUB_AEAD_NONCE_SIZE 12
#define CUB_AEAD_MAX_TAG    16

/*
 * seal and open take nonces of CUB_AEAD_NONCE_SIZE bytes, at most 65279 bytes of additional data
 * and less than 2^24 bytes of data; aad and data may be NULL if empty.
 */

/* A key, ready for use. Wiped by its owner. */
struct cub_aead_key {
    uint64_t state[10];
};

struct cub_aead {
    uint8_t key_size; /* 16 or 32; with CBC up to 80 */
    uint8_t tag_size; /* 16, or 8 for CCM_8 */
    /*
     * Records that may be sealed under one key, as a power of two
     * [RFC8446-5.5]: 24 for AES-GCM, 23 for AES-CCM, 63 where the sequence number ends first.
     */
    uint8_t limit_log2;
    uint8_t mac_key_size; /* of key_size, what is a MAC's (cbc.h); 0: a true AEAD */
    /* Takes key_size bytes of key. */
    void (*init)(struct cub_aead_key *key, const uint8_t *bytes);
    /* Encrypts len bytes in place and writes tag_size bytes of tag. */
    void (*seal)(const struct cub_aead_key *key, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, uint8_t *data, size_t len, uint8_t *tag);
    /* Decrypts in place; false if the tag does not match, and then data is worthless. */
    bool (*open)(const struct cub_aead_key *key, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, uint8_t *data, size_t len, const uint8_t *tag);
};

extern const struct cub_aead cub_aes_128_gcm;
extern const struct cub_aead cub_aes_256_gcm;
extern const struct cub_aead cub_aes_128_ccm;
extern const struct cub_aead cub_aes_256_ccm;
extern const struct cub_aead cub_aes_128_ccm_8;
extern const struct cub_aead cub_aes_256_ccm_8;
extern const struct cub_aead cub_chacha20_poly1305;

#endif
