/*
 * SSLContext: the certificates and revocation lists that it trusts, and judging by them.
 */
#include "api/context.h"

#include <stdlib.h>
#include <string.h>

#include "api/file.h"
#include "api/memory.h"
#include "api/peer.h"
#include "api/result.h"
#include "x509/der.h"

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
    if (cub_context_failed(context))
        return context->failure.result;
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
    if (cub_context_failed(context)) {
        *details = context->failure;
        return details->result;
    }
    if (count == 0)
        return cub_report(details, E_NO_CERT_IN_DER);
    (void)cub_judge(&judgement, certs, count, path, path_count, details);
    return details->result;
}
