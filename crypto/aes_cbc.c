#include "crypto/aes_cbc.h"

#include <string.h>

#include <bearssl.h>

#include "crypto/bytes.h"

/* The length of the padding, 0 if it is wrong. Its value does not steer what is executed. */
static size_t padding(const uint8_t last[CUB_AES_CBC_BLOCK])
{
    uint32_t n = last[CUB_AES_CBC_BLOCK - 1];
    uint32_t bad = cub_ct_mask_eq(n, 0);

    for (uint32_t i = 1; i <= CUB_AES_CBC_BLOCK; i++) {
        uint32_t inside = 0u - ((i - n - 1) >> 31); /* i <= n */
        bad |= inside & ~cub_ct_mask_eq(last[CUB_AES_CBC_BLOCK - i], n);
    }
    bad |= 0u - ((CUB_AES_CBC_BLOCK - n) >> 31);
    return n & ~bad;
}

enum cub_error cub_aes_cbc_decrypt(const uint8_t *key, size_t key_len,
                                   const uint8_t iv[CUB_AES_CBC_BLOCK], uint8_t *data, size_t len,
                                   size_t *plain_len)
{
    br_aes_ct_cbcdec_keys keys;
    uint8_t chain[CUB_AES_CBC_BLOCK];
    size_t n;

    *plain_len = 0;
    if (len == 0 || len % CUB_AES_CBC_BLOCK != 0)
        return E_CRYPTO_PADDING;
    memcpy(chain, iv, sizeof chain);
    br_aes_ct_cbcdec_init(&keys, key, key_len);
    br_aes_ct_cbcdec_run(&keys, chain, data, len);
    cub_wipe(&keys, sizeof keys);
    n = padding(data + len - CUB_AES_CBC_BLOCK);
    *plain_len = len - n;
    return n ? E_OK : E_CRYPTO_PADDING;
}
