/*
 * The twisted Edwards curve over the field of 2^255 - 19 [RFC8032-5.1], as much of it as Ed25519
 * needs. Nothing here branches on values or indexes memory by them, but for
 * cub_edwards_load, which is for public points.
 */
#ifndef CUB_CRYPTO_EDWARDS25519_H
#define CUB_CRYPTO_EDWARDS25519_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/target/field.h"

/* Extended homogeneous coordinates: x = X/Z, y = Y/Z, x * y = T/Z [RFC8032-5.1.4]. */
struct cub_edwards {
    struct cub_field x, y, z, t;
};

/* A point that is known beforehand: x and y, 32 bytes each, little-endian. */
struct cub_edwards_affine {
    uint8_t x[32];
    uint8_t y[32];
};

extern const struct cub_edwards_affine cub_edwards_base;     /* B [RFC8032-5.1] */
extern const struct cub_edwards_affine cub_edwards_base_128; /* 2^128 * B */

/* Takes over a point that is known to be on the curve. */
void cub_edwards_take(struct cub_edwards *out, const struct cub_edwards_affine *in);

/*
 * Decodes a public point [RFC8032-5.1.3]. False if y is not below p, if there is no such point, or
 * if x is 0 with its sign bit set: each point has one encoding.
 */
bool cub_edwards_load(struct cub_edwards *out, const uint8_t in[32]);

/* Encodes a point [RFC8032-5.1.2]. */
void cub_edwards_store(uint8_t out[32], const struct cub_edwards *in);

void cub_edwards_negate(struct cub_edwards *point);

/*
 * out = a * p + b * q, for the lowest `bits` bits of a and b, which are little-endian. out may be
 * neither p nor q.
 */
void cub_edwards_combine(struct cub_edwards *out, const uint8_t *a, const struct cub_edwards *p,
                         const uint8_t *b, const struct cub_edwards *q, unsigned bits);

#endif
