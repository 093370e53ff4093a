#include <string.h>

#include "crypto/bytes.h"
#include "crypto/ecdsa.h"
#include "crypto/kdf.h"
#include "crypto/modular.h"
#include "crypto/target/curve.h"

/* Nonces from key and digest, by HMAC_DRBG [RFC6979-3.2]. */
struct nonces {
    const struct cub_hash *hash;
    uint8_t k[CUB_HASH_MAX_SIZE];
    uint8_t v[CUB_HASH_MAX_SIZE];
};

static void step(struct nonces *g)
{
    cub_hmac_secret(g->hash, g->k, g->v, g->hash->size, g->v);
}

/* K = HMAC(K, V | round | seed), V = HMAC(K, V) */
static void mix(struct nonces *g, uint8_t round, const uint8_t *seed, size_t len)
{
    struct cub_hmac_key key;
    struct cub_hash_context hmac;

    cub_hmac_key_set(&key, g->hash, g->k, g->hash->size);
    cub_hmac_begin(&key, &hmac);
    cub_hash_update(g->hash, &hmac, g->v, g->hash->size);
    cub_hash_update(g->hash, &hmac, &round, 1);
    cub_hash_update(g->hash, &hmac, seed, len);
    cub_hmac_end(&key, &hmac, g->k);
    cub_wipe(&key, sizeof key);
    cub_wipe(&hmac, sizeof hmac);
    step(g);
}

/* The next number in [1, n - 1] that comes of as many bits as n has. */
static struct cub_number draw(struct nonces *g, const struct cub_number *n, const uint8_t *order,
                              size_t size)
{
    struct cub_number k;
    uint8_t bytes[CUB_EC_MAX_SIZE];

    do {
        for (size_t at = 0; at < size; at += g->hash->size) {
            size_t left = size - at;

            step(g);
            memcpy(bytes + at, g->v, left < g->hash->size ? left : g->hash->size);
        }
        k = cub_number_load(bytes, size, size);
        for (unsigned top = order[0]; top < 0x80; top <<= 1)
            cub_number_halve(&k);
        mix(g, 0, NULL, 0);
    } while (cub_number_is_zero(&k) || cub_number_reduce(&k, n));
    cub_wipe(bytes, sizeof bytes);
    return k;
}

/* Begins with private value and digest, size bytes each. */
static struct nonces begin(const struct cub_hash *hash, const uint8_t *seed, size_t len)
{
    struct nonces g = {.hash = hash};

    memset(g.v, 1, sizeof g.v);
    mix(&g, 0, seed, len);
    mix(&g, 1, seed, len);
    return g;
}

/*
 * s = (e + r x) / k [FIPS186-5-6.4.1], both sides of the fraction multiplied by one more nonce:
 * then each of them alone is random, and both together tell no more than s, so that the division
 * may take the time that it takes. r and s are 0 by a chance of 2^-255 only.
 */
void cub_ecdsa_sign_small(const struct cub_curve *curve, const struct cub_hash *hash,
                          const uint8_t *digest, const uint8_t *x, uint8_t *raw)
{
    size_t size = curve->size, len;
    const uint8_t *order = curve->impl()->order(curve->id, &len);
    const struct cub_number n = cub_number_load(order, size, size);
    struct cub_number e = cub_number_load(digest, hash->size, size);
    struct cub_number s = cub_number_load(x, size, size);
    struct cub_number k, r, other;
    struct nonces g;
    uint8_t bytes[CUB_EC_MAX_POINT];

    (void)cub_number_reduce(&e, &n);
    memcpy(bytes, x, size);
    cub_number_store(&e, bytes + size, size);
    g = begin(hash, bytes, 2 * size);
    k = draw(&g, &n, order, size);
    other = draw(&g, &n, order, size);
    cub_number_store(&k, raw, size);
    curve->impl()->mulgen(bytes, raw, size, curve->id);
    r = cub_number_load(bytes + 1, size, size);
    (void)cub_number_reduce(&r, &n);
    cub_number_store(&r, raw, size);
    cub_number_multiply(&s, &r, &n);
    cub_number_add(&s, &e, &n);
    cub_number_multiply(&s, &other, &n);
    cub_number_multiply(&k, &other, &n);
    cub_number_divide(&s, &k, &n, raw + size, size);
    cub_wipe(&s, sizeof s);
    cub_wipe(&k, sizeof k);
    cub_wipe(&other, sizeof other);
    cub_wipe(&g, sizeof g);
}
