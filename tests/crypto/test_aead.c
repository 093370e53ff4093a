#include <string.h>

#include <criterion/criterion.h>

#include "crypto/aead.h"
#include "tests/support/hex.h"

static const struct {
    const char *name;
    const struct cub_aead *aead;
} aeads[] = {
    {"AES-128-GCM",       &cub_aes_128_gcm      },
    {"AES-256-GCM",       &cub_aes_256_gcm      },
    {"AES-128-CCM",       &cub_aes_128_ccm      },
    {"AES-256-CCM",       &cub_aes_256_ccm      },
    {"AES-128-CCM-8",     &cub_aes_128_ccm_8    },
    {"AES-256-CCM-8",     &cub_aes_256_ccm_8    },
    {"ChaCha20-Poly1305", &cub_chacha20_poly1305},
};
#define AEADS (sizeof aeads / sizeof aeads[0])

/* The GCM specification (McGrew and Viega), test case 3. */
Test(aead, aes_128_gcm_specification)
{
    struct cub_aead_key key;
    uint8_t bytes[16], nonce[12], data[64], tag[16];

    test_unhex("feffe9928665731c6d6a8f9467308308", bytes, sizeof bytes);
    test_unhex("cafebabefacedbaddecaf888", nonce, sizeof nonce);
    test_unhex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
               "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
               data, sizeof data);
    cub_aes_128_gcm.init(&key, bytes);
    cub_aes_128_gcm.seal(&key, nonce, NULL, 0, data, sizeof data, tag);
    test_expect_hex("ciphertext", data, sizeof data,
                    "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
                    "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985");
    test_expect_hex("tag", tag, sizeof tag, "4d5c2af327cd64a62cf35abd2ba6fab4");
}

/* Every length up to some blocks, every byte of data, AAD, nonce and tag changed. */
Test(aead, what_was_sealed_opens_and_nothing_else)
{
    uint8_t bytes[32] = {3}, plain[70], aad[40];

    memset(plain, 0x5a, sizeof plain);
    memset(aad, 0xa5, sizeof aad);
    for (size_t i = 0; i < AEADS; i++) {
        const struct cub_aead *aead = aeads[i].aead;
        struct cub_aead_key key;

        aead->init(&key, bytes);
        for (size_t len = 0; len <= sizeof plain; len++) {
            uint8_t sealed[sizeof plain + 40 + 12 + 16]; /* data, AAD, nonce, tag */
            uint8_t *const a = sealed + len, *const n = a + len / 2, *const t = n + 12;
            size_t total = len + len / 2 + 12 + aead->tag_size;

            memcpy(sealed, plain, len);
            memcpy(a, aad, len / 2);
            memset(n, (int)len, 12);
            aead->seal(&key, n, a, len / 2, sealed, len, t);
            for (size_t k = 0; k <= total; k++) {
                uint8_t copy[sizeof sealed];

                memcpy(copy, sealed, total);
                if (k < total)
                    copy[k] ^= (uint8_t)(1 << (k & 7));
                cr_assert_eq(aead->open(&key, copy + (n - sealed), copy + len, len / 2, copy, len,
                                        copy + (t - sealed)),
                             k == total, "%s, length %zu, byte %zu", aeads[i].name, len, k);
                cr_assert(k < total || memcmp(copy, plain, len) == 0, "%s", aeads[i].name);
            }
        }
    }
}
