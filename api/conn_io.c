/*
 * Connections: handshake, data, and the end.
 */
#include "api/conn.h"

#include <string.h>

#include "api/memory.h"
#include "api/result.h"

cub_result cub_context_wrap_io(cub_context *context, const struct cub_io *io,
                               const struct cub_wrap_options *options, cub_conn **out)
{
    cub_conn *conn = cub_conn_new(context, options);

    *out = conn;
    if (!conn)
        return CUB_MemoryError;
    /* As SSLObject: no end of the stream is passed over. */
    conn->suppress_ragged_eofs = false;
    conn->io = *io;
    return conn->details.result;
}

cub_result cub_context_wrap_bio(cub_context *context, cub_bio *incoming, cub_bio *outgoing,
                                const struct cub_wrap_options *options, cub_conn **out)
{
    struct cub_io io = {cub_bio_pair_read, cub_bio_pair_write, NULL};
    cub_result result = cub_context_wrap_io(context, &io, options, out);
    cub_conn *conn = *out;

    if (conn) {
        conn->bios.incoming = cub_bio_ref(incoming);
        conn->bios.outgoing = cub_bio_ref(outgoing);
        conn->io.arg = &conn->bios;
    }
    return result;
}

/*
 * A client's Finished must be on its way. What a server has to send then are tickets, which nobody
 * waits for, and which a client may not stay to receive.
 */
static bool handshake_done(const cub_conn *conn)
{
    return cub_engine_connected(&conn->engine) && (conn->server_side || cub_conn_flushed(conn));
}

/* The first call that makes the handshake ends with a false start if there is one. */
static bool starts_falsely(const cub_conn *conn)
{
    return cub_engine_false_started(&conn->engine) && !conn->false_started &&
           cub_conn_flushed(conn);
}

/* 0-RTT data keeps the handshake from going on until it is read. */
static bool handshake_done_or_stuck(const cub_conn *conn)
{
    size_t len;

    return handshake_done(conn) || starts_falsely(conn) || cub_conn_early_data(conn, &len) != NULL;
}

enum cub_error cub_conn_usable(const cub_conn *conn)
{
    return !conn->settings || conn->listening || !conn->io.read ? E_NO_SOCKET : E_OK;
}

static cub_result handshake(cub_conn *conn, int64_t deadline)
{
    static const struct cub_pump pump = {handshake_done_or_stuck, true, E_TIMEOUT_HANDSHAKE};
    enum cub_error error = cub_conn_usable(conn);
    cub_result result;

    if (error != E_OK)
        return cub_conn_fail(conn, error);
    result = cub_conn_pump(conn, &pump, deadline);
    /* An alert that came right behind the handshake is for the next call to tell, as if it had come
     * later. */
    if (result != CUB_OK && cub_engine_error(&conn->engine) == E_ALERT_RECEIVED && !conn->over &&
        handshake_done(conn))
        result = CUB_OK;
    if (result == CUB_OK && starts_falsely(conn)) {
        conn->false_started = true;
        return cub_conn_keep_alpn(conn);
    }
    if (result == CUB_OK && !handshake_done(conn))
        return cub_conn_fail(conn, E_EARLY_DATA_UNREAD);
    return result == CUB_OK ? cub_conn_handshake_over(conn) : result;
}

cub_result cub_conn_do_handshake(cub_conn *conn)
{
    return handshake(conn, cub_deadline(conn->timeout));
}

/* The handshake, if it was not made yet: as far as it takes to send. */
static cub_result connected(cub_conn *conn, int64_t deadline)
{
    bool made = cub_engine_connected(&conn->engine) || cub_engine_false_started(&conn->engine);

    return made ? CUB_OK : handshake(conn, deadline);
}

/* The whole of it, behind a false start too. */
static cub_result all_connected(cub_conn *conn, int64_t deadline)
{
    cub_result result = connected(conn, deadline);

    return result == CUB_OK && conn->false_started && !conn->over ? handshake(conn, deadline)
                                                                  : result;
}

static bool readable(const cub_conn *conn)
{
    size_t len;

    return cub_conn_data(conn, &len) != NULL || cub_engine_read_closed(&conn->engine);
}

/* Takes what is decrypted, of as many records as are there. */
static size_t take_data(cub_conn *conn, uint8_t *buffer, size_t len)
{
    size_t taken = 0, available;
    const uint8_t *p;

    while (taken < len && (p = cub_conn_data(conn, &available)) != NULL) {
        if (available > len - taken)
            available = len - taken;
        memcpy(buffer + taken, p, available);
        cub_engine_recvapp_ack(&conn->engine, available);
        taken += available;
    }
    return taken;
}

/* Whether a failure to read is to look like an end. */
static bool is_ragged_eof(const cub_conn *conn)
{
    return cub_engine_error(&conn->engine) == E_EOF && cub_engine_connected(&conn->engine) &&
           (conn->suppress_ragged_eofs || (conn->settings->options & CUB_OP_IGNORE_UNEXPECTED_EOF));
}

cub_result cub_conn_read(cub_conn *conn, void *buffer, size_t len, size_t *n)
{
    static const struct cub_pump pump = {readable, true, E_TIMEOUT_READ};
    int64_t deadline = cub_deadline(conn->timeout);
    cub_result result = all_connected(conn, deadline);

    *n = 0;
    if (result != CUB_OK || len == 0)
        return result;
    result = cub_conn_pump(conn, &pump, deadline);
    if (result != CUB_OK)
        return is_ragged_eof(conn) ? cub_conn_fail(conn, E_OK) : result;
    *n = take_data(conn, buffer, len);
    /* Both sides have closed: there is no connection any more to read from. */
    if (*n == 0 && conn->engine.write_closed)
        return cub_conn_fail(conn, E_ZERO_RETURN);
    return CUB_OK;
}

size_t cub_conn_put_data(cub_conn *conn, const uint8_t *data, size_t len)
{
    size_t room;
    uint8_t *p = cub_engine_sendapp_buf(&conn->engine, &room);

    if (!p)
        return 0;
    if (room > len)
        room = len;
    memcpy(p, data, room);
    cub_engine_sendapp_ack(&conn->engine, room);
    cub_engine_flush(&conn->engine);
    return room;
}

/* Writes until a deadline; what did not go out is for the next call. */
static cub_result write_until(cub_conn *conn, const void *data, size_t len, size_t *n,
                              int64_t deadline)
{
    static const struct cub_pump pump = {cub_conn_flushed, false, E_TIMEOUT_WRITE};
    const uint8_t *bytes = data;
    cub_result result = connected(conn, deadline);

    *n = 0;
    if (result == CUB_OK && conn->engine.write_closed)
        return cub_conn_fail(conn, E_SHUTDOWN);
    if (result == CUB_OK && len < conn->write_taken)
        return cub_conn_fail(conn, E_BAD_WRITE_RETRY);
    while (result == CUB_OK && *n < len) {
        bool first = conn->write_taken == 0;
        if (first)
            conn->write_taken = cub_conn_put_data(conn, bytes + *n, len - *n);
        result = cub_conn_pump(conn, &pump, deadline);
        if (result == CUB_OK) {
            *n += conn->write_taken;
            /* Nothing to send and nothing taken: the engine is in no state for data. */
            if (first && conn->write_taken == 0 &&
                !cub_engine_sendapp_buf(&conn->engine, &(size_t){0}))
                return cub_conn_fail(conn, E_ENGINE_STATE);
            conn->write_taken = 0;
        }
    }
    return result == CUB_SSLWantWriteError && *n ? cub_conn_fail(conn, E_OK) : result;
}

cub_result cub_conn_write(cub_conn *conn, const void *data, size_t len, size_t *n)
{
    return write_until(conn, data, len, n, cub_deadline(conn->timeout));
}

cub_result cub_conn_sendall(cub_conn *conn, const void *data, size_t len)
{
    const uint8_t *bytes = data;
    int64_t deadline = cub_deadline(conn->timeout);
    cub_result result = CUB_OK;

    while (result == CUB_OK && len) {
        size_t n;
        result = write_until(conn, bytes, len, &n, deadline);
        bytes += n;
        len -= n;
    }
    return result;
}

static cub_result close_write(cub_conn *conn, int64_t deadline)
{
    static const struct cub_pump pump = {cub_conn_flushed, false, E_TIMEOUT_WRITE};

    if (conn->false_started && !conn->over && all_connected(conn, deadline) != CUB_OK)
        return conn->details.result;
    if (!cub_engine_connected(&conn->engine))
        return cub_conn_fail(conn, E_NOT_CONNECTED);
    cub_engine_close(&conn->engine);
    return cub_conn_pump(conn, &pump, deadline);
}

cub_result cub_conn_close_write(cub_conn *conn)
{
    return close_write(conn, cub_deadline(conn->timeout));
}

cub_result cub_conn_unwrap(cub_conn *conn)
{
    static const struct cub_pump pump = {readable, true, E_TIMEOUT_READ};
    int64_t deadline = cub_deadline(conn->timeout);
    size_t len;
    cub_result result = close_write(conn, deadline);

    if (result == CUB_OK)
        result = cub_conn_pump(conn, &pump, deadline);
    if (result == CUB_OK && cub_conn_data(conn, &len))
        return cub_conn_fail(conn, E_DATA_AFTER_CLOSE);
    return result;
}

cub_result cub_conn_verify_client_post_handshake(cub_conn *conn)
{
    if (!cub_engine_connected(&conn->engine))
        return cub_conn_fail(conn, E_AUTH_EARLY);
    /* It is sealed now and goes out with the next operation that moves bytes. */
    return cub_conn_fail(conn, cub_engine_request_certificate(&conn->engine));
}

cub_result cub_conn_key_update(cub_conn *conn, bool request_peer)
{
    static const struct cub_pump pump = {cub_conn_flushed, false, E_TIMEOUT_WRITE};

    if (!cub_engine_connected(&conn->engine))
        return cub_conn_fail(conn, E_NOT_CONNECTED);
    cub_engine_key_update(&conn->engine, request_peer);
    return cub_conn_pump(conn, &pump, cub_deadline(conn->timeout));
}
