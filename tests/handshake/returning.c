#include "tests/handshake/returning.h"

#include <criterion/criterion.h>

#include <string.h>

#include "handshake/messages.h"

struct returning returning;

static enum pump_side side_of(const void *owner)
{
    return owner == &returning.pump.ends[PUMP_SERVER] ? PUMP_SERVER : PUMP_CLIENT;
}

static uint64_t now(void *owner)
{
    return returning.now[side_of(owner)];
}

static void keep_session(void *owner, const struct cub_session_state *session)
{
    struct returning *r = &returning;

    cr_assert_eq(side_of(owner), PUMP_CLIENT);
    cr_assert_lt(r->count, RETURNING_SESSIONS);
    cr_assert_eq(cub_session_encode(session, r->sessions[r->count], sizeof r->sessions[0],
                                    &r->session_lens[r->count]),
                 E_OK);
    r->count++;
}

void returning_init(void)
{
    struct returning *r = &returning;
    uint8_t key[CUB_TICKET_KEY_SIZE];

    memset(r, 0, sizeof *r);
    pump_init(&r->pump);
    r->now[PUMP_CLIENT] = r->now[PUMP_SERVER] = RETURNING_NOW;
    r->random_state.state = 77;
    r->random = (struct cub_random){test_random_fill, &r->random_state};
    r->keys.aead = &cub_aes_128_gcm;
    r->keys.random = &r->random;
    memset(key, 'k', sizeof key);
    cub_ticket_keys_rotate(&r->keys, key);
    r->store = (struct cub_session_store){cub_ticket_seal, cub_ticket_open, &r->keys};
    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++)
        r->pump.ends[side].config.now = now;
    r->pump.ends[PUMP_CLIENT].config.new_session = keep_session;
    r->pump.ends[PUMP_SERVER].config.session_store = &r->store;
    r->pump.ends[PUMP_SERVER].config.num_tickets = 2;
}

void returning_offer(unsigned number)
{
    struct returning *r = &returning;

    cr_assert_lt(number, r->count);
    cr_assert_eq(cub_session_decode(&r->offered, r->sessions[number], r->session_lens[number]),
                 E_OK);
    r->pump.ends[PUMP_CLIENT].setup.session = &r->offered;
}

void returning_again(void)
{
    struct returning *r = &returning;
    struct cub_config configs[2] = {r->pump.ends[0].config, r->pump.ends[1].config};

    r->connections++;
    pump_init(&r->pump);
    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
        r->pump.ends[side].config = configs[side];
        r->pump.ends[side].random_state.state += 1000 * (uint64_t)r->connections;
    }
    if (r->count > 0)
        returning_offer(r->count - 1);
}

void returning_connect(enum cub_psk_kind kind)
{
    struct pump *p = &returning.pump;

    pump_handshake(p);
    cr_assert_eq(cub_engine_psk(&p->ends[PUMP_CLIENT].engine), kind);
    cr_assert_eq(cub_engine_psk(&p->ends[PUMP_SERVER].engine), kind);
    cr_assert_eq(returning_saw(PUMP_CLIENT, CUB_CERTIFICATE, false), kind == CUB_PSK_NONE);
    cr_assert(pump_exchange(p, 1000));
}

void returning_fail(enum pump_side side, enum cub_error expected)
{
    struct pump *p = &returning.pump;
    enum cub_error error;

    pump_start(p);
    pump_run(p);
    error = cub_engine_error(&p->ends[side].engine);
    cr_assert_eq(error, expected, "%s", cub_error_info(error)->name);
    cr_assert_eq(cub_engine_error(&p->ends[!side].engine), E_ALERT_RECEIVED);
    cr_assert_eq(cub_engine_alert_received(&p->ends[!side].engine), cub_error_alert(expected));
}

void returning_first(void)
{
    returning_init();
    returning_connect(CUB_PSK_NONE);
    returning_again();
}

bool returning_saw(enum pump_side side, uint8_t type, bool outgoing)
{
    const struct end *end = &returning.pump.ends[side];

    for (unsigned i = 0; i < end->event_count; i++) {
        const struct cub_trace *event = &end->events[i];

        if (event->kind == CUB_TRACE_MESSAGE && event->type == type && event->outgoing == outgoing)
            return true;
    }
    return false;
}

bool returning_is(const struct pump_record *record, uint8_t type)
{
    return record->len > 5 + CUB_MESSAGE_HEADER && record->bytes[0] == CUB_HANDSHAKE &&
           record->bytes[5] == type;
}

void returning_replace(struct pump_record *record, const uint8_t *message, size_t len)
{
    cr_assert_leq(5 + len, sizeof record->bytes);
    memcpy(record->bytes + 5, message, len);
    record->bytes[3] = (uint8_t)(len >> 8);
    record->bytes[4] = (uint8_t)len;
    record->len = 5 + len;
}

void returning_edit_client_hello(struct pump *p, enum pump_side from, struct pump_record *record)
{
    static uint8_t message[4096];
    struct cub_client_hello hello;
    struct rd body;
    struct wr w;

    (void)p, (void)from;
    if (!returning_is(record, CUB_CLIENT_HELLO))
        return;
    rd_init(&body, record->bytes + 9, record->len - 9);
    cr_assert_eq(cub_client_hello_decode(&body, &hello), E_OK);
    returning.change_client(&hello);
    wr_init(&w, message, sizeof message);
    cub_client_hello_encode(&w, &hello);
    returning_replace(record, message, w.pos);
}

void returning_edit_server_hello(struct pump *p, enum pump_side from, struct pump_record *record)
{
    static uint8_t message[4096];
    struct cub_server_hello hello;
    struct rd body;
    struct wr w;

    (void)p, (void)from;
    if (!returning_is(record, CUB_SERVER_HELLO))
        return;
    rd_init(&body, record->bytes + 9, record->len - 9);
    cr_assert_eq(cub_server_hello_decode(&body, &hello), E_OK);
    cr_assert_eq(cub_server_hello_extensions(&hello, IN_SH, UINT32_MAX), E_OK);
    returning.change_server(&hello);
    wr_init(&w, message, sizeof message);
    cub_server_hello_encode(&w, &hello, IN_SH);
    returning_replace(record, message, w.pos);
}
