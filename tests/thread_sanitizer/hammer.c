/*
 * One context, eight threads, many connections. Built with ThreadSanitizer by thread_sanitizer.sh;
 * no Criterion, whose memory ThreadSanitizer does not bear.
 *
 *     hammer CAPATH CHAIN KEY
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/cubtls.h"

#define THREADS 8
#define ROUNDS  12

static cub_session *shared; /* that all threads resume */
static cub_context *client_context, *server_context, *other_context;

static void die(const char *what, const char *message)
{
    fprintf(stderr, "%s: %s\n", what, message);
    exit(1);
}

static int choose(cub_conn *conn, const char *name, cub_context *context, void *arg)
{
    (void)name;
    (void)context;
    return cub_conn_set_context(conn, arg) == CUB_OK ? 0 : CUB_ALERT_DESCRIPTION_INTERNAL_ERROR;
}

static cub_conn *wrap(cub_context *context, cub_bio *in, cub_bio *out, bool server,
                      cub_session *session)
{
    struct cub_wrap_options options = {.server_side = server,
                                       .server_hostname = server ? NULL : "localhost",
                                       .session = session};
    cub_conn *conn;

    if (cub_context_wrap_bio(context, in, out, &options, &conn) != CUB_OK)
        die("wrap", cub_conn_error(conn)->message);
    return conn;
}

static void handshake(cub_conn *client, cub_conn *server)
{
    for (;;) {
        cub_result c = cub_conn_do_handshake(client);
        cub_result s = cub_conn_do_handshake(server);
        if (c != CUB_OK && c != CUB_SSLWantReadError)
            die("client", cub_conn_error(client)->message);
        if (s != CUB_OK && s != CUB_SSLWantReadError)
            die("server", cub_conn_error(server)->message);
        if (c == CUB_OK && s == CUB_OK)
            return;
    }
}

/* One connection, with a session to resume or none; returns the session that it leaves. */
static cub_session *one_connection(cub_session *session)
{
    cub_bio *up, *down;
    cub_conn *client, *server;
    const struct cub_cert_info *cert;
    cub_session *left;
    char buffer[64];
    size_t n;

    if (cub_bio_new(&up) != CUB_OK || cub_bio_new(&down) != CUB_OK)
        die("bio", "out of memory");
    client = wrap(client_context, down, up, false, session);
    server = wrap(server_context, up, down, true, NULL);
    handshake(client, server);
    if (cub_conn_write(client, "hello", 5, &n) != CUB_OK ||
        cub_conn_read(server, buffer, sizeof buffer, &n) != CUB_OK || n != 5 ||
        memcmp(buffer, "hello", 5) != 0)
        die("data", cub_conn_error(server)->message);
    if (cub_conn_getpeercert(client, &cert) != CUB_OK || !cert || !cert->serialNumber)
        die("certificate", cub_conn_error(client)->message);
    if (cub_conn_get_session_reused(client) != (session != NULL))
        die("session", session ? "not resumed" : "resumed");
    (void)cub_conn_read(client, buffer, 1, &n); /* the tickets */
    left = cub_session_ref(cub_conn_get_session(client));
    cub_conn_free(client);
    cub_conn_free(server);
    cub_bio_free(up);
    cub_bio_free(down);
    return left;
}

static void *hammer(void *arg)
{
    uint8_t random[32];

    for (int i = 0; i < ROUNDS; i++) {
        cub_session *session = one_connection(NULL);
        cub_session_free(one_connection(session));
        cub_session_free(session);
        cub_session_free(one_connection(shared));
        if (cub_RAND_bytes(random, sizeof random) != CUB_OK)
            die("random", "none");
    }
    return arg;
}

static cub_context *server(const char *chain, const char *key)
{
    cub_context *context;

    if (cub_create_default_context(CUB_Purpose_CLIENT_AUTH, NULL, NULL, NULL, 0, &context) !=
            CUB_OK ||
        cub_context_load_cert_chain(context, chain, key, NULL) != CUB_OK)
        die("server", cub_last_error(context)->message);
    return context;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];

    if (argc != 4)
        die("usage", "hammer CAPATH CHAIN KEY");
    if (cub_create_default_context(CUB_Purpose_SERVER_AUTH, NULL, argv[1], NULL, 0,
                                   &client_context) != CUB_OK)
        die("client", cub_last_error(client_context)->message);
    /* The threads want more of the shared session than it has tickets at times. */
    (void)cub_context_set_ticket_reuse(client_context, true);
    server_context = server(argv[2], argv[3]);
    other_context = server(argv[2], argv[3]);
    (void)cub_context_set_sni_callback(server_context, choose, other_context);
    shared = one_connection(NULL);
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, hammer, NULL) != 0)
            die("thread", "cannot be made");
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(threads[i], NULL);
    cub_session_free(shared);
    cub_context_free(client_context);
    cub_context_free(server_context);
    cub_context_free(other_context);
    return 0;
}
