/*
 * TLS without a socket: client and server in one program, and four memory BIOs' worth of bytes that
 * the program carries from one to the other, as it would over whatever transport it has.
 *
 *     memory_bio CERTFILE KEYFILE CAFILE HOSTNAME
 *
 * Python:
 *     incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
 *     obj = context.wrap_bio(incoming, outgoing, server_hostname=hostname)
 *     try:
 *         obj.do_handshake()
 *     except ssl.SSLWantReadError:
 *         transport.write(outgoing.read())
 */
#include <stdio.h>

#include <cubtls.h>

struct side {
    cub_conn *conn;
    cub_bio *incoming;
    cub_bio *outgoing;
};

static cub_result open_side(struct side *side, cub_context *context,
                            const struct cub_wrap_options *options)
{
    if (cub_bio_new(&side->incoming) || cub_bio_new(&side->outgoing))
        return CUB_MemoryError;
    return cub_context_wrap_bio(context, side->incoming, side->outgoing, options, &side->conn);
}

static void close_side(struct side *side)
{
    cub_conn_free(side->conn);
    cub_bio_free(side->incoming);
    cub_bio_free(side->outgoing);
}

/* The transport. */
static void carry(struct side *from, struct side *to)
{
    char data[4096];
    size_t n;

    while (cub_bio_read(from->outgoing, data, sizeof data, &n) == CUB_OK && n > 0)
        cub_bio_write(to->incoming, data, n);
}

int main(int argc, char **argv)
{
    cub_context *client_context, *server_context;
    struct side client = {0}, server = {0};
    cub_result result;
    char data[100];
    size_t n;

    if (argc < 5)
        return puts("memory_bio CERTFILE KEYFILE CAFILE HOSTNAME"), 2;
    if (cub_create_default_context(CUB_Purpose_SERVER_AUTH, argv[3], NULL, NULL, 0,
                                   &client_context))
        return puts(cub_last_error(client_context)->message), 1;
    if (cub_create_default_context(CUB_Purpose_CLIENT_AUTH, NULL, NULL, NULL, 0, &server_context) ||
        cub_context_load_cert_chain(server_context, argv[1], argv[2], NULL))
        return puts(cub_last_error(server_context)->message), 1;
    if (open_side(&client, client_context,
                  &(struct cub_wrap_options){.server_hostname = argv[4]}) ||
        open_side(&server, server_context, &(struct cub_wrap_options){.server_side = true}))
        return puts(cub_conn_error(client.conn)->message), 1;

    do {
        result = cub_conn_do_handshake(client.conn);
        carry(&client, &server);
        cub_conn_do_handshake(server.conn);
        carry(&server, &client);
    } while (result == CUB_SSLWantReadError);
    if (result != CUB_OK)
        return puts(cub_conn_error(client.conn)->message), 1;

    cub_conn_sendall(client.conn, "Hello\n", 6);
    carry(&client, &server);
    if (cub_conn_read(server.conn, data, sizeof data, &n))
        return puts(cub_conn_error(server.conn)->message), 1;
    fwrite(data, 1, n, stdout);

    close_side(&client);
    close_side(&server);
    cub_context_free(client_context);
    cub_context_free(server_context);
    return 0;
}
