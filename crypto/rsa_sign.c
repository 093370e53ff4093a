#include "crypto/rsa.h"

static enum cub_error sign_pss(const struct cub_sign_scheme *scheme,
                               const struct cub_private_key *key, const struct cub_random *random,
                               const uint8_t *digest, size_t digest_len, uint8_t *sig,
                               size_t *sig_len)
{
    const struct cub_hash *hash = scheme->hash;

    if (key->type != scheme->key_type || digest_len != hash->size)
        return E_CRYPTO_KEY;
    if (key->pss_hash && (key->pss_hash != hash->id || key->pss_salt_min > hash->size))
        return E_CRYPTO_KEY;
    *sig_len = key->modulus.len;
    return cub_rsa_pss_sign(key, hash, hash, hash->size, random, digest, sig);
}

static enum cub_error sign_pkcs1(const struct cub_sign_scheme *scheme,
                                 const struct cub_private_key *key, const struct cub_random *random,
                                 const uint8_t *digest, size_t digest_len, uint8_t *sig,
                                 size_t *sig_len)
{
    (void)random;
    if (key->type != scheme->key_type || digest_len != scheme->hash->size)
        return E_CRYPTO_KEY;
    *sig_len = key->modulus.len;
    return cub_rsa_pkcs1_sign(key, scheme->hash, digest, sig);
}

const struct cub_sign_scheme cub_sign_rsa_pss_rsae_sha256 = {
    0x0804, CUB_KEY_RSA, CUB_USE_ALL, &cub_sha256, sign_pss, NULL,
};
const struct cub_sign_scheme cub_sign_rsa_pss_rsae_sha384 = {
    0x0805, CUB_KEY_RSA, CUB_USE_ALL, &cub_sha384, sign_pss, NULL,
};
const struct cub_sign_scheme cub_sign_rsa_pss_rsae_sha512 = {
    0x0806, CUB_KEY_RSA, CUB_USE_ALL, &cub_sha512, sign_pss, NULL,
};
const struct cub_sign_scheme cub_sign_rsa_pss_pss_sha256 = {
    0x0809, CUB_KEY_RSA_PSS, CUB_USE_ALL, &cub_sha256, sign_pss, NULL,
};
const struct cub_sign_scheme cub_sign_rsa_pss_pss_sha384 = {
    0x080a, CUB_KEY_RSA_PSS, CUB_USE_ALL, &cub_sha384, sign_pss, NULL,
};
const struct cub_sign_scheme cub_sign_rsa_pss_pss_sha512 = {
    0x080b, CUB_KEY_RSA_PSS, CUB_USE_ALL, &cub_sha512, sign_pss, NULL,
};
const struct cub_sign_scheme cub_sign_rsa_pkcs1_sha256 = {
    0x0401, CUB_KEY_RSA, CUB_USE_NOT_TLS13, &cub_sha256, sign_pkcs1, NULL,
};
const struct cub_sign_scheme cub_sign_rsa_pkcs1_sha384 = {
    0x0501, CUB_KEY_RSA, CUB_USE_NOT_TLS13, &cub_sha384, sign_pkcs1, NULL,
};
const struct cub_sign_scheme cub_sign_rsa_pkcs1_sha512 = {
    0x0601, CUB_KEY_RSA, CUB_USE_NOT_TLS13, &cub_sha512, sign_pkcs1, NULL,
};
const struct cub_sign_scheme cub_sign_rsa_pkcs1_sha256_legacy = {
    0x0420, CUB_KEY_RSA, CUB_USE_CLIENT13, &cub_sha256, sign_pkcs1, NULL,
};
const struct cub_sign_scheme cub_sign_rsa_pkcs1_sha384_legacy = {
    0x0520, CUB_KEY_RSA, CUB_USE_CLIENT13, &cub_sha384, sign_pkcs1, NULL,
};
const struct cub_sign_scheme cub_sign_rsa_pkcs1_sha512_legacy = {
    0x0620, CUB_KEY_RSA, CUB_USE_CLIENT13, &cub_sha512, sign_pkcs1, NULL,
};
