#include <string.h>

#include <criterion/criterion.h>

#include "crypto/kdf.h"
#include "tests/support/hex.h"

/* RFC 5869, appendix A. salt NULL: not provided. */
static const struct {
    const struct cub_hash *hash;
    const char *ikm, *salt, *info, *prk, *okm;
} rfc5869[] = {
    {&cub_sha256, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",                        "000102030405060708090a0b0c",
     "f0f1f2f3f4f5f6f7f8f9",                                                                                                                                                                                                                                             "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
     "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b88718"
     "5865"                                                                        },
    {&cub_sha256,
     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627"
     "28292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f", "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f8081828384858687"
     "88898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf", "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7"
     "d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
     "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac78272"
     "71cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f"
     "1d87"                                                                        },
    {&cub_sha256, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",                        "",                                                                                     "",
     "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",                                                                                                                                                                                                                                                                     "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a"
     "96c8"},
    {&cub_sha1,   "0b0b0b0b0b0b0b0b0b0b0b",                                              "000102030405060708090a0b0c",                                                           "f0f1f2f3f4f5f6f7f8f9",
     "9b6c18c432a7bf8f0e71c8eb88f4b30baa2ba243",                                                                                                                                                                                                                                                                                             "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3"
     "f896"                        },
    {&cub_sha1,
     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627"
     "28292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f", "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f8081828384858687"
     "88898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf", "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7"
     "d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "8adae09a2a307059478d309b26c4115a224cfaf6",
     "0bd770a74d1160f7c9f12cd5912a06ebff6adcae899d92191fe4305673ba2ffe8fa3f1a4e5ad79f3"
     "f334b3b202b2173c486ea37ce3d397ed034c7f9dfeb15c5e927336d0441f4c4300e2cff0d0900b52"
     "d3b4"                                                                        },
    {&cub_sha1,   "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",                        "",                                                                                     "",
     "da8c8a73c7fa77288ec6f5e7c297786aa0d32d01",                                                                                                                                                                                                                                                                                             "0ac1af7002b3d761d1e55298da9d0506b9ae52057220a306e07b6b87e8df21d0ea00033de03984d3"
     "4918"                        },
    {&cub_sha1,   "0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c",                        NULL,                                                                                   "",
     "2adccada18779e7c2077ad2eb19d3f3e731385dd",                                                                                                                                                                                                                                                                                             "2c91117204d745f3500d636a62f64f0ab3bae548aa53d423b0d1f27ebba6f5e5673a081d70cce7ac"
     "fc48"                        },
};

Test(hkdf, rfc5869_appendix_a)
{
    for (size_t i = 0; i < sizeof rfc5869 / sizeof rfc5869[0]; i++) {
        const struct cub_hash *hash = rfc5869[i].hash;
        uint8_t ikm[80], salt[80], info[80], prk[CUB_HASH_MAX_SIZE], okm[82];
        size_t ikm_len = test_unhex(rfc5869[i].ikm, ikm, sizeof ikm);
        size_t salt_len = rfc5869[i].salt ? test_unhex(rfc5869[i].salt, salt, sizeof salt) : 0;
        size_t info_len = test_unhex(rfc5869[i].info, info, sizeof info);
        size_t okm_len = strlen(rfc5869[i].okm) / 2;

        cub_hkdf_extract(hash, rfc5869[i].salt ? salt : NULL, salt_len, ikm, ikm_len, prk);
        test_expect_hex("PRK", prk, hash->size, rfc5869[i].prk);
        cub_hkdf_expand(hash, prk, hash->size, info, info_len, okm, okm_len);
        test_expect_hex("OKM", okm, okm_len, rfc5869[i].okm);
    }
}

/* The longest output: 255 blocks; a shorter one is its beginning. */
Test(hkdf, expand_gives_prefixes_up_to_255_blocks)
{
    static uint8_t all[255 * 32];
    static uint8_t some[255 * 32];
    uint8_t prk[32] = {1};

    cub_hkdf_expand(&cub_sha256, prk, sizeof prk, NULL, 0, all, sizeof all);
    for (size_t n = 0; n <= sizeof all; n += 97) {
        cub_hkdf_expand(&cub_sha256, prk, sizeof prk, NULL, 0, some, n);
        cr_assert(memcmp(all, some, n) == 0, "%zu bytes", n);
    }
    cr_assert(memcmp(all, all + 32, 32) != 0);
}

/* RFC 8448 section 3: {server} derive write traffic keys for handshake data. */
Test(hkdf, expand_label_rfc8448)
{
    uint8_t secret[32], out[16];

    test_unhex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38", secret,
               sizeof secret);
    cub_hkdf_expand_label(&cub_sha256, secret, "key", NULL, 0, out, 16);
    test_expect_hex("key", out, 16, "3fce516009c21727d0f2e4e86ee403bc");
    cub_hkdf_expand_label(&cub_sha256, secret, "iv", NULL, 0, out, 12);
    test_expect_hex("iv", out, 12, "5d313eb2671276ee13000b30");
}

/* The info string of RFC 8446 section 7.1, put together by hand, with a context. */
Test(hkdf, expand_label_is_expand_of_HkdfLabel)
{
    static const uint8_t info[] = "\0\x30\x0dtls13 derived\x20"
                                  "0123456789abcdef0123456789abcdef";
    uint8_t secret[48], want[48], got[48];

    memset(secret, 7, sizeof secret);
    cub_hkdf_expand(&cub_sha384, secret, 48, info, sizeof info - 1, want, 48);
    cub_hkdf_expand_label(&cub_sha384, secret, "derived",
                          (const uint8_t *)"0123456789abcdef0123456789abcdef", 32, got, 48);
    cr_assert(memcmp(got, want, 48) == 0);
}
