/*
 * AES-CBC and HMAC, the pair that the block cipher suites of TLS 1.2 are made of [RFC5246-6.2.3.2].
 * How they are put together is the record's affair (record/protect_cbc.c).
 */
#ifndef CUB_CRYPTO_CBC_H
#define CUB_CRYPTO_CBC_H

#include "crypto/aead.h"
#include "crypto/hash.h"

#define CUB_CBC_BLOCK   16
#define CUB_CBC_HEADER  13 /* bytes before the content in what the MAC covers */
#define CUB_CBC_MAX_MAC 48

/*
 * The pair in the place of an AEAD: keys are the MAC's and the cipher's, behind each other, and are
 * expanded for each record. aead.seal and aead.open are NULL, aead.tag_size is the MAC's size.
 */
struct cub_cbc {
    struct cub_aead aead;
    const struct cub_hash *hash;
};

extern const struct cub_cbc cub_aes_128_cbc_sha1;
extern const struct cub_cbc cub_aes_256_cbc_sha1;
extern const struct cub_cbc cub_aes_128_cbc_sha256;
extern const struct cub_cbc cub_aes_256_cbc_sha256;
extern const struct cub_cbc cub_aes_256_cbc_sha384;

/* Encrypt and decrypt len bytes in place, a multiple of CUB_CBC_BLOCK. */
void cub_cbc_encrypt(const struct cub_cbc *cbc, const struct cub_aead_key *key,
                     const uint8_t iv[CUB_CBC_BLOCK], uint8_t *data, size_t len);
void cub_cbc_decrypt(const struct cub_cbc *cbc, const struct cub_aead_key *key,
                     const uint8_t iv[CUB_CBC_BLOCK], uint8_t *data, size_t len);

/* MAC over header and data. */
void cub_cbc_mac(const struct cub_cbc *cbc, const struct cub_aead_key *key,
                 const uint8_t header[CUB_CBC_HEADER], const uint8_t *data, size_t len,
                 uint8_t *mac);
/*
 * The same for a secret length in [min_len, max_len]: all max_len bytes are readable, and neither
 * time nor addresses depend on len. header may depend on it too.
 */
void cub_cbc_mac_secret_length(const struct cub_cbc *cbc, const struct cub_aead_key *key,
                               const uint8_t header[CUB_CBC_HEADER], const uint8_t *data,
                               size_t len, size_t min_len, size_t max_len, uint8_t *mac);

/*
 * All ones if the len bytes at data end with padding [RFC5246-6.2.3.2] that leaves least bytes
 * before it, else 0; *padding is its length with the length byte, 1 if it is wrong. len > least.
 * All in constant time.
 */
uint32_t cub_cbc_check_padding(const uint8_t *data, size_t len, size_t least, uint32_t *padding);
/*
 * All ones if the len bytes at data, decrypted, are content, its MAC and padding, else 0; then
 * *content_len is what it is. Puts the length into header, whose rest is given. len is more than
 * the MAC's. Neither time nor addresses depend on the bytes.
 */
uint32_t cub_cbc_check(const struct cub_cbc *cbc, const struct cub_aead_key *key,
                       uint8_t header[CUB_CBC_HEADER], const uint8_t *data, size_t len,
                       size_t *content_len);

/*
 * An IV for record number sequence that nobody can foresee who has not the key: the number's MAC,
 * whose input is of a length that no record's has.
 */
void cub_cbc_iv(const struct cub_cbc *cbc, const struct cub_aead_key *key, uint64_t sequence,
                uint8_t iv[CUB_CBC_BLOCK]);

#endif
