/*
 * The least memory again, and the shortest tags: all that goes with sessions, in records of 512
 * bytes and with TLS_AES_128_CCM_8_SHA256.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/handshake.h"
#include "handshake/strike.h"
#include "tests/handshake/returning.h"

#define CONTENT 512
#define MESSAGES                                                                                   \
    1100 /* a certificate, or a ClientHello with a ticket and what the ticket becomes */

static struct pump *const p = &returning.pump;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

static const struct cub_suite *const suites[] = {&cub_suite_aes_128_ccm_8_sha256, NULL};
static struct cub_strike entries[CUB_STRIKE_WAYS];
static struct cub_strike_register strikes = {entries, CUB_STRIKE_WAYS, 0};
static const struct cub_replay_store replays = {cub_strike_claim, &strikes};
static unsigned longest;

static void measure(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    (void)pump, (void)from;
    if (record->bytes[0] == CUB_APPLICATION_DATA && record->len > longest)
        longest = (unsigned)record->len;
}

static void shrink(void)
{
    longest = 0;
    p->hook = measure;
    end_shrink(client, CONTENT, CONTENT, MESSAGES);
    end_shrink(server, CONTENT, CONTENT, MESSAGES);
}

/* A first connection, with a certificate of the client if that is asked for. */
static void first(bool client_auth)
{
    memset(entries, 0, sizeof entries);
    returning_init();
    client->config.suites = server->config.suites = suites;
    client->config.max_early_data = server->config.max_early_data = 16384;
    server->config.replay_store = &replays;
    if (client_auth)
        server->config.verify_mode = CUB_VERIFY_REQUIRED;
    shrink();
    returning_connect(CUB_PSK_NONE);
    cr_assert_eq(longest, 5 + CONTENT + 1 + 8);
    cr_assert_eq(client->engine.suite, suites[0]);
    returning_again();
    shrink();
}

Test(small_sessions, resumed)
{
    for (unsigned client_auth = 0; client_auth < 2; client_auth++) {
        first(client_auth);
        returning_connect(CUB_PSK_RESUMPTION);
        cr_assert_eq(longest, 5 + CONTENT + 1 + 8);
    }
}

static const struct cub_group *const p384_only[] = {&cub_group_secp384r1, NULL};
static const struct cub_group *const no_groups[] = {NULL};

Test(small_sessions, with_and_without_key_exchange)
{
    first(false);
    server->config.groups = p384_only; /* HelloRetryRequest */
    returning_connect(CUB_PSK_RESUMPTION);
    first(false);
    client->config.flags = server->config.flags = CUB_FLAG_PSK_KE;
    client->config.groups = no_groups;
    returning_connect(CUB_PSK_RESUMPTION);
}

Test(small_sessions, early_data)
{
    for (uint64_t len = 1; len <= 16384; len = len * 4 + 1) {
        first(false);
        client->to_send = len;
        pump_handshake(p);
        cr_assert_eq(cub_engine_early_data(&server->engine), CUB_EARLY_ACCEPTED);
        cr_assert_eq(server->received, len);
        cr_assert_eq(server->wrong, 0);
        cr_assert(pump_exchange(p, 2000));
    }
}

/* Rejected data is passed over, whatever the records. */
Test(small_sessions, early_data_rejected)
{
    first(false);
    server->config.replay_store = NULL;
    client->to_send = 5000;
    pump_handshake(p);
    cr_assert_eq(cub_engine_early_data(&client->engine), CUB_EARLY_REJECTED);
    cr_assert_lt(server->received, 5001);
}

/* An external key, which needs neither certificates nor tickets. */
static bool offer_psk(void *owner, unsigned i, struct cub_psk *psk)
{
    static const uint8_t key[32] = "a key of thirty-two bytes shared";

    (void)owner;
    psk->identity = (struct cub_view){(const uint8_t *)"device", 6};
    psk->key = (struct cub_view){key, sizeof key};
    psk->hash = &cub_sha256;
    return i == 0;
}

static enum cub_error find_psk(void *owner, struct cub_view identity, struct cub_psk *psk)
{
    return identity.len == 6 && offer_psk(owner, 0, psk) ? E_OK : E_SESSION_UNKNOWN;
}

Test(small_sessions, external_key)
{
    returning_init();
    client->config.suites = server->config.suites = suites;
    client->config.psk_to_offer = offer_psk;
    server->config.psk_for_identity = find_psk;
    shrink();
    returning_connect(CUB_PSK_EXTERNAL);
    cr_assert_eq(longest, 5 + CONTENT + 1 + 8);
}
