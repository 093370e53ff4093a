/*
 * The field of integers modulo p = 2^255 - 19, for Ed25519 [RFC8032-5.1]. A build takes one of
 * field_51.c (64-bit processors) and field_13.c (products of 32 bits, which take constant time
 * everywhere), as it does of the groups in target.h. Nothing branches on values or indexes memory
 * by them. Results may be operands.
 */
#ifndef CUB_CRYPTO_TARGET_FIELD_H
#define CUB_CRYPTO_TARGET_FIELD_H

#include <stdint.h>

/* An element in limbs of its implementation, not reduced in full. All zeros: 0. */
struct cub_field {
    union {
        uint32_t limb13[20];
        uint64_t limb51[5];
    };
};

/* Loads 32 bytes, little-endian; the top bit is dropped, the rest may be p or more. */
void cub_field_load(struct cub_field *r, const uint8_t in[32]);
/* Stores the one representative below p. */
void cub_field_store(uint8_t out[32], const struct cub_field *a);
void cub_field_add(struct cub_field *r, const struct cub_field *a, const struct cub_field *b);
void cub_field_subtract(struct cub_field *r, const struct cub_field *a, const struct cub_field *b);
void cub_field_multiply(struct cub_field *r, const struct cub_field *a, const struct cub_field *b);
/* r = r | (a & mask), limb by limb; mask is 0 or all ones. */
void cub_field_or(struct cub_field *r, const struct cub_field *a, uint32_t mask);

#endif
