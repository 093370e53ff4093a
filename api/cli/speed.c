#define _GNU_SOURCE
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/cli/connection.h"
#include "api/cli/primitives.h"
#include "api/cli/selfsigned.h"
#include "api/cli/speed.h"

#define ROUNDS        3
#define ROUND_SECONDS 0.1
#define RECORD        16384
#define NAME          "server.example"

double cli_measure(cli_operation *operation, void *arg)
{
    double best = 0;
    long count = 1;

    for (int round = 0; round < ROUNDS;) {
        double began = cli_now(), seconds;

        for (long i = 0; i < count; i++)
            operation(arg);
        seconds = cli_now() - began;
        if (seconds < ROUND_SECONDS / 2) {
            count *= 2;
            continue;
        }
        if (round == 0 || seconds / (double)count < best)
            best = seconds / (double)count;
        round++;
    }
    return best;
}

/* Memory that the library holds, counted by an allocator of our own. */
struct memory {
    size_t now;
    size_t peak;
    size_t count; /* allocations ever */
};

static void counted(struct memory *memory, const void *p)
{
    memory->now += malloc_usable_size((void *)(uintptr_t)p);
    memory->count++;
    if (memory->now > memory->peak)
        memory->peak = memory->now;
}

static void *allocate(void *arg, size_t size)
{
    void *p = malloc(size);

    counted(arg, p);
    return p;
}

static void release(void *arg, void *p)
{
    ((struct memory *)arg)->now -= malloc_usable_size(p);
    free(p);
}

static void *reallocate(void *arg, void *p, size_t size)
{
    size_t before = malloc_usable_size(p);
    void *moved = realloc(p, size);

    if (moved != NULL) {
        ((struct memory *)arg)->now -= before;
        counted(arg, moved);
    }
    return moved;
}

/* Client and server in one thread, over two BIOs. */
struct pair {
    cub_context *client_context;
    cub_context *server_context;
    struct cub_bio *to_server;
    struct cub_bio *to_client;
    cub_conn *client;
    cub_conn *server;
    bool failed;
    uint8_t data[RECORD];
};

static void close_pair(struct pair *pair)
{
    cub_conn_free(pair->client);
    cub_conn_free(pair->server);
    cub_bio_free(pair->to_server);
    cub_bio_free(pair->to_client);
    pair->client = pair->server = NULL;
    pair->to_server = pair->to_client = NULL;
}

static bool waits(cub_result result)
{
    return result == CUB_SSLWantReadError || result == CUB_SSLWantWriteError;
}

static bool open_pair(struct pair *pair)
{
    const struct cub_wrap_options client = {.server_hostname = NAME};
    const struct cub_wrap_options server = {.server_side = true};
    cub_result at_client = CUB_SSLWantReadError, at_server = CUB_SSLWantReadError;

    if (cub_bio_new(&pair->to_server) != CUB_OK || cub_bio_new(&pair->to_client) != CUB_OK ||
        cub_context_wrap_bio(pair->client_context, pair->to_client, pair->to_server, &client,
                             &pair->client) != CUB_OK ||
        cub_context_wrap_bio(pair->server_context, pair->to_server, pair->to_client, &server,
                             &pair->server) != CUB_OK)
        return false;
    /* A handshake is over in three turns at most; more would be a standstill. */
    for (int turn = 0; turn < 10 && (waits(at_client) || waits(at_server)); turn++) {
        if (waits(at_client))
            at_client = cub_conn_do_handshake(pair->client);
        if (waits(at_server))
            at_server = cub_conn_do_handshake(pair->server);
    }
    return at_client == CUB_OK && at_server == CUB_OK;
}

static void handshake(void *arg)
{
    struct pair *pair = arg;

    if (!pair->failed && !open_pair(pair))
        pair->failed = true;
    close_pair(pair);
}

/* One record from the client to the server. */
static void transfer(void *arg)
{
    struct pair *pair = arg;
    size_t sent = 0, received = 0;

    if (pair->failed)
        return;
    pair->failed = cub_conn_write(pair->client, pair->data, RECORD, &sent) != CUB_OK;
    while (!pair->failed && received < sent) {
        size_t n = 0;

        pair->failed = cub_conn_read(pair->server, pair->data, RECORD, &n) != CUB_OK || n == 0;
        received += n;
    }
}

static bool make_contexts(struct pair *pair)
{
    static struct cli_identity authority, server;
    bool made =
        cli_make_identity(&authority, NULL, "Throw-away CA") &&
        cli_make_identity(&server, &authority, NAME) &&
        cub_create_default_context(CUB_Purpose_CLIENT_AUTH, NULL, NULL, NULL, 0,
                                   &pair->server_context) == CUB_OK &&
        cub_context_load_cert_chain_data(pair->server_context, server.cert_pem,
                                         strlen(server.cert_pem), server.key_pem,
                                         strlen(server.key_pem), NULL) == CUB_OK &&
        cub_create_default_context(CUB_Purpose_SERVER_AUTH, NULL, NULL, authority.cert_pem,
                                   strlen(authority.cert_pem), &pair->client_context) == CUB_OK;

    cli_wipe(&authority, sizeof authority);
    cli_wipe(&server, sizeof server);
    return made;
}

static void speed_handshakes(struct pair *pair)
{
    static const char *const groups[] = {"x25519", "secp256r1"};

    printf("\n%-22s%14s\n", "handshakes, per s", "full");
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        double seconds;

        if (cub_context_set_groups(pair->client_context, groups[i]) != CUB_OK)
            continue;
        seconds = cli_measure(handshake, pair);
        printf("  %-20s%14.0f\n", groups[i], 1 / seconds);
    }
}

static void speed_bulk(struct pair *pair)
{
    static const char *const suites[] = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
                                         "TLS_CHACHA20_POLY1305_SHA256"};

    printf("\n%-32s%14s\n", "bulk, seal and open, MB/s", "16 KiB");
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        if (cub_context_set_ciphersuites(pair->client_context, suites[i]) != CUB_OK)
            continue;
        if (!open_pair(pair))
            pair->failed = true;
        printf("  %-30s%14.1f\n", suites[i], RECORD / cli_measure(transfer, pair) / 1e6);
        close_pair(pair);
    }
}

static void show_memory(struct pair *pair, struct memory *memory)
{
    size_t before = memory->now, count = memory->count;

    memory->peak = before;
    if (!open_pair(pair))
        pair->failed = true;
    printf("\n%-32s\n", "memory, client and server together");
    printf("  %-30s%14zu\n", "bytes when idle", memory->now - before);
    printf("  %-30s%14zu\n", "bytes at most", memory->peak - before);
    printf("  %-30s%14zu\n", "allocations", memory->count - count);
    close_pair(pair);
}

enum cli_status cli_speed(const struct cli_options *options)
{
    struct memory memory = {0};
    const struct cub_allocator allocator = {allocate, reallocate, release, &memory};
    struct pair *pair = cli_alloc(sizeof *pair);
    enum cli_status status = CLI_DONE;

    (void)options;
    memset(pair, 0, sizeof *pair);
    cub_set_allocator(&allocator);
    cli_speed_primitives();
    if (make_contexts(pair)) {
        speed_handshakes(pair);
        show_memory(pair, &memory);
        speed_bulk(pair);
    } else {
        pair->failed = true;
    }
    if (pair->failed)
        status = cli_fail(CLI_TLS, "SSL", "HANDSHAKE_FAILED", "client and server do not agree");
    cub_context_free(pair->client_context);
    cub_context_free(pair->server_context);
    cub_set_allocator(NULL);
    free(pair);
    return status;
}
