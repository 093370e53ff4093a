#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "tests/api/pair.h"
#include "tests/support/process.h"

static cub_context *fresh(enum cub_SSLMethod protocol)
{
    cub_context *context;

    cr_assert_eq(cub_context_new(protocol, &context), CUB_OK);
    return context;
}

/* What Python 3.13 over OpenSSL 3 shows. */
Test(context, defaults_of_contexts)
{
    static const struct {
        enum cub_SSLMethod protocol;
        enum cub_VerifyMode verify_mode;
        bool check_hostname;
    } rows[] = {
        {CUB_PROTOCOL_TLS_CLIENT, CUB_CERT_REQUIRED, true },
        {CUB_PROTOCOL_TLS_SERVER, CUB_CERT_NONE,     false},
        {CUB_PROTOCOL_TLS,        CUB_CERT_NONE,     false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cub_context *c = fresh(rows[i].protocol);
        cr_expect_eq(cub_context_get_protocol(c), rows[i].protocol);
        cr_expect_eq(cub_context_get_verify_mode(c), rows[i].verify_mode);
        cr_expect_eq(cub_context_get_check_hostname(c), rows[i].check_hostname);
        cr_expect_eq(cub_context_get_verify_flags(c), CUB_VERIFY_X509_TRUSTED_FIRST);
        cr_expect_eq(cub_context_get_options(c), 2186412112u);
        cr_expect_eq(cub_context_get_minimum_version(c), CUB_TLSVersion_TLSv1_2);
        cr_expect_eq(cub_context_get_maximum_version(c), CUB_TLSVersion_MAXIMUM_SUPPORTED);
        cr_expect_eq(cub_context_get_num_tickets(c), 2);
        cr_expect_not(cub_context_get_post_handshake_auth(c));
        cr_expect_null(cub_context_get_keylog_filename(c));
        cub_context_free(c);
    }
}

Test(context, default_contexts)
{
    cub_context *c;

    unsetenv("SSLKEYLOGFILE");
    cr_assert_eq(cub_create_default_context(CUB_Purpose_SERVER_AUTH, NULL, NULL, NULL, 0, &c),
                 CUB_OK);
    cr_expect_eq(cub_context_get_protocol(c), CUB_PROTOCOL_TLS_CLIENT);
    cr_expect_eq(cub_context_get_verify_mode(c), CUB_CERT_REQUIRED);
    cr_expect(cub_context_get_check_hostname(c));
    cr_expect_eq(cub_context_get_verify_flags(c), 557088u);
    cub_context_free(c);
    cr_assert_eq(cub_create_default_context(CUB_Purpose_CLIENT_AUTH, NULL, NULL, NULL, 0, &c),
                 CUB_OK);
    cr_expect_eq(cub_context_get_protocol(c), CUB_PROTOCOL_TLS_SERVER);
    cr_expect_eq(cub_context_get_verify_mode(c), CUB_CERT_NONE);
    cr_expect_null(cub_context_get_keylog_filename(c));
    cub_context_free(c);
}

Test(context, protocols_that_are_not_there)
{
    static const enum cub_SSLMethod gone[] = {CUB_PROTOCOL_SSLv2, CUB_PROTOCOL_SSLv3,
                                              CUB_PROTOCOL_TLSv1, CUB_PROTOCOL_TLSv1_1,
                                              (enum cub_SSLMethod)99};

    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
        cub_context *c;
        cr_expect_eq(cub_context_new(gone[i], &c), CUB_ValueError);
        cr_expect_str_eq(cub_last_error(c)->message, "invalid or unsupported protocol version");
        cub_context_free(c);
    }
    cr_expect_eq(cub_last_error(NULL)->result, CUB_MemoryError);
}

/* A connection keeps the settings that it was made with. */
Test(context, changes_are_for_later_connections)
{
    struct pair p = {0};

    pair_open(&p);
    cr_assert_eq(cub_context_set_check_hostname(p.client_context, false), CUB_OK);
    cr_assert_eq(cub_context_set_ciphersuites(p.client_context, "TLS_AES_128_GCM_SHA256"), CUB_OK);
    pair_handshake(&p);
    cr_assert_eq(p.client_result, CUB_OK, "%s", pair_message(p.client));
    struct cub_cipher cipher;
    cr_assert(cub_conn_cipher(p.client, &cipher));
    cr_expect_str_eq(cipher.name, "TLS_AES_256_GCM_SHA384");
    pair_close(&p);
}

/* Trusts what it is given, or else, to judge servers, the system's certificates. */
Test(context, default_contexts_trust)
{
    const struct pki_cert *root = pki_root();
    struct cub_cert_store_stats stats;
    char text[8192] = "", *path;
    cub_context *c;

    pki_pem(text, sizeof text, "CERTIFICATE", root->der, root->len);
    path = scratch_file("ca.pem", text);
    setenv("SSL_CERT_FILE", path, 1);
    setenv("SSL_CERT_DIR", "/nonexistent", 1);
    for (enum cub_Purpose purpose = CUB_Purpose_SERVER_AUTH; purpose <= CUB_Purpose_CLIENT_AUTH;
         purpose++) {
        const struct pki_cert *other = &pki_chain(PKI_UNTRUSTED)->certs[1];
        struct cub_bytes *certs;
        size_t count;
        cr_assert_eq(cub_create_default_context(purpose, NULL, NULL, NULL, 0, &c), CUB_OK);
        cub_context_cert_store_stats(c, &stats);
        cr_expect_eq(stats.x509, purpose == CUB_Purpose_SERVER_AUTH ? 1 : 0);
        cub_context_free(c);
        cr_assert_eq(cub_create_default_context(purpose, NULL, NULL, other->der, other->len, &c),
                     CUB_OK);
        cr_assert_eq(cub_context_get_ca_certs(c, &certs, &count), CUB_OK);
        cr_assert_eq(count, 1, "and not the system's besides");
        cr_expect_eq(certs[0].len, other->len);
        cub_free(certs);
        cub_context_free(c);
    }
    cr_expect_eq(cub_create_default_context(CUB_Purpose_SERVER_AUTH, "/nonexistent", NULL, NULL, 0,
                                            &c),
                 CUB_OSError);
    cub_context_free(c);
    free(path);
}

/* A program that does not look at results learns of the first failure all the same, and does not
 * connect without what it asked for. */
Test(context, failures_stay)
{
    const char *chain = pair_chain_pem(PKI_P256), *key = pair_key_pem(PKI_P256);
    cub_bio *bio;

    cr_assert_eq(cub_bio_new(&bio), CUB_OK);
    for (int i = 0; i < 2; i++) {
        struct cub_wrap_options options = {.server_hostname = "server.example"};
        struct cub_bytes *certs, der = {(const uint8_t *)"", 0};
        struct cub_cert_store_stats stats;
        struct cub_error_details d;
        const char *message;
        cub_context *c;
        cub_conn *conn;
        size_t count, n;
        if (i == 0)
            (void)cub_create_default_context(CUB_Purpose_SERVER_AUTH, "/nonexistent", NULL, NULL, 0,
                                             &c);
        else
            (void)cub_context_new(CUB_PROTOCOL_SSLv3, &c);
        message =
            i ? "invalid or unsupported protocol version" : "[Errno 2] No such file or directory";
        cr_expect_neq(cub_context_load_cert_chain_data(c, chain, strlen(chain), key, strlen(key),
                                                       NULL),
                      CUB_OK);
        cr_expect_neq(cub_context_set_check_hostname(c, false), CUB_OK);
        cr_expect_eq(cub_context_get_minimum_version(c), CUB_TLSVersion_TLSv1_2, "can be asked");
        cub_context_cert_store_stats(c, &stats);
        cr_expect_neq(cub_context_get_ca_certs(c, &certs, &count), CUB_OK);
        cr_expect_neq(cub_context_verify_certs(c, &der, 1, CUB_Purpose_SERVER_AUTH, NULL, &certs,
                                               &count, &d),
                      CUB_OK);
        cr_expect_str_eq(d.message, message);
        cr_expect_str_eq(cub_last_error(c)->message, message);
        cr_expect_neq(cub_context_wrap_bio(c, bio, bio, &options, &conn), CUB_OK);
        cr_expect_neq(cub_conn_settimeout(conn, 1), CUB_OK);
        cr_expect_neq(cub_conn_do_handshake(conn), CUB_OK);
        cr_expect_neq(cub_conn_write(conn, "x", 1, &n), CUB_OK);
        cr_expect_str_eq(pair_message(conn), message);
        cub_conn_free(conn);
        cub_context_free(c);
    }
    cr_expect_eq(cub_bio_get_pending(bio), 0, "nothing was sent");
    cub_bio_free(bio);
}
