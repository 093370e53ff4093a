#include <string.h>

#include "crypto/bytes.h"
#include "crypto/ed25519.h"
#include "crypto/ed25519_scalar.h"
#include "crypto/edwards25519.h"
#include "crypto/signature.h"

#define SIZE CUB_ED25519_SIZE

/* The two halves of SHA-512(seed): the scalar, clamped, and the prefix [RFC8032-5.1.5]. */
static void expand(const uint8_t *seed, uint8_t *expanded)
{
    cub_hash_once(&cub_sha512, seed, SIZE, expanded);
    expanded[0] &= 0xf8;
    expanded[31] &= 0x7f;
    expanded[31] |= 0x40;
}

/* out = scalar * B, both halves of the scalar in one pass. */
static void multiply_base(uint8_t *out, const uint8_t *scalar)
{
    struct cub_edwards low, high, product;

    cub_edwards_take(&low, &cub_edwards_base);
    cub_edwards_take(&high, &cub_edwards_base_128);
    cub_edwards_combine(&product, scalar, &low, scalar + 16, &high, 128);
    cub_edwards_store(out, &product);
    cub_wipe(&product, sizeof product);
}

/* r = SHA-512(a | b | message) mod L; b may be NULL. */
static void hash_scalar(struct cub_scalar *r, const uint8_t *a, const uint8_t *b,
                        const uint8_t *message, size_t len)
{
    struct cub_hash_context context;
    uint8_t digest[CUB_HASH_MAX_SIZE];

    cub_hash_init(&cub_sha512, &context);
    cub_hash_update(&cub_sha512, &context, a, SIZE);
    if (b)
        cub_hash_update(&cub_sha512, &context, b, SIZE);
    cub_hash_update(&cub_sha512, &context, message, len);
    cub_hash_output(&cub_sha512, &context, digest);
    cub_scalar_reduce(r, digest, sizeof digest);
    cub_wipe(&context, sizeof context);
    cub_wipe(digest, sizeof digest);
}

void cub_ed25519_public(const uint8_t seed[CUB_ED25519_SIZE], uint8_t public_key[CUB_ED25519_SIZE])
{
    uint8_t expanded[2 * SIZE];

    expand(seed, expanded);
    multiply_base(public_key, expanded);
    cub_wipe(expanded, sizeof expanded);
}

/*
 * The public key, which is hashed, is computed from the seed and not taken from who calls: with
 * another one two signatures would give the private key away.
 */
void cub_ed25519_sign(const uint8_t seed[CUB_ED25519_SIZE], const uint8_t *message, size_t len,
                      uint8_t sig[CUB_ED25519_SIGNATURE])
{
    uint8_t expanded[2 * SIZE], public_key[SIZE], nonce[SIZE];
    struct cub_scalar r, s, k;

    expand(seed, expanded);
    multiply_base(public_key, expanded);
    hash_scalar(&r, expanded + SIZE, NULL, message, len);
    cub_scalar_store(nonce, &r);
    multiply_base(sig, nonce);
    hash_scalar(&k, sig, public_key, message, len);
    cub_scalar_multiply(&s, expanded, SIZE, &k);
    cub_scalar_add(&s, &r);
    cub_scalar_store(sig + SIZE, &s);
    cub_wipe(expanded, sizeof expanded);
    cub_wipe(nonce, sizeof nonce);
    cub_wipe(&r, sizeof r);
}

static enum cub_error sign(const struct cub_sign_scheme *scheme, const struct cub_private_key *key,
                           const struct cub_random *random, const uint8_t *message,
                           size_t message_len, uint8_t *sig, size_t *sig_len)
{
    (void)random;
    if (key->type != scheme->key_type || key->scalar.len != SIZE)
        return E_CRYPTO_KEY;
    cub_ed25519_sign(key->scalar.data, message, message_len, sig);
    *sig_len = CUB_ED25519_SIGNATURE;
    return E_OK;
}

const struct cub_sign_scheme cub_sign_ed25519 = {
    0x0807, CUB_KEY_ED25519, CUB_USE_ALL, NULL, sign, NULL,
};
