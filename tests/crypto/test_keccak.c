#include <criterion/criterion.h>

#include "crypto/hash.h"
#include "crypto/keccak.h"
#include "tests/support/hex.h"

static uint8_t message[1000];

static void fill_message(void)
{
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (uint8_t)(i % 251);
}

static void run(unsigned rate, unsigned suffix, const void *data, size_t len, uint8_t *out,
                size_t out_len)
{
    struct cub_keccak k = {.rate = (uint8_t)rate};

    cub_keccak_absorb(&k, data, len);
    cub_keccak_finish(&k, (uint8_t)suffix);
    cub_keccak_squeeze(&k, out, out_len);
}

/* The values that NIST publishes beside FIPS 202. */
Test(keccak, fips202)
{
    uint8_t out[64];

    run(CUB_RATE_SHAKE128, CUB_SUFFIX_SHAKE, "", 0, out, 32);
    test_expect_hex("SHAKE128", out, 32,
                    "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26");
    run(CUB_RATE_SHAKE256, CUB_SUFFIX_SHAKE, "abc", 3, out, 32);
    test_expect_hex("SHAKE256", out, 32,
                    "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739");
    run(CUB_RATE_SHA3_256, CUB_SUFFIX_SHA3, "abc", 3, out, 32);
    test_expect_hex("SHA3-256", out, 32,
                    "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
    run(CUB_RATE_SHA3_512, CUB_SUFFIX_SHA3, "abc", 3, out, 64);
    test_expect_hex("SHA3-512", out, 64,
                    "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
                    "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0");
}

/* Messages that fill a block, and that leave one byte of it. Values of Python's hashlib. */
Test(keccak, block_boundaries)
{
    uint8_t out[64];

    fill_message();
    run(CUB_RATE_SHA3_512, CUB_SUFFIX_SHA3, message, 72, out, 64);
    test_expect_hex("72 bytes", out, 64,
                    "5d63f2bbe971a983ac6847480106e4e1264ee3a0befd79954914e1d86e795b2e"
                    "18238f12fc5e46cb9cc78efdec610a93647cc04e1c23d8caaa6a58c21dd26c07");
    run(CUB_RATE_SHA3_256, CUB_SUFFIX_SHA3, message, 135, out, 32);
    test_expect_hex("135 bytes", out, 32,
                    "fded8fd9d6551c601eeb3b7c6bc5e5cfd8aad1d015b7e9aaa9c9b9475231d5e2");
}

/* Long messages and long outputs, in pieces of any size. */
Test(keccak, pieces)
{
    uint8_t out[1000], digest[32];

    fill_message();
    for (size_t step = 1; step < sizeof message; step = 3 * step + 1) {
        struct cub_keccak k = {.rate = CUB_RATE_SHAKE128};

        for (size_t at = 0; at < sizeof message; at += step) {
            size_t left = sizeof message - at;

            cub_keccak_absorb(&k, message + at, left < step ? left : step);
        }
        cub_keccak_finish(&k, CUB_SUFFIX_SHAKE);
        for (size_t at = 0; at < sizeof out; at += step) {
            size_t left = sizeof out - at;

            cub_keccak_squeeze(&k, out + at, left < step ? left : step);
        }
        cub_hash_once(&cub_sha256, out, sizeof out, digest);
        test_expect_hex("SHA-256 of the output", digest, 32,
                        "80fa97c2a093f74d75200a8cd833805b143aeea0f1acd7cf3c7e29b8e987a25d");
    }
}
