/*
 * Key derivation: HMAC [RFC2104], HKDF [RFC5869], HKDF-Expand-Label [RFC8446-7.1].
 */
#ifndef CUB_CRYPTO_KDF_H
#define CUB_CRYPTO_KDF_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/hash.h"

/*
 * A key, ready for use: the hash states after the padded key. Secret as the key itself; wiped by
 * its owner. May be copied.
 */
struct cub_hmac_key {
    const struct cub_hash *hash;
    uint8_t states[2][CUB_HASH_MAX_SIZE]; /* inner, outer */
};

/* Prepares key for any number of uses. */
void cub_hmac_key_init(struct cub_hmac_key *key, const struct cub_hash *hash, const uint8_t *bytes,
                       size_t len);
/* The same for keys of at most hash->block_size bytes. */
void cub_hmac_key_set(struct cub_hmac_key *key, const struct cub_hash *hash, const uint8_t *bytes,
                      size_t len);

/*
 * HMAC of a string in pieces: begin, then cub_hash_update(key->hash, context, ...) for each piece,
 * then end, which writes hash->size bytes and leaves context worthless. out may be what was hashed.
 */
void cub_hmac_begin(const struct cub_hmac_key *key, struct cub_hash_context *context);
void cub_hmac_end(const struct cub_hmac_key *key, struct cub_hash_context *context, uint8_t *out);

/* HMAC of one string; out takes hash->size bytes. */
void cub_hmac(const struct cub_hash *hash, const uint8_t *key, size_t key_len, const void *data,
              size_t data_len, uint8_t *out);
/* The same with a secret of hash->size bytes as key. With a salt in its place, HKDF-Extract. */
void cub_hmac_secret(const struct cub_hash *hash, const uint8_t *secret, const void *data,
                     size_t len, uint8_t *out);

/* prk = HKDF-Extract(salt, ikm), hash->size bytes [RFC5869-2.2]. salt NULL: hash->size zeros. */
void cub_hkdf_extract(const struct cub_hash *hash, const uint8_t *salt, size_t salt_len,
                      const uint8_t *ikm, size_t ikm_len, uint8_t *prk);

/* The longest output of HKDF-Expand [RFC5869-2.3]. */
static inline size_t cub_hkdf_max(const struct cub_hash *hash)
{
    return 255u * hash->size;
}

/* okm = HKDF-Expand(prk, info, okm_len) [RFC5869-2.3]; okm_len is at most cub_hkdf_max(hash). */
void cub_hkdf_expand(const struct cub_hash *hash, const uint8_t *prk, size_t prk_len,
                     const uint8_t *info, size_t info_len, uint8_t *okm, size_t okm_len);

/*
 * HKDF-Expand-Label(secret, label, context, out_len) [RFC8446-7.1]. secret has hash->size bytes,
 * label is a C string without the "tls13 " prefix of at most 249 characters, context at most
 * 255 bytes.
 */
void cub_hkdf_expand_label(const struct cub_hash *hash, const uint8_t *secret, const char *label,
                           const uint8_t *context, size_t context_len, uint8_t *out,
                           size_t out_len);
/*
 * The same for the key schedule, with a secret that is ready for use and can be used again: out
 * has at most hash->size bytes.
 */
void cub_hkdf_label(const struct cub_hmac_key *key, const char *label, const uint8_t *context,
                    size_t context_len, uint8_t *out, size_t out_len);

/*
 * The PRF of TLS 1.2 [RFC5246-5]: out_len bytes of P_hash(secret, label + seed). label is a C
 * string; label and seed together have at most CUB_PRF12_MAX_SEED bytes.
 */
#define CUB_PRF12_MAX_SEED 160
void cub_prf12(const struct cub_hash *hash, const uint8_t *secret, size_t secret_len,
               const char *label, const uint8_t *seed, size_t seed_len, uint8_t *out,
               size_t out_len);

#endif
