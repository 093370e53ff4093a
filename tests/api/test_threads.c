/*
 * One context, many threads. The build for ThreadSanitizer runs these too.
 */
#include <criterion/criterion.h>

#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/api/pair.h"

#define THREADS 8
#define ROUNDS  6

struct shared {
    cub_context *client;
    cub_context *server;
};

/* Some connections over memory BIOs, both ends in this thread. */
static void *connect_often(void *arg)
{
    const struct shared *shared = arg;

    for (int i = 0; i < ROUNDS; i++) {
        struct pair p = {.client_context = cub_context_ref(shared->client),
                         .server_context = cub_context_ref(shared->server)};
        pair_connect(&p);
        pair_echo(p.client, p.server, "hello");
        pair_close(&p);
    }
    return arg;
}

Test(threads, share_contexts)
{
    struct shared shared = {pair_client_context(), pair_server_context(PKI_P256)};
    pthread_t threads[THREADS];
    void *result;

    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, connect_often, &shared), 0);
    for (int i = 0; i < THREADS; i++) {
        cr_assert_eq(pthread_join(threads[i], &result), 0);
        cr_expect_not_null(result);
    }
    cub_context_free(shared.client);
    cub_context_free(shared.server);
}

/* A connection's two directions are one thread's; its context may go before it does. */
Test(threads, connections_outlive_their_contexts)
{
    struct pair p = {0};

    pair_connect(&p);
    cub_context_free(p.client_context);
    cub_context_free(p.server_context);
    p.client_context = p.server_context = NULL;
    pair_echo(p.client, p.server, "hello");
    pair_close(&p);
}
