#include <string.h>

#include "crypto/ecdsa.h"
#include "crypto/modular.h"
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

/* What a signature's point is made of, digest / s and r / s, in turn. Not inlined: its memory is
 * free again when the curve's turn comes. */
static __attribute__((noinline)) bool split(const uint8_t *order, size_t size,
                                            const uint8_t *digest, size_t digest_len,
                                            const uint8_t *sig, uint8_t *factors)
{
    const struct cub_number n = cub_number_load(order, size, size);
    struct cub_number e = cub_number_load(digest, digest_len, size);
    struct cub_number r = cub_number_load(sig, size, size);
    struct cub_number s = cub_number_load(sig + size, size, size);

    (void)cub_number_reduce(&e, &n);
    if (cub_number_is_zero(&r) || cub_number_is_zero(&s) || cub_number_reduce(&r, &n) ||
        cub_number_reduce(&s, &n))
        return false;
    cub_number_divide(&e, &s, &n, factors, size);
    cub_number_divide(&r, &s, &n, factors + size, size);
    return true;
}

/* Whether x, which is less than twice the order, is r modulo the order. */
static bool is_equal_modulo(const uint8_t *order, size_t size, const uint8_t *x, const uint8_t *r)
{
    const struct cub_number n = cub_number_load(order, size, size);
    struct cub_number a = cub_number_load(x, size, size);
    uint8_t reduced[CUB_EC_MAX_SIZE];

    (void)cub_number_reduce(&a, &n);
    cub_number_store(&a, reduced, size);
    return memcmp(reduced, r, size) == 0;
}

/*
 * [FIPS186-5-6.4.2]. All orders here have as many bits as their bytes hold, or more than any digest
 * has: the leftmost bits of a digest are its first bytes. The curve refuses keys that are no points
 * on it, and the sum that is no point.
 */
enum cub_error cub_ecdsa_verify_raw(const struct cub_curve *curve, const struct cub_public_key *key,
                                    const uint8_t *digest, size_t digest_len, const uint8_t *sig,
                                    size_t sig_len)
{
    const br_ec_impl *impl = curve->impl();
    uint8_t point[CUB_EC_MAX_POINT];
    uint8_t factors[CUB_ECDSA_MAX_RAW];
    size_t size = curve->size, len;
    const uint8_t *order = impl->order(curve->id, &len);

    if (key->type != curve->key_type)
        return E_CRYPTO_KEY;
    if (sig_len != 2 * size || key->point.len != 2 * size + 1 ||
        !split(order, size, digest, digest_len, sig, factors))
        return E_CRYPTO_SIGNATURE;
    memcpy(point, key->point.data, key->point.len);
    if (!impl->muladd(point, NULL, key->point.len, factors + size, size, factors, size,
                      curve->id) ||
        !is_equal_modulo(order, size, point + 1, sig))
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
    0x0403, CUB_KEY_EC_P256, CUB_USE_ALL, &cub_sha256, verify, &cub_curve_p256,
};
const struct cub_verify_scheme cub_verify_ecdsa_secp384r1_sha384 = {
    0x0503, CUB_KEY_EC_P384, CUB_USE_ALL, &cub_sha384, verify, &cub_curve_p384,
};
const struct cub_verify_scheme cub_verify_ecdsa_secp521r1_sha512 = {
    0x0603, CUB_KEY_EC_P521, CUB_USE_ALL, &cub_sha512, verify, &cub_curve_p521,
};
const struct cub_verify_scheme cub_verify_ecdsa_sha1 = {
    0x0203, CUB_KEY_NONE, CUB_USE_NOT_TLS13, &cub_sha1, verify_any, NULL,
};
