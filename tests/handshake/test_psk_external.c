/*
 * External pre-shared keys of TLS 1.3, with certificates as the other way and without, and the
 * small tables that know nothing else.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/actions.h"
#include "handshake/import.h"
#include "handshake/offers.h"
#include "tests/handshake/returning.h"

static struct returning *const r = &returning;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

static const struct cub_suite *const sha256_only[] = {&cub_suite_aes_128_gcm_sha256, NULL};
static const struct cub_suite *const sha384_only[] = {&cub_suite_aes_256_gcm_sha384, NULL};

/* Keys of one side, ended by one without an identity. */
struct key {
    const char *identity;
    const char *key;
    const struct cub_hash *hash;
    uint8_t kind; /* enum cub_psk_kind */
};

static const struct key *keys[2];
static unsigned waits;

static void fill(const struct key *key, struct cub_psk *psk)
{
    cr_assert_eq(psk->kind, CUB_PSK_EXTERNAL);
    psk->identity = (struct cub_view){(const uint8_t *)key->identity, strlen(key->identity)};
    psk->key = (struct cub_view){(const uint8_t *)key->key, strlen(key->key)};
    psk->hash = key->hash;
    if (key->kind != CUB_PSK_NONE)
        psk->kind = (uint8_t)key->kind;
}

static bool to_offer(void *owner, unsigned i, struct cub_psk *psk)
{
    const struct key *key = keys[PUMP_CLIENT];

    cr_assert_eq(owner, client);
    for (unsigned j = 0; j < i; j++, key++)
        cr_assert_not_null(key->identity);
    if (key->identity == NULL)
        return false;
    fill(key, psk);
    return true;
}

static enum cub_error for_identity(void *owner, struct cub_view identity, struct cub_psk *psk)
{
    cr_assert_eq(owner, server);
    if (waits > 0 && waits-- > 0)
        return E_WAIT_SESSION;
    for (const struct key *key = keys[PUMP_SERVER]; key->identity != NULL; key++) {
        if (strlen(key->identity) == identity.len &&
            memcmp(key->identity, identity.data, identity.len) == 0) {
            fill(key, psk);
            return E_OK;
        }
    }
    return E_SESSION_UNKNOWN;
}

static void set_keys(const struct key *of_client, const struct key *of_server)
{
    keys[PUMP_CLIENT] = of_client;
    keys[PUMP_SERVER] = of_server;
    client->config.psk_to_offer = to_offer;
    server->config.psk_for_identity = for_identity;
}

static const struct key alice256[] = {
    {"alice", "key of alice", &cub_sha256, CUB_PSK_NONE},
    {NULL,    NULL,           NULL,        CUB_PSK_NONE}
};
static const struct key alice384[] = {
    {"alice", "key of alice", &cub_sha384, CUB_PSK_NONE},
    {NULL,    NULL,           NULL,        CUB_PSK_NONE}
};
static const struct key both[] = {
    {"bob",   "bob's",        &cub_sha384, CUB_PSK_NONE},
    {"alice", "key of alice", &cub_sha256, CUB_PSK_NONE},
    {NULL,    NULL,           NULL,        CUB_PSK_NONE}
};
static const struct key bob[] = {
    {"bob", "bob's", &cub_sha384, CUB_PSK_NONE},
    {NULL,  NULL,    NULL,        CUB_PSK_NONE}
};
static const struct key nobody[] = {
    {NULL, NULL, NULL, CUB_PSK_NONE}
};

/* The key decides which suite there is. */
Test(psk_external, hashes)
{
    returning_init();
    set_keys(alice256, alice256);
    returning_connect(CUB_PSK_EXTERNAL);
    cr_assert_eq(server->engine.suite->hash, &cub_sha256);
    cr_assert_not_null(server->engine.group);
    returning_init();
    set_keys(alice384, alice384);
    returning_connect(CUB_PSK_EXTERNAL);
    cr_assert_eq(server->engine.suite->hash, &cub_sha384);
}

/* A key whose hash no suite has is not offered, and not taken. */
Test(psk_external, no_suite)
{
    returning_init();
    set_keys(alice256, alice256);
    client->config.suites = sha384_only;
    returning_connect(CUB_PSK_NONE);
    cr_assert_not(client->engine.hs->offered & EXT_BIT(EXT_PRE_SHARED_KEY));
    returning_init();
    set_keys(alice256, alice256);
    server->config.suites = sha384_only;
    returning_connect(CUB_PSK_NONE);
    cr_assert(client->engine.hs->offered & EXT_BIT(EXT_PRE_SHARED_KEY));
}

Test(psk_external, several)
{
    static const struct key *const of_server[] = {both, alice256, bob};
    static const uint16_t expected[] = {0, 1, 0};

    for (unsigned i = 0; i < 3; i++) {
        returning_init();
        set_keys(both, of_server[i]);
        returning_connect(CUB_PSK_EXTERNAL);
        cr_assert_eq(server->engine.hs->psk_identity, expected[i]);
    }
    /* Of the client's two one alone is possible. */
    returning_init();
    set_keys(both, both);
    client->config.suites = sha256_only;
    returning_connect(CUB_PSK_EXTERNAL);
    cr_assert_eq(server->engine.hs->psk_identity, 0);
}

/* A session goes before them, and they stay when it is of no use. */
Test(psk_external, behind_session)
{
    returning_init();
    set_keys(alice384, alice384);
    returning_connect(CUB_PSK_EXTERNAL);
    cr_assert_eq(r->count, 2);
    returning_again();
    returning_connect(CUB_PSK_RESUMPTION);
    returning_again();
    r->keys.count = 0;
    returning_connect(CUB_PSK_EXTERNAL);
    cr_assert_eq(server->engine.hs->psk_identity, 1);
}

/* A server whose only way to use a key is not the client's. */
static void other_mode(struct cub_client_hello *hello)
{
    hello->psk_key_exchange_modes = (struct cub_view){(const uint8_t *)"\x1a", 1};
}

Test(psk_external, no_common_mode)
{
    returning_init();
    set_keys(alice256, alice256);
    server->config.num_credentials = 0;
    r->change_client = other_mode;
    r->pump.hook = returning_edit_client_hello;
    returning_fail(PUMP_SERVER, E_NO_COMMON_PSK_MODE);
    cr_assert_eq(cub_engine_alert_sent(&server->engine), ALERT_HANDSHAKE_FAILURE);
}

Test(psk_external, unknown)
{
    returning_init();
    set_keys(alice256, nobody);
    returning_connect(CUB_PSK_NONE);
    returning_init();
    set_keys(alice256, nobody);
    server->config.num_credentials = 0;
    returning_fail(PUMP_SERVER, E_NO_COMMON_PSK);
    cr_assert_eq(cub_engine_alert_sent(&server->engine), ALERT_UNKNOWN_PSK_IDENTITY);
    returning_init();
    set_keys(nobody, nobody);
    server->config.num_credentials = 0;
    returning_fail(PUMP_SERVER, E_NO_CREDENTIAL);
}

Test(psk_external, wrong_key)
{
    static const struct key mallory[] = {
        {"alice", "guessed", &cub_sha256, CUB_PSK_NONE},
        {NULL,    NULL,      NULL,        CUB_PSK_NONE}
    };

    returning_init();
    set_keys(mallory, alice256);
    returning_fail(PUMP_SERVER, E_CH_BINDER);
}

/* Imported on one side only, or another hash: the binder tells [RFC9258-5.2]. */
Test(psk_external, kinds)
{
    static const struct key imported[] = {
        {"alice", "key of alice", &cub_sha256, CUB_PSK_IMPORTED},
        {NULL,    NULL,           NULL,        CUB_PSK_NONE    }
    };

    returning_init();
    set_keys(imported, imported);
    returning_connect(CUB_PSK_IMPORTED);
    returning_init();
    set_keys(imported, alice256);
    returning_fail(PUMP_SERVER, E_CH_BINDER);
    returning_init();
    set_keys(alice256, imported);
    returning_fail(PUMP_SERVER, E_CH_BINDER);
    returning_init();
    set_keys(alice256, alice384);
    returning_fail(PUMP_SERVER, E_CH_BINDER);
}

Test(psk_external, waits)
{
    returning_init();
    set_keys(both, alice256);
    waits = 2;
    pump_start(&r->pump);
    for (unsigned i = 0; i < 2; i++) {
        pump_run(&r->pump);
        cr_assert_eq(cub_engine_waits(&server->engine), CUB_WAIT_SESSION);
        cub_engine_resume(&server->engine);
    }
    pump_run(&r->pump);
    cr_assert(cub_engine_connected(&client->engine));
    cr_assert_eq(cub_engine_psk(&client->engine), CUB_PSK_EXTERNAL);
}

Test(psk_external, retry)
{
    static const struct cub_group *const groups[] = {&cub_group_secp384r1, NULL};

    returning_init();
    set_keys(both, alice256);
    server->config.groups = groups;
    returning_connect(CUB_PSK_EXTERNAL);
    cr_assert(client->engine.retried);
    /* The first was of another hash than the retry's suite, and is left out now. */
    cr_assert_eq(server->engine.hs->psk_identity, 0);
}

/* Profiles without certificates. */

static const struct cub_suite *const small_suites[] = {&cub_suite_aes_128_ccm_8_sha256, NULL};
static const struct cub_group *const no_groups[] = {NULL};
static const struct cub_group *const one_group[] = {&cub_group_x25519, NULL};
static const struct cub_verify_scheme *const no_verify_schemes[] = {NULL};
static const struct cub_sign_scheme *const no_sign_schemes[] = {NULL};

static struct cub_profile psk_profile(const struct cub_group *const *groups)
{
    struct cub_profile profile = {
        .client = &cub_client13_psk,
        .server = &cub_server13_psk,
        .suites = small_suites,
        .groups = groups,
        .verify_schemes = no_verify_schemes,
        .sign_schemes = no_sign_schemes,
        .psk_client = &cub_psk_client13,
    };

    return profile;
}

static void use_profile(struct end *end, const struct cub_profile *profile)
{
    end->config.profile = profile;
    end->config.num_credentials = 0;
    end->config.verifier = NULL;
    end->config.flags = CUB_FLAG_PSK_KE;
}

Test(psk_external, small_profiles)
{
    for (unsigned i = 0; i < 4; i++) {
        unsigned with_group = i == 1;
        struct cub_profile profile = psk_profile(with_group ? one_group : no_groups);

        if (i >= 2)
            profile.client = &cub_client13_psk_ke;
        if (i == 3)
            profile.psk_client = &cub_psk_client13_alone;
        returning_init();
        set_keys(alice256, alice256);
        use_profile(client, &profile);
        use_profile(server, &profile);
        returning_connect(CUB_PSK_EXTERNAL);
        cr_assert_eq(server->engine.group != NULL, with_group);
        /* The small client passes over tickets. */
        cr_assert_eq(r->count, 0);
        /* With a peer that has everything. */
        returning_init();
        set_keys(alice256, alice256);
        server->config.suites = small_suites;
        use_profile(client, &profile);
        server->config.flags = CUB_FLAG_PSK_KE;
        returning_connect(CUB_PSK_EXTERNAL);
        returning_init();
        set_keys(alice256, alice256);
        client->config.suites = small_suites;
        client->config.flags = CUB_FLAG_PSK_KE;
        use_profile(server, &profile);
        returning_connect(CUB_PSK_EXTERNAL);
        cr_assert_eq(r->count, 2);
        returning_again();
        returning_connect(CUB_PSK_RESUMPTION);
    }
}

/* What the table of one version offers, a server of the other may answer. */
Test(psk_external, offers_of_another_version)
{
    static const struct cub_view h2 = {(const uint8_t *)"\2h2", 3};
    struct cub_profile profile = psk_profile(no_groups);
    struct cub_protocol without_alpn = cub_client13_psk;
    struct cub_offer offers[16];
    unsigned n = 0;

    for (const struct cub_offer *o = cub_offers13_psk; o->put != NULL; o++) {
        if (o->type != TYPE_ALPN)
            offers[n++] = *o;
    }
    offers[n].put = NULL;
    without_alpn.offers = offers;
    profile.client = &without_alpn;
    profile.client12 = &cub_client12_cert;
    returning_init();
    set_keys(alice256, alice256);
    use_profile(client, &profile);
    server->config.suites = small_suites;
    server->config.flags = CUB_FLAG_PSK_KE;
    client->config.min_version = server->config.min_version = CUB_TLS1_2;
    client->config.alpn = server->config.alpn = h2;
    returning_connect(CUB_PSK_EXTERNAL);
    cr_assert_eq(client->engine.version, CUB_TLS1_3);
    cr_assert_eq(client->engine.alpn.len, 2);
    cr_assert_eq(server->engine.alpn.len, 2);
}

/* Nobody to be known by. */
Test(psk_external, small_profiles_without_key)
{
    struct cub_profile profile = psk_profile(one_group);

    returning_init();
    set_keys(alice256, nobody);
    server->config.suites = small_suites;
    use_profile(client, &profile);
    returning_fail(PUMP_SERVER, E_CH_NO_SIGNATURE_ALGORITHMS);
    returning_init();
    set_keys(nobody, nobody);
    client->config.suites = small_suites;
    use_profile(server, &profile);
    returning_fail(PUMP_SERVER, E_NO_CREDENTIAL);
}

/* A server that answers without the key though the client can have nothing else. */
static void drop_psk(struct cub_server_hello *hello)
{
    hello->present &= ~(uint32_t)EXT_BIT(EXT_PRE_SHARED_KEY);
}

Test(psk_external, server_without_key)
{
    struct cub_profile profile = psk_profile(one_group);

    returning_init();
    set_keys(alice256, alice256);
    use_profile(client, &profile);
    use_profile(server, &profile);
    r->change_server = drop_psk;
    r->pump.hook = returning_edit_server_hello;
    pump_start(&r->pump);
    pump_run(&r->pump);
    cr_assert_eq(cub_engine_error(&client->engine), E_SH_NO_PSK);
}

/* A server with certificates alone takes no notice of keys. */
Test(psk_external, certificates_alone)
{
    struct cub_profile profile = cub_profile_full;

    profile.server = &cub_server13_cert;
    returning_init();
    set_keys(alice256, alice256);
    server->config.profile = &profile;
    returning_connect(CUB_PSK_NONE);
    cr_assert_eq(r->count, 0);
}

/* A client that has no certificate says so, whatever its configuration. */
Test(psk_external, client_without_certificate)
{
    struct cub_profile profile = cub_profile_full;

    profile.client = &cub_client13_cert;
    profile.psk_client = NULL;
    profile.offer_early_data = NULL;
    returning_init();
    set_keys(nobody, nobody);
    client->config.profile = &profile;
    server->config.verify_mode = CUB_VERIFY_OPTIONAL;
    returning_connect(CUB_PSK_NONE);
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
    returning_fail(PUMP_SERVER, E_CERT_REQUIRED);
}

static bool has_state(const struct cub_protocol *table, uint8_t state)
{
    for (unsigned i = 0; i < table->count; i++) {
        if (table->rows[i].state == state)
            return true;
    }
    return false;
}

/* Whether a row of the whole ends in this state by steps through states that the part has not,
 * which do nothing, or nothing that the part does; what keys they install is added. */
static bool settle(const struct cub_protocol *part, const struct cub_protocol *whole,
                   struct cub_row *row, uint8_t state)
{
    if (has_state(part, row->next))
        return row->next == state;
    for (unsigned i = 0; i < whole->count; i++) {
        const struct cub_row *step = &whole->rows[i];
        struct cub_row on = *row;

        on.next = step->next;
        on.keys |= step->keys;
        if (step->state == row->next && step->on == STEP &&
            (step->guard == NULL || step->guard == cub_using_psk) &&
            (step->action == NULL || step->action == cub_derive_resumption_secret) &&
            settle(part, whole, &on, state)) {
            *row = on;
            return true;
        }
    }
    return false;
}

/* The small tables are the full ones with rows left out, and states that these leave empty. */
Test(protocol_small, subsets)
{
    static const struct cub_protocol *const pairs[][2] = {
        {&cub_client13_psk,     &cub_client13},
        {&cub_client13_psk_ke,  &cub_client13},
        {&cub_client13_cert,    &cub_client13},
        {&cub_client13_session, &cub_client13},
        {&cub_server13_psk,     &cub_server13},
        {&cub_server13_cert,    &cub_server13},
        {&cub_client12_cert,    &cub_client12},
        {&cub_server12_cert,    &cub_server12},
    };

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const struct cub_protocol *part = pairs[i][0], *whole = pairs[i][1];
        unsigned j = 0;

        for (unsigned k = 0; k < part->count; k++, j++) {
            struct cub_row row = part->rows[k];

            if (row.action == cub_decline_certificate_request)
                row.action = cub_recv_certificate_request;
            if (row.action == cub_send_no_certificate)
                row.action = cub_send_certificate;
            if (row.action == cub_recv_certificate && whole == &cub_client12)
                row.action = cub_recv_server_certificate12;
            if (row.action == cub_pass_over_ticket)
                row.action = cub_recv_new_session_ticket;
            if (row.action == NULL && row.next == CONNECTED && row.state != KEEP_SESSION)
                row.action = cub_derive_resumption_secret;
            for (; j < whole->count; j++) {
                struct cub_row of = whole->rows[j];

                if (row.state == of.state && row.on == of.on && row.guard == of.guard &&
                    row.action == of.action && settle(part, whole, &of, row.next) &&
                    row.keys == of.keys)
                    break;
            }
            cr_assert_lt(j, whole->count, "row %u of table %zu is in no order", k, i);
        }
    }
}
