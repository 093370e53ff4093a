#include <string.h>

#include <criterion/criterion.h>

#include "crypto/hash.h"
#include "tests/support/hex.h"

/* "abc", of FIPS 180-4's examples (RFC 6234 section 8.5 has them too). */
static const struct {
    const struct cub_hash *hash;
    enum cub_hash_id id;
    const char *abc;
} hashes[] = {
    {&cub_sha1,   CUB_HASH_SHA1,   "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {&cub_sha256, CUB_HASH_SHA256,
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"      },
    {&cub_sha384, CUB_HASH_SHA384,
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c82"
     "5"
     "a7"                                                                    },
    {&cub_sha512, CUB_HASH_SHA512,
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fee"
     "b"
     "bd454d4423643ce80e2a9ac94fa54ca49f"                                    },
};
#define HASHES (sizeof hashes / sizeof hashes[0])

Test(hash, abc)
{
    for (size_t i = 0; i < HASHES; i++) {
        uint8_t out[CUB_HASH_MAX_SIZE];

        cub_hash_once(hashes[i].hash, "abc", 3, out);
        test_expect_hex("abc", out, hashes[i].hash->size, hashes[i].abc);
        cr_assert_eq(hashes[i].hash->id, hashes[i].id);
    }
}

/* What key schedules derive from [RFC8446-7.1]. */
Test(hash, empty)
{
    for (size_t i = 0; i < HASHES; i++) {
        const struct cub_hash *hash = hashes[i].hash;
        uint8_t out[CUB_HASH_MAX_SIZE];

        cub_hash_once(hash, "", 0, out);
        if (hash->empty != NULL)
            cr_assert_arr_eq(out, hash->empty, hash->size);
        cr_assert_eq(hash->empty != NULL, hash == &cub_sha256 || hash == &cub_sha384);
    }
}

/* A transcript is cloned by copying context_size bytes, and an output leaves it usable. */
Test(hash, contexts_are_cloned_by_copying)
{
    static const char text[] =
        "The quick brown fox jumps over the lazy dog. The quick brown fox "
        "jumps over the lazy dog. The quick brown fox jumps over the lazy dog";

    for (size_t i = 0; i < HASHES; i++) {
        const struct cub_hash *hash = hashes[i].hash;

        cr_assert(hash->context_size <= sizeof(struct cub_hash_context));
        for (size_t cut = 0; cut < sizeof text; cut++) {
            struct cub_hash_context a, b;
            uint8_t once[CUB_HASH_MAX_SIZE], x[CUB_HASH_MAX_SIZE], y[CUB_HASH_MAX_SIZE];

            cub_hash_once(hash, text, sizeof text, once);
            cub_hash_init(hash, &a);
            cub_hash_update(hash, &a, text, cut);
            memcpy(&b, &a, hash->context_size);
            cub_hash_output(hash, &a, x);
            cub_hash_update(hash, &a, text + cut, sizeof text - cut);
            cub_hash_output(hash, &a, x);
            cub_hash_update(hash, &b, text + cut, sizeof text - cut);
            cub_hash_output(hash, &b, y);
            cr_assert(memcmp(x, once, hash->size) == 0, "cut at %zu", cut);
            cr_assert(memcmp(y, once, hash->size) == 0, "clone at %zu", cut);
        }
    }
}
