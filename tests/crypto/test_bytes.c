#include <criterion/criterion.h>

#include "crypto/bytes.h"

Test(bytes, equal_looks_at_every_byte)
{
    uint8_t a[33] = {0};
    uint8_t b[33] = {0};

    cr_assert(cub_ct_equal(a, b, sizeof a));
    for (size_t i = 0; i < sizeof a; i++) {
        for (unsigned bit = 1; bit < 256; bit <<= 1) {
            b[i] = (uint8_t)bit;
            cr_assert_not(cub_ct_equal(a, b, sizeof a), "byte %zu bit %u", i, bit);
        }
        b[i] = 0;
    }
}

Test(bytes, masks)
{
    cr_assert_eq(cub_ct_mask_eq(7, 7), 0xffffffffu);
    cr_assert_eq(cub_ct_mask_eq(0x80000000u, 0), 0u);
    cr_assert_eq(cub_ct_select(cub_ct_mask_eq(1, 1), 3, 4), 3u);
    cr_assert_eq(cub_ct_select(cub_ct_mask_eq(1, 2), 3, 4), 4u);
}
