#include <string.h>

#include <criterion/criterion.h>

#include "crypto/group.h"
#include "crypto/mlkem.h"
#include "tests/support/random.h"

static struct test_random state;
static const struct cub_random rng = {test_random_fill, &state};

static const struct {
    const struct cub_group *group;
    uint16_t id, share, response, secret;
} groups[] = {
    {&cub_group_x25519mlkem768, 4588, 1216, 1120, 64},
    {&cub_group_mlkem1024,      514,  1568, 1568, 32},
};

struct exchange {
    uint8_t private_value[CUB_GROUP_MAX_PRIVATE], share[CUB_GROUP_MAX_SHARE + 1];
    uint8_t response[CUB_GROUP_MAX_SHARE + 1], ours[CUB_GROUP_MAX_SECRET];
    uint8_t theirs[CUB_GROUP_MAX_SECRET];
};

static struct exchange run(const struct cub_group *group)
{
    struct exchange x = {0};

    cr_assert_eq(group->generate(group, &rng, x.private_value, x.share), E_OK);
    cr_assert_eq(group->respond(group, &rng, x.share, group->share_size, x.response, x.theirs),
                 E_OK);
    cr_assert_eq(group->complete(group, x.private_value, x.response, group->response_size, x.ours),
                 E_OK);
    return x;
}

Test(group_mlkem, both_sides_agree)
{
    for (size_t i = 0; i < 2; i++) {
        const struct cub_group *group = groups[i].group;
        struct exchange x = run(group);

        cr_assert_eq(group->id, groups[i].id);
        cr_assert_eq(group->share_size, groups[i].share);
        cr_assert_eq(group->response_size, groups[i].response);
        cr_assert_eq(group->secret_size, groups[i].secret);
        cr_assert(group->private_size <= CUB_GROUP_MAX_PRIVATE);
        cr_assert(group->share_size <= CUB_GROUP_MAX_SHARE);
        cr_assert(group->secret_size <= CUB_GROUP_MAX_SECRET);
        cr_assert(group->post_quantum);
        cr_assert_arr_eq(x.ours, x.theirs, group->secret_size);
    }
}

/* ML-KEM comes first, in shares and in the secret [draft-ietf-tls-ecdhe-mlkem, section 4]. */
Test(group_mlkem, order_of_the_parts)
{
    struct exchange x = run(&cub_group_x25519mlkem768);
    const struct cub_group *x25519 = &cub_group_x25519;
    uint8_t secret[32], public_key[1184];

    cub_mlkem_public(&cub_mlkem_768, x.private_value, public_key);
    cr_assert_arr_eq(x.share, public_key, sizeof public_key);
    cr_assert_eq(cub_mlkem_decapsulate(&cub_mlkem_768, x.private_value, x.response, 1088, secret),
                 E_OK);
    cr_assert_arr_eq(x.ours, secret, 32);
    cr_assert_eq(x25519->complete(x25519, x.private_value + 64, x.response + 1088, 32, secret),
                 E_OK);
    cr_assert_arr_eq(x.ours + 32, secret, 32);
}

Test(group_mlkem, other_lengths_are_refused)
{
    for (size_t i = 0; i < 2; i++) {
        const struct cub_group *group = groups[i].group;
        struct exchange x = run(group);
        const size_t shares[] = {0, 32, group->share_size - 1u, group->share_size + 1u};
        const size_t responses[] = {0, 32, group->response_size - 1u, group->response_size + 1u};

        for (size_t j = 0; j < 4; j++) {
            cr_assert_eq(group->respond(group, &rng, x.share, shares[j], x.response, x.theirs),
                         E_CRYPTO_SHARE);
            cr_assert_eq(group->complete(group, x.private_value, x.response, responses[j], x.ours),
                         E_CRYPTO_SHARE);
        }
    }
}

/* Either part is checked as it is alone. */
Test(group_mlkem, bad_parts_are_refused)
{
    const struct cub_group *group = &cub_group_x25519mlkem768;
    struct exchange x = run(group);
    struct exchange bad = x;

    memset(bad.share + 1184, 0, 32);
    memset(bad.response + 1088, 0, 32);
    cr_assert_eq(group->respond(group, &rng, bad.share, 1216, bad.response, bad.theirs),
                 E_CRYPTO_SHARE);
    memset(bad.response + 1088, 0, 32);
    cr_assert_eq(group->complete(group, bad.private_value, bad.response, 1120, bad.ours),
                 E_CRYPTO_SHARE);
    memset(x.share, 0xff, 3);
    cr_assert_eq(group->respond(group, &rng, x.share, 1216, x.response, x.theirs), E_CRYPTO_SHARE);
}

static enum cub_error fail(void *context, uint8_t *out, size_t len)
{
    unsigned *left = context;

    memset(out, 1, len);
    return (*left)-- == 0 ? E_CRYPTO_RANDOM : E_OK;
}

Test(group_mlkem, a_broken_entropy_source_is_told)
{
    for (size_t i = 0; i < 2; i++) {
        const struct cub_group *group = groups[i].group;
        struct exchange x = run(group);

        /* The hybrid asks twice. */
        for (unsigned good = 0; good < 2 - i; good++) {
            unsigned left = good;
            struct cub_random random = {fail, &left};

            cr_assert_eq(group->generate(group, &random, x.private_value, x.share),
                         E_CRYPTO_RANDOM);
            left = good;
            cr_assert_eq(group->respond(group, &random, x.share, group->share_size, x.response,
                                        x.theirs),
                         E_CRYPTO_RANDOM);
            x = run(group);
        }
    }
}
