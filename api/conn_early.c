/*
 * Connections: 0-RTT data [RFC8446-2.3], apart from the rest.
 */
#include <string.h>

#include "api/conn.h"
#include "api/result.h"

enum cub_EarlyData cub_conn_get_early_data(const cub_conn *conn)
{
    switch (cub_engine_early_data(&conn->engine)) {
    case CUB_EARLY_OFFERED:
        return CUB_EARLY_DATA_PENDING;
    case CUB_EARLY_ACCEPTED:
        return CUB_EARLY_DATA_ACCEPTED;
    case CUB_EARLY_REJECTED:
        return CUB_EARLY_DATA_REJECTED;
    default:
        return CUB_EARLY_DATA_NOT_SENT;
    }
}

cub_result cub_conn_write_early_data(cub_conn *conn, const void *data, size_t len, size_t *n)
{
    static const struct cub_pump pump = {cub_conn_flushed, false, E_TIMEOUT_WRITE};
    const uint8_t *bytes = data;
    int64_t deadline = cub_deadline(conn->timeout);
    enum cub_error error = cub_conn_usable(conn);
    cub_result result = CUB_OK;

    *n = 0;
    if (error == E_OK && cub_engine_connected(&conn->engine))
        error = E_EARLY_DATA_LATE;
    if (error == E_OK && len < conn->write_taken)
        error = E_BAD_WRITE_RETRY;
    if (error != E_OK)
        return cub_conn_fail(conn, error);
    conn->writes_early_data = true;
    /* ClientHello goes first, or what did not go out in an earlier call. */
    if (conn->write_taken == 0)
        result = cub_conn_pump(conn, &pump, deadline);
    while (result == CUB_OK && *n < len) {
        if (conn->write_taken == 0)
            conn->write_taken = cub_conn_put_data(conn, bytes + *n, len - *n);
        if (conn->write_taken == 0)
            break; /* no more may be sent so */
        result = cub_conn_pump(conn, &pump, deadline);
        if (result == CUB_OK) {
            *n += conn->write_taken;
            conn->write_taken = 0;
        }
    }
    return result == CUB_SSLWantWriteError && *n ? cub_conn_fail(conn, E_OK) : result;
}

/* There is some, or there will be none any more: our keys have changed, and the client's are
 * others. */
static bool early_or_over(const cub_conn *conn)
{
    const struct cub_engine *e = &conn->engine;
    size_t len;

    return cub_conn_early_data(conn, &len) != NULL || cub_engine_connected(e) ||
           (e->write_epoch != CUB_EPOCH_PLAINTEXT && !cub_engine_recvapp_early(e));
}

const uint8_t *cub_conn_early_data(const cub_conn *conn, size_t *len)
{
    const uint8_t *data = cub_conn_data(conn, len);

    return cub_engine_recvapp_early(&conn->engine) ? data : NULL;
}

cub_result cub_conn_read_early_data(cub_conn *conn, void *buffer, size_t len, size_t *n)
{
    static const struct cub_pump pump = {early_or_over, true, E_TIMEOUT_HANDSHAKE};
    enum cub_error error = cub_conn_usable(conn);
    const uint8_t *data;
    cub_result result;
    size_t there;

    *n = 0;
    if (error == E_OK && !conn->server_side)
        error = E_EARLY_DATA_ROLE;
    if (error != E_OK)
        return cub_conn_fail(conn, error);
    conn->reads_early_data = true;
    if (len == 0)
        return cub_conn_fail(conn, E_OK);
    result = cub_conn_pump(conn, &pump, cub_deadline(conn->timeout));
    if (result != CUB_OK)
        return result;
    data = cub_conn_early_data(conn, &there);
    if (!data)
        return cub_engine_connected(&conn->engine) ? cub_conn_handshake_over(conn) : CUB_OK;
    *n = there < len ? there : len;
    memcpy(buffer, data, *n);
    cub_engine_recvapp_ack(&conn->engine, *n);
    return CUB_OK;
}
