#include <criterion/criterion.h>

#include <string.h>

#include "crypto/dh.h"
#include "tests/support/hex.h"
#include "tests/support/random.h"

static struct test_random state;
static const struct cub_random rng = {test_random_fill, &state};

static const struct cub_dh_group *const groups[] = {&cub_dh_ffdhe2048, &cub_dh_ffdhe3072,
                                                    &cub_dh_ffdhe4096};

/* 2 to the power of an exponent, as Python's pow has it. */
Test(dh, known_answer)
{
    static const char expected_hex[] =
        "cba29f6057978153108ba7574e77bdab50f1bfdda2b53f9a7559621f9498596b"
        "435ddfd5a607ce9f323b69ff33015a71dbc9be8dfb94b2fdc5d0018dee9ba92b"
        "3d2fbadf8b58aeae39e49988af450c9520253fbf5ff278a3781fc0b2e16c5bc4"
        "a99965c06cf08688fb1b970a606d6e9bcc80e1373902d0e6dd15f474137459a7"
        "5536cc1fca2d9bede56bb9f249752f406813d811523e8a7b112997b9cfe2cbcf"
        "f104b9481b9bfae6581c9adb83897b0cc9f5909ce8e26b0bd2ce1ce76297188d"
        "1051c5a74103bc40654a1d8e9dc827175c5033f82bcbf21cdb65b54fc6b03429"
        "a6cf137e97f9e6b6949d3d83546118fe5bf5bb39dd6c4e0597acfd8ed3971b62";
    uint8_t exponent[CUB_DH_EXPONENT], given[CUB_DH_EXPONENT], share[256], expected[256];

    for (size_t i = 0; i < sizeof given; i++)
        given[i] = (uint8_t)(i * 7 + 1);
    state.fixed = given;
    cr_assert_eq(cub_dh_generate(&cub_dh_ffdhe2048, &rng, exponent, share), E_OK);
    cr_assert_arr_eq(exponent, given, sizeof given);
    cr_assert_eq(test_unhex(expected_hex, expected, sizeof expected), 256);
    cr_assert_arr_eq(share, expected, 256);
}

Test(dh, both_sides_agree)
{
    for (size_t i = 0; i < 3; i++) {
        uint8_t exponents[2][CUB_DH_EXPONENT];
        uint8_t shares[2][CUB_DH_MAX_SIZE], secrets[2][CUB_DH_MAX_SIZE];
        const struct cub_dh_group *group = groups[i];

        cr_assert_eq(cub_dh_check(group, 2048), E_OK);
        for (unsigned j = 0; j < 2; j++)
            cr_assert_eq(cub_dh_generate(group, &rng, exponents[j], shares[j]), E_OK);
        for (unsigned j = 0; j < 2; j++)
            cr_assert_eq(cub_dh_complete(group, exponents[j],
                                         (struct cub_view){shares[1 - j], group->p.len},
                                         secrets[j]),
                         E_OK);
        cr_assert_arr_eq(secrets[0], secrets[1], group->p.len);
        cr_assert_neq(memcmp(shares[0], shares[1], group->p.len), 0);
    }
}

/* Shares outside of [2, p - 2], in all spellings. */
Test(dh, shares_out_of_range)
{
    const struct cub_dh_group *group = &cub_dh_ffdhe2048;
    uint8_t exponent[CUB_DH_EXPONENT], share[258], secret[256];
    size_t len = group->p.len;

    cr_assert_eq(cub_dh_generate(group, &rng, exponent, secret), E_OK);
#define RESULT(from, n) cub_dh_complete(group, exponent, (struct cub_view){from, n}, secret)
    memset(share, 0, sizeof share);
    cr_assert_eq(RESULT(share, 0), E_CRYPTO_DH_VALUE);
    cr_assert_eq(RESULT(share, 1), E_CRYPTO_DH_VALUE);
    cr_assert_eq(RESULT(share, 256), E_CRYPTO_DH_VALUE);
    share[255] = 1;
    cr_assert_eq(RESULT(share, 256), E_CRYPTO_DH_VALUE);
    cr_assert_eq(RESULT(share + 255, 1), E_CRYPTO_DH_VALUE);
    share[255] = 2;
    cr_assert_eq(RESULT(share, 256), E_OK);
    cr_assert_eq(RESULT(share + 255, 1), E_OK);
    for (int below = -1; below <= 2; below++) { /* far above p, then p, p - 1, p - 2 */
        memset(share, 0, 2);
        memcpy(share + 2, group->p.data, len);
        if (below == -1)
            memset(share + 2, 0xff, len);
        else
            share[2 + len - 1] = (uint8_t)(share[2 + len - 1] - below);
        cr_assert_eq(RESULT(share + 2, len), below == 2 ? E_OK : E_CRYPTO_DH_VALUE, "%d", below);
        cr_assert_eq(RESULT(share, len + 2), below == 2 ? E_OK : E_CRYPTO_DH_VALUE, "%d", below);
    }
    share[0] = 1;
    cr_assert_eq(RESULT(share, len + 2), E_CRYPTO_DH_VALUE);
}

Test(dh, groups)
{
    uint8_t p[CUB_DH_MAX_SIZE + 8] = {0}, g[256] = {0};
    struct cub_dh_group group;

    memcpy(p + 3, cub_dh_ffdhe2048.p.data, 256);
    g[1] = 2;
    group = cub_dh_group_of((struct cub_view){p, 3 + 256}, (struct cub_view){g, 2});
    cr_assert_eq(group.p.len, 256);
    cr_assert_eq(group.g.len, 1);
    cr_assert_eq(cub_dh_check(&group, 0), E_OK);
    cr_assert_eq(cub_dh_check(&group, 2048), E_OK);
    cr_assert_eq(cub_dh_check(&group, 2049), E_CRYPTO_DH_SMALL);
    p[3] = 0x7f;
    cr_assert_eq(cub_dh_check(&group, 2048), E_CRYPTO_DH_SMALL);
    cr_assert_eq(cub_dh_check(&group, 2047), E_OK);
    p[3] = 0xff;
    p[3 + 255] &= 0xfe;
    cr_assert_eq(cub_dh_check(&group, 2048), E_CRYPTO_DH_GROUP);
    p[3 + 255] |= 1;
    g[1] = 1;
    cr_assert_eq(cub_dh_check(&group, 2048), E_CRYPTO_DH_GROUP);
    group.g = group.p;
    cr_assert_eq(cub_dh_check(&group, 2048), E_CRYPTO_DH_GROUP);
    group.g = (struct cub_view){g, 0};
    cr_assert_eq(cub_dh_check(&group, 2048), E_CRYPTO_DH_GROUP);
    memset(p, 0xff, sizeof p);
    group = cub_dh_group_of((struct cub_view){p, CUB_DH_MAX_SIZE + 1}, group.g);
    cr_assert_eq(cub_dh_check(&group, 2048), E_CRYPTO_DH_LARGE);
    group = cub_dh_group_of((struct cub_view){p, 127}, cub_dh_ffdhe2048.g);
    cr_assert_eq(cub_dh_check(&group, 0), E_CRYPTO_DH_SMALL);
}
