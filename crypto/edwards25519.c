#include "crypto/edwards25519.h"

#include <string.h>

#include "crypto/bytes.h"

/* clang-format off */
const struct cub_edwards_affine cub_edwards_base = {
    {0x1a, 0xd5, 0x25, 0x8f, 0x60, 0x2d, 0x56, 0xc9, 0xb2, 0xa7, 0x25, 0x95, 0x60, 0xc7, 0x2c, 0x69,
     0x5c, 0xdc, 0xd6, 0xfd, 0x31, 0xe2, 0xa4, 0xc0, 0xfe, 0x53, 0x6e, 0xcd, 0xd3, 0x36, 0x69, 0x21},
    {0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
     0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66}};

const struct cub_edwards_affine cub_edwards_base_128 = {
    {0x24, 0xe8, 0xb7, 0x60, 0xae, 0x47, 0x80, 0xfc, 0xe5, 0x23, 0xe7, 0xc2, 0xc9, 0x85, 0xe6, 0x98,
     0xa0, 0x29, 0x4e, 0xe1, 0x84, 0x39, 0x2d, 0x95, 0x2c, 0xf3, 0x45, 0x3c, 0xff, 0xaf, 0x27, 0x4c},
    {0x6b, 0xa6, 0xf5, 0x4b, 0x11, 0xbd, 0xba, 0x5b, 0x9e, 0xc4, 0xa4, 0x51, 0x1e, 0xbe, 0xd0, 0x90,
     0x3a, 0x9c, 0xc2, 0x26, 0xb6, 0x1e, 0xf1, 0x95, 0x7d, 0xc8, 0x6d, 0x52, 0xe6, 0x99, 0x2c, 0x5f}};

/* 2 * d, where d = -121665/121666 is the curve's constant; and a square root of -1. */
static const uint8_t two_d[32] = {
    0x59, 0xf1, 0xb2, 0x26, 0x94, 0x9b, 0xd6, 0xeb, 0x56, 0xb1, 0x83, 0x82, 0x9a, 0x14, 0xe0, 0x00,
    0x30, 0xd1, 0xf3, 0xee, 0xf2, 0x80, 0x8e, 0x19, 0xe7, 0xfc, 0xdf, 0x56, 0xdc, 0xd9, 0x06, 0x24};
static const uint8_t square_root[32] = {
    0xb0, 0xa0, 0x0e, 0x4a, 0x27, 0x1b, 0xee, 0xc4, 0x78, 0xe4, 0x2f, 0xad, 0x06, 0x18, 0x43, 0x2f,
    0xa7, 0xd7, 0xfb, 0x3d, 0x99, 0x00, 0x4d, 0x2b, 0x0b, 0xdf, 0xc1, 0x4f, 0x80, 0x24, 0x83, 0x2b};
/* clang-format on */

static const uint8_t one[32] = {1};

/* r = a ^ e; e has so many bits, all set but for some of the lowest 8. r may not be a. */
static void power(struct cub_field *r, const struct cub_field *a, unsigned bits, unsigned low)
{
    *r = *a;
    for (unsigned i = bits - 1; i-- > 0;) {
        cub_field_multiply(r, r, r);
        if (i >= 8 || (low >> i & 1))
            cub_field_multiply(r, r, a);
    }
}

static bool is_zero(const struct cub_field *a)
{
    uint8_t bytes[32];
    uint8_t any = 0;

    cub_field_store(bytes, a);
    for (unsigned i = 0; i < 32; i++)
        any |= bytes[i];
    return !any;
}

/* The curve. */

void cub_edwards_take(struct cub_edwards *out, const struct cub_edwards_affine *in)
{
    cub_field_load(&out->x, in->x);
    cub_field_load(&out->y, in->y);
    cub_field_load(&out->z, one);
    cub_field_multiply(&out->t, &out->x, &out->y);
}

void cub_edwards_negate(struct cub_edwards *point)
{
    static const struct cub_field zero;

    cub_field_subtract(&point->x, &zero, &point->x);
    cub_field_subtract(&point->t, &zero, &point->t);
}

/* x^2 = (y^2 - 1) / (d y^2 + 1), by one power [RFC8032-5.1.3]; both are doubled here. */
static bool find_x(struct cub_field *x, const struct cub_field *y)
{
    struct cub_field u, v, w, constant;

    cub_field_load(&constant, two_d);
    cub_field_multiply(&w, y, y);
    cub_field_multiply(&v, &w, &constant);
    cub_field_add(&u, &w, &w);
    cub_field_load(&constant, one);
    cub_field_add(&constant, &constant, &constant);
    cub_field_subtract(&u, &u, &constant);
    cub_field_add(&v, &v, &constant);
    /* x = u v^3 (u v^7)^((p - 5) / 8) */
    cub_field_multiply(&w, &v, &v);
    cub_field_multiply(&w, &w, &v);
    cub_field_multiply(&constant, &w, &u); /* u v^3 */
    cub_field_multiply(&w, &w, &w);
    cub_field_multiply(&w, &w, &v);
    cub_field_multiply(&w, &w, &u);
    power(x, &w, 252, 0xfd);
    cub_field_multiply(x, x, &constant);
    cub_field_multiply(&w, x, x);
    cub_field_multiply(&w, &w, &v);
    cub_field_subtract(&v, &w, &u);
    if (is_zero(&v))
        return true;
    cub_field_load(&constant, square_root);
    cub_field_multiply(x, x, &constant);
    cub_field_add(&w, &w, &u);
    return is_zero(&w);
}

bool cub_edwards_load(struct cub_edwards *out, const uint8_t in[32])
{
    struct cub_edwards_affine point;
    unsigned sign = in[31] >> 7;

    cub_field_load(&out->y, in);
    cub_field_store(point.y, &out->y);
    if (memcmp(point.y, in, 31) != 0 || point.y[31] != (in[31] & 0x7f) || !find_x(&out->x, &out->y))
        return false;
    cub_field_store(point.x, &out->x);
    cub_edwards_take(out, &point);
    if ((point.x[0] & 1) == sign)
        return true;
    cub_edwards_negate(out);
    return !is_zero(&out->x);
}

void cub_edwards_store(uint8_t out[32], const struct cub_edwards *in)
{
    struct cub_field inverse, x, y;
    uint8_t bytes[32];

    power(&inverse, &in->z, 255, 0xeb); /* p - 2 = 2^255 - 21 */
    cub_field_multiply(&x, &in->x, &inverse);
    cub_field_multiply(&y, &in->y, &inverse);
    cub_field_store(bytes, &x);
    cub_field_store(out, &y);
    out[31] |= (uint8_t)(bytes[0] << 7);
}

/* Complete, so that it doubles too and knows no exceptions [RFC8032-5.1.4]. r may be p or q. */
static void add_points(struct cub_edwards *r, const struct cub_edwards *p,
                       const struct cub_edwards *q)
{
    struct cub_field a, b, c, d, e;

    cub_field_subtract(&a, &p->y, &p->x);
    cub_field_subtract(&b, &q->y, &q->x);
    cub_field_multiply(&a, &a, &b);
    cub_field_add(&b, &p->y, &p->x);
    cub_field_add(&c, &q->y, &q->x);
    cub_field_multiply(&b, &b, &c);
    cub_field_multiply(&c, &p->t, &q->t);
    cub_field_load(&d, two_d);
    cub_field_multiply(&c, &c, &d);
    cub_field_multiply(&d, &p->z, &q->z);
    cub_field_add(&d, &d, &d);
    cub_field_subtract(&e, &b, &a);    /* E */
    cub_field_add(&b, &b, &a);         /* H */
    cub_field_subtract(&a, &d, &c);    /* F */
    cub_field_add(&c, &d, &c);         /* G */
    cub_field_multiply(&r->x, &e, &a); /* E * F */
    cub_field_multiply(&r->y, &c, &b); /* G * H */
    cub_field_multiply(&r->t, &e, &b); /* E * H */
    cub_field_multiply(&r->z, &a, &c); /* F * G */
}

/* r = table[index], reading all four. */
static void choose(struct cub_edwards *r, const struct cub_edwards *table, uint32_t index)
{
    memset(r, 0, sizeof *r);
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t mask = cub_ct_mask_eq(i, index);

        cub_field_or(&r->x, &table[i].x, mask);
        cub_field_or(&r->y, &table[i].y, mask);
        cub_field_or(&r->z, &table[i].z, mask);
        cub_field_or(&r->t, &table[i].t, mask);
    }
}

static uint32_t bit(const uint8_t *scalar, unsigned i)
{
    return (unsigned)scalar[i / 8] >> i % 8 & 1u;
}

void cub_edwards_combine(struct cub_edwards *out, const uint8_t *a, const struct cub_edwards *p,
                         const uint8_t *b, const struct cub_edwards *q, unsigned bits)
{
    struct cub_edwards table[4] = {0}; /* neutral, p, q, p + q */
    struct cub_edwards chosen;

    cub_field_load(&table[0].y, one);
    table[0].z = table[0].y;
    table[1] = *p;
    table[2] = *q;
    add_points(&table[3], p, q);
    *out = table[0];
    while (bits-- > 0) {
        add_points(out, out, out);
        choose(&chosen, table, bit(a, bits) | bit(b, bits) << 1);
        add_points(out, out, &chosen);
    }
    cub_wipe(&chosen, sizeof chosen);
}
