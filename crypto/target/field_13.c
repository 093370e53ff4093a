/*
 * 20 limbs of 13 bits. Every result has limbs below 2^13 but for limb 1, which may exceed that by
 * 128, and limb 19, which is below 2^8: 20 products of such limbs fit 32 bits.
 */
#include "crypto/target/field.h"

#define LIMBS 20
#define MASK  0x1fffu

/* Carries, and folds what is above 2^255 = 19. Limbs may have 31 bits. */
static void carry(uint32_t *t)
{
    uint32_t c = 0;

    for (unsigned i = 0; i < LIMBS; i++) {
        c += t[i];
        t[i] = c & MASK;
        c >>= 13;
    }
    c = c << 5 | t[LIMBS - 1] >> 8;
    t[LIMBS - 1] &= 0xff;
    t[0] += 19 * c;
    t[1] += t[0] >> 13;
    t[0] &= MASK;
}

void cub_field_add(struct cub_field *r, const struct cub_field *a, const struct cub_field *b)
{
    for (unsigned i = 0; i < LIMBS; i++)
        r->limb13[i] = a->limb13[i] + b->limb13[i];
    carry(r->limb13);
}

/* 64 * p, in limbs that are larger than those of b, keeps the differences positive. */
void cub_field_subtract(struct cub_field *r, const struct cub_field *a, const struct cub_field *b)
{
    for (unsigned i = 0; i < LIMBS; i++)
        r->limb13[i] = a->limb13[i] + 2 * MASK - b->limb13[i];
    r->limb13[0] -= 64 * 19 - 2;
    carry(r->limb13);
}

void cub_field_multiply(struct cub_field *r, const struct cub_field *a, const struct cub_field *b)
{
    uint32_t t[2 * LIMBS] = {0};
    uint32_t c = 0;

    for (unsigned i = 0; i < LIMBS; i++)
        for (unsigned j = 0; j < LIMBS; j++)
            t[i + j] += a->limb13[i] * b->limb13[j];
    for (unsigned i = 0; i < 2 * LIMBS; i++) {
        c += t[i];
        t[i] = c & MASK;
        c >>= 13;
    }
    /* 2^260 = 32 * 19 */
    for (unsigned i = 0; i < LIMBS; i++)
        r->limb13[i] = t[i] + 608 * t[LIMBS + i];
    carry(r->limb13);
}

void cub_field_or(struct cub_field *r, const struct cub_field *a, uint32_t mask)
{
    for (unsigned i = 0; i < LIMBS; i++)
        r->limb13[i] |= a->limb13[i] & mask;
}

void cub_field_load(struct cub_field *r, const uint8_t in[32])
{
    const uint8_t *end = in + 32;
    uint32_t bits = 0;
    unsigned count = 0;

    for (unsigned i = 0; i < LIMBS; i++) {
        for (; count < 13 && in < end; count += 8)
            bits |= (uint32_t)*in++ << count;
        r->limb13[i] = bits & MASK;
        bits >>= 13;
        count -= 13;
    }
    r->limb13[LIMBS - 1] &= 0xff;
}

void cub_field_store(uint8_t out[32], const struct cub_field *a)
{
    uint32_t c = 19;
    uint32_t bits = 0;
    unsigned count = 0;

    /* All is below 2 * p: with 19 more it reaches 2^255 if p must be subtracted. */
    for (unsigned i = 0; i < LIMBS - 1; i++)
        c = (a->limb13[i] + c) >> 13;
    c = 19 * ((a->limb13[LIMBS - 1] + c) >> 8);
    for (unsigned i = 0; i < LIMBS; i++) {
        c += a->limb13[i];
        bits |= (c & MASK) << count;
        c >>= 13;
        for (count += 13; count >= 8; count -= 8, bits >>= 8)
            *out++ = (uint8_t)bits;
    }
    out[-1] &= 0x7f;
}
