#include <string.h>

#include "crypto/bytes.h"
#include "crypto/rsa.h"

#define MAX_PREFIX 19

/* What stands before the digest in DigestInfo [RFC8017-9.2, note 1]; returns its length. */
static size_t digest_info(const struct cub_hash *hash, uint8_t *out)
{
    static const uint8_t sha1[] = {0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e,
                                   0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14};
    static const uint8_t sha2[MAX_PREFIX] = {0x30, 0x11, 0x30, 0x0d, 0x06, 0x09, 0x60,
                                             0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                             0x00, 0x05, 0x00, 0x04, 0x00};

    if (hash->id == CUB_HASH_SHA1) {
        memcpy(out, sha1, sizeof sha1);
        return sizeof sha1;
    }
    memcpy(out, sha2, sizeof sha2);
    out[1] = (uint8_t)(out[1] + hash->size);
    out[14] = (uint8_t)(hash->id - CUB_HASH_SHA256 + 1); /* the last arc: 1, 2, 3 */
    out[18] = hash->size;
    return sizeof sha2;
}

/* EMSA-PKCS1-v1_5 [RFC8017-9.2]: 00 01 FF ... FF 00 DigestInfo. */
static enum cub_error encode(const struct cub_hash *hash, const uint8_t *digest, uint8_t *em,
                             size_t len)
{
    uint8_t prefix[MAX_PREFIX];
    size_t prefix_len = digest_info(hash, prefix);
    size_t info_len = prefix_len + hash->size;

    if (len < info_len + 11) /* at least 8 bytes of FF */
        return E_CRYPTO_KEY;
    memset(em, 0xff, len - info_len);
    em[0] = 0;
    em[1] = 1;
    em[len - info_len - 1] = 0;
    memcpy(em + len - info_len, prefix, prefix_len);
    memcpy(em + len - hash->size, digest, hash->size);
    return E_OK;
}

/* Whether em is what encode would make: every byte is looked at, so that nothing can be hidden. */
static bool is_encoding(const struct cub_hash *hash, const uint8_t *digest, const uint8_t *em,
                        size_t len)
{
    uint8_t prefix[MAX_PREFIX];
    size_t prefix_len = digest_info(hash, prefix);
    size_t info = len - prefix_len - hash->size; /* where DigestInfo begins */
    uint8_t bad;

    if (len < prefix_len + hash->size + 11)
        return false;
    bad = em[0] | (em[1] ^ 1) | em[info - 1];
    for (size_t i = 2; i < info - 1; i++)
        bad |= em[i] ^ 0xff;
    return !bad && memcmp(em + info, prefix, prefix_len) == 0 &&
           memcmp(em + info + prefix_len, digest, hash->size) == 0;
}

enum cub_error cub_rsa_pkcs1_verify(const struct cub_public_key *key, const struct cub_hash *hash,
                                    const uint8_t *digest, const uint8_t *sig, size_t sig_len)
{
    uint8_t em[CUB_RSA_MAX_SIZE];
    enum cub_error error = cub_rsa_public(key->modulus, key->exponent, sig, sig_len, em);

    if (error)
        return error;
    return is_encoding(hash, digest, em, sig_len) ? E_OK : E_CRYPTO_SIGNATURE;
}

enum cub_error cub_rsa_pkcs1_sign(const struct cub_private_key *key, const struct cub_hash *hash,
                                  const uint8_t *digest, uint8_t *sig)
{
    uint8_t em[CUB_RSA_MAX_SIZE];
    enum cub_error error = cub_rsa_check(key->modulus, key->exponent);

    if (!error)
        error = encode(hash, digest, em, key->modulus.len);
    return error ? error : cub_rsa_private(key, em, sig);
}
