#include <string.h>

#include "crypto/bytes.h"
#include "crypto/kdf.h"

void cub_prf12(const struct cub_hash *hash, const uint8_t *secret, size_t secret_len,
               const char *label, const uint8_t *seed, size_t seed_len, uint8_t *out,
               size_t out_len)
{
    /* A(i), and behind it label and seed. */
    uint8_t text[CUB_HASH_MAX_SIZE + CUB_PRF12_MAX_SEED];
    uint8_t block[CUB_HASH_MAX_SIZE];
    size_t label_len = strlen(label);
    size_t text_len = hash->size + label_len + seed_len;

    memcpy(text + hash->size, label, label_len);
    if (seed_len > 0)
        memcpy(text + hash->size + label_len, seed, seed_len);
    cub_hmac(hash, secret, secret_len, text + hash->size, label_len + seed_len, text);
    while (out_len > 0) {
        size_t n = out_len < hash->size ? out_len : hash->size;

        cub_hmac(hash, secret, secret_len, text, text_len, block);
        memcpy(out, block, n);
        out += n;
        out_len -= n;
        cub_hmac(hash, secret, secret_len, text, hash->size, block);
        memcpy(text, block, hash->size);
    }
    cub_wipe(text, sizeof text);
    cub_wipe(block, sizeof block);
}
