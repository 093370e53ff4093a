/*
 * A client: connects, verifies, sends a line, prints the answer.
 *
 *     client HOST PORT [CAFILE]
 *
 * Python:
 *     context = ssl.create_default_context(cafile=cafile)
 *     with socket.create_connection((host, port)) as sock:
 *         with context.wrap_socket(sock, server_hostname=host) as ssock:
 *             print(ssock.version())
 */
#include <stdio.h>
#include <stdlib.h>

#include <cubtls.h>

int main(int argc, char **argv)
{
    cub_context *context;
    cub_conn *conn;
    struct cub_error_details error;
    const struct cub_cert_info *cert;
    char data[4096];
    size_t n;
    int fd;

    if (argc < 3)
        return puts("client HOST PORT [CAFILE]"), 2;
    if (cub_create_default_context(CUB_Purpose_SERVER_AUTH, argv[3], NULL, NULL, 0, &context))
        return puts(cub_last_error(context)->message), 1;
    if (cub_create_connection(argv[1], (uint16_t)atoi(argv[2]), 10, &fd, &error))
        return puts(error.message), 1;
    if (cub_context_wrap_socket(context, fd, &(struct cub_wrap_options){.server_hostname = argv[1]},
                                &conn))
        return puts(cub_conn_error(conn)->message), 1;
    if (cub_conn_getpeercert(conn, &cert) == CUB_OK && cert)
        printf("%s, certificate good until %s\n", cub_conn_version(conn), cert->notAfter);

    if (cub_conn_sendall(conn, "Hello, world\n", 13) || cub_conn_read(conn, data, sizeof data, &n))
        return puts(cub_conn_error(conn)->message), 1;
    fwrite(data, 1, n, stdout);

    cub_conn_unwrap(conn);
    cub_conn_close(conn);
    cub_context_free(context);
    return 0;
}
