#include <string.h>

#include "crypto/ecdsa.h"
#include "vectors/wycheproof.h"
#include "x509/key.h"

typedef enum cub_error verify_function(const struct cub_curve *curve,
                                       const struct cub_public_key *key, const uint8_t *digest,
                                       size_t digest_len, const uint8_t *sig, size_t sig_len);

/* The key comes from its SubjectPublicKeyInfo. */
static struct cub_outcome verify(struct cub_wycheproof_test *t, verify_function *function)
{
    const char *name = cub_wycheproof_text(t, "sha");
    const struct cub_hash *hash = cub_wycheproof_hash(name);
    struct cub_view der = cub_wycheproof_bytes(t, "publicKeyDer");
    struct cub_view msg = cub_wycheproof_bytes(t, "msg");
    struct cub_view sig = cub_wycheproof_bytes(t, "sig");
    uint8_t digest[CUB_HASH_MAX_SIZE];
    struct cub_public_key key;
    enum cub_error error = cub_public_key_decode(&key, der.data, der.len);

    if (error)
        return cub_wycheproof_error(error);
    if (!hash)
        return cub_wycheproof_unsupported(t, name, "");
    cub_hash_once(hash, msg.data, msg.len, digest);
    return cub_wycheproof_error(
        function(cub_curve_of(key.type), &key, digest, hash->size, sig.data, sig.len));
}

struct cub_outcome cub_wycheproof_ecdsa_der(struct cub_wycheproof_test *t)
{
    return verify(t, cub_ecdsa_verify);
}

struct cub_outcome cub_wycheproof_ecdsa_raw(struct cub_wycheproof_test *t)
{
    return verify(t, cub_ecdsa_verify_raw);
}
