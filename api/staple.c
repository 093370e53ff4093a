/*
 * OCSP responses and SCTs: what servers give with their certificates, and clients ask for.
 */
#include "api/staple.h"

#include <stdatomic.h>
#include <string.h>

#include "api/conn.h"
#include "api/context.h"
#include "api/file.h"
#include "api/memory.h"
#include "x509/der.h"

struct cub_staple {
    atomic_uint owners;
    struct cub_stapled view; /* into bytes */
    uint8_t bytes[];
};

struct cub_staple *cub_staple_new(const struct cub_stapled *from)
{
    struct cub_view response = from->ocsp_response, scts = from->scts;
    struct cub_staple *staple = cub_alloc(sizeof *staple + response.len + scts.len);

    if (!staple)
        return NULL;
    atomic_init(&staple->owners, 1);
    if (response.len)
        memcpy(staple->bytes, response.data, response.len);
    if (scts.len)
        memcpy(staple->bytes + response.len, scts.data, scts.len);
    staple->view.put = cub_put_stapled;
    staple->view.ocsp_response = (struct cub_view){staple->bytes, response.len};
    staple->view.scts = (struct cub_view){staple->bytes + response.len, scts.len};
    return staple;
}

struct cub_staple *cub_staple_ref(struct cub_staple *staple)
{
    if (staple)
        atomic_fetch_add_explicit(&staple->owners, 1, memory_order_relaxed);
    return staple;
}

void cub_staple_free(struct cub_staple *staple)
{
    if (staple && atomic_fetch_sub_explicit(&staple->owners, 1, memory_order_acq_rel) == 1)
        cub_free(staple);
}

struct cub_stapled cub_staple_view(const struct cub_staple *staple)
{
    static const struct cub_stapled nothing = {.put = cub_put_stapled};

    return staple ? staple->view : nothing;
}

enum cub_StatusMode cub_context_get_status_mode(const cub_context *context)
{
    return (enum cub_StatusMode)context->settings->status_mode;
}

cub_result cub_context_set_status_mode(cub_context *context, enum cub_StatusMode mode)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (mode != CUB_STATUS_NONE && mode != CUB_STATUS_OPTIONAL && mode != CUB_STATUS_REQUIRED)
        return cub_context_fail(context, E_STATUS_MODE_VALUE);
    s->status_mode = (uint8_t)mode;
    return cub_context_changed(context);
}

bool cub_context_get_scts_requested(const cub_context *context)
{
    return context->settings->scts_requested;
}

cub_result cub_context_set_scts_requested(cub_context *context, bool requested)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->scts_requested = requested;
    return cub_context_changed(context);
}

/* OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED, ... }, and nothing behind it. */
static bool is_response(const uint8_t *der, size_t len)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(der, len, &error);
    struct cub_der seq = cub_der_enter(&d, CUB_DER_SEQUENCE);

    (void)cub_der_done(&d);
    (void)cub_der_small(&seq, CUB_DER_ENUMERATED, UINT8_MAX);
    return error == E_OK;
}

/* Staples to the last certificate what is not NULL, and leaves the rest. */
static cub_result staple(cub_context *context, const struct cub_view *response,
                         const struct cub_view *scts)
{
    struct cub_settings *s = cub_context_change(context);
    struct cub_stapled both;
    struct cub_staple *new;

    if (!s)
        return context->details.result;
    if (s->identity_count == 0)
        return cub_context_fail(context, E_STAPLE_NO_CERT);
    both = cub_staple_view(s->staples[s->last_identity]);
    if (response)
        both.ocsp_response = *response;
    if (scts)
        both.scts = *scts;
    if (both.ocsp_response.len > CUB_STAPLE_MAX || both.scts.len > CUB_STAPLE_MAX)
        return cub_context_fail(context, E_STAPLE_SIZE);
    new = cub_staple_new(&both);
    if (!new)
        return cub_context_fail(context, E_MEMORY);
    cub_staple_free(s->staples[s->last_identity]);
    s->staples[s->last_identity] = new;
    return cub_context_changed(context);
}

cub_result cub_context_load_ocsp_response_data(cub_context *context, const void *der, size_t len)
{
    const struct cub_view response = {der, len};

    if (len > 0 && !is_response(der, len))
        return cub_context_fail(context, E_OCSP_NO_RESPONSE);
    return staple(context, &response, NULL);
}

cub_result cub_context_load_ocsp_response(cub_context *context, const char *filename)
{
    struct cub_buffer file = {0};
    cub_result result = cub_file_read(filename, &file, &context->details);

    if (result == CUB_OK)
        result = file.len ? cub_context_load_ocsp_response_data(context, file.data, file.len)
                          : cub_context_fail(context, E_OCSP_NO_RESPONSE);
    cub_buffer_free(&file);
    return result;
}

cub_result cub_context_load_scts_data(cub_context *context, const void *list, size_t len)
{
    const struct cub_view scts = {list, len};

    return staple(context, NULL, &scts);
}

cub_result cub_context_set_ocsp_callback(cub_context *context, cub_ocsp_callback *callback,
                                         void *arg)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->ocsp_callback = callback;
    s->ocsp_arg = arg;
    return cub_context_changed(context);
}

/* A configuration of a connection's own: that of its settings with other responses. */
struct cub_stapling {
    const struct cub_settings *settings; /* that it was made from */
    struct cub_config config;
    struct cub_credential credentials[CUB_MAX_IDENTITIES];
    struct cub_stapled stapled[CUB_MAX_IDENTITIES];
    uint8_t *responses[CUB_MAX_IDENTITIES];
};

void cub_stapling_free(struct cub_stapling *stapling)
{
    if (!stapling)
        return;
    for (size_t i = 0; i < CUB_MAX_IDENTITIES; i++)
        cub_free(stapling->responses[i]);
    cub_free(stapling);
}

/* Asks about one certificate. */
static enum cub_error ask_about(cub_conn *conn, struct cub_stapling *stapling, size_t i)
{
    const struct cub_settings *s = conn->settings;
    const struct cub_view *leaf = &s->credentials[i].chain[0];
    const struct cub_bytes certificate = {leaf->data, leaf->len};
    struct cub_bytes response = {NULL, 0};

    stapling->credentials[i] = s->credentials[i];
    stapling->stapled[i] = s->stapled[i];
    stapling->credentials[i].stapled = &stapling->stapled[i];
    if (!s->ocsp_callback(conn, &certificate, &response, s->ocsp_arg))
        return E_OK;
    if (response.len > CUB_STAPLE_MAX)
        return E_STAPLE_SIZE;
    stapling->responses[i] = cub_memdup(response.data, response.len);
    stapling->stapled[i].ocsp_response = (struct cub_view){stapling->responses[i], response.len};
    return stapling->responses[i] ? E_OK : E_MEMORY;
}

enum cub_error cub_conn_ask_ocsp_callback(cub_conn *conn)
{
    const struct cub_settings *s = conn->settings;
    struct cub_stapling *stapling = conn->stapling;
    enum cub_error error = E_OK;

    if (!s->ocsp_callback)
        return E_OK;
    /* A second ClientHello [RFC8446-4.1.4] is no second question, if the context is the same. */
    if (!stapling || stapling->settings != s) {
        cub_stapling_free(stapling);
        conn->stapling = stapling = cub_alloc(sizeof *stapling);
        if (!stapling)
            return E_MEMORY;
        stapling->settings = s;
        stapling->config = s->server;
        stapling->config.credentials = stapling->credentials;
        for (size_t i = 0; error == E_OK && i < s->identity_count; i++)
            error = ask_about(conn, stapling, i);
    }
    if (error == E_OK) {
        cub_engine_set_config(&conn->engine, &stapling->config, &conn->peer);
    } else {
        cub_stapling_free(stapling);
        conn->stapling = NULL;
    }
    return error;
}

enum cub_error cub_conn_on_scts(void *owner, const uint8_t *list, size_t len)
{
    cub_conn *conn = owner;
    uint8_t *copy = cub_memdup(list, len);

    if (!copy)
        return E_MEMORY;
    cub_free((void *)(uintptr_t)conn->scts.data);
    conn->scts = (struct cub_bytes){copy, len};
    return E_OK;
}

cub_result cub_conn_get_ocsp_response(cub_conn *conn, struct cub_bytes *response)
{
    *response = conn->peer.ocsp_response;
    return cub_conn_fail(conn, E_OK);
}

cub_result cub_conn_get_scts(cub_conn *conn, struct cub_bytes *list)
{
    *list = conn->scts;
    return cub_conn_fail(conn, E_OK);
}
