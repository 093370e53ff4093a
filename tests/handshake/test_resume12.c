/*
 * Sessions of TLS 1.2: by tickets and by ids, in both roles; what binds them, and what the ends say
 * to each other when one of them does it wrong.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/handshake.h"
#include "handshake/messages12.h"
#include "tests/handshake/returning.h"

static struct returning *const r = &returning;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

/* The server's cache. */
static struct {
    uint8_t id[CUB_SESSION_ID_SIZE];
    uint8_t session[4096];
    size_t len;
    unsigned puts, waits;
    uint8_t asked[32];
    size_t asked_len;
} kept;

static enum cub_error put(void *context, void *owner, const uint8_t id[CUB_SESSION_ID_SIZE],
                          const uint8_t *session, size_t len)
{
    cr_assert_eq(context, &kept);
    cr_assert_eq(owner, server);
    memcpy(kept.id, id, sizeof kept.id);
    memcpy(kept.session, session, len);
    kept.len = len;
    kept.puts++;
    return E_OK;
}

static enum cub_error open_kept(void *context, void *owner, uint8_t *buffer, size_t *len,
                                size_t size)
{
    cr_assert_eq(context, &kept);
    cr_assert_eq(owner, server);
    memcpy(kept.asked, buffer, *len);
    kept.asked_len = *len;
    if (kept.waits > 0) {
        kept.waits--;
        return E_WAIT_SESSION;
    }
    if (*len != sizeof kept.id || memcmp(buffer, kept.id, *len) != 0 || kept.len > size)
        return E_SESSION_UNKNOWN;
    memcpy(buffer, kept.session, kept.len);
    *len = kept.len;
    return E_OK;
}

static const struct cub_session_cache cache = {put, open_kept, &kept};

/* How a session gets from one connection to the next. */
enum way { BY_TICKET, BY_ID, WAYS };

static void init(enum way way)
{
    memset(&kept, 0, sizeof kept);
    returning_init();
    for (unsigned side = 0; side < 2; side++)
        r->pump.ends[side].config.max_version = r->pump.ends[side].config.min_version = CUB_TLS1_2;
    if (way == BY_ID) {
        server->config.session_store = NULL;
        server->config.session_cache = &cache;
    }
}

static void first(enum way way)
{
    init(way);
    returning_connect(CUB_PSK_NONE);
    cr_assert_eq(r->count, 1);
    returning_again();
}

Test(resume12, resumes)
{
    for (enum way way = 0; way < WAYS; way++) {
        uint8_t secret[48];

        first(way);
        cr_assert_eq(r->offered.version, CUB_TLS1_2);
        cr_assert_eq(r->offered.ticket.len > 0, way == BY_TICKET);
        cr_assert_eq(r->offered.id.len, way == BY_TICKET ? 0 : 32);
        cr_assert(r->offered.extended_master_secret);
        memcpy(secret, r->offered.secret.data, 48);
        returning_connect(CUB_PSK_RESUMPTION);
        cr_assert_eq(client->engine.version, CUB_TLS1_2);
        cr_assert_arr_eq(client->engine.master_secret, secret, 48);
        cr_assert(client->engine.extended_master_secret && server->engine.extended_master_secret);
        /* What the session remembers is told again. */
        cr_assert_eq(client->engine.peer_scheme, 0x0403);
        cr_assert_not_null(client->engine.group);
        cr_assert_eq(client->engine.group, server->engine.group);
        /* The same session serves again and again. */
        cr_assert_eq(r->count, 1);
        for (unsigned i = 0; i < 3; i++) {
            returning_again();
            returning_connect(CUB_PSK_RESUMPTION);
        }
    }
}

/* One flight less, and no certificate: exactly these messages. */
Test(resume12, messages)
{
    static const uint8_t by_server[] = {CUB_CLIENT_HELLO, CUB_SERVER_HELLO, CUB_FINISHED,
                                        CUB_FINISHED};

    for (enum way way = 0; way < WAYS; way++) {
        unsigned n = 0;

        first(way);
        returning_connect(CUB_PSK_RESUMPTION);
        for (unsigned i = 0; i < server->event_count; i++) {
            if (server->events[i].kind == CUB_TRACE_MESSAGE)
                cr_assert_eq(server->events[i].type, by_server[n++]);
        }
        cr_assert_eq(n, sizeof by_server);
    }
}

/* In one byte at a time, and in small records. */
Test(resume12, pieces)
{
    static const size_t one[] = {1, 0};

    for (enum way way = 0; way < WAYS; way++) {
        init(way);
        end_shrink(client, 300, 300, 1500);
        end_shrink(server, 300, 300, 2000);
        r->pump.splits = one;
        returning_connect(CUB_PSK_NONE);
        returning_again();
        end_shrink(client, 300, 300, 1500);
        end_shrink(server, 300, 300, 2000);
        r->pump.splits = one;
        returning_connect(CUB_PSK_RESUMPTION);
    }
}

/* Both versions enabled at both ends: TLS 1.3 is taken, whatever the session. */
Test(resume12, better_version)
{
    for (enum way way = 0; way < WAYS; way++) {
        first(way);
        client->config.max_version = server->config.max_version = CUB_TLS1_3;
        returning_connect(CUB_PSK_NONE);
        cr_assert_eq(server->engine.version, CUB_TLS1_3);
    }
}

/* A client that could do better resumes with a server that cannot. */
Test(resume12, newer_client)
{
    static const struct cub_group *const p256_only[] = {&cub_group_secp256r1, NULL};

    for (enum way way = 0; way < WAYS; way++) {
        first(way);
        client->config.max_version = CUB_TLS1_3;
        returning_connect(CUB_PSK_RESUMPTION);
        cr_assert_eq(client->engine.version, CUB_TLS1_2);
        /* And keeps to its offer after a HelloRetryRequest. */
        first(way);
        client->config.max_version = server->config.max_version = CUB_TLS1_3;
        server->config.groups = p256_only;
        returning_connect(CUB_PSK_NONE);
        cr_assert(client->engine.retried);
    }
}

/* A session of TLS 1.3 is none of TLS 1.2. */
Test(resume12, session_of_tls13)
{
    returning_first();
    client->config.max_version = server->config.max_version = CUB_TLS1_2;
    client->config.min_version = server->config.min_version = CUB_TLS1_2;
    returning_connect(CUB_PSK_NONE);
}

/* The server's reasons to handshake in full, though the client offers the session. */
Test(resume12, server_does_not_resume)
{
    static const struct cub_suite *const other[] = {&cub_suite_ecdhe_ecdsa_aes_128_gcm_sha256,
                                                    NULL};
    static uint8_t ticket[4096];
    uint8_t key[CUB_TICKET_KEY_SIZE] = {0};
    uint8_t binding = 1;

    for (unsigned i = 0; i < 2 * 12; i++) {
        enum way way = i % 2;

        first(way);
        memcpy(ticket, r->offered.ticket.data, r->offered.ticket.len);
        switch (i / 2) {
        case 0: /* expired */
            r->now[PUMP_SERVER] += 7200 * 1000;
            break;
        case 1: /* from the future */
            r->now[PUMP_SERVER] -= 60 * 1000;
            break;
        case 2: /* forgotten */
            for (key[0] = 0; key[0] < CUB_TICKET_KEYS; key[0]++)
                cub_ticket_keys_rotate(&r->keys, key);
            kept.len = 0;
            kept.id[0] ^= 1;
            break;
        case 3: /* cut */
            if (way == BY_TICKET)
                r->offered.ticket.len--;
            else
                r->offered.id.len--;
            break;
        case 4: /* changed */
            ticket[100] ^= 1;
            r->offered.ticket.data = ticket;
            kept.id[31] ^= 1;
            break;
        case 5: /* for another name */
            client->setup.server_name = "a.wild.example";
            r->offered.server_name = (struct cub_view){(const uint8_t *)"a.wild.example", 14};
            break;
        case 6: /* other settings */
            server->config.verify_mode = CUB_VERIFY_OPTIONAL;
            break;
        case 7:
            server->config.session_binding = (struct cub_view){&binding, 1};
            break;
        case 8: /* its suite is not enabled any more */
            server->config.suites = other;
            break;
        case 9: /* no sessions here */
            server->config.session_store = NULL;
            server->config.session_cache = NULL;
            break;
        case 10:
            server->config.now = NULL;
            break;
        default: /* what was kept is no session */
            kept.session[0] ^= 1;
            if (way == BY_TICKET)
                continue;
        }
        returning_connect(CUB_PSK_NONE);
        cr_assert(client->engine.hs->session_offered12, "%u", i);
    }
}

/* The client's reasons not to offer it. */
Test(resume12, client_does_not_offer)
{
    static const struct cub_suite *const other[] = {&cub_suite_ecdhe_ecdsa_aes_128_gcm_sha256,
                                                    NULL};
    uint8_t binding = 1;

    for (unsigned i = 0; i < 2 * 8; i++) {
        enum way way = i % 2;

        first(way);
        switch (i / 2) {
        case 0:
            r->now[PUMP_CLIENT] += 7200 * 1000;
            break;
        case 1:
            client->setup.server_name = "a.wild.example";
            break;
        case 2:
            client->config.session_binding = (struct cub_view){&binding, 1};
            break;
        case 3:
            client->config.suites = other;
            break;
        case 4:
            client->config.now = NULL;
            break;
        case 5:
            r->offered.ticket.len = r->offered.id.len = 0;
            break;
        case 6: /* not with a certificate that it could be made to lend [RFC7627-5.3] */
            r->offered.extended_master_secret = 0;
            break;
        default:
            r->offered.secret.len--;
        }
        returning_connect(CUB_PSK_NONE);
        cr_assert_not(client->engine.hs->session_offered12, "%u", i);
    }
}

/* Without tickets, by choice of the client. */
Test(resume12, no_ticket)
{
    init(BY_TICKET);
    server->config.session_cache = &cache;
    client->config.flags |= CUB_FLAG_NO_TICKET;
    returning_connect(CUB_PSK_NONE);
    cr_assert_not(client->engine.hs->offered & EXT_BIT(EXT_SESSION_TICKET));
    cr_assert_eq(kept.puts, 1);
    cr_assert_eq(r->offered.ticket.len, 0);
    returning_again();
    returning_connect(CUB_PSK_RESUMPTION);
    /* A ticket from before is not used then. */
    first(BY_TICKET);
    client->config.flags |= CUB_FLAG_NO_TICKET;
    returning_connect(CUB_PSK_NONE);
}

/* Who gets a ticket is not kept besides; and a client that shows one is not looked up by its id. */
Test(resume12, ticket_instead_of_id)
{
    init(BY_TICKET);
    server->config.session_cache = &cache;
    returning_connect(CUB_PSK_NONE);
    cr_assert_eq(kept.puts, 0);
    returning_again();
    returning_connect(CUB_PSK_RESUMPTION);
    cr_assert_eq(kept.asked_len, 0);
}

/* A client that resumes by its id gets a ticket where there are some now. */
Test(resume12, id_becomes_ticket)
{
    first(BY_ID);
    server->config.session_store = &r->store;
    returning_connect(CUB_PSK_RESUMPTION);
    cr_assert_eq(r->count, 2);
    returning_again();
    cr_assert_gt(r->offered.ticket.len, 0);
    server->config.session_cache = NULL;
    returning_connect(CUB_PSK_RESUMPTION);
}

/* Beyond half of its life a ticket is renewed, but no chain of them lives longer than a day. */
Test(resume12, renewal)
{
    unsigned hours = 0;

    first(BY_TICKET);
    r->now[0] += 3600 * 1000;
    r->now[1] += 3600 * 1000;
    returning_connect(CUB_PSK_RESUMPTION);
    cr_assert_eq(r->count, 1);
    returning_first();
    init(BY_TICKET);
    returning_connect(CUB_PSK_NONE);
    for (hours = 0; hours < 48; hours++) {
        r->count = r->count > 1 ? 1 : r->count;
        returning_again();
        r->now[0] += 5400 * 1000;
        r->now[1] += 5400 * 1000;
        pump_handshake(&r->pump);
        if (cub_engine_psk(&server->engine) == CUB_PSK_NONE)
            break;
        cr_assert(returning_saw(PUMP_CLIENT, CUB_NEW_SESSION_TICKET, false));
        memcpy(r->sessions[0], r->sessions[r->count - 1], r->session_lens[r->count - 1]);
        r->session_lens[0] = r->session_lens[r->count - 1];
        r->count = 1;
    }
    cr_assert_eq(hours, 15, "%u times one hour and a half", hours);
}

/* Tickets that cannot be made: an empty one comes, and is no session. */
static enum cub_error seal_never(void *context, void *owner, uint8_t *buffer, size_t *len,
                                 size_t size)
{
    (void)context, (void)owner, (void)buffer, (void)len, (void)size;
    return E_SESSION_BUFFER;
}

Test(resume12, tickets_that_fail)
{
    init(BY_TICKET);
    r->store.seal = seal_never;
    returning_connect(CUB_PSK_NONE);
    cr_assert(returning_saw(PUMP_CLIENT, CUB_NEW_SESSION_TICKET, false));
    cr_assert_eq(r->count, 0);
    /* A client without memory for one does without. */
    init(BY_TICKET);
    end_shrink(client, 16384, 16384, 600);
    returning_connect(CUB_PSK_NONE);
    cr_assert_leq(r->count, 1);
    init(BY_TICKET);
    server->config.session_data = NULL;
    end_shrink(client, 16384, 16384, 200);
    pump_start(&r->pump);
    pump_run(&r->pump);
}

/* Both stores may take their time. */
static unsigned waits;

static enum cub_error open_later(void *context, void *owner, uint8_t *buffer, size_t *len,
                                 size_t size)
{
    return waits-- > 0 ? E_WAIT_SESSION : cub_ticket_open(context, owner, buffer, len, size);
}

Test(resume12, store_that_waits)
{
    for (enum way way = 0; way < WAYS; way++) {
        first(way);
        r->store.open = open_later;
        kept.waits = waits = 2;
        pump_start(&r->pump);
        for (unsigned i = 0; i < 2; i++) {
            pump_run(&r->pump);
            cr_assert_eq(cub_engine_waits(&server->engine), CUB_WAIT_SESSION);
            cub_engine_resume(&server->engine);
        }
        pump_run(&r->pump);
        cr_assert_eq(cub_engine_psk(&client->engine), CUB_PSK_RESUMPTION);
        cr_assert(pump_exchange(&r->pump, 100));
    }
}

/* The owner's word, and its data. */
static bool refuse(void *owner, const struct cub_session_state *session)
{
    cr_assert_eq(owner, server);
    cr_assert_eq(session->data.len, 4);
    return false;
}

static struct cub_view four(void *owner)
{
    (void)owner;
    return (struct cub_view){(const uint8_t *)"four", 4};
}

Test(resume12, owner_refuses)
{
    for (enum way way = 0; way < WAYS; way++) {
        init(way);
        server->config.session_data = four;
        returning_connect(CUB_PSK_NONE);
        returning_again();
        server->config.resume = refuse;
        returning_connect(CUB_PSK_NONE);
    }
}

/* Client certificates: of the first connection alone. */
Test(resume12, client_certificate)
{
    for (enum way way = 0; way < WAYS; way++) {
        init(way);
        server->config.verify_mode = CUB_VERIFY_REQUIRED;
        returning_connect(CUB_PSK_NONE);
        cr_assert(returning_saw(PUMP_SERVER, CUB_CERTIFICATE, false));
        returning_again();
        returning_connect(CUB_PSK_RESUMPTION);
        cr_assert_eq(server->engine.peer_scheme, 0x0403);
    }
}

/* Extended master secret, in the first connection and in the second [RFC7627-5.3]. */

static void drop_extension(struct pump *p, enum pump_side from, struct pump_record *record)
{
    (void)p, (void)from;
    if (record->bytes[0] != CUB_HANDSHAKE || record->bytes[5] > CUB_SERVER_HELLO)
        return;
    /* It becomes one that nobody knows, where it stands. */
    for (size_t i = 5; i + 4 <= record->len; i++) {
        if (from == PUMP_CLIENT && memcmp(record->bytes + i, "\0\x17\0\0", 4) == 0)
            record->bytes[i] = 0x5a;
    }
}

/* Two ends that do not agree on their Finished, but go as far as it. */
static enum cub_error failure(enum pump_side side)
{
    r->pump.hook = drop_extension;
    pump_start(&r->pump);
    pump_run(&r->pump);
    return cub_engine_error(&r->pump.ends[side].engine);
}

Test(resume12, extended_yes_to_no_server)
{
    for (enum way way = 0; way < WAYS; way++) {
        first(way);
        cr_assert_eq(failure(PUMP_SERVER), E_CH_SESSION_EMS);
        cr_assert_eq(cub_engine_alert_received(&client->engine), ALERT_HANDSHAKE_FAILURE);
    }
}

/* The server's memory of a session, changed. */
static void forget_extended(void)
{
    struct cub_session_state session;
    uint8_t copy[4096];

    memcpy(copy, kept.session, kept.len);
    cr_assert_eq(cub_session_decode(&session, copy, kept.len), E_OK);
    session.extended_master_secret = !session.extended_master_secret;
    cr_assert_eq(cub_session_encode(&session, kept.session, sizeof kept.session, &kept.len), E_OK);
}

Test(resume12, extended_no_to_yes_server)
{
    first(BY_ID);
    forget_extended();
    returning_connect(CUB_PSK_NONE);
    cr_assert(client->engine.hs->session_offered12);
}

/* To a client the server's extension has to be what its session says. */
Test(resume12, extended_no_to_yes_client)
{
    for (enum way way = 0; way < WAYS; way++) {
        first(way);
        r->offered.extended_master_secret = 0;
        client->config.num_credentials = 0;
        returning_fail(PUMP_CLIENT, E_SH_SESSION_EMS);
        cr_assert_eq(cub_engine_alert_sent(&client->engine), ALERT_HANDSHAKE_FAILURE);
    }
}

/* Takes it out of ServerHello, where it is the last or not. */
static void drop_answer(struct pump *p, enum pump_side from, struct pump_record *record)
{
    (void)p;
    if (from != PUMP_SERVER || !returning_is(record, CUB_SERVER_HELLO))
        return;
    for (size_t i = 5 + 4 + 34; i + 4 <= record->len; i++) {
        if (memcmp(record->bytes + i, "\0\x17\0\0", 4) != 0)
            continue;
        memmove(record->bytes + i, record->bytes + i + 4, record->len - i - 4);
        record->len -= 4;
        record->bytes[4] = (uint8_t)(record->bytes[4] - 4);
        record->bytes[8] = (uint8_t)(record->bytes[8] - 4);
        i = 5 + 4 + 34 + 1 + record->bytes[5 + 4 + 34] + 3;
        record->bytes[i + 1] = (uint8_t)(record->bytes[i + 1] - 4);
        return;
    }
}

Test(resume12, extended_yes_to_no_client)
{
    for (enum way way = 0; way < WAYS; way++) {
        first(way);
        r->pump.hook = drop_answer;
        returning_fail(PUMP_CLIENT, E_SH_SESSION_EMS);
    }
}

/* Neither: as old ends do it; then nothing that binds to the connection may be had. */
static void drop_both(struct pump *p, enum pump_side from, struct pump_record *record)
{
    drop_extension(p, from, record);
}

Test(resume12, extended_no_to_no)
{
    first(BY_ID);
    forget_extended();
    r->offered.extended_master_secret = 0;
    client->config.num_credentials = 0;
    r->pump.hook = drop_both;
    pump_start(&r->pump);
    pump_run(&r->pump);
    /* Both take the session; that a ClientHello was changed on its way is seen at the end. */
    cr_assert_eq(cub_engine_psk(&server->engine), CUB_PSK_RESUMPTION);
    cr_assert_eq(cub_engine_psk(&client->engine), CUB_PSK_RESUMPTION);
    cr_assert_eq(cub_engine_error(&client->engine), E_FINISHED);
}

/* What a server may not say when it resumes. */

static void other_suite(struct pump *p, enum pump_side from, struct pump_record *record)
{
    (void)p;
    if (from == PUMP_SERVER && returning_is(record, CUB_SERVER_HELLO)) {
        size_t at = 5 + 4 + 34 + 1 + record->bytes[5 + 4 + 34];

        record->bytes[at] = 0xc0;
        record->bytes[at + 1] = 0x2b;
    }
}

Test(resume12, other_suite)
{
    for (enum way way = 0; way < WAYS; way++) {
        first(way);
        cr_assert_neq(r->offered.suite, 0xc02b);
        r->pump.hook = other_suite;
        returning_fail(PUMP_CLIENT, E_SH_SESSION_CIPHER);
    }
}

/* The id that a client sends beside TLS 1.3 is no session. */
static uint8_t id_of_client[32];

static void echo_id(struct pump *p, enum pump_side from, struct pump_record *record)
{
    (void)p;
    if (from == PUMP_CLIENT && returning_is(record, CUB_CLIENT_HELLO))
        memcpy(id_of_client, record->bytes + 5 + 4 + 35, 32);
    if (from == PUMP_SERVER && returning_is(record, CUB_SERVER_HELLO))
        memcpy(record->bytes + 5 + 4 + 35, id_of_client, 32);
}

Test(resume12, session_that_was_not_offered)
{
    init(BY_ID);
    client->config.max_version = CUB_TLS1_3;
    r->pump.hook = echo_id;
    returning_fail(PUMP_CLIENT, E_SH_SESSION_ID);
    /* The same where the profile has no sessions at all. */
    init(BY_ID);
    struct cub_profile profile = cub_profile_full;

    profile.session_client12 = NULL;
    profile.client12 = &cub_client12_cert;
    client->config.profile = &profile;
    client->config.max_version = CUB_TLS1_3;
    r->pump.hook = echo_id;
    returning_fail(PUMP_CLIENT, E_SH_SESSION_ID);
}

/* Without resumption, in both roles. */
Test(resume12, small_profile)
{
    struct cub_profile profile = cub_profile_full;

    profile.session_client12 = NULL;
    profile.client12 = &cub_client12_cert;
    profile.server12 = &cub_server12_cert;
    for (unsigned side = 0; side < 2; side++) {
        init(BY_TICKET);
        r->pump.ends[side].config.profile = &profile;
        returning_connect(CUB_PSK_NONE);
        cr_assert_eq(r->count, 0);
    }
}

/* A wrong master secret is found out by Finished. */
Test(resume12, wrong_secret)
{
    static uint8_t wrong[48];

    for (enum way way = 0; way < WAYS; way++) {
        first(way);
        r->offered.secret = (struct cub_view){wrong, sizeof wrong};
        pump_start(&r->pump);
        pump_run(&r->pump);
        cr_assert_eq(cub_engine_error(&client->engine), E_RECORD_BAD_MAC);
        cr_assert_not(cub_engine_connected(&server->engine));
    }
}

/* A ticket whose handshake fails is not handed out [RFC5077-3.3]. */
static void spoil_finished(struct pump *p, enum pump_side from, struct pump_record *record)
{
    static bool ccs;

    (void)p;
    if (from == PUMP_SERVER && ccs)
        record->bytes[record->len - 1] ^= 1;
    ccs = from == PUMP_SERVER && record->bytes[0] == CUB_CHANGE_CIPHER_SPEC;
}

Test(resume12, ticket_of_a_failure)
{
    init(BY_TICKET);
    r->pump.hook = spoil_finished;
    pump_start(&r->pump);
    pump_run(&r->pump);
    cr_assert_eq(cub_engine_error(&client->engine), E_RECORD_BAD_MAC);
    cr_assert(returning_saw(PUMP_CLIENT, CUB_NEW_SESSION_TICKET, false));
    cr_assert_eq(r->count, 0);
}

static unsigned lists_taken;

static enum cub_error count_lists(void *owner, const uint8_t *list, size_t len)
{
    (void)owner;
    (void)list;
    (void)len;
    lists_taken++;
    return E_OK;
}

/* Appends a list of SCTs to a ServerHello, which other messages follow in its record. */
static void add_scts(struct pump *p, enum pump_side from, struct pump_record *record)
{
    static const uint8_t scts[] = {0, 18, 0, 5, 0, 3, 0, 1, 'a'};
    uint8_t *message = record->bytes + 5;
    size_t len = 4 + (size_t)message[3], extensions = 4 + 2 + 32 + 1 + (size_t)message[38] + 3;

    (void)p;
    if (from != PUMP_SERVER || !returning_is(record, CUB_SERVER_HELLO))
        return;
    memmove(message + len + sizeof scts, message + len, record->len - 5 - len);
    memcpy(message + len, scts, sizeof scts);
    message[3] = (uint8_t)(message[3] + sizeof scts);
    message[extensions + 1] = (uint8_t)(message[extensions + 1] + sizeof scts);
    record->len += sizeof scts;
    record->bytes[3] = (uint8_t)((record->len - 5) >> 8);
    record->bytes[4] = (uint8_t)(record->len - 5);
}

/* SCTs belong to the certificate, and a session that is resumed brings none [RFC6962-3.3.1]. */
Test(resume12, scts_of_a_resumed_session)
{
    for (unsigned resumed = 0; resumed < 2; resumed++) {
        first(BY_TICKET);
        client->config.take_scts = count_lists;
        lists_taken = 0;
        if (!resumed)
            client->setup.session = NULL;
        r->pump.hook = add_scts;
        pump_start(&r->pump);
        pump_run(&r->pump);
        /* It was let pass, and is only found out by what the Finished covers. */
        if (resumed)
            cr_expect_eq(cub_engine_error(&client->engine), E_FINISHED);
        cr_expect_eq(lists_taken, resumed ? 0 : 1);
    }
}

/* What was opened does not stay behind in the memory of the handshake, which comes to nothing. */
Test(resume12, secrets_are_wiped)
{
    for (enum way way = 0; way < WAYS; way++) {
        const uint8_t *memory = (const uint8_t *)server->handshake;

        first(way);
        client->config.alpn = (struct cub_view){(const uint8_t *)"\1c", 2};
        server->config.alpn = (struct cub_view){(const uint8_t *)"\1s", 2};
        returning_fail(PUMP_SERVER, E_NO_COMMON_ALPN);
        for (size_t i = 0; i + CUB_MAX_SECRET <= sizeof server->handshake; i++)
            cr_assert_neq(memcmp(memory + i, r->offered.secret.data, CUB_MAX_SECRET), 0);
    }
}
