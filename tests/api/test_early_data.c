/*
 * 0-RTT data in the hosted API, and the stores that servers share.
 */
#include <criterion/criterion.h>

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "tests/api/pair.h"

#define LIMIT 20000

static struct pair p;
static cub_context *client_context, *server_context;
static cub_session *session;

/* Contexts, and a session of theirs that allows 0-RTT data. */
static void prepare(void)
{
    client_context = pair_client_context();
    server_context = pair_server_context(PKI_P256);
    cr_assert_eq(cub_context_set_max_early_data(server_context, LIMIT), CUB_OK);
    cr_assert_eq(cub_context_get_max_early_data(server_context), LIMIT);
}

static void begin(void)
{
    p = (struct pair){.client_context = cub_context_ref(client_context),
                      .server_context = cub_context_ref(server_context)};
    pair_open(&p);
    if (session)
        cr_assert_eq(cub_conn_set_session(p.client, session), CUB_OK);
}

static void first(void)
{
    begin();
    pair_handshake(&p);
    pair_echo(p.server, p.client, "tickets");
    cr_assert_eq(cub_conn_get_early_data(p.client), CUB_EARLY_DATA_NOT_SENT);
    cr_assert_eq(cub_conn_get_early_data(p.server), CUB_EARLY_DATA_NOT_SENT);
    session = cub_session_ref(cub_conn_get_session(p.client));
    pair_close(&p);
    begin();
}

static void finish(void)
{
    cub_session_free(session);
    session = NULL;
    pair_close(&p);
    cub_context_free(client_context);
    cub_context_free(server_context);
}

static void send_early(const void *data, size_t len, size_t expected)
{
    size_t n;

    cr_assert_eq(cub_conn_write_early_data(p.client, data, len, &n), CUB_OK, "%s",
                 pair_message(p.client));
    cr_assert_eq(n, expected);
}

/* What the server reads, all of it. */
static size_t read_early(uint8_t *out, size_t size)
{
    size_t total = 0, n;

    for (;;) {
        cub_result result = cub_conn_read_early_data(p.server, out + total, size - total, &n);

        if (result == CUB_SSLWantReadError)
            return total;
        cr_assert_eq(result, CUB_OK, "%s", pair_message(p.server));
        if (n == 0)
            return total;
        total += n;
    }
}

/* server: what the server thinks, where that differs. */
static void expect_both(enum cub_EarlyData expected, enum cub_EarlyData server)
{
    pair_handshake(&p);
    cr_assert_eq(p.client_result, CUB_OK, "client: %s", pair_message(p.client));
    cr_assert_eq(p.server_result, CUB_OK, "server: %s", pair_message(p.server));
    cr_assert_eq(cub_conn_get_early_data(p.client), expected);
    cr_assert_eq(cub_conn_get_early_data(p.server), server);
    pair_echo(p.client, p.server, "afterwards");
    pair_echo(p.server, p.client, "as well");
}

static void expect_over(enum cub_EarlyData expected)
{
    expect_both(expected, expected);
}

Test(early_data, accepted)
{
    static uint8_t data[LIMIT], got[LIMIT + 1];

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7);
    prepare();
    for (size_t len = 1; len <= LIMIT; len = len * 5 + 3) {
        first();
        send_early(data, len, len);
        cr_assert_eq(cub_conn_get_early_data(p.client), CUB_EARLY_DATA_PENDING);
        cr_assert_eq(read_early(got, sizeof got), len);
        cr_assert_arr_eq(got, data, len);
        expect_over(CUB_EARLY_DATA_ACCEPTED);
        cr_assert(cub_conn_get_session_reused(p.client));
        cub_session_free(session);
        session = NULL;
        pair_close(&p);
    }
    begin();
    finish();
}

/* The ticket's limit holds; the rest goes the usual way. */
Test(early_data, limit)
{
    static uint8_t data[LIMIT + 5], got[LIMIT + 5];

    prepare();
    first();
    send_early(data, sizeof data, LIMIT);
    send_early(data, 1, 0);
    cr_assert_eq(read_early(got, sizeof got), LIMIT);
    expect_over(CUB_EARLY_DATA_ACCEPTED);
    finish();
}

/* The server may answer before it knows that the client is there. */
Test(early_data, answered_at_once)
{
    char data[32];
    size_t n;

    prepare();
    first();
    send_early("question", 8, 8);
    cr_assert_eq(cub_conn_read_early_data(p.server, data, sizeof data, &n), CUB_OK);
    cr_assert_eq(n, 8);
    cr_assert_eq(cub_conn_write_early_data(p.server, "answer", 6, &n), CUB_OK);
    cr_assert_eq(n, 6);
    cr_assert_eq(cub_conn_read(p.client, data, sizeof data, &n), CUB_OK, "%s",
                 pair_message(p.client));
    cr_assert_eq(n, 6);
    cr_assert_arr_eq(data, "answer", 6);
    cr_assert_eq(read_early((uint8_t *)data, sizeof data), 0);
    expect_over(CUB_EARLY_DATA_ACCEPTED);
    finish();
}

/* Who does not ask for it gets none, and the handshake is none the worse for it. */
Test(early_data, not_read)
{
    prepare();
    first();
    send_early("lost", 4, 4);
    expect_over(CUB_EARLY_DATA_REJECTED);
    cr_assert(cub_conn_get_session_reused(p.client));
    finish();
}

/* What is there must be read before the handshake goes on. */
Test(early_data, unread)
{
    uint8_t data[8];
    size_t n;

    prepare();
    first();
    send_early("12345678", 8, 8);
    cr_assert_eq(cub_conn_read_early_data(p.server, data, 4, &n), CUB_OK);
    cr_assert_eq(n, 4);
    cr_assert_eq(cub_conn_do_handshake(p.server), CUB_SSLError);
    cr_assert_str_eq(cub_conn_error(p.server)->reason, "UNREAD_EARLY_DATA");
    cr_assert_eq(read_early(data, sizeof data), 4);
    expect_over(CUB_EARLY_DATA_ACCEPTED);
    finish();
}

/* A session without 0-RTT data, a server that allows it no more, none at all. */
Test(early_data, not_possible)
{
    uint8_t data[8];

    prepare();
    cr_assert_eq(cub_context_set_max_early_data(server_context, 0), CUB_OK);
    first();
    send_early("data", 4, 0);
    cr_assert_eq(read_early(data, sizeof data), 0);
    expect_over(CUB_EARLY_DATA_NOT_SENT);
    finish();

    prepare();
    first();
    pair_close(&p);
    cr_assert_eq(cub_context_set_max_early_data(server_context, 0), CUB_OK);
    begin();
    send_early("data", 4, 4);
    cr_assert_eq(read_early(data, sizeof data), 0);
    expect_over(CUB_EARLY_DATA_REJECTED);
    finish();

    prepare();
    begin();
    send_early("data", 4, 0);
    cr_assert_eq(read_early(data, sizeof data), 0);
    expect_over(CUB_EARLY_DATA_NOT_SENT);
    finish();
}

/* After a HelloRetryRequest there is none [RFC8446-4.2.10]: the second ClientHello offers none. */
Test(early_data, retry)
{
    uint8_t data[8];

    prepare();
    first();
    pair_close(&p);
    cr_assert_eq(cub_context_set_groups(server_context, "secp384r1"), CUB_OK);
    begin();
    send_early("data", 4, 4);
    cr_assert_eq(read_early(data, sizeof data), 0);
    expect_both(CUB_EARLY_DATA_REJECTED, CUB_EARLY_DATA_NOT_SENT);
    finish();
}

Test(early_data, misuse)
{
    uint8_t data[8];
    size_t n;

    prepare();
    first();
    cr_assert_eq(cub_conn_read_early_data(p.client, data, sizeof data, &n), CUB_SSLError);
    cr_assert_str_eq(cub_conn_error(p.client)->name, "EARLY_DATA_ROLE");
    expect_over(CUB_EARLY_DATA_NOT_SENT);
    cr_assert_eq(cub_conn_write_early_data(p.client, "x", 1, &n), CUB_SSLError);
    cr_assert_str_eq(cub_conn_error(p.client)->name, "EARLY_DATA_LATE");
    finish();

    prepare();
    cr_assert_eq(cub_context_set_early_data_window(server_context, 0), CUB_ValueError);
    cr_assert_eq(cub_context_set_early_data_window(server_context, 2.5), CUB_OK);
    cr_assert_float_eq(cub_context_get_early_data_window(server_context), 2.5, 1e-9);
    cr_assert_eq(cub_context_set_replay_store(server_context, &(struct cub_shared_store){0}),
                 CUB_ValueError);
    cr_assert_eq(cub_context_set_session_cache(server_context, &(struct cub_shared_store){0}),
                 CUB_ValueError);
    begin();
    finish();
}

/* A store that says what it is asked. */
struct watched {
    atomic_uint puts, gets, claims;
    bool full;
    struct cub_shared_store store;
};

static bool watched_put(void *arg, const void *key, size_t key_len, const void *value, size_t len,
                        unsigned seconds)
{
    struct watched *w = arg;

    w->puts++;
    return w->store.put(w->store.arg, key, key_len, value, len, seconds);
}

static bool watched_get(void *arg, const void *key, size_t key_len, void *out, size_t size,
                        size_t *len)
{
    struct watched *w = arg;

    w->gets++;
    return w->store.get(w->store.arg, key, key_len, out, size, len);
}

static bool watched_claim(void *arg, const void *key, size_t key_len, int64_t since,
                          unsigned seconds)
{
    struct watched *w = arg;

    (void)since; /* it remembers everything */
    w->claims++;
    return !w->full && w->store.claim(w->store.arg, key, key_len, INT64_MAX / 2, seconds);
}

static struct watched watched;
static cub_memory_store *memory;

static struct cub_shared_store watch(void)
{
    memset(&watched, 0, sizeof watched);
    cr_assert_eq(cub_memory_store_new(64, 64, &memory), CUB_OK);
    watched.store = cub_memory_store_functions(memory);
    return (struct cub_shared_store){watched_put, watched_get, watched_claim, &watched};
}

/* A server with the same tickets and the same store. */
static cub_context *twin(const struct cub_shared_store *store)
{
    static const uint8_t key[48] = "a ticket key that two servers share";
    cub_context *context = pair_server_context(PKI_P256);

    cr_assert_eq(cub_context_set_max_early_data(context, LIMIT), CUB_OK);
    cr_assert_eq(cub_context_set_ticket_keys(context, key, sizeof key), CUB_OK);
    cr_assert_eq(cub_context_set_replay_store(context, store), CUB_OK);
    return context;
}

/* What the client sends first, delivered to another server. */
static size_t replay(const uint8_t *flight, size_t len, cub_context *context,
                     enum cub_EarlyData *outcome)
{
    struct cub_wrap_options options = {.server_side = true};
    cub_bio *in, *out;
    cub_conn *conn;
    uint8_t data[64];
    size_t n, total = 0;
    cub_result result;

    cr_assert_eq(cub_bio_new(&in), CUB_OK);
    cr_assert_eq(cub_bio_new(&out), CUB_OK);
    cr_assert_eq(cub_bio_write(in, flight, len), CUB_OK);
    cr_assert_eq(cub_context_wrap_bio(context, in, out, &options, &conn), CUB_OK);
    while ((result = cub_conn_read_early_data(conn, data, sizeof data, &n)) == CUB_OK && n > 0)
        total += n;
    *outcome = cub_conn_get_early_data(conn);
    cub_conn_free(conn);
    cub_bio_free(in);
    cub_bio_free(out);
    return total;
}

static size_t take_flight(uint8_t *out, size_t size)
{
    size_t n;

    cr_assert_eq(cub_bio_read(p.to_server, out, size, &n), CUB_OK);
    return n;
}

/* One of two servers takes it, once. */
Test(early_data, replayed)
{
    struct cub_shared_store store = watch();
    cub_context *servers[2] = {twin(&store), twin(&store)};
    static uint8_t flight[4096];
    unsigned accepted = 0;
    size_t len;

    client_context = pair_client_context();
    server_context = cub_context_ref(servers[0]);
    first();
    send_early("pay him", 7, 7);
    len = take_flight(flight, sizeof flight);
    for (unsigned i = 0; i < 6; i++) {
        enum cub_EarlyData outcome;
        size_t n = replay(flight, len, servers[i % 2], &outcome);

        cr_assert_eq(n, outcome == CUB_EARLY_DATA_ACCEPTED ? 7 : 0);
        cr_assert(outcome == CUB_EARLY_DATA_ACCEPTED || outcome == CUB_EARLY_DATA_REJECTED);
        accepted += outcome == CUB_EARLY_DATA_ACCEPTED;
    }
    cr_assert_eq(accepted, 1);
    cr_assert_eq(watched.claims, 6);
    finish();
    cub_context_free(servers[0]);
    cub_context_free(servers[1]);
    cub_memory_store_free(memory);
}

/* A store without room refuses 0-RTT data and nothing else. */
Test(early_data, full_store)
{
    struct cub_shared_store store = watch();
    uint8_t data[8];

    client_context = pair_client_context();
    server_context = twin(&store);
    watched.full = true;
    first();
    send_early("data", 4, 4);
    cr_assert_eq(read_early(data, sizeof data), 0);
    expect_over(CUB_EARLY_DATA_REJECTED);
    cr_assert(cub_conn_get_session_reused(p.server));
    finish();
    cub_memory_store_free(memory);
}

/* Tickets whose keys come from elsewhere may be older than what a server remembers itself. */
Test(early_data, young_register)
{
    uint8_t data[8];

    client_context = pair_client_context();
    server_context = twin(NULL);
    first();
    send_early("data", 4, 4);
    cr_assert_eq(read_early(data, sizeof data), 0);
    expect_over(CUB_EARLY_DATA_REJECTED);
    finish();
}

/* Tickets that are keys of a cache, which two servers share. */
Test(early_data, session_cache)
{
    struct cub_shared_store store = watch();
    cub_context *other = pair_server_context(PKI_P256);
    struct cub_session_stats stats;
    struct cub_bytes id;
    size_t len;
    uint8_t *bytes;

    prepare();
    for (unsigned i = 0; i < 2; i++) {
        cub_context *context = i == 0 ? server_context : other;

        cr_assert_eq(cub_context_set_options(context,
                                             cub_context_get_options(context) | CUB_OP_NO_TICKET),
                     CUB_OK);
        cr_assert_eq(cub_context_set_session_cache(context, &store), CUB_OK);
    }
    first();
    cr_assert_eq(watched.puts, 2);
    cub_session_get_id(session, &id);
    cr_assert_eq(cub_session_save(session, &bytes, &len), CUB_OK);
    cub_free(bytes);
    pair_close(&p);
    cub_context_free(server_context);
    server_context = other;
    begin();
    pair_handshake(&p);
    cr_assert(cub_conn_get_session_reused(p.server), "%s", pair_message(p.server));
    cr_assert_eq(watched.gets, 1);
    pair_close(&p);
    cr_assert_eq(cub_context_set_session_cache(server_context, NULL), CUB_OK);
    cr_assert_eq(cub_context_set_ticket_reuse(client_context, true), CUB_OK);
    begin();
    pair_handshake(&p);
    cr_assert_not(cub_conn_get_session_reused(p.server));
    pair_close(&p);
    cub_memory_store_free(memory);
    /* Another one, which does not know the ticket. */
    store = watch();
    cr_assert_eq(cub_context_set_session_cache(server_context, &store), CUB_OK);
    begin();
    pair_handshake(&p);
    cr_assert_not(cub_conn_get_session_reused(p.server));
    cub_context_session_stats(server_context, &stats);
    cr_assert_eq(stats.misses, 1);
    finish();
    cub_memory_store_free(memory);
}

/* The store itself. */

Test(memory_store, sessions)
{
    struct cub_shared_store s;
    uint8_t key[32] = {0}, value[64];
    unsigned kept = 0;
    size_t len;

    cr_assert_eq(cub_memory_store_new(100, 0, &memory), CUB_OK);
    s = cub_memory_store_functions(memory);
    for (unsigned i = 0; i < 1000; i++) {
        key[0] = (uint8_t)i;
        key[1] = (uint8_t)(i >> 8);
        cr_assert(s.put(s.arg, key, sizeof key, &i, sizeof i, 100 + i));
        cr_assert(s.get(s.arg, key, sizeof key, value, sizeof value, &len));
        cr_assert(len == sizeof i && memcmp(value, &i, len) == 0);
        cr_assert_not(s.get(s.arg, key, sizeof key, value, sizeof i - 1, &len));
        /* In its own place. */
        cr_assert(s.put(s.arg, key, sizeof key, "again", 5, 100 + i));
        cr_assert(s.get(s.arg, key, sizeof key, value, sizeof value, &len));
        cr_assert_eq(len, 5);
    }
    for (unsigned i = 0; i < 1000; i++) {
        key[0] = (uint8_t)i;
        key[1] = (uint8_t)(i >> 8);
        kept += s.get(s.arg, key, sizeof key, value, sizeof value, &len);
    }
    cr_assert(kept > 80 && kept <= 104, "%u", kept);
    cr_assert_not(s.claim(s.arg, key, sizeof key, INT64_MAX / 2, 10), "no room for claims");
    cub_memory_store_free(memory);
}

Test(memory_store, claims)
{
    struct cub_shared_store s;
    uint8_t key[32] = {0};
    unsigned taken = 0;

    cr_assert_eq(cub_memory_store_new(0, 100, &memory), CUB_OK);
    s = cub_memory_store_functions(memory);
    cr_assert_not(s.put(s.arg, key, sizeof key, "x", 1, 10), "no room for sessions");
    cr_assert_not(s.get(s.arg, key, sizeof key, key, sizeof key, &(size_t){0}));
    for (unsigned i = 0; i < 1000; i++) {
        key[0] = (uint8_t)(i * 37);
        key[1] = (uint8_t)(i >> 3);
        if (!s.claim(s.arg, key, sizeof key, INT64_MAX / 2, 100))
            continue;
        taken++;
        cr_assert_not(s.claim(s.arg, key, sizeof key, INT64_MAX / 2, 100));
    }
    cr_assert(taken > 50 && taken <= 104, "%u", taken);
    key[31] = 9;
    cr_assert_not(s.claim(s.arg, key, sizeof key, 0, 100), "it did not exist then");
    cub_memory_store_free(memory);
}

/* Threads that claim the same keys: each key once. */

#define THREADS 4
#define KEYS    2000

static struct cub_shared_store contended;
static atomic_uint winners[KEYS];

static void *claim_all(void *arg)
{
    unsigned step = *(unsigned *)arg;

    for (unsigned i = 0; i < KEYS; i++) {
        unsigned n = (i * step) % KEYS;
        uint8_t key[32] = {(uint8_t)(n * 251 >> 4), (uint8_t)n, (uint8_t)(n >> 8)};

        key[3] = (uint8_t)(n * 7);
        winners[n] += contended.claim(contended.arg, key, sizeof key, INT64_MAX / 2, 100);
        contended.put(contended.arg, key, sizeof key, key, sizeof key, 100);
        contended.get(contended.arg, key, sizeof key, key, sizeof key, &(size_t){0});
    }
    return NULL;
}

Test(memory_store, threads)
{
    static unsigned steps[THREADS] = {1, 3, 7, 9}; /* each goes over all keys */
    pthread_t threads[THREADS];
    unsigned won = 0;

    cr_assert_eq(cub_memory_store_new(64, 8 * KEYS, &memory), CUB_OK);
    contended = cub_memory_store_functions(memory);
    for (unsigned i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, claim_all, &steps[i]), 0);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (unsigned i = 0; i < KEYS; i++) {
        cr_assert_leq(winners[i], 1);
        won += winners[i];
    }
    cr_assert_gt(won, KEYS / 2);
    cub_memory_store_free(memory);
}
