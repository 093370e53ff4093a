/*
 * Connections: what is known of them.
 */
#include "api/conn.h"

#include <string.h>

#include "api/context.h"
#include "api/memory.h"
#include "api/result.h"

static bool is_connected(const cub_conn *conn)
{
    return cub_engine_connected(&conn->engine);
}

size_t cub_conn_pending(const cub_conn *conn)
{
    size_t len = 0;

    return cub_conn_data(conn, &len) ? len : 0;
}

const char *cub_conn_version(const cub_conn *conn)
{
    if (!is_connected(conn))
        return NULL;
    return conn->engine.version == CUB_TLS1_2 ? "TLSv1.2" : "TLSv1.3";
}

bool cub_conn_cipher(const cub_conn *conn, struct cub_cipher *cipher)
{
    struct cub_cipher_info info;

    if (!is_connected(conn) || !cub_suite_describe(conn->engine.suite, &info))
        return false;
    *cipher = (struct cub_cipher){info.name, info.protocol, info.strength_bits};
    return true;
}

const char *cub_conn_selected_alpn_protocol(const cub_conn *conn)
{
    return conn->alpn;
}

const char *cub_conn_selected_npn_protocol(const cub_conn *conn)
{
    (void)conn;
    return NULL;
}

const char *cub_conn_compression(const cub_conn *conn)
{
    (void)conn;
    return NULL;
}

const char *cub_conn_group(const cub_conn *conn)
{
    return is_connected(conn) && conn->engine.group ? cub_group_name(conn->engine.group->id) : NULL;
}

/* The scheme that the client or the server signed with. */
static const char *sigalg(const cub_conn *conn, bool server)
{
    bool own = conn->server_side == server;

    if (!is_connected(conn))
        return NULL;
    return cub_scheme_name(own ? conn->engine.own_scheme : conn->engine.peer_scheme);
}

const char *cub_conn_client_sigalg(const cub_conn *conn)
{
    return sigalg(conn, false);
}

const char *cub_conn_server_sigalg(const cub_conn *conn)
{
    return sigalg(conn, true);
}

bool cub_conn_get_server_side(const cub_conn *conn)
{
    return conn->server_side;
}

const char *cub_conn_get_server_hostname(const cub_conn *conn)
{
    return conn->server_hostname;
}

cub_context *cub_conn_get_context(const cub_conn *conn)
{
    return conn->context;
}

cub_result cub_conn_set_context(cub_conn *conn, cub_context *context)
{
    struct cub_settings *old = conn->settings;
    cub_context *old_context = conn->context;

    if (!conn->in_sni_callback)
        return cub_conn_fail(conn, E_NOT_IN_CALLBACK);
    if (!context->settings || context->protocol == CUB_PROTOCOL_TLS_CLIENT)
        return cub_conn_fail(conn, E_ROLE_SERVER);
    conn->context = cub_context_ref(context);
    conn->settings = cub_settings_ref(context->settings);
    conn->peer.settings = conn->settings;
    cub_engine_set_config(&conn->engine, &conn->settings->server, &conn->peer);
    cub_settings_free(old);
    cub_context_free(old_context);
    return cub_conn_fail(conn, E_OK);
}

cub_result cub_conn_getpeercert(cub_conn *conn, const struct cub_cert_info **cert)
{
    static const struct cub_cert_info nothing = {0};
    cub_result result;

    *cert = NULL;
    if (!is_connected(conn))
        return cub_conn_fail(conn, E_HANDSHAKE_NOT_DONE);
    if (conn->peer.sent_count == 0)
        return cub_conn_fail(conn, E_OK);
    if (!conn->peer.verified) {
        *cert = &nothing;
        return cub_conn_fail(conn, E_OK);
    }
    if (!conn->peer_cert) {
        result = cub_cert_info_new(conn->peer.sent[0].data, conn->peer.sent[0].len,
                                   &conn->peer_cert, &conn->details);
        if (result != CUB_OK)
            return result;
    }
    *cert = conn->peer_cert;
    return cub_conn_fail(conn, E_OK);
}

cub_result cub_conn_getpeercert_der(cub_conn *conn, struct cub_bytes *der)
{
    *der = (struct cub_bytes){NULL, 0};
    if (!is_connected(conn))
        return cub_conn_fail(conn, E_HANDSHAKE_NOT_DONE);
    if (conn->peer.sent_count)
        *der = conn->peer.sent[0];
    return cub_conn_fail(conn, E_OK);
}

cub_result cub_conn_get_verified_chain(cub_conn *conn, const struct cub_bytes **chain,
                                       size_t *count)
{
    *chain = conn->peer.path;
    *count = conn->peer.path_count;
    return cub_conn_fail(conn, E_OK);
}

cub_result cub_conn_get_unverified_chain(cub_conn *conn, const struct cub_bytes **chain,
                                         size_t *count)
{
    *chain = conn->peer.sent;
    *count = conn->peer.sent_count;
    return cub_conn_fail(conn, E_OK);
}

cub_result cub_conn_export_keying_material(cub_conn *conn, const char *label, const void *context,
                                           size_t context_len, void *out, size_t out_len)
{
    if (!is_connected(conn))
        return cub_conn_fail(conn, E_HANDSHAKE_NOT_DONE);
    return cub_conn_fail(conn, cub_engine_export(&conn->engine, label, context, context_len, out,
                                                 out_len));
}

void cub_conn_set_user_data(cub_conn *conn, void *data)
{
    conn->user_data = data;
}

void *cub_conn_get_user_data(const cub_conn *conn)
{
    return conn->user_data;
}
