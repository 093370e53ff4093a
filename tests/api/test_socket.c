#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/api/pair.h"

/* A server on the other end of a socket pair, in a thread of its own. */
struct peer {
    int fd;
    cub_context *context;
    struct cub_wrap_options options;
    bool abrupt;     /* ends without close_notify */
    size_t greeting; /* bytes to send first */
    cub_result result;
    char message[320];
};

static cub_result echo(cub_conn *conn)
{
    char buffer[5000];
    size_t n;
    cub_result result;

    while ((result = cub_conn_read(conn, buffer, sizeof buffer, &n)) == CUB_OK && n) {
        result = cub_conn_sendall(conn, buffer, n);
        if (result != CUB_OK)
            return result;
    }
    return result;
}

static void *serve(void *arg)
{
    struct peer *peer = arg;
    cub_conn *conn;

    peer->options.server_side = true;
    peer->result = cub_context_wrap_socket(peer->context, peer->fd, &peer->options, &conn);
    if (peer->result == CUB_OK && !peer->abrupt) {
        peer->result = echo(conn);
        if (peer->result == CUB_OK)
            peer->result = cub_conn_unwrap(conn);
    }
    strcpy(peer->message, pair_message(conn));
    cub_conn_close(conn);
    return NULL;
}

struct fixture {
    int fd;
    cub_context *client;
    struct peer peer;
    pthread_t thread;
};

static void begin(struct fixture *f)
{
    int fds[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    f->fd = fds[0];
    f->peer.fd = fds[1];
    f->client = pair_client_context();
    f->peer.context = pair_server_context(PKI_P256);
    cr_assert_eq(pthread_create(&f->thread, NULL, serve, &f->peer), 0);
}

static void end(struct fixture *f)
{
    cr_assert_eq(pthread_join(f->thread, NULL), 0);
    cub_context_free(f->client);
    cub_context_free(f->peer.context);
}

static const struct cub_wrap_options to_server = {.server_hostname = "server.example"};

Test(socket, blocking)
{
    struct fixture f = {0};
    cub_conn *conn;
    char buffer[100];
    size_t n;

    begin(&f);
    cr_assert_eq(cub_context_wrap_socket(f.client, f.fd, &to_server, &conn), CUB_OK, "%s",
                 pair_message(conn));
    cr_expect_str_eq(cub_conn_version(conn), "TLSv1.3", "the handshake is made by wrap_socket");
    cr_expect_eq(cub_conn_fileno(conn), f.fd);
    cr_expect_eq(cub_conn_gettimeout(conn), -1.0);
    cr_assert_eq(cub_conn_write(conn, "hello", 5, &n), CUB_OK);
    cr_assert_eq(cub_conn_read(conn, buffer, sizeof buffer, &n), CUB_OK);
    cr_expect_eq(n, 5);
    cr_expect_eq(cub_conn_close_write(conn), CUB_OK);
    cr_expect_eq(cub_conn_read(conn, buffer, sizeof buffer, &n), CUB_SSLZeroReturnError);
    cr_expect_eq(cub_conn_detach(conn), f.fd);
    cr_expect_geq(fcntl(f.fd, F_GETFD), 0, "the socket is open still");
    close(f.fd);
    end(&f);
    cr_expect_eq(f.peer.result, CUB_OK, "%s", f.peer.message);
}

Test(socket, much_data)
{
    struct fixture f = {0};
    cub_conn *conn;
    static char buffer[20000];
    size_t n, total = 0;

    begin(&f);
    cr_assert_eq(cub_context_wrap_socket(f.client, f.fd, &to_server, &conn), CUB_OK);
    for (int i = 0; i < 50; i++) {
        memset(buffer, 'a' + i % 26, sizeof buffer);
        cr_assert_eq(cub_conn_sendall(conn, buffer, sizeof buffer), CUB_OK);
        for (total = 0; total < sizeof buffer; total += n) {
            cr_assert_eq(cub_conn_read(conn, buffer, sizeof buffer - total, &n), CUB_OK);
            cr_assert_gt(n, 0);
            cr_assert_eq(buffer[n - 1], 'a' + i % 26);
        }
    }
    cr_expect_eq(cub_conn_unwrap(conn), CUB_OK, "%s", pair_message(conn));
    cub_conn_close(conn);
    end(&f);
    cr_expect_eq(f.peer.result, CUB_OK, "%s", f.peer.message);
}

Test(socket, end_without_close_notify)
{
    for (int suppress = 0; suppress < 2; suppress++) {
        struct fixture f = {.peer = {.abrupt = true}};
        struct cub_wrap_options options = to_server;
        cub_conn *conn;
        char buffer[8];
        size_t n = 9;
        begin(&f);
        options.suppress_ragged_eofs = suppress ? CUB_DEFAULT : CUB_NO;
        cr_assert_eq(cub_context_wrap_socket(f.client, f.fd, &options, &conn), CUB_OK);
        if (suppress) {
            cr_expect_eq(cub_conn_read(conn, buffer, sizeof buffer, &n), CUB_OK,
                         "Python's default");
            cr_expect_eq(n, 0);
        } else {
            cr_expect_eq(cub_conn_read(conn, buffer, sizeof buffer, &n), CUB_SSLEOFError);
        }
        cub_conn_close(conn);
        end(&f);
    }
}

static cub_result finish_handshake(cub_conn *conn)
{
    for (;;) {
        struct pollfd p = {.fd = cub_conn_fileno(conn)};
        cub_result result = cub_conn_do_handshake(conn);
        if (result == CUB_SSLWantReadError)
            p.events = POLLIN;
        else if (result == CUB_SSLWantWriteError)
            p.events = POLLOUT;
        else
            return result;
        cr_assert_eq(poll(&p, 1, 10000), 1);
    }
}

Test(socket, non_blocking)
{
    struct fixture f = {0};
    struct cub_wrap_options options = to_server;
    cub_conn *conn;
    cub_result result;
    char buffer[8];
    size_t n;

    begin(&f);
    cr_assert_eq(fcntl(f.fd, F_SETFL, O_NONBLOCK), 0);
    cr_expect_eq(cub_context_wrap_socket(f.client, f.fd, &options, &conn), CUB_ValueError,
                 "a handshake at once is not for non-blocking sockets");
    cub_conn_free(conn);
    options.do_handshake_on_connect = CUB_NO;
    cr_assert_eq(cub_context_wrap_socket(f.client, f.fd, &options, &conn), CUB_OK);
    cr_expect_eq(cub_conn_gettimeout(conn), 0.0);
    cr_assert_eq(finish_handshake(conn), CUB_OK, "%s", pair_message(conn));
    cr_expect_eq(cub_conn_read(conn, buffer, sizeof buffer, &n), CUB_SSLWantReadError);
    cr_assert_eq(cub_conn_write(conn, "x", 1, &n), CUB_OK);
    /* What wakes us may be a ticket, and no data yet. */
    do {
        cr_assert_eq(poll(&(struct pollfd){.fd = f.fd, .events = POLLIN}, 1, 10000), 1);
        result = cub_conn_read(conn, buffer, sizeof buffer, &n);
    } while (result == CUB_SSLWantReadError);
    cr_expect_eq(result, CUB_OK);
    cr_expect_eq(n, 1);
    cub_conn_close(conn);
    end(&f);
    cr_expect_eq(f.peer.result, CUB_SSLEOFError, "close does not say close_notify");
}

Test(socket, timeouts_are_for_whole_operations)
{
    cub_context *context = pair_client_context();
    struct cub_wrap_options options = to_server;
    cub_conn *conn;
    int fds[2];
    char byte;
    ssize_t n;

    options.do_handshake_on_connect = CUB_NO;
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    cr_assert_eq(cub_context_wrap_socket(context, fds[0], &options, &conn), CUB_OK);
    cr_assert_eq(cub_conn_settimeout(conn, 0.05), CUB_OK);
    cr_expect_eq(cub_conn_do_handshake(conn), CUB_TimeoutError, "the peer says nothing");
    cr_expect_str_eq(pair_message(conn), "The handshake operation timed out");
    cr_expect_eq(cub_conn_settimeout(conn, 0), CUB_OK);
    cr_expect_eq(cub_conn_do_handshake(conn), CUB_SSLWantReadError, "and can be waited for still");
    n = read(fds[1], &byte, 1);
    cr_expect_eq(n, 1, "ClientHello went out");
    cr_expect_eq(byte, 22);
    cub_conn_close(conn);
    close(fds[1]);
    cub_context_free(context);
}

/* A peer that sends one long record, byte after byte, as long as anybody listens. */
struct drip {
    int fd;
    uint8_t type;
};

static void *drip(void *arg)
{
    const struct drip *d = arg;
    uint8_t bytes[5 + 0x4000] = {d->type, 3, 3, 0x40, 0};

    for (size_t i = 0; i < sizeof bytes && send(d->fd, bytes + i, 1, MSG_NOSIGNAL) == 1; i++)
        (void)usleep(1000);
    close(d->fd);
    return NULL;
}

/* "The socket timeout is now the maximum total duration": bytes that come do not prolong it. */
Test(socket, timeouts_are_not_prolonged)
{
    static const char *const messages[] = {"The handshake operation timed out",
                                           "The read operation timed out",
                                           "The read operation timed out"};

    for (int i = 0; i < 3; i++) {
        cub_context *context = pair_client_context(), *other = pair_server_context(PKI_P256);
        struct cub_wrap_options options = to_server;
        struct drip d = {.type = i == 0 ? 22 : 23};
        cub_conn *conn, *server;
        cub_result result;
        pthread_t thread;
        char byte;
        size_t n;
        int fds[2];
        options.do_handshake_on_connect = CUB_NO;
        cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
        cr_assert_eq(cub_context_wrap_socket(context, fds[0], &options, &conn), CUB_OK);
        options = (struct cub_wrap_options){.server_side = true, .do_handshake_on_connect = CUB_NO};
        cr_assert_eq(cub_context_wrap_socket(other, fds[1], &options, &server), CUB_OK);
        cub_conn_settimeout(conn, 0);
        cub_conn_settimeout(server, 0);
        for (int round = 0; i > 0 && round < 3; round++) {
            (void)cub_conn_do_handshake(conn);
            (void)cub_conn_do_handshake(server);
        }
        d.fd = cub_conn_detach(server);
        cr_assert_eq(pthread_create(&thread, NULL, drip, &d), 0);
        cub_conn_settimeout(conn, 0.1);
        result = i == 0   ? cub_conn_do_handshake(conn)
                 : i == 1 ? cub_conn_read(conn, &byte, 1, &n)
                          : cub_conn_unwrap(conn);
        cr_expect_eq(result, CUB_TimeoutError, "%d: %s", i, pair_message(conn));
        cr_expect_str_eq(pair_message(conn), messages[i]);
        cub_conn_close(conn);
        cr_assert_eq(pthread_join(thread, NULL), 0);
        cub_context_free(context);
        cub_context_free(other);
    }
}

Test(socket, a_write_is_timed_as_a_whole)
{
    static uint8_t data[4000000];

    for (int i = 0; i < 2; i++) {
        cub_context *context = pair_client_context(), *other = pair_server_context(PKI_P256);
        struct cub_wrap_options options = to_server;
        cub_conn *conn, *server;
        size_t n;
        int fds[2];
        options.do_handshake_on_connect = CUB_NO;
        cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
        cr_assert_eq(cub_context_wrap_socket(context, fds[0], &options, &conn), CUB_OK);
        options = (struct cub_wrap_options){.server_side = true, .do_handshake_on_connect = CUB_NO};
        cr_assert_eq(cub_context_wrap_socket(other, fds[1], &options, &server), CUB_OK);
        cub_conn_settimeout(conn, 0);
        cub_conn_settimeout(server, 0);
        for (int round = 0; round < 3; round++) {
            (void)cub_conn_do_handshake(conn);
            (void)cub_conn_do_handshake(server);
        }
        /* Nobody reads: the socket's buffer takes some, and then there is no room any more. */
        cub_conn_settimeout(conn, 0.05);
        cr_expect_eq(i ? cub_conn_sendall(conn, data, sizeof data)
                       : cub_conn_write(conn, data, sizeof data, &n),
                     CUB_TimeoutError);
        cr_expect_str_eq(pair_message(conn), "The write operation timed out");
        cr_expect_eq(cub_conn_gettimeout(conn), 0.05);
        n = (size_t)cub_conn_fileno(conn);
        cub_conn_close(conn);
        cr_expect_eq(fcntl((int)n, F_GETFD), -1, "close closes the socket");
        cub_conn_close(server);
        cub_context_free(context);
        cub_context_free(other);
    }
}

/* Python's programs do not die of SIGPIPE, and ours must not either. */
Test(socket, peer_that_is_gone)
{
    cub_context *context = pair_client_context();
    cub_conn *conn;
    int fds[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    close(fds[1]);
    cr_expect_eq(cub_context_wrap_socket(context, fds[0], &to_server, &conn), CUB_OSError);
    cr_expect_eq(cub_conn_error(conn)->os_errno, EPIPE);
    cub_conn_close(conn);
    cub_context_free(context);
}

Test(socket, what_is_no_stream_socket)
{
    cub_context *context = pair_client_context();
    cub_conn *conn;
    int fds[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0);
    cr_expect_eq(cub_context_wrap_socket(context, fds[0], &to_server, &conn),
                 CUB_NotImplementedError);
    cr_expect_str_eq(pair_message(conn), "only stream sockets are supported");
    cub_conn_free(conn);
    close(fds[0]);
    close(fds[1]);
    cr_expect_eq(cub_context_wrap_socket(context, fds[0], &to_server, &conn), CUB_OSError);
    cr_expect_eq(cub_conn_error(conn)->os_errno, EBADF);
    cub_conn_free(conn);
    cub_context_free(context);
}

struct listener {
    cub_conn *conn;
    cub_result result;
};

static void *accept_one(void *arg)
{
    struct listener *l = arg;
    cub_conn *conn;

    l->result = cub_conn_accept(l->conn, &conn);
    if (l->result == CUB_OK)
        l->result = echo(conn);
    cub_conn_close(conn);
    return NULL;
}

static uint16_t port_of(int fd)
{
    struct sockaddr_storage name;
    socklen_t size = sizeof name;
    const uint8_t *bytes = (const uint8_t *)&name;

    cr_assert_eq(getsockname(fd, (struct sockaddr *)&name, &size), 0);
    return (uint16_t)(bytes[2] << 8 | bytes[3]); /* the same place in both families */
}

Test(socket, listens_and_connects)
{
    cub_context *client = pair_client_context();
    struct listener l;
    cub_context *server = pair_server_context(PKI_P256);
    struct cub_error_details d;
    cub_conn *conn, *wrong;
    pthread_t thread;
    char buffer[8];
    size_t n;
    int listening, fd;

    cr_assert_eq(cub_create_server("127.0.0.1", 0, &listening, &d), CUB_OK, "%s", d.message);
    cr_assert_eq(cub_context_wrap_socket(server, listening,
                                         &(struct cub_wrap_options){.server_side = true}, &l.conn),
                 CUB_OK);
    cr_expect_neq(cub_conn_read(l.conn, buffer, sizeof buffer, &n), CUB_OK, "it only accepts");
    cr_assert_eq(pthread_create(&thread, NULL, accept_one, &l), 0);
    cr_assert_eq(cub_create_connection("127.0.0.1", port_of(listening), 10, &fd, &d), CUB_OK, "%s",
                 d.message);
    cr_assert_eq(cub_context_wrap_socket(client, fd, &to_server, &conn), CUB_OK, "%s",
                 pair_message(conn));
    cr_assert_eq(cub_conn_write(conn, "hi", 2, &n), CUB_OK);
    cr_assert_eq(cub_conn_read(conn, buffer, sizeof buffer, &n), CUB_OK);
    cr_expect_eq(n, 2);
    cr_expect_eq(cub_conn_accept(conn, &wrong), CUB_ValueError, "it does not listen");
    cr_expect_null(wrong);
    cub_conn_close(conn);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    cr_expect_eq(l.result, CUB_OK);
    cub_conn_close(l.conn);
    cub_context_free(client);
    cub_context_free(server);
}

Test(socket, wrapped_before_it_is_connected)
{
    cub_context *client = pair_client_context();
    struct listener l;
    cub_context *server = pair_server_context(PKI_P256);
    cub_conn *conn;
    pthread_t thread;
    char host[64];
    uint16_t port, named;
    int listening, fd = socket(AF_INET, SOCK_STREAM, 0);

    cr_assert_eq(cub_create_server("127.0.0.1", 0, &listening, NULL), CUB_OK);
    port = port_of(listening);
    cr_assert_eq(cub_context_wrap_socket(server, listening,
                                         &(struct cub_wrap_options){.server_side = true}, &l.conn),
                 CUB_OK);
    cr_assert_eq(pthread_create(&thread, NULL, accept_one, &l), 0);
    cr_assert_eq(cub_context_wrap_socket(client, fd, &to_server, &conn), CUB_OK,
                 "no handshake without a connection");
    cr_expect_null(cub_conn_version(conn));
    cr_expect_eq(cub_conn_getpeername(conn, host, &named), CUB_OSError);
    cr_expect_eq(cub_conn_settimeout(conn, 10), CUB_OK);
    cr_assert_eq(cub_conn_connect(conn, "127.0.0.1", port), CUB_OK, "%s", pair_message(conn));
    cr_expect_str_eq(cub_conn_version(conn), "TLSv1.3");
    cr_assert_eq(cub_conn_getpeername(conn, host, &named), CUB_OK);
    cr_expect_str_eq(host, "127.0.0.1");
    cr_expect_eq(named, port);
    cr_assert_eq(cub_conn_getsockname(conn, host, &named), CUB_OK);
    cr_expect_str_eq(host, "127.0.0.1");
    cub_conn_close_write(conn);
    cub_conn_close(conn);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    cub_conn_close(l.conn);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(cub_context_wrap_socket(client, fd, &to_server, &conn), CUB_OK);
    cr_expect_eq(cub_conn_connect(conn, "127.0.0.1", port), CUB_OSError);
    cr_expect_eq(cub_conn_error(conn)->os_errno, ECONNREFUSED);
    cub_conn_close(conn);
    cub_context_free(client);
    cub_context_free(server);
}

Test(socket, connections_that_fail)
{
    struct cub_error_details d;
    int fd, listening;
    uint16_t port;

    cr_assert_eq(cub_create_server("127.0.0.1", 0, &listening, &d), CUB_OK);
    port = port_of(listening);
    close(listening);
    cr_expect_eq(cub_create_connection("127.0.0.1", port, 5, &fd, &d), CUB_OSError);
    cr_expect_eq(d.os_errno, ECONNREFUSED);
    cr_expect_eq(fd, -1);
    cr_expect_eq(cub_create_connection("no such host", 1, 5, &fd, &d), CUB_OSError);
    cr_expect_eq(d.os_errno, 0);
    cr_expect_str_eq(d.name, "HOST_NOT_FOUND");
    cr_expect_eq(cub_create_server("192.0.2.1", 1, &fd, &d), CUB_OSError, "not our address");
    cr_expect_eq(d.os_errno, EADDRNOTAVAIL);
}
