#include "crypto/modular.h"

#include "crypto/bytes.h"

struct cub_number cub_number_load(const uint8_t *bytes, size_t len, size_t size)
{
    struct cub_number a = {(unsigned)size / 4 + 1, {0}};

    if (len > size)
        len = size;
    for (size_t i = 0; i < len; i++)
        a.word[i / 4] |= (uint32_t)bytes[len - 1 - i] << i % 4 * 8;
    return a;
}

void cub_number_store(const struct cub_number *a, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[size - 1 - i] = (uint8_t)(a->word[i / 4] >> i % 4 * 8);
}

bool cub_number_is_zero(const struct cub_number *a)
{
    uint32_t any = 0;

    for (unsigned i = 0; i < a->words; i++)
        any |= a->word[i];
    return any == 0;
}

#define PLUS  0u
#define MINUS UINT32_MAX

/* a += b or a -= b; the carry, which for a difference tells that it is not negative. */
static uint32_t add(struct cub_number *a, const struct cub_number *b, uint32_t sign, uint32_t mask)
{
    uint64_t sum = sign & 1u;

    for (unsigned i = 0; i < a->words; i++) {
        sum += (uint64_t)a->word[i] + ((b->word[i] & mask) ^ sign);
        a->word[i] = (uint32_t)sum;
        sum >>= 32;
    }
    return (uint32_t)sum;
}

#define ALL UINT32_MAX

bool cub_number_reduce(struct cub_number *a, const struct cub_number *n)
{
    uint32_t carry = add(a, n, MINUS, ALL);

    (void)add(a, n, PLUS, carry - 1u);
    return carry != 0;
}

void cub_number_add(struct cub_number *a, const struct cub_number *b, const struct cub_number *n)
{
    (void)add(a, b, PLUS, ALL);
    (void)cub_number_reduce(a, n);
}

/* Bit by bit from the top: slow, but nothing here is small enough to be hurt by it. */
void cub_number_multiply(struct cub_number *a, const struct cub_number *b,
                         const struct cub_number *n)
{
    struct cub_number sum = {a->words, {0}};

    for (unsigned i = 32 * a->words; i-- > 0;) {
        cub_number_add(&sum, &sum, n);
        (void)add(&sum, b, PLUS, 0u - (a->word[i / 32] >> i % 32 & 1u));
        (void)cub_number_reduce(&sum, n);
    }
    *a = sum;
    cub_wipe(&sum, sizeof sum);
}

void cub_number_halve(struct cub_number *a)
{
    uint32_t carry = 0;

    for (unsigned i = a->words; i-- > 0;) {
        uint32_t word = a->word[i];

        a->word[i] = carry << 31 | word >> 1;
        carry = word;
    }
}

/* Euclid's algorithm on x and n, by subtracting and halving, in steps that keep
 * y / x = u / a = v / b. */
void cub_number_divide(const struct cub_number *y, const struct cub_number *x,
                       const struct cub_number *n, uint8_t *out, size_t size)
{
    struct cub_number room[4] = {
        *x, *n, *y, {n->words, {0}}
    };
    struct cub_number *a = room, *b = room + 1, *u = room + 2, *v = room + 3;

    while (!cub_number_is_zero(a)) {
        if (a->word[0] & 1u) {
            if (!cub_number_reduce(a, b)) {
                struct cub_number *swap = a;
                a = b;
                b = swap;
                swap = u;
                u = v;
                v = swap;
                (void)cub_number_reduce(a, b);
            }
            (void)add(u, n, PLUS, add(u, v, MINUS, ALL) - 1u);
        }
        cub_number_halve(a);
        (void)add(u, n, PLUS, 0u - (u->word[0] & 1u));
        cub_number_halve(u);
    }
    cub_number_store(v, out, size);
}
