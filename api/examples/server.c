/*
 * A server: echoes what its clients send, one client after the other.
 *
 *     server CERTFILE KEYFILE PORT
 *
 * Python:
 *     context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
 *     context.load_cert_chain(certfile, keyfile)
 *     with socket.create_server(("", port)) as sock:
 *         with context.wrap_socket(sock, server_side=True) as ssock:
 *             conn, addr = ssock.accept()
 */
#include <stdio.h>
#include <stdlib.h>

#include <cubtls.h>

static void echo(cub_conn *conn)
{
    char data[4096];
    size_t n;

    while (cub_conn_read(conn, data, sizeof data, &n) == CUB_OK && n > 0)
        if (cub_conn_sendall(conn, data, n))
            break;
    cub_conn_unwrap(conn);
}

int main(int argc, char **argv)
{
    cub_context *context;
    cub_conn *listener, *conn;
    struct cub_error_details error;
    int fd;

    if (argc < 4)
        return puts("server CERTFILE KEYFILE PORT"), 2;
    if (cub_create_default_context(CUB_Purpose_CLIENT_AUTH, NULL, NULL, NULL, 0, &context) ||
        cub_context_load_cert_chain(context, argv[1], argv[2], NULL))
        return puts(cub_last_error(context)->message), 1;
    if (cub_create_server(NULL, (uint16_t)atoi(argv[3]), &fd, &error))
        return puts(error.message), 1;
    if (cub_context_wrap_socket(context, fd, &(struct cub_wrap_options){.server_side = true},
                                &listener))
        return puts(cub_conn_error(listener)->message), 1;

    for (;;) {
        if (cub_conn_accept(listener, &conn) == CUB_OK)
            echo(conn);
        else if (conn)
            fprintf(stderr, "%s\n", cub_conn_error(conn)->message);
        cub_conn_close(conn);
    }
}
