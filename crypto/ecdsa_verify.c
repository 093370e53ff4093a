#include "crypto/ecdsa.h"
#include "crypto/target/curve.h"

const struct cub_curve *cub_curve_of(uint8_t key_type)
{
    switch (key_type) {
    case CUB_KEY_EC_P256:
        return &cub_curve_p256;
    case CUB_KEY_EC_P384:
        return &cub_curve_p384;
    case CUB_KEY_EC_P521:
        return &cub_curve_p521;
    default:
        return NULL;
    }
}

static bool is_zero(const uint8_t *p, size_t n)
{
    uint8_t any = 0;

    while (n--)
        any |= *p++;
    return !any;
}

/*
 * BearSSL checks that the point has the right form and lies on the curve, that r and s are below
 * the order and that s is not 0.
 */
enum cub_error cub_ecdsa_verify_raw(const struct cub_curve *curve, const struct cub_public_key *key,
                                    const uint8_t *digest, size_t digest_len, const uint8_t *sig,
                                    size_t sig_len)
{
    const br_ec_public_key k = {curve->id, (unsigned char *)key->point.data, key->point.len};

    if (key->type != curve->key_type)
        return E_CRYPTO_KEY;
    if (sig_len != 2u * curve->size || is_zero(sig, curve->size) ||
        !cub_target_ecdsa_verify()(curve->impl(), digest, digest_len, &k, sig, sig_len))
        return E_CRYPTO_SIGNATURE;
    return E_OK;
}

enum cub_error cub_ecdsa_verify(const struct cub_curve *curve, const struct cub_public_key *key,
                                const uint8_t *digest, size_t digest_len, const uint8_t *sig,
                                size_t sig_len)
{
    uint8_t raw[CUB_ECDSA_MAX_RAW];

    if (!cub_ecdsa_decode(sig, sig_len, curve->size, raw))
        return E_CRYPTO_SIGNATURE;
    return cub_ecdsa_verify_raw(curve, key, digest, digest_len, raw, 2u * curve->size);
}

static enum cub_error verify(const struct cub_verify_scheme *scheme,
                             const struct cub_public_key *key, const uint8_t *digest,
                             size_t digest_len, const uint8_t *sig, size_t sig_len)
{
    return cub_ecdsa_verify(scheme->impl, key, digest, digest_len, sig, sig_len);
}

static enum cub_error verify_any(const struct cub_verify_scheme *scheme,
                                 const struct cub_public_key *key, const uint8_t *digest,
                                 size_t digest_len, const uint8_t *sig, size_t sig_len)
{
    const struct cub_curve *curve = cub_curve_of(key->type);

    (void)scheme;
    if (!curve)
        return E_CRYPTO_KEY;
    return cub_ecdsa_verify(curve, key, digest, digest_len, sig, sig_len);
}

const struct cub_verify_scheme cub_verify_ecdsa_secp256r1_sha256 = {
    0x0403, CUB_KEY_EC_P256, &cub_sha256, verify, &cub_curve_p256,
};
const struct cub_verify_scheme cub_verify_ecdsa_secp384r1_sha384 = {
    0x0503, CUB_KEY_EC_P384, &cub_sha384, verify, &cub_curve_p384,
};
const struct cub_verify_scheme cub_verify_ecdsa_secp521r1_sha512 = {
    0x0603, CUB_KEY_EC_P521, &cub_sha512, verify, &cub_curve_p521,
};
const struct cub_verify_scheme cub_verify_ecdsa_sha1 = {
    0x0203, CUB_KEY_NONE, &cub_sha1, verify_any, NULL,
};
