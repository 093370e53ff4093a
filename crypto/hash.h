/*
 * Hash functions. A running hash is plain memory: copy hash->context_size bytes to clone it.
 */
#ifndef CUB_CRYPTO_HASH_H
#define CUB_CRYPTO_HASH_H

#include <stddef.h>
#include <stdint.h>

#define CUB_HASH_MAX_SIZE    64 /* bytes of the longest output: SHA-512 */
#define CUB_HASH_MAX_BLOCK   128
#define CUB_HASH_MAX_CONTEXT 216

/* Values of HashAlgorithm [RFC5246-7.4.1.4.1]; they order the hashes by strength. */
enum cub_hash_id {
    CUB_HASH_SHA1 = 2,
    CUB_HASH_SHA256 = 4,
    CUB_HASH_SHA384 = 5,
    CUB_HASH_SHA512 = 6,
};

struct br_hash_class_; /* BearSSL's */

struct cub_hash {
    uint8_t id;            /* enum cub_hash_id; 0: cub_recorder (recorder.h), which is no hash */
    uint8_t size;          /* bytes of output */
    uint8_t block_size;    /* bytes per compression: 64 or 128 */
    uint16_t context_size; /* bytes of a running hash, at most CUB_HASH_MAX_CONTEXT */
    const struct br_hash_class_ *impl;
    const uint8_t *empty; /* of a key schedule [RFC8446-7.1]: the hash of no bytes at all */
};

extern const struct cub_hash cub_sha1;
extern const struct cub_hash cub_sha256;
extern const struct cub_hash cub_sha384;
extern const struct cub_hash cub_sha512;

/* Room for any running hash. */
struct cub_hash_context {
    uint64_t state[CUB_HASH_MAX_CONTEXT / 8];
};

/* context: hash->context_size bytes, aligned to 8. */
void cub_hash_init(const struct cub_hash *hash, void *context);
void cub_hash_update(const struct cub_hash *hash, void *context, const void *data, size_t len);
/* Writes hash->size bytes; the context is unchanged and may be continued. */
void cub_hash_output(const struct cub_hash *hash, const void *context, uint8_t *out);
/* Hash of one string; out takes hash->size bytes. */
void cub_hash_once(const struct cub_hash *hash, const void *data, size_t len, uint8_t *out);

#endif
