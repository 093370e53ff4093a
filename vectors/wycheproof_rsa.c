#include <string.h>

#include "crypto/rsa.h"
#include "vectors/wycheproof.h"
#include "x509/key.h"

/* What our limits refuse is no answer to the question that the case asks. */
static struct cub_outcome outcome(struct cub_wycheproof_test *t, enum cub_error error)
{
    if (error == E_CRYPTO_RSA_LARGE || error == E_CRYPTO_RSA_SMALL)
        return cub_wycheproof_unsupported(t, cub_error_info(error)->text, "");
    return cub_wycheproof_error(error);
}

static struct cub_public_key public_key(struct cub_wycheproof_test *t)
{
    return (struct cub_public_key){
        .type = CUB_KEY_RSA,
        .modulus = cub_wycheproof_integer(t, "publicKey.modulus"),
        .exponent = cub_wycheproof_integer(t, "publicKey.publicExponent"),
    };
}

struct cub_outcome cub_wycheproof_rsa_verify(struct cub_wycheproof_test *t)
{
    const char *name = cub_wycheproof_text(t, "sha");
    const struct cub_hash *hash = cub_wycheproof_hash(name);
    struct cub_public_key key = public_key(t);
    struct cub_view msg = cub_wycheproof_bytes(t, "msg");
    struct cub_view sig = cub_wycheproof_bytes(t, "sig");
    uint8_t digest[CUB_HASH_MAX_SIZE];

    if (!hash)
        return cub_wycheproof_unsupported(t, name, "");
    cub_hash_once(hash, msg.data, msg.len, digest);
    return outcome(t, cub_rsa_pkcs1_verify(&key, hash, digest, sig.data, sig.len));
}

struct cub_outcome cub_wycheproof_rsa_pss(struct cub_wycheproof_test *t)
{
    const char *name = cub_wycheproof_text(t, "sha");
    const char *mgf_name = cub_wycheproof_text(t, "mgfSha");
    const struct cub_hash *hash = cub_wycheproof_hash(name);
    const struct cub_hash *mgf_hash = cub_wycheproof_hash(mgf_name);
    struct cub_public_key key = public_key(t);
    struct cub_view msg = cub_wycheproof_bytes(t, "msg");
    struct cub_view sig = cub_wycheproof_bytes(t, "sig");
    size_t salt_len = cub_wycheproof_number(t, "sLen");
    uint8_t digest[CUB_HASH_MAX_SIZE];

    if (strcmp(cub_wycheproof_text(t, "mgf"), "MGF1") != 0)
        return cub_wycheproof_unsupported(t, cub_wycheproof_text(t, "mgf"), "");
    if (!hash || !mgf_hash)
        return cub_wycheproof_unsupported(t, hash ? mgf_name : name, "");
    cub_hash_once(hash, msg.data, msg.len, digest);
    return outcome(t,
                   cub_rsa_pss_verify(&key, hash, mgf_hash, salt_len, digest, sig.data, sig.len));
}

/* PKCS #1 v1.5 has one signature for each message; the key is read from its PKCS #8. */
struct cub_outcome cub_wycheproof_rsa_sign(struct cub_wycheproof_test *t)
{
    const char *name = cub_wycheproof_text(t, "sha");
    const struct cub_hash *hash = cub_wycheproof_hash(name);
    struct cub_view der = cub_wycheproof_bytes(t, "privateKeyPkcs8");
    struct cub_view msg = cub_wycheproof_bytes(t, "msg");
    struct cub_view sig = cub_wycheproof_bytes(t, "sig");
    struct cub_private_key key;
    uint8_t digest[CUB_HASH_MAX_SIZE];
    uint8_t got[CUB_RSA_MAX_SIZE];
    enum cub_error error = cub_private_key_decode(&key, NULL, der.data, der.len);

    if (!hash)
        return cub_wycheproof_unsupported(t, name, "");
    cub_hash_once(hash, msg.data, msg.len, digest);
    if (!error)
        error = cub_rsa_pkcs1_sign(&key, hash, digest, got);
    if (error)
        return outcome(t, error);
    if (sig.len != key.modulus.len || memcmp(got, sig.data, sig.len) != 0)
        return (struct cub_outcome){CUB_WRONG, "another signature"};
    return (struct cub_outcome){CUB_ACCEPTED, ""};
}
