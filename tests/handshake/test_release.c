/*
 * The memory of the handshake, given back when that is over: data, tickets, new keys and the end go
 * on without it.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "handshake/messages.h"
#include "tests/handshake/returning.h"

#define TICKET 300 /* bytes */

static struct pump *const p = &returning.pump;
static uint8_t spare[2][64], larger[2048];

static void release(enum pump_side side)
{
    struct end *end = &p->ends[side];
    const uint8_t *memory = end->setup.handshake;

    cr_assert(cub_engine_release(&end->engine, spare[side], sizeof spare[side]));
    for (size_t i = 0; i < cub_handshake_size(end->config.profile); i++)
        cr_assert_eq(memory[i], 0, "byte %zu is not wiped", i);
    memset(end->setup.handshake, 0xee, end->setup.handshake_size);
}

static void check_unused(enum pump_side side)
{
    const struct end *end = &p->ends[side];
    const uint8_t *memory = end->setup.handshake;

    for (size_t i = 0; i < end->setup.handshake_size; i++)
        cr_assert_eq(memory[i], 0xee);
}

/* A NewSessionTicket; returns its length. */
static size_t make_ticket(uint8_t *out)
{
    size_t body = 4 + 4 + 2 + 2 + TICKET + 2;

    memset(out, 0, 4 + body);
    out[0] = CUB_NEW_SESSION_TICKET;
    cub_store_be24(out + 1, (uint32_t)body);
    cub_store_be32(out + 4, 3600);
    out[12] = 1;
    cub_store_be16(out + 14, TICKET);
    return 4 + body;
}

/* Sends a piece of a message to this side in a record of its own. */
static void send_piece_to(enum pump_side side, const uint8_t *piece, size_t len)
{
    static uint8_t record[1024];
    size_t prefix = p->ends[side].engine.in.protection.format->prefix;

    memcpy(record + CUB_RECORD_HEADER + prefix, piece, len);
    len = end_forge(&p->ends[side], CUB_HANDSHAKE, record, len);
    pump_insert(p, !side, record, len);
    pump_run(p);
}

static void send_piece(const uint8_t *piece, size_t len)
{
    send_piece_to(PUMP_CLIENT, piece, len);
}

Test(release, not_before_the_handshake_is_over)
{
    struct cub_engine closed = {0};

    returning_init();
    cr_expect_not(cub_engine_release(&closed, spare[0], sizeof spare[0]));
    pump_start(p);
    for (unsigned side = 0; side < 2; side++)
        cr_expect_not(cub_engine_release(&p->ends[side].engine, spare[side], sizeof spare[side]));
    pump_run(p);
    for (unsigned side = 0; side < 2; side++) {
        struct cub_engine *e = &p->ends[side].engine;
        cr_expect(cub_engine_connected(e));
        cr_expect_not(cub_engine_release(e, spare[side], 63), "too small");
        cr_expect(cub_engine_release(e, spare[side], sizeof spare[side]));
        cr_expect_not(cub_engine_release(e, spare[side], sizeof spare[side]), "twice");
    }
}

Test(release, not_while_certificates_may_be_asked_for)
{
    returning_init();
    for (unsigned side = 0; side < 2; side++)
        p->ends[side].config.flags |= CUB_FLAG_POST_HANDSHAKE_AUTH;
    pump_handshake(p);
    for (unsigned side = 0; side < 2; side++)
        cr_expect_not(cub_engine_release(&p->ends[side].engine, spare[side], sizeof spare[side]));
}

Test(release, everything_goes_on)
{
    static const uint16_t versions[] = {CUB_TLS1_2, CUB_TLS1_3};

    for (size_t i = 0; i < 2; i++) {
        returning_init();
        for (unsigned side = 0; side < 2; side++) {
            p->ends[side].config.profile = &cub_profile_full;
            p->ends[side].config.min_version = p->ends[side].config.max_version = versions[i];
        }
        pump_handshake(p);
        release(PUMP_CLIENT);
        release(PUMP_SERVER);
        cr_assert(pump_exchange(p, 100000));
        for (unsigned side = 0; side < 2; side++) {
            cub_engine_key_update(&p->ends[side].engine, true);
            pump_run(p);
            cr_assert(pump_exchange(p, 100000));
        }
        cub_engine_close(&p->ends[PUMP_CLIENT].engine);
        cub_engine_close(&p->ends[PUMP_SERVER].engine);
        pump_run(p);
        for (unsigned side = 0; side < 2; side++) {
            cr_expect(cub_engine_read_closed(&p->ends[side].engine));
            cr_expect_eq(cub_engine_error(&p->ends[side].engine), E_OK);
            cub_engine_free(&p->ends[side].engine);
            check_unused((enum pump_side)side);
        }
    }
}

/* One that is whole in its record needs no memory, one in pieces waits for it. */
Test(release, tickets)
{
    struct cub_engine *client = &p->ends[PUMP_CLIENT].engine;
    uint8_t message[1024];
    size_t len;
    unsigned before;

    returning_init();
    pump_handshake(p);
    release(PUMP_CLIENT);
    before = returning.count;
    len = make_ticket(message);
    send_piece(message, len);
    cr_assert_eq(cub_engine_error(client), E_OK);
    cr_expect_eq(returning.count, before + 1);
    for (size_t cut = 1; cut < 100; cut += 7) {
        send_piece(message, cut);
        send_piece(message + cut, len - cut);
        cr_assert_eq(cub_engine_error(client), E_OK);
        if (client->assembly.size < len) {
            cr_assert_eq(cub_engine_waits(client), CUB_WAIT_MEMORY);
            while (cub_engine_waits(client) == CUB_WAIT_MEMORY) {
                cr_assert_leq(cub_engine_spare_needed(client), len);
                cub_engine_set_spare(client, larger, sizeof larger);
                cub_engine_resume(client);
            }
            pump_run(p);
        }
        returning.count %= RETURNING_SESSIONS;
    }
    cr_expect_eq(cub_engine_waits(client), CUB_WAIT_NOTHING);
    cr_expect_eq(client->assembly.len, 0);
    check_unused(PUMP_CLIENT);
}

/* In TLS 1.2 the client wants to begin anew, with a ClientHello in pieces: refused, and the
 * connection goes on [RFC5246-7.2.2]. */
Test(release, renegotiation_in_pieces)
{
    struct cub_engine *server = &p->ends[PUMP_SERVER].engine;
    uint8_t message[300] = {CUB_CLIENT_HELLO, 0, (sizeof message - 4) >> 8,
                            (sizeof message - 4) & 0xff};

    for (size_t cut = 1; cut < sizeof message; cut += 13) {
        returning_init();
        for (unsigned side = 0; side < 2; side++)
            p->ends[side].config.min_version = p->ends[side].config.max_version = CUB_TLS1_2;
        pump_handshake(p);
        release(PUMP_SERVER);
        send_piece_to(PUMP_SERVER, message, cut);
        while (cub_engine_waits(server) == CUB_WAIT_MEMORY) {
            cr_assert_leq(cub_engine_spare_needed(server), sizeof message);
            cub_engine_set_spare(server, larger, sizeof larger);
            cub_engine_resume(server);
        }
        send_piece_to(PUMP_SERVER, message + cut, sizeof message - cut);
        while (cub_engine_waits(server) == CUB_WAIT_MEMORY) {
            cub_engine_set_spare(server, larger, sizeof larger);
            cub_engine_resume(server);
        }
        pump_run(p);
        cr_assert_eq(cub_engine_error(server), E_OK);
        cr_expect_eq(server->alert_sent, ALERT_NO_RENEGOTIATION);
        check_unused(PUMP_SERVER);
    }
}
