/*
 * Connections: what SSLSocket has of a socket's methods.
 */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/conn.h"
#include "api/memory.h"
#include "api/result.h"

cub_result cub_conn_recv(cub_conn *conn, void *buffer, size_t len, int flags, size_t *n)
{
    *n = 0;
    return flags ? cub_conn_fail(conn, E_FLAGS_VALUE) : cub_conn_read(conn, buffer, len, n);
}

cub_result cub_conn_send(cub_conn *conn, const void *data, size_t len, int flags, size_t *n)
{
    *n = 0;
    return flags ? cub_conn_fail(conn, E_FLAGS_VALUE) : cub_conn_write(conn, data, len, n);
}

#define FILE_CHUNK 16384

cub_result cub_conn_sendfile(cub_conn *conn, int file, uint64_t offset, size_t count, size_t *sent)
{
    uint8_t *chunk;
    cub_result result;

    *sent = 0;
    /* Asking for room sends what must go before the data, or fails. */
    if (conn->ktls == KTLS_SENDS && cub_conn_flushed(conn) &&
        cub_engine_sendapp_buf(&conn->engine, &(size_t){0}))
        return cub_ktls_sendfile(conn, file, offset, count, sent);
    chunk = cub_alloc(FILE_CHUNK);
    result = chunk ? CUB_OK : cub_conn_fail(conn, E_MEMORY);
    while (result == CUB_OK && (count == 0 || *sent < count)) {
        size_t want = count && count - *sent < FILE_CHUNK ? count - *sent : FILE_CHUNK;
        ssize_t got = pread(file, chunk, want, (off_t)(offset + *sent));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            result = cub_report_os(&conn->details, errno);
        if (got <= 0)
            break;
        result = cub_conn_sendall(conn, chunk, (size_t)got);
        if (result == CUB_OK)
            *sent += (size_t)got;
    }
    cub_free(chunk);
    return result;
}

cub_result cub_conn_shutdown(cub_conn *conn, int how)
{
    if (conn->fd < 0)
        return cub_conn_fail(conn, E_NO_SOCKET);
    if (shutdown(conn->fd, how) < 0)
        return cub_report_os(&conn->details, errno);
    return cub_conn_fail(conn, E_OK);
}

/* Writes an address; E_OS leaves errno. */
static enum cub_error name_text(const struct sockaddr_storage *name, socklen_t size, char host[64],
                                uint16_t *port)
{
    char full[NI_MAXHOST], service[NI_MAXSERV];
    int error;

    *port = 0;
    host[0] = 0;
    if (name->ss_family != AF_INET && name->ss_family != AF_INET6)
        return E_OK; /* a Unix socket's name says nothing of a host */
    error = getnameinfo((const struct sockaddr *)name, size, full, sizeof full, service,
                        sizeof service, NI_NUMERICHOST | NI_NUMERICSERV);
    if (error)
        return E_OS;
    (void)snprintf(host, 64, "%.63s", full);
    *port = (uint16_t)strtoul(service, NULL, 10);
    return E_OK;
}

static cub_result tell_name(cub_conn *conn, bool peer, char host[64], uint16_t *port)
{
    struct sockaddr_storage name;
    socklen_t size = sizeof name;
    struct sockaddr *p = (struct sockaddr *)&name;

    host[0] = 0;
    *port = 0;
    if (conn->fd < 0)
        return cub_conn_fail(conn, E_NO_SOCKET);
    if ((peer ? getpeername(conn->fd, p, &size) : getsockname(conn->fd, p, &size)) < 0 ||
        name_text(&name, size, host, port) != E_OK)
        return cub_report_os(&conn->details, errno);
    return cub_conn_fail(conn, E_OK);
}

cub_result cub_conn_getpeername(cub_conn *conn, char host[64], uint16_t *port)
{
    return tell_name(conn, true, host, port);
}

cub_result cub_conn_getsockname(cub_conn *conn, char host[64], uint16_t *port)
{
    return tell_name(conn, false, host, port);
}

cub_result cub_conn_setblocking(cub_conn *conn, bool blocking)
{
    return cub_conn_settimeout(conn, blocking ? -1 : 0);
}
