/*
 * Contexts: their life, trust and own certificates. Attributes are in attributes.c.
 */
#include "api/context.h"

#include <stdlib.h>
#include <string.h>

#include "api/file.h"
#include "api/memory.h"
#include "api/peer.h"
#include "api/result.h"
#include "api/shared_store.h"
#include "api/tickets.h"
#include "x509/der.h"

cub_result cub_context_fail(cub_context *context, enum cub_error error)
{
    return cub_report(&context->details, error);
}

struct cub_settings *cub_context_change(cub_context *context)
{
    struct cub_settings *copy;

    if (!context->settings) {
        (void)cub_context_fail(context, E_PROTOCOL);
        return NULL;
    }
    if (atomic_load_explicit(&context->settings->owners, memory_order_acquire) == 1)
        return context->settings;
    copy = cub_settings_copy(context->settings);
    if (!copy) {
        (void)cub_context_fail(context, E_MEMORY);
        return NULL;
    }
    cub_settings_free(context->settings);
    context->settings = copy;
    return copy;
}

cub_result cub_context_changed(cub_context *context)
{
    cub_settings_apply(context->settings);
    return cub_context_fail(context, E_OK);
}

cub_result cub_context_new(enum cub_SSLMethod protocol, cub_context **out)
{
    cub_context *context = cub_alloc(sizeof *context);

    *out = context;
    if (!context)
        return CUB_MemoryError;
    atomic_init(&context->owners, 1);
    context->protocol = protocol;
    (void)cub_context_fail(context, E_OK);
    switch (protocol) {
    case CUB_PROTOCOL_TLS:
    case CUB_PROTOCOL_TLS_CLIENT:
    case CUB_PROTOCOL_TLS_SERVER:
    case CUB_PROTOCOL_TLSv1_2:
        context->settings = cub_settings_new(protocol);
        return cub_context_fail(context, context->settings ? E_OK : E_MEMORY);
    default:
        return cub_context_fail(context, E_PROTOCOL);
    }
}

cub_context *cub_context_ref(cub_context *context)
{
    atomic_fetch_add_explicit(&context->owners, 1, memory_order_relaxed);
    return context;
}

void cub_context_free(cub_context *context)
{
    if (!context || atomic_fetch_sub_explicit(&context->owners, 1, memory_order_acq_rel) != 1)
        return;
    cub_settings_free(context->settings);
    cub_free(context);
}

const struct cub_error_details *cub_last_error(const cub_context *context)
{
    static const struct cub_error_details no_memory = {
        .result = CUB_MemoryError,
        .library = "",
        .reason = "",
        .name = "MEMORY",
        .text = "out of memory",
        .rfc = "",
        .verify_depth = -1,
        .alert_sent = -1,
        .alert_received = -1,
        .message = "out of memory",
    };

    return context ? &context->details : &no_memory;
}

static bool is_pem(const uint8_t *data, size_t len)
{
    static const char mark[] = "-----BEGIN";
    size_t n = sizeof mark - 1;

    for (size_t i = 0; i + n <= len; i++)
        if (memcmp(data + i, mark, n) == 0)
            return true;
    return false;
}

static cub_result load_cadata(cub_context *context, struct cub_store *store, const void *data,
                              size_t len)
{
    enum cub_error error;
    size_t added = 0;
    char *text;

    if (!is_pem(data, len)) {
        if (len == 0)
            return cub_context_fail(context, E_CADATA_EMPTY);
        if (*(const uint8_t *)data != CUB_DER_SEQUENCE)
            return cub_context_fail(context, E_CADATA_PEM);
        error = cub_store_add_der(store, data, len);
        return cub_context_fail(context, error == E_NO_CERT_IN_DER ? E_CADATA_DER : error);
    }
    text = cub_memdup(data, len);
    error = text ? cub_store_add_pem(store, text, len, &added) : E_MEMORY;
    cub_free(text);
    if (error == E_OK && added == 0)
        error = E_CADATA_PEM;
    return cub_context_fail(context, error);
}

cub_result cub_context_load_verify_locations(cub_context *context, const char *cafile,
                                             const char *capath, const void *cadata,
                                             size_t cadata_len)
{
    struct cub_settings *s = cub_context_change(context);
    cub_result result = CUB_OK;

    if (!s)
        return context->details.result;
    if (!cafile && !capath && !cadata)
        return cub_context_fail(context, E_NO_TRUST_GIVEN);
    if (cadata)
        result = load_cadata(context, s->store, cadata, cadata_len);
    if (result == CUB_OK && cafile)
        result = cub_store_add_file(s->store, cafile, &context->details);
    if (result == CUB_OK && capath)
        result = cub_context_fail(context, cub_store_add_directory(s->store, capath));
    cub_settings_apply(s); /* what was loaded before a failure counts */
    return result;
}

cub_result cub_context_set_default_verify_paths(cub_context *context)
{
    struct cub_settings *s = cub_context_change(context);
    struct cub_default_verify_paths paths;
    struct cub_error_details details = {0};
    const char *directory;
    enum cub_error error = E_OK;

    if (!s)
        return context->details.result;
    cub_get_default_verify_paths(&paths);
    /* What is missing or unreadable just is not trusted, as with OpenSSL; but memory must suffice.
     */
    if (paths.cafile && cub_store_add_file(s->store, paths.cafile, &details) == CUB_MemoryError)
        error = E_MEMORY;
    /* The variable may name several, which paths do not tell. */
    directory = getenv(paths.openssl_capath_env);
    if (!directory)
        directory = paths.capath;
    if (error == E_OK && directory)
        error = cub_store_add_directory(s->store, directory);
    cub_settings_apply(s);
    return cub_context_fail(context, error);
}

cub_result cub_context_load_default_certs(cub_context *context, enum cub_Purpose purpose)
{
    (void)purpose; /* POSIX systems have one store for both */
    return cub_context_set_default_verify_paths(context);
}

static bool is_ca(const struct cub_path_cert *cert)
{
    return cert->cert.version < 3 || cert->cert.is_ca;
}

void cub_context_cert_store_stats(const cub_context *context, struct cub_cert_store_stats *stats)
{
    const struct cub_path_cert *cert;

    *stats = (struct cub_cert_store_stats){0};
    if (!context->settings)
        return;
    while ((cert = cub_store_get(context->settings->store, stats->x509)) != NULL) {
        stats->x509++;
        stats->x509_ca += is_ca(cert);
    }
    stats->crl = cub_store_crl_count(context->settings->store);
}

cub_result cub_context_get_ca_certs(cub_context *context, struct cub_bytes **certs, size_t *count)
{
    struct cub_cert_store_stats stats;
    const struct cub_path_cert *cert;

    *certs = NULL;
    *count = 0;
    cub_context_cert_store_stats(context, &stats);
    *certs = cub_alloc_array(stats.x509_ca, sizeof **certs);
    if (!*certs)
        return cub_context_fail(context, E_MEMORY);
    for (size_t i = 0; i < stats.x509 && *count < stats.x509_ca; i++) {
        cert = cub_store_get(context->settings->store, i);
        if (is_ca(cert))
            (*certs)[(*count)++] = (struct cub_bytes){cert->cert.der.data, cert->cert.der.len};
    }
    return cub_context_fail(context, E_OK);
}

void cub_context_session_stats(const cub_context *context, struct cub_session_stats *stats)
{
    *stats = (struct cub_session_stats){
        .connect = atomic_load(&context->connects),
        .connect_good = atomic_load(&context->good_connects),
        .accept = atomic_load(&context->accepts),
        .accept_good = atomic_load(&context->good_accepts),
        .hits = atomic_load(&context->hits),
        .misses = context->settings ? cub_tickets_misses(context->settings->tickets) +
                                          cub_shared_misses(context->settings->sessions) +
                                          cub_shared_misses(context->settings->ids)
                                    : 0,
        .timeouts = context->settings ? cub_tickets_timeouts(context->settings->tickets) : 0,
    };
}

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

cub_result cub_context_verify_certs(cub_context *context, const struct cub_bytes *certs,
                                    size_t count, enum cub_Purpose purpose, const char *hostname,
                                    struct cub_bytes **path, size_t *path_count,
                                    struct cub_error_details *details)
{
    struct cub_error_details own;
    struct cub_judgement judgement = {
        .settings = context->settings,
        .host = hostname,
        .is_server = purpose == CUB_Purpose_SERVER_AUTH,
    };

    *path = NULL;
    *path_count = 0;
    if (!details)
        details = &own;
    if (!context->settings || count == 0)
        return cub_report(details, context->settings ? E_NO_CERT_IN_DER : E_PROTOCOL);
    (void)cub_judge(&judgement, certs, count, path, path_count, details);
    return details->result;
}
