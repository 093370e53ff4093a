/*
 * Integers modulo the order of Ed25519's base point, L = 2^252 + 277...493 [RFC8032-5.1]; all
 * little-endian, all in constant time.
 */
#ifndef CUB_CRYPTO_ED25519_SCALAR_H
#define CUB_CRYPTO_ED25519_SCALAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cub_scalar {
    uint32_t word[8];
};

/* r = a * b mod L, for a of len bytes and b < L. r is not b. */
void cub_scalar_multiply(struct cub_scalar *r, const uint8_t *a, size_t len,
                         const struct cub_scalar *b);
/* r = a mod L, for a of len bytes. */
void cub_scalar_reduce(struct cub_scalar *r, const uint8_t *a, size_t len);
/* r = r + b mod L, for r and b < L. */
void cub_scalar_add(struct cub_scalar *r, const struct cub_scalar *b);
void cub_scalar_store(uint8_t out[32], const struct cub_scalar *a);
/* Whether 32 bytes are below L. */
bool cub_scalar_is_canonical(const uint8_t a[32]);

#endif
