#include <criterion/criterion.h>

#include <string.h>

#include "handshake/config.h"
#include "tests/api/pair.h"
#include "tests/support/random.h"

/* Pre-shared keys. */

struct psk {
    const char *identity;
    const char *key;
    const char *seen;
    bool sha384;
    unsigned calls;
};

static bool client_psk(cub_conn *conn, const char *hint, struct cub_psk_key *psk, void *arg)
{
    struct psk *p = arg;

    cr_expect_not(cub_conn_get_server_side(conn));
    cr_expect_null(hint, "there are no hints in TLS 1.3");
    p->calls++;
    if (!p->identity)
        return false;
    strcpy(psk->identity, p->identity);
    memcpy(psk->key, p->key, psk->key_len = strlen(p->key));
    psk->sha384 = p->sha384;
    return true;
}

static bool server_psk(cub_conn *conn, const char *identity, struct cub_psk_key *psk, void *arg)
{
    struct psk *p = arg;

    cr_expect(cub_conn_get_server_side(conn));
    p->calls++;
    if (strcmp(identity, p->identity) != 0)
        return false;
    memcpy(psk->key, p->key, psk->key_len = strlen(p->key));
    psk->sha384 = p->sha384;
    return true;
}

static cub_context *bare(enum cub_SSLMethod protocol)
{
    cub_context *context;

    cr_assert_eq(cub_context_new(protocol, &context), CUB_OK);
    return context;
}

static void open_psk(struct pair *p, struct psk *client, struct psk *server)
{
    p->client_context = bare(CUB_PROTOCOL_TLS_CLIENT);
    p->server_context = bare(CUB_PROTOCOL_TLS_SERVER);
    cr_assert_eq(cub_context_set_psk_client_callback(p->client_context, client_psk, client),
                 CUB_OK);
    cr_assert_eq(cub_context_set_psk_server_callback(p->server_context, server_psk, NULL, server),
                 CUB_OK);
    pair_open(p);
    pair_handshake(p);
}

Test(conn_callbacks, pre_shared_keys)
{
    for (int i = 0; i < 2; i++) {
        struct psk client = {.identity = "me", .key = "0123456789abcdef", .sha384 = i};
        struct psk server = client;
        struct pair p = {0};
        const struct cub_cert_info *cert;
        open_psk(&p, &client, &server);
        cr_assert_eq(p.client_result, CUB_OK, "%s", pair_message(p.client));
        cr_assert_eq(p.server_result, CUB_OK, "%s", pair_message(p.server));
        pair_echo(p.client, p.server, "without certificates");
        cr_expect_not(cub_conn_get_session_reused(p.client));
        cr_assert_eq(cub_conn_getpeercert(p.client, &cert), CUB_OK);
        cr_expect_null(cert);
        cr_expect_eq(client.calls, 1);
        pair_close(&p);
    }
}

Test(conn_callbacks, keys_that_do_not_match)
{
    struct psk client = {.identity = "me", .key = "0123456789abcdef"};
    struct psk server = {.identity = "me", .key = "0123456789abcdeX"};
    struct pair p = {0};

    open_psk(&p, &client, &server);
    cr_expect_eq(p.server_result, CUB_SSLError);
    cr_expect_eq(p.client_result, CUB_SSLError);
    pair_close(&p);
}

/* Who is not known falls back to certificates, and here there are none. */
Test(conn_callbacks, identities_that_are_not_known)
{
    struct psk client = {.identity = "me", .key = "0123456789abcdef"};
    struct psk server = {.identity = "you", .key = "0123456789abcdef"};
    struct pair p = {0};

    open_psk(&p, &client, &server);
    cr_expect_eq(p.server_result, CUB_SSLError);
    cr_expect_eq(p.client_result, CUB_SSLError);
    cr_expect_geq(server.calls, 1);
    pair_close(&p);
}

/* In TLS 1.2 the hint comes along; in a ClientHello for both versions there is none yet. */
static char hints[3][8];
static unsigned hint_count;

static bool client_psk12(cub_conn *conn, const char *hint, struct cub_psk_key *psk, void *arg)
{
    (void)conn;
    (void)arg;
    if (hint_count < 3)
        strcpy(hints[hint_count++], hint ? hint : "none");
    strcpy(psk->identity, hint && strcmp(hint, "cellar") == 0 ? "me" : "other");
    memcpy(psk->key, "0123456789abcdef", psk->key_len = 16);
    return true;
}

static void open_psk12(struct pair *p, struct psk *server, const char *hint, const char *suites)
{
    p->client_context = bare(CUB_PROTOCOL_TLS_CLIENT);
    p->server_context = bare(CUB_PROTOCOL_TLS_SERVER);
    hint_count = 0;
    (void)cub_context_set_psk_client_callback(p->client_context, client_psk12, NULL);
    (void)cub_context_set_psk_server_callback(p->server_context, server_psk, hint, server);
    cr_assert_eq(cub_context_set_ciphers(p->client_context, suites), CUB_OK);
    cr_assert_eq(cub_context_set_ciphers(p->server_context, "PSK"), CUB_OK);
    (void)cub_context_set_maximum_version(p->server_context, CUB_TLSVersion_TLSv1_2);
    pair_open(p);
    pair_handshake(p);
}

Test(conn_callbacks, pre_shared_keys_in_tls12)
{
    static const char *const suites[] = {"PSK-AES256-GCM-SHA384", "ECDHE-PSK-CHACHA20-POLY1305"};

    for (size_t i = 0; i < 2; i++) {
        struct psk server = {.identity = "me", .key = "0123456789abcdef"};
        struct pair p = {0};
        struct cub_cipher cipher;

        open_psk12(&p, &server, "cellar", suites[i]);
        cr_assert_eq(p.client_result, CUB_OK, "%s", pair_message(p.client));
        cr_assert_eq(p.server_result, CUB_OK, "%s", pair_message(p.server));
        pair_echo(p.client, p.server, "without certificates");
        cr_expect(cub_conn_cipher(p.client, &cipher));
        cr_expect_str_eq(cipher.name, suites[i]);
        cr_expect_not(cub_conn_get_session_reused(p.client));
        cr_assert_eq(hint_count, 2);
        cr_expect_str_eq(hints[0], "none");
        cr_expect_str_eq(hints[1], "cellar");
        pair_close(&p);
    }
}

Test(conn_callbacks, identities_that_are_not_known_in_tls12)
{
    struct psk server = {.identity = "me", .key = "0123456789abcdef"};
    struct pair p = {0};

    open_psk12(&p, &server, NULL, "PSK");
    cr_expect_eq(p.client_result, CUB_SSLError);
    cr_expect_str_eq(cub_conn_error(p.client)->reason, "TLSV1_ALERT_UNKNOWN_PSK_IDENTITY");
    cr_expect_str_eq(cub_conn_error(p.server)->reason, "PSK_IDENTITY_NOT_FOUND");
    cr_expect_str_eq(hints[1], "none");
    pair_close(&p);
}

Test(conn_callbacks, identity_hints_have_an_end)
{
    cub_context *server = bare(CUB_PROTOCOL_TLS_SERVER);
    char hint[258];

    memset(hint, 'x', sizeof hint);
    hint[257] = 0;
    cr_expect_eq(cub_context_set_psk_server_callback(server, server_psk, hint, NULL),
                 CUB_ValueError);
    cr_expect_eq(cub_context_set_psk_server_callback(server, server_psk, hint + 1, NULL), CUB_OK);
    cub_context_free(server);
}

Test(conn_callbacks, psk_callbacks_have_a_role)
{
    cub_context *client = bare(CUB_PROTOCOL_TLS_CLIENT), *server = bare(CUB_PROTOCOL_TLS_SERVER);

    cr_expect_eq(cub_context_set_psk_client_callback(server, client_psk, NULL), CUB_SSLError);
    cr_expect_str_eq(cub_last_error(server)->message,
                     "Cannot add PSK client callback to a PROTOCOL_TLS_SERVER context");
    cr_expect_eq(cub_context_set_psk_server_callback(client, server_psk, NULL, NULL), CUB_SSLError);
    cr_expect_str_eq(cub_last_error(client)->message,
                     "Cannot add PSK server callback to a PROTOCOL_TLS_CLIENT context");
    cub_context_free(client);
    cub_context_free(server);
}

/* Verification by the application. */

struct opinion {
    cub_result answer;
    cub_result found;
    size_t count;
};

static cub_result judge(cub_conn *conn, const struct cub_error_details *found,
                        const struct cub_bytes *chain, size_t count, void *arg)
{
    struct opinion *o = arg;

    cr_expect_not(cub_conn_get_server_side(conn));
    cr_expect_gt(chain[0].len, 0);
    o->found = found->result;
    o->count = count;
    return o->answer;
}

Test(conn_callbacks, verify_callback)
{
    static const struct {
        const char *host;
        cub_result answer;
        cub_result result;
        int verify_code;
    } rows[] = {
        {"server.example", CUB_OK,       CUB_OK,                       0 },
        {"other.example",  CUB_OK,       CUB_OK,                       0 },
        {"server.example", CUB_SSLError, CUB_SSLCertVerificationError, 50},
        {"other.example",  CUB_SSLError, CUB_SSLCertVerificationError, 62},
    };

    for (size_t i = 0; i < 4; i++) {
        struct pair p = {.client_context = pair_client_context(), .host = rows[i].host};
        struct opinion opinion = {.answer = rows[i].answer};
        cr_assert_eq(cub_context_set_verify_callback(p.client_context, judge, &opinion), CUB_OK);
        pair_open(&p);
        pair_handshake(&p);
        cr_expect_eq(p.client_result, rows[i].result, "%zu: %s", i, pair_message(p.client));
        cr_expect_eq(cub_conn_error(p.client)->verify_code, rows[i].verify_code);
        cr_expect_eq(opinion.found, i % 2 ? CUB_SSLCertVerificationError : CUB_OK);
        cr_expect_eq(opinion.count, 2);
        pair_close(&p);
    }
}

/* A private key that lives elsewhere. */

struct elsewhere {
    unsigned delay; /* how often it is not ready */
    bool broken;
};

static cub_result sign(void *arg, uint16_t scheme, const void *message, size_t message_len,
                       void *signature, size_t *signature_len)
{
    struct elsewhere *e = arg;
    const struct pki_chain *chain = pki_chain(PKI_P256);
    static struct cub_random random = {test_random_fill, NULL};
    static struct test_random state;

    if (e->broken)
        return CUB_SSLError;
    if (e->delay && e->delay--)
        return CUB_SSLWantReadError;
    cr_expect_eq(scheme, 0x0403);
    random.context = &state;
    return cub_sign_message(&cub_sign_ecdsa_secp256r1_sha256, &chain->key->private_key, &random,
                            message, message_len, signature, signature_len) == E_OK
               ? CUB_OK
               : CUB_SSLError;
}

static cub_context *server_without_key(struct elsewhere *e)
{
    const char *chain = pair_chain_pem(PKI_P256);
    cub_context *context = bare(CUB_PROTOCOL_TLS_SERVER);

    cr_assert_eq(cub_context_load_cert_chain_sign(context, chain, strlen(chain), sign, e), CUB_OK,
                 "%s", cub_last_error(context)->message);
    return context;
}

Test(conn_callbacks, signs_elsewhere)
{
    struct elsewhere e = {.delay = 3};
    struct pair p = {.server_context = server_without_key(&e)};

    pair_open(&p);
    cr_expect_eq(cub_conn_do_handshake(p.client), CUB_SSLWantReadError);
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(cub_conn_do_handshake(p.server), CUB_SSLWantReadError);
        cr_expect_str_eq(cub_conn_error(p.server)->reason, "WANT_PRIVATE_KEY_OPERATION");
        cr_expect_eq(cub_conn_error(p.server)->number, CUB_SSL_ERROR_WANT_X509_LOOKUP);
        cr_expect_eq(e.delay, 2u - (unsigned)i, "asked once in a call");
    }
    pair_handshake(&p);
    cr_expect_eq(p.client_result, CUB_OK, "%s", pair_message(p.client));
    cr_expect_eq(p.server_result, CUB_OK, "%s", pair_message(p.server));
    pair_close(&p);
}

Test(conn_callbacks, key_elsewhere_that_fails)
{
    struct elsewhere e = {.broken = true};
    struct pair p = {.server_context = server_without_key(&e)};

    pair_open(&p);
    pair_handshake(&p);
    cr_expect_eq(p.server_result, CUB_SSLError);
    cr_expect_str_eq(cub_conn_error(p.server)->reason, "PRIVATE_KEY_OPERATION_FAILED");
    cr_expect_eq(cub_conn_error(p.client)->alert_received, 80);
    pair_close(&p);
}

/* What both sides know of each other. */

Test(conn_callbacks, shared_ciphers)
{
    struct pair p = {.client_context = pair_client_context()};
    struct cub_cipher list[24];

    cr_assert_eq(cub_context_set_ciphersuites(p.client_context,
                                              "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384"),
                 CUB_OK);
    cr_assert_eq(cub_context_set_ciphers(p.client_context, "ECDHE-RSA-AES128-GCM-SHA256"), CUB_OK);
    pair_connect(&p);
    cr_assert_eq(cub_conn_shared_ciphers(p.server, list, 24), 3);
    cr_expect_str_eq(list[0].name, "TLS_AES_256_GCM_SHA384", "in the server's order");
    cr_expect_str_eq(list[1].name, "TLS_AES_128_GCM_SHA256");
    cr_expect_str_eq(list[2].name, "ECDHE-RSA-AES128-GCM-SHA256");
    cr_expect_eq(list[2].secret_bits, 128);
    cr_expect_eq(cub_conn_shared_ciphers(p.client, list, 24), 0, "a client does not know");
    pair_close(&p);
}

Test(conn_callbacks, channel_bindings)
{
    struct pair p = {0};
    uint8_t a[64], b[64], hash[32];
    const struct pki_chain *chain = pki_chain(PKI_P256);
    size_t n, m;

    pair_open(&p);
    cr_expect_eq(cub_conn_get_channel_binding(p.client, "tls-exporter", a, sizeof a, &n), CUB_OK);
    cr_expect_eq(n, 0, "None before the handshake");
    pair_handshake(&p);
    cr_assert_eq(cub_conn_get_channel_binding(p.client, "tls-exporter", a, sizeof a, &n), CUB_OK);
    cr_assert_eq(cub_conn_get_channel_binding(p.server, "tls-exporter", b, sizeof b, &m), CUB_OK);
    cr_expect_eq(n, 32);
    cr_expect_eq(m, 32);
    cr_expect_arr_eq(a, b, 32);
    cr_assert_eq(cub_conn_get_channel_binding(p.client, "tls-server-end-point", a, sizeof a, &n),
                 CUB_OK);
    cr_assert_eq(cub_conn_get_channel_binding(p.server, "tls-server-end-point", b, sizeof b, &m),
                 CUB_OK);
    cr_expect_eq(n, 32);
    cr_expect_eq(m, 32);
    cub_hash_once(&cub_sha256, chain->certs[0].der, chain->certs[0].len, hash);
    cr_expect_arr_eq(a, hash, 32);
    cr_expect_arr_eq(b, hash, 32);
    cr_expect_eq(cub_conn_get_channel_binding(p.client, "tls-unique", a, sizeof a, &n), CUB_OK);
    cr_expect_eq(n, 0, "not defined for TLS 1.3");
    cr_expect_eq(cub_conn_get_channel_binding(p.client, "tls-exporter", a, 31, &n), CUB_ValueError);
    cr_expect_eq(cub_conn_get_channel_binding(p.client, "x", a, sizeof a, &n), CUB_ValueError);
    pair_close(&p);
}
