/*
 * A first flight that is replayed to a group of servers: it is accepted at most once, in whatever
 * order the bytes arrive and the store answers.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/strike.h"
#include "tests/handshake/returning.h"

#define INTERLEAVINGS 10000
#define COPIES        4 /* of the flight; every second one to the same server */
#define EARLY         100

static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

/* One connection of one of the two servers, to which the flight is sent. */
struct copy {
    struct end end;
    size_t delivered;
    bool asked;    /* the store was */
    bool answered; /* and what it said */
    enum cub_error answer;
    struct cub_first_flight question;
    uint8_t id[64];
};

static struct copy copies[COPIES];
static struct cub_strike entries[64 * CUB_STRIKE_WAYS];
static struct cub_strike_register strikes = {entries, 64 * CUB_STRIKE_WAYS, 0};
static uint8_t flight[4096];
static size_t flight_len;
static uint64_t state = 1;

static unsigned random_below(unsigned n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(state >> 33) % n;
}

static uint64_t now(void *owner)
{
    (void)owner;
    return RETURNING_NOW + 100;
}

/* The store is elsewhere: it is asked, and answers later. */
static enum cub_error claim_later(void *context, void *owner, const struct cub_first_flight *asked)
{
    struct copy *copy = owner;

    (void)context;
    if (copy->answered)
        return copy->answer;
    cr_assert_leq(asked->id.len, sizeof copy->id);
    memcpy(copy->id, asked->id.data, asked->id.len);
    copy->question = *asked;
    copy->question.id.data = copy->id;
    copy->asked = true;
    return E_WAIT_SESSION;
}

static const struct cub_replay_store store = {claim_later, NULL};

/* Two servers that share the keys of tickets and the store. */
static void start_servers(void)
{
    for (unsigned i = 0; i < COPIES; i++) {
        struct copy *copy = &copies[i];

        memset(copy, 0, offsetof(struct copy, question));
        end_init(&copy->end, true);
        copy->end.config = server->config;
        copy->end.config.now = now;
        copy->end.config.replay_store = &store;
        copy->end.config.alpn = (struct cub_view){NULL, 0};
        copy->end.config.trace = NULL;
        copy->end.random_state.state += 7 * i % 2;
        copy->end.setup.owner = copy;
        cr_assert_eq(end_start(&copy->end), E_OK);
    }
}

static void record_flight(void)
{
    uint8_t *p;
    size_t n;

    flight_len = 0;
    client->random_state.state += 99;
    cr_assert_eq(end_start(client), E_OK);
    client->to_send = EARLY;
    end_pump_data(client);
    while ((p = cub_engine_sendrec_buf(&client->engine, &n)) != NULL) {
        cr_assert_leq(flight_len + n, sizeof flight);
        memcpy(flight + flight_len, p, n);
        flight_len += n;
        cub_engine_sendrec_ack(&client->engine, n);
        end_pump_data(client);
    }
}

/* Some bytes more for a connection; false: it takes none. */
static bool deliver(struct copy *copy)
{
    size_t left = flight_len - copy->delivered, room;
    uint8_t *p = left > 0 ? cub_engine_recvrec_buf(&copy->end.engine, &room) : NULL;
    size_t n;

    if (p == NULL)
        return false;
    n = 1 + random_below((unsigned)flight_len);
    if (n > left)
        n = left;
    if (n > room)
        n = room;
    memcpy(p, flight + copy->delivered, n);
    copy->delivered += n;
    cub_engine_recvrec_ack(&copy->end.engine, n);
    end_pump_data(&copy->end);
    return true;
}

/* The store takes one step for a connection, or the connection hears of it; false: neither. */
static bool answer(struct copy *copy)
{
    if (copy->asked && !copy->answered) {
        copy->answer = cub_strike_claim(&strikes, NULL, &copy->question);
        copy->answered = true;
        return true;
    }
    if (cub_engine_waits(&copy->end.engine) != CUB_WAIT_SESSION)
        return false;
    cub_engine_resume(&copy->end.engine);
    end_pump_data(&copy->end);
    return true;
}

static void interleave(void)
{
    unsigned idle = 0;

    while (idle < 40) {
        struct copy *copy = &copies[random_below(COPIES)];
        bool moved = random_below(3) == 0 ? answer(copy) : deliver(copy);

        idle = moved ? 0 : idle + 1;
    }
    for (unsigned i = 0; i < COPIES; i++)
        while (answer(&copies[i]) || deliver(&copies[i]))
            ;
}

static void prepare(void)
{
    static const struct cub_group *const no_groups[] = {NULL};

    memset(entries, 0, sizeof entries);
    returning_init();
    client->config.max_early_data = server->config.max_early_data = 16384;
    server->config.replay_store = &store;
    returning_connect(CUB_PSK_NONE);
    returning_again();
    /* Nothing here depends on a key exchange, and without one it is quick. */
    client->config.flags = server->config.flags = CUB_FLAG_PSK_KE;
    client->config.groups = no_groups;
}

Test(early_server13, interleavings)
{
    unsigned taken_by[2] = {0, 0};

    prepare();
    for (unsigned i = 0; i < INTERLEAVINGS; i++) {
        unsigned accepted = 0;

        if (i % 100 == 0)
            memset(entries, 0, sizeof entries);
        start_servers();
        record_flight();
        interleave();
        for (unsigned j = 0; j < COPIES; j++) {
            const struct end *end = &copies[j].end;
            bool has = cub_engine_early_data(&end->engine) == CUB_EARLY_ACCEPTED;

            cr_assert_eq(cub_engine_error(&end->engine), E_OK);
            cr_assert_eq(cub_engine_psk(&end->engine), CUB_PSK_RESUMPTION);
            cr_assert_eq(end->received, has ? EARLY : 0);
            accepted += has;
            taken_by[j % 2] += has;
        }
        cr_assert_eq(accepted, 1, "interleaving %u: %u times", i, accepted);
    }
    /* The order was random indeed. */
    cr_assert_gt(taken_by[0], INTERLEAVINGS / 4);
    cr_assert_gt(taken_by[1], INTERLEAVINGS / 4);
}

/* No place is left: 0-RTT data is refused, and sessions are resumed as ever. */
Test(early_server13, full_store)
{
    prepare();
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        entries[i].until = UINT64_MAX;
    start_servers();
    record_flight();
    interleave();
    for (unsigned j = 0; j < COPIES; j++) {
        cr_assert_eq(cub_engine_error(&copies[j].end.engine), E_OK);
        cr_assert_eq(cub_engine_early_data(&copies[j].end.engine), CUB_EARLY_REJECTED);
        cr_assert_eq(cub_engine_psk(&copies[j].end.engine), CUB_PSK_RESUMPTION);
    }
}
