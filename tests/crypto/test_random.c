#include <string.h>

#include <criterion/criterion.h>

#include "crypto/random.h"
#include "tests/support/hex.h"

/* NIST CAVP, HMAC_DRBG, SHA-256, no prediction resistance, no reseed, count 0: the second output.
 */
Test(random, hmac_drbg_cavp)
{
    struct cub_hmac_drbg drbg = {.seeded = 0};
    uint8_t seed[48], out[128];

    test_unhex("ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488"
               "659ba96c601dc69fc902940805ec0ca8",
               seed, sizeof seed);
    cub_hmac_drbg_update(&drbg, seed, sizeof seed);
    cr_assert_eq(cub_hmac_drbg_fill(&drbg, out, sizeof out), E_OK);
    cr_assert_eq(cub_hmac_drbg_fill(&drbg, out, sizeof out), E_OK);
    test_expect_hex("ReturnedBits", out, sizeof out,
                    "e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89"
                    "d54fbb978a15b5c443c9ec21036d2460b6f73ebad0dc2aba6e624abf07745bc1"
                    "07694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668"
                    "961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8");
}

/* One shape for both generators. */
union state {
    struct cub_drbg chacha20;
    struct cub_hmac_drbg hmac;
};

static void update_chacha20(union state *state, const char *seed)
{
    cub_drbg_update(&state->chacha20, seed, strlen(seed));
}

static void update_hmac(union state *state, const char *seed)
{
    cub_hmac_drbg_update(&state->hmac, seed, strlen(seed));
}

static const struct {
    const char *name;
    void (*update)(union state *state, const char *seed);
    enum cub_error (*fill)(void *context, uint8_t *out, size_t len);
} drbgs[] = {
    {"ChaCha20", update_chacha20, cub_drbg_fill     },
    {"HMAC",     update_hmac,     cub_hmac_drbg_fill},
};
#define DRBGS (sizeof drbgs / sizeof drbgs[0])

Test(random, no_seed_no_output)
{
    for (size_t i = 0; i < DRBGS; i++) {
        union state state;
        uint8_t out[32];

        memset(&state, 0, sizeof state);
        cr_assert_eq(drbgs[i].fill(&state, out, sizeof out), E_CRYPTO_RANDOM);
        drbgs[i].update(&state, "seed");
        cr_assert_eq(drbgs[i].fill(&state, out, sizeof out), E_OK);
    }
}

/* Same seed, same output; any other seed, order of seeds, or earlier request: another one. */
Test(random, output_depends_on_seeds_and_history)
{
    for (size_t i = 0; i < DRBGS; i++) {
        union state state[5];
        uint8_t out[5][48];

        memset(state, 0, sizeof state);
        drbgs[i].update(&state[0], "one");
        state[1] = state[2] = state[3] = state[0];
        drbgs[i].update(&state[2], "two");
        drbgs[i].update(&state[4], "two");
        drbgs[i].update(&state[4], "one");
        cr_assert_eq(drbgs[i].fill(&state[3], out[3], 1), E_OK);
        for (size_t k = 0; k < 5; k++)
            cr_assert_eq(drbgs[i].fill(&state[k], out[k], sizeof out[k]), E_OK);
        cr_assert(memcmp(out[0], out[1], sizeof out[0]) == 0);
        for (size_t k = 2; k < 5; k++)
            cr_assert(memcmp(out[0], out[k], sizeof out[0]) != 0, "%s %zu", drbgs[i].name, k);
        cr_assert(memcmp(out[2], out[4], sizeof out[2]) != 0);
    }
}

/* Every length is filled to its end and no further, and no two requests agree. */
Test(random, every_length)
{
    for (size_t i = 0; i < DRBGS; i++) {
        union state state;
        uint8_t before[32] = {0};

        memset(&state, 0, sizeof state);
        drbgs[i].update(&state, "seed");
        for (size_t len = 0; len < 300; len++) {
            uint8_t a[300], b[8] = {0};

            memset(a, 0, sizeof a);
            cr_assert_eq(drbgs[i].fill(&state, a, len), E_OK);
            for (size_t k = len; k < sizeof a; k++)
                cr_assert_eq(a[k], 0);
            if (len >= 32) {
                cr_assert(memcmp(a, before, 32) != 0);
                cr_assert(memcmp(a + len - 8, b, 8) != 0);
                memcpy(before, a, 32);
            }
        }
    }
}

/* What was drawn cannot be computed from the state left behind: the key is never in the output. */
Test(random, the_old_key_is_gone)
{
    struct cub_drbg drbg = {.seeded = 0}, left;
    uint8_t drawn[64], again[64];

    cub_drbg_update(&drbg, "seed", 4);
    left = drbg;
    cr_assert_eq(cub_drbg_fill(&drbg, drawn, sizeof drawn), E_OK);
    cr_assert(memcmp(drbg.key, left.key, sizeof left.key) != 0);
    cr_assert(memcmp(drbg.key, drawn, sizeof left.key) != 0);
    cr_assert(memcmp(drbg.key, drawn + 32, sizeof left.key) != 0);
    cr_assert_eq(cub_drbg_fill(&drbg, again, sizeof again), E_OK);
    cr_assert(memcmp(drawn, again, sizeof drawn) != 0);
}
