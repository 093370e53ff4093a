/*
 * Resumption in TLS 1.3: when it happens, and that everything else leads to a full handshake.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "handshake/handshake.h"
#include "handshake/server_hello.h"
#include "tests/handshake/returning.h"

static struct returning *const r = &returning;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

static const struct cub_suite *const sha256_first[] = {&cub_suite_aes_128_gcm_sha256,
                                                       &cub_suite_aes_256_gcm_sha384, NULL};
static const struct cub_suite *const sha256_only[] = {&cub_suite_aes_128_gcm_sha256, NULL};
static const struct cub_suite *const chacha_only[] = {&cub_suite_chacha20_poly1305_sha256, NULL};
static const struct cub_suite *const sha384_only[] = {&cub_suite_aes_256_gcm_sha384, NULL};

Test(psk13, resumes)
{
    returning_first();
    cr_assert_eq(r->count, 2);
    returning_connect(CUB_PSK_RESUMPTION);
    cr_assert_eq(client->engine.suite, server->engine.suite);
    cr_assert_not_null(client->engine.group);
    /* And again, with the tickets of the second connection. */
    cr_assert_eq(r->count, 4);
    returning_again();
    returning_connect(CUB_PSK_RESUMPTION);
}

Test(psk13, every_hash)
{
    const struct cub_suite *const *lists[] = {sha256_only, sha384_only, chacha_only};

    for (size_t i = 0; i < 3; i++) {
        returning_init();
        client->config.suites = lists[i];
        returning_connect(CUB_PSK_NONE);
        returning_again();
        returning_connect(CUB_PSK_RESUMPTION);
        cr_assert_eq(server->engine.suite, lists[i][0]);
    }
}

/* The session's suite is preferred to the server's first, and its hash to all others. */
Test(psk13, suite_of_the_session)
{
    returning_init();
    server->config.suites = sha256_first;
    returning_connect(CUB_PSK_NONE);
    returning_again();
    server->config.suites = NULL;
    returning_connect(CUB_PSK_RESUMPTION);
    cr_assert_eq(server->engine.suite, &cub_suite_aes_128_gcm_sha256);
}

Test(psk13, number_of_tickets)
{
    for (uint8_t n = 0; n < 4; n++) {
        returning_init();
        server->config.num_tickets = n;
        returning_connect(CUB_PSK_NONE);
        cr_assert_eq(r->count, n);
    }
}

/* Each ticket has a key and an age_add of its own; the lifetime is what the server says. */
Test(psk13, tickets_differ)
{
    struct cub_session_state sessions[2];

    returning_init();
    server->config.ticket_lifetime = 1000000;
    returning_connect(CUB_PSK_NONE);
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_eq(cub_session_decode(&sessions[i], r->sessions[i], r->session_lens[i]), E_OK);
        cr_assert_eq(sessions[i].lifetime, CUB_SESSION_MAX_LIFETIME);
        cr_assert_eq(sessions[i].issued, RETURNING_NOW);
        cr_assert_eq(sessions[i].established, RETURNING_NOW);
        cr_assert_eq(sessions[i].version, CUB_TLS1_3);
        cr_assert_eq(sessions[i].max_early_data, 0);
    }
    cr_assert_neq(sessions[0].age_add, sessions[1].age_add);
    cr_assert_arr_neq(sessions[0].secret.data, sessions[1].secret.data, sessions[0].secret.len);
    for (unsigned i = 0; i < 2; i++) {
        returning_again();
        returning_offer(i);
        returning_connect(CUB_PSK_RESUMPTION);
    }
}

/* Without a clock, a store or a place for sessions there are none. */
Test(psk13, no_tickets)
{
    returning_init();
    server->config.now = NULL;
    returning_connect(CUB_PSK_NONE);
    cr_assert_eq(r->count, 0);
    returning_init();
    server->config.session_store = NULL;
    returning_connect(CUB_PSK_NONE);
    cr_assert_eq(r->count, 0);
    returning_init();
    client->config.now = NULL;
    returning_connect(CUB_PSK_NONE);
    returning_init();
    client->config.new_session = NULL;
    returning_connect(CUB_PSK_NONE);
}

/* Clocks of servers that share tickets may differ a little. */
Test(psk13, skew)
{
    returning_first();
    r->now[PUMP_SERVER] -= 5 * 1000;
    returning_connect(CUB_PSK_RESUMPTION);
}

static void rotate_keys(uint8_t c)
{
    uint8_t key[CUB_TICKET_KEY_SIZE];

    memset(key, c, sizeof key);
    cub_ticket_keys_rotate(&r->keys, key);
}

Test(psk13, previous_key)
{
    returning_first();
    rotate_keys('n');
    returning_connect(CUB_PSK_RESUMPTION);
}

/* Resuming again and again does not go on for longer than a week. */
Test(psk13, chain_of_resumptions)
{
    const uint32_t day = 24 * 3600;
    struct cub_session_state last;

    returning_init();
    server->config.ticket_lifetime = 2 * day;
    returning_connect(CUB_PSK_NONE);
    for (unsigned i = 1; i <= 6; i++) {
        returning_again();
        r->now[PUMP_CLIENT] += (uint64_t)day * 1000;
        r->now[PUMP_SERVER] += (uint64_t)day * 1000;
        returning_connect(CUB_PSK_RESUMPTION);
        r->count = 1;
        memcpy(r->sessions[0], r->sessions[2], sizeof r->sessions[0]);
        if (i == 1) {
            memcpy(r->sessions[0], r->sessions[3], sizeof r->sessions[0]);
            r->session_lens[0] = r->session_lens[3];
        } else {
            r->session_lens[0] = r->session_lens[2];
        }
    }
    returning_again();
    last = r->offered;
    cr_assert_eq(last.lifetime, day);
    cr_assert_eq(last.established, RETURNING_NOW);
    r->now[PUMP_CLIENT] += (uint64_t)day * 1000 - 1;
    r->now[PUMP_SERVER] += (uint64_t)day * 1000;
    returning_connect(CUB_PSK_NONE);
    /* And the new session is as good as the first was. */
    returning_again();
    cr_assert_eq(r->offered.lifetime, 2 * day);
    returning_connect(CUB_PSK_RESUMPTION);
}

static bool refuse(void *owner, const struct cub_session_state *session)
{
    cr_assert_eq(owner, server);
    cr_assert_eq(session->data.len, 5);
    cr_assert_arr_eq(session->data.data, "Alice", 5);
    return false;
}

static bool welcome(void *owner, const struct cub_session_state *session)
{
    return !refuse(owner, session);
}

static struct cub_view alice(void *owner)
{
    cr_assert_eq(owner, server);
    return (struct cub_view){(const uint8_t *)"Alice", 5};
}

/* The server's owner gets back what it put into the session, and has the last word. */
Test(psk13, owner_decides)
{
    for (unsigned i = 0; i < 2; i++) {
        returning_init();
        server->config.session_data = alice;
        server->config.resume = i == 0 ? refuse : welcome;
        returning_connect(CUB_PSK_NONE);
        returning_again();
        returning_connect(i == 0 ? CUB_PSK_NONE : CUB_PSK_RESUMPTION);
    }
}

/* A client that was known by its certificate is known again. */
Test(psk13, client_certificate)
{
    returning_init();
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
    returning_connect(CUB_PSK_NONE);
    cr_assert(returning_saw(PUMP_SERVER, CUB_CERTIFICATE, false));
    returning_again();
    returning_connect(CUB_PSK_RESUMPTION);
    cr_assert_not(returning_saw(PUMP_SERVER, CUB_CERTIFICATE, false));
}

/* A HelloRetryRequest in between; the second binder covers it. */
Test(psk13, after_retry)
{
    static const struct cub_group *const groups[] = {&cub_group_secp384r1, NULL};

    for (unsigned cookie = 0; cookie < 2; cookie++) {
        returning_first();
        server->config.groups = groups;
        server->config.flags = cookie ? CUB_FLAG_COOKIE : 0;
        returning_connect(CUB_PSK_RESUMPTION);
        cr_assert(client->engine.retried);
    }
}

/* The retry's suite has another hash: the second ClientHello does without the key. */
Test(psk13, retry_without)
{
    static const struct cub_group *const groups[] = {&cub_group_secp384r1, NULL};

    returning_first();
    server->config.groups = groups;
    server->config.suites = sha256_only;
    returning_connect(CUB_PSK_NONE);
    cr_assert(client->engine.retried);
    cr_assert_not(server->engine.hs->offered & EXT_BIT(EXT_PRE_SHARED_KEY));
}

/* Without a key exchange, where both want it. */
Test(psk13, psk_ke)
{
    static const struct cub_group *const p521[] = {&cub_group_secp521r1, NULL};
    static const struct cub_group *const x25519[] = {&cub_group_x25519, NULL};

    for (unsigned flags = 0; flags < 4; flags++) {
        bool with_ke = flags == 3;

        returning_first();
        client->config.flags = flags & 1 ? CUB_FLAG_PSK_KE : 0;
        server->config.flags = flags & 2 ? CUB_FLAG_PSK_KE : 0;
        /* A key exchange is preferred. */
        returning_connect(CUB_PSK_RESUMPTION);
        cr_assert_not_null(client->engine.group);
        returning_again();
        client->config.groups = p521;
        server->config.groups = x25519;
        if (!with_ke) {
            returning_fail(PUMP_SERVER, E_NO_COMMON_GROUP);
            continue;
        }
        returning_connect(CUB_PSK_RESUMPTION);
        cr_assert_null(client->engine.group);
        cr_assert_null(server->engine.group);
    }
}

/* What does not fit into HkdfLabel, or would make its counter begin again [RFC5869-2.3]. */
Test(psk13, exporters_too_long)
{
    static char label[251];
    static uint8_t keys[255 * 48 + 1];

    returning_init();
    returning_connect(CUB_PSK_NONE);
    cr_assert_eq(cub_engine_export(&client->engine, "l", NULL, 0, keys, sizeof keys - 1), E_OK);
    cr_assert_eq(cub_engine_export(&client->engine, "l", NULL, 0, keys, sizeof keys),
                 E_ENGINE_STATE);
    memset(label, 'l', 249);
    cr_assert_eq(cub_engine_export(&client->engine, label, NULL, 0, keys, 32), E_OK);
    label[249] = 'l';
    cr_assert_eq(cub_engine_export(&client->engine, label, NULL, 0, keys, 32), E_ENGINE_STATE);
}

/* Both ends export the same, by label and context, and nobody else does [RFC8446-7.5]. */
Test(psk13, exporters)
{
    uint8_t keys[2][40], other[40];

    returning_first();
    cr_assert_eq(cub_engine_export(&client->engine, "l", NULL, 0, other, 40), E_ENGINE_STATE);
    cr_assert_eq(cub_engine_channel_binding(&client->engine, other), E_ENGINE_STATE);
    returning_connect(CUB_PSK_RESUMPTION);
    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
        const struct cub_engine *e = &r->pump.ends[side].engine;

        cr_assert_eq(cub_engine_export(e, "l", (const uint8_t *)"c", 1, keys[side], 40), E_OK);
        cr_assert_eq(cub_engine_export(e, "l", (const uint8_t *)"d", 1, other, 40), E_OK);
        cr_assert_arr_neq(keys[side], other, 40);
    }
    cr_assert_arr_eq(keys[0], keys[1], 40);
    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++)
        cr_assert_eq(cub_engine_channel_binding(&r->pump.ends[side].engine, keys[side]), E_OK);
    cr_assert_arr_eq(keys[0], keys[1], CUB_CHANNEL_BINDING_SIZE);
    /* RFC 9266 section 2. */
    cr_assert_eq(cub_engine_export(&client->engine, "EXPORTER-Channel-Binding", NULL, 0, other,
                                   CUB_CHANNEL_BINDING_SIZE),
                 E_OK);
    cr_assert_arr_eq(keys[0], other, CUB_CHANNEL_BINDING_SIZE);
}
