/*
 * 0-RTT data: accepted, refused for every reason there is, and never accepted twice.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/handshake.h"
#include "handshake/strike.h"
#include "tests/handshake/returning.h"

#define EARLY 1000 /* bytes that the client sends early */
#define MOST  16384

static struct returning *const r = &returning;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

static struct cub_strike entries[64 * CUB_STRIKE_WAYS];
static struct cub_strike_register strikes = {entries, 64 * CUB_STRIKE_WAYS, 0};
static struct cub_replay_store store = {cub_strike_claim, &strikes};

/* A client with a ticket that allows 0-RTT data, about to send some. */
static void begin(void)
{
    memset(entries, 0, sizeof entries);
    store.claim = cub_strike_claim;
    returning_init();
    client->config.max_early_data = MOST;
    server->config.max_early_data = MOST;
    server->config.replay_store = &store;
    returning_connect(CUB_PSK_NONE);
    cr_assert_eq(cub_engine_early_data(&client->engine), CUB_EARLY_NONE);
    returning_again();
    cr_assert_eq(r->offered.max_early_data, MOST);
    client->to_send = EARLY;
}

static void run(void)
{
    pump_start(&r->pump);
    pump_run(&r->pump);
}

/* Both start, and all of the client's early data is on its way before the server answers. */
static void start_flight(void)
{
    uint8_t *p;
    size_t n;

    pump_start(&r->pump);
    end_pump_data(client);
    while ((p = cub_engine_sendrec_buf(&client->engine, &n)) != NULL) {
        pump_insert(&r->pump, PUMP_CLIENT, p, n);
        cub_engine_sendrec_ack(&client->engine, n);
        end_pump_data(client);
    }
}

/* The handshake succeeds; the server has so much of the early data. */
static void check_connected(enum cub_early_data expected, uint64_t received)
{
    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
        const struct cub_engine *e = &r->pump.ends[side].engine;

        cr_assert(cub_engine_connected(e) && cub_engine_error(e) == E_OK, "%u: %s in %s", side,
                  cub_error_info(cub_engine_error(e))->name, cub_state_name(e->state));
    }
    cr_assert_eq(cub_engine_early_data(&client->engine), expected);
    cr_assert_eq(server->received, received);
    cr_assert_eq(server->wrong, 0);
    /* What was lost is sent again by the application, or here: never was. */
    client->sent = server->received;
    cr_assert(pump_exchange(&r->pump, 1000));
}

Test(early13, accepted)
{
    begin();
    run();
    check_connected(CUB_EARLY_ACCEPTED, EARLY);
    cr_assert_eq(cub_engine_early_data(&server->engine), CUB_EARLY_ACCEPTED);
    cr_assert(returning_saw(PUMP_CLIENT, CUB_END_OF_EARLY_DATA, true));
    cr_assert(returning_saw(PUMP_SERVER, CUB_END_OF_EARLY_DATA, false));
    /* And again with what that connection left. */
    returning_again();
    client->to_send = EARLY;
    run();
    check_connected(CUB_EARLY_ACCEPTED, EARLY);
}

/* Offered and accepted, but nothing sent. */
Test(early13, nothing_sent)
{
    begin();
    client->to_send = 0;
    run();
    check_connected(CUB_EARLY_ACCEPTED, 0);
}

/* As much as the ticket allows, in records of any size; then sendapp waits for the handshake. */
Test(early13, as_much_as_allowed)
{
    begin();
    end_shrink(client, 16384, 700, 4096);
    client->to_send = MOST + 5000;
    start_flight();
    cr_assert_eq(client->sent, MOST);
    pump_run(&r->pump);
    check_connected(CUB_EARLY_ACCEPTED, MOST + 5000);
    begin();
    client->config.max_early_data = 100;
    run();
    cr_assert_eq(client->engine.early_left, 0);
    check_connected(CUB_EARLY_ACCEPTED, EARLY);
}

/* Nothing that answers the server's flight arrives. */
static void drop_of_client(struct pump *p, enum pump_side from, struct pump_record *record)
{
    (void)p;
    if (from == PUMP_CLIENT)
        record->len = 0;
}

/*
 * The server's application has the data before the client has proven anything else, can tell, and
 * can answer. Both export the same.
 */
Test(early13, before_finished)
{
    uint8_t keys[2][20], later[20];

    begin();
    r->pump.hook = drop_of_client;
    server->to_send = 500;
    start_flight();
    pump_run(&r->pump);
    cr_assert_not(cub_engine_connected(&server->engine));
    cr_assert_eq(server->received, EARLY);
    cr_assert(cub_engine_recvapp_early(&server->engine));
    cr_assert_eq(client->received, 500);
    cr_assert_eq(client->wrong, 0);
    cr_assert_eq(cub_engine_export_early(&server->engine, "label", NULL, 0, keys[PUMP_SERVER], 20),
                 E_OK);
    cr_assert_eq(cub_engine_export_early(&client->engine, "label", NULL, 0, later, 20),
                 E_ENGINE_STATE);
    cr_assert_eq(cub_engine_export(&client->engine, "label", NULL, 0, later, 20), E_OK);
    cr_assert_arr_neq(keys[PUMP_SERVER], later, 20);
    /* The client's, at the time. */
    begin();
    cr_assert_eq(end_start(client), E_OK);
    cr_assert_eq(cub_engine_export_early(&client->engine, "label", NULL, 0, keys[PUMP_CLIENT], 20),
                 E_OK);
    cr_assert_arr_eq(keys[PUMP_CLIENT], keys[PUMP_SERVER], 20);
}

Test(early13, no_early_exporter)
{
    uint8_t key[20];

    returning_init();
    cr_assert_eq(end_start(client), E_OK);
    cr_assert_eq(cub_engine_export_early(&client->engine, "label", NULL, 0, key, 20),
                 E_ENGINE_STATE);
}

/* The client's reasons not to offer it. */
Test(early13, not_offered)
{
    static const uint8_t protocol[] = {'h', '2'};

    for (unsigned i = 0; i < 4; i++) {
        begin();
        client->to_send = 0;
        switch (i) {
        case 0: /* it is not wanted */
            client->config.max_early_data = 0;
            break;
        case 1: /* the ticket does not allow it */
            r->offered.max_early_data = 0;
            break;
        case 2: /* the protocol of then is not offered */
            r->offered.alpn = (struct cub_view){protocol, sizeof protocol};
            break;
        default: /* there is no session */
            client->setup.session = NULL;
        }
        run();
        check_connected(CUB_EARLY_NONE, 0);
        cr_assert_eq(cub_engine_early_data(&server->engine), CUB_EARLY_NONE);
    }
}

static enum cub_error refuse(void *context, void *owner, const struct cub_first_flight *flight)
{
    (void)context, (void)owner, (void)flight;
    return E_EARLY_DATA_REFUSED;
}

static const struct cub_suite *const chacha_only[] = {&cub_suite_chacha20_poly1305_sha256, NULL};
static const struct cub_suite *const sha256_only[] = {&cub_suite_aes_128_gcm_sha256,
                                                      &cub_suite_chacha20_poly1305_sha256, NULL};
static const struct cub_group *const no_groups[] = {NULL};
static const struct cub_group *const p384_only[] = {&cub_group_secp384r1, NULL};

/* The server's reasons to refuse, while the session is resumed or not: the data is passed over. */
Test(early13, rejected)
{
    static const uint8_t h2[] = {2, 'h', '2'};

    for (unsigned i = 0; i < 10; i++) {
        begin();
        switch (i) {
        case 0: /* nothing keeps replays away */
            server->config.replay_store = NULL;
            break;
        case 1: /* not wanted any more */
            server->config.max_early_data = 0;
            break;
        case 2: /* late */
            r->now[PUMP_SERVER] += 10001;
            break;
        case 3: /* early */
            r->now[PUMP_CLIENT] += 10001;
            break;
        case 4: /* the store says no */
            store.claim = refuse;
            break;
        case 5: /* no key was taken */
            r->keys.count = 0;
            break;
        case 6: /* another protocol */
            client->config.alpn = server->config.alpn = (struct cub_view){h2, sizeof h2};
            break;
        case 7: /* another group: HelloRetryRequest */
            server->config.groups = p384_only;
            break;
        case 8: /* the same without resumption */
            server->config.groups = p384_only;
            r->keys.count = 0;
            break;
        default: /* the store began in between */
            strikes.since = RETURNING_NOW;
        }
        run();
        strikes.since = 0;
        check_connected(CUB_EARLY_REJECTED, 0);
        cr_assert_neq(cub_engine_early_data(&server->engine), CUB_EARLY_ACCEPTED);
        cr_assert_eq(cub_engine_psk(&server->engine),
                     i == 5 || i == 8 ? CUB_PSK_NONE : CUB_PSK_RESUMPTION);
        cr_assert_not(returning_saw(PUMP_CLIENT, CUB_END_OF_EARLY_DATA, true));
    }
}

/* A suite with the same hash resumes, but not for 0-RTT data. */
Test(early13, other_suite)
{
    memset(entries, 0, sizeof entries);
    returning_init();
    client->config.max_early_data = server->config.max_early_data = MOST;
    server->config.replay_store = &store;
    client->config.suites = server->config.suites = sha256_only;
    returning_connect(CUB_PSK_NONE);
    returning_again();
    client->to_send = EARLY;
    /* The server still has the first suite, so that the session is good, but prefers the client's
     * order, in which it is not. */
    run();
    check_connected(CUB_EARLY_ACCEPTED, EARLY);
    cr_assert_eq(client->engine.suite, &cub_suite_aes_128_gcm_sha256);
    returning_again();
    client->config.suites = chacha_only;
    r->offered.suite = cub_suite_chacha20_poly1305_sha256.id;
    client->to_send = EARLY;
    run();
    check_connected(CUB_EARLY_REJECTED, 0);
    cr_assert_eq(cub_engine_psk(&server->engine), CUB_PSK_RESUMPTION);
}

Test(early13, within_window)
{
    begin();
    r->now[PUMP_CLIENT] += 3600 * 1000;
    r->now[PUMP_SERVER] += 3600 * 1000 + 10000;
    run();
    check_connected(CUB_EARLY_ACCEPTED, EARLY);
    begin();
    server->config.early_data_window = 5;
    r->now[PUMP_SERVER] += 6;
    run();
    check_connected(CUB_EARLY_REJECTED, 0);
}

static enum cub_error claim_later(void *context, void *owner, const struct cub_first_flight *flight)
{
    static unsigned calls;

    return ++calls % 3 != 0 ? E_WAIT_SESSION : cub_strike_claim(context, owner, flight);
}

Test(early13, store_that_waits)
{
    begin();
    store.claim = claim_later;
    pump_start(&r->pump);
    for (unsigned i = 0; i < 2; i++) {
        pump_run(&r->pump);
        cr_assert_eq(cub_engine_waits(&server->engine), CUB_WAIT_SESSION);
        cub_engine_resume(&server->engine);
    }
    pump_run(&r->pump);
    check_connected(CUB_EARLY_ACCEPTED, EARLY);
}

/* Small tables know nothing of it, and pass it over. */
Test(early13, small_tables)
{
    static const struct cub_protocol *const tables[] = {&cub_server13_cert, &cub_server13_psk};
    struct cub_profile profile = cub_profile_full;

    for (unsigned i = 0; i < 2; i++) {
        begin();
        profile.server = tables[i];
        server->config.profile = &profile;
        run();
        check_connected(CUB_EARLY_REJECTED, 0);
    }
    begin();
    client->to_send = 0;
    profile = cub_profile_full;
    profile.offer_early_data = NULL;
    client->config.profile = &profile;
    run();
    check_connected(CUB_EARLY_NONE, 0);
}

/* More than the ticket allows. */
Test(early13, too_much)
{
    begin();
    r->offered.max_early_data = 2 * MOST;
    client->config.max_early_data = 2 * MOST;
    client->to_send = MOST + 1;
    start_flight();
    pump_run(&r->pump);
    cr_assert_eq(cub_engine_error(&server->engine), E_EARLY_DATA_TOO_MUCH);
    cr_assert_eq(cub_engine_alert_sent(&server->engine), ALERT_UNEXPECTED_MESSAGE);
}

/* More than is passed over. */
Test(early13, too_much_to_skip)
{
    for (unsigned retry = 0; retry < 2; retry++) {
        begin();
        server->config.max_early_data = 0;
        server->config.groups = retry ? p384_only : NULL;
        r->offered.max_early_data = 2 * MOST;
        client->config.max_early_data = 2 * MOST;
        client->to_send = MOST + 1;
        start_flight();
        pump_run(&r->pump);
        cr_assert_eq(cub_engine_error(&server->engine), E_RECORD_SKIPPED);
        cr_assert_eq(cub_engine_alert_sent(&server->engine), ALERT_UNEXPECTED_MESSAGE);
    }
}

/* Record number n of the client, counted from ClientHello, is broken or dropped. */
static unsigned number;
static bool drop;

static void break_record(struct pump *p, enum pump_side from, struct pump_record *record)
{
    if (from != PUMP_CLIENT || p->records[from] != number)
        return;
    if (drop)
        record->len = 0;
    else
        record->bytes[record->len - 1] ^= 1;
}

/* Accepted data is protected like all other; and EndOfEarlyData must come. */
Test(early13, broken)
{
    for (number = 2; number < 4; number++) {
        begin();
        drop = number == 3;
        r->pump.hook = break_record;
        run();
        cr_assert_eq(cub_engine_error(&server->engine), E_RECORD_BAD_MAC);
        cr_assert_eq(server->received, number == 3 ? EARLY : 0);
    }
}

/* Servers that accept what does not fit: by a claim that changes their minds. */
static void (*change_mind)(struct cub_engine *e);

static enum cub_error claim_and_change(void *context, void *owner,
                                       const struct cub_first_flight *flight)
{
    (void)context, (void)owner, (void)flight;
    change_mind(&server->engine);
    return E_OK;
}

static void choose_protocol(struct cub_engine *e)
{
    e->alpn = (struct cub_view){e->config->alpn.data + 1, 2};
}

static void choose_suite(struct cub_engine *e)
{
    e->suite = &cub_suite_chacha20_poly1305_sha256;
}

Test(early13, bad_server)
{
    static void (*const changes[])(struct cub_engine *) = {choose_protocol, choose_suite};
    static const uint8_t h2[] = {2, 'h', '2'};

    for (unsigned i = 0; i < 2; i++) {
        returning_init();
        client->config.suites = server->config.suites = sha256_only;
        client->config.max_early_data = server->config.max_early_data = MOST;
        server->config.replay_store = &store;
        returning_connect(CUB_PSK_NONE);
        returning_again();
        client->config.alpn = (struct cub_view){h2, sizeof h2};
        server->config.alpn = (struct cub_view){h2, sizeof h2};
        if (i == 1)
            client->config.alpn.len = 0;
        store.claim = claim_and_change;
        change_mind = changes[i];
        /* Without a protocol chosen the server goes as far as the claim. */
        if (i == 0)
            server->config.alpn.len = 0;
        run();
        cr_assert_eq(cub_engine_error(&client->engine), E_EE_EARLY_DATA);
        cr_assert_eq(cub_engine_alert_sent(&client->engine), ALERT_ILLEGAL_PARAMETER);
    }
}

/* A server of TLS 1.2 only: the connection fails, to be tried again without [RFC8446-D.3]. */
Test(early13, older_server)
{
    begin();
    client->config.min_version = CUB_TLS1_2;
    server->config.min_version = server->config.max_version = CUB_TLS1_2;
    run();
    cr_assert_eq(cub_engine_error(&client->engine), E_SH_EARLY_DATA);
}

/* early_data in the second ClientHello. */
static void add_early_data(struct cub_client_hello *hello)
{
    if (r->pump.records[PUMP_SERVER] > 0)
        hello->present |= (uint32_t)EXT_BIT(EXT_EARLY_DATA);
}

Test(early13, second_hello)
{
    begin();
    client->config.max_early_data = 0;
    client->to_send = 0;
    server->config.groups = p384_only;
    r->keys.count = 0;
    r->change_client = add_early_data;
    r->pump.hook = returning_edit_client_hello;
    run();
    /* Passed over, and no early data with it. The handshake fails later, as it was changed. */
    cr_assert(returning_saw(PUMP_SERVER, CUB_CERTIFICATE, true));
    cr_assert_neq(cub_engine_early_data(&server->engine), CUB_EARLY_ACCEPTED);
    cr_assert_not(server->engine.in.skipping);
}

/* The server's limit for records, as the session remembers it. */
Test(early13, record_size_limit)
{
    memset(entries, 0, sizeof entries);
    returning_init();
    client->config.max_early_data = server->config.max_early_data = MOST;
    server->config.replay_store = &store;
    end_shrink(server, 512, 16384, 4096);
    returning_connect(CUB_PSK_NONE);
    returning_again();
    end_shrink(server, 512, 16384, 4096);
    cr_assert_eq(r->offered.record_size_limit, 513);
    client->to_send = 5000;
    run();
    check_connected(CUB_EARLY_ACCEPTED, 5000);
}

/* Of the server's flight, all up to EncryptedExtensions. */
static void drop_finished(struct pump *p, enum pump_side from, struct pump_record *record)
{
    if (from == PUMP_SERVER && p->records[PUMP_SERVER] > 3)
        record->len = 0;
}

/* The server's new limit comes while a record that is longer already is being filled. */
Test(early13, record_size_limit_shrinks)
{
    size_t room;
    uint8_t *p;

    begin();
    client->to_send = 0;
    client->config.record_size_limit = 64; /* EncryptedExtensions and Finished are two records */
    server->config.record_size_limit = 64;
    r->pump.hook = drop_finished;
    pump_start(&r->pump);
    while ((p = cub_engine_sendrec_buf(&client->engine, &room)) != NULL) {
        pump_insert(&r->pump, PUMP_CLIENT, p, room);
        cub_engine_sendrec_ack(&client->engine, room);
    }
    p = cub_engine_sendapp_buf(&client->engine, &room);
    cr_assert_not_null(p);
    memset(p, 0, 300);
    cub_engine_sendapp_ack(&client->engine, 300);
    pump_run(&r->pump);
    cr_assert_eq(cub_engine_error(&client->engine), E_OK);
    cr_assert_eq(client->engine.state, WAIT_FINISHED);
    cr_assert_not_null(cub_engine_sendapp_buf(&client->engine, &room));
    cr_assert_eq(room, 64);
}

/* The flight of one client, to be sent again and again. */
static struct flight {
    uint8_t bytes[4096];
    size_t len;
} flight;

static void record_flight(void)
{
    uint8_t *p;
    size_t n;

    flight.len = 0;
    cr_assert_eq(end_start(client), E_OK);
    client->to_send = 100;
    end_pump_data(client);
    while ((p = cub_engine_sendrec_buf(&client->engine, &n)) != NULL) {
        cr_assert_leq(flight.len + n, sizeof flight.bytes);
        memcpy(flight.bytes + flight.len, p, n);
        flight.len += n;
        cub_engine_sendrec_ack(&client->engine, n);
        end_pump_data(client);
    }
}

/* Bytes of early data that a new server takes from it. */
static uint64_t replay(void)
{
    size_t done = 0, n;
    uint8_t *p;

    server->received = 0;
    cr_assert_eq(end_start(server), E_OK);
    while (done < flight.len && (p = cub_engine_recvrec_buf(&server->engine, &n)) != NULL) {
        if (n > flight.len - done)
            n = flight.len - done;
        memcpy(p, flight.bytes + done, n);
        done += n;
        cub_engine_recvrec_ack(&server->engine, n);
        end_pump_data(server);
    }
    cr_assert_eq(cub_engine_error(&server->engine), E_OK);
    cr_assert_eq(cub_engine_psk(&server->engine), CUB_PSK_RESUMPTION);
    return server->received;
}

/* Over and over, at any time within the ticket's life: the data counts once at most. */
Test(early13, replays)
{
    unsigned accepted = 0;

    begin();
    client->config.flags = server->config.flags = CUB_FLAG_PSK_KE;
    client->config.groups = no_groups;
    for (unsigned i = 0; i < 500; i++) {
        unsigned times = 0;

        client->random_state.state += 99;
        r->now[PUMP_CLIENT] = r->now[PUMP_SERVER] = RETURNING_NOW + 1000 * (uint64_t)i;
        record_flight();
        for (unsigned j = 0; j < 20; j++) {
            /* From half a window too early to far too late. */
            r->now[PUMP_SERVER] = RETURNING_NOW + 1000 * (uint64_t)i + 997 * (uint64_t)j - 5000;
            if (j == 0)
                r->now[PUMP_SERVER] = r->now[PUMP_CLIENT];
            times += replay() > 0;
        }
        cr_assert_leq(times, 1);
        accepted += times;
    }
    cr_assert_gt(accepted, 400);
}
