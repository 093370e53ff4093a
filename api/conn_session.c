/*
 * Connections: the sessions that they resume and leave.
 */
#include <string.h>
#include <time.h>

#include "api/conn.h"
#include "api/context.h"
#include "api/memory.h"
#include "api/result.h"
#include "api/shared_store.h"
#include "crypto/hash.h"
#include "handshake/handshake.h"

uint64_t cub_conn_on_now(void *owner)
{
    struct timespec t;

    (void)owner;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool is_resumed(const cub_conn *conn)
{
    return cub_engine_psk(&conn->engine) == CUB_PSK_RESUMPTION;
}

/* A client that resumed knows its peer from the session. */
static void restore_peer(cub_conn *conn)
{
    if (conn->server_side || conn->peer_restored || !is_resumed(conn) || !conn->ticket)
        return;
    conn->peer_restored = true;
    (void)cub_peer_restore(&conn->peer, cub_ticket_view(conn->ticket)->data);
}

void cub_conn_on_new_session(void *owner, const struct cub_session_state *engines)
{
    cub_conn *conn = owner;
    const cub_session *family = is_resumed(conn) ? conn->offered : conn->session;
    struct cub_session_state state = *engines;
    uint32_t most = conn->settings->session_timeout;
    cub_session *session;

    restore_peer(conn);
    if (most && state.lifetime > most)
        state.lifetime = most;
    session = cub_session_with_ticket(conn->context, &state, &conn->peer, family);
    if (!session)
        return; /* later connections will do without */
    cub_session_free(conn->session);
    conn->session = session;
}

/* What a server's sessions tell its own certificate by; zero: there was none. */
#define OWN_ID_SIZE 8

static void own_id(struct cub_view certificate, uint8_t id[OWN_ID_SIZE])
{
    uint8_t digest[32] = {0};

    if (certificate.len)
        cub_hash_once(&cub_sha256, certificate.data, certificate.len, digest);
    memcpy(id, digest, OWN_ID_SIZE);
}

/* Notes which certificate a server showed, while the engine knows. */
static void note_own_certificate(cub_conn *conn)
{
    const struct cub_handshake *hs = conn->engine.hs;

    if (conn->server_side && cub_engine_psk(&conn->engine) == CUB_PSK_NONE && hs &&
        hs->credential && !hs->credential->is_raw)
        conn->own_certificate = hs->credential->chain[0];
}

/* Finds the certificate that a session began with, if the server still has it. */
static void restore_own_certificate(cub_conn *conn, const uint8_t wanted[OWN_ID_SIZE])
{
    const struct cub_settings *s = conn->settings;

    for (size_t i = 0; i < s->identity_count; i++) {
        struct cub_view leaf = s->credentials[i].chain[0];
        uint8_t id[OWN_ID_SIZE];

        own_id(leaf, id);
        if (memcmp(id, wanted, OWN_ID_SIZE) == 0 && !s->credentials[i].is_raw)
            conn->own_certificate = leaf;
    }
}

struct cub_view cub_conn_on_session_data(void *owner)
{
    cub_conn *conn = owner;
    uint8_t id[OWN_ID_SIZE];

    note_own_certificate(conn);
    own_id(conn->own_certificate, id);
    if (!conn->session_data.data && (!cub_buffer_append(&conn->session_data, id, sizeof id) ||
                                     !cub_peer_save(&conn->peer, &conn->session_data)))
        conn->session_data.len = 0;
    return (struct cub_view){conn->session_data.data, conn->session_data.len};
}

/* Whether the engine will find a session too old. */
static bool is_over(cub_conn *conn, const uint8_t *bytes, size_t len)
{
    struct cub_session_state session;
    uint64_t now = cub_conn_on_now(conn);

    return cub_session_decode(&session, bytes, len) == E_OK && now > session.issued &&
           now - session.issued >= (uint64_t)session.lifetime * 1000;
}

void cub_conn_count_timeout(cub_conn *conn)
{
    atomic_fetch_add_explicit(&conn->context->timeouts, 1, memory_order_relaxed);
}

void cub_conn_count_lookup(cub_conn *conn, const uint8_t *bytes, size_t len)
{
    if (!bytes)
        atomic_fetch_add_explicit(&conn->context->misses, 1, memory_order_relaxed);
    else if (is_over(conn, bytes, len))
        cub_conn_count_timeout(conn);
}

bool cub_conn_on_resume(void *owner, const struct cub_session_state *session)
{
    cub_conn *conn = owner;
    struct cub_view data = session->data;

    if (data.len < OWN_ID_SIZE)
        return false;
    restore_own_certificate(conn, data.data);
    return cub_peer_restore(&conn->peer,
                            (struct cub_view){data.data + OWN_ID_SIZE, data.len - OWN_ID_SIZE});
}

void cub_conn_forget_peer(cub_conn *conn)
{
    cub_cert_info_free(conn->peer_cert);
    conn->peer_cert = NULL;
    cub_buffer_free(&conn->session_data);
}

void cub_conn_note_session_id(cub_conn *conn, const uint8_t id[32])
{
    memcpy(conn->session_id, id, sizeof conn->session_id);
    conn->session_cached = true;
}

void cub_conn_forget_session(cub_conn *conn)
{
    if (conn->engine.version != CUB_TLS1_2)
        return;
    if (conn->session_cached)
        cub_shared_forget(cub_settings_cache(conn->settings), conn->session_id);
    conn->session_cached = false;
    if (conn->session)
        cub_session_forget(conn->session);
    if (conn->offered && is_resumed(conn))
        cub_session_forget(conn->offered);
}

/* Keeps as a string what the engine only points to. */
static bool keep_alpn(cub_conn *conn)
{
    struct cub_view name = conn->engine.alpn;

    if (name.len == 0 || conn->alpn)
        return true;
    conn->alpn = cub_alloc(name.len + 1);
    if (conn->alpn)
        memcpy(conn->alpn, name.data, name.len);
    return conn->alpn != NULL;
}

/* Whose key the server signed with; a session that is resumed shows none. */
static void note_delegated(cub_conn *conn)
{
    const struct cub_handshake *hs = conn->engine.hs;

    if (conn->engine.psk != CUB_PSK_NONE || conn->engine.version != CUB_TLS1_3)
        return;
    conn->is_delegated = conn->server_side
                             ? hs->credential != NULL && hs->credential->stapled != NULL &&
                                   hs->credential->stapled->delegated.len > 0
                             : hs->delegated_scheme != 0;
}

cub_result cub_conn_keep_alpn(cub_conn *conn)
{
    return cub_conn_fail(conn, keep_alpn(conn) ? E_OK : E_MEMORY);
}

cub_result cub_conn_handshake_over(cub_conn *conn)
{
    cub_context *context = conn->context;

    if (conn->over)
        return CUB_OK;
    if (!keep_alpn(conn))
        return cub_conn_fail(conn, E_MEMORY);
    restore_peer(conn);
    /* Nothing new came: it is still the old one. */
    if (is_resumed(conn) && conn->offered && !conn->session && conn->engine.version == CUB_TLS1_2)
        conn->session = cub_session_ref(conn->offered);
    note_own_certificate(conn);
    note_delegated(conn);
    conn->over = true;
    atomic_fetch_add_explicit(conn->server_side ? &context->good_accepts : &context->good_connects,
                              1, memory_order_relaxed);
    if (is_resumed(conn))
        atomic_fetch_add_explicit(&context->hits, 1, memory_order_relaxed);
    cub_conn_release(conn);
    cub_ktls_start(conn);
    return CUB_OK;
}

cub_session *cub_conn_get_session(cub_conn *conn)
{
    if (!cub_engine_connected(&conn->engine))
        return NULL;
    if (!conn->session)
        conn->session = cub_session_without_ticket(conn->context);
    return conn->session;
}

cub_result cub_conn_set_session(cub_conn *conn, cub_session *session)
{
    const cub_context *made_in = cub_session_context(session);

    if (conn->server_side)
        return cub_conn_fail(conn, E_SESSION_SERVER);
    if (made_in && made_in != conn->context)
        return cub_conn_fail(conn, E_SESSION_CONTEXT);
    if (conn->started)
        return cub_conn_fail(conn, E_SESSION_TOO_LATE);
    cub_session_free(conn->offered);
    conn->offered = cub_session_ref(session);
    return cub_conn_fail(conn, E_OK);
}

bool cub_conn_get_session_reused(const cub_conn *conn)
{
    return cub_engine_connected(&conn->engine) && is_resumed(conn);
}
