/*
 * Pre-shared keys: a client and a server that know each other by a key, without certificates.
 *
 *     psk [TLSv1.2]
 *
 * Python:
 *     context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
 *     context.check_hostname = False
 *     context.verify_mode = ssl.CERT_NONE
 *     context.maximum_version = ssl.TLSVersion.TLSv1_2
 *     context.set_ciphers('PSK')
 *     context.set_psk_client_callback(lambda hint: ('ClientId_1', bytes.fromhex('c0ffee')))
 *
 *     context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
 *     context.set_ciphers('PSK')
 *     context.set_psk_server_callback(lambda identity: psk_table.get(identity, b''), 'Server')
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <cubtls.h>

static const char *hint_seen = "None";

static bool client_key(cub_conn *conn, const char *hint, struct cub_psk_key *psk, void *arg)
{
    if (hint)
        hint_seen = "Server";
    strcpy(psk->identity, "ClientId_1");
    memcpy(psk->key, "\xc0\xff\xee", psk->key_len = 3);
    return (void)conn, (void)arg, true;
}

static bool server_key(cub_conn *conn, const char *identity, struct cub_psk_key *psk, void *arg)
{
    if (strcmp(identity, "ClientId_1") != 0)
        return false; /* there is no key for this client */
    memcpy(psk->key, "\xc0\xff\xee", psk->key_len = 3);
    return (void)conn, (void)arg, true;
}

static void *serve(void *fd)
{
    cub_context *context;
    cub_conn *conn;

    cub_context_new(CUB_PROTOCOL_TLS_SERVER, &context);
    cub_context_set_ciphers(context, "PSK");
    cub_context_set_psk_server_callback(context, server_key, "Server", NULL);
    if (cub_context_wrap_socket(context, *(int *)fd,
                                &(struct cub_wrap_options){.server_side = true}, &conn) ||
        cub_conn_sendall(conn, "Hello", 5))
        puts(cub_conn_error(conn)->message);
    cub_conn_unwrap(conn);
    cub_conn_close(conn);
    cub_context_free(context);
    return NULL;
}

int main(int argc, char **argv)
{
    cub_context *context;
    cub_conn *conn;
    pthread_t server;
    char data[64];
    size_t n;
    int fds[2];

    socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
    pthread_create(&server, NULL, serve, &fds[1]);

    cub_context_new(CUB_PROTOCOL_TLS_CLIENT, &context);
    cub_context_set_check_hostname(context, false);
    cub_context_set_verify_mode(context, CUB_CERT_NONE);
    if (argc > 1 && strcmp(argv[1], "TLSv1.2") == 0)
        cub_context_set_maximum_version(context, CUB_TLSVersion_TLSv1_2);
    cub_context_set_ciphers(context, "PSK");
    cub_context_set_psk_client_callback(context, client_key, NULL);
    if (cub_context_wrap_socket(context, fds[0], NULL, &conn) ||
        cub_conn_read(conn, data, sizeof data, &n))
        return puts(cub_conn_error(conn)->message), 1;
    printf("%s, hint %s, identity ClientId_1: %.*s\n", cub_conn_version(conn), hint_seen, (int)n,
           data);

    cub_conn_unwrap(conn);
    cub_conn_close(conn);
    pthread_join(server, NULL);
    cub_context_free(context);
    return 0;
}
