#include <string.h>

#include "crypto/bytes.h"
#include "crypto/kdf.h"
#include "crypto/random.h"
#include "crypto/target/target.h"

/* Fast key erasure, after D. J. Bernstein: https://blog.cr.yp.to/20170723-random.html */

void cub_drbg_update(struct cub_drbg *drbg, const void *seed, size_t len)
{
    uint8_t key[32];

    cub_hmac_secret(&cub_sha256, drbg->key, seed, len, key);
    memcpy(drbg->key, key, sizeof key);
    drbg->seeded = 1;
    cub_wipe(key, sizeof key);
}

enum cub_error cub_drbg_fill(void *context, uint8_t *out, size_t len)
{
    static const uint8_t nonce[12];
    struct cub_drbg *drbg = context;
    br_chacha20_run chacha20 = cub_target_chacha20();
    uint8_t first[64] = {0}; /* the next key, and the beginning of the output */
    size_t n = len < 32 ? len : 32;

    if (!drbg->seeded)
        return E_CRYPTO_RANDOM;
    chacha20(drbg->key, nonce, 0, first, sizeof first);
    memcpy(out, first + 32, n);
    if (len > n) {
        memset(out + n, 0, len - n);
        chacha20(drbg->key, nonce, 1, out + n, len - n);
    }
    memcpy(drbg->key, first, sizeof drbg->key);
    cub_wipe(first, sizeof first);
    return E_OK;
}
