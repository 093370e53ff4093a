#include <criterion/criterion.h>

#include <string.h>

#include "crypto/cbc.h"
#include "crypto/kdf.h"
#include "tests/support/hex.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct cub_cbc *const ciphers[] = {
    &cub_aes_128_cbc_sha1,   &cub_aes_256_cbc_sha1,   &cub_aes_128_cbc_sha256,
    &cub_aes_256_cbc_sha256, &cub_aes_256_cbc_sha384,
};

static struct cub_aead_key key;
static uint8_t bytes[80];

static void load(const struct cub_cbc *cbc)
{
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 5 + 3);
    cbc->aead.init(&key, bytes);
}

/* NIST SP 800-38A, F.2.1 and F.2.5: the first two blocks. */
Test(cbc, known_answers)
{
    static const struct {
        const struct cub_cbc *cbc;
        const char *key, *ciphertext;
    } rows[] = {
        {&cub_aes_128_cbc_sha1,   "2b7e151628aed2a6abf7158809cf4f3c",
         "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"                                                                    },
        {&cub_aes_256_cbc_sha384,
         "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"},
    };
    static const char plaintext[] =
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51";
    uint8_t iv[16], data[32], expected[32];

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct cub_cbc *cbc = rows[i].cbc;

        memset(bytes, 0, sizeof bytes);
        test_unhex(rows[i].key, bytes + cbc->aead.mac_key_size, 32);
        cbc->aead.init(&key, bytes);
        test_unhex("000102030405060708090a0b0c0d0e0f", iv, 16);
        test_unhex(plaintext, data, 32);
        test_unhex(rows[i].ciphertext, expected, 32);
        cub_cbc_encrypt(cbc, &key, iv, data, 32);
        cr_assert_arr_eq(data, expected, 32);
        cub_cbc_decrypt(cbc, &key, iv, data, 32);
        test_unhex(plaintext, expected, 32);
        cr_assert_arr_eq(data, expected, 32);
    }
}

/* The MAC of a secret length is the MAC, for every length in every range. */
Test(cbc, secret_lengths)
{
    static uint8_t text[CUB_CBC_HEADER + 700];
    uint8_t expected[64], mac[64];

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(i * 11);
    for (size_t c = 0; c < COUNT(ciphers); c++) {
        const struct cub_cbc *cbc = ciphers[c];

        load(cbc);
        for (size_t max = 0; max <= 700; max += max < 300 ? 37 : 133) {
            size_t min = max < 255 ? 0 : max - 255;

            for (size_t len = min; len <= max; len++) {
                cub_hmac(cbc->hash, bytes, cbc->aead.mac_key_size, text, CUB_CBC_HEADER + len,
                         expected);
                cub_cbc_mac_secret_length(cbc, &key, text, text + CUB_CBC_HEADER, len, min, max,
                                          mac);
                cr_assert_arr_eq(mac, expected, cbc->hash->size, "%zu of %zu", len, max);
                cub_cbc_mac(cbc, &key, text, text + CUB_CBC_HEADER, len, mac);
                cr_assert_arr_eq(mac, expected, cbc->hash->size);
            }
        }
    }
}

Test(cbc, check_padding)
{
    uint8_t data[300];
    uint32_t padding;

    for (unsigned value = 0; value < 256; value++) {
        for (size_t len = 1; len < 300; len += 13) {
            memset(data, (int)value, sizeof data);
            cr_assert_eq(cub_cbc_check_padding(data, len, 0, &padding),
                         value + 1 <= len ? UINT32_MAX : 0);
            cr_assert_eq(padding, value + 1 <= len ? value + 1 : 1);
            if (value + 1 > len || value == 0)
                continue;
            data[len - 1 - value] ^= 1; /* the first byte of it */
            cr_assert_eq(cub_cbc_check_padding(data, len, 0, &padding), 0);
            data[len - 1 - value] ^= 1;
            cr_assert_eq(cub_cbc_check_padding(data, len, len - value, &padding), 0);
            cr_assert_eq(cub_cbc_check_padding(data, len, len - value - 1, &padding), UINT32_MAX);
        }
    }
}
