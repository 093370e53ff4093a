#include <string.h>

#include <criterion/criterion.h>

#include "crypto/ec.h"
#include "crypto/group.h"
#include "tests/support/hex.h"
#include "tests/support/random.h"

static const struct {
    const char *name;
    const struct cub_group *group;
    uint16_t id, share, secret;
} groups[] = {
    {"x25519",    &cub_group_x25519,    0x001d, 32,  32},
    {"secp256r1", &cub_group_secp256r1, 0x0017, 65,  32},
    {"secp384r1", &cub_group_secp384r1, 0x0018, 97,  48},
    {"secp521r1", &cub_group_secp521r1, 0x0019, 133, 66},
};
#define GROUPS (sizeof groups / sizeof groups[0])

static struct test_random state;
static const struct cub_random rng = {test_random_fill, &state};

Test(group, sizes_of_rfc8446_4_2_8_2)
{
    for (size_t i = 0; i < GROUPS; i++) {
        const struct cub_group *group = groups[i].group;

        cr_assert_eq(group->id, groups[i].id);
        cr_assert_eq(group->share_size, groups[i].share);
        cr_assert_eq(group->response_size, groups[i].share);
        cr_assert_eq(group->secret_size, groups[i].secret);
        cr_assert(group->private_size <= CUB_GROUP_MAX_PRIVATE);
        cr_assert(group->share_size <= CUB_GROUP_MAX_SHARE);
        cr_assert(group->secret_size <= CUB_GROUP_MAX_SECRET);
    }
}

Test(group, both_sides_agree)
{
    for (size_t i = 0; i < GROUPS; i++) {
        const struct cub_group *group = groups[i].group;
        uint8_t private_value[CUB_GROUP_MAX_PRIVATE];
        uint8_t share[CUB_GROUP_MAX_SHARE], response[CUB_GROUP_MAX_SHARE];
        uint8_t ours[CUB_GROUP_MAX_SECRET], theirs[CUB_GROUP_MAX_SECRET];

        cr_assert_eq(group->generate(group, &rng, private_value, share), E_OK);
        cr_assert_eq(group->respond(group, &rng, share, group->share_size, response, theirs), E_OK);
        cr_assert_eq(group->complete(group, private_value, response, group->response_size, ours),
                     E_OK);
        cr_assert(memcmp(ours, theirs, group->secret_size) == 0, "%s", groups[i].name);
    }
}

/* RFC 7748 section 6.1. */
Test(group, x25519_rfc7748)
{
    struct test_random fixed = {0};
    const struct cub_random alice = {test_random_fill, &fixed};
    uint8_t a[32], kept[32], share[32], bob[32], secret[32];

    test_unhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a", a, sizeof a);
    fixed.fixed = a;
    cr_assert_eq(cub_group_x25519.generate(&cub_group_x25519, &alice, kept, share), E_OK);
    test_expect_hex("K_A", share, 32,
                    "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    test_unhex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", bob, sizeof bob);
    cr_assert_eq(cub_group_x25519.complete(&cub_group_x25519, kept, bob, 32, secret), E_OK);
    test_expect_hex("K", secret, 32,
                    "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

/* Points of small order give the all-zero secret, which MUST be refused [RFC7748-6.1]. */
Test(group, x25519_refuses_the_all_zero_secret)
{
    uint8_t zero[32] = {0}, one[32] = {1}, private_value[32] = {5}, out[32], secret[32];
    const struct cub_group *group = &cub_group_x25519;

    cr_assert_eq(group->complete(group, private_value, zero, 32, secret), E_CRYPTO_SHARE);
    cr_assert_eq(group->complete(group, private_value, one, 32, secret), E_CRYPTO_SHARE);
    cr_assert_eq(group->respond(group, &rng, zero, 32, out, secret), E_CRYPTO_SHARE);
}

Test(group, shares_of_other_lengths_are_refused)
{
    for (size_t i = 0; i < GROUPS; i++) {
        const struct cub_group *group = groups[i].group;
        uint8_t private_value[CUB_GROUP_MAX_PRIVATE], share[CUB_GROUP_MAX_SHARE + 1] = {0};
        uint8_t response[CUB_GROUP_MAX_SHARE], secret[CUB_GROUP_MAX_SECRET];

        cr_assert_eq(group->generate(group, &rng, private_value, share), E_OK);
        for (size_t len = 0; len <= group->share_size + 1u; len++) {
            enum cub_error want = len == group->share_size ? E_OK : E_CRYPTO_SHARE;

            if (want && len > 2 && len + 2 < group->share_size)
                continue;
            cr_assert_eq(group->respond(group, &rng, share, len, response, secret), want);
            cr_assert_eq(group->complete(group, private_value, share, len, secret), want);
        }
    }
}

/* Every form but uncompressed, and every point off the curve [RFC8446-4.2.8.2]. */
Test(group, points_must_be_uncompressed_and_on_the_curve)
{
    for (size_t i = 1; i < GROUPS; i++) {
        const struct cub_group *group = groups[i].group;
        uint8_t private_value[CUB_GROUP_MAX_PRIVATE], share[CUB_GROUP_MAX_SHARE];
        uint8_t secret[CUB_GROUP_MAX_SECRET];
        size_t size = group->share_size;

        cr_assert_eq(group->generate(group, &rng, private_value, share), E_OK);
        cr_assert_eq(share[0], 4);
        for (uint8_t form = 0; form < 8; form++) {
            share[0] = form;
            cr_assert_eq(group->complete(group, private_value, share, size, secret),
                         form == 4 ? E_OK : E_CRYPTO_SHARE, "%s form %d", groups[i].name, form);
        }
        share[0] = 4;
        share[size - 1] ^= 1;
        cr_assert_eq(group->complete(group, private_value, share, size, secret), E_CRYPTO_SHARE);
        memset(share + 1, 0, size - 1);
        cr_assert_eq(group->complete(group, private_value, share, size, secret), E_CRYPTO_SHARE);
        memset(share + 1, 0xff, size - 1);
        cr_assert_eq(group->complete(group, private_value, share, size, secret), E_CRYPTO_SHARE);
    }
}

Test(group, a_broken_entropy_source_is_told)
{
    static const uint8_t zeros[CUB_GROUP_MAX_PRIVATE];
    static uint8_t ones[CUB_GROUP_MAX_PRIVATE];
    struct test_random broken = {.fail = 1};
    const struct cub_random source = {test_random_fill, &broken};

    memset(ones, 0xff, sizeof ones);
    for (size_t i = 0; i < GROUPS; i++) {
        const struct cub_group *group = groups[i].group;
        uint8_t private_value[CUB_GROUP_MAX_PRIVATE], share[CUB_GROUP_MAX_SHARE];

        broken = (struct test_random){.fail = 1};
        cr_assert_eq(group->generate(group, &source, private_value, share), E_CRYPTO_RANDOM);
        if (i == 0)
            continue;
        /* 0 and what is above the order are no private values, and the search for one ends. */
        broken = (struct test_random){.fixed = zeros};
        cr_assert_eq(group->generate(group, &source, private_value, share), E_CRYPTO_RANDOM);
        broken = (struct test_random){.fixed = ones};
        cr_assert_eq(group->generate(group, &source, private_value, share), E_CRYPTO_RANDOM);
    }
}
