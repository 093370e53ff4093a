/*
 * Ed25519 [RFC8032-5.1], over SHA-512. The rows for TLS are in signature.h.
 */
#ifndef CUB_CRYPTO_ED25519_H
#define CUB_CRYPTO_ED25519_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/error.h"

#define CUB_ED25519_SIZE      32 /* bytes of a seed and of a public key */
#define CUB_ED25519_SIGNATURE 64

/* The public key of a seed (the 32 bytes of a private key) [RFC8032-5.1.5]. */
void cub_ed25519_public(const uint8_t seed[CUB_ED25519_SIZE], uint8_t public_key[CUB_ED25519_SIZE]);

/* Signs message, in constant time but for its length [RFC8032-5.1.6]. */
void cub_ed25519_sign(const uint8_t seed[CUB_ED25519_SIZE], const uint8_t *message, size_t len,
                      uint8_t sig[CUB_ED25519_SIGNATURE]);

/*
 * Verifies a signature of any length (64 bytes is the right one) [RFC8032-5.1.7]. E_CRYPTO_KEY if
 * the public key encodes no point, E_CRYPTO_SIGNATURE if the signature does not match.
 *
 * Of the two equations that the RFC allows this is the one without cofactor, and the point that
 * comes out is compared with R as bytes. So S must be below the order, R and the key must be
 * encoded canonically, and there is one answer for each signature; OpenSSL and BoringSSL give the
 * same.
 */
enum cub_error cub_ed25519_verify(const uint8_t public_key[CUB_ED25519_SIZE],
                                  const uint8_t *message, size_t len, const uint8_t *sig,
                                  size_t sig_len);

#endif
