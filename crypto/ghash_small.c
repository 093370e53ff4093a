#include "crypto/bytes.h"
#include "crypto/small.h"

/*
 * y = y * h in the field of GCM [NIST SP 800-38D, 6.3], by Horner's rule: for each bit of y, the
 * last one first, z is multiplied by x, which is a shift, and h is added under a mask. The first
 * bit of a block is the coefficient of 1.
 */
static void multiply(uint8_t y[16], const uint8_t h[16])
{
    uint32_t h0 = cub_load_be32(h), h1 = cub_load_be32(h + 4);
    uint32_t h2 = cub_load_be32(h + 8), h3 = cub_load_be32(h + 12);
    uint32_t z0 = 0, z1 = 0, z2 = 0, z3 = 0;

    for (int at = 12; at >= 0; at -= 4) {
        uint32_t bits = cub_load_be32(y + at);

        for (int i = 0; i < 32; i++) {
            uint32_t add = 0u - (bits & 1);
            uint32_t reduce = 0u - (z3 & 1);

            bits >>= 1;
            z3 = (z3 >> 1 | z2 << 31) ^ (h3 & add);
            z2 = (z2 >> 1 | z1 << 31) ^ (h2 & add);
            z1 = (z1 >> 1 | z0 << 31) ^ (h1 & add);
            z0 = z0 >> 1 ^ (reduce & 0xe1000000) ^ (h0 & add);
        }
    }
    cub_store_be32(y, z0);
    cub_store_be32(y + 4, z1);
    cub_store_be32(y + 8, z2);
    cub_store_be32(y + 12, z3);
}

void cub_ghash_small(void *y, const void *h, const void *data, size_t len)
{
    const uint8_t *next = data;
    uint8_t *sum = y;

    while (len > 0) {
        for (int i = 0; i < 16 && len > 0; i++, len--)
            sum[i] ^= *next++;
        multiply(sum, h);
    }
}
