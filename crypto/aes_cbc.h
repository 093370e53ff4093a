/*
 * AES in CBC mode with the padding of PKCS #7, decryption only: for private keys in files. What
 * TLS uses is in cbc.h.
 */
#ifndef CUB_CRYPTO_AES_CBC_H
#define CUB_CRYPTO_AES_CBC_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/error.h"

#define CUB_AES_CBC_BLOCK 16

/*
 * Decrypts len bytes in place with a key of 16, 24 or 32 bytes and an IV of 16, and tells the
 * length without padding [RFC5652-6.3]. E_CRYPTO_PADDING: len is not a positive multiple of 16, or
 * the padding is wrong; the data is worthless then. Not for data whose sender learns of the
 * failure.
 */
enum cub_error cub_aes_cbc_decrypt(const uint8_t *key, size_t key_len,
                                   const uint8_t iv[CUB_AES_CBC_BLOCK], uint8_t *data, size_t len,
                                   size_t *plain_len);

#endif
