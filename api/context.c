/*
 * Contexts: their life, and the default ones. What they are set to is in the other files
 * context_*.c.
 */
#include "api/context.h"

#include <stdlib.h>
#include <unistd.h>

#include "api/memory.h"
#include "api/result.h"

cub_result cub_context_fail(cub_context *context, enum cub_error error)
{
    if (cub_context_failed(context))
        return context->failure.result;
    return cub_report(&context->details, error);
}

bool cub_context_failed(const cub_context *context)
{
    return context->failure.result != CUB_OK;
}

/* Makes a failure the last word of a context. */
static cub_result could_not_be_made(cub_context *context, enum cub_error error)
{
    return cub_report(&context->failure, error);
}

struct cub_settings *cub_context_change(cub_context *context)
{
    struct cub_settings *copy;

    if (cub_context_failed(context)) {
        context->details = context->failure;
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
    context->settings = cub_settings_new(protocol);
    if (!context->settings)
        return could_not_be_made(context, E_MEMORY);
    switch (protocol) {
    case CUB_PROTOCOL_TLS:
    case CUB_PROTOCOL_TLS_CLIENT:
    case CUB_PROTOCOL_TLS_SERVER:
    case CUB_PROTOCOL_TLSv1_2:
        return CUB_OK;
    default:
        return could_not_be_made(context, E_PROTOCOL);
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

    if (!context)
        return &no_memory;
    return cub_context_failed(context) ? &context->failure : &context->details;
}

/* The variable that asks for secrets to be logged: not for programs with foreign rights. */
static const char *keylog_variable(void)
{
    const char *filename =
        getuid() == geteuid() && getgid() == getegid() ? getenv("SSLKEYLOGFILE") : NULL;

    return filename && *filename ? filename : NULL;
}

cub_result cub_create_default_context(enum cub_Purpose purpose, const char *cafile,
                                      const char *capath, const void *cadata, size_t cadata_len,
                                      cub_context **out)
{
    bool to_server = purpose == CUB_Purpose_SERVER_AUTH;
    cub_result result =
        cub_context_new(to_server ? CUB_PROTOCOL_TLS_CLIENT : CUB_PROTOCOL_TLS_SERVER, out);
    cub_context *context = *out;
    const char *keylog = keylog_variable();

    if (result != CUB_OK)
        return result;
    result = cub_context_set_verify_flags(context, cub_context_get_verify_flags(context) |
                                                       CUB_VERIFY_X509_PARTIAL_CHAIN |
                                                       CUB_VERIFY_X509_STRICT);
    if (result == CUB_OK && (cafile || capath || cadata))
        result = cub_context_load_verify_locations(context, cafile, capath, cadata, cadata_len);
    else if (result == CUB_OK && to_server)
        result = cub_context_load_default_certs(context, purpose);
    if (result == CUB_OK && to_server)
        result = cub_context_set_status_mode(context, CUB_STATUS_OPTIONAL);
    if (result == CUB_OK && keylog)
        result = cub_context_set_keylog_filename(context, keylog);
    context->failure = context->details;
    return result;
}
