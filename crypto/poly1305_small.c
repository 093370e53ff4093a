#include <string.h>

#include "crypto/bytes.h"
#include "crypto/small.h"

/*
 * Numbers modulo 2^130 - 5 as 17 digits of 8 bits, the low one first: products of digits and their
 * sums fit in 32 bits. The last digit may be a little more than the two bits that belong to it.
 */
#define DIGITS 17

struct state {
    uint32_t h[DIGITS];
    uint32_t r[2 * DIGITS]; /* r times 2^136, which is 320 r, and behind it r */
};

/* h = (h + block + 2^128) * r [RFC8439-2.5.1]; what is above 2^130 comes in again below, times 5.
 */
static void absorb_block(struct state *s, const uint8_t block[16])
{
    uint32_t product[DIGITS], carry = 0;

    for (int i = 0; i < 16; i++)
        s->h[i] += block[i];
    s->h[16]++;
    for (int i = 0; i < DIGITS; i++) {
        for (int j = 0; j < DIGITS; j++)
            carry += s->h[j] * s->r[DIGITS + i - j];
        product[i] = carry & 0xff;
        carry >>= 8;
    }
    carry = 5 * (carry << 6 | product[16] >> 2);
    product[16] &= 3;
    for (int i = 0; i < DIGITS; i++) {
        carry += product[i];
        s->h[i] = carry & 0xff;
        carry >>= 8;
    }
}

/* Data, padded with zeros to blocks. */
static void absorb(struct state *s, const uint8_t *data, size_t len)
{
    while (len > 0) {
        uint8_t block[16] = {0};
        size_t n = len < sizeof block ? len : sizeof block;

        memcpy(block, data, n);
        absorb_block(s, block);
        data += n;
        len -= n;
    }
}

static void begin(struct state *s, const uint8_t key[16])
{
    memset(s, 0, sizeof *s);
    for (int i = 0; i < 16; i++) {
        uint32_t digit = key[i];

        if (i % 4 == 3)
            digit &= 0x0f;
        else if (i > 0 && i % 4 == 0)
            digit &= 0xfc;
        s->r[DIGITS + i] = digit;
        s->r[i] = 320 * digit;
    }
}

/* tag = h + key modulo 2^128, with h below 2^130 - 5. */
static void finish(const struct state *s, const uint8_t key[16], uint8_t *tag)
{
    uint32_t carry = 5;

    for (int i = 0; i < DIGITS - 1; i++)
        carry = (carry + s->h[i]) >> 8;
    carry = 5 * ((carry + s->h[16]) >> 2); /* 5 if h + 5 reaches 2^130, else 0 */
    for (int i = 0; i < 16; i++) {
        carry += s->h[i] + key[i];
        tag[i] = (uint8_t)carry;
        carry >>= 8;
    }
}

void cub_poly1305_small(const void *key, const void *iv, void *data, size_t len, const void *aad,
                        size_t aad_len, void *tag, br_chacha20_run chacha20, int encrypt)
{
    struct state s;
    uint8_t once[32] = {0}; /* the one-time key [RFC8439-2.6] */
    uint8_t lengths[16] = {0};

    chacha20(key, iv, 0, once, sizeof once);
    if (encrypt)
        chacha20(key, iv, 1, data, len);
    begin(&s, once);
    absorb(&s, aad, aad_len);
    absorb(&s, data, len);
    cub_store_le32(lengths, (uint32_t)aad_len);
    cub_store_le32(lengths + 8, (uint32_t)len);
    absorb_block(&s, lengths);
    finish(&s, once + 16, tag);
    if (!encrypt)
        chacha20(key, iv, 1, data, len);
    cub_wipe(&s, sizeof s);
    cub_wipe(once, sizeof once);
}
