#include "x509/check.h"

#include "x509/key.h"
#include "x509/name.h"

enum cub_error cub_check_key(const struct cub_cert *cert, bool leaf, unsigned min_rsa_bits)
{
    if (cert->key_error != E_OK)
        return cert->key_error;
    /* The weakest curve that there is here, P-256, is strong enough. */
    if ((cert->key.type == CUB_KEY_RSA || cert->key.type == CUB_KEY_RSA_PSS) &&
        cub_public_key_bits(&cert->key) < min_rsa_bits)
        return leaf ? E_X509_LEAF_KEY_TOO_SMALL : E_X509_CA_KEY_TOO_SMALL;
    return E_OK;
}

enum cub_error cub_check_digest(const struct cub_cert *cert, bool allow_sha1)
{
    if (cert->algorithm.hash == CUB_HASH_ID_MD5)
        return E_X509_DIGEST_TOO_WEAK;
    return cert->algorithm.hash == CUB_HASH_SHA1 && !allow_sha1 ? E_X509_DIGEST_TOO_WEAK : E_OK;
}

enum cub_error cub_check_usage(const struct cub_cert *cert, unsigned usage)
{
    if (!cub_cert_has(cert, CUB_EXT_KEY_USAGE) || (usage & ~(unsigned)cert->key_usage) == 0)
        return E_OK;
    return usage & CUB_KU_DIGITAL_SIGNATURE ? E_X509_NO_DIGITAL_SIGNATURE : E_X509_KEY_USAGE;
}

bool cub_cert_self_issued(const struct cub_cert *cert)
{
    return cub_name_equal(cert->issuer, cert->subject);
}

enum cub_error cub_check_signature(const struct cub_scheme_list *schemes,
                                   const struct cub_signature_algorithm *algorithm,
                                   struct cub_view data, struct cub_view signature,
                                   const struct cub_public_key *key)
{
    const struct cub_hash *hash = cub_scheme_hash(schemes, algorithm);
    const struct cub_verify_scheme *scheme = cub_scheme_find(schemes, algorithm, key->type);
    uint8_t digest[CUB_HASH_MAX_SIZE];

    if (!hash && !cub_scheme_find(schemes, algorithm, CUB_KEY_ED25519))
        return E_X509_SIGNATURE_ALGORITHM;
    if (!scheme)
        return E_X509_ALGORITHM_KEY_MISMATCH;
    if (hash) {
        cub_hash_once(hash, data.data, data.len, digest);
        data = (struct cub_view){digest, hash->size};
    }
    if (scheme->verify(scheme, key, data.data, data.len, signature.data, signature.len) != E_OK)
        return E_X509_SIGNATURE;
    return E_OK;
}
