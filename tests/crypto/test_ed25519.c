#include <string.h>

#include <criterion/criterion.h>

#include "crypto/ed25519.h"
#include "crypto/edwards25519.h"
#include "crypto/signature.h"
#include "tests/support/hex.h"

/* RFC 8032 section 7.1: seed, public key, message, signature. */
/* clang-format off */
static const struct {
    const char *seed, *public_key, *message, *signature;
} rfc8032[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
     "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e"
     "39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
     "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f"
     "3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
     "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67"
     "f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba"
     "3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfb"
     "c7c66431e0303dca179c138ac17ad9bef1177331a704"},
};
/* clang-format on */

struct sample {
    uint8_t seed[32], public_key[32], message[100], sig[64];
    size_t len;
};

static struct sample sample(size_t i)
{
    struct sample s;

    test_unhex(rfc8032[i].seed, s.seed, sizeof s.seed);
    test_unhex(rfc8032[i].public_key, s.public_key, sizeof s.public_key);
    s.len = test_unhex(rfc8032[i].message, s.message, sizeof s.message);
    test_unhex(rfc8032[i].signature, s.sig, sizeof s.sig);
    return s;
}

static enum cub_error verify(const struct sample *s)
{
    return cub_ed25519_verify(s->public_key, s->message, s->len, s->sig, sizeof s->sig);
}

Test(ed25519, rfc8032)
{
    for (size_t i = 0; i < sizeof rfc8032 / sizeof rfc8032[0]; i++) {
        struct sample s = sample(i);
        uint8_t public_key[32], sig[64];

        cub_ed25519_public(s.seed, public_key);
        cr_assert_arr_eq(public_key, s.public_key, 32, "%zu", i);
        cub_ed25519_sign(s.seed, s.message, s.len, sig);
        cr_assert_arr_eq(sig, s.sig, 64, "%zu", i);
        cr_assert_eq(verify(&s), E_OK, "%zu", i);
    }
}

Test(ed25519, every_bit_counts)
{
    struct sample s = sample(1);

    for (size_t i = 0; i < 8 * sizeof s.sig; i++) {
        s.sig[i / 8] ^= (uint8_t)(1 << i % 8);
        cr_assert_eq(verify(&s), E_CRYPTO_SIGNATURE, "bit %zu", i);
        s.sig[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    s.message[0] ^= 1;
    cr_assert_eq(verify(&s), E_CRYPTO_SIGNATURE);
}

Test(ed25519, length_of_the_signature)
{
    struct sample s = sample(0);
    uint8_t longer[65] = {0};

    memcpy(longer, s.sig, 64);
    cr_assert_eq(cub_ed25519_verify(s.public_key, s.message, s.len, longer, 65),
                 E_CRYPTO_SIGNATURE);
    cr_assert_eq(cub_ed25519_verify(s.public_key, s.message, s.len, longer, 63),
                 E_CRYPTO_SIGNATURE);
    cr_assert_eq(cub_ed25519_verify(s.public_key, s.message, s.len, NULL, 0), E_CRYPTO_SIGNATURE);
}

/* S + L satisfies the same equation, and would be a second signature [RFC8032-8.4]. */
Test(ed25519, scalar_below_the_order)
{
    uint8_t order[32];
    struct sample s = sample(0);
    unsigned carry = 0;

    test_unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", order, 32);
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)s.sig[32 + i] + order[i];
        s.sig[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    cr_assert_eq(verify(&s), E_CRYPTO_SIGNATURE);
}

/* R with a component of order 8: the equation with cofactor holds, ours does not. */
Test(ed25519, equation_without_cofactor)
{
    struct sample s = sample(0);

    test_unhex("6a84d583f06569edb3f5ed77df65544b27d6948b4f0b2cb76f33dd8413b20719"
               "a4ecead7d0da10d06e9dd4d2cd15f6b801100ecedcc864297318e1721ffa6c0c",
               s.sig, sizeof s.sig);
    cr_assert_eq(verify(&s), E_CRYPTO_SIGNATURE);
}

Test(ed25519, encodings_of_points)
{
    static const struct {
        const char *point;
        bool ok;
    } cases[] = {
  /* y = 1, x = 0: the neutral point; with the sign of x; and as p + 1 */
        {"0100000000000000000000000000000000000000000000000000000000000000", true },
        {"0100000000000000000000000000000000000000000000000000000000000080", false},
        {"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", false},
 /* y = -1; with the sign of x */
        {"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", true },
        {"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", false},
 /* y = 0, by both of its x; as p */
        {"0000000000000000000000000000000000000000000000000000000000000000", true },
        {"0000000000000000000000000000000000000000000000000000000000000080", true },
        {"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", false},
        {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", false},
 /* y = 2 is on no point */
        {"0200000000000000000000000000000000000000000000000000000000000000", false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sample s = sample(0);
        struct cub_edwards point;
        uint8_t back[32];

        test_unhex(cases[i].point, s.public_key, 32);
        cr_assert_eq(cub_edwards_load(&point, s.public_key), cases[i].ok, "%s", cases[i].point);
        cr_assert_eq(verify(&s), cases[i].ok ? E_CRYPTO_SIGNATURE : E_CRYPTO_KEY);
        if (!cases[i].ok)
            continue;
        cub_edwards_store(back, &point);
        cr_assert_arr_eq(back, s.public_key, 32);
    }
}

Test(ed25519, field)
{
    static const uint8_t top[33] =
        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
    static const uint8_t one[32] = {1};
    struct cub_field a, b, c;
    uint8_t out[32];

    /* 2^255 - 1 = 18; 0 - 1 = p - 1, whose square is 1 */
    cub_field_load(&a, top);
    cub_field_store(out, &a);
    test_expect_hex("18", out, 32,
                    "1200000000000000000000000000000000000000000000000000000000000000");
    memset(&a, 0, sizeof a);
    cub_field_load(&b, one);
    cub_field_subtract(&c, &a, &b);
    cub_field_store(out, &c);
    test_expect_hex("p - 1", out, 32,
                    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    cub_field_multiply(&c, &c, &c);
    cub_field_store(out, &c);
    cr_assert_arr_eq(out, one, 32);
    /* The largest operands there are, again and again: (a - b)(a + b) = aa - bb */
    cub_field_load(&a, top);
    cub_field_load(&b, one);
    for (int i = 0; i < 1000; i++) {
        struct cub_field d, e;

        cub_field_add(&c, &a, &b);
        cub_field_subtract(&d, &a, &b);
        cub_field_multiply(&e, &c, &d);
        cub_field_multiply(&c, &a, &a);
        cub_field_multiply(&d, &b, &b);
        cub_field_subtract(&d, &c, &d);
        cub_field_subtract(&d, &d, &e);
        cub_field_store(out, &d);
        for (int j = 0; j < 32; j++)
            cr_assert_eq(out[j], 0, "round %d", i);
        cub_field_add(&b, &a, &c);
        a = e;
    }
}

Test(ed25519, schemes)
{
    struct sample s = sample(2);
    struct cub_private_key private_key = {
        .type = CUB_KEY_ED25519, .scalar = {s.seed, 32}
    };
    struct cub_public_key public_key = {
        .type = CUB_KEY_ED25519, .point = {s.public_key, 32}
    };
    uint8_t sig[CUB_SIGNATURE_MAX_SIZE];
    size_t len = 0;

    cr_assert_eq(cub_sign_message(&cub_sign_ed25519, &private_key, NULL, s.message, s.len, sig,
                                  &len),
                 E_OK);
    cr_assert_eq(len, 64);
    cr_assert_arr_eq(sig, s.sig, 64);
    cr_assert_eq(cub_verify_message(&cub_verify_ed25519, &public_key, s.message, s.len, sig, len),
                 E_OK);
    private_key.type = public_key.type = CUB_KEY_EC_P256;
    cr_assert_eq(cub_sign_message(&cub_sign_ed25519, &private_key, NULL, s.message, s.len, sig,
                                  &len),
                 E_CRYPTO_KEY);
    cr_assert_eq(cub_verify_message(&cub_verify_ed25519, &public_key, s.message, s.len, sig, len),
                 E_CRYPTO_KEY);
    private_key.type = public_key.type = CUB_KEY_ED25519;
    private_key.scalar.len = public_key.point.len = 31;
    cr_assert_eq(cub_sign_message(&cub_sign_ed25519, &private_key, NULL, s.message, s.len, sig,
                                  &len),
                 E_CRYPTO_KEY);
    cr_assert_eq(cub_verify_message(&cub_verify_ed25519, &public_key, s.message, s.len, sig, len),
                 E_CRYPTO_KEY);
}
