#include <string.h>

#include "crypto/bytes.h"
#include "crypto/kdf.h"
#include "crypto/random.h"

/* V = HMAC(K, V) */
static void step(struct cub_hmac_drbg *drbg)
{
    cub_hmac_secret(&cub_sha256, drbg->key, drbg->v, sizeof drbg->v, drbg->v);
}

/* K = HMAC(K, V | round | seed), V = HMAC(K, V): half of HMAC_DRBG_Update [SP800-90A-10.1.2.2]. */
static void mix(struct cub_hmac_drbg *drbg, uint8_t round, const void *seed, size_t len)
{
    struct cub_hmac_key key;
    struct cub_hash_context hmac;

    cub_hmac_key_set(&key, &cub_sha256, drbg->key, sizeof drbg->key);
    cub_hmac_begin(&key, &hmac);
    cub_hash_update(&cub_sha256, &hmac, drbg->v, sizeof drbg->v);
    cub_hash_update(&cub_sha256, &hmac, &round, 1);
    cub_hash_update(&cub_sha256, &hmac, seed, len);
    cub_hmac_end(&key, &hmac, drbg->key);
    cub_wipe(&key, sizeof key);
    cub_wipe(&hmac, sizeof hmac);
    step(drbg);
}

void cub_hmac_drbg_update(struct cub_hmac_drbg *drbg, const void *seed, size_t len)
{
    if (!drbg->seeded) {
        memset(drbg->key, 0, sizeof drbg->key);
        memset(drbg->v, 1, sizeof drbg->v);
        drbg->seeded = 1;
    }
    mix(drbg, 0, seed, len);
    if (len > 0)
        mix(drbg, 1, seed, len);
}

enum cub_error cub_hmac_drbg_fill(void *context, uint8_t *out, size_t len)
{
    struct cub_hmac_drbg *drbg = context;

    if (!drbg->seeded)
        return E_CRYPTO_RANDOM;
    while (len > 0) {
        size_t n = len < sizeof drbg->v ? len : sizeof drbg->v;

        step(drbg);
        memcpy(out, drbg->v, n);
        out += n;
        len -= n;
    }
    mix(drbg, 0, NULL, 0);
    return E_OK;
}
