/*
 * Sessions that are not resumed: too old, not whole, or made under other settings; what a context
 * keeps, and what it counts.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/config.h"
#include "handshake/ticket_keys.h"
#include "tests/api/pair.h"
#include "tests/support/random.h"

static struct pair p;
static cub_session *session;
static enum cub_TLSVersion version;

static const uint8_t ticket_key[CUB_TICKET_KEY_SIZE] = {1, 2, 3};

static void options_off(cub_context *context, uint64_t option)
{
    cr_assert_eq(cub_context_set_options(context, cub_context_get_options(context) | option),
                 CUB_OK);
}

/* Contexts for one version; both sides know each other by certificates. */
static void prepare(enum cub_TLSVersion which)
{
    version = which;
    p = (struct pair){.client_context = pair_client_context(),
                      .server_context = pair_server_context(PKI_P256)};
    cr_assert_eq(cub_context_set_maximum_version(p.client_context, version), CUB_OK);
    cr_assert_eq(cub_context_set_ticket_keys(p.server_context, ticket_key, sizeof ticket_key),
                 CUB_OK);
    cr_assert_eq(cub_context_load_verify_locations(p.server_context, NULL, NULL, pki_root()->der,
                                                   pki_root()->len),
                 CUB_OK);
    cr_assert_eq(cub_context_set_verify_mode(p.server_context, CUB_CERT_REQUIRED), CUB_OK);
    pair_load(p.client_context, PKI_CLIENT);
}

/* Ends the connection; the contexts stay for the next one. */
static void next(void)
{
    struct pair fresh = {.client_context = cub_context_ref(p.client_context),
                         .server_context = cub_context_ref(p.server_context)};

    pair_close(&p);
    p = fresh;
}

/* Both sides have what they should have of the peer, resumed or not. */
static void check_peers(void)
{
    const struct cub_cert_info *cert;

    cr_assert_eq(cub_conn_getpeercert(p.client, &cert), CUB_OK);
    if (cub_context_get_verify_mode(p.client_context) != CUB_CERT_NONE) {
        cr_assert_not_null(cert);
        cr_expect_str_eq(cert->subjectAltName[0].value, "server.example");
    }
    cr_assert_eq(cub_conn_getpeercert(p.server, &cert), CUB_OK);
    if (cub_context_get_verify_mode(p.server_context) != CUB_CERT_NONE) {
        cr_assert_not_null(cert);
        cr_expect_str_eq(cert->subjectAltName[0].value, "client@client.example");
    }
}

/* A connection with the session, if there is one; whether it was resumed. */
static bool resumes(void)
{
    bool reused;

    pair_open(&p);
    if (session)
        cr_assert_eq(cub_conn_set_session(p.client, session), CUB_OK, "%s", pair_message(p.client));
    pair_handshake(&p);
    cr_assert_eq(p.client_result, CUB_OK, "%s", pair_message(p.client));
    cr_assert_eq(p.server_result, CUB_OK, "%s", pair_message(p.server));
    pair_echo(p.client, p.server, "hello");
    pair_echo(p.server, p.client, "tickets, too");
    check_peers();
    reused = cub_conn_get_session_reused(p.client);
    cr_assert_eq(cub_conn_get_session_reused(p.server), reused);
    return reused;
}

static void first(void)
{
    session = NULL;
    cr_assert_not(resumes());
    session = cub_session_ref(cub_conn_get_session(p.client));
    next();
}

static void finish(void)
{
    cub_session_free(session);
    session = NULL;
    pair_close(&p);
}

static struct cub_session_stats stats_of(const cub_context *context)
{
    struct cub_session_stats stats;

    cub_context_session_stats(context, &stats);
    return stats;
}

/* Other settings. */

static void trust_more(cub_context *context)
{
    const struct pki_chain *chain = pki_chain(PKI_P384);

    cr_assert_eq(cub_context_load_verify_locations(context, NULL, NULL, chain->certs[1].der,
                                                   chain->certs[1].len),
                 CUB_OK);
}

static void check_no_names(cub_context *context)
{
    cr_assert_eq(cub_context_set_check_hostname(context, false), CUB_OK);
}

static void common_names(cub_context *context)
{
    cr_assert_eq(cub_context_set_hostname_checks_common_name(context, false), CUB_OK);
}

static void verify_less(cub_context *context)
{
    cr_assert_eq(cub_context_set_verify_flags(context, 0), CUB_OK);
}

static void verify_nothing(cub_context *context)
{
    check_no_names(context);
    cr_assert_eq(cub_context_set_verify_mode(context, CUB_CERT_NONE), CUB_OK);
}

static void verify_optionally(cub_context *context)
{
    cr_assert_eq(cub_context_set_verify_mode(context, CUB_CERT_OPTIONAL), CUB_OK);
}

static cub_result as_found(cub_conn *conn, const struct cub_error_details *found,
                           const struct cub_bytes *chain, size_t count, void *arg)
{
    (void)conn, (void)chain, (void)count, (void)arg;
    return found->result;
}

static void verify_otherwise(cub_context *context)
{
    cr_assert_eq(cub_context_set_verify_callback(context, as_found, NULL), CUB_OK);
}

static void want_no_status(cub_context *context)
{
    cr_assert_eq(cub_context_set_status_mode(context, CUB_STATUS_NONE), CUB_OK);
}

static void other_suites(cub_context *context)
{
    cr_assert_eq(cub_context_set_ciphers(context, "ECDHE-ECDSA-CHACHA20-POLY1305"), CUB_OK);
    cr_assert_eq(cub_context_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256"), CUB_OK);
}

static void another_identity(cub_context *context)
{
    pair_load(context, PKI_RSA2048);
}

static void other_keys(cub_context *context)
{
    static const uint8_t key[CUB_TICKET_KEY_SIZE] = {4, 5, 6};

    cr_assert_eq(cub_context_set_ticket_keys(context, key, sizeof key), CUB_OK);
}

static void another_version(cub_context *context)
{
    bool down = version == CUB_TLSVersion_TLSv1_3;

    if (down)
        cr_assert_eq(cub_context_set_maximum_version(context, CUB_TLSVersion_TLSv1_2), CUB_OK);
    else
        cr_assert_eq(cub_context_set_maximum_version(p.client_context, CUB_TLSVersion_TLSv1_3),
                     CUB_OK);
}

static void other_name(cub_context *context)
{
    (void)context;
    p.host = "localhost";
}

static void speak_a_protocol(cub_context *context)
{
    static const char *const names[] = {"x"};

    cr_assert_eq(cub_context_set_alpn_protocols(context, names, 1), CUB_OK);
}

static const struct change {
    const char *name;
    void (*change)(cub_context *context);
    bool server;
    bool resumed; /* it makes no difference */
} changes[] = {
    {"client: trust",               trust_more,        false, false},
    {"client: host name",           check_no_names,    false, false},
    {"client: common name",         common_names,      false, false},
    {"client: flags",               verify_less,       false, false},
    {"client: mode",                verify_nothing,    false, false},
    {"client: callback",            verify_otherwise,  false, false},
    {"client: status",              want_no_status,    false, false},
    {"client: suites",              other_suites,      false, false},
    {"client: another identity",    another_identity,  false, false},
    {"client: version",             another_version,   false, false},
    {"client: name",                other_name,        false, false},
    {"client: application",         speak_a_protocol,  false, true },
    {"server: trust",               trust_more,        true,  false},
    {"server: flags",               verify_less,       true,  false},
    {"server: mode",                verify_optionally, true,  false},
    {"server: callback",            verify_otherwise,  true,  false},
    {"server: suites",              other_suites,      true,  false},
    {"server: keys",                other_keys,        true,  false},
    {"server: version",             another_version,   true,  false},
    {"server: another certificate", another_identity,  true,  true },
    {"server: application",         speak_a_protocol,  true,  true },
};

static void check_changes(enum cub_TLSVersion which)
{
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        const struct change *c = &changes[i];

        prepare(which);
        first();
        c->change(c->server ? p.server_context : p.client_context);
        cr_expect_eq(resumes(), c->resumed, "%s", c->name);
        finish();
    }
}

Test(session_limits, other_settings_of_tls13)
{
    check_changes(CUB_TLSVersion_TLSv1_3);
}

Test(session_limits, other_settings_of_tls12)
{
    check_changes(CUB_TLSVersion_TLSv1_2);
}

/* Tickets that the server changed its mind about. */

/* The session once more, with its ticket opened, changed and sealed again, or changed as it is. */
static void replace_ticket(void (*change)(struct cub_session_state *inside),
                           void (*spoil)(struct cub_view *ticket))
{
    static uint8_t ticket[16384], whole[32768];
    struct test_random state = {0};
    struct cub_random random = {test_random_fill, &state};
    struct cub_ticket_keys keys = {.aead = &cub_aes_256_gcm, .random = &random};
    struct cub_session_state outside, inside;
    static uint8_t opened[16384];
    uint8_t *bytes;
    size_t len, size;

    cub_ticket_keys_rotate(&keys, ticket_key);
    cr_assert_eq(cub_session_save(session, &bytes, &len), CUB_OK);
    cr_assert_eq(cub_session_decode(&outside, bytes, len), E_OK);
    cr_assert_leq(outside.ticket.len, sizeof ticket);
    memcpy(ticket, outside.ticket.data, outside.ticket.len);
    size = outside.ticket.len;
    if (change) {
        cr_assert_eq(cub_ticket_open(&keys, NULL, ticket, &size, sizeof ticket), E_OK);
        memcpy(opened, ticket, size);
        cr_assert_eq(cub_session_decode(&inside, opened, size), E_OK);
        change(&inside);
        cr_assert_eq(cub_session_encode(&inside, ticket, sizeof ticket, &size), E_OK);
        cr_assert_eq(cub_ticket_seal(&keys, NULL, ticket, &size, sizeof ticket), E_OK);
    }
    outside.ticket = (struct cub_view){ticket, size};
    if (spoil)
        spoil(&outside.ticket);
    cr_assert_eq(cub_session_encode(&outside, whole, sizeof whole, &size), E_OK);
    cub_free(bytes);
    cub_session_free(session);
    cr_assert_eq(cub_session_load(whole, size, &session), CUB_OK);
}

static void nothing(struct cub_session_state *inside)
{
    (void)inside;
}

static void grow_old(struct cub_session_state *inside)
{
    inside->issued -= 7200 * 1000;
}

/* The ticket is new, but what it goes back to is not. */
static void come_from_old(struct cub_session_state *inside)
{
    inside->established -= UINT64_C(604800) * 1000;
}

static void be_for_another_name(struct cub_session_state *inside)
{
    static uint8_t name[32];

    inside->server_name = (struct cub_view){name, sizeof name};
}

static void cut(struct cub_view *ticket)
{
    ticket->len--;
}

static void leave_little(struct cub_view *ticket)
{
    ticket->len = 1;
}

static void flip(struct cub_view *ticket)
{
    ((uint8_t *)(uintptr_t)ticket->data)[ticket->len / 2] ^= 0x10;
}

static void flip_last(struct cub_view *ticket)
{
    ((uint8_t *)(uintptr_t)ticket->data)[ticket->len - 1] ^= 1;
}

static const struct {
    void (*change)(struct cub_session_state *inside);
    void (*spoil)(struct cub_view *ticket);
    bool resumed;
    unsigned misses, timeouts;
} spoilt[] = {
    {nothing,             NULL,         true,  0, 0},
    {grow_old,            NULL,         false, 0, 1},
    {come_from_old,       NULL,         false, 0, 0},
    {be_for_another_name, NULL,         false, 0, 0},
    {NULL,                cut,          false, 1, 0},
    {NULL,                leave_little, false, 1, 0},
    {NULL,                flip,         false, 1, 0},
    {NULL,                flip_last,    false, 1, 0},
};

static void check_spoilt(enum cub_TLSVersion which)
{
    for (size_t i = 0; i < sizeof spoilt / sizeof spoilt[0]; i++) {
        struct cub_session_stats stats;

        prepare(which);
        first();
        replace_ticket(spoilt[i].change, spoilt[i].spoil);
        cr_expect_eq(resumes(), spoilt[i].resumed, "row %zu", i);
        stats = stats_of(p.server_context);
        cr_expect_eq(stats.hits, spoilt[i].resumed);
        cr_expect_eq(stats.misses, spoilt[i].misses, "row %zu: %lu", i, stats.misses);
        cr_expect_eq(stats.timeouts, spoilt[i].timeouts, "row %zu: %lu", i, stats.timeouts);
        cr_expect_eq(stats.accept, 2);
        cr_expect_eq(stats.accept_good, 2);
        cr_expect_eq(stats.connect + stats.connect_good, 0);
        cr_expect_eq(stats.accept_renegotiate + stats.connect_renegotiate, 0);
        stats = stats_of(p.client_context);
        cr_expect_eq(stats.connect, 2);
        cr_expect_eq(stats.connect_good, 2);
        cr_expect_eq(stats.hits, spoilt[i].resumed);
        finish();
    }
}

Test(session_limits, tickets_of_tls13)
{
    check_spoilt(CUB_TLSVersion_TLSv1_3);
}

Test(session_limits, tickets_of_tls12)
{
    check_spoilt(CUB_TLSVersion_TLSv1_2);
}

/* Settings for how long and how many. */

Test(session_limits, timeout)
{
    for (int i = 0; i < 4; i++) {
        bool server = i % 2 == 1;
        cub_context *limited;

        prepare(i < 2 ? CUB_TLSVersion_TLSv1_2 : CUB_TLSVersion_TLSv1_3);
        limited = server ? p.server_context : p.client_context;
        cr_expect_eq(cub_context_get_session_timeout(limited), 0);
        cr_expect_eq(cub_context_set_session_timeout(limited, -1), CUB_ValueError);
        cr_expect_eq(cub_context_set_session_timeout(limited, 604801), CUB_ValueError);
        cr_assert_eq(cub_context_set_session_timeout(limited, 300), CUB_OK);
        cr_expect_eq(cub_context_get_session_timeout(limited), 300);
        first();
        cr_expect_eq(cub_session_get_timeout(session), 300);
        cr_expect(resumes());
        finish();
    }
    /* A day is the most for TLS 1.2. */
    prepare(CUB_TLSVersion_TLSv1_2);
    cr_assert_eq(cub_context_set_session_timeout(p.server_context, 604800), CUB_OK);
    first();
    cr_expect_eq(cub_session_get_timeout(session), 86400);
    finish();
}

/* The context's own sessions, by ids. */
Test(session_limits, cache_size)
{
    struct cub_session_stats stats;

    prepare(CUB_TLSVersion_TLSv1_2);
    options_off(p.server_context, CUB_OP_NO_TICKET);
    cr_expect_eq(cub_context_get_session_cache_size(p.server_context), 4096);
    cr_assert_eq(cub_context_set_session_cache_size(p.server_context, 3), CUB_OK);
    cr_expect_eq(cub_context_get_session_cache_size(p.server_context), 3);
    for (unsigned i = 1; i <= 5; i++) {
        cub_session_free(session);
        first();
        stats = stats_of(p.server_context);
        cr_expect_eq(stats.number, i < 3 ? i : 3);
        cr_expect_eq(stats.cache_full, i < 3 ? 0 : i - 3);
    }
    cr_expect(resumes());
    next();
    /* None at all. */
    cr_assert_eq(cub_context_set_session_cache_size(p.server_context, 0), CUB_OK);
    cr_expect_not(resumes());
    stats = stats_of(p.server_context);
    cr_expect_eq(stats.number, 0);
    cr_expect_eq(stats.hits, 1);
    cub_session_get_id(cub_conn_get_session(p.client), &(struct cub_bytes){0});
    cr_expect_not(cub_session_get_has_ticket(cub_conn_get_session(p.client)));
    finish();
    /* A client keeps its sessions itself. */
    prepare(CUB_TLSVersion_TLSv1_3);
    cr_assert_eq(cub_context_set_session_cache_size(p.client_context, 5), CUB_OK);
    cr_expect_eq(cub_context_get_session_cache_size(p.client_context), 5);
    first();
    cr_expect_eq(stats_of(p.client_context).number, 0);
    finish();
}
