#include "api/identity.h"

#include <stdatomic.h>
#include <string.h>

#include "api/delegated.h"
#include "api/entropy.h"
#include "api/memory.h"
#include "api/raw_key.h"
#include "api/result.h"
#include "crypto/bytes.h"
#include "x509/cert.h"
#include "x509/der.h"
#include "x509/encrypted_key.h"
#include "x509/key.h"
#include "x509/pem.h"

struct cub_identity {
    atomic_uint owners;
    struct cub_credential credential;
    struct cub_private_key key;
    struct cub_bytes *certs; /* what the views in chain point into */
    struct cub_view *chain;
    struct cub_stapled stapled; /* with the delegated credential; else it is not pointed to */
    uint8_t *key_der;           /* what the views in key point into; secret */
    size_t key_len;
    cub_sign_callback *sign; /* NULL: the key is here */
    void *sign_arg;
};

struct cub_identity *cub_identity_ref(struct cub_identity *identity)
{
    atomic_fetch_add_explicit(&identity->owners, 1, memory_order_relaxed);
    return identity;
}

void cub_identity_free(struct cub_identity *identity)
{
    if (!identity || atomic_fetch_sub_explicit(&identity->owners, 1, memory_order_acq_rel) != 1)
        return;
    cub_free(identity->certs);
    cub_free(identity->chain);
    cub_free((void *)(uintptr_t)identity->stapled.delegated.data);
    cub_free_secret(identity->key_der, identity->key_len);
    cub_free(identity);
}

const struct cub_credential *cub_identity_credential(const struct cub_identity *identity)
{
    return &identity->credential;
}

/* The certificates as the engine wants them. */
static enum cub_error take_chain(struct cub_identity *identity, size_t count)
{
    identity->chain = cub_alloc_array(count, sizeof *identity->chain);
    if (!identity->chain)
        return E_MEMORY;
    for (size_t i = 0; i < count; i++)
        identity->chain[i] = (struct cub_view){identity->certs[i].data, identity->certs[i].len};
    identity->credential.chain = identity->chain;
    identity->credential.chain_len = count;
    return E_OK;
}

/* The password that the application's function answers with. */
static enum cub_error ask_password(const struct cub_password *password, char *answer, size_t *len)
{
    *len = 0;
    if (!password->callback(answer, CUB_PASSWORD_MAX, len, password->arg))
        return E_PASSWORD_CALLBACK;
    return *len <= CUB_PASSWORD_MAX ? E_OK : E_PASSWORD_LENGTH;
}

/* Decrypts the key in key_der. */
static enum cub_error decrypt_key(struct cub_identity *identity, const struct cub_pem_block *block,
                                  size_t size, const struct cub_password *password,
                                  struct cub_view *plain)
{
    char answer[CUB_PASSWORD_MAX];
    const char *text = password->text ? password->text : answer;
    size_t len = password->text ? strlen(text) : 0;
    enum cub_error error = password->text ? E_OK : ask_password(password, answer, &len);

    if (error == E_OK && len > CUB_PASSWORD_MAX)
        error = E_PASSWORD_LENGTH;
    if (error == E_OK)
        error =
            cub_pem_key_decrypt(block, identity->key_der, size, (const uint8_t *)text, len, plain);
    cub_wipe(answer, sizeof answer);
    return error;
}

/* The first private key of a text, as DER; *plain is where it stands in key_der. */
static enum cub_error read_pem_key(struct cub_identity *identity, const char *text, size_t len,
                                   const struct cub_password *password, struct cub_view *plain)
{
    struct cub_pem pem = {text, text + len};
    struct cub_pem_block block;
    enum cub_error error;
    size_t size;

    do
        error = cub_pem_next(&pem, &block);
    while (error == E_OK && !cub_pem_is_private_key(&block));
    if (error != E_OK)
        return error == E_PEM_NO_START_LINE ? E_NO_KEY_IN_PEM : error;
    if (cub_pem_is_encrypted(&block) && !password->text && !password->callback)
        return E_KEY_PASSWORD;
    identity->key_len = cub_pem_decoded_max(&block);
    identity->key_der = cub_alloc(identity->key_len);
    if (!identity->key_der)
        return E_MEMORY;
    error = cub_pem_decode(&block, identity->key_der, identity->key_len, &size);
    *plain = (struct cub_view){identity->key_der, size};
    if (error == E_OK && cub_pem_is_encrypted(&block))
        error = decrypt_key(identity, &block, size, password, plain);
    return error;
}

static enum cub_error take_key(struct cub_identity *identity, const uint8_t *text, size_t len,
                               const struct cub_password *password)
{
    enum cub_error error = E_OK;
    struct cub_view plain;

    if (len && text[0] == CUB_DER_SEQUENCE) {
        identity->key_len = len;
        identity->key_der = cub_memdup(text, len);
        plain = (struct cub_view){identity->key_der, len};
        if (!identity->key_der)
            error = E_MEMORY;
    } else {
        error = read_pem_key(identity, (const char *)text, len, password, &plain);
    }
    if (error == E_OK)
        error = cub_private_key_decode(&identity->key, NULL, plain.data, plain.len);
    identity->credential.key = &identity->key;
    return error;
}

static const struct cub_sign_scheme *find_signer(unsigned key_type)
{
    const struct cub_sign_scheme *const *s = cub_profile_full.sign_schemes;

    while (*s && (*s)->key_type != key_type)
        s++;
    return *s;
}

static const struct cub_verify_scheme *find_verifier(unsigned id)
{
    const struct cub_verify_scheme *const *v = cub_profile_full.verify_schemes;

    while (*v && (*v)->id != id)
        v++;
    return *v;
}

/* What the peer will know of the key. */
static enum cub_error public_key_of(const struct cub_identity *identity, struct cub_cert *cert,
                                    struct cub_public_key *key)
{
    struct cub_view shown = identity->chain[0];
    enum cub_error error;

    if (identity->credential.stapled)
        return cub_delegated_check(identity->stapled.delegated, shown, key);
    if (identity->credential.is_raw)
        return cub_public_key_decode(key, shown.data, shown.len);
    error = cub_cert_parse(cert, shown.data, shown.len);
    *key = cert->key;
    return error;
}

/* Whether what the key signs, verifies with the certificate, or the raw key. */
static enum cub_error check_pair(const struct cub_identity *identity)
{
    static const uint8_t message[] = "CubTLS: do these keys belong together?";
    uint8_t signature[CUB_SIGNATURE_MAX_SIZE];
    size_t len;
    struct cub_cert cert;
    struct cub_public_key public_key;
    const struct cub_sign_scheme *signer = find_signer(identity->key.type);
    const struct cub_verify_scheme *verifier;
    enum cub_error error = public_key_of(identity, &cert, &public_key);

    if (error != E_OK)
        return error;
    if (!signer)
        return E_KEY_UNSUPPORTED;
    if (public_key.type != identity->key.type)
        return E_KEY_TYPE;
    error = cub_sign_message(signer, &identity->key, &cub_system_random, message, sizeof message,
                             signature, &len);
    verifier = find_verifier(signer->id);
    if (error != E_OK || !verifier)
        return error != E_OK ? error : E_KEY_UNSUPPORTED;
    error = cub_verify_message(verifier, &public_key, message, sizeof message, signature, len);
    return error == E_CRYPTO_SIGNATURE ? E_KEY_MISMATCH : error;
}

/* An identity with its certificates and without a key. NULL with an error. */
static struct cub_identity *begin(const void *cert, size_t cert_len,
                                  struct cub_error_details *details)
{
    struct cub_identity *identity = cub_alloc(sizeof *identity);
    size_t count;

    if (!identity) {
        (void)cub_report(details, E_MEMORY);
        return NULL;
    }
    atomic_init(&identity->owners, 1);
    if (cub_read_certs(cert, cert_len, &identity->certs, &count, details) == CUB_OK &&
        cub_report(details, take_chain(identity, count)) == CUB_OK)
        return identity;
    cub_identity_free(identity);
    return NULL;
}

/* Gives an identity out if its key could be used. */
static cub_result finish(struct cub_identity *identity, enum cub_error error,
                         struct cub_identity **out, struct cub_error_details *details)
{
    if (error == E_OK)
        *out = identity;
    else
        cub_identity_free(identity);
    return cub_report(details, error);
}

cub_result cub_identity_new(const void *cert, size_t cert_len, const void *key, size_t key_len,
                            const struct cub_password *password, struct cub_identity **out,
                            struct cub_error_details *details)
{
    struct cub_identity *identity = begin(cert, cert_len, details);
    enum cub_error error;

    *out = NULL;
    if (!identity)
        return details->result;
    error = take_key(identity, key ? key : cert, key ? key_len : cert_len, password);
    if (error == E_OK)
        error = check_pair(identity);
    return finish(identity, error, out, details);
}

cub_result cub_identity_new_raw(const void *public_key, size_t public_key_len, const void *key,
                                size_t key_len, const struct cub_password *password,
                                struct cub_identity **out, struct cub_error_details *details)
{
    struct cub_identity *identity = cub_alloc(sizeof *identity);
    enum cub_error error = E_MEMORY;
    size_t count;

    *out = NULL;
    if (!identity)
        return cub_report(details, error);
    atomic_init(&identity->owners, 1);
    identity->credential.is_raw = 1;
    error = cub_raw_keys_read(public_key, public_key_len, &identity->certs, &count);
    if (error == E_OK)
        error = take_chain(identity, 1);
    if (error == E_OK)
        error =
            take_key(identity, key ? key : public_key, key ? key_len : public_key_len, password);
    if (error == E_OK)
        error = check_pair(identity);
    return finish(identity, error, out, details);
}

cub_result cub_identity_new_delegated(const void *cert, size_t cert_len, const void *delegated,
                                      size_t delegated_len, const void *key, size_t key_len,
                                      const struct cub_password *password,
                                      struct cub_identity **out, struct cub_error_details *details)
{
    struct cub_identity *identity = begin(cert, cert_len, details);
    enum cub_error error;

    *out = NULL;
    if (!identity)
        return details->result;
    identity->stapled.put = cub_put_stapled;
    identity->credential.stapled = &identity->stapled;
    identity->credential.suits = cub_credential_delegated_suits;
    error = cub_delegated_read(delegated, delegated_len, &identity->stapled.delegated);
    if (error == E_OK)
        error = take_key(identity, key, key_len, password);
    if (error == E_OK)
        error = check_pair(identity);
    return finish(identity, error, out, details);
}

/* Signs by the application's function. */
static enum cub_error sign_elsewhere(void *context, uint16_t scheme, const uint8_t *message,
                                     size_t message_len, uint8_t *signature, size_t *signature_len)
{
    const struct cub_identity *identity = context;
    cub_result result;

    *signature_len = CUB_SIGNATURE_MAX_SIZE;
    result =
        identity->sign(identity->sign_arg, scheme, message, message_len, signature, signature_len);
    if (result == CUB_SSLWantReadError)
        return E_WAIT_SIGN;
    return result == CUB_OK && *signature_len <= CUB_SIGNATURE_MAX_SIZE ? E_OK : E_SIGN_CALLBACK;
}

/* What must be known of a key that is elsewhere: what the certificate says of it. */
static enum cub_error describe_key(struct cub_identity *identity)
{
    struct cub_cert cert;
    enum cub_error error = cub_cert_parse(&cert, identity->chain[0].data, identity->chain[0].len);

    if (error != E_OK)
        return error;
    if (!find_signer(cert.key.type))
        return E_KEY_UNSUPPORTED;
    identity->key = (struct cub_private_key){
        .type = cert.key.type,
        .pss_hash = cert.key.pss_hash,
        .pss_salt_min = cert.key.pss_salt_min,
        .modulus_bits = cert.key.modulus.len ? (uint16_t)cub_public_key_bits(&cert.key) : 0,
    };
    identity->credential.key = &identity->key;
    identity->credential.sign = sign_elsewhere;
    identity->credential.sign_context = identity;
    return E_OK;
}

cub_result cub_identity_new_sign(const void *cert, size_t cert_len, cub_sign_callback *sign,
                                 void *arg, struct cub_identity **out,
                                 struct cub_error_details *details)
{
    struct cub_identity *identity = begin(cert, cert_len, details);

    *out = NULL;
    if (!identity)
        return details->result;
    identity->sign = sign;
    identity->sign_arg = arg;
    return finish(identity, describe_key(identity), out, details);
}
