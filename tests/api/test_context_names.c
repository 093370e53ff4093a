#include <criterion/criterion.h>

#include <string.h>

#include "tests/api/pair.h"

static cub_context *fresh(enum cub_SSLMethod protocol)
{
    cub_context *context;

    cr_assert_eq(cub_context_new(protocol, &context), CUB_OK);
    return context;
}

Test(context_names, alpn_names_have_1_to_255_bytes)
{
    cub_context *c = fresh(CUB_PROTOCOL_TLS_CLIENT);
    char long_name[257] = "";
    const char *names[] = {"h2", "http/1.1", long_name};

    cr_expect_eq(cub_context_set_alpn_protocols(c, names, 2), CUB_OK);
    cr_expect_eq(cub_context_set_alpn_protocols(c, names, 3), CUB_SSLError, "empty");
    memset(long_name, 'a', 256);
    cr_expect_eq(cub_context_set_alpn_protocols(c, names, 3), CUB_SSLError, "too long");
    long_name[255] = 0;
    cr_expect_eq(cub_context_set_alpn_protocols(c, names, 3), CUB_OK);
    cr_expect_eq(cub_context_set_alpn_protocols(c, NULL, 0), CUB_OK, "none");
    cub_context_free(c);
}

static int refuse(cub_conn *conn, const char *name, cub_context *context, void *arg)
{
    (void)conn;
    (void)name;
    (void)context;
    return *(int *)arg;
}

/* The alert that a server sends, whose callback answers so; -1: none. */
static int alert_of(int answer, bool remove)
{
    struct pair p = {.server_context = pair_server_context(PKI_P256)};
    int before = CUB_ALERT_DESCRIPTION_ACCESS_DENIED, alert;

    cr_assert_eq(cub_context_set_sni_callback(p.server_context, refuse, &before), CUB_OK);
    cr_assert_eq(cub_context_set_servername_callback(p.server_context, remove ? NULL : refuse,
                                                     &answer),
                 CUB_OK);
    pair_open(&p);
    pair_handshake(&p);
    cr_expect_eq(p.server_result == CUB_OK, answer == 0 || remove);
    alert = cub_conn_error(p.client)->alert_received;
    pair_close(&p);
    return alert;
}

/* One callback, the last that was set; what is no alert becomes internal_error. */
Test(context_names, answers_of_the_sni_callback)
{
    cr_expect_eq(alert_of(0, false), -1);
    cr_expect_eq(alert_of(CUB_ALERT_DESCRIPTION_UNRECOGNIZED_NAME, false), 112);
    cr_expect_eq(alert_of(CUB_ALERT_DESCRIPTION_HANDSHAKE_FAILURE, false), 40);
    cr_expect_eq(alert_of(1, false), 80);
    cr_expect_eq(alert_of(1000, false), 80);
    cr_expect_eq(alert_of(-1, false), 80);
    cr_expect_eq(alert_of(CUB_ALERT_DESCRIPTION_UNRECOGNIZED_NAME, true), -1, "there is none");
}

/* What can be asked that early: nothing is known yet, and nothing breaks. */
static int ask_early(cub_conn *conn, const char *name, cub_context *context, void *arg)
{
    struct cub_cipher cipher;
    struct cub_bytes der;

    (void)name;
    *(bool *)arg = true;
    cr_expect_eq(cub_conn_get_context(conn), context);
    cr_expect_null(cub_conn_selected_alpn_protocol(conn));
    cr_expect_not(cub_conn_cipher(conn, &cipher));
    cr_expect_null(cub_conn_compression(conn));
    cr_expect_null(cub_conn_version(conn));
    cr_expect_eq(cub_conn_getpeercert_der(conn, &der), CUB_ValueError);
    return 0;
}

Test(context_names, what_an_sni_callback_may_ask)
{
    struct pair p = {.server_context = pair_server_context(PKI_P256)};
    bool called = false;

    cr_assert_eq(cub_context_set_sni_callback(p.server_context, ask_early, &called), CUB_OK);
    pair_connect(&p);
    cr_expect(called);
    pair_close(&p);
}

/* A key that both know, under an identity of so many bytes. */
static bool client_key(cub_conn *conn, const char *hint, struct cub_psk_key *psk, void *arg)
{
    (void)conn;
    cr_expect_null(hint, "a hint is not sent in TLS 1.3");
    memset(psk->identity, 'i', *(const size_t *)arg);
    memset(psk->key, 7, psk->key_len = 32);
    return true;
}

static bool server_key(cub_conn *conn, const char *identity, struct cub_psk_key *psk, void *arg)
{
    (void)conn;
    cr_expect_eq(strlen(identity), *(const size_t *)arg);
    memset(psk->key, 7, psk->key_len = 32);
    return true;
}

/* The handshake of two that have nothing else. */
static cub_result connect_by_key(size_t identity_len, bool client_has, bool server_has)
{
    struct pair p = {.client_context = fresh(CUB_PROTOCOL_TLS_CLIENT),
                     .server_context = fresh(CUB_PROTOCOL_TLS_SERVER)};
    cub_result result;

    cr_assert_eq(cub_context_set_psk_client_callback(p.client_context, client_key, &identity_len),
                 CUB_OK);
    cr_assert_eq(cub_context_set_psk_server_callback(p.server_context, server_key, "hint",
                                                     &identity_len),
                 CUB_OK);
    if (!client_has)
        cr_assert_eq(cub_context_set_psk_client_callback(p.client_context, NULL, NULL), CUB_OK);
    if (!server_has)
        cr_assert_eq(cub_context_set_psk_server_callback(p.server_context, NULL, NULL, NULL),
                     CUB_OK);
    pair_open(&p);
    pair_handshake(&p);
    result = p.server_result;
    pair_close(&p);
    return result;
}

Test(context_names, psk_callbacks)
{
    cr_expect_eq(connect_by_key(2, true, true), CUB_OK);
    cr_expect_eq(connect_by_key(256, true, true), CUB_OK);
    cr_expect_eq(connect_by_key(0, true, true), CUB_SSLError, "TLS 1.3 has no empty identities");
    cr_expect_eq(connect_by_key(2, false, true), CUB_SSLError, "removed");
    cr_expect_eq(connect_by_key(2, true, false), CUB_SSLError, "removed");
}
