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

/* RFC 8439 sections 2.8.2 and A.5: key, nonce, AAD, plaintext, ciphertext, tag. */
static const char *const rfc8439[][6] = {
    {"808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f", "070000004041424344454647",
     "50515253c0c1c2c3c4c5c6c7", "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a20"
     "4966204920636f756c64206f6666657220796f75206f6e6c79206f6e652074697020666f722074686520"
     "6675747572652c2073756e73637265656e20776f756c642062652069742e", "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fa"
     "fb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4"
     "fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116", "1ae10b594f09e26a7e902ecbd0600691"},
    {"1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0", "000000000102030405060708",
     "f33388860000000000004e91", "496e7465726e65742d4472616674732061726520647261667420646f63756d656e74732076616c696420"
     "666f722061206d6178696d756d206f6620736978206d6f6e74687320616e64206d617920626520757064"
     "617465642c207265706c616365642c206f72206f62736f6c65746564206279206f7468657220646f6375"
     "6d656e747320617420616e792074696d652e20497420697320696e617070726f70726961746520746f20"
     "75736520496e7465726e65742d447261667473206173207265666572656e6365206d6174657269616c20"
     "6f7220746f2063697465207468656d206f74686572207468616e206173202fe2809c776f726b20696e20"
     "70726f67726573732e2fe2809d",                                   "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb24c6cfc18755d43eea09e"
     "e94e382d26b0bdb7b73c321b0100d4f03b7f355894cf332f830e710b97ce98c8a84abd0b948114ad176e"
     "008d33bd60f982b1ff37c8559797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c8"
     "67e4b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523eaf4534d7f83fa115"
     "5b0047718cbc546a0d072b04b3564eea1b422273f548271a0bb2316053fa76991955ebd63159434ecebb"
     "4e466dae5a1073a6727627097a1049e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d"
     "6c6f2c29a6ad5cb4022b02709b",                                                                     "eead9d67890cbb22392336fea1851f38"},
};

Test(aead, chacha20_poly1305_rfc8439)
{
    for (size_t i = 0; i < 2; i++) {
        struct cub_aead_key key;
        uint8_t bytes[32], nonce[12], aad[32], data[300], tag[16];
        size_t aad_len, len;

        test_unhex(rfc8439[i][0], bytes, sizeof bytes);
        test_unhex(rfc8439[i][1], nonce, sizeof nonce);
        aad_len = test_unhex(rfc8439[i][2], aad, sizeof aad);
        len = test_unhex(rfc8439[i][3], data, sizeof data);
        cub_chacha20_poly1305.init(&key, bytes);
        cub_chacha20_poly1305.seal(&key, nonce, aad, aad_len, data, len, tag);
        test_expect_hex("ciphertext", data, len, rfc8439[i][4]);
        test_expect_hex("tag", tag, sizeof tag, rfc8439[i][5]);
        cr_assert(cub_chacha20_poly1305.open(&key, nonce, aad, aad_len, data, len, tag));
        test_expect_hex("plaintext", data, len, rfc8439[i][3]);
    }
}

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
