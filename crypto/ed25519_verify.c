#include <string.h>

#include "crypto/ed25519.h"
#include "crypto/ed25519_scalar.h"
#include "crypto/edwards25519.h"
#include "crypto/signature.h"

#define SIZE CUB_ED25519_SIZE

/* k = SHA-512(R | A | message) mod L [RFC8032-5.1.7]. */
static void hash_scalar(uint8_t *k, const uint8_t *r, const uint8_t *public_key,
                        const uint8_t *message, size_t len)
{
    struct cub_hash_context context;
    uint8_t digest[CUB_HASH_MAX_SIZE];
    struct cub_scalar scalar;

    cub_hash_init(&cub_sha512, &context);
    cub_hash_update(&cub_sha512, &context, r, SIZE);
    cub_hash_update(&cub_sha512, &context, public_key, SIZE);
    cub_hash_update(&cub_sha512, &context, message, len);
    cub_hash_output(&cub_sha512, &context, digest);
    cub_scalar_reduce(&scalar, digest, sizeof digest);
    cub_scalar_store(k, &scalar);
}

/* R = S * B - k * A */
enum cub_error cub_ed25519_verify(const uint8_t public_key[CUB_ED25519_SIZE],
                                  const uint8_t *message, size_t len, const uint8_t *sig,
                                  size_t sig_len)
{
    struct cub_edwards a, base, r;
    uint8_t k[SIZE];

    if (!cub_edwards_load(&a, public_key))
        return E_CRYPTO_KEY;
    if (sig_len != CUB_ED25519_SIGNATURE || !cub_scalar_is_canonical(sig + SIZE))
        return E_CRYPTO_SIGNATURE;
    hash_scalar(k, sig, public_key, message, len);
    cub_edwards_negate(&a);
    cub_edwards_take(&base, &cub_edwards_base);
    cub_edwards_combine(&r, sig + SIZE, &base, k, &a, 253);
    cub_edwards_store(k, &r);
    return memcmp(k, sig, SIZE) == 0 ? E_OK : E_CRYPTO_SIGNATURE;
}

static enum cub_error verify(const struct cub_verify_scheme *scheme,
                             const struct cub_public_key *key, const uint8_t *message,
                             size_t message_len, const uint8_t *sig, size_t sig_len)
{
    if (key->type != scheme->key_type || key->point.len != SIZE)
        return E_CRYPTO_KEY;
    return cub_ed25519_verify(key->point.data, message, message_len, sig, sig_len);
}

const struct cub_verify_scheme cub_verify_ed25519 = {
    0x0807, CUB_KEY_ED25519, CUB_USE_ALL, NULL, verify, NULL,
};
