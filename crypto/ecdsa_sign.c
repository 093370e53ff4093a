#include "crypto/bytes.h"
#include "crypto/ecdsa.h"
#include "crypto/target/curve.h"

enum cub_error cub_ecdsa_sign(const struct cub_curve *curve, const struct cub_private_key *key,
                              const struct cub_hash *hash, const uint8_t *digest, uint8_t *sig,
                              size_t *sig_len)
{
    uint8_t x[CUB_EC_MAX_SIZE];
    uint8_t raw[CUB_ECDSA_MAX_RAW];

    if (key->type != curve->key_type ||
        cub_ec_load_scalar(curve, key->scalar.data, key->scalar.len, x) != E_OK)
        return E_CRYPTO_KEY;
    cub_target_ecdsa_sign(curve, hash, digest, x, raw);
    cub_wipe(x, sizeof x);
    *sig_len = cub_ecdsa_encode(raw, curve->size, sig);
    return E_OK;
}

static enum cub_error sign(const struct cub_sign_scheme *scheme, const struct cub_private_key *key,
                           const struct cub_random *random, const uint8_t *digest,
                           size_t digest_len, uint8_t *sig, size_t *sig_len)
{
    (void)random;
    if (digest_len != scheme->hash->size)
        return E_CRYPTO_KEY;
    return cub_ecdsa_sign(scheme->impl, key, scheme->hash, digest, sig, sig_len);
}

const struct cub_sign_scheme cub_sign_ecdsa_secp256r1_sha256 = {
    0x0403, CUB_KEY_EC_P256, CUB_USE_ALL, &cub_sha256, sign, &cub_curve_p256,
};
const struct cub_sign_scheme cub_sign_ecdsa_secp384r1_sha384 = {
    0x0503, CUB_KEY_EC_P384, CUB_USE_ALL, &cub_sha384, sign, &cub_curve_p384,
};
const struct cub_sign_scheme cub_sign_ecdsa_secp521r1_sha512 = {
    0x0603, CUB_KEY_EC_P521, CUB_USE_ALL, &cub_sha512, sign, &cub_curve_p521,
};

/* TLS 1.2, whose schemes say nothing of the curve [RFC8446-4.2.3]. */
const struct cub_sign_scheme cub_sign_ecdsa_secp256r1_sha384 = {
    0x0503, CUB_KEY_EC_P256, CUB_USE_NOT_TLS13, &cub_sha384, sign, &cub_curve_p256,
};
const struct cub_sign_scheme cub_sign_ecdsa_secp256r1_sha512 = {
    0x0603, CUB_KEY_EC_P256, CUB_USE_NOT_TLS13, &cub_sha512, sign, &cub_curve_p256,
};
const struct cub_sign_scheme cub_sign_ecdsa_secp384r1_sha256 = {
    0x0403, CUB_KEY_EC_P384, CUB_USE_NOT_TLS13, &cub_sha256, sign, &cub_curve_p384,
};
const struct cub_sign_scheme cub_sign_ecdsa_secp384r1_sha512 = {
    0x0603, CUB_KEY_EC_P384, CUB_USE_NOT_TLS13, &cub_sha512, sign, &cub_curve_p384,
};
const struct cub_sign_scheme cub_sign_ecdsa_secp521r1_sha256 = {
    0x0403, CUB_KEY_EC_P521, CUB_USE_NOT_TLS13, &cub_sha256, sign, &cub_curve_p521,
};
const struct cub_sign_scheme cub_sign_ecdsa_secp521r1_sha384 = {
    0x0503, CUB_KEY_EC_P521, CUB_USE_NOT_TLS13, &cub_sha384, sign, &cub_curve_p521,
};
