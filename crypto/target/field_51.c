/*
 * 5 limbs of 51 bits, for processors that multiply 64 bits by 64 and compilers with a 128-bit type.
 * Every result has limbs below 2^51 but for limb 0 and 1, which may exceed that by 2^18.
 */
#include "crypto/target/field.h"

#define LIMBS 5
#define MASK  (((uint64_t)1 << 51) - 1)

__extension__ typedef unsigned __int128 wide;

/* Carries, and folds what is above 2^255 = 19. Limbs may have 63 bits. */
static void carry(uint64_t *t)
{
    uint64_t c = 0;

    for (unsigned i = 0; i < LIMBS; i++) {
        c += t[i];
        t[i] = c & MASK;
        c >>= 51;
    }
    t[0] += 19 * c;
}

void cub_field_add(struct cub_field *r, const struct cub_field *a, const struct cub_field *b)
{
    for (unsigned i = 0; i < LIMBS; i++)
        r->limb51[i] = a->limb51[i] + b->limb51[i];
    carry(r->limb51);
}

/* 4 * p, in limbs that are larger than those of b, keeps the differences positive. */
void cub_field_subtract(struct cub_field *r, const struct cub_field *a, const struct cub_field *b)
{
    for (unsigned i = 0; i < LIMBS; i++)
        r->limb51[i] = a->limb51[i] + 4 * MASK - b->limb51[i];
    r->limb51[0] -= 4 * 18;
    carry(r->limb51);
}

/* Limb i is the sum of a_j * b_(i-j) and, because 2^255 = 19, of 19 * a_j * b_(5+i-j). */
void cub_field_multiply(struct cub_field *r, const struct cub_field *a, const struct cub_field *b)
{
    uint64_t shifted[2 * LIMBS - 1], out[LIMBS];
    wide c = 0;

    for (unsigned i = 0; i < LIMBS; i++)
        shifted[LIMBS - 1 + i] = b->limb51[i];
    for (unsigned i = 0; i < LIMBS - 1; i++)
        shifted[i] = 19 * b->limb51[i + 1];
    for (unsigned i = 0; i < LIMBS; i++) {
        for (unsigned j = 0; j < LIMBS; j++)
            c += (wide)a->limb51[j] * shifted[LIMBS - 1 + i - j];
        out[i] = (uint64_t)c & MASK;
        c >>= 51;
    }
    c = c * 19 + out[0];
    out[0] = (uint64_t)c & MASK;
    out[1] += (uint64_t)(c >> 51);
    for (unsigned i = 0; i < LIMBS; i++)
        r->limb51[i] = out[i];
}

void cub_field_or(struct cub_field *r, const struct cub_field *a, uint32_t mask)
{
    uint64_t wide_mask = (uint64_t)mask << 32 | mask;

    for (unsigned i = 0; i < LIMBS; i++)
        r->limb51[i] |= a->limb51[i] & wide_mask;
}

void cub_field_load(struct cub_field *r, const uint8_t in[32])
{
    wide bits = 0;
    unsigned count = 0;

    for (unsigned i = 0; i < LIMBS; i++) {
        for (; count < 51; count += 8)
            bits |= (wide)*in++ << count;
        r->limb51[i] = (uint64_t)bits & MASK;
        bits >>= 51;
        count -= 51;
    }
}

void cub_field_store(uint8_t out[32], const struct cub_field *a)
{
    uint64_t c = 19;
    wide bits = 0;
    unsigned count = 0;

    /* All is below 2 * p: with 19 more it reaches 2^255 if p must be subtracted. */
    for (unsigned i = 0; i < LIMBS; i++)
        c = (a->limb51[i] + c) >> 51;
    c *= 19;
    for (unsigned i = 0; i < LIMBS; i++) {
        c += a->limb51[i];
        bits |= (wide)(c & MASK) << count;
        c >>= 51;
        for (count += 51; count >= 8; count -= 8, bits >>= 8)
            *out++ = (uint8_t)bits;
    }
    *out = (uint8_t)bits;
}
