#include <string.h>

#include "crypto/rsa.h"
#include "vectors/rfc8448.h"
#include "x509/cert.h"

/* Certificates, the signatures that they and CertificateVerify bear, and the file's RSA key. */

static const struct cub_verify_scheme *const schemes[] = {
    &cub_verify_rsa_pss_rsae_sha256,
    &cub_verify_ecdsa_secp256r1_sha256,
    &cub_verify_rsa_pkcs1_sha256,
};

/* All certificates of the traces are their own issuers. */
static enum cub_error parse(struct cub_cert *cert, struct cub_view der)
{
    const struct cub_scheme_list list = {schemes, sizeof schemes / sizeof schemes[0]};
    const struct cub_verify_scheme *scheme;
    enum cub_error error = cub_cert_parse(cert, der.data, der.len);

    if (error || cert->key_error)
        return error ? error : cert->key_error;
    scheme = cub_scheme_find(&list, &cert->algorithm, cert->key.type);
    return scheme ? cub_verify_message(scheme, &cert->key, cert->tbs.data, cert->tbs.len,
                                       cert->signature.data, cert->signature.len)
                  : E_CRYPTO_SIGNATURE;
}

/*
 * What is left of the encoded message without its mask [RFC8017-9.1.2]; the modulus has whole
 * bytes.
 */
bool cub_rfc8448_find_salt(const struct cub_private_key *key, struct cub_view sig, uint8_t *salt)
{
    uint8_t em[CUB_RSA_MAX_SIZE], block[32], seed[32 + 4] = {0};
    size_t db_len = sig.len - 32 - 1;

    if (sig.len != key->modulus.len ||
        cub_rsa_public(key->modulus, key->exponent, sig.data, sig.len, em) != E_OK)
        return false;
    memcpy(seed, em + db_len, 32);
    for (size_t i = 0; i < db_len; i++) {
        seed[35] = (uint8_t)(i / 32);
        if (i % 32 == 0)
            cub_hash_once(&cub_sha256, seed, sizeof seed, block);
        em[i] ^= block[i % 32];
    }
    memcpy(salt, em + db_len - CUB_RFC8448_SALT, CUB_RFC8448_SALT);
    return true;
}

static enum cub_error give_salt(void *context, uint8_t *out, size_t len)
{
    if (len != CUB_RFC8448_SALT)
        return E_CRYPTO_RANDOM;
    memcpy(out, context, CUB_RFC8448_SALT);
    return E_OK;
}

/* Whether the file's key makes the same signature from the same salt. */
static bool signs_alike(struct cub_rfc8448_file *file, const struct cub_certificate_verify *cv,
                        const uint8_t *content, size_t len)
{
    uint8_t salt[CUB_RFC8448_SALT], sig[CUB_SIGNATURE_MAX_SIZE];
    const struct cub_random random = {give_salt, salt};
    size_t sig_len;

    return cv->algorithm == cub_sign_rsa_pss_rsae_sha256.id &&
           cub_rfc8448_find_salt(&file->key, cv->signature, salt) &&
           cub_sign_message(&cub_sign_rsa_pss_rsae_sha256, &file->key, &random, content, len, sig,
                            &sig_len) == E_OK &&
           sig_len == cv->signature.len && memcmp(sig, cv->signature.data, sig_len) == 0;
}

void cub_rfc8448_signature(struct cub_rfc8448 *t, size_t number, const uint8_t *transcript)
{
    const struct cub_rfc8448_cert *sent = &t->certs[number];
    const struct cub_certificate_verify *cv = &t->verify[number];
    uint8_t content[CUB_SIGNED_CONTENT_MAX];
    const json_t *member;
    struct cub_cert cert;
    size_t len, i = 0;

    if (number >= t->num_certs || number >= t->num_verifies || parse(&cert, sent->der) != E_OK)
        return;
    cub_rfc8448_put(t, sent->der.data, sent->der.len, "certificates.%s.der", sent->sender);
    len = cub_signed_content(t->suite->hash, strcmp(sent->sender, "server") == 0, transcript,
                             content);
    while (i < sizeof schemes / sizeof schemes[0] && schemes[i]->id != cv->algorithm)
        i++;
    if (i == sizeof schemes / sizeof schemes[0] ||
        cub_verify_message(schemes[i], &cert.key, content, len, cv->signature.data,
                           cv->signature.len) != E_OK)
        return;
    cub_rfc8448_note(t, cub_vectors_arena_print(t->arena, "0x%04x", cv->algorithm),
                     "certificates.%s.signature_scheme", sent->sender);
    member = json_object_get(json_object_get(t->trace, "certificates"), sent->sender);
    if (!json_is_true(json_object_get(member, "private_key_in_this_file")))
        return;
    t->file->cert_key = cert.key;
    if (signs_alike(t->file, cv, content, len))
        t->file->signed_alike++;
    else
        t->file->signed_other++;
}

/* An integer as keys hold it. */
static struct cub_view integer(struct cub_rfc8448 *t, const json_t *key, const char *name)
{
    struct cub_view view = cub_rfc8448_bytes(t, key, name);

    while (view.len > 0 && view.data[0] == 0) {
        view.data++;
        view.len--;
    }
    return view;
}

void cub_rfc8448_read_key(struct cub_rfc8448 *t, const json_t *key)
{
    struct cub_private_key *k = &t->file->key;

    k->type = CUB_KEY_RSA;
    k->modulus = integer(t, key, "modulus");
    k->exponent = integer(t, key, "public_exponent");
    k->p = integer(t, key, "prime1");
    k->q = integer(t, key, "prime2");
    k->dp = integer(t, key, "exponent1");
    k->dq = integer(t, key, "exponent2");
    k->iq = integer(t, key, "coefficient");
    k->modulus_bits = (uint16_t)cub_rsa_bits(k->modulus);
}

static void put_padded(struct cub_rfc8448 *t, struct cub_view value, size_t size, const char *name)
{
    uint8_t padded[CUB_RSA_MAX_SIZE] = {0};

    if (value.len > size || size > sizeof padded)
        return;
    if (value.len > 0)
        memcpy(padded + size - value.len, value.data, value.len);
    cub_rfc8448_put(t, padded, size, "%s", name);
}

/*
 * Modulus and exponent are the certificates'. The rest is right if it makes the signatures of the
 * traces: nothing gives it back.
 */
void cub_rfc8448_judge_key(struct cub_rfc8448 *t)
{
    const struct cub_rfc8448_file *file = t->file;
    const struct cub_private_key *key = &file->key;
    size_t half = key->modulus.len / 2;

    put_padded(t, file->cert_key.modulus, key->modulus.len, "modulus");
    put_padded(t, file->cert_key.exponent, 3, "public_exponent");
    if (file->signed_alike == 0 || file->signed_other > 0 || cub_rsa_check_private(key) != E_OK)
        return;
    put_padded(t, key->p, half, "prime1");
    put_padded(t, key->q, half, "prime2");
    put_padded(t, key->dp, half, "exponent1");
    put_padded(t, key->dq, half, "exponent2");
    put_padded(t, key->iq, half, "coefficient");
}
