#include <string.h>

#include <criterion/criterion.h>

#include "crypto/p256.h"
#include "tests/support/hex.h"
#include "tests/support/random.h"

#define P256 BR_EC_secp256r1

static const uint8_t *generator(void)
{
    size_t len;

    return cub_p256.generator(P256, &len);
}

/* Whether two multiples of points come out as BearSSL's curve has them. */
static void compare(const uint8_t *a, const uint8_t *b, const uint8_t *x, const uint8_t *y)
{
    uint8_t got[65], want[65];
    uint32_t good;

    memcpy(got, a, sizeof got);
    memcpy(want, a, sizeof want);
    good = br_ec_p256_m31.muladd(want, b, sizeof want, x, 32, y, 32, P256);
    cr_assert_eq(cub_p256.muladd(got, b, sizeof got, x, 32, y, 32, P256), good);
    cr_assert(!good || memcmp(got, want, sizeof got) == 0);
}

Test(p256, multiples_are_bearssls)
{
    struct test_random random = {0};

    for (int i = 0; i < 10; i++) {
        uint8_t x[32], y[32], a[65], b[65], want[65];

        cr_assert_eq(test_random_fill(&random, x, sizeof x), E_OK);
        cr_assert_eq(test_random_fill(&random, y, sizeof y), E_OK);
        x[0] &= 0x7f;
        y[0] &= 0x7f;
        cr_assert_eq(cub_p256.mulgen(a, x, sizeof x, P256), sizeof a);
        cr_assert_eq(br_ec_p256_m31.mulgen(want, x, sizeof x, P256), sizeof want);
        cr_assert(memcmp(a, want, sizeof a) == 0);
        memcpy(b, a, sizeof b);
        memcpy(want, a, sizeof want);
        cr_assert(cub_p256.mul(b, sizeof b, y, sizeof y, P256));
        cr_assert(br_ec_p256_m31.mul(want, sizeof want, y, sizeof y, P256));
        cr_assert(memcmp(b, want, sizeof b) == 0);
        compare(a, b, x, y);
        compare(a, NULL, x, y);
    }
}

/* What formulas with exceptions would get wrong. */
Test(p256, equal_opposite_and_no_points)
{
    static const uint8_t minus_one[] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                        0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84,
                                        0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x50};
    static const uint8_t one[32] = {[31] = 1}, two[1] = {2};
    uint8_t sum[65], doubled[65], point[65];

    memcpy(sum, generator(), sizeof sum);
    cr_assert(cub_p256.muladd(sum, NULL, sizeof sum, one, 32, one, 32, P256), "G + G");
    cub_p256.mulgen(doubled, two, sizeof two, P256);
    cr_assert(memcmp(sum, doubled, sizeof sum) == 0);
    memcpy(sum, generator(), sizeof sum);
    cr_assert_not(cub_p256.muladd(sum, NULL, sizeof sum, one, 32, minus_one, 32, P256), "G - G");
    memcpy(sum, generator(), sizeof sum);
    cr_assert(cub_p256.muladd(sum, NULL, sizeof sum, one, 32, one, 0, P256), "G + nothing");
    cr_assert(memcmp(sum, generator(), sizeof sum) == 0);
    cub_p256.mulgen(point, minus_one, sizeof minus_one, P256);
    cr_assert(memcmp(point, generator(), 33) == 0, "-G has the x of G");
    cr_assert(memcmp(point + 33, generator() + 33, 32) != 0);
}

Test(p256, what_is_no_point)
{
    static const uint8_t two[32] = {[31] = 2};
    uint8_t point[65];

    for (size_t i = 0; i < sizeof point; i++) {
        memcpy(point, generator(), sizeof point);
        point[i] ^= 1;
        cr_assert_not(cub_p256.mul(point, sizeof point, two, sizeof two, P256));
    }
    memcpy(point, generator(), sizeof point);
    cr_assert_not(cub_p256.mul(point, 64, two, sizeof two, P256), "too short");
    memset(point, 0, sizeof point);
    point[0] = 4;
    cr_assert_not(cub_p256.mul(point, sizeof point, two, sizeof two, P256), "0, 0");
    test_unhex("04"
               "0000000000000000000000000000000000000000000000000000000000000005"
               "459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc",
               point, sizeof point);
    cr_assert(cub_p256.mul(point, sizeof point, two, sizeof two, P256), "x is 5");
    test_unhex("04"
               "ffffffff00000001000000000000000000000001000000000000000000000004"
               "459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc",
               point, sizeof point);
    cr_assert_not(cub_p256.mul(point, sizeof point, two, sizeof two, P256), "x is 5 + p");
}
