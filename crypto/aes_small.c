#include "crypto/bytes.h"
#include "crypto/small.h"

/*
 * AES, bit by bit: eight words hold two blocks, each word the bits of one value of all their bytes.
 * A byte of a word is a row of the state, and has the row's four columns of the one block and the
 * other by turns.
 */

/* From words of the blocks by turns to that form, and back. */
static void transpose(uint32_t q[8])
{
    uint32_t mask = 0x0f0f0f0f;

    for (unsigned n = 4; n > 0; n /= 2, mask ^= mask << n) {
        for (unsigned i = 0; i < 8; i++) {
            uint32_t swap;

            if (i & n)
                continue;
            swap = (q[i] >> n ^ q[i + n]) & mask;
            q[i] ^= swap << n;
            q[i + n] ^= swap;
        }
    }
}

/* The S-box as a circuit: Boyar and Peralta, https://eprint.iacr.org/2009/191, with their names. */
static void substitute(uint32_t q[8])
{
    uint32_t x0 = q[7], x1 = q[6], x2 = q[5], x3 = q[4], x4 = q[3], x5 = q[2], x6 = q[1], x7 = q[0];

    uint32_t y14 = x3 ^ x5, y13 = x0 ^ x6, y9 = x0 ^ x3, y8 = x0 ^ x5, t0 = x1 ^ x2;
    uint32_t y1 = t0 ^ x7, y4 = y1 ^ x3, y12 = y13 ^ y14, y2 = y1 ^ x0, y5 = y1 ^ x6;
    uint32_t y3 = y5 ^ y8, t1 = x4 ^ y12, y15 = t1 ^ x5, y20 = t1 ^ x1, y6 = y15 ^ x7;
    uint32_t y10 = y15 ^ t0, y11 = y20 ^ y9, y7 = x7 ^ y11, y17 = y10 ^ y11, y19 = y10 ^ y8;
    uint32_t y16 = t0 ^ y11, y21 = y13 ^ y16, y18 = x0 ^ y16;

    uint32_t t2 = y12 & y15, t4 = (y3 & y6) ^ t2, t6 = (y4 & x7) ^ t2, t7 = y13 & y16;
    uint32_t t9 = (y5 & y1) ^ t7, t11 = (y2 & y7) ^ t7, t12 = y9 & y11, t14 = (y14 & y17) ^ t12;
    uint32_t t16 = (y8 & y10) ^ t12, t21 = t4 ^ t14 ^ y20, t22 = t6 ^ t16 ^ y19;
    uint32_t t23 = t9 ^ t14 ^ y21, t24 = t11 ^ t16 ^ y18;
    uint32_t t25 = t21 ^ t22, t26 = t21 & t23, t27 = t24 ^ t26, t29 = (t25 & t27) ^ t22;
    uint32_t t30 = t23 ^ t24, t31 = t22 ^ t26, t33 = (t31 & t30) ^ t24, t34 = t23 ^ t33;
    uint32_t t35 = t27 ^ t33, t36 = t24 & t35, t37 = t36 ^ t34, t38 = t27 ^ t36;
    uint32_t t40 = t25 ^ (t29 & t38), t41 = t40 ^ t37, t42 = t29 ^ t33, t43 = t29 ^ t40;
    uint32_t t44 = t33 ^ t37, t45 = t42 ^ t41;

    uint32_t z0 = t44 & y15, z1 = t37 & y6, z2 = t33 & x7, z3 = t43 & y16, z4 = t40 & y1;
    uint32_t z5 = t29 & y7, z6 = t42 & y11, z7 = t45 & y17, z8 = t41 & y10, z9 = t44 & y12;
    uint32_t z10 = t37 & y3, z11 = t33 & y4, z12 = t43 & y13, z13 = t40 & y5, z14 = t29 & y2;
    uint32_t z15 = t42 & y9, z16 = t45 & y14, z17 = t41 & y8;

    uint32_t t46 = z15 ^ z16, t47 = z10 ^ z11, t48 = z5 ^ z13, t49 = z9 ^ z10, t50 = z2 ^ z12;
    uint32_t t51 = z2 ^ z5, t52 = z7 ^ z8, t53 = z0 ^ z3, t54 = z6 ^ z7, t55 = z16 ^ z17;
    uint32_t t56 = z12 ^ t48, t57 = t50 ^ t53, t58 = z4 ^ t46, t59 = z3 ^ t54, t60 = t46 ^ t57;
    uint32_t t61 = z14 ^ t57, t62 = t52 ^ t58, t63 = t49 ^ t58, t64 = z4 ^ t59, t65 = t61 ^ t62;
    uint32_t t66 = z1 ^ t63, t67 = t64 ^ t65, s3 = t53 ^ t66;

    q[7] = t59 ^ t63;
    q[6] = t64 ^ ~s3;
    q[5] = t55 ^ ~t67;
    q[4] = s3;
    q[3] = t51 ^ t66;
    q[2] = t47 ^ t65;
    q[1] = t56 ^ ~t62;
    q[0] = t48 ^ ~t60;
}

/* Row r moves by r columns: rows 2 and 3 by two, then rows 1 and 3 by one. */
static void shift_rows(uint32_t q[8])
{
    for (int i = 0; i < 8; i++) {
        uint32_t x = q[i];

        x = (x & 0x0000ffff) | (x >> 4 & 0x0f0f0000) | (x & 0x0f0f0000) << 4;
        q[i] = (x & 0x00ff00ff) | (x >> 2 & 0x3f003f00) | (x & 0x03000300) << 6;
    }
}

/* A byte becomes 2 a + 3 b + c + d of the column's bytes from it on; 2 a is a shift to the next bit
 * value, and what leaves at the top comes in again as 0x1b. */
static void mix_columns(uint32_t q[8])
{
    uint32_t top = q[7] ^ cub_rotate_right(q[7], 8);

    for (int i = 7; i >= 0; i--) {
        uint32_t b = cub_rotate_right(q[i], 8);
        uint32_t sum = b ^ cub_rotate_right(q[i] ^ b, 16);

        if (i > 0)
            sum ^= q[i - 1] ^ cub_rotate_right(q[i - 1], 8);
        q[i] = 0x1b >> i & 1 ? sum ^ top : sum;
    }
}

/* Of each pair of words of a key one is kept: both blocks have the same key. */
#define EVEN 0x55555555u

static void add_key(uint32_t q[8], const uint32_t key[4])
{
    for (int i = 0; i < 4; i++) {
        uint32_t even = key[i] & EVEN, odd = key[i] & ~EVEN;

        q[2 * i] ^= even | even << 1;
        q[2 * i + 1] ^= odd | odd >> 1;
    }
}

static uint32_t substitute_word(uint32_t x)
{
    uint32_t q[8];

    for (int i = 0; i < 8; i++)
        q[i] = x >> i;
    substitute(q);
    x = 0;
    for (int i = 0; i < 8; i++)
        x |= (q[i] & 0x01010101) << i;
    return x;
}

/* FIPS 197 section 5.2, then the round keys bit by bit. */
static void init(const br_block_ctr_class **class, const void *key, size_t len)
{
    br_aes_ct_ctr_keys *keys = (void *)class;
    uint32_t *w = keys->skey;
    unsigned n = (unsigned)len / 4, words, round_constant = 1;

    keys->vtable = &cub_aes_ctr_small;
    keys->num_rounds = n + 6;
    words = 4 * (n + 7);
    for (unsigned i = 0; i < words; i++) {
        if (i < n) {
            w[i] = cub_load_le32((const uint8_t *)key + 4 * i);
            continue;
        }
        w[i] = w[i - 1];
        if (i % n == 0) {
            w[i] = substitute_word(cub_rotate_right(w[i], 8)) ^ round_constant;
            round_constant = round_constant << 1 ^ (round_constant >> 7) * 0x11b;
        } else if (n > 6 && i % n == 4) {
            w[i] = substitute_word(w[i]);
        }
        w[i] ^= w[i - n];
    }
    for (; words > 0; words -= 4, w += 4) {
        uint32_t q[8];

        for (int i = 0; i < 8; i++)
            q[i] = w[i / 2];
        transpose(q);
        for (int i = 0; i < 4; i++)
            w[i] = (q[2 * i] & EVEN) | (q[2 * i + 1] & ~EVEN);
    }
}

static void encrypt(const br_aes_ct_ctr_keys *keys, uint32_t q[8])
{
    const uint32_t *key = keys->skey;

    transpose(q);
    add_key(q, key);
    for (unsigned left = keys->num_rounds; left > 0; left--) {
        substitute(q);
        shift_rows(q);
        if (left > 1)
            mix_columns(q);
        add_key(q, key += 4);
    }
    transpose(q);
}

static uint32_t run(const br_block_ctr_class *const *class, const void *iv, uint32_t counter,
                    void *data, size_t len)
{
    const br_aes_ct_ctr_keys *keys = (const void *)class;
    uint8_t *bytes = data;

    while (len > 0) {
        uint32_t q[8];
        uint8_t number[4];

        for (unsigned i = 0; i < 6; i++)
            q[i] = cub_load_le32((const uint8_t *)iv + i / 2 * 4);
        for (unsigned i = 0; i < 2; i++) {
            cub_store_be32(number, counter + i);
            q[6 + i] = cub_load_le32(number);
        }
        encrypt(keys, q);
        for (unsigned i = 0; i < 32 && len > 0; i++, len--) {
            if (i % 16 == 0)
                counter++;
            *bytes++ ^= (uint8_t)(q[i / 4 % 4 * 2 + i / 16] >> 8 * (i % 4));
        }
    }
    return counter;
}

const br_block_ctr_class cub_aes_ctr_small = {
    .context_size = sizeof(br_aes_ct_ctr_keys),
    .block_size = 16,
    .log_block_size = 4,
    .init = init,
    .run = run,
};
