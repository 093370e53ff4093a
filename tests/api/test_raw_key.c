/*
 * Raw public keys in the hosted API.
 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/api/pair.h"
#include "tests/support/der_out.h"
#include "tests/support/process.h"

static struct pair p;
static enum cub_TLSVersion version;

/* A test for each version. */
#define BOTH_VERSIONS(name)                                                                        \
    static void check_##name(void);                                                                \
    Test(raw_key_api, name)                                                                        \
    {                                                                                              \
        for (version = CUB_TLSVersion_TLSv1_2; version <= CUB_TLSVersion_TLSv1_3; version++)       \
            check_##name();                                                                        \
    }                                                                                              \
    static void check_##name(void)

/* A key as PEM; the last two texts stay valid. */
static const char *public_pem(enum pki_fixture fixture)
{
    static char texts[2][4096];
    static unsigned next;
    uint8_t spki[1024];
    struct der_out o = {spki, sizeof spki, 0};
    char *text = texts[next++ % 2];

    text[0] = 0;
    pki_spki(&o, pki_chain(fixture)->key);
    pki_pem(text, sizeof texts[0], "PUBLIC KEY", spki, o.len);
    return text;
}

static void show(cub_context *context, enum pki_fixture fixture)
{
    const char *public_key = public_pem(fixture), *key = pair_key_pem(fixture);

    cr_assert_eq(cub_context_load_raw_key_data(context, public_key, strlen(public_key), key,
                                               strlen(key), NULL),
                 CUB_OK, "%s", cub_last_error(context)->message);
}

static void expect(cub_context *context, enum pki_fixture fixture)
{
    const char *text = public_pem(fixture);

    cr_assert_eq(cub_context_load_peer_raw_keys_data(context, text, strlen(text)), CUB_OK);
}

static cub_context *new_context(enum cub_SSLMethod protocol)
{
    cub_context *context;

    cr_assert_eq(cub_context_new(protocol, &context), CUB_OK);
    cr_assert_eq(cub_context_set_verify_time(context, PKI_NOW), CUB_OK);
    cr_assert_eq(cub_context_set_maximum_version(context, version), CUB_OK);
    return context;
}

/* A server with a raw key, and a client that knows it. */
static void prepare(void)
{
    p = (struct pair){.client_context = new_context(CUB_PROTOCOL_TLS_CLIENT),
                      .server_context = new_context(CUB_PROTOCOL_TLS_SERVER)};
    show(p.server_context, PKI_P256);
    expect(p.client_context, PKI_P256);
}

static void prepare_mutual(void)
{
    prepare();
    show(p.client_context, PKI_RSA2048);
    expect(p.server_context, PKI_RSA2048);
    cr_assert_eq(cub_context_set_verify_mode(p.server_context, CUB_CERT_REQUIRED), CUB_OK);
}

static void next(void)
{
    struct pair fresh = {.client_context = cub_context_ref(p.client_context),
                         .server_context = cub_context_ref(p.server_context)};

    pair_close(&p);
    p = fresh;
}

/* What this end knows of the peer: a key (the fixture's), or not. */
static void check_peer(cub_conn *conn, bool raw, enum pki_fixture fixture)
{
    uint8_t spki[1024];
    struct der_out o = {spki, sizeof spki, 0};
    const struct cub_cert_info *cert;
    struct cub_bytes key;

    cr_assert_eq(cub_conn_get_peer_raw_key(conn, &key), CUB_OK);
    cr_assert_eq(key.len > 0, raw);
    cr_assert_eq(cub_conn_getpeercert(conn, &cert), CUB_OK);
    if (!raw)
        return;
    cr_assert_null(cert);
    pki_spki(&o, pki_chain(fixture)->key);
    cr_assert_eq(key.len, o.len);
    cr_assert_arr_eq(key.data, spki, o.len);
}

static void connect_raw(bool server_raw, bool client_raw)
{
    pair_connect(&p);
    pair_echo(p.client, p.server, "hello");
    pair_echo(p.server, p.client, "hello");
    check_peer(p.client, server_raw, PKI_P256);
    check_peer(p.server, client_raw, PKI_RSA2048);
}

BOTH_VERSIONS(of_a_server)
{
    prepare();
    cr_expect_eq(cub_context_get_peer_certificate_types(p.client_context),
                 CUB_CERTIFICATE_TYPE_RAW_PUBLIC_KEY);
    cr_expect_eq(cub_context_get_peer_certificate_types(p.server_context),
                 CUB_CERTIFICATE_TYPE_X509);
    connect_raw(true, false);
    pair_close(&p);
}

/* Both, and in the connection that is resumed. */
BOTH_VERSIONS(of_both)
{
    cub_session *session;

    prepare_mutual();
    connect_raw(true, true);
    session = cub_session_ref(cub_conn_get_session(p.client));
    for (int i = 0; i < 2; i++) {
        next();
        pair_open(&p);
        cr_assert_eq(cub_conn_set_session(p.client, session), CUB_OK);
        pair_handshake(&p);
        cr_assert_eq(cub_conn_get_session_reused(p.client), i == 0);
        check_peer(p.client, true, PKI_P256);
        check_peer(p.server, true, PKI_RSA2048);
        /* Another key is another setting. */
        expect(p.client_context, PKI_P384);
    }
    cub_session_free(session);
    pair_close(&p);
}

static void fail_as(const char *reason, int verify_code)
{
    pair_open(&p);
    pair_handshake(&p);
    cr_expect_eq(p.client_result, verify_code ? CUB_SSLCertVerificationError : CUB_SSLError);
    cr_expect_str_eq(cub_conn_error(p.client)->reason, reason);
    cr_expect_eq(cub_conn_error(p.client)->verify_code, verify_code);
    pair_close(&p);
}

BOTH_VERSIONS(refused)
{
    /* Not the key that it should be; no key known, of a peer that is to be verified. */
    prepare();
    show(p.server_context, PKI_P384);
    cub_context_free(p.server_context);
    p.server_context = new_context(CUB_PROTOCOL_TLS_SERVER);
    show(p.server_context, PKI_P384);
    fail_as("CERTIFICATE_VERIFY_FAILED", 50);
    prepare();
    cub_context_free(p.client_context);
    p.client_context = new_context(CUB_PROTOCOL_TLS_CLIENT);
    cr_assert_eq(cub_context_set_peer_certificate_types(p.client_context,
                                                        CUB_CERTIFICATE_TYPE_RAW_PUBLIC_KEY),
                 CUB_OK);
    fail_as("CERTIFICATE_VERIFY_FAILED", 50);
    /* A certificate is no substitute. */
    prepare();
    cub_context_free(p.server_context);
    p.server_context = new_context(CUB_PROTOCOL_TLS_SERVER);
    pair_load(p.server_context, PKI_P256);
    fail_as("SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", 0);
}

/* Without verification any key is taken, unless some are known. */
BOTH_VERSIONS(unverified)
{
    prepare();
    cub_context_free(p.client_context);
    p.client_context = new_context(CUB_PROTOCOL_TLS_CLIENT);
    cr_assert_eq(cub_context_set_check_hostname(p.client_context, false), CUB_OK);
    cr_assert_eq(cub_context_set_verify_mode(p.client_context, CUB_CERT_NONE), CUB_OK);
    cr_assert_eq(cub_context_set_peer_certificate_types(p.client_context,
                                                        CUB_CERTIFICATE_TYPE_RAW_PUBLIC_KEY),
                 CUB_OK);
    connect_raw(true, false);
    next();
    expect(p.client_context, PKI_P384);
    fail_as("CERTIFICATE_VERIFY_FAILED", 50);
}

/* Peers with certificates beside those with keys. */
BOTH_VERSIONS(both_kinds)
{
    const unsigned all = CUB_CERTIFICATE_TYPE_RAW_PUBLIC_KEY | CUB_CERTIFICATE_TYPE_X509;

    prepare_mutual();
    cr_assert_eq(cub_context_set_peer_certificate_types(p.client_context, all), CUB_OK);
    cr_assert_eq(cub_context_set_peer_certificate_types(p.server_context, all), CUB_OK);
    cr_expect_eq(cub_context_get_peer_certificate_types(p.server_context), all);
    cr_expect_eq(cub_context_set_peer_certificate_types(p.server_context, 4), CUB_ValueError);
    for (int i = 0; i < 2; i++)
        cr_assert_eq(cub_context_load_verify_locations(i ? p.server_context : p.client_context,
                                                       NULL, NULL, pki_root()->der,
                                                       pki_root()->len),
                     CUB_OK);
    connect_raw(true, true);
    next();
    /* The server has a certificate of the same kind of key, too: the client did not change. */
    pair_load(p.server_context, PKI_P256);
    connect_raw(true, true);
    next();
    cub_context_free(p.server_context);
    p.server_context = new_context(CUB_PROTOCOL_TLS_SERVER);
    pair_load(p.server_context, PKI_P256);
    connect_raw(false, false);
    pair_close(&p);
}

Test(raw_key_api, files)
{
    struct cub_error_details details;
    const char *names[3];
    cub_context *context;
    char both[12000];

    version = CUB_TLSVersion_TLSv1_3;
    context = new_context(CUB_PROTOCOL_TLS_SERVER);
    names[0] = scratch_file("key.pub", public_pem(PKI_P256));
    names[1] = scratch_file("key.pem", pair_key_pem(PKI_P256));
    cr_expect_eq(cub_context_load_raw_key(context, names[0], names[1], NULL), CUB_OK);
    snprintf(both, sizeof both, "%s%s", pair_key_pem(PKI_P384), public_pem(PKI_P384));
    names[2] = scratch_file("both.pem", both);
    cr_expect_eq(cub_context_load_raw_key(context, names[2], NULL, NULL), CUB_OK);
    /* The key of a certificate; the wrong key; none. */
    snprintf(both, sizeof both, "%s", pair_chain_pem(PKI_P256));
    cr_expect_eq(cub_context_load_raw_key_data(context, both, strlen(both), pair_key_pem(PKI_P256),
                                               strlen(pair_key_pem(PKI_P256)), NULL),
                 CUB_OK);
    cr_expect_eq(cub_context_load_raw_key(context, names[2], names[1], NULL), CUB_SSLError);
    cr_expect_eq(cub_context_load_raw_key(context, names[1], NULL, NULL), CUB_SSLError);
    details = *cub_last_error(context);
    cr_expect_str_eq(details.reason, "NO_START_LINE");
    cr_expect_eq(cub_context_load_raw_key(context, "/nonexistent", NULL, NULL), CUB_OSError);
    cr_expect_eq(cub_context_load_raw_key(context, names[0], "/nonexistent", NULL), CUB_OSError);
    cr_expect_eq(cub_context_load_peer_raw_keys(context, names[2]), CUB_OK);
    cr_expect_eq(cub_context_load_peer_raw_keys(context, names[1]), CUB_SSLError);
    cr_expect_eq(cub_context_load_peer_raw_keys(context, "/nonexistent"), CUB_OSError);
    cr_expect_eq(cub_context_load_peer_raw_keys_data(context, "0\0", 2), CUB_SSLError);
    for (int i = 0; i < 3; i++)
        free((char *)(uintptr_t)names[i]);
    cub_context_free(context);
}
