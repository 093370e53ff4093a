/*
 * SSLContext: its own certificates and their keys.
 */
#include "api/context.h"

#include "api/file.h"
#include "api/memory.h"

/* Takes an identity over, in place of one whose key is of the same type. */
static cub_result add_identity(cub_context *context, struct cub_identity *identity)
{
    struct cub_settings *s = cub_context_change(context);
    unsigned type = cub_identity_credential(identity)->key->type;
    size_t i = 0;

    if (!s) {
        cub_identity_free(identity);
        return context->details.result;
    }
    while (i < s->identity_count && cub_identity_credential(s->identities[i])->key->type != type)
        i++;
    if (i < s->identity_count)
        cub_identity_free(s->identities[i]);
    else
        s->identity_count++;
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
