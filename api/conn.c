/*
 * Connections: their life, and the pump that moves bytes between engine and transport.
 */
#include "api/conn.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "api/context.h"
#include "api/memory.h"
#include "api/result.h"
#include "x509/hostname.h"
#include "x509/idna.h"

/* Room for handshake messages: the longest is a Certificate's entry with its extensions. */
#define MESSAGE_ROOM (CUB_CERT_MAX_SIZE + CUB_STAPLE_MAX + 2048)

cub_result cub_conn_fail(cub_conn *conn, enum cub_error error)
{
    if (!conn->settings && conn->details.result != CUB_OK)
        return conn->details.result;
    return cub_report(&conn->details, error);
}

const struct cub_error_details *cub_conn_error(const cub_conn *conn)
{
    return conn ? &conn->details : cub_last_error(NULL);
}

static enum cub_error check_role(const cub_context *context, bool server_side)
{
    if (server_side && context->protocol == CUB_PROTOCOL_TLS_CLIENT)
        return E_ROLE_SERVER;
    if (!server_side && context->protocol == CUB_PROTOCOL_TLS_SERVER)
        return E_ROLE_CLIENT;
    return E_OK;
}

static enum cub_error check_options(const cub_context *context,
                                    const struct cub_wrap_options *options)
{
    const char *name = options->server_hostname;

    if (options->server_side && name)
        return E_SERVER_NAME_SERVER;
    if (context->settings->check_hostname && !options->server_side && !name)
        return E_CHECK_HOSTNAME_NAME;
    if (name && (*name == 0 || *name == '.'))
        return E_SERVER_NAME_EMPTY;
    return check_role(context, options->server_side);
}

/* Whether every label of a name has 1 to 63 characters; the last may be the root's. */
static bool has_good_labels(const char *name)
{
    while (*name) {
        size_t len = strcspn(name, ".");
        if (len == 0 || len > 63)
            return false;
        name += len + (name[len] == '.');
    }
    return true;
}

static bool is_ascii(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s >= 0x80)
            return false;
    return true;
}

/* Keeps the name that the peer must have; what is not ASCII becomes A-labels. NULL: none. */
static enum cub_error set_hostname(cub_conn *conn, const char *name)
{
    char ascii[CUB_HOSTNAME_MAX + 2];

    if (!name)
        return E_OK;
    if (!is_ascii(name)) {
        enum cub_error error = cub_hostname_to_ascii(name, ascii, sizeof ascii);
        if (error != E_OK)
            return error;
        name = ascii;
    }
    if (!strchr(name, ':') && !has_good_labels(name))
        return E_SERVER_NAME_LABEL;
    conn->server_hostname = cub_strdup(name);
    return conn->server_hostname ? E_OK : E_MEMORY;
}

cub_conn *cub_conn_failed(cub_context *context)
{
    cub_conn *conn = cub_alloc(sizeof *conn);

    if (conn) {
        conn->fd = -1;
        conn->context = cub_context_ref(context);
        conn->details = *cub_last_error(context);
    }
    return conn;
}

/* Takes the settings that the connection will have, and what the options add to them. */
static cub_result take_options(cub_conn *conn, const struct cub_wrap_options *options)
{
    enum cub_error error = check_options(conn->context, options);

    if (error != E_OK)
        return cub_conn_fail(conn, error);
    conn->settings = cub_settings_ref(conn->context->settings);
    conn->peer.settings = conn->settings;
    conn->peer.conn = conn;
    error = set_hostname(conn, options->server_hostname);
    if (error == E_OK && options->session)
        return cub_conn_set_session(conn, options->session);
    return cub_conn_fail(conn, error);
}

cub_conn *cub_conn_new(cub_context *context, const struct cub_wrap_options *options)
{
    static const struct cub_wrap_options defaults = {0};
    cub_conn *conn;

    if (cub_context_failed(context))
        return cub_conn_failed(context);
    conn = cub_alloc(sizeof *conn);
    if (!conn)
        return NULL;
    if (!options)
        options = &defaults;
    conn->fd = -1;
    conn->timeout = -1;
    conn->context = cub_context_ref(context);
    conn->server_side = options->server_side;
    conn->suppress_ragged_eofs = options->suppress_ragged_eofs != CUB_NO;
    conn->do_handshake_on_connect = options->do_handshake_on_connect;
    if (take_options(conn, options) != CUB_OK) {
        /* Without settings nobody can connect by mistake, under no name for example. */
        cub_settings_free(conn->settings);
        conn->settings = NULL;
    }
    return conn;
}

/* The longest message that is read when the memory of the handshake is given back. */
#define MESSAGE_MAX (256 * 1024)

void cub_conn_release(cub_conn *conn)
{
    if (!conn->over || conn->released ||
        !cub_engine_release(&conn->engine, conn->spare, sizeof conn->spare))
        return;
    conn->released = true;
    cub_free(conn->handshake);
    conn->handshake = NULL;
}

/* Answers CUB_WAIT_MEMORY. */
static cub_result answer_memory(cub_conn *conn)
{
    size_t size = cub_engine_spare_needed(&conn->engine);
    void *larger = size > MESSAGE_MAX ? NULL : cub_alloc(size);

    if (larger) {
        cub_engine_set_spare(&conn->engine, larger, size);
        cub_free(conn->handshake);
        conn->handshake = larger;
        cub_engine_resume(&conn->engine);
    } else {
        cub_engine_fail(&conn->engine, size > MESSAGE_MAX ? E_MESSAGE_BUFFER : E_MEMORY);
    }
    return CUB_OK;
}

void cub_conn_free(cub_conn *conn)
{
    if (!conn)
        return;
    cub_engine_free(&conn->engine);
    cub_free_secret(conn->records, conn->records_size);
    cub_free(conn->handshake); /* the engine has wiped what is secret of it */
    cub_peer_free(&conn->peer);
    cub_free_secret(conn->psk, sizeof *conn->psk);
    cub_stapling_free(conn->stapling);
    cub_free((void *)(uintptr_t)conn->scts.data);
    cub_session_free(conn->offered);
    cub_ticket_free(conn->ticket);
    cub_session_free(conn->session);
    cub_buffer_free(&conn->session_data);
    cub_free(conn->certificate);
    cub_free(conn->compressed);
    cub_cert_info_free(conn->peer_cert);
    cub_bio_free(conn->bios.incoming);
    cub_bio_free(conn->bios.outgoing);
    cub_settings_free(conn->settings);
    cub_context_free(conn->context);
    cub_free(conn->server_hostname);
    cub_free(conn->alpn);
    cub_free(conn);
}

/* Memory that is not touched before it is used. */
static bool allocate(cub_conn *conn, size_t records_size, size_t handshake_size)
{
    conn->records_size = records_size;
    conn->records = cub_realloc(NULL, conn->records_size);
    conn->handshake = cub_realloc(NULL, handshake_size);
    return conn->records && conn->handshake;
}

/* The session to offer: 0-RTT data with it only if there is some. NULL: none. */
static const struct cub_session_state *resumes(cub_conn *conn)
{
    conn->ticket = cub_session_take(conn->offered, conn->settings->ticket_reuse);
    if (!conn->ticket)
        return NULL;
    conn->resumes = *cub_ticket_view(conn->ticket);
    if (!conn->writes_early_data)
        conn->resumes.max_early_data = 0;
    return &conn->resumes;
}

/* Gives the engine its memory and starts it. */
static cub_result start(cub_conn *conn)
{
    const struct cub_settings *s = conn->settings;
    /* Large enough for CBC's padding. */
    const size_t record_size = CUB_RECORD_BUFFER_CBC(16384);
    size_t handshake_size = cub_handshake_size(&cub_profile_all) + MESSAGE_ROOM;
    struct cub_engine_setup setup;
    uint16_t least, most;
    enum cub_error error;

    if (!cub_settings_versions(s, &least, &most))
        return cub_conn_fail(conn, E_NO_PROTOCOLS);
    if (!allocate(conn, 2 * record_size, handshake_size))
        return cub_conn_fail(conn, E_MEMORY);
    setup = (struct cub_engine_setup){
        .config = conn->server_side ? &s->server : &s->client,
        .is_server = conn->server_side,
        .server_name = conn->server_hostname,
        .session = resumes(conn),
        .verifier_context = &conn->peer,
        .owner = conn,
        .in = conn->records,
        .in_size = record_size,
        .out = conn->records + record_size,
        .out_size = record_size,
        .handshake = conn->handshake,
        .handshake_size = handshake_size,
    };
    error = cub_engine_start(&conn->engine, &setup);
    conn->started = error == E_OK;
    atomic_fetch_add_explicit(conn->server_side ? &conn->context->accepts
                                                : &conn->context->connects,
                              1, memory_order_relaxed);
    return cub_conn_fail(conn, error == E_ENGINE_ROLE ? E_NO_PROTOCOLS : error);
}

/* What a failed engine has to say. */
static cub_result engine_failure(cub_conn *conn)
{
    enum cub_error error = cub_engine_error(&conn->engine);
    enum cub_alert sent = cub_engine_alert_sent(&conn->engine);
    enum cub_alert received = cub_engine_alert_received(&conn->engine);
    struct cub_error_details *d = &conn->details;

    /* Not at the mere end of the transport. */
    if (error == E_ALERT_RECEIVED || cub_error_alert(error) != ALERT_NONE)
        cub_conn_forget_session(conn);
    if (error == E_ALERT_RECEIVED)
        (void)cub_report_alert(d, (int)received);
    else if (conn->peer.failure.result != CUB_OK)
        *d = conn->peer.failure;
    else
        (void)cub_report(d, error);
    d->alert_sent = sent == ALERT_NONE ? -1 : (int)sent;
    d->alert_received = received == ALERT_NONE ? -1 : (int)received;
    return d->result;
}

/* A transport's failure; those that only ask for patience pass. */
static cub_result transport_failure(cub_conn *conn, cub_result result)
{
    switch (result) {
    case CUB_SSLWantReadError:
    case CUB_SSLWantWriteError:
        return result;
    case CUB_OSError:
        return cub_report_os(&conn->details, errno);
    case CUB_MemoryError:
        return cub_conn_fail(conn, E_MEMORY);
    case CUB_SSLError: /* of a BIO */
        return cub_conn_fail(conn, E_BIO_EOF_WRITTEN);
    default:
        return cub_conn_fail(conn, E_TRANSPORT);
    }
}

static cub_result send_pending(cub_conn *conn)
{
    const uint8_t *p;
    size_t len, n;

    while ((p = cub_engine_sendrec_buf(&conn->engine, &len)) != NULL) {
        cub_result result = conn->ktls == KTLS_SENDS ? cub_ktls_write(conn, p, &n)
                                                     : conn->io.write(conn->io.arg, p, len, &n);
        if (result != CUB_OK)
            return transport_failure(conn, result);
        cub_engine_sendrec_ack(&conn->engine, n);
    }
    return CUB_OK;
}

static cub_result receive(cub_conn *conn)
{
    size_t len, n = 0;
    uint8_t *p = cub_engine_recvrec_buf(&conn->engine, &len);
    cub_result result;

    if (!p)
        return cub_conn_fail(conn, E_ENGINE_STATE);
    result = conn->io.read(conn->io.arg, p, len, &n);
    if (result != CUB_OK)
        return transport_failure(conn, result);
    if (n)
        cub_engine_recvrec_ack(&conn->engine, n);
    else
        cub_engine_eof(&conn->engine);
    return CUB_OK;
}

bool cub_conn_flushed(const cub_conn *conn)
{
    size_t len;

    return !cub_engine_sendrec_buf((struct cub_engine *)(uintptr_t)&conn->engine, &len);
}

const uint8_t *cub_conn_data(const cub_conn *conn, size_t *len)
{
    return cub_engine_recvapp_buf((struct cub_engine *)(uintptr_t)&conn->engine, len);
}

/*
 * Nothing can be sent any more, but the peer may have said why: its last words are worth more than
 * "broken pipe". Whether there were any.
 */
static bool hear_last_words(cub_conn *conn)
{
    const struct cub_error_details kept = conn->details;
    size_t len, n = 0;
    uint8_t *p = cub_engine_recvrec_buf(&conn->engine, &len);

    if (!p || conn->io.read(conn->io.arg, p, len, &n) != CUB_OK || n == 0) {
        conn->details = kept;
        return false;
    }
    cub_engine_recvrec_ack(&conn->engine, n);
    return true;
}

/*
 * What the engine waits for, is had at once or not at all; what lives elsewhere is asked once in
 * each call of the application, which knows when that makes sense.
 */
static cub_result answer(cub_conn *conn, bool *asked)
{
    if (cub_engine_waits(&conn->engine) == CUB_WAIT_HELLO)
        return cub_conn_answer_hello(conn);
    if (cub_engine_waits(&conn->engine) == CUB_WAIT_MEMORY)
        return answer_memory(conn);
    if (*asked) {
        (void)cub_conn_fail(conn, E_WAIT_SIGN);
        conn->details.number = CUB_SSL_ERROR_WANT_X509_LOOKUP;
        return CUB_SSLWantReadError;
    }
    *asked = true;
    cub_engine_resume(&conn->engine);
    return CUB_OK;
}

/* Goes on as far as that is possible without waiting. */
static cub_result advance(cub_conn *conn, const struct cub_pump *pump)
{
    /* What is waited for since an earlier call may be there now. */
    bool asked = cub_engine_waits(&conn->engine) == CUB_WAIT_NOTHING;

    for (;;) {
        cub_result sent = send_pending(conn);
        bool broken = sent != CUB_OK && sent != CUB_SSLWantWriteError;
        cub_result result;
        if (broken && !pump->reads)
            return sent;
        if (cub_engine_error(&conn->engine) != E_OK)
            return engine_failure(conn);
        if (cub_engine_waits(&conn->engine) != CUB_WAIT_NOTHING) {
            result = answer(conn, &asked);
            if (result != CUB_OK)
                return result;
            continue;
        }
        if (pump->done(conn))
            return CUB_OK;
        if (broken && hear_last_words(conn))
            continue;
        if (broken)
            return sent;
        if (!pump->reads)
            return CUB_SSLWantWriteError;
        /* Even if the peer takes nothing now: it may be waiting for us to take something. */
        result = receive(conn);
        if (result == CUB_SSLWantReadError && sent != CUB_OK &&
            !cub_engine_connected(&conn->engine))
            return CUB_SSLWantWriteError;
        if (result != CUB_OK)
            return result;
    }
}

cub_result cub_conn_pump(cub_conn *conn, const struct cub_pump *pump, int64_t deadline)
{
    cub_result result;

    if (!conn->started && start(conn) != CUB_OK)
        return conn->details.result;
    for (;;) {
        short events = pump->reads ? POLLIN : 0;
        enum cub_error error;
        result = advance(conn, pump);
        cub_conn_release(conn);
        cub_ktls_start(conn);
        if (result == CUB_OK)
            return cub_conn_fail(conn, E_OK);
        if (result != CUB_SSLWantReadError && result != CUB_SSLWantWriteError)
            return result;
        /* No socket tells when a key that lives elsewhere has signed. */
        if (cub_engine_waits(&conn->engine) != CUB_WAIT_NOTHING)
            return result;
        if (!conn->is_socket || conn->timeout == 0)
            return cub_conn_fail(conn, result == CUB_SSLWantReadError ? E_WANT_READ : E_WANT_WRITE);
        if (!cub_conn_flushed(conn))
            events = (short)(events | POLLOUT);
        error = cub_socket_wait(conn->fd, events, deadline, pump->timed_out);
        if (error == E_OS)
            return cub_report_os(&conn->details, errno);
        if (error != E_OK)
            return cub_conn_fail(conn, error);
    }
}
