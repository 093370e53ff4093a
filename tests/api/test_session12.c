/*
 * Sessions of TLS 1.2 in the hosted API: by tickets, and by ids from the server's cache.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "tests/api/pair.h"

/* Contexts for TLS 1.2; without tickets: the server's choice, or the client's. */
static struct pair contexts(bool server_tickets, bool client_tickets)
{
    struct pair p = {.client_context = pair_client_context(),
                     .server_context = pair_server_context(PKI_P256)};

    cr_assert_eq(cub_context_set_maximum_version(p.client_context, CUB_TLSVersion_TLSv1_2), CUB_OK);
    if (!server_tickets)
        cub_context_set_options(p.server_context,
                                cub_context_get_options(p.server_context) | CUB_OP_NO_TICKET);
    if (!client_tickets)
        cub_context_set_options(p.client_context,
                                cub_context_get_options(p.client_context) | CUB_OP_NO_TICKET);
    return p;
}

/* Closes the connections; the contexts stay for the next ones. */
static void next(struct pair *p)
{
    cub_context *client = cub_context_ref(p->client_context);
    cub_context *server = cub_context_ref(p->server_context);

    pair_close(p);
    *p = (struct pair){.client_context = client, .server_context = server};
}

static cub_session *first(struct pair *p)
{
    cub_session *session;

    pair_connect(p);
    cr_expect_str_eq(cub_conn_version(p->client), "TLSv1.2");
    cr_expect_not(cub_conn_get_session_reused(p->client));
    session = cub_session_ref(cub_conn_get_session(p->client));
    next(p);
    return session;
}

static void again(struct pair *p, cub_session *session, bool resumed)
{
    pair_open(p);
    cr_assert_eq(cub_conn_set_session(p->client, session), CUB_OK, "%s", pair_message(p->client));
    pair_handshake(p);
    cr_assert_eq(p->client_result, CUB_OK, "%s", pair_message(p->client));
    cr_assert_eq(p->server_result, CUB_OK, "%s", pair_message(p->server));
    cr_assert_eq(cub_conn_get_session_reused(p->client), resumed, "resumed: %d", !resumed);
    cr_assert_eq(cub_conn_get_session_reused(p->server), resumed);
    pair_echo(p->client, p->server, "hello");
    pair_echo(p->server, p->client, "hello too");
}

Test(session12, is_resumed)
{
    for (unsigned i = 0; i < 4; i++) {
        bool tickets = i == 0;
        struct pair p = contexts(i != 1 && i != 3, i != 2 && i != 3);
        cub_session *session = first(&p);
        const struct cub_cert_info *cert;
        struct cub_session_stats stats;
        struct cub_bytes id;

        cr_expect_eq(cub_session_get_has_ticket(session), tickets);
        cr_expect_eq(cub_session_get_ticket_lifetime_hint(session), tickets ? 7200 : 0);
        cr_expect_eq(cub_session_get_timeout(session), 7200);
        cub_session_get_id(session, &id);
        cr_expect_eq(id.len, 32);
        again(&p, session, true);
        cr_assert_eq(cub_conn_getpeercert(p.client, &cert), CUB_OK);
        cr_assert_not_null(cert, "the peer is known from the session");
        cr_expect_str_eq(cert->subjectAltName[0].value, "server.example");
        cr_expect_eq(cub_conn_get_session(p.client), session, "nothing new came");
        cub_context_session_stats(p.server_context, &stats);
        cr_expect_eq(stats.accept_good, 2);
        cr_expect_eq(stats.hits, 1);
        cr_expect_eq(stats.misses, 0);
        cub_context_session_stats(p.client_context, &stats);
        cr_expect_eq(stats.connect_good, 2);
        cr_expect_eq(stats.hits, 1);
        cub_session_free(session);
        pair_close(&p);
    }
}

/* What binds to the connection is new in each, and the same at both ends. */
Test(session12, bindings)
{
    static const char *const types[] = CUB_CHANNEL_BINDING_TYPES;
    struct pair p = contexts(true, true);
    cub_session *session = first(&p);
    uint8_t seen[3][2][64] = {0};

    for (unsigned round = 0; round < 2; round++) {
        again(&p, session, true);
        for (unsigned i = 0; i < 3; i++) {
            uint8_t other[64];
            size_t n, m;

            cr_assert_eq(cub_conn_get_channel_binding(p.client, types[i], seen[i][round], 64, &n),
                         CUB_OK);
            cr_assert_eq(cub_conn_get_channel_binding(p.server, types[i], other, 64, &m), CUB_OK);
            /* A server that resumes shows no certificate. */
            if (strcmp(types[i], "tls-server-end-point") == 0)
                continue;
            cr_assert_gt(n, 0);
            cr_assert_eq(n, m);
            cr_assert_arr_eq(seen[i][round], other, n);
        }
        next(&p);
    }
    cr_expect_neq(memcmp(seen[0][0], seen[0][1], 12), 0);
    cr_expect_neq(memcmp(seen[2][0], seen[2][1], 32), 0);
    cub_session_free(session);
    pair_close(&p);
}

/* Sessions are bytes, with a ticket or an id. */
Test(session12, is_saved_and_loaded)
{
    for (unsigned tickets = 0; tickets < 2; tickets++) {
        struct pair p = contexts(tickets, true);
        cub_session *session = first(&p), *loaded;
        struct cub_bytes a, b;
        uint8_t *bytes;
        size_t len;

        cr_assert_eq(cub_session_save(session, &bytes, &len), CUB_OK);
        cr_assert_eq(cub_session_load(bytes, len, &loaded), CUB_OK);
        cub_free(bytes);
        cub_session_get_id(session, &a);
        cub_session_get_id(loaded, &b);
        cr_assert_eq(a.len, b.len);
        cr_expect_arr_eq(a.data, b.data, a.len);
        cr_expect_eq(cub_session_get_has_ticket(loaded), tickets);
        again(&p, loaded, true);
        cub_session_free(session);
        cub_session_free(loaded);
        pair_close(&p);
    }
}

/* A cache of the application's, which two contexts share. */
Test(session12, shared_cache)
{
    struct pair p = contexts(false, true);
    struct cub_shared_store functions;
    cub_memory_store *store;
    cub_session *session;

    cr_assert_eq(cub_memory_store_new(10, 0, &store), CUB_OK);
    functions = cub_memory_store_functions(store);
    cr_assert_eq(cub_context_set_session_cache(p.server_context, &functions), CUB_OK);
    session = first(&p);
    cub_context_free(p.server_context);
    p.server_context = pair_server_context(PKI_P256);
    again(&p, session, false);
    next(&p);
    cr_assert_eq(cub_context_set_session_cache(p.server_context, &functions), CUB_OK);
    again(&p, session, true);
    next(&p);
    /* And back to the context's own, which does not know it. */
    cr_assert_eq(cub_context_set_session_cache(p.server_context, NULL), CUB_OK);
    again(&p, session, false);
    pair_close(&p);
    cub_session_free(session);
    cub_memory_store_free(store);
}

/* A fatal alert: both sides forget the session [RFC5246-7.2.2]. */
Test(session12, is_forgotten_after_a_failure)
{
    static const char garbage[] = "\x17\x03\x03\x00\x20 what nobody has sealed, 32 bytes";

    for (unsigned tickets = 0; tickets < 2; tickets++) {
        struct pair p = contexts(tickets, true);
        cub_session *session = first(&p), *other;
        char byte;
        size_t n;

        other = first(&p);
        again(&p, session, true);
        cr_assert_eq(cub_bio_write(p.to_server, garbage, 37), CUB_OK);
        cr_expect_eq(cub_conn_read(p.server, &byte, 1, &n), CUB_SSLError);
        cr_expect_eq(cub_conn_read(p.client, &byte, 1, &n), CUB_SSLError);
        next(&p);
        again(&p, session, false);
        next(&p);
        /* Others are as good as before. */
        again(&p, other, true);
        cub_session_free(session);
        cub_session_free(other);
        pair_close(&p);
    }
}

/* The same at the server alone: what the client still has is of no use. */
Test(session12, server_forgets)
{
    static const char garbage[] = "\x17\x03\x03\x00\x20 what nobody has sealed, 32 bytes";
    struct pair p = contexts(false, true);
    cub_session *session = first(&p);
    char byte;
    size_t n;

    again(&p, session, true);
    cr_assert_eq(cub_bio_write(p.to_server, garbage, 37), CUB_OK);
    cr_expect_eq(cub_conn_read(p.server, &byte, 1, &n), CUB_SSLError);
    next(&p); /* the client does not hear of it */
    again(&p, session, false);
    pair_close(&p);
    cub_session_free(session);
}

/* Settings bind sessions here too. */
Test(session12, bound_to_settings)
{
    for (unsigned i = 0; i < 3; i++) {
        struct pair p = contexts(i % 2, true);
        cub_session *session = first(&p);

        if (i == 0)
            cub_context_set_verify_flags(p.client_context, CUB_VERIFY_X509_STRICT);
        else if (i == 1)
            cub_context_set_verify_mode(p.server_context, CUB_CERT_OPTIONAL);
        else
            p.host = "a.wild.example";
        again(&p, session, false);
        cub_session_free(session);
        pair_close(&p);
    }
}
