#include "crypto/ed25519_scalar.h"

#include <string.h>

#include "crypto/bytes.h"

#define WORDS 8

static const struct cub_scalar order = {
    {0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0, 0, 0, 0x10000000}
};

/* r = a - L; all ones if that is negative, else 0. */
static uint32_t below_order(struct cub_scalar *r, const struct cub_scalar *a)
{
    uint32_t borrow = 0;

    for (unsigned i = 0; i < WORDS; i++) {
        uint64_t d = (uint64_t)a->word[i] - order.word[i] - borrow;

        r->word[i] = (uint32_t)d;
        borrow = (uint32_t)(d >> 32) & 1;
    }
    return 0u - borrow;
}

/* r = r + (b & mask) mod L */
static void add_masked(struct cub_scalar *r, const struct cub_scalar *b, uint32_t mask)
{
    struct cub_scalar reduced;
    uint64_t c = 0;

    /* Both are below 2^253: nothing is carried out. */
    for (unsigned i = 0; i < WORDS; i++) {
        c += (uint64_t)r->word[i] + (b->word[i] & mask);
        r->word[i] = (uint32_t)c;
        c >>= 32;
    }
    mask = below_order(&reduced, r);
    for (unsigned i = 0; i < WORDS; i++)
        r->word[i] = cub_ct_select(mask, r->word[i], reduced.word[i]);
}

void cub_scalar_add(struct cub_scalar *r, const struct cub_scalar *b)
{
    add_masked(r, b, ~0u);
}

/* From the top bit down: doubled, and b added where the bit is set. */
void cub_scalar_multiply(struct cub_scalar *r, const uint8_t *a, size_t len,
                         const struct cub_scalar *b)
{
    memset(r, 0, sizeof *r);
    for (size_t i = 8 * len; i-- > 0;) {
        add_masked(r, r, ~0u);
        add_masked(r, b, 0u - ((unsigned)a[i / 8] >> i % 8 & 1u));
    }
}

void cub_scalar_reduce(struct cub_scalar *r, const uint8_t *a, size_t len)
{
    static const struct cub_scalar one = {{1}};

    cub_scalar_multiply(r, a, len, &one);
}

void cub_scalar_store(uint8_t out[32], const struct cub_scalar *a)
{
    for (unsigned i = 0; i < 32; i++)
        out[i] = (uint8_t)(a->word[i / 4] >> 8 * (i % 4));
}

bool cub_scalar_is_canonical(const uint8_t a[32])
{
    struct cub_scalar value = {{0}};

    for (unsigned i = 0; i < 32; i++)
        value.word[i / 4] |= (uint32_t)a[i] << 8 * (i % 4);
    return below_order(&value, &value) != 0;
}
