/*
 * Sockets: connections on them, waiting for them, making them.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "api/conn.h"
#include "api/memory.h"
#include "api/result.h"

#define SECOND INT64_C(1000000000)

int64_t cub_clock(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

int64_t cub_deadline(double seconds)
{
    /* A thousand years are no limit either. */
    if (seconds < 0 || seconds > 3e10)
        return INT64_MAX;
    return cub_clock() + (int64_t)(seconds * (double)SECOND);
}

/* Milliseconds until a deadline for poll, rounded up; -1: none. */
static int milliseconds(int64_t deadline)
{
    int64_t left;

    if (deadline == INT64_MAX)
        return -1;
    left = deadline - cub_clock();
    if (left <= 0)
        return 0;
    left = (left + 999999) / 1000000;
    return left > 86400000 ? 86400000 : (int)left;
}

enum cub_error cub_socket_wait(int fd, short events, int64_t deadline, enum cub_error timed_out)
{
    struct pollfd p = {.fd = fd, .events = events};

    for (;;) {
        int n = poll(&p, 1, milliseconds(deadline));
        if (n > 0)
            return E_OK;
        if (n < 0 && errno != EINTR)
            return E_OS;
        if (deadline != INT64_MAX && cub_clock() >= deadline)
            return timed_out;
    }
}

/* With a timeout the socket must not block, whatever its own mode is: waiting is done by poll. */
static int flags_of(const cub_conn *conn)
{
    return conn->timeout < 0 ? 0 : MSG_DONTWAIT;
}

/* The result of a system call that failed. */
static cub_result refusal(cub_result again)
{
    return errno == EAGAIN || errno == EWOULDBLOCK ? again : CUB_OSError;
}

static cub_result socket_read(void *arg, void *buffer, size_t len, size_t *n)
{
    const cub_conn *conn = arg;
    ssize_t got;

    do
        got = recv(conn->fd, buffer, len, flags_of(conn));
    while (got < 0 && errno == EINTR);
    *n = got < 0 ? 0 : (size_t)got;
    return got < 0 ? refusal(CUB_SSLWantReadError) : CUB_OK;
}

static cub_result socket_write(void *arg, const void *data, size_t len, size_t *n)
{
    const cub_conn *conn = arg;
    ssize_t put;

    do
        put = send(conn->fd, data, len, flags_of(conn) | MSG_NOSIGNAL);
    while (put < 0 && errno == EINTR);
    *n = put < 0 ? 0 : (size_t)put;
    return put < 0 ? refusal(CUB_SSLWantWriteError) : CUB_OK;
}

/* Makes a connection one on a socket; an errno, or 0. */
static int attach(cub_conn *conn, int fd)
{
    int flags = fcntl(fd, F_GETFL);
    int value = 0;
    socklen_t size = sizeof value;

    if (flags < 0 || getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &size) < 0)
        return errno;
    conn->fd = fd;
    conn->is_socket = true;
    conn->timeout = flags & O_NONBLOCK ? 0 : -1;
    conn->io = (struct cub_io){socket_read, socket_write, conn};
    if (value != SOCK_STREAM) {
        (void)cub_conn_fail(conn, E_NOT_STREAM);
        return 0;
    }
    size = sizeof value;
    conn->listening = getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value != 0;
    return 0;
}

/* Whether the handshake is to be made at once, and can be. */
static bool is_connected(int fd)
{
    struct sockaddr_storage name;
    socklen_t size = sizeof name;

    return getpeername(fd, (struct sockaddr *)&name, &size) == 0;
}

cub_result cub_context_wrap_socket(cub_context *context, int fd,
                                   const struct cub_wrap_options *options, cub_conn **out)
{
    cub_conn *conn = cub_conn_new(context, options);
    int error;

    *out = conn;
    if (!conn)
        return CUB_MemoryError;
    if (conn->details.result != CUB_OK)
        return conn->details.result;
    error = attach(conn, fd);
    if (error)
        return cub_report_os(&conn->details, error);
    if (conn->details.result != CUB_OK || conn->listening || !is_connected(fd) ||
        conn->do_handshake_on_connect == CUB_NO)
        return conn->details.result;
    if (conn->timeout == 0)
        return cub_conn_fail(conn, E_NON_BLOCKING_HANDSHAKE);
    return cub_conn_do_handshake(conn);
}

cub_result cub_conn_accept(cub_conn *listener, cub_conn **out)
{
    struct cub_wrap_options options = {
        .server_side = true,
        .do_handshake_on_connect = listener->do_handshake_on_connect,
        .suppress_ragged_eofs = listener->suppress_ragged_eofs ? CUB_YES : CUB_NO,
    };
    int64_t deadline = cub_deadline(listener->timeout);
    enum cub_error error = E_OK;
    cub_result result;
    int fd;

    *out = NULL;
    if (!listener->listening)
        return cub_conn_fail(listener, E_NO_SOCKET);
    if (listener->timeout > 0)
        error = cub_socket_wait(listener->fd, POLLIN, deadline, E_TIMEOUT_CONNECT);
    if (error != E_OK && error != E_OS)
        return cub_conn_fail(listener, error);
    do
        fd = error == E_OS ? -1 : accept(listener->fd, NULL, NULL);
    while (fd < 0 && error == E_OK && (errno == EINTR || errno == ECONNABORTED));
    if (fd < 0)
        return cub_report_os(&listener->details, errno);
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    result = cub_context_wrap_socket(listener->context, fd, &options, out);
    if (!*out)
        (void)close(fd);
    return result;
}

cub_result cub_conn_settimeout(cub_conn *conn, double seconds)
{
    conn->timeout = seconds < 0 ? -1 : seconds;
    return cub_conn_fail(conn, E_OK);
}

double cub_conn_gettimeout(const cub_conn *conn)
{
    return conn->timeout;
}

int cub_conn_fileno(const cub_conn *conn)
{
    return conn->fd;
}

int cub_conn_detach(cub_conn *conn)
{
    int fd = conn->fd;

    cub_conn_free(conn);
    return fd;
}

void cub_conn_close(cub_conn *conn)
{
    int fd = conn ? conn->fd : -1;

    cub_conn_free(conn);
    if (fd >= 0)
        (void)close(fd);
}

/* Connects a non-blocking socket. E_OS leaves errno. */
static enum cub_error connect_until(int fd, const struct addrinfo *address, int64_t deadline)
{
    int value = 0;
    socklen_t size = sizeof value;
    enum cub_error error;

    if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
        return E_OK;
    if (errno != EINPROGRESS && errno != EINTR)
        return E_OS;
    error = cub_socket_wait(fd, POLLOUT, deadline, E_TIMEOUT_CONNECT);
    if (error != E_OK)
        return error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &value, &size) < 0)
        return E_OS;
    errno = value;
    return value ? E_OS : E_OK;
}

/* Connects within a time; the socket blocks or not as before. */
static enum cub_error connect_within(int fd, const struct addrinfo *address, double timeout)
{
    int flags = fcntl(fd, F_GETFL);
    enum cub_error error;
    int saved;

    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        return E_OS;
    error = connect_until(fd, address, cub_deadline(timeout));
    saved = errno;
    (void)fcntl(fd, F_SETFL, flags);
    errno = saved;
    return error;
}

/* The addresses of a host; NULL and a report if it has none. */
static struct addrinfo *resolve(const char *host, uint16_t port, bool passive,
                                struct cub_error_details *details)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = passive ? AI_PASSIVE : 0};
    struct addrinfo *list = NULL;
    char service[8];
    int error;

    (void)snprintf(service, sizeof service, "%u", (unsigned)port);
    error = getaddrinfo(host, service, &hints, &list);
    if (error == 0)
        return list;
    if (error == EAI_SYSTEM)
        (void)cub_report_os(details, errno);
    else
        (void)cub_report_text(details, E_HOST_NOT_FOUND, gai_strerror(error));
    return NULL;
}

cub_result cub_conn_connect(cub_conn *conn, const char *host, uint16_t port)
{
    struct addrinfo *list;
    enum cub_error error = E_OS;

    if (conn->fd < 0 || conn->listening)
        return cub_conn_fail(conn, E_NO_SOCKET);
    list = resolve(host, port, false, &conn->details);
    if (!list)
        return CUB_OSError;
    for (const struct addrinfo *a = list; a && error == E_OS; a = a->ai_next)
        error = connect_within(conn->fd, a, conn->timeout);
    freeaddrinfo(list);
    if (error == E_OS)
        return cub_report_os(&conn->details, errno);
    if (error != E_OK || conn->do_handshake_on_connect == CUB_NO)
        return cub_conn_fail(conn, error);
    return cub_conn_do_handshake(conn);
}

static int open_socket(const struct addrinfo *address)
{
    return socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol);
}

cub_result cub_create_connection(const char *host, uint16_t port, double timeout, int *fd,
                                 struct cub_error_details *details)
{
    struct addrinfo *list = resolve(host, port, false, details);
    enum cub_error error = E_OS;
    int saved = 0;

    *fd = -1;
    if (!list)
        return CUB_OSError;
    for (const struct addrinfo *a = list; a && error != E_OK; a = a->ai_next) {
        int s = open_socket(a);
        int on = 1;
        error = s < 0 ? E_OS : connect_within(s, a, timeout);
        saved = errno;
        if (error == E_OK) {
            (void)setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            *fd = s;
        } else if (s >= 0) {
            (void)close(s);
        }
    }
    freeaddrinfo(list);
    return error == E_OS ? cub_report_os(details, saved) : cub_report(details, error);
}

/* Binds and listens; E_OS leaves errno. */
static enum cub_error listen_on(int fd, const struct addrinfo *address)
{
    int on = 1, off = 0;

    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    /* One socket for both families, where "all addresses" is meant. */
    if (address->ai_family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(fd, address->ai_addr, address->ai_addrlen) < 0 || listen(fd, SOMAXCONN) < 0)
        return E_OS;
    return E_OK;
}

cub_result cub_create_server(const char *address, uint16_t port, int *fd,
                             struct cub_error_details *details)
{
    struct addrinfo *list = resolve(address && *address ? address : NULL, port, true, details);
    enum cub_error error = E_OS;
    int saved = 0;

    *fd = -1;
    if (!list)
        return CUB_OSError;
    /* IPv6 first: it takes both. */
    for (int pass = 0; pass < 2 && error != E_OK; pass++)
        for (const struct addrinfo *a = list; a && error != E_OK; a = a->ai_next) {
            int s = (a->ai_family == AF_INET6) == (pass == 0) ? open_socket(a) : -2;
            if (s == -2)
                continue;
            error = s < 0 ? E_OS : listen_on(s, a);
            saved = errno;
            if (error == E_OK)
                *fd = s;
            else if (s >= 0)
                (void)close(s);
        }
    freeaddrinfo(list);
    return error == E_OS ? cub_report_os(details, saved) : cub_report(details, error);
}
