/*
 * SSLContext: names that a connection begins with, of servers (SNI), protocols (ALPN) and pre-
 * shared keys.
 */
#include "api/context.h"

#include <string.h>

#include "api/memory.h"

cub_result cub_context_set_alpn_protocols(cub_context *context, const char *const *protocols,
                                          size_t count)
{
    struct cub_settings *s = cub_context_change(context);
    struct cub_buffer list = {0};
    bool ok = s != NULL;

    if (!ok)
        return context->details.result;
    for (size_t i = 0; ok && i < count; i++) {
        size_t len = strlen(protocols[i]);
        uint8_t len_byte = (uint8_t)len;
        if (len == 0 || len > 255 || list.len + len + 1 > UINT16_MAX) {
            cub_buffer_free(&list);
            return cub_context_fail(context, E_ALPN_VALUE);
        }
        ok = cub_buffer_append(&list, &len_byte, 1) && cub_buffer_append(&list, protocols[i], len);
    }
    if (!ok) {
        cub_buffer_free(&list);
        return cub_context_fail(context, E_MEMORY);
    }
    cub_free(s->alpn);
    s->alpn = list.data;
    s->alpn_len = list.len;
    return cub_context_changed(context);
}

cub_result cub_context_set_npn_protocols(cub_context *context, const char *const *protocols,
                                         size_t count)
{
    (void)protocols;
    (void)count;
    return cub_context_fail(context, E_NO_NPN);
}

cub_result cub_context_set_sni_callback(cub_context *context, cub_sni_callback *callback, void *arg)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->sni_callback = callback;
    s->sni_arg = arg;
    return cub_context_changed(context);
}

cub_result cub_context_set_servername_callback(cub_context *context, cub_sni_callback *callback,
                                               void *arg)
{
    return cub_context_set_sni_callback(context, callback, arg);
}

cub_result cub_context_set_psk_client_callback(cub_context *context,
                                               cub_psk_client_callback *callback, void *arg)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (context->protocol == CUB_PROTOCOL_TLS_SERVER)
        return cub_context_fail(context, E_PSK_CLIENT_ROLE);
    s->psk_client_callback = callback;
    s->psk_client_arg = arg;
    return cub_context_changed(context);
}

cub_result cub_context_set_psk_server_callback(cub_context *context,
                                               cub_psk_server_callback *callback,
                                               const char *identity_hint, void *arg)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (context->protocol == CUB_PROTOCOL_TLS_CLIENT)
        return cub_context_fail(context, E_PSK_SERVER_ROLE);
    if (identity_hint && strlen(identity_hint) > CUB_PSK_HINT_MAX)
        return cub_context_fail(context, E_PSK_HINT_VALUE);
    strcpy(s->psk_identity_hint, identity_hint ? identity_hint : "");
    s->psk_server_callback = callback;
    s->psk_server_arg = arg;
    return cub_context_changed(context);
}
