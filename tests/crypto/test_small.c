#include <string.h>

#include <criterion/criterion.h>

#include "crypto/small.h"
#include "tests/support/hex.h"
#include "tests/support/random.h"

/* Each does what BearSSL's does, for every length up to some blocks. */

static struct test_random state;

static void fill(void *out, size_t len)
{
    cr_assert_eq(test_random_fill(&state, out, len), E_OK);
}

Test(small, sha256_of_every_length)
{
    uint8_t data[200], got[32], want[32];

    fill(data, sizeof data);
    for (size_t len = 0; len <= sizeof data; len++) {
        br_sha256_context ours, theirs;

        cub_sha256_small.init(&ours.vtable);
        br_sha256_init(&theirs);
        cub_sha256_small.update(&ours.vtable, data, len / 3);
        cub_sha256_small.update(&ours.vtable, data + len / 3, len - len / 3);
        br_sha256_update(&theirs, data, len);
        cub_sha256_small.out(&ours.vtable, got);
        br_sha256_out(&theirs, want);
        cr_assert(memcmp(got, want, sizeof got) == 0, "length %zu", len);
    }
}

/* FIPS 180-4's example: a million times "a". */
Test(small, sha256_of_a_million)
{
    br_sha256_context context;
    uint8_t data[1000], got[32];

    memset(data, 'a', sizeof data);
    cub_sha256_small.init(&context.vtable);
    for (int i = 0; i < 1000; i++)
        cub_sha256_small.update(&context.vtable, data, sizeof data);
    cub_sha256_small.out(&context.vtable, got);
    test_expect_hex("digest", got, sizeof got,
                    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* A state that was taken out goes on where it was, here or in BearSSL's. */
Test(small, sha256_state)
{
    br_sha256_context first, second;
    uint8_t data[100], between[32], got[32], want[32];
    uint64_t count;

    fill(data, sizeof data);
    br_sha256_init(&first);
    br_sha256_update(&first, data, 64);
    br_sha256_update(&first, data, sizeof data);
    br_sha256_out(&first, want);

    cub_sha256_small.init(&first.vtable);
    cub_sha256_small.update(&first.vtable, data, 64);
    count = cub_sha256_small.state(&first.vtable, between);
    cr_assert_eq(count, 64);
    cub_sha256_small.init(&second.vtable);
    cub_sha256_small.set_state(&second.vtable, between, count);
    cub_sha256_small.update(&second.vtable, data, sizeof data);
    cub_sha256_small.out(&second.vtable, got);
    cr_assert(memcmp(got, want, sizeof got) == 0);
    br_sha256_init(&second);
    br_sha256_set_state(&second, between, count);
    br_sha256_update(&second, data, sizeof data);
    br_sha256_out(&second, got);
    cr_assert(memcmp(got, want, sizeof got) == 0);
}

Test(small, aes_counter_mode_of_every_length)
{
    for (size_t len = 0; len <= 100; len++) {
        br_aes_gen_ctr_keys ours, theirs;
        uint8_t key[32], iv[12], got[100], want[100];
        size_t key_len = 16 + len % 3 * 8;

        fill(key, sizeof key);
        fill(iv, sizeof iv);
        fill(got, sizeof got);
        memcpy(want, got, sizeof want);
        cub_aes_ctr_small.init(&ours.vtable, key, key_len);
        br_aes_ct_ctr_vtable.init(&theirs.vtable, key, key_len);
        cr_assert_eq(ours.vtable->run(&ours.vtable, iv, 0xfffffffe, got, len),
                     theirs.vtable->run(&theirs.vtable, iv, 0xfffffffe, want, len));
        cr_assert(memcmp(got, want, sizeof got) == 0, "length %zu, key of %zu", len, key_len);
    }
}

/* FIPS 197, appendix B: the block of its example as a counter block. */
Test(small, aes_example)
{
    br_aes_gen_ctr_keys keys;
    uint8_t key[16], block[16], out[16] = {0};

    test_unhex("2b7e151628aed2a6abf7158809cf4f3c", key, sizeof key);
    test_unhex("3243f6a8885a308d313198a2e0370734", block, sizeof block);
    cub_aes_ctr_small.init(&keys.vtable, key, sizeof key);
    keys.vtable->run(&keys.vtable, block, 0xe0370734, out, sizeof out);
    test_expect_hex("ciphertext", out, sizeof out, "3925841d02dc09fbdc118597196a0b32");
}

Test(small, ghash_of_every_length)
{
    uint8_t data[80], h[16], got[16], want[16];

    for (size_t len = 0; len <= sizeof data; len++) {
        fill(data, sizeof data);
        fill(h, sizeof h);
        fill(got, sizeof got);
        memcpy(want, got, sizeof want);
        cub_ghash_small(got, h, data, len);
        br_ghash_ctmul32(want, h, data, len);
        cr_assert(memcmp(got, want, sizeof got) == 0, "length %zu", len);
    }
}

/* Single bits, all of them. */
Test(small, ghash_of_every_bit)
{
    for (unsigned i = 0; i < 128; i++) {
        for (unsigned k = 0; k < 128; k++) {
            uint8_t data[16] = {0}, h[16] = {0}, got[16] = {0}, want[16] = {0};

            data[i / 8] = (uint8_t)(1 << i % 8);
            h[k / 8] = (uint8_t)(1 << k % 8);
            cub_ghash_small(got, h, data, sizeof data);
            br_ghash_ctmul32(want, h, data, sizeof data);
            cr_assert(memcmp(got, want, sizeof got) == 0, "bits %u, %u", i, k);
        }
    }
}

/* RFC 8439, section 2.4.2. */
Test(small, chacha20_example)
{
    static const uint8_t iv[12] = {[7] = 0x4a};
    uint8_t key[32], data[] = "Ladies and Gentlemen of the class of '99: If I could offer you "
                              "only one tip for the future, sunscreen would be it.";

    for (uint8_t i = 0; i < sizeof key; i++)
        key[i] = i;
    cr_assert_eq(cub_chacha20_small(key, iv, 1, data, sizeof data - 1), 3);
    test_expect_hex("ciphertext", data, sizeof data - 1,
                    "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0b"
                    "f91b65c5524733ab8f593dabcd62b3571639d624e65152ab8f530c359f0861d8"
                    "07ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab7793736"
                    "5af90bbf74a35be6b40b8eedf2785e42874d");
}

Test(small, chacha20_of_every_length)
{
    for (size_t len = 0; len <= 200; len++) {
        uint8_t key[32], iv[12], got[200], want[200];

        fill(key, sizeof key);
        fill(iv, sizeof iv);
        fill(got, sizeof got);
        memcpy(want, got, sizeof want);
        cr_assert_eq(cub_chacha20_small(key, iv, 0xfffffffe, got, len),
                     br_chacha20_ct_run(key, iv, 0xfffffffe, want, len));
        cr_assert(memcmp(got, want, sizeof got) == 0, "length %zu", len);
    }
}

/* Data and tag, with whatever ChaCha20 says. */
static void poly1305(const uint8_t *key, const uint8_t *data, size_t len, const uint8_t *aad,
                     size_t aad_len, br_chacha20_run chacha20)
{
    static const uint8_t iv[12] = {7};
    uint8_t got[100], want[100], got_tag[16], want_tag[16];

    for (int encrypt = 0; encrypt <= 1; encrypt++) {
        memcpy(got, data, len);
        memcpy(want, data, len);
        cub_poly1305_small(key, iv, got, len, aad, aad_len, got_tag, chacha20, encrypt);
        br_poly1305_ctmul32_run(key, iv, want, len, aad, aad_len, want_tag, chacha20, encrypt);
        cr_assert(memcmp(got, want, len) == 0, "length %zu", len);
        cr_assert(memcmp(got_tag, want_tag, 16) == 0, "length %zu, %zu", len, aad_len);
    }
}

Test(small, poly1305_of_every_length)
{
    uint8_t key[32], data[100], aad[40];

    for (size_t len = 0; len <= sizeof data; len++) {
        fill(key, sizeof key);
        fill(data, sizeof data);
        fill(aad, sizeof aad);
        poly1305(key, data, len, aad, len % (sizeof aad + 1), cub_chacha20_small);
    }
}

/* Not ChaCha20: the one-time key is the key, and the data stay as they are. */
static uint32_t no_cipher(const void *key, const void *iv, uint32_t counter, void *data, size_t len)
{
    (void)iv;
    if (counter == 0)
        memcpy(data, key, len);
    return counter;
}

/*
 * r is 1, so that h is the sum of the blocks: two of data, whose sum comes close to 2^130 - 5 with
 * that of the lengths, from below and from above.
 */
Test(small, poly1305_near_the_modulus)
{
    static const uint8_t key[32] = {1};
    uint8_t data[32];

    memset(data, 0, sizeof data);
    memset(data, 0xff, 16);
    data[0] = 0xff - 8;
    data[8] = (uint8_t)(0xff - sizeof data); /* the lengths have it there */
    for (unsigned i = 0; i < 20; i++) {
        data[16] = (uint8_t)i;
        poly1305(key, data, sizeof data, NULL, 0, no_cipher);
    }
}

/* Every digit as large as it can be. */
Test(small, poly1305_of_ones)
{
    uint8_t key[32], data[96];

    memset(key, 0xff, sizeof key);
    memset(data, 0xff, sizeof data);
    for (size_t len = 0; len <= sizeof data; len++)
        poly1305(key, data, len, data, sizeof data - len, no_cipher);
}
