/*
 * A client on a non-blocking socket: poll says when to go on.
 *
 *     nonblocking HOST PORT [CAFILE]
 *
 * Python:
 *     while True:
 *         try:
 *             sock.do_handshake()
 *             break
 *         except ssl.SSLWantReadError:
 *             select.select([sock], [], [])
 *         except ssl.SSLWantWriteError:
 *             select.select([], [sock], [])
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include <cubtls.h>

/* Whether the operation with this result is to be repeated; waits until that makes sense. */
static bool again(cub_conn *conn, cub_result result)
{
    struct pollfd p = {.fd = cub_conn_fileno(conn)};

    if (result == CUB_SSLWantReadError)
        p.events = POLLIN;
    else if (result == CUB_SSLWantWriteError)
        p.events = POLLOUT;
    else
        return false;
    return poll(&p, 1, -1) >= 0;
}

int main(int argc, char **argv)
{
    cub_context *context;
    cub_conn *conn;
    struct cub_error_details error;
    struct cub_wrap_options options = {.do_handshake_on_connect = CUB_NO};
    cub_result result;
    char data[4096];
    size_t n;
    int fd;

    if (argc < 3)
        return puts("nonblocking HOST PORT [CAFILE]"), 2;
    if (cub_create_default_context(CUB_Purpose_SERVER_AUTH, argv[3], NULL, NULL, 0, &context))
        return puts(cub_last_error(context)->message), 1;
    if (cub_create_connection(argv[1], (uint16_t)atoi(argv[2]), 10, &fd, &error))
        return puts(error.message), 1;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    options.server_hostname = argv[1];
    result = cub_context_wrap_socket(context, fd, &options, &conn);

    while (result == CUB_OK && again(conn, result = cub_conn_do_handshake(conn)))
        result = CUB_OK;
    while (result == CUB_OK && again(conn, result = cub_conn_write(conn, "Hello\n", 6, &n)))
        result = CUB_OK;
    while (result == CUB_OK && again(conn, result = cub_conn_read(conn, data, sizeof data, &n)))
        result = CUB_OK;
    if (result != CUB_OK)
        return puts(cub_conn_error(conn)->message), 1;
    fwrite(data, 1, n, stdout);

    cub_conn_close(conn);
    cub_context_free(context);
    return 0;
}
