#include <criterion/criterion.h>

#include <string.h>
#include <time.h>

#include "tests/api/pair.h"

/* Lets the client read the tickets that came with the handshake. */
static void take_tickets(struct pair *p)
{
    char byte;
    size_t n;

    cr_expect_eq(cub_conn_read(p->client, &byte, 1, &n), CUB_SSLWantReadError);
}

/* Ends the connection and leaves the contexts for the next one. */
static void keep_contexts(struct pair *p)
{
    cub_context *client = cub_context_ref(p->client_context);
    cub_context *server = cub_context_ref(p->server_context);

    pair_close(p);
    *p = (struct pair){.client_context = client, .server_context = server};
}

/* A connection's session; the contexts stay in p for the next connection. */
static cub_session *first_session(struct pair *p)
{
    cub_session *session;

    pair_connect(p);
    cr_expect_not(cub_conn_get_session_reused(p->client));
    take_tickets(p);
    session = cub_session_ref(cub_conn_get_session(p->client));
    cr_assert(cub_session_get_has_ticket(session));
    keep_contexts(p);
    return session;
}

/* A connection that tries to resume. */
static void connect_with(struct pair *p, cub_session *session)
{
    pair_open(p);
    cr_assert_eq(cub_conn_set_session(p->client, session), CUB_OK, "%s", pair_message(p->client));
    pair_handshake(p);
    cr_assert_eq(p->client_result, CUB_OK, "%s", pair_message(p->client));
    cr_assert_eq(p->server_result, CUB_OK, "%s", pair_message(p->server));
    pair_echo(p->client, p->server, "hello");
    cr_assert_eq(cub_conn_get_session_reused(p->client), cub_conn_get_session_reused(p->server));
}

Test(session, is_resumed)
{
    struct pair p = {0};
    cub_session *session = first_session(&p);
    const struct cub_cert_info *cert;
    struct cub_session_stats stats;
    const struct cub_bytes *chain;
    size_t count;

    connect_with(&p, session);
    cr_expect(cub_conn_get_session_reused(p.client));
    cr_assert_eq(cub_conn_getpeercert(p.client, &cert), CUB_OK);
    cr_assert_not_null(cert, "the peer is known from the session");
    cr_expect_str_eq(cert->subjectAltName[0].value, "server.example");
    cr_assert_eq(cub_conn_get_verified_chain(p.client, &chain, &count), CUB_OK);
    cr_expect_eq(count, 3);
    cr_expect_eq(cub_conn_shared_ciphers(p.server, NULL, 0), 0, "None of a session that is reused");
    take_tickets(&p);
    cr_expect_neq(cub_conn_get_session(p.client), session, "there are new tickets");
    cr_expect(cub_session_get_has_ticket(cub_conn_get_session(p.client)));
    cub_context_session_stats(p.client_context, &stats);
    cr_expect_eq(stats.connect, 2);
    cr_expect_eq(stats.connect_good, 2);
    cr_expect_eq(stats.hits, 1);
    cub_context_session_stats(p.server_context, &stats);
    cr_expect_eq(stats.accept_good, 2);
    cr_expect_eq(stats.hits, 1);
    cr_expect_eq(stats.misses, 0);
    cub_session_free(session);
    pair_close(&p);
}

/* Seconds since 1970 on the clock that sessions are stamped with: time() may lag it by a tick. */
static int64_t seconds_now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec;
}

Test(session, tells_of_itself)
{
    struct pair p = {0};
    struct cub_bytes id;
    cub_session *session;

    pair_open(&p);
    cr_expect_null(cub_conn_get_session(p.client), "not yet");
    pair_handshake(&p);
    session = cub_conn_get_session(p.server);
    cr_assert_not_null(session);
    cr_expect_not(cub_session_get_has_ticket(session));
    cub_session_get_id(session, &id);
    cr_expect_eq(id.len, 0);
    cr_expect_eq(cub_session_get_ticket_lifetime_hint(session), 0);
    take_tickets(&p);
    session = cub_conn_get_session(p.client);
    cub_session_get_id(session, &id);
    cr_expect_eq(id.len, 32);
    cr_expect_leq(cub_session_get_time(session), seconds_now());
    cr_expect_gt(cub_session_get_time(session), seconds_now() - 100);
    cr_expect_gt(cub_session_get_timeout(session), 0);
    cr_expect_eq(cub_session_get_ticket_lifetime_hint(session), 7200);
    pair_close(&p);
}

Test(session, as_bytes)
{
    struct pair p = {0};
    cub_session *session = first_session(&p), *loaded;
    uint8_t *bytes;
    size_t len;

    cr_assert_eq(cub_session_save(session, &bytes, &len), CUB_OK);
    cr_assert_eq(cub_session_load(bytes, len, &loaded), CUB_OK);
    /* As in another process: another context, set up alike. */
    cub_context_free(p.client_context);
    p.client_context = pair_client_context();
    connect_with(&p, loaded);
    cr_expect(cub_conn_get_session_reused(p.client));
    cub_session_free(loaded);
    for (size_t cut = 0; cut < len; cut++) {
        cr_assert_neq(cub_session_load(bytes, cut, &loaded), CUB_OK, "%zu bytes", cut);
        cr_assert_null(loaded);
    }
    cub_free(bytes);
    cub_session_free(session);
    cr_expect_eq(cub_session_save(cub_conn_get_session(p.server), &bytes, &len), CUB_ValueError);
    cr_expect_null(bytes);
    pair_close(&p);
}

/* What was verified differently is not taken over. */
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

static void verify_less(cub_context *context)
{
    cr_assert_eq(cub_context_set_verify_flags(context, 0), CUB_OK);
}

static void expect_depth(cub_context *context)
{
    cr_assert_eq(cub_context_set_verify_depth(context, 1), CUB_OK);
}

static void expect_policy(cub_context *context)
{
    cr_assert_eq(cub_context_set_verify_policies(context, &(const char *){"2.5.29.32.0"}, 1),
                 CUB_OK);
}

static void verify_nothing(cub_context *context)
{
    check_no_names(context);
    cr_assert_eq(cub_context_set_verify_mode(context, CUB_CERT_NONE), CUB_OK);
}

Test(session, is_bound_to_the_settings)
{
    static void (*const changes[])(cub_context *) = {trust_more,   check_no_names, verify_less,
                                                     expect_depth, expect_policy,  verify_nothing};

    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct pair p = {0};
        cub_session *session = first_session(&p);
        changes[i](p.client_context);
        connect_with(&p, session);
        cr_expect_not(cub_conn_get_session_reused(p.client), "change %zu", i);
        cub_session_free(session);
        pair_close(&p);
    }
}

/* A session as bytes, and loaded from them: it belongs to no context any more. */
static cub_session *through_bytes(cub_session *session)
{
    cub_session *loaded;
    uint8_t *bytes;
    size_t len;

    cr_assert_eq(cub_session_save(session, &bytes, &len), CUB_OK);
    cr_assert_eq(cub_session_load(bytes, len, &loaded), CUB_OK);
    cub_free(bytes);
    cub_session_free(session);
    return loaded;
}

/* The next client is one that trusts nobody, and the server one that nobody should trust. */
static void check_refused(struct pair *p, cub_session *session)
{
    cub_context_free(p->client_context);
    cr_assert_eq(cub_context_new(CUB_PROTOCOL_TLS_CLIENT, &p->client_context), CUB_OK);
    pair_open(p);
    session = through_bytes(session);
    cr_assert_eq(cub_conn_set_session(p->client, session), CUB_OK);
    pair_handshake(p);
    cr_expect_eq(p->client_result, CUB_SSLCertVerificationError, "%s", pair_message(p->client));
    cub_session_free(session);
    pair_close(p);
}

static cub_result accept_all(cub_conn *conn, const struct cub_error_details *found,
                             const struct cub_bytes *chain, size_t count, void *arg)
{
    (void)conn, (void)found, (void)chain, (void)count, (void)arg;
    return CUB_OK;
}

/* Whom a verify_callback accepted, nobody accepts without one. */
Test(session, is_bound_to_the_verify_callback)
{
    struct pair p = {0};

    cr_assert_eq(cub_context_new(CUB_PROTOCOL_TLS_CLIENT, &p.client_context), CUB_OK);
    cr_assert_eq(cub_context_set_verify_callback(p.client_context, accept_all, NULL), CUB_OK);
    check_refused(&p, first_session(&p));
}

static bool any_psk(struct cub_psk_key *psk)
{
    memcpy(psk->key, "0123456789abcdef", psk->key_len = 16);
    strcpy(psk->identity, "me");
    return true;
}

static bool client_psk(cub_conn *conn, const char *hint, struct cub_psk_key *psk, void *arg)
{
    (void)conn, (void)hint, (void)arg;
    return any_psk(psk);
}

static bool server_psk(cub_conn *conn, const char *identity, struct cub_psk_key *psk, void *arg)
{
    (void)conn, (void)identity, (void)arg;
    return any_psk(psk);
}

/* Who was known by a key that was shared before, is nobody to those who do not share it. */
Test(session, is_bound_to_pre_shared_keys)
{
    struct pair p = {0};

    cr_assert_eq(cub_context_new(CUB_PROTOCOL_TLS_CLIENT, &p.client_context), CUB_OK);
    p.server_context = pair_server_context(PKI_P256);
    cr_assert_eq(cub_context_set_psk_client_callback(p.client_context, client_psk, NULL), CUB_OK);
    cr_assert_eq(cub_context_set_psk_server_callback(p.server_context, server_psk, NULL, NULL),
                 CUB_OK);
    check_refused(&p, first_session(&p));
}

/* A server that demands certificates; afterwards: not in the handshake. */
static cub_context *demanding_context(bool afterwards)
{
    static const uint8_t keys[48] = {1, 2, 3};
    cub_context *context = pair_server_context(PKI_P256);

    cr_assert_eq(cub_context_load_verify_locations(context, NULL, NULL, pki_root()->der,
                                                   pki_root()->len),
                 CUB_OK);
    cr_assert_eq(cub_context_set_verify_mode(context, CUB_CERT_REQUIRED), CUB_OK);
    cr_assert_eq(cub_context_set_post_handshake_auth(context, afterwards), CUB_OK);
    cr_assert_eq(cub_context_set_ticket_keys(context, keys, sizeof keys), CUB_OK);
    return context;
}

/* Who was not asked yet has nothing to show to a server that asks in the handshake. */
Test(session, is_bound_to_the_time_of_authentication)
{
    struct pair p = {.server_context = demanding_context(true)};
    cub_session *session = first_session(&p);

    cub_context_free(p.server_context);
    p.server_context = demanding_context(false);
    pair_open(&p);
    cr_assert_eq(cub_conn_set_session(p.client, session), CUB_OK);
    pair_handshake(&p);
    cr_expect_neq(p.server_result, CUB_OK, "a client without certificate is in");
    cub_session_free(session);
    pair_close(&p);
}

Test(session, keeps_the_clients_identity)
{
    struct pair p = {.client_context = pair_client_context(),
                     .server_context = pair_server_context(PKI_P256)};
    const struct cub_cert_info *cert;
    cub_session *session;

    cr_assert_eq(cub_context_load_verify_locations(p.server_context, NULL, NULL, pki_root()->der,
                                                   pki_root()->len),
                 CUB_OK);
    cr_assert_eq(cub_context_set_verify_mode(p.server_context, CUB_CERT_REQUIRED), CUB_OK);
    pair_load(p.client_context, PKI_CLIENT);
    session = first_session(&p);
    connect_with(&p, session);
    cr_expect(cub_conn_get_session_reused(p.server));
    cr_assert_eq(cub_conn_getpeercert(p.server, &cert), CUB_OK);
    cr_assert_not_null(cert);
    cr_expect_str_eq(cert->subjectAltName[0].value, "client@client.example");
    cub_session_free(session);
    pair_close(&p);
}

Test(session, ticket_keys_are_shared)
{
    uint8_t keys[96];
    struct pair p = {.server_context = pair_server_context(PKI_P256)};
    cub_session *session;

    for (size_t i = 0; i < sizeof keys; i++)
        keys[i] = (uint8_t)(i * 5);
    cr_expect_eq(cub_context_set_ticket_keys(p.server_context, keys, 47), CUB_ValueError);
    cr_expect_eq(cub_context_set_ticket_keys(p.server_context, keys, 0), CUB_ValueError);
    cr_assert_eq(cub_context_set_ticket_keys(p.server_context, keys + 48, 48), CUB_OK);
    session = first_session(&p);
    /* Another server, whose first key is a newer one. */
    cub_context_free(p.server_context);
    p.server_context = pair_server_context(PKI_P256);
    cr_assert_eq(cub_context_set_ticket_keys(p.server_context, keys, 96), CUB_OK);
    connect_with(&p, session);
    cr_expect(cub_conn_get_session_reused(p.client));
    cub_session_free(session);
    pair_close(&p);
}

Test(session, other_keys_mean_a_full_handshake)
{
    struct pair p = {0};
    struct cub_session_stats stats;
    cub_session *session = first_session(&p);

    cub_context_free(p.server_context);
    p.server_context = pair_server_context(PKI_P256);
    connect_with(&p, session);
    cr_expect_not(cub_conn_get_session_reused(p.client));
    cub_context_session_stats(p.server_context, &stats);
    cr_expect_eq(stats.misses, 1);
    cub_session_free(session);
    pair_close(&p);
}

Test(session, servers_without_tickets)
{
    for (int how = 0; how < 2; how++) {
        struct pair p = {.server_context = pair_server_context(PKI_P256)};
        if (how)
            cr_assert_eq(cub_context_set_num_tickets(p.server_context, 0), CUB_OK);
        else
            cr_assert_eq(cub_context_set_options(p.server_context,
                                                 cub_context_get_options(p.server_context) |
                                                     CUB_OP_NO_TICKET),
                         CUB_OK);
        pair_connect(&p);
        take_tickets(&p);
        cr_expect_not(cub_session_get_has_ticket(cub_conn_get_session(p.client)));
        pair_close(&p);
    }
}

Test(session, when_and_where_it_can_be_set)
{
    struct pair p = {0};
    cub_session *session = first_session(&p);
    cub_context *other = pair_client_context();
    cub_conn *conn;

    pair_open(&p);
    cr_expect_eq(cub_conn_set_session(p.server, session), CUB_ValueError);
    cr_expect_str_eq(pair_message(p.server), "Cannot set session for server-side SSLSocket.");
    cr_expect_eq(cub_context_wrap_bio(other, p.to_client, p.to_server,
                                      &(struct cub_wrap_options){.server_hostname = "a.example",
                                                                 .session = session},
                                      &conn),
                 CUB_ValueError);
    cr_expect_str_eq(pair_message(conn), "Session refers to a different SSLContext.");
    cub_conn_free(conn);
    pair_handshake(&p);
    cr_expect_eq(cub_conn_set_session(p.client, session), CUB_ValueError);
    cr_expect_str_eq(pair_message(p.client), "Cannot set session after handshake.");
    cub_context_free(other);
    cub_session_free(session);
    pair_close(&p);
}

/* Ends a connection; the contexts stay for the next one. */
static void again(struct pair *p)
{
    cub_context *client = cub_context_ref(p->client_context);
    cub_context *server = cub_context_ref(p->server_context);

    pair_close(p);
    *p = (struct pair){.client_context = client, .server_context = server};
}

static bool resumes(struct pair *p, cub_session *session, bool reads)
{
    bool reused;

    connect_with(p, session);
    reused = cub_conn_get_session_reused(p->client);
    if (reads)
        take_tickets(p);
    again(p);
    return reused;
}

/* Two tickets came: so many connections, and no more. */
Test(session, each_ticket_is_offered_once)
{
    struct pair p = {0};
    cub_session *session = first_session(&p), *loaded;
    uint8_t *bytes;
    size_t len;

    cr_expect_not(cub_context_get_ticket_reuse(p.client_context));
    cr_assert_eq(cub_session_save(session, &bytes, &len), CUB_OK);
    cr_expect(resumes(&p, session, false));
    cr_expect(resumes(&p, session, false));
    cr_expect_not(resumes(&p, session, false), "there is none left");
    cr_expect(cub_session_get_has_ticket(session), "what it was made from");
    cr_assert_eq(cub_context_set_ticket_reuse(p.client_context, true), CUB_OK);
    cr_expect(cub_context_get_ticket_reuse(p.client_context));
    for (int i = 0; i < 3; i++)
        cr_expect(resumes(&p, session, false));
    /* What was saved is one ticket. */
    cr_assert_eq(cub_session_load(bytes, len, &loaded), CUB_OK);
    cr_assert_eq(cub_context_set_ticket_reuse(p.client_context, false), CUB_OK);
    cr_expect(resumes(&p, loaded, false));
    cub_free(bytes);
    cr_expect_eq(cub_session_save(loaded, &bytes, &len), CUB_ValueError);
    cr_expect_not(resumes(&p, loaded, false));
    cub_session_free(loaded);
    cub_session_free(session);
    pair_close(&p);
}

/* As programs for Python do it: one session for all connections, which bring new tickets. */
Test(session, is_good_for_any_number_of_connections)
{
    struct pair p = {0};
    cub_session *session = first_session(&p);

    for (int i = 0; i < 12; i++)
        cr_expect(resumes(&p, session, true), "connection %d", i);
    /* One that never reads uses up what there is: eight at most are kept. */
    for (int i = 0; i < 8; i++)
        cr_expect(resumes(&p, session, false), "connection %d", i);
    cr_expect_not(resumes(&p, session, true));
    /* The tickets of a full handshake are another session's. */
    cr_expect_not(resumes(&p, session, true));
    cub_session_free(session);
    pair_close(&p);
}

/* The session of a later connection is one of its own, and shares the tickets. */
Test(session, later_ones_share_tickets)
{
    struct pair p = {0};
    cub_session *session = first_session(&p), *later;
    struct cub_bytes id, other;

    connect_with(&p, session);
    take_tickets(&p);
    later = cub_session_ref(cub_conn_get_session(p.client));
    again(&p);
    cub_session_get_id(session, &id);
    cub_session_get_id(later, &other);
    cr_expect(id.len != other.len || memcmp(id.data, other.data, id.len) != 0);
    /* One of the first two, and two new ones. */
    cr_expect(resumes(&p, later, false));
    cr_expect(resumes(&p, session, false));
    cr_expect(resumes(&p, later, false));
    cr_expect_not(resumes(&p, session, false));
    cr_expect_not(resumes(&p, later, false));
    cub_session_free(later);
    cub_session_free(session);
    pair_close(&p);
}

/* What tls-server-end-point is of one side; empty: None. */
struct end_point {
    uint8_t bytes[64];
    size_t len;
};

static struct end_point end_point(cub_conn *conn)
{
    struct end_point e = {0};

    cr_assert_eq(cub_conn_get_channel_binding(conn, "tls-server-end-point", e.bytes, sizeof e.bytes,
                                              &e.len),
                 CUB_OK);
    return e;
}

/* The server's certificate is that of the first connection, for both sides, as long as the server
 * has it. */
Test(session, end_point_of_the_first_connection)
{
    static const int versions[] = {CUB_TLSVersion_TLSv1_2, CUB_TLSVersion_TLSv1_3};
    static const uint8_t keys[48] = {1};

    for (size_t i = 0; i < 2; i++) {
        struct pair p = {.client_context = pair_client_context(),
                         .server_context = pair_server_context(PKI_RSA2048)};
        cub_session *session;
        pair_load(p.server_context, PKI_P256);
        cr_assert_eq(cub_context_set_ticket_keys(p.server_context, keys, sizeof keys), CUB_OK);
        cr_assert_eq(cub_context_set_maximum_version(p.client_context, versions[i]), CUB_OK);
        session = first_session(&p);
        for (int round = 0; round < 3; round++) {
            struct end_point client, server;
            if (round == 2) {
                cub_context_free(p.server_context);
                p.server_context = pair_server_context(PKI_P384);
                cr_assert_eq(cub_context_set_ticket_keys(p.server_context, keys, sizeof keys),
                             CUB_OK);
            }
            connect_with(&p, session);
            cr_assert(cub_conn_get_session_reused(p.server));
            client = end_point(p.client);
            server = end_point(p.server);
            cr_expect_eq(client.len, 32);
            cr_assert_eq(server.len, round < 2 ? client.len : 0);
            cr_expect_arr_eq(client.bytes, server.bytes, server.len);
            take_tickets(&p);
            cub_session_free(session);
            session = cub_session_ref(cub_conn_get_session(p.client));
            keep_contexts(&p);
        }
        cub_session_free(session);
        pair_close(&p);
    }
}
