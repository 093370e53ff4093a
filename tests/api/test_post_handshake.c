/*
 * verify_client_post_handshake, as Python's documentation has it.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "tests/api/pair.h"

static struct pair p;

/* A client with a certificate and a server that trusts its issuer; both are ready for it. */
static void prepare(enum cub_VerifyMode mode, bool offered)
{
    const struct pki_cert *root = pki_root();

    p = (struct pair){.client_context = pair_client_context(),
                      .server_context = pair_server_context(PKI_P256)};
    cr_assert_eq(cub_context_load_verify_locations(p.server_context, NULL, NULL, root->der,
                                                   root->len),
                 CUB_OK);
    cr_assert_eq(cub_context_set_verify_mode(p.server_context, mode), CUB_OK);
    cr_assert_eq(cub_context_set_post_handshake_auth(p.server_context, true), CUB_OK);
    cr_assert_eq(cub_context_set_post_handshake_auth(p.client_context, offered), CUB_OK);
}

static bool has_peer(void)
{
    const struct cub_cert_info *cert;

    cr_assert_eq(cub_conn_getpeercert(p.server, &cert), CUB_OK);
    return cert != NULL;
}

/* A byte each way, which takes request and answer along. */
static void exchange(void)
{
    pair_echo(p.server, p.client, "who are you?");
    /* The answer is on its way with what the client read. */
    pair_echo(p.client, p.server, "see there");
}

Test(post_handshake, certificate)
{
    const struct cub_bytes *chain;
    size_t count;

    prepare(CUB_CERT_REQUIRED, true);
    pair_load(p.client_context, PKI_CLIENT);
    pair_connect(&p);
    cr_assert_not(has_peer());
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(cub_conn_verify_client_post_handshake(p.server), CUB_OK, "%s",
                     pair_message(p.server));
        cr_assert_eq(has_peer(), i > 0);
        exchange();
        cr_assert(has_peer());
        cr_assert_eq(cub_conn_get_verified_chain(p.server, &chain, &count), CUB_OK);
        cr_assert_eq(count, 3);
    }
    cr_assert_str_eq(cub_conn_client_sigalg(p.server), "ecdsa_secp256r1_sha256");
    pair_close(&p);
}

/* Who is known after the handshake is known in the sessions that come then. */
Test(post_handshake, resumed)
{
    struct pair first;
    cub_session *session;

    prepare(CUB_CERT_REQUIRED, true);
    pair_load(p.client_context, PKI_CLIENT);
    pair_connect(&p);
    cr_assert_eq(cub_conn_verify_client_post_handshake(p.server), CUB_OK);
    exchange();
    pair_echo(p.server, p.client, "tickets");
    session = cub_session_ref(cub_conn_get_session(p.client));
    first = p;
    p = (struct pair){.client_context = cub_context_ref(first.client_context),
                      .server_context = cub_context_ref(first.server_context)};
    pair_open(&p);
    cr_assert_eq(cub_conn_set_session(p.client, session), CUB_OK);
    pair_handshake(&p);
    cr_assert(cub_conn_get_session_reused(p.server), "%s", pair_message(p.server));
    cr_assert(has_peer());
    cub_session_free(session);
    pair_close(&first);
    pair_close(&p);
}

Test(post_handshake, no_certificate)
{
    char data[16];
    size_t n;

    prepare(CUB_CERT_OPTIONAL, true);
    pair_connect(&p);
    cr_assert_eq(cub_conn_verify_client_post_handshake(p.server), CUB_OK);
    exchange();
    cr_assert_not(has_peer());
    pair_close(&p);

    prepare(CUB_CERT_REQUIRED, true);
    pair_connect(&p);
    cr_assert_eq(cub_conn_verify_client_post_handshake(p.server), CUB_OK);
    pair_echo(p.server, p.client, "who are you?");
    cr_assert_eq(cub_conn_write(p.client, "x", 1, &n), CUB_OK);
    cr_assert_eq(cub_conn_read(p.server, data, sizeof data, &n), CUB_SSLError);
    cr_assert_str_eq(cub_conn_error(p.server)->reason, "PEER_DID_NOT_RETURN_A_CERTIFICATE");
    pair_close(&p);
}

static void expect_refused(cub_conn *conn, const char *reason)
{
    cr_assert_eq(cub_conn_verify_client_post_handshake(conn), CUB_SSLError);
    cr_assert_str_eq(cub_conn_error(conn)->reason, reason, "%s", cub_conn_error(conn)->reason);
}

Test(post_handshake, preconditions)
{
    prepare(CUB_CERT_REQUIRED, true);
    pair_open(&p);
    expect_refused(p.server, "STILL_IN_INIT");
    pair_handshake(&p);
    expect_refused(p.client, "NOT_SERVER");
    cr_assert_eq(cub_conn_verify_client_post_handshake(p.server), CUB_OK);
    expect_refused(p.server, "REQUEST_PENDING");
    pair_close(&p);

    prepare(CUB_CERT_REQUIRED, false);
    pair_connect(&p);
    expect_refused(p.server, "EXTENSION_NOT_RECEIVED");
    pair_close(&p);

    prepare(CUB_CERT_NONE, true);
    pair_connect(&p);
    expect_refused(p.server, "INVALID_CONFIG");
    pair_close(&p);

    prepare(CUB_CERT_REQUIRED, true);
    cr_assert_eq(cub_context_set_post_handshake_auth(p.server_context, false), CUB_OK);
    pair_load(p.client_context, PKI_CLIENT);
    pair_connect(&p);
    expect_refused(p.server, "INVALID_CONFIG");
    pair_close(&p);

    prepare(CUB_CERT_REQUIRED, false);
    pair_connect(&p);
    expect_refused(p.client, "NOT_SERVER");
    pair_close(&p);

    prepare(CUB_CERT_REQUIRED, true);
    cr_assert_eq(cub_context_set_maximum_version(p.client_context, CUB_TLSVersion_TLSv1_2), CUB_OK);
    pair_load(p.client_context, PKI_CLIENT);
    pair_connect(&p);
    cr_assert(has_peer());
    expect_refused(p.server, "WRONG_SSL_VERSION");
    pair_close(&p);
}
