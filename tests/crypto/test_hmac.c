#include <string.h>

#include <criterion/criterion.h>

#include "crypto/kdf.h"
#include "tests/support/hex.h"

/* RFC 2202 section 3 case 2 and RFC 4231 section 4.3: key "Jefe". */
static const struct {
    const struct cub_hash *hash;
    const char *mac;
} jefe[] = {
    {&cub_sha1,   "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"                                         },
    {&cub_sha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"                 },
    {&cub_sha384, "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
                  "8e2240ca5e69e2c78b3239ecfab21649"                                },
    {&cub_sha512, "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                  "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
};

Test(hmac, jefe)
{
    static const char data[] = "what do ya want for nothing?";
    uint8_t out[CUB_HASH_MAX_SIZE];

    for (size_t i = 0; i < sizeof jefe / sizeof jefe[0]; i++) {
        cub_hmac(jefe[i].hash, (const uint8_t *)"Jefe", 4, data, sizeof data - 1, out);
        test_expect_hex("HMAC", out, jefe[i].hash->size, jefe[i].mac);
    }
}

/* A key longer than a block is hashed first [RFC2104-2]; one of exactly a block is not. */
Test(hmac, long_keys_are_hashed)
{
    uint8_t key[129] = {1, 2, 3};
    uint8_t hashed[CUB_HASH_MAX_SIZE], a[CUB_HASH_MAX_SIZE], b[CUB_HASH_MAX_SIZE];

    for (size_t i = 0; i < sizeof jefe / sizeof jefe[0]; i++) {
        const struct cub_hash *hash = jefe[i].hash;
        size_t block = hash->block_size;

        cub_hash_once(hash, key, block + 1, hashed);
        cub_hmac(hash, key, block + 1, "x", 1, a);
        cub_hmac(hash, hashed, hash->size, "x", 1, b);
        cr_assert(memcmp(a, b, hash->size) == 0);

        cub_hash_once(hash, key, block, hashed);
        cub_hmac(hash, key, block, "x", 1, a);
        cub_hmac(hash, hashed, hash->size, "x", 1, b);
        cr_assert(memcmp(a, b, hash->size) != 0);
    }
}

Test(hmac, a_key_serves_many_strings_in_pieces)
{
    struct cub_hmac_key key;
    struct cub_hash_context context;
    uint8_t want[CUB_HASH_MAX_SIZE], got[CUB_HASH_MAX_SIZE];

    cub_hmac_key_init(&key, &cub_sha384, (const uint8_t *)"key", 3);
    for (int round = 0; round < 2; round++) {
        cub_hmac(&cub_sha384, (const uint8_t *)"key", 3, "onetwo", 6, want);
        cub_hmac_begin(&key, &context);
        cub_hash_update(key.hash, &context, "one", 3);
        cub_hash_update(key.hash, &context, "two", 3);
        cub_hmac_end(&key, &context, got);
        cr_assert(memcmp(got, want, 48) == 0);
    }
}
