/*
 * A gibibyte through one connection in each direction, keys updated on the way.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "crypto/hash.h"
#include "tests/interop/peers.h"

#define GIBIBYTE 1073741824ul
#define CHUNK    65536ul
#define ROUNDS   16u

static struct identity root, leaf;

static void make_identities(void)
{
    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
}

TestSuite(bulk, .init = make_identities, .timeout = 900);

/* Lines of lower-case hexadecimal digits: s_client and s_server take no line of them as a command.
 */
static void fill(char *data, uint64_t *state)
{
    for (size_t i = 0; i < CHUNK; i += 16) {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        for (int j = 0; j < 16; j++)
            data[i + (size_t)j] = "0123456789abcdef"[*state >> (4 * j) & 15];
        data[i + 15] = '\n';
    }
}

/* One direction: bytes done, and a running SHA-256 of them. */
struct flow {
    size_t done;
    struct cub_hash_context hash;
};

static void flow_init(struct flow *flow)
{
    flow->done = 0;
    cub_hash_init(&cub_sha256, &flow->hash);
}

static void flow_add(struct flow *flow, const char *data, size_t n)
{
    cub_hash_update(&cub_sha256, &flow->hash, data, n);
    flow->done += n;
}

static void check_same(const struct flow *a, const struct flow *b)
{
    uint8_t first[32], second[32];

    cub_hash_output(&cub_sha256, &a->hash, first);
    cub_hash_output(&cub_sha256, &b->hash, second);
    cr_assert_eq(a->done, b->done);
    cr_assert_arr_eq(first, second, sizeof first);
}

/* What stands between a writer and a reader: bytes on their way, at most window of them, because
 * some peers do not read while they write. */
struct pump {
    int to;
    int from;
    size_t window;
    struct flow sent;
    struct flow received;
    uint64_t state;
    char data[CHUNK]; /* the rest of it, from at, is to be sent */
    size_t at;
};

static void pump_init(struct pump *pump, int to, int from, size_t window)
{
    *pump = (struct pump){
        .to = to, .from = from, .window = window, .state = 88172645463325252u, .at = CHUNK};
    flow_init(&pump->sent);
    flow_init(&pump->received);
    fcntl(to, F_SETFL, O_NONBLOCK);
}

static void pump_send(struct pump *pump)
{
    if (pump->at == CHUNK) {
        fill(pump->data, &pump->state);
        pump->at = 0;
    }
    ssize_t n = write(pump->to, pump->data + pump->at, CHUNK - pump->at);

    if (n < 0 && errno == EAGAIN)
        return;
    cr_assert(n > 0, "the peer does not take more: %s", strerror(errno));
    flow_add(&pump->sent, pump->data + pump->at, (size_t)n);
    pump->at += (size_t)n;
}

static void pump_receive(struct pump *pump)
{
    static char data[CHUNK];
    ssize_t n = read(pump->from, data, sizeof data);

    cr_assert(n > 0, "the connection ended after %zu bytes", pump->received.done);
    flow_add(&pump->received, data, (size_t)n);
}

/* Sends until total bytes are sent, and receives until as many are received. */
static void pump_until(struct pump *pump, size_t total)
{
    while (pump->received.done < total) {
        bool more = pump->sent.done < total && pump->sent.done - pump->received.done < pump->window;
        struct pollfd fds[2] = {
            {.fd = pump->from,           .events = POLLIN },
            {.fd = more ? pump->to : -1, .events = POLLOUT}
        };

        cr_assert(poll(fds, 2, PROCESS_TIMEOUT * 1000) > 0, "nothing moves after %zu bytes",
                  pump->received.done);
        if (fds[0].revents)
            pump_receive(pump);
        if (fds[1].revents)
            pump_send(pump);
    }
}

/* Our server echoes, s_client updates keys: K asks for ours too, k does not. */
Test(bulk, openssl_client_and_our_server)
{
    struct process server, client;
    struct pump pump;
    char address[32];
    int port = cub_server_start(&server, &leaf, NULL);

    snprintf(address, sizeof address, "127.0.0.1:%d", port);
    process_start(&client, "s_client", PROCESS_IN | PROCESS_OUT,
                  ARGV("openssl", "s_client", "-connect", address, "-tls1_3", "-quiet",
                       "-no_ign_eof", "-verify_return_error", "-CAfile", root.cert));
    pump_init(&pump, client.in, client.out, 262144);
    for (unsigned i = 1; i <= ROUNDS; i++) {
        pump_until(&pump, GIBIBYTE / ROUNDS * i);
        /* All is back, so the command reaches s_client by itself. */
        process_write(&client, i % 2 ? "K\n" : "k\n");
        process_expect_times(&client, "KEYUPDATE", i);
    }
    check_same(&pump.sent, &pump.received);
    process_close_input(&client);
    cr_expect_eq(process_wait(&client, 0), 0);
    process_stop(&server);
}

/* Both sides ours, both directions at once. */
Test(bulk, our_client_and_our_server)
{
    struct process server, client;
    struct pump pump;
    char address[32];
    int port = cub_server_start(&server, &leaf, NULL);

    snprintf(address, sizeof address, "localhost:%d", port);
    process_start(&client, "cub-client", PROCESS_IN | PROCESS_OUT,
                  ARGV(cub(), "client", address, "--cafile", root.cert, "--trace",
                       "--key-update-after", "67108864"));
    pump_init(&pump, client.in, client.out, SIZE_MAX);
    pump_until(&pump, GIBIBYTE);
    check_same(&pump.sent, &pump.received);
    process_close_input(&client);
    cr_expect_eq(process_wait(&client, 0), 0);
    process_expect_times(&client, "KeyUpdate", ROUNDS - 1);
    process_stop(&server);
}

/* One direction after the other, in turns; our client updates the keys of both. */
Test(bulk, our_client_and_openssl_server)
{
    struct process server, client;
    struct pump up, down;
    char number[16], address[32];
    int port = free_port();

    snprintf(number, sizeof number, "%d", port);
    process_start(&server, "s_server", PROCESS_IN | PROCESS_OUT,
                  ARGV("openssl", "s_server", "-port", number, "-tls1_3", "-quiet", "-cert",
                       leaf.cert, "-key", leaf.key));
    wait_for_port(&server, port);
    snprintf(address, sizeof address, "localhost:%d", port);
    process_start(&client, "cub-client", PROCESS_IN | PROCESS_OUT,
                  ARGV(cub(), "client", address, "--cafile", root.cert, "--trace",
                       "--key-update-after", "67108864"));
    pump_init(&up, client.in, server.out, SIZE_MAX);
    pump_init(&down, server.in, client.out, SIZE_MAX);
    for (unsigned i = 1; i <= ROUNDS; i++) {
        pump_until(&up, GIBIBYTE / ROUNDS * i);
        pump_until(&down, GIBIBYTE / ROUNDS * i);
    }
    check_same(&up.sent, &up.received);
    check_same(&down.sent, &down.received);
    process_close_input(&client);
    cr_expect_eq(process_wait(&client, 0), 0);
    process_expect_times(&client, "KeyUpdate", ROUNDS - 1);
    process_stop(&server);
}
