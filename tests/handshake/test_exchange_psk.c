/*
 * Pre-shared keys in TLS 1.2, alone and with ECDHE.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/handshake.h"
#include "handshake/messages12.h"
#include "tests/support/pump.h"

static struct pump p;
static struct end *const client = &p.ends[PUMP_CLIENT];
static struct end *const server = &p.ends[PUMP_SERVER];

static const struct cub_suite *const suites[] = {
    &cub_suite_psk_aes_128_gcm_sha256,
    &cub_suite_psk_aes_256_gcm_sha384,
    &cub_suite_psk_chacha20_poly1305_sha256,
    &cub_suite_psk_aes_128_ccm,
    &cub_suite_psk_aes_256_ccm,
    &cub_suite_psk_aes_128_ccm_8,
    &cub_suite_psk_aes_256_ccm_8,
    &cub_suite_ecdhe_psk_aes_128_gcm_sha256,
    &cub_suite_ecdhe_psk_aes_256_gcm_sha384,
    &cub_suite_ecdhe_psk_chacha20_poly1305_sha256,
    &cub_suite_ecdhe_psk_aes_128_ccm_sha256,
    &cub_suite_ecdhe_psk_aes_128_ccm_8_sha256,
    &cub_suite_psk_aes_128_cbc_sha,
    &cub_suite_psk_aes_256_cbc_sha,
    &cub_suite_psk_aes_128_cbc_sha256,
    &cub_suite_psk_aes_256_cbc_sha384,
    &cub_suite_ecdhe_psk_aes_128_cbc_sha,
    &cub_suite_ecdhe_psk_aes_256_cbc_sha,
    &cub_suite_ecdhe_psk_aes_128_cbc_sha256,
    &cub_suite_ecdhe_psk_aes_256_cbc_sha384,
    &cub_suite_ecdhe_ecdsa_aes_128_gcm_sha256,
    NULL,
};

/* The one suite of a test, and then none. */
static const struct cub_suite *one[2][2];
static struct cub_profile profile;

static const char *identities[2]; /* the client's, the server's; NULL: none */
static uint8_t keys[2][300];
static size_t key_len[2];
static struct cub_view hint;
static unsigned waits, asked, skipped;

static bool to_offer(void *owner, unsigned i, struct cub_psk *psk)
{
    cr_assert_eq(owner, client);
    cr_assert_eq(psk->kind, CUB_PSK_EXTERNAL);
    asked++;
    hint = psk->hint;
    psk->hash = &cub_sha256;
    /* Those that come first are for TLS 1.3 alone. */
    if (i < skipped) {
        psk->kind = CUB_PSK_IMPORTED;
        return true;
    }
    if (i > skipped || identities[0] == NULL)
        return false;
    psk->identity = (struct cub_view){(const uint8_t *)identities[0], strlen(identities[0])};
    psk->key = (struct cub_view){keys[0], key_len[0]};
    return true;
}

static enum cub_error for_identity(void *owner, struct cub_view identity, struct cub_psk *psk)
{
    cr_assert_eq(owner, server);
    if (waits > 0 && waits-- > 0)
        return E_WAIT_SESSION;
    if (strlen(identities[1]) != identity.len ||
        memcmp(identities[1], identity.data, identity.len) != 0)
        return E_SESSION_UNKNOWN;
    psk->key = (struct cub_view){keys[1], key_len[1]};
    return E_OK;
}

static void set_up(const struct cub_suite *suite)
{
    pump_init(&p);
    profile = cub_profile_full;
    profile.suites = suites;
    one[0][0] = one[1][0] = suite;
    for (unsigned i = 0; i < 2; i++) {
        struct end *end = &p.ends[i];

        end->config.profile = &profile;
        end->config.min_version = end->config.max_version = CUB_TLS1_2;
        end->config.suites = one[i];
        identities[i] = "alice";
        memset(keys[i], 0x5a, sizeof keys[i]);
        key_len[i] = 32;
    }
    client->config.psk_to_offer = to_offer;
    server->config.psk_for_identity = for_identity;
    server->config.num_credentials = 0;
    waits = asked = skipped = 0;
    hint.len = 999;
}

static bool is_ecdhe(const struct cub_suite *suite)
{
    return suite->key_exchange == CUB_KX_ECDHE_PSK;
}

/* How often a message of this type was sent or received. */
static unsigned count(const struct end *end, uint8_t type)
{
    unsigned n = 0;

    for (unsigned i = 0; i < end->event_count && i < PUMP_EVENTS; i++)
        n += end->events[i].kind == CUB_TRACE_MESSAGE && end->events[i].type == type;
    return n;
}

Test(exchange_psk, suites)
{
    for (const struct cub_suite *const *s = suites; *s != NULL; s++) {
        if ((*s)->authentication != CUB_AUTH_PSK)
            continue;
        set_up(*s);
        pump_handshake(&p);
        cr_assert_eq(client->engine.suite, *s);
        cr_assert_eq(server->engine.suite, *s);
        cr_assert_eq(cub_engine_psk(&client->engine), CUB_PSK_EXTERNAL);
        cr_assert_eq(cub_engine_psk(&server->engine), CUB_PSK_EXTERNAL);
        cr_assert_eq(client->engine.group != NULL, is_ecdhe(*s));
        cr_assert_eq(server->engine.group, client->engine.group);
        cr_assert_eq(count(client, CUB_SERVER_KEY_EXCHANGE), is_ecdhe(*s));
        cr_assert_eq(count(client, CUB_CERTIFICATE), 0);
        cr_assert_eq(hint.len, 0);
        cr_assert(pump_exchange(&p, 40000));
    }
}

/* It comes in ServerKeyExchange, which is sent for it. */
Test(exchange_psk, hint)
{
    for (const struct cub_suite *const *s = suites; *s != NULL; s++) {
        if ((*s)->authentication != CUB_AUTH_PSK)
            continue;
        set_up(*s);
        server->config.psk_identity_hint = (struct cub_view){(const uint8_t *)"the cellar", 10};
        pump_handshake(&p);
        cr_assert_eq(count(client, CUB_SERVER_KEY_EXCHANGE), 1);
        cr_assert_eq(hint.len, 10);
        cr_assert(pump_exchange(&p, 100));
    }
}

/* Keys and identities of any length that there may be; imported keys are passed over. */
Test(exchange_psk, lengths)
{
    static char name[300];
    static const size_t lengths[] = {1, 16, 64, CUB_PSK12_MAX};

    for (size_t i = 0; i < 4; i++) {
        for (unsigned s = 0; s < 8; s += 7) {
            set_up(suites[s]);
            key_len[0] = key_len[1] = lengths[i];
            memset(name, 'x', 128 * i / 2);
            identities[0] = identities[1] = name;
            skipped = 3;
            pump_handshake(&p);
            cr_assert(pump_exchange(&p, 100));
        }
    }
    for (unsigned side = 0; side < 2; side++) {
        set_up(suites[0]);
        key_len[side] = CUB_PSK12_MAX + 1;
        pump_start(&p);
        pump_run(&p);
        cr_assert_eq(cub_engine_error(&p.ends[side].engine), E_PSK_LENGTH);
        cr_assert_eq(cub_engine_alert_sent(&p.ends[side].engine), ALERT_INTERNAL_ERROR);
    }
}

Test(exchange_psk, unknown_identity)
{
    for (unsigned s = 0; s < 8; s += 7) {
        set_up(suites[s]);
        identities[1] = "bob";
        pump_start(&p);
        pump_run(&p);
        cr_assert_eq(cub_engine_error(&server->engine), E_PSK_IDENTITY);
        cr_assert_eq(cub_engine_alert_received(&client->engine), ALERT_UNKNOWN_PSK_IDENTITY);
    }
}

/* Another key of the same name: the Finished, or rather the record that it is in, gives it away. */
Test(exchange_psk, wrong_key)
{
    for (unsigned s = 0; s < 8; s += 7) {
        set_up(suites[s]);
        keys[1][31] ^= 1;
        pump_start(&p);
        pump_run(&p);
        cr_assert_eq(cub_engine_error(&server->engine), E_RECORD_BAD_MAC);
        cr_assert_not(cub_engine_connected(&client->engine));
    }
}

Test(exchange_psk, client_has_none)
{
    set_up(suites[0]);
    identities[0] = NULL;
    pump_start(&p);
    pump_run(&p);
    cr_assert_eq(cub_engine_error(&client->engine), E_NO_PSK);
    cr_assert_eq(cub_engine_alert_received(&server->engine), ALERT_HANDSHAKE_FAILURE);
}

/* The server looks elsewhere for the key. */
Test(exchange_psk, late_key)
{
    for (unsigned s = 0; s < 8; s += 7) {
        set_up(suites[s]);
        waits = 2;
        pump_start(&p);
        pump_run(&p);
        for (unsigned i = 0; i < 2; i++) {
            cr_assert_eq(cub_engine_waits(&server->engine), CUB_WAIT_SESSION);
            cub_engine_resume(&server->engine);
            pump_run(&p);
        }
        cr_assert(cub_engine_connected(&client->engine));
        cr_assert(pump_exchange(&p, 100));
    }
}

/* Such suites are offered and taken only where there are keys; then certificates do it. */
Test(exchange_psk, only_with_keys)
{
    for (unsigned side = 0; side < 2; side++) {
        set_up(NULL);
        client->config.suites = server->config.suites = NULL;
        server->config.num_credentials = 1;
        if (side == PUMP_CLIENT)
            client->config.psk_to_offer = NULL;
        else
            server->config.psk_for_identity = NULL;
        pump_handshake(&p);
        cr_assert_eq(client->engine.suite, &cub_suite_ecdhe_ecdsa_aes_128_gcm_sha256);
        cr_assert_eq(cub_engine_psk(&client->engine), CUB_PSK_NONE);
        cr_assert_eq(asked, 0);
    }
    set_up(suites[0]);
    server->config.psk_for_identity = NULL;
    pump_start(&p);
    pump_run(&p);
    cr_assert_eq(cub_engine_error(&server->engine), E_NO_CREDENTIAL);
}

/* A server that verifies clients asks none for a certificate that has shown a key [RFC4279-2]. */
Test(exchange_psk, no_certificate_request)
{
    set_up(suites[0]);
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
    pump_handshake(&p);
    cr_assert_eq(count(client, CUB_CERTIFICATE_REQUEST), 0);
    cr_assert(pump_exchange(&p, 100));
}

/* Messages that another has changed on their way. */

static uint8_t changed_type;
static int change; /* bytes to cut from the body (negative) or to add */

static void change_length(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    uint8_t *m = record->bytes + 5;

    (void)pump;
    (void)from;
    if (record->bytes[0] != CUB_HANDSHAKE || m[0] != changed_type)
        return;
    m[3] = (uint8_t)(m[3] + change);
    record->len = (size_t)((int)record->len + change);
    record->bytes[4] = (uint8_t)(record->bytes[4] + change);
}

/* ClientKeyExchange stands alone in its record. */
Test(exchange_psk, malformed_answer)
{
    for (unsigned s = 0; s < 8; s += 7) {
        for (change = -1; change < 2; change += 2) {
            set_up(suites[s]);
            changed_type = CUB_CLIENT_KEY_EXCHANGE;
            p.hook = change_length;
            pump_start(&p);
            pump_run(&p);
            cr_assert_eq(cub_engine_error(&server->engine), E_DECODE_CLIENT_KEY_EXCHANGE);
            cr_assert_eq(cub_engine_alert_sent(&server->engine), ALERT_DECODE_ERROR);
        }
    }
}

/* The hint with a length that says too much or too little. */
static void change_hint(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    uint8_t *m = record->bytes + 5, *end = record->bytes + record->len;

    (void)pump;
    if (from != PUMP_SERVER || record->bytes[0] != CUB_HANDSHAKE)
        return;
    while (m < end && m[0] != CUB_SERVER_KEY_EXCHANGE)
        m += 4 + ((size_t)m[2] << 8 | m[3]);
    if (m < end)
        m[5] = (uint8_t)(m[5] + change);
}

Test(exchange_psk, malformed_hint)
{
    for (change = -1; change < 2; change += 2) {
        set_up(suites[0]);
        server->config.psk_identity_hint = (struct cub_view){(const uint8_t *)"hint", 4};
        p.hook = change_hint;
        pump_start(&p);
        pump_run(&p);
        cr_assert_eq(cub_engine_error(&client->engine), E_DECODE_SERVER_KEY_EXCHANGE);
        cr_assert_eq(cub_engine_alert_sent(&client->engine), ALERT_DECODE_ERROR);
    }
}
