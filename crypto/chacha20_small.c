#include <string.h>

#include "crypto/bytes.h"
#include "crypto/small.h"

static uint32_t rotate(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

/* The quarter rounds of columns and of diagonals [RFC8439-2.3]: there, each row has moved one word
 * more than the one above it. */
static void block(uint32_t x[16])
{
    for (unsigned round = 0; round < 20; round++) {
        unsigned move = round & 1;

        for (unsigned i = 0; i < 4; i++) {
            uint32_t *pb = &x[4 + (i + move) % 4], *pc = &x[8 + (i + 2 * move) % 4];
            uint32_t *pd = &x[12 + (i + 3 * move) % 4];
            uint32_t a = x[i], b = *pb, c = *pc, d = *pd;

            a += b, d = rotate(d ^ a, 16);
            c += d, b = rotate(b ^ c, 12);
            a += b, d = rotate(d ^ a, 8);
            c += d, b = rotate(b ^ c, 7);
            x[i] = a, *pb = b, *pc = c, *pd = d;
        }
    }
}

uint32_t cub_chacha20_small(const void *key, const void *iv, uint32_t counter, void *data,
                            size_t len)
{
    uint32_t input[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    uint8_t *bytes = data;

    for (int i = 0; i < 8; i++)
        input[4 + i] = cub_load_le32((const uint8_t *)key + 4 * i);
    for (int i = 0; i < 3; i++)
        input[13 + i] = cub_load_le32((const uint8_t *)iv + 4 * i);
    for (; len > 0; counter++) {
        uint32_t x[16];

        input[12] = counter;
        memcpy(x, input, sizeof x);
        block(x);
        for (unsigned i = 0; i < 64 && len > 0; i++, len--)
            *bytes++ ^= (uint8_t)((x[i / 4] + input[i / 4]) >> 8 * (i % 4));
    }
    return counter;
}
