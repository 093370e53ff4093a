/*
 * AES-CBC with padding, as private keys in files have it; whole files are in tests/x509.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/aes_cbc.h"

/* What AES-128 makes of a block of zeros under a key of zeros, backwards. */
static const uint8_t decrypted[16] = {0x14, 0x0f, 0x0f, 0x10, 0x11, 0xb5, 0x22, 0x3d,
                                      0x79, 0x58, 0x77, 0x17, 0xff, 0xd9, 0xec, 0x3a};
static const uint8_t key[16];

/* Decrypts a block of zeros so that it becomes plain. */
static enum cub_error decrypt(const uint8_t plain[16], size_t *len)
{
    uint8_t iv[16], data[16] = {0};
    enum cub_error error;

    for (unsigned i = 0; i < 16; i++)
        iv[i] = decrypted[i] ^ plain[i];
    error = cub_aes_cbc_decrypt(key, sizeof key, iv, data, sizeof data, len);
    if (error == E_OK)
        cr_assert_arr_eq(data, plain, *len);
    return error;
}

Test(aes_cbc, padding)
{
    for (unsigned pad = 0; pad < 256; pad++) {
        bool valid = pad >= 1 && pad <= 16;
        uint8_t plain[16];
        size_t len;

        memset(plain, 'x', sizeof plain);
        if (valid)
            memset(plain + 16 - pad, (int)pad, pad);
        plain[15] = (uint8_t)pad;
        cr_assert_eq(decrypt(plain, &len), valid ? E_OK : E_CRYPTO_PADDING, "%u", pad);
        if (!valid)
            continue;
        cr_assert_eq(len, 16 - pad);
        /* Every byte of it counts. */
        for (unsigned i = 16 - pad; i < 15; i++) {
            plain[i] ^= 1;
            cr_assert_eq(decrypt(plain, &len), E_CRYPTO_PADDING);
            plain[i] ^= 1;
        }
    }
}

Test(aes_cbc, length)
{
    uint8_t data[33] = {0}, iv[16] = {0};
    size_t len;

    for (size_t n = 0; n <= sizeof data; n++) {
        if (n == 0 || n % 16 != 0)
            cr_assert_eq(cub_aes_cbc_decrypt(key, sizeof key, iv, data, n, &len), E_CRYPTO_PADDING);
    }
}
