#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/api/pair.h"
#include "tests/support/process.h"

Test(conn_socket, send_and_recv_take_no_flags)
{
    struct pair p = {0};
    char buffer[8];
    size_t n;

    pair_connect(&p);
    cr_expect_eq(cub_conn_send(p.client, "x", 1, MSG_DONTWAIT, &n), CUB_ValueError);
    cr_expect_str_eq(pair_message(p.client),
                     "non-zero flags not allowed in calls to send() and recv()");
    cr_expect_eq(cub_conn_send(p.client, "x", 1, 0, &n), CUB_OK);
    cr_expect_eq(cub_conn_recv(p.server, buffer, sizeof buffer, MSG_PEEK, &n), CUB_ValueError);
    cr_expect_eq(cub_conn_recv(p.server, buffer, sizeof buffer, 0, &n), CUB_OK);
    cr_expect_eq(n, 1);
    pair_close(&p);
}

Test(conn_socket, sends_files)
{
    struct pair p = {0};
    static char data[50000], back[50000];
    char *path;
    size_t n, got = 0;
    int file;

    for (size_t i = 0; i < sizeof data - 1; i++)
        data[i] = (char)('a' + i % 23);
    path = scratch_file("data", data);
    file = open(path, O_RDONLY);
    pair_connect(&p);
    cr_assert_eq(cub_conn_sendfile(p.client, file, 100, 0, &n), CUB_OK);
    cr_expect_eq(n, sizeof data - 101);
    cr_assert_eq(cub_conn_sendfile(p.client, file, 5, 10, &n), CUB_OK);
    cr_expect_eq(n, 10);
    cr_assert_eq(cub_conn_sendfile(p.client, file, 1000000, 10, &n), CUB_OK, "behind the end");
    cr_expect_eq(n, 0);
    while (got < sizeof data - 91) {
        cr_assert_eq(cub_conn_read(p.server, back + got, sizeof back - got, &n), CUB_OK);
        got += n;
    }
    cr_expect_arr_eq(back, data + 100, sizeof data - 101);
    cr_expect_arr_eq(back + sizeof data - 101, data + 5, 10);
    close(file);
    cr_expect_eq(cub_conn_sendfile(p.client, file, 0, 0, &n), CUB_OSError);
    cr_expect_eq(cub_conn_error(p.client)->os_errno, EBADF);
    free(path);
    pair_close(&p);
}

Test(conn_socket, what_needs_a_socket)
{
    struct pair p = {0};
    char host[64];
    uint16_t port;

    pair_open(&p);
    cr_expect_eq(cub_conn_shutdown(p.client, SHUT_WR), CUB_ValueError);
    cr_expect_eq(cub_conn_getpeername(p.client, host, &port), CUB_ValueError);
    cr_expect_eq(cub_conn_connect(p.client, "localhost", 1), CUB_ValueError);
    pair_close(&p);
}

Test(conn_socket, shuts_the_socket_down)
{
    cub_context *context = pair_client_context();
    struct cub_wrap_options options = {.server_hostname = "server.example",
                                       .do_handshake_on_connect = CUB_NO};
    cub_conn *conn;
    char host[64], byte;
    uint16_t port;
    int fds[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    cr_assert_eq(cub_context_wrap_socket(context, fds[0], &options, &conn), CUB_OK);
    cr_expect_eq(cub_conn_getpeername(conn, host, &port), CUB_OK);
    cr_expect_str_eq(host, "", "no host");
    cr_expect_eq(cub_conn_setblocking(conn, false), CUB_OK);
    cr_expect_eq(cub_conn_gettimeout(conn), 0.0);
    cr_expect_eq(cub_conn_setblocking(conn, true), CUB_OK);
    cr_expect_eq(cub_conn_gettimeout(conn), -1.0);
    cr_expect_eq(cub_conn_shutdown(conn, SHUT_WR), CUB_OK);
    cr_expect_eq(read(fds[1], &byte, 1), 0);
    cr_expect_eq(cub_conn_shutdown(conn, 99), CUB_OSError);
    cub_conn_close(conn);
    close(fds[1]);
    cub_context_free(context);
}
