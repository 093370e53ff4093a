#include "crypto/rsa.h"

static enum cub_error verify_pss(const struct cub_verify_scheme *scheme,
                                 const struct cub_public_key *key, const uint8_t *digest,
                                 size_t digest_len, const uint8_t *sig, size_t sig_len)
{
    const struct cub_hash *hash = scheme->hash;

    if (key->type != scheme->key_type || digest_len != hash->size)
        return E_CRYPTO_KEY;
    /* Parameters of an id-RSASSA-PSS key bind it to a hash and a least salt [RFC4055-3.3]. */
    if (key->pss_hash && (key->pss_hash != hash->id || key->pss_salt_min > hash->size))
        return E_CRYPTO_KEY;
    /* MGF1 and the length of the salt follow from the hash [RFC8446-4.2.3]. */
    return cub_rsa_pss_verify(key, hash, hash, hash->size, digest, sig, sig_len);
}

static enum cub_error verify_pkcs1(const struct cub_verify_scheme *scheme,
                                   const struct cub_public_key *key, const uint8_t *digest,
                                   size_t digest_len, const uint8_t *sig, size_t sig_len)
{
    if (key->type != scheme->key_type || digest_len != scheme->hash->size)
        return E_CRYPTO_KEY;
    return cub_rsa_pkcs1_verify(key, scheme->hash, digest, sig, sig_len);
}

const struct cub_verify_scheme cub_verify_rsa_pss_rsae_sha256 = {
    0x0804, CUB_KEY_RSA, CUB_USE_ALL, &cub_sha256, verify_pss, NULL,
};
const struct cub_verify_scheme cub_verify_rsa_pss_rsae_sha384 = {
    0x0805, CUB_KEY_RSA, CUB_USE_ALL, &cub_sha384, verify_pss, NULL,
};
const struct cub_verify_scheme cub_verify_rsa_pss_rsae_sha512 = {
    0x0806, CUB_KEY_RSA, CUB_USE_ALL, &cub_sha512, verify_pss, NULL,
};
const struct cub_verify_scheme cub_verify_rsa_pss_pss_sha256 = {
    0x0809, CUB_KEY_RSA_PSS, CUB_USE_ALL, &cub_sha256, verify_pss, NULL,
};
const struct cub_verify_scheme cub_verify_rsa_pss_pss_sha384 = {
    0x080a, CUB_KEY_RSA_PSS, CUB_USE_ALL, &cub_sha384, verify_pss, NULL,
};
const struct cub_verify_scheme cub_verify_rsa_pss_pss_sha512 = {
    0x080b, CUB_KEY_RSA_PSS, CUB_USE_ALL, &cub_sha512, verify_pss, NULL,
};
const struct cub_verify_scheme cub_verify_rsa_pkcs1_sha256 = {
    0x0401, CUB_KEY_RSA, CUB_USE_NOT_TLS13, &cub_sha256, verify_pkcs1, NULL,
};
const struct cub_verify_scheme cub_verify_rsa_pkcs1_sha384 = {
    0x0501, CUB_KEY_RSA, CUB_USE_NOT_TLS13, &cub_sha384, verify_pkcs1, NULL,
};
const struct cub_verify_scheme cub_verify_rsa_pkcs1_sha512 = {
    0x0601, CUB_KEY_RSA, CUB_USE_NOT_TLS13, &cub_sha512, verify_pkcs1, NULL,
};
const struct cub_verify_scheme cub_verify_rsa_pkcs1_sha1 = {
    0x0201, CUB_KEY_RSA, CUB_USE_NOT_TLS13, &cub_sha1, verify_pkcs1, NULL,
};
const struct cub_verify_scheme cub_verify_rsa_pkcs1_sha256_legacy = {
    0x0420, CUB_KEY_RSA, CUB_USE_CLIENT13, &cub_sha256, verify_pkcs1, NULL,
};
const struct cub_verify_scheme cub_verify_rsa_pkcs1_sha384_legacy = {
    0x0520, CUB_KEY_RSA, CUB_USE_CLIENT13, &cub_sha384, verify_pkcs1, NULL,
};
const struct cub_verify_scheme cub_verify_rsa_pkcs1_sha512_legacy = {
    0x0620, CUB_KEY_RSA, CUB_USE_CLIENT13, &cub_sha512, verify_pkcs1, NULL,
};
