#include <string.h>

#include <criterion/criterion.h>

#include "crypto/hash.h"
#include "crypto/mlkem.h"
#include "tests/support/hex.h"

/* ML-KEM-768 has Wycheproof's vectors; those of ML-KEM-1024 below come from a transcription of FIPS
 * 203 into Python, which agrees with Wycheproof's for ML-KEM-768. */

struct exchange {
    uint8_t seed[CUB_MLKEM_SEED], message[CUB_MLKEM_MESSAGE];
    uint8_t public_key[CUB_MLKEM_MAX_PUBLIC], ciphertext[CUB_MLKEM_MAX_CIPHERTEXT];
    uint8_t secret[CUB_MLKEM_SECRET];
};

/* Seed 00 01 02 ..., message going on with 40 41 .... */
static struct exchange exchange(const struct cub_mlkem *p)
{
    struct exchange x;

    for (unsigned i = 0; i < sizeof x.seed; i++)
        x.seed[i] = (uint8_t)i;
    for (unsigned i = 0; i < sizeof x.message; i++)
        x.message[i] = (uint8_t)(sizeof x.seed + i);
    cub_mlkem_public(p, x.seed, x.public_key);
    cr_assert_eq(cub_mlkem_encapsulate(p, x.public_key, p->public_size, x.message, x.ciphertext,
                                       x.secret),
                 E_OK);
    return x;
}

static void expect_sha256(const char *what, const uint8_t *data, size_t len, const char *hex)
{
    uint8_t digest[32];

    cub_hash_once(&cub_sha256, data, len, digest);
    test_expect_hex(what, digest, sizeof digest, hex);
}

Test(mlkem, mlkem1024)
{
    struct exchange x = exchange(&cub_mlkem_1024);
    uint8_t secret[CUB_MLKEM_SECRET];

    expect_sha256("public key", x.public_key, 1568,
                  "c7b8fa0aa471d5ae18922d6ccad5b31e1d84f92ae723abfd13747018740a8530");
    expect_sha256("ciphertext", x.ciphertext, 1568,
                  "7c89743960f7c3d17bb69572e49de14fe0990c9113a0706963a8f4c7b39afcdf");
    test_expect_hex("secret", x.secret, 32,
                    "0ad8d1ea1b8dd788979b4379581218df9321bdce5567eca42ae6be7d395f1a54");
    cr_assert_eq(cub_mlkem_decapsulate(&cub_mlkem_1024, x.seed, x.ciphertext, 1568, secret), E_OK);
    cr_assert_arr_eq(secret, x.secret, sizeof secret);
    x.ciphertext[0] ^= 1;
    cr_assert_eq(cub_mlkem_decapsulate(&cub_mlkem_1024, x.seed, x.ciphertext, 1568, secret), E_OK);
    test_expect_hex("secret of a rejected ciphertext", secret, 32,
                    "8f2c880890996c587aa500cf8b6da03372de706a9f96075744bb0956ea6fbaac");
}

/* Whichever byte was changed, the secret is another one, and the same each time. */
Test(mlkem, implicit_rejection)
{
    struct exchange x = exchange(&cub_mlkem_768);
    uint8_t first[CUB_MLKEM_SECRET], again[CUB_MLKEM_SECRET];

    for (size_t i = 0; i < 1088; i += 61) {
        x.ciphertext[i] ^= 0x80;
        cr_assert_eq(cub_mlkem_decapsulate(&cub_mlkem_768, x.seed, x.ciphertext, 1088, first),
                     E_OK);
        cr_assert_eq(cub_mlkem_decapsulate(&cub_mlkem_768, x.seed, x.ciphertext, 1088, again),
                     E_OK);
        cr_assert_arr_neq(first, x.secret, sizeof first);
        cr_assert_arr_eq(first, again, sizeof first);
        x.ciphertext[i] ^= 0x80;
    }
}

Test(mlkem, lengths)
{
    static const struct cub_mlkem *const sets[] = {&cub_mlkem_768, &cub_mlkem_1024};

    for (size_t i = 0; i < 2; i++) {
        const struct cub_mlkem *p = sets[i];
        struct exchange x = exchange(p);

        for (size_t off = 0; off < 3; off++) {
            enum cub_error error = off == 1 ? E_OK : E_CRYPTO_SHARE;

            cr_assert_eq(cub_mlkem_encapsulate(p, x.public_key, p->public_size - 1 + off, x.message,
                                               x.ciphertext, x.secret),
                         error);
            cr_assert_eq(cub_mlkem_decapsulate(p, x.seed, x.ciphertext,
                                               p->ciphertext_size - 1 + off, x.secret),
                         error);
        }
    }
}

/* Every coefficient of the encapsulation key is looked at [FIPS203-7.2]. */
Test(mlkem, modulus_check)
{
    struct exchange x = exchange(&cub_mlkem_768);

    for (size_t i = 0; i < 1152; i += 3) {
        uint8_t kept[3];

        memcpy(kept, x.public_key + i, 3);
        x.public_key[i] = 0x01; /* 0xd01 = q, first as the lower coefficient */
        x.public_key[i + 1] = (uint8_t)((kept[1] & 0xf0) | 0x0d);
        cr_assert_eq(cub_mlkem_encapsulate(&cub_mlkem_768, x.public_key, 1184, x.message,
                                           x.ciphertext, x.secret),
                     E_CRYPTO_SHARE);
        memcpy(x.public_key + i, kept, 3);
        x.public_key[i + 1] = (uint8_t)((kept[1] & 0x0f) | 0x10);
        x.public_key[i + 2] = 0xd0;
        cr_assert_eq(cub_mlkem_encapsulate(&cub_mlkem_768, x.public_key, 1184, x.message,
                                           x.ciphertext, x.secret),
                     E_CRYPTO_SHARE);
        memcpy(x.public_key + i, kept, 3);
    }
}
