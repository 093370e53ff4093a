#include "crypto/p256.h"

#include <stdbool.h>
#include <string.h>

#include "crypto/bytes.h"
#include "crypto/target/target.h"

/*
 * Numbers below p = 2^256 - 2^224 + 2^192 + 2^96 - 1, the low word first. Multiplication is
 * Montgomery's: its result is the product divided by 2^256. Points are (X : Y : Z), x = X / Z and
 * y = Y / Z, so that coordinates need not be multiplied by 2^256 on their way in: a factor that all
 * three have says nothing.
 */
#define WORDS CUB_TARGET_WORDS
#define POINT (1 + 8 * WORDS) /* bytes of 0x04 | x | y */

struct number {
    uint32_t word[WORDS];
};

static const struct number prime = {
    {0xffffffff, 0xffffffff, 0xffffffff, 0, 0, 0, 1, 0xffffffff}
};

static const struct number one = {{1}};

/* What a computation works with: registers, and a table of points. */
enum { X1, Y1, Z1, X2, Y2, Z2, X3, Y3, Z3, T0, T1, T2, T3, T4, B, REGISTERS };
struct work {
    struct number r[REGISTERS];
    struct number table[4][3]; /* points: the neutral one, P, Q, P + Q */
    struct number multiplier[2];
};

/* r += p if it was borrowed from, that is if borrow is negative, to bring it back to 0 to p - 1. */
static void correct(struct number *r, int32_t borrow)
{
    uint32_t mask = 0u - ((uint32_t)borrow >> 31);
    uint64_t sum = 0;

    for (int i = 0; i < WORDS; i++) {
        sum += (uint64_t)r->word[i] + (prime.word[i] & mask);
        r->word[i] = (uint32_t)sum;
        sum >>= 32;
    }
}

/* r = a - b, modulo 2^256; returns -1 if that was negative, else 0. */
static int32_t minus(struct number *r, const struct number *a, const struct number *b)
{
    int64_t sum = 0;

    for (int i = 0; i < WORDS; i++) {
        sum += (int64_t)a->word[i] - b->word[i];
        r->word[i] = (uint32_t)sum;
        sum >>= 32;
    }
    return (int32_t)sum;
}

static void subtract(struct number *r, const struct number *a, const struct number *b)
{
    correct(r, minus(r, a, b));
}

static void add(struct number *r, const struct number *a, const struct number *b)
{
    int64_t sum = 0;

    for (int i = 0; i < WORDS; i++) {
        sum += (int64_t)a->word[i] + b->word[i] - prime.word[i];
        r->word[i] = (uint32_t)sum;
        sum >>= 32;
    }
    correct(r, (int32_t)sum);
}

/* What the words from w on add to the word at w + WORDS, and what came up to there. */
static inline int64_t add_multiple(int64_t sum, const uint32_t *w)
{
    sum += w[WORDS];
    sum += w[WORDS - 3];
    sum += w[WORDS - 6];
    sum -= w[WORDS - 7];
    return sum + w[0];
}

/*
 * r = a * b / 2^256. As p is -1 modulo 2^32, the multiple of p that makes the product's lowest word
 * zero is that word itself, and adding it means to add or subtract the word where p has a power of
 * two: at 2^96, 2^192, 2^224 and 2^256. These words stay where they were, zeros below and above.
 */
static void multiply(struct number *r, const struct number *a, const struct number *b)
{
    uint32_t words[3 * WORDS];
    uint32_t *w = words;
    int64_t sum = 0;

    for (int i = 0; i < WORDS; i++)
        words[i] = 0;
    cub_target_product(words + WORDS, a->word, b->word);
    for (int i = 0; i < WORDS; i++) {
        sum = add_multiple(sum, w);
        w++[WORDS] = (uint32_t)sum;
        sum >>= 32;
    }
    for (int i = 0; i < WORDS; i++) {
        sum = add_multiple(sum, w);
        w++[WORDS] = 0;
        r->word[i] = (uint32_t)sum;
        sum >>= 32;
    }
    correct(r, (int32_t)sum + minus(r, r, &prime)); /* it was below 2 p */
}

/* Formulas are programs: operation, where the result goes, and the operands, four bits each. */
enum { MUL, ADD, SUB };
#define STEP(operation, to, a, b) (uint16_t)((operation) << 12 | (to) << 8 | (a) << 4 | (b))

static void run(struct work *w, const uint16_t *program, unsigned steps)
{
    for (; steps > 0; steps--, program++) {
        struct number *to = &w->r[*program >> 8 & 15];
        const struct number *a = &w->r[*program >> 4 & 15];
        const struct number *b = &w->r[*program & 15];

        switch (*program >> 12) {
        case MUL:
            multiply(to, a, b);
            break;
        case ADD:
            add(to, a, b);
            break;
        default:
            subtract(to, a, b);
        }
    }
}

static void copy_point(struct number *to, const struct number *from)
{
    for (int k = 0; k < 3; k++)
        to[k] = from[k];
}

/*
 * (X1 : Y1 : Z1) += (X2 : Y2 : Z2). "Complete addition formulas for prime order elliptic curves"
 * (Renes, Costello, Batina 2015), algorithm 4: right for all points, equal, opposite or neutral.
 */
static void add_points(struct work *w)
{
    static const uint16_t program[] = {
        STEP(MUL, T0, X1, X2), STEP(MUL, T1, Y1, Y2), STEP(MUL, T2, Z1, Z2), STEP(ADD, T3, X1, Y1),
        STEP(ADD, T4, X2, Y2), STEP(MUL, T3, T3, T4), STEP(ADD, T4, T0, T1), STEP(SUB, T3, T3, T4),
        STEP(ADD, T4, Y1, Z1), STEP(ADD, X3, Y2, Z2), STEP(MUL, T4, T4, X3), STEP(ADD, X3, T1, T2),
        STEP(SUB, T4, T4, X3), STEP(ADD, X3, X1, Z1), STEP(ADD, Y3, X2, Z2), STEP(MUL, X3, X3, Y3),
        STEP(ADD, Y3, T0, T2), STEP(SUB, Y3, X3, Y3), STEP(MUL, Z3, B, T2),  STEP(SUB, X3, Y3, Z3),
        STEP(ADD, Z3, X3, X3), STEP(ADD, X3, X3, Z3), STEP(SUB, Z3, T1, X3), STEP(ADD, X3, T1, X3),
        STEP(MUL, Y3, B, Y3),  STEP(ADD, T1, T2, T2), STEP(ADD, T2, T1, T2), STEP(SUB, Y3, Y3, T2),
        STEP(SUB, Y3, Y3, T0), STEP(ADD, T1, Y3, Y3), STEP(ADD, Y3, T1, Y3), STEP(ADD, T1, T0, T0),
        STEP(ADD, T0, T1, T0), STEP(SUB, T0, T0, T2), STEP(MUL, T1, T4, Y3), STEP(MUL, T2, T0, Y3),
        STEP(MUL, Y3, X3, Z3), STEP(ADD, Y3, Y3, T2), STEP(MUL, X3, T3, X3), STEP(SUB, X3, X3, T1),
        STEP(MUL, Z3, T4, Z3), STEP(MUL, T1, T3, T0), STEP(ADD, Z3, Z3, T1),
    };

    run(w, program, sizeof program / sizeof program[0]);
    copy_point(&w->r[X1], &w->r[X3]);
}

static void double_point(struct work *w)
{
    copy_point(&w->r[X2], &w->r[X1]);
    add_points(w);
}

/* A point of the table into the second operand. */
static void take(struct work *w, uint32_t index)
{
    for (unsigned c = 0; c < 3; c++)
        for (unsigned i = 0; i < WORDS; i++) {
            uint32_t word = 0;

            for (uint32_t k = 0; k < 4; k++)
                word |= w->table[k][c].word[i] & cub_ct_mask_eq(k, index);
            w->r[X2 + c].word[i] = word;
        }
}

static void load(struct number *r, const uint8_t *bytes)
{
    for (unsigned i = 0; i < WORDS; i++)
        r->word[WORDS - 1 - i] = cub_load_be32(bytes + 4 * i);
}

static void load_multiplier(struct number *r, const uint8_t *bytes, size_t len)
{
    uint8_t full[4 * WORDS] = {0};

    memcpy(full + sizeof full - len, bytes, len);
    load(r, full);
    cub_wipe(full, sizeof full);
}

static bool is_zero(const struct number *a)
{
    uint32_t any = 0;

    for (int i = 0; i < WORDS; i++)
        any |= a->word[i];
    return any == 0;
}

/* 0x04 | x | y into the first operand; false unless x and y are below p and Y^2 Z is
 * X^3 - 3 X Z^2 + b Z^3, where Z is 2^-256. */
static bool decode(struct work *w, const uint8_t *point, size_t len)
{
    static const uint16_t program[] = {
        STEP(MUL, T0, X1, X1), STEP(MUL, T1, Z1, Z1), STEP(ADD, T2, T1, T1), STEP(ADD, T2, T2, T1),
        STEP(SUB, T0, T0, T2), STEP(MUL, T0, T0, X1), STEP(MUL, T1, T1, Z1), STEP(MUL, T1, T1, B),
        STEP(ADD, T0, T0, T1), STEP(MUL, T1, Y1, Y1), STEP(MUL, T1, T1, Z1), STEP(SUB, T0, T0, T1),
    };
    static const struct number b = {
        {0x29c4bddf, 0xd89cdf62, 0x78843090, 0xacf005cd, 0xf7212ed6, 0xe5a220ab, 0x04874834,
         0xdc30061d}
    }; /* times 2^256 */

    if (len != POINT || point[0] != 4)
        return false;
    w->r[B] = b;
    load(&w->r[X1], point + 1);
    load(&w->r[Y1], point + 1 + 4 * WORDS);
    w->r[Z1] = one;
    run(w, program, sizeof program / sizeof program[0]);
    return is_zero(&w->r[T0]) && minus(&w->r[T1], &w->r[X1], &prime) < 0 &&
           minus(&w->r[T1], &w->r[Y1], &prime) < 0;
}

/* r = 1 / a = a^(p - 2), of whose bits the second lowest differs from p's. */
static void invert(struct number *r, const struct number *a)
{
    *r = *a;
    for (unsigned i = 8 * sizeof *r - 1; i-- > 0;) {
        multiply(r, r, r);
        if (i != 1 && (prime.word[i / 32] >> i % 32 & 1))
            multiply(r, r, a);
    }
}

static void encode(struct work *w, uint8_t *point)
{
    invert(&w->r[T0], &w->r[Z1]);
    multiply(&w->r[T0], &w->r[T0], &one);
    *point++ = 4;
    for (unsigned k = 0; k < 2; k++) {
        multiply(&w->r[T1], &w->r[X1 + k], &w->r[T0]);
        for (unsigned i = WORDS; i-- > 0; point += 4)
            cub_store_be32(point, w->r[T1].word[i]);
    }
}

/*
 * Multiples of two points, P in the table and Q in the first operand, added up: bit by bit from the
 * top, each step doubles and adds what the bits say. Twice the bits at a time if the multipliers
 * are the even and the odd bits of one, and Q is 2 P.
 */
static void add_multiples(struct work *w, unsigned bits)
{
    memset(w->table[0], 0, sizeof w->table[0]);
    w->table[0][1] = one;
    copy_point(w->table[2], &w->r[X1]);
    take(w, 1);
    add_points(w);
    copy_point(w->table[3], &w->r[X1]);
    copy_point(&w->r[X1], w->table[0]);
    for (unsigned i = 8 * sizeof one; i > 0;) {
        uint32_t index = 0;

        for (unsigned k = 0; k < bits; k++, i--)
            double_point(w);
        for (unsigned k = 0; k < 2; k++) {
            unsigned at = i + (bits - 1) * k;
            index |= (w->multiplier[k].word[at / 32] >> at % 32 & 1) << k;
        }
        take(w, index);
        add_points(w);
    }
}

static uint32_t mul(unsigned char *point, size_t len, const unsigned char *x, size_t x_len,
                    int curve)
{
    struct work w;
    bool good = decode(&w, point, len);

    (void)curve;
    load_multiplier(&w.multiplier[0], x, x_len);
    w.multiplier[1] = w.multiplier[0];
    copy_point(w.table[1], &w.r[X1]);
    double_point(&w);
    add_multiples(&w, 2);
    encode(&w, point);
    cub_wipe(&w, sizeof w);
    return good;
}

static const uint8_t base[POINT] = {
    0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5,
    0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4,
    0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a,
    0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33,
    0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
};

static size_t mulgen(unsigned char *point, const unsigned char *x, size_t x_len, int curve)
{
    memcpy(point, base, sizeof base);
    (void)mul(point, sizeof base, x, x_len, curve);
    return sizeof base;
}

/* a = x a + y b; the base is b if there is none. */
static uint32_t muladd(unsigned char *a, const unsigned char *b, size_t len, const unsigned char *x,
                       size_t x_len, const unsigned char *y, size_t y_len, int curve)
{
    struct work w;
    bool good = decode(&w, a, len);

    (void)curve;
    load_multiplier(&w.multiplier[0], x, x_len);
    load_multiplier(&w.multiplier[1], y, y_len);
    copy_point(w.table[1], &w.r[X1]);
    good = decode(&w, b ? b : base, len) && good;
    add_multiples(&w, 1);
    good = !is_zero(&w.r[Z1]) && good;
    encode(&w, a);
    cub_wipe(&w, sizeof w);
    return good;
}

static const unsigned char *generator(int curve, size_t *len)
{
    (void)curve;
    *len = sizeof base;
    return base;
}

static const unsigned char *order(int curve, size_t *len)
{
    static const uint8_t n[] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

    (void)curve;
    *len = sizeof n;
    return n;
}

static size_t x_coordinate(int curve, size_t *len)
{
    (void)curve;
    *len = sizeof(struct number);
    return 1;
}

const br_ec_impl cub_p256 = {
    UINT32_C(1) << BR_EC_secp256r1, generator, order, x_coordinate, mul, mulgen, muladd,
};
