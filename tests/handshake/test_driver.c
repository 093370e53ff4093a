/*
 * Whole handshakes between two engines: what is negotiated, delivered in pieces of any size, and
 * with every wait for the owner.
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "handshake/handshake.h"
#include "tests/support/pump.h"

static struct pump p;
static struct end *const client = &p.ends[PUMP_CLIENT];
static struct end *const server = &p.ends[PUMP_SERVER];

/* Both keep the same secrets and the same choices. */
static void check_agreement(void)
{
    const struct cub_engine *c = &client->engine, *s = &server->engine;

    cr_assert_eq(c->suite, s->suite);
    cr_assert_eq(c->group, s->group);
    cr_assert_eq(c->version, CUB_TLS1_3);
    cr_assert_eq(s->version, CUB_TLS1_3);
    cr_assert_eq(c->peer_scheme, s->own_scheme);
    cr_assert_eq(c->own_scheme, s->peer_scheme);
    cr_assert_arr_eq(c->exporter_secret, s->exporter_secret, c->suite->hash->size);
    cr_assert_arr_eq(c->resumption_secret, s->resumption_secret, c->suite->hash->size);
    cr_assert(pump_exchange(&p, 1000));
}

Test(driver, suites_and_groups)
{
    const struct cub_suite *suites[] = {&cub_suite_aes_128_gcm_sha256,
                                        &cub_suite_aes_256_gcm_sha384,
                                        &cub_suite_chacha20_poly1305_sha256,
                                        &cub_suite_aes_128_ccm_sha256,
                                        &cub_suite_aes_128_ccm_8_sha256};
    const struct cub_group *groups[] = {&cub_group_x25519, &cub_group_secp256r1,
                                        &cub_group_secp384r1, &cub_group_secp521r1,
                                        &cub_group_x25519mlkem768};

    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
        for (size_t j = 0; j < sizeof groups / sizeof *groups; j++) {
            const struct cub_suite *suite_list[] = {suites[i], NULL};
            const struct cub_group *group_list[] = {groups[j], NULL};

            pump_init(&p);
            client->config.suites = suite_list;
            server->config.suites = suite_list;
            client->config.profile = server->config.profile = &cub_profile_full;
            client->config.groups = group_list;
            pump_handshake(&p);
            cr_assert_eq(client->engine.suite, suites[i]);
            cr_assert_eq(client->engine.group, groups[j]);
            check_agreement();
        }
    }
}

/* What a client sends shares of, by its groups and by what it is told. */
Test(driver, shares)
{
    const struct cub_group *const hybrid = &cub_group_x25519mlkem768;
    const struct cub_group *const curve = &cub_group_x25519;
    const struct cub_group *const other = &cub_group_secp256r1;
    const struct {
        const struct cub_group *client[4], *named[3], *server[2];
        bool is_named, retried;
    } cases[] = {
        {{hybrid, curve, other}, {0},            {hybrid}, false, false},
        {{hybrid, curve, other}, {0},            {curve},  false, false},
        {{hybrid, curve, other}, {0},            {other},  false, true },
        {{curve, other, hybrid}, {0},            {hybrid}, false, false},
        {{curve, other, hybrid}, {0},            {other},  false, true },
        {{curve, other},         {0},            {other},  false, true },
        {{hybrid},               {0},            {hybrid}, false, false},
        {{hybrid, curve, other}, {curve, other}, {other},  true,  false},
        {{hybrid, curve, other}, {curve, other}, {hybrid}, true,  true },
        {{hybrid, curve, other}, {0},            {hybrid}, true,  true },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pump_init(&p);
        client->config.profile = server->config.profile = &cub_profile_full;
        client->config.groups = cases[i].client;
        if (cases[i].is_named)
            client->config.share_groups = cases[i].named;
        server->config.groups = cases[i].server;
        pump_handshake(&p);
        cr_assert_eq(client->engine.group, cases[i].server[0], "%zu", i);
        cr_assert_eq(client->engine.retried, cases[i].retried, "%zu", i);
        check_agreement();
    }
}

/* ML-KEM is for TLS 1.3 alone: offered by neither side in TLS 1.2. */
Test(driver, no_post_quantum_groups_in_tls12)
{
    const struct cub_group *const both[] = {&cub_group_x25519mlkem768, &cub_group_secp256r1, NULL};
    const struct cub_group *const hybrid[] = {&cub_group_x25519mlkem768, NULL};

    pump_init(&p);
    client->config.profile = server->config.profile = &cub_profile_full;
    client->config.groups = server->config.groups = both;
    client->config.min_version = server->config.min_version = CUB_TLS1_2;
    server->config.max_version = CUB_TLS1_2;
    client->config.max_version = CUB_TLS1_3;
    pump_handshake(&p);
    cr_assert_eq(client->engine.version, CUB_TLS1_2);
    cr_assert_eq(client->engine.group, &cub_group_secp256r1);
    pump_init(&p);
    client->config.profile = server->config.profile = &cub_profile_full;
    client->config.groups = both;
    server->config.groups = hybrid;
    client->config.min_version = server->config.min_version = CUB_TLS1_2;
    client->config.max_version = server->config.max_version = CUB_TLS1_2;
    pump_start(&p);
    pump_run(&p);
    cr_assert_neq(cub_engine_error(&server->engine), E_OK);
    cr_assert_eq(cub_engine_alert_received(&client->engine), ALERT_HANDSHAKE_FAILURE);
}

Test(driver, keys)
{
    for (int fixture = PKI_P256; fixture <= PKI_ED25519; fixture++) {
        pump_init(&p);
        end_use_chain(server, (enum pki_fixture)fixture);
        pump_handshake(&p);
        check_agreement();
        pump_init(&p);
        end_use_chain(server, (enum pki_fixture)fixture);
        client->config.min_version = server->config.min_version = CUB_TLS1_2;
        client->config.max_version = server->config.max_version = CUB_TLS1_2;
        pump_handshake(&p);
        cr_assert_eq(client->engine.version, CUB_TLS1_2);
        cr_assert_eq(client->engine.peer_scheme, server->engine.own_scheme);
    }
}

/* In TLS 1.2 a client's signature covers all messages before it: they are kept for Ed25519, which
 * does not sign a digest [RFC8422-5.10]. */
Test(driver, client_with_ed25519)
{
    static const uint16_t versions[] = {CUB_TLS1_2, CUB_TLS1_3};

    for (size_t i = 0; i < 2; i++) {
        pump_init(&p);
        client->config.profile = server->config.profile = &cub_profile_full;
        end_use_chain(client, PKI_CLIENT_ED25519);
        client->config.min_version = client->config.max_version = versions[i];
        server->config.min_version = server->config.max_version = versions[i];
        server->config.verify_mode = CUB_VERIFY_REQUIRED;
        pump_handshake(&p);
        cr_assert_eq(server->engine.version, versions[i]);
        cr_assert_eq(server->engine.peer_scheme, 0x0807);
        cr_assert_eq(client->engine.own_scheme, 0x0807);
    }
}

/* Without the recorder nobody asks for it, and the client has nothing to show. */
Test(driver, no_recorder)
{
    static struct cub_profile profile;

    profile = cub_profile_full;
    profile.recorder = NULL;
    for (unsigned side = 0; side < 2; side++) {
        pump_init(&p);
        client->config.profile = side == PUMP_CLIENT ? &profile : &cub_profile_full;
        server->config.profile = side == PUMP_SERVER ? &profile : &cub_profile_full;
        end_use_chain(client, PKI_CLIENT_ED25519);
        client->config.min_version = client->config.max_version = CUB_TLS1_2;
        server->config.min_version = server->config.max_version = CUB_TLS1_2;
        server->config.verify_mode = CUB_VERIFY_OPTIONAL;
        pump_handshake(&p);
        cr_assert_eq(server->engine.peer_scheme, 0);
    }
}

/* The client's order decides, or the server's. */
Test(driver, preference)
{
    const struct cub_suite *of_client[] = {&cub_suite_aes_128_gcm_sha256,
                                           &cub_suite_aes_256_gcm_sha384, NULL};
    const struct cub_suite *of_server[] = {&cub_suite_aes_256_gcm_sha384,
                                           &cub_suite_aes_128_gcm_sha256, NULL};

    for (unsigned client_decides = 0; client_decides < 2; client_decides++) {
        pump_init(&p);
        client->config.suites = of_client;
        server->config.suites = of_server;
        server->config.flags = client_decides ? CUB_FLAG_CLIENT_PREFERENCE : 0;
        pump_handshake(&p);
        cr_assert_eq(client->engine.suite, client_decides ? of_client[0] : of_server[0]);
    }
}

Test(driver, alpn)
{
    static const struct cub_view of_client = {(const uint8_t *)"\2h2\10http/1.1", 12};
    static const struct cub_view of_server = {(const uint8_t *)"\3foo\10http/1.1\2h2", 16};

    pump_init(&p);
    client->config.alpn = of_client;
    server->config.alpn = of_server;
    pump_handshake(&p);
    cr_assert_eq(client->engine.alpn.len, 8);
    cr_assert_arr_eq(client->engine.alpn.data, "http/1.1", 8);
    cr_assert_eq(server->engine.alpn.len, 8);
    cr_assert_arr_eq(server->engine.alpn.data, "http/1.1", 8);
}

static uint8_t unknown[256];

static struct cub_view keep_unknown(void *owner, struct cub_view name)
{
    cr_expect_eq(owner, client);
    memcpy(unknown, name.data, name.len);
    return (struct cub_view){unknown, name.len};
}

static struct cub_view refuse_unknown(void *owner, struct cub_view name)
{
    (void)owner, (void)name;
    return (struct cub_view){NULL, 0};
}

/* What the client offered becomes something that it does not know, in its own eyes. */
static void forget_offer(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    static const struct cub_view other = {(const uint8_t *)"\2h3", 3};

    (void)record;
    if (from == PUMP_CLIENT)
        pump->ends[PUMP_CLIENT].config.alpn = other;
}

/* A client may take a protocol that it did not offer, if it is told to. */
Test(driver, alpn_that_was_not_offered)
{
    static const struct cub_view h2 = {(const uint8_t *)"\2h2", 3};
    static const uint16_t versions[] = {CUB_TLS1_2, CUB_TLS1_3};

    for (unsigned i = 0; i < 6; i++) {
        pump_init(&p);
        client->config.min_version = client->config.max_version = versions[i % 2];
        server->config.min_version = CUB_TLS1_2;
        client->config.alpn = server->config.alpn = h2;
        client->config.unknown_alpn = i / 2 == 0   ? keep_unknown
                                      : i / 2 == 1 ? refuse_unknown
                                                   : NULL;
        p.hook = forget_offer;
        pump_start(&p);
        pump_run(&p);
        cr_assert_eq(cub_engine_connected(&client->engine), i / 2 == 0);
        if (i / 2 == 0) {
            cr_expect_eq(client->engine.alpn.len, 2);
            cr_expect_arr_eq(client->engine.alpn.data, "h2", 2);
            cr_expect_eq(client->engine.alpn.data, unknown);
        } else {
            cr_expect_eq(cub_engine_error(&client->engine), E_EE_ALPN);
        }
    }
}

/* Everything that makes handshakes differ in their messages. */
struct variant {
    const char *name;
    uint8_t retry, cookie, ask, client_has_cert, no_compat, two_shares;
};

static const struct variant variants[] = {
    {"plain",            0, 0, 0,                   0, 0, 0},
    {"retry",            1, 0, 0,                   0, 0, 0},
    {"cookie",           1, 1, 0,                   0, 0, 0},
    {"certificate",      0, 0, CUB_VERIFY_REQUIRED, 1, 0, 0},
    {"optional",         0, 0, CUB_VERIFY_OPTIONAL, 1, 0, 0},
    {"no certificate",   0, 0, CUB_VERIFY_OPTIONAL, 0, 0, 0},
    {"no compatibility", 0, 0, 0,                   0, 1, 0},
    {"bare retry",       1, 1, CUB_VERIFY_REQUIRED, 1, 1, 0},
    {"everything",       1, 1, CUB_VERIFY_REQUIRED, 1, 0, 0},
    {"two shares",       0, 0, 0,                   0, 0, 1},
};

static void set_variant(const struct variant *v)
{
    static const struct cub_group *const of_client[] = {&cub_group_x25519, &cub_group_secp256r1,
                                                        NULL};
    static const struct cub_group *const of_server[] = {&cub_group_secp256r1, NULL};

    pump_init(&p);
    client->config.groups = of_client;
    if (v->two_shares)
        client->config.share_groups = of_client;
    if (v->retry || v->two_shares)
        server->config.groups = of_server;
    if (v->cookie)
        server->config.flags |= CUB_FLAG_COOKIE;
    if (v->no_compat)
        client->config.flags |= CUB_FLAG_NO_COMPAT;
    server->config.verify_mode = v->ask;
    if (!v->client_has_cert)
        client->config.num_credentials = 0;
}

static void check_variant(const struct variant *v)
{
    cr_assert_eq(client->engine.retried, v->retry, "%s", v->name);
    cr_assert_eq(server->engine.retried, v->retry, "%s", v->name);
    cr_assert_eq(server->engine.hs->peer_has_cert, v->client_has_cert, "%s", v->name);
    check_agreement();
}

#define ALL_VARIANTS(v)                                                                            \
    const struct variant *v = variants;                                                            \
    v < variants + sizeof variants / sizeof *variants;                                             \
    v++

Test(driver, variants)
{
    for (ALL_VARIANTS(v)) {
        set_variant(v);
        pump_handshake(&p);
        check_variant(v);
    }
}

/* The same bytes, in pieces of one, of primes, and around the sizes of headers. */
Test(driver, pieces)
{
    static const size_t patterns[][8] = {
        {1    },
        {2    },
        {3,     1, 4, 1, 5, 9},
        {5,    1000},
        {4,    1, 16384},
        {6,     127, 1, 1, 1, 61},
        {509},
    };

    for (ALL_VARIANTS(v)) {
        for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
            set_variant(v);
            p.splits = patterns[i];
            pump_handshake(&p);
            check_variant(v);
        }
    }
}

/* Cuts a handshake record in the clear into records of a few bytes. */
static void cut_hello(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    size_t piece = *(const size_t *)pump->hook_context;
    uint8_t header[5] = {CUB_HANDSHAKE, 3, 3, 0, 0};

    if (record->bytes[0] != CUB_HANDSHAKE)
        return;
    for (size_t at = 5; at < record->len; at += piece) {
        size_t n = record->len - at < piece ? record->len - at : piece;

        header[3] = (uint8_t)(n >> 8);
        header[4] = (uint8_t)n;
        pump_insert(pump, from, header, sizeof header);
        pump_insert(pump, from, record->bytes + at, n);
    }
    record->len = 0;
}

/* Messages in fragments down to a byte a record, whatever the pieces that records come in. */
Test(driver, fragments)
{
    static const size_t fragments[] = {1, 2, 3, 4, 5, 7, 64, 600};
    static const size_t pieces[] = {1, 0};

    for (ALL_VARIANTS(v)) {
        for (size_t i = 0; i < sizeof fragments / sizeof *fragments; i++) {
            set_variant(v);
            p.hook = cut_hello;
            p.hook_context = (void *)&fragments[i];
            p.splits = i % 2 ? pieces : NULL;
            pump_start(&p);
            client->engine.out.limit = server->engine.out.limit = (uint16_t)fragments[i];
            pump_run(&p);
            check_variant(v);
        }
    }
}

/* The owner answers late: to a ClientHello, a signature, a chain. */

static enum cub_error late_finish(void *context, unsigned usage, struct cub_public_key *key)
{
    static bool asked;

    asked = !asked;
    return asked ? E_WAIT_VERIFY : cub_chain_verifier.finish(context, usage, key);
}

static enum cub_error late_sign(void *context, uint16_t scheme, const uint8_t *message,
                                size_t message_len, uint8_t *sig, size_t *sig_len)
{
    struct end *end = context;
    static bool asked;

    asked = !asked;
    if (asked)
        return E_WAIT_SIGN;
    cr_assert_eq(scheme, cub_sign_ecdsa_secp256r1_sha256.id);
    return cub_sign_message(&cub_sign_ecdsa_secp256r1_sha256, end->credential.key, &end->random,
                            message, message_len, sig, sig_len);
}

/* What an engine that waits must be: still. */
static void check_waits(struct end *end, enum cub_wait wait)
{
    size_t n;

    pump_run(&p);
    cr_assert_eq(cub_engine_waits(&end->engine), wait);
    cr_assert_null(cub_engine_recvrec_buf(&end->engine, &n));
    cr_assert_null(cub_engine_recvapp_buf(&end->engine, &n));
    cr_assert_null(cub_engine_sendapp_buf(&end->engine, &n));
    cr_assert_not(cub_engine_connected(&end->engine));
}

Test(driver, waits)
{
    static struct cub_verifier late_verifier;
    struct cub_config other;
    const uint8_t *sni;
    size_t n;

    late_verifier = cub_chain_verifier;
    late_verifier.finish = late_finish;
    pump_init(&p);
    client->config.verifier = &late_verifier;
    server->config.flags = CUB_FLAG_HELLO_WAIT;
    server->credential.sign = late_sign;
    server->credential.sign_context = server;
    other = server->config;
    server->config.num_credentials = 0;
    pump_start(&p);

    check_waits(server, CUB_WAIT_HELLO);
    sni = cub_engine_sni(&server->engine, &n);
    cr_assert_eq(n, strlen("server.example"));
    cr_assert_arr_eq(sni, "server.example", n);
    cub_engine_set_config(&server->engine, &other, &server->verifier);
    cub_engine_accept_sni(&server->engine);
    cub_engine_resume(&server->engine);
    cr_assert_null(cub_engine_sni(&server->engine, &n));

    check_waits(server, CUB_WAIT_SIGN);
    cub_engine_resume(&server->engine);
    check_waits(client, CUB_WAIT_VERIFY);
    cub_engine_resume(&client->engine);
    pump_run(&p);
    check_agreement();
}

/* Who waits can still fail, or lose its peer. */
Test(driver, fail_while_waiting)
{
    for (unsigned eof = 0; eof < 2; eof++) {
        pump_init(&p);
        server->config.flags = CUB_FLAG_HELLO_WAIT;
        pump_start(&p);
        check_waits(server, CUB_WAIT_HELLO);
        if (eof)
            cub_engine_eof(&server->engine);
        else
            cub_engine_fail(&server->engine, E_NO_CREDENTIAL);
        cr_assert_eq(cub_engine_waits(&server->engine), CUB_WAIT_NOTHING);
        cr_assert_eq(cub_engine_error(&server->engine), eof ? E_EOF : E_NO_CREDENTIAL);
        cub_engine_resume(&server->engine);
        pump_run(&p);
        cr_assert_eq(cub_engine_alert_received(&client->engine),
                     eof ? ALERT_NONE : ALERT_HANDSHAKE_FAILURE);
    }
}

/* Both ends send the same bytes when everything is repeated. */
Test(driver, repeatable)
{
    uint8_t secrets[2][CUB_MAX_SECRET];

    for (unsigned i = 0; i < 2; i++) {
        pump_init(&p);
        pump_handshake(&p);
        memcpy(secrets[i], client->engine.exporter_secret, sizeof secrets[i]);
    }
    cr_assert_arr_eq(secrets[0], secrets[1], sizeof secrets[0]);
}

/* A saved pump goes on as if nothing had been in between. */
Test(driver, save_and_restore)
{
    void *saved;

    pump_init(&p);
    pump_start(&p);
    saved = pump_save(&p);
    pump_run(&p);
    check_agreement();
    pump_restore(&p, saved);
    cr_assert_not(cub_engine_connected(&client->engine));
    pump_run(&p);
    check_agreement();
    free(saved);
}
