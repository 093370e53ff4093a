#include <string.h>

#include <criterion/criterion.h>

#include "crypto/ec.h"
#include "tests/support/hex.h"
#include "tests/support/random.h"

/* The orders [RFC6979-A.2.5, A.2.6, A.2.7], and the key pairs given there. */
/* clang-format off */
static const struct {
    const char *name;
    const struct cub_curve *curve;
    const char *order, *x, *ux, *uy;
} curves[] = {
    {"P-256", &cub_curve_p256, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
     "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
     "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6",
     "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"},
    {"P-384", &cub_curve_p384,
     "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
     "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5",
     "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A254515480BC13",
     "8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1288B231C3AE0D4FE7344FD2533264720"},
    {"P-521", &cub_curve_p521,
     "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F7"
     "09A5D03BB5C9B8899C47AEBB6FB71E91386409",
     "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D16FCC1466"
     "F6D8FBEC67DB89EC0C08B0E996B83538",
     "01894550D0785932E00EAA23B694F213F8C3121F86DC97A04E5A7167DB4E5BCD371123D46E45DB6B5D5370A7F20FB633155D"
     "38FFA16D2BD761DCAC474B9A2F5023A4",
     "00493101C962CD4D2FDDF782285E64584139C2F91B47F87FF82354D6630F746A28A0DB25741B5B34A828008B22ACC23F924F"
     "AAFBD4D33F81EA66956DFEAA2BFDFCF5"},
};
/* clang-format on */
#define CURVES (sizeof curves / sizeof curves[0])

Test(ec, public_points_of_rfc6979)
{
    for (size_t i = 0; i < CURVES; i++) {
        uint8_t x[CUB_EC_MAX_SIZE], point[CUB_EC_MAX_POINT];
        size_t size = test_unhex(curves[i].x, x, sizeof x);

        cr_assert_eq(cub_ec_size(curves[i].curve), size);
        cr_assert_eq(cub_ec_public(curves[i].curve, x, size, point), E_OK);
        cr_assert_eq(point[0], 4);
        test_expect_hex("Ux", point + 1, size, curves[i].ux);
        test_expect_hex("Uy", point + 1 + size, size, curves[i].uy);
    }
}

Test(ec, private_values_lie_between_0_and_the_order)
{
    for (size_t i = 0; i < CURVES; i++) {
        const struct cub_curve *curve = curves[i].curve;
        uint8_t n[CUB_EC_MAX_SIZE + 1], point[CUB_EC_MAX_POINT], other[CUB_EC_MAX_POINT];
        size_t size = test_unhex(curves[i].order, n, sizeof n);
        uint8_t one[CUB_EC_MAX_SIZE + 1] = {0};

        cr_assert_eq(cub_ec_public(curve, n, size, point), E_CRYPTO_KEY, "n");
        n[size - 1]--;
        cr_assert_eq(cub_ec_public(curve, n, size, point), E_OK, "n - 1");
        n[size - 1] += 2;
        cr_assert_eq(cub_ec_public(curve, n, size, point), E_CRYPTO_KEY, "n + 1");
        cr_assert_eq(cub_ec_public(curve, one, size, point), E_CRYPTO_KEY, "0");
        cr_assert_eq(cub_ec_public(curve, one, 0, point), E_CRYPTO_KEY, "nothing");

        /* 1 at full size and at its shortest; too long even with leading zeros. */
        one[size - 1] = 1;
        cr_assert_eq(cub_ec_public(curve, one, size, point), E_OK);
        cr_assert_eq(cub_ec_public(curve, one + size - 1, 1, other), E_OK);
        cr_assert(memcmp(point, other, 2 * size + 1) == 0);
        one[size - 1] = 0;
        one[size] = 1;
        cr_assert_eq(cub_ec_public(curve, one, size + 1, point), E_CRYPTO_KEY);
    }
}

Test(ec, keygen_makes_usable_keys)
{
    struct test_random state = {0};
    const struct cub_random rng = {test_random_fill, &state};

    for (size_t i = 0; i < CURVES; i++) {
        uint8_t x[CUB_EC_MAX_SIZE], y[CUB_EC_MAX_SIZE], point[CUB_EC_MAX_POINT];
        size_t size = cub_ec_size(curves[i].curve);

        cr_assert_eq(cub_ec_keygen(curves[i].curve, &rng, x), E_OK);
        cr_assert_eq(cub_ec_keygen(curves[i].curve, &rng, y), E_OK);
        cr_assert(memcmp(x, y, size) != 0);
        cr_assert_eq(cub_ec_public(curves[i].curve, x, size, point), E_OK);
    }
}
