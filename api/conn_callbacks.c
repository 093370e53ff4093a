/*
 * Connections: what the engine asks and tells, and what the application's callbacks say to it.
 */
#include <string.h>

#include "api/conn.h"
#include "api/memory.h"
#include "api/result.h"
#include "crypto/bytes.h"
#include "handshake/client_hello.h"
#include "handshake/messages.h"

/* Notes which of our suites a client offers, in our order. */
static void note_shared_ciphers(cub_conn *conn, const struct cub_client_hello *hello)
{
    const struct cub_suite *const *suite = conn->settings->suites;

    conn->shared_count = 0;
    for (; *suite && conn->shared_count < CUB_SHARED_CIPHERS; suite++)
        for (size_t i = 0; i + 1 < hello->cipher_suites.len; i += 2)
            if (cub_load_be16(hello->cipher_suites.data + i) == (*suite)->id) {
                conn->shared[conn->shared_count++] = *suite;
                break;
            }
}

static bool is_alert(int number)
{
    return strcmp(cub_alert_name(number), "unknown") != 0;
}

/* Asks the application about the name that a client wants. */
static cub_result ask_sni_callback(cub_conn *conn)
{
    const struct cub_settings *s = conn->settings;
    size_t len;
    const uint8_t *name = cub_engine_sni(&conn->engine, &len);
    char *text = NULL;
    int alert;

    if (name) {
        text = cub_alloc(len + 1);
        if (!text)
            return cub_conn_fail(conn, E_MEMORY);
        memcpy(text, name, len);
        cub_engine_accept_sni(&conn->engine);
    }
    conn->in_sni_callback = true;
    alert = s->sni_callback(conn, text, conn->context, s->sni_arg);
    conn->in_sni_callback = false;
    cub_free(text);
    if (alert)
        cub_engine_refuse(&conn->engine,
                          is_alert(alert) ? (enum cub_alert)alert : ALERT_INTERNAL_ERROR);
    return CUB_OK;
}

cub_result cub_conn_answer_hello(cub_conn *conn)
{
    struct cub_view message = conn->engine.message.unit;
    struct cub_client_hello hello;
    cub_result result = CUB_OK;
    struct rd r;

    if (conn->settings->sni_callback)
        result = ask_sni_callback(conn);
    rd_init(&r, message.data + CUB_MESSAGE_HEADER, message.len - CUB_MESSAGE_HEADER);
    if (cub_client_hello_decode(&r, &hello) == E_OK) {
        enum cub_error error = E_OK;

        note_shared_ciphers(conn, &hello);
        if (hello.present & EXT_BIT(EXT_STATUS_REQUEST))
            error = cub_conn_ask_ocsp_callback(conn);
        if (error != E_OK)
            result = cub_conn_fail(conn, error);
    }
    if (result == CUB_OK && cub_engine_error(&conn->engine) == E_OK)
        cub_engine_resume(&conn->engine);
    return result;
}

void cub_conn_on_keylog(void *owner, enum cub_secret which, const uint8_t client_random[32],
                        const uint8_t *secret, size_t secret_len)
{
    const cub_conn *conn = owner;

    cub_keylog_write(conn->settings->keylog, cub_secret_name(which), client_random, secret,
                     secret_len);
}

/* What happened, by name. */
static void name_event(struct cub_trace_event *out, const struct cub_trace *event)
{
    static const char *const epochs[] = {"plaintext", "early", "handshake", "application"};

    switch (event->kind) {
    case CUB_TRACE_MESSAGE:
        out->kind = "message";
        out->name = cub_message_name(event->type);
        out->type = event->type;
        break;
    case CUB_TRACE_ALERT:
        out->kind = "alert";
        out->name = cub_alert_name(event->type);
        out->type = event->type;
        break;
    case CUB_TRACE_CCS:
        out->kind = out->name = "change_cipher_spec";
        break;
    case CUB_TRACE_KEYS:
        out->kind = "keys";
        out->name = epochs[event->type & 3];
        break;
    default:
        out->kind = "state";
        out->name = cub_state_name(event->type);
    }
}

void cub_conn_on_trace(void *owner, const struct cub_trace *event)
{
    cub_conn *conn = owner;
    struct cub_trace_event out = {
        .direction = event->outgoing ? "write" : "read",
        .len = event->len,
        .state = cub_state_name(conn->engine.state),
    };

    name_event(&out, event);
    conn->settings->trace_callback(conn, &out, conn->settings->trace_arg);
}

/* A key as the engine wants it. */
static void give_psk(const struct cub_psk_key *key, struct cub_view identity, struct cub_psk *psk)
{
    psk->identity = identity;
    psk->key = (struct cub_view){key->key, key->key_len};
    psk->hash = key->sha384 ? &cub_sha384 : &cub_sha256;
}

static bool is_usable(const struct cub_psk_key *key)
{
    return key->key_len > 0 && key->key_len <= sizeof key->key;
}

static void forget_psk(cub_conn *conn)
{
    cub_free_secret(conn->psk, sizeof *conn->psk);
    conn->psk = NULL;
}

/* Asks the application; a hint that is no text is none. */
static bool ask_for_psk(cub_conn *conn, struct cub_view hint)
{
    const struct cub_settings *s = conn->settings;
    char *text = NULL;
    bool has_hint = hint.len > 0 && !memchr(hint.data, 0, hint.len);
    bool found;

    conn->psk = cub_alloc(sizeof *conn->psk);
    if (has_hint)
        text = cub_alloc(hint.len + 1);
    if (!conn->psk || (has_hint && !text)) {
        forget_psk(conn);
        return false;
    }
    if (has_hint)
        memcpy(text, hint.data, hint.len);
    found = s->psk_client_callback(conn, text, conn->psk, s->psk_client_arg);
    cub_free(text);
    return found;
}

bool cub_conn_on_psk_to_offer(void *owner, unsigned i, struct cub_psk *psk)
{
    cub_conn *conn = owner;
    bool tls12 = conn->engine.version == CUB_TLS1_2;
    size_t len;

    if (i > 0)
        return false;
    if (tls12)
        forget_psk(conn); /* another may be for the server that gives this hint */
    /* Once, for the answer must not change. */
    if (!conn->psk && !ask_for_psk(conn, psk->hint))
        return false;
    len = strnlen(conn->psk->identity, sizeof conn->psk->identity);
    if (!is_usable(conn->psk) || (len == 0 && !tls12))
        return false;
    give_psk(conn->psk, (struct cub_view){(const uint8_t *)conn->psk->identity, len}, psk);
    return true;
}

enum cub_error cub_conn_on_psk_for_identity(void *owner, struct cub_view identity,
                                            struct cub_psk *psk)
{
    cub_conn *conn = owner;
    const struct cub_settings *s = conn->settings;
    char text[sizeof conn->psk->identity];

    /* What is no text, a ticket of others for example, is nobody's identity. */
    if (identity.len >= sizeof text || memchr(identity.data, 0, identity.len))
        return E_SESSION_UNKNOWN;
    memcpy(text, identity.data, identity.len);
    text[identity.len] = 0;
    cub_free_secret(conn->psk, sizeof *conn->psk);
    conn->psk = cub_alloc(sizeof *conn->psk);
    if (!conn->psk)
        return E_MEMORY;
    if (!s->psk_server_callback(conn, text, conn->psk, s->psk_server_arg) || !is_usable(conn->psk))
        return E_SESSION_UNKNOWN;
    give_psk(conn->psk, identity, psk);
    return E_OK;
}
