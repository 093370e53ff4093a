#include "crypto/mlkem_poly.h"

#define Q 3329u

/* Powers of 17, in the order of reversed bits [FIPS203-A]. */
static const uint16_t zetas[128] = {
    1,    1729, 2580, 3289, 2642, 630,  1897, 848,  1062, 1919, 193,  797,  2786, 3260, 569,  1746,
    296,  2447, 1339, 1476, 3046, 56,   2240, 1333, 1426, 2094, 535,  2882, 2393, 2879, 1974, 821,
    289,  331,  3253, 1756, 1197, 2304, 2277, 2055, 650,  1977, 2513, 632,  2865, 33,   1320, 1915,
    2319, 1435, 807,  452,  1438, 2868, 1534, 2402, 2647, 2617, 1481, 648,  2474, 3110, 1227, 910,
    17,   2761, 583,  2649, 1637, 723,  2288, 1100, 1409, 2662, 3281, 233,  756,  2156, 3015, 3050,
    1703, 1651, 2789, 1789, 1847, 952,  1461, 2687, 939,  2308, 2437, 2388, 733,  2337, 268,  641,
    1584, 2298, 2037, 3220, 375,  2549, 2090, 1645, 1063, 319,  2773, 757,  2099, 561,  2466, 2594,
    2804, 1092, 403,  1026, 1143, 2150, 2775, 886,  1722, 1212, 1874, 1029, 2110, 2935, 885,  2154};

/* x / q, without dividing, for x up to 2 * q^2: the estimate is right or one too small. */
static uint32_t quotient(uint32_t x)
{
    uint32_t estimate = ((x >> 8) * 5039) >> 16; /* 2^24 / q */
    uint32_t rest = x - estimate * Q;

    return estimate + ((Q - 1 - rest) >> 31);
}

static uint32_t reduce(uint32_t x)
{
    return x - quotient(x) * Q;
}

/* x mod q for x below 2 * q */
static uint16_t reduce_once(uint32_t x)
{
    x -= Q;
    return (uint16_t)(x + (Q & (0u - (x >> 31))));
}

void cub_poly_ntt(struct cub_poly *f)
{
    const uint16_t *zeta = zetas;

    for (unsigned len = 128; len >= 2; len /= 2) {
        for (unsigned start = 0; start < 256; start += 2 * len) {
            uint32_t z = *++zeta;

            for (unsigned j = start; j < start + len; j++) {
                uint32_t t = reduce(z * f->c[j + len]);

                f->c[j + len] = reduce_once(f->c[j] + Q - t);
                f->c[j] = reduce_once(f->c[j] + t);
            }
        }
    }
}

void cub_poly_inverse(struct cub_poly *f)
{
    const uint16_t *zeta = zetas + 128;

    for (unsigned len = 2; len <= 128; len *= 2) {
        for (unsigned start = 0; start < 256; start += 2 * len) {
            uint32_t z = *--zeta;

            for (unsigned j = start; j < start + len; j++) {
                uint32_t t = f->c[j];

                f->c[j] = reduce_once(t + f->c[j + len]);
                f->c[j + len] = (uint16_t)reduce(z * (f->c[j + len] + Q - t));
            }
        }
    }
    for (unsigned j = 0; j < 256; j++)
        f->c[j] = (uint16_t)reduce(f->c[j] * 3303u); /* 1 / 128 */
}

/* Pairs of coefficients, modulo X^2 - gamma [FIPS203-4.3.1]. */
void cub_poly_multiply_add(struct cub_poly *r, const struct cub_poly *a, const struct cub_poly *b)
{
    for (unsigned i = 0; i < 256; i += 2) {
        uint32_t a0 = a->c[i], a1 = a->c[i + 1], b0 = b->c[i], b1 = b->c[i + 1];
        uint32_t gamma = zetas[64 + i / 4];

        if (i & 2)
            gamma = Q - gamma;
        r->c[i] = reduce_once(r->c[i] + reduce(a0 * b0 + reduce(a1 * b1) * gamma));
        r->c[i + 1] = reduce_once(r->c[i + 1] + reduce(a0 * b1 + a1 * b0));
    }
}

void cub_poly_add(struct cub_poly *r, const struct cub_poly *a)
{
    for (unsigned i = 0; i < 256; i++)
        r->c[i] = reduce_once((uint32_t)r->c[i] + a->c[i]);
}

void cub_poly_subtract_from(struct cub_poly *r, const struct cub_poly *a)
{
    for (unsigned i = 0; i < 256; i++)
        r->c[i] = reduce_once(a->c[i] + Q - r->c[i]);
}

void cub_poly_compress(struct cub_poly *f, unsigned d)
{
    for (unsigned i = 0; i < 256; i++) {
        uint32_t x = quotient(((uint32_t)f->c[i] << d) + Q / 2);

        f->c[i] = (uint16_t)(x & ((1u << d) - 1));
    }
}

void cub_poly_decompress(struct cub_poly *f, unsigned d)
{
    for (unsigned i = 0; i < 256; i++)
        f->c[i] = (uint16_t)((f->c[i] * Q + (1u << d) / 2) >> d);
}

void cub_poly_encode(uint8_t *out, const struct cub_poly *f, unsigned d)
{
    uint32_t bits = 0;
    unsigned count = 0;

    for (unsigned i = 0; i < 256; i++) {
        bits |= (uint32_t)f->c[i] << count;
        for (count += d; count >= 8; count -= 8, bits >>= 8)
            *out++ = (uint8_t)bits;
    }
}

void cub_poly_decode(struct cub_poly *f, const uint8_t *in, unsigned d)
{
    uint32_t bits = 0;
    unsigned count = 0;

    for (unsigned i = 0; i < 256; i++, count -= d, bits >>= d) {
        for (; count < d; count += 8)
            bits |= (uint32_t)*in++ << count;
        f->c[i] = (uint16_t)(bits & ((1u << d) - 1));
    }
}

void cub_poly_sample_uniform(struct cub_poly *f, struct cub_keccak *k)
{
    unsigned i = 0;

    while (i < 256) {
        uint8_t bytes[3];
        uint16_t low, high;

        cub_keccak_squeeze(k, bytes, sizeof bytes);
        low = (uint16_t)(bytes[0] | (bytes[1] & 0x0f) << 8);
        high = (uint16_t)(bytes[1] >> 4 | bytes[2] << 4);
        if (low < Q)
            f->c[i++] = low;
        if (high < Q && i < 256)
            f->c[i++] = high;
    }
}

void cub_poly_sample_noise(struct cub_poly *f, struct cub_keccak *k)
{
    for (unsigned i = 0; i < 256; i += 2) {
        uint8_t byte;

        cub_keccak_squeeze(k, &byte, 1);
        for (unsigned j = 0; j < 2; j++, byte >>= 4) {
            uint32_t x = (byte & 1u) + (byte >> 1 & 1u);
            uint32_t y = (byte >> 2 & 1u) + (byte >> 3 & 1u);

            f->c[i + j] = reduce_once(x + Q - y);
        }
    }
}
