/*
 * Connections: what is known of them.
 */
#include "api/conn.h"

#include <stdio.h>
#include <string.h>

#include "api/context.h"
#include "api/memory.h"
#include "api/result.h"
#include "crypto/hash.h"
#include "x509/cert.h"

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

size_t cub_conn_shared_ciphers(const cub_conn *conn, struct cub_cipher *list, size_t max)
{
    if (cub_conn_get_session_reused(conn))
        return 0;
    for (size_t i = 0; i < conn->shared_count && i < max; i++) {
        struct cub_cipher_info info;
        if (cub_suite_describe(conn->shared[i], &info))
            list[i] = (struct cub_cipher){info.name, info.protocol, info.strength_bits};
    }
    return conn->shared_count;
}

/* The server's certificate, the peer's or our own; empty if there is none. */
static struct cub_view server_certificate(const cub_conn *conn)
{
    if (!conn->server_side && conn->peer.sent_count)
        return (struct cub_view){conn->peer.sent[0].data, conn->peer.sent[0].len};
    return conn->server_side ? conn->own_certificate : (struct cub_view){NULL, 0};
}

/* tls-server-end-point: a hash of the certificate, by the hash of its signature [RFC5929-4.1]. */
static size_t end_point(const cub_conn *conn, uint8_t out[CUB_HASH_MAX_SIZE])
{
    struct cub_view der = server_certificate(conn);
    struct cub_cert cert;
    const struct cub_hash *hash = &cub_sha256; /* in place of MD5 and SHA-1 */

    if (!der.data || cub_cert_parse(&cert, der.data, der.len) != E_OK)
        return 0;
    if (cert.algorithm.hash == CUB_HASH_SHA384)
        hash = &cub_sha384;
    else if (cert.algorithm.hash == CUB_HASH_SHA512)
        hash = &cub_sha512;
    cub_hash_once(hash, der.data, der.len, out);
    return hash->size;
}

static cub_result unknown_binding(cub_conn *conn, const char *type)
{
    char text[96];

    (void)snprintf(text, sizeof text, "'%s' channel binding type not implemented", type);
    return cub_report_text(&conn->details, E_CHANNEL_BINDING_TYPE, text);
}

cub_result cub_conn_get_channel_binding(cub_conn *conn, const char *type, void *out, size_t max,
                                        size_t *len)
{
    uint8_t binding[CUB_HASH_MAX_SIZE];

    *len = 0;
    if (strcmp(type, "tls-exporter") != 0 && strcmp(type, "tls-server-end-point") != 0 &&
        strcmp(type, "tls-unique") != 0)
        return unknown_binding(conn, type);
    if (!is_connected(conn))
        return cub_conn_fail(conn, E_OK);
    if (strcmp(type, "tls-exporter") == 0) {
        if (cub_engine_channel_binding(&conn->engine, binding) == E_OK)
            *len = CUB_CHANNEL_BINDING_SIZE;
    } else if (strcmp(type, "tls-server-end-point") == 0) {
        *len = end_point(conn, binding);
    } else if (cub_engine_tls_unique(&conn->engine, binding) == E_OK) {
        *len = CUB_TLS_UNIQUE_SIZE; /* TLS 1.3 has none [RFC9266-1] */
    }
    if (*len > max) {
        *len = 0;
        return cub_conn_fail(conn, E_BUFFER_VALUE);
    }
    memcpy(out, binding, *len);
    return cub_conn_fail(conn, E_OK);
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

bool cub_conn_get_false_started(const cub_conn *conn)
{
    return cub_engine_false_started(&conn->engine);
}

bool cub_conn_get_delegated_credential(const cub_conn *conn)
{
    return conn->is_delegated;
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
    if (!conn->peer.verified) /* as get_unverified_chain() */
        return cub_conn_get_unverified_chain(conn, chain, count);
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
    if (!is_connected(conn) && !cub_conn_get_false_started(conn))
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
