/*
 * SSLContext: its own certificates and their keys.
 */
#include <string.h>

#include "api/context.h"

#include "api/file.h"
#include "api/memory.h"
#include "x509/cert.h"
#include "x509/check.h"
#include "x509/key.h"

/* Whether the security level allows a certificate of a chain: its key, and what it is signed with.
 */
static enum cub_error check_strength(struct cub_view der, bool leaf, int level)
{
    struct cub_cert cert;
    enum cub_error error = cub_cert_parse(&cert, der.data, der.len);

    if (error != E_OK)
        return leaf ? error : E_OK; /* peers may know better */
    if (cert.key.modulus.len && cub_public_key_bits(&cert.key) < cub_level_bits(level))
        return leaf ? E_OWN_KEY_TOO_SMALL : E_OWN_CA_KEY_TOO_SMALL;
    /* A signature by one's own key proves nothing that a weak hash could spoil. */
    return cub_cert_self_issued(&cert) || cub_check_digest(&cert, level == 0) == E_OK
               ? E_OK
               : E_OWN_MD_TOO_WEAK;
}

static enum cub_error check_raw_key(struct cub_view spki, int level)
{
    struct cub_public_key key;
    enum cub_error error = cub_public_key_decode(&key, spki.data, spki.len);

    if (error == E_OK && key.modulus.len && cub_public_key_bits(&key) < cub_level_bits(level))
        return E_OWN_KEY_TOO_SMALL;
    return error;
}

static enum cub_error check_chain(const struct cub_credential *credential, int level)
{
    enum cub_error error = E_OK;

    if (credential->is_raw)
        return check_raw_key(credential->chain[0], level);
    if (credential->key->modulus_bits && credential->key->modulus_bits < cub_level_bits(level))
        return E_OWN_KEY_TOO_SMALL;
    for (size_t i = 0; error == E_OK && i < credential->chain_len; i++)
        error = check_strength(credential->chain[i], i == 0, level);
    return error;
}

static bool is_like(const struct cub_identity *identity, const struct cub_identity *other)
{
    const struct cub_credential *a = cub_identity_credential(identity);
    const struct cub_credential *b = cub_identity_credential(other);

    return a->key->type == b->key->type && a->is_raw == b->is_raw && !a->stapled == !b->stapled;
}

/* The place of a new identity. Those with delegated credentials come first, for they are for some
 * clients alone. */
static size_t make_room(struct cub_settings *s, bool is_delegated)
{
    size_t count = s->identity_count++;

    if (!is_delegated)
        return count;
    memmove(s->identities + 1, s->identities, count * sizeof *s->identities);
    memmove(s->staples + 1, s->staples, count * sizeof *s->staples);
    s->staples[0] = NULL;
    return 0;
}

/* Takes an identity over, in place of one whose key is of the same type. */
static cub_result add_identity(cub_context *context, struct cub_identity *identity)
{
    struct cub_settings *s = cub_context_change(context);
    enum cub_error error = E_OK;
    size_t i = 0;

    if (s)
        error = check_chain(cub_identity_credential(identity), s->security_level);
    if (!s || error != E_OK) {
        cub_identity_free(identity);
        return s ? cub_context_fail(context, error) : context->details.result;
    }
    while (i < s->identity_count && !is_like(s->identities[i], identity))
        i++;
    if (i < s->identity_count)
        cub_identity_free(s->identities[i]);
    else
        i = make_room(s, cub_identity_credential(identity)->stapled != NULL);
    cub_staple_free(s->staples[i]); /* it was another certificate's */
    s->staples[i] = NULL;
    s->identities[i] = identity;
    s->last_identity = i;
    return cub_context_changed(context);
}

/* From texts. */
static cub_result load_data(cub_context *context, const struct cub_bytes *cert,
                            const struct cub_bytes *key, const struct cub_password *password)
{
    struct cub_identity *identity;
    cub_result result = cub_identity_new(cert->data, cert->len, key->data, key->len, password,
                                         &identity, &context->details);

    return result == CUB_OK ? add_identity(context, identity) : result;
}

cub_result cub_context_load_cert_chain_data(cub_context *context, const void *cert, size_t cert_len,
                                            const void *key, size_t key_len, const char *password)
{
    return load_data(context, &(struct cub_bytes){cert, cert_len},
                     &(struct cub_bytes){key, key_len}, &(struct cub_password){.text = password});
}

cub_result cub_context_load_cert_chain_sign(cub_context *context, const void *cert, size_t cert_len,
                                            cub_sign_callback *sign, void *arg)
{
    struct cub_identity *identity;
    cub_result result =
        cub_identity_new_sign(cert, cert_len, sign, arg, &identity, &context->details);

    return result == CUB_OK ? add_identity(context, identity) : result;
}

static cub_result load_files(cub_context *context, const char *certfile, const char *keyfile,
                             const struct cub_password *password)
{
    struct cub_buffer cert = {0}, key = {0};
    cub_result result = cub_file_read(certfile, &cert, &context->details);

    if (result == CUB_OK && keyfile)
        result = cub_file_read(keyfile, &key, &context->details);
    if (result == CUB_OK)
        result = load_data(context, &(struct cub_bytes){cert.data, cert.len},
                           &(struct cub_bytes){keyfile ? key.data : NULL, key.len}, password);
    /* Either may hold the private key. */
    cub_buffer_wipe(&cert);
    cub_buffer_wipe(&key);
    return result;
}

cub_result cub_context_load_cert_chain(cub_context *context, const char *certfile,
                                       const char *keyfile, const char *password)
{
    return load_files(context, certfile, keyfile, &(struct cub_password){.text = password});
}

cub_result cub_context_load_cert_chain_password(cub_context *context, const char *certfile,
                                                const char *keyfile,
                                                cub_password_callback *callback, void *arg)
{
    return load_files(context, certfile, keyfile,
                      &(struct cub_password){.callback = callback, .arg = arg});
}

cub_result cub_context_load_raw_key_data(cub_context *context, const void *public_key,
                                         size_t public_key_len, const void *key, size_t key_len,
                                         const char *password)
{
    struct cub_identity *identity;
    cub_result result = cub_identity_new_raw(public_key, public_key_len, key, key_len,
                                             &(struct cub_password){.text = password}, &identity,
                                             &context->details);

    return result == CUB_OK ? add_identity(context, identity) : result;
}

cub_result cub_context_load_raw_key(cub_context *context, const char *public_key_file,
                                    const char *keyfile, const char *password)
{
    struct cub_buffer public_key = {0}, key = {0};
    cub_result result = cub_file_read(public_key_file, &public_key, &context->details);

    if (result == CUB_OK && keyfile)
        result = cub_file_read(keyfile, &key, &context->details);
    if (result == CUB_OK)
        result = cub_context_load_raw_key_data(context, public_key.data, public_key.len,
                                               keyfile ? key.data : NULL, key.len, password);
    cub_buffer_wipe(&public_key);
    cub_buffer_wipe(&key);
    return result;
}

cub_result cub_context_load_delegated_credential_data(cub_context *context, const void *cert,
                                                      size_t cert_len, const void *delegated,
                                                      size_t delegated_len, const void *key,
                                                      size_t key_len, const char *password)
{
    struct cub_identity *identity;
    cub_result result =
        cub_identity_new_delegated(cert, cert_len, delegated, delegated_len, key, key_len,
                                   &(struct cub_password){.text = password}, &identity,
                                   &context->details);

    return result == CUB_OK ? add_identity(context, identity) : result;
}

cub_result cub_context_load_delegated_credential(cub_context *context, const char *certfile,
                                                 const char *delegatedfile, const char *keyfile,
                                                 const char *password)
{
    struct cub_buffer cert = {0}, delegated = {0}, key = {0};
    cub_result result = cub_file_read(certfile, &cert, &context->details);

    if (result == CUB_OK)
        result = cub_file_read(delegatedfile, &delegated, &context->details);
    if (result == CUB_OK)
        result = cub_file_read(keyfile, &key, &context->details);
    if (result == CUB_OK)
        result =
            cub_context_load_delegated_credential_data(context, cert.data, cert.len, delegated.data,
                                                       delegated.len, key.data, key.len, password);
    cub_buffer_wipe(&cert);
    cub_buffer_wipe(&delegated);
    cub_buffer_wipe(&key);
    return result;
}
