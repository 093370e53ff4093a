/*
 * ECDSA [RFC6979] with any pair of curve and hash, and its two encodings.
 */
#ifndef CUB_CRYPTO_ECDSA_H
#define CUB_CRYPTO_ECDSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/ec.h"
#include "crypto/signature.h"

#define CUB_ECDSA_MAX_RAW 132 /* r | s for P-521 */
#define CUB_ECDSA_MAX_DER 139

/* The curve of a key type, or NULL. Who calls this links all curves. */
const struct cub_curve *cub_curve_of(uint8_t key_type);

/*
 * Verifies a DER signature, ECDSA-Sig-Value [RFC5480-A]: r and s positive, as short as can be, and
 * nothing after them. E_CRYPTO_KEY if the key is of another curve, E_CRYPTO_SIGNATURE if the
 * signature does not match.
 */
enum cub_error cub_ecdsa_verify(const struct cub_curve *curve, const struct cub_public_key *key,
                                const uint8_t *digest, size_t digest_len, const uint8_t *sig,
                                size_t sig_len);

/* Likewise for r | s, each at the curve's size. */
enum cub_error cub_ecdsa_verify_raw(const struct cub_curve *curve, const struct cub_public_key *key,
                                    const uint8_t *digest, size_t digest_len, const uint8_t *sig,
                                    size_t sig_len);

/*
 * Signs a digest of hash; the nonce comes from key and digest as [RFC6979-3.2] says. Writes at most
 * CUB_ECDSA_MAX_DER bytes of DER and their number. E_CRYPTO_KEY if the key is of another curve or
 * not in [1, n - 1].
 */
enum cub_error cub_ecdsa_sign(const struct cub_curve *curve, const struct cub_private_key *key,
                              const struct cub_hash *hash, const uint8_t *digest, uint8_t *sig,
                              size_t *sig_len);

/*
 * Signing in little code, for crypto/target/: a digest of hash with a private value x of full size
 * in [1, n - 1] to r | s.
 */
void cub_ecdsa_sign_small(const struct cub_curve *curve, const struct cub_hash *hash,
                          const uint8_t *digest, const uint8_t *x, uint8_t *raw);

/* The decoder alone: r and s at size bytes each to raw; false if the DER is not strict. */
bool cub_ecdsa_decode(const uint8_t *sig, size_t sig_len, size_t size, uint8_t *raw);
/* The encoder alone; returns the number of bytes written. */
size_t cub_ecdsa_encode(const uint8_t *raw, size_t size, uint8_t *sig);

#endif
