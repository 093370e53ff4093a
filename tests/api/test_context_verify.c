#include <criterion/criterion.h>

#include <stdio.h>

#include "tests/api/pair.h"

static cub_context *fresh(enum cub_SSLMethod protocol)
{
    cub_context *context;

    cr_assert_eq(cub_context_new(protocol, &context), CUB_OK);
    return context;
}

Test(context_verify, verify_mode_and_check_hostname_interlock)
{
    cub_context *c = fresh(CUB_PROTOCOL_TLS_CLIENT);

    cr_expect_eq(cub_context_set_verify_mode(c, CUB_CERT_NONE), CUB_ValueError);
    cr_expect_str_eq(cub_last_error(c)->message,
                     "Cannot set verify_mode to CERT_NONE when check_hostname is enabled.");
    cr_expect_eq(cub_context_get_verify_mode(c), CUB_CERT_REQUIRED);
    cr_expect_eq(cub_context_set_check_hostname(c, false), CUB_OK);
    cr_expect_eq(cub_context_set_verify_mode(c, CUB_CERT_NONE), CUB_OK);
    cr_expect_eq(cub_context_set_check_hostname(c, true), CUB_OK);
    cr_expect_eq(cub_context_get_verify_mode(c), CUB_CERT_REQUIRED,
                 "checking a name without a certificate makes no sense");
    cr_expect_eq(cub_context_set_verify_mode(c, CUB_CERT_OPTIONAL), CUB_OK);
    cr_expect_eq(cub_context_set_verify_mode(c, (enum cub_VerifyMode)3), CUB_ValueError);
    cr_expect_str_eq(cub_last_error(c)->message, "invalid value for verify_mode");
    cub_context_free(c);
}

Test(context_verify, flags_and_post_handshake_auth_are_kept)
{
    cub_context *client = fresh(CUB_PROTOCOL_TLS_CLIENT);

    cr_expect_eq(cub_context_set_verify_flags(client, CUB_VERIFY_CRL_CHECK_CHAIN), CUB_OK);
    cr_expect_eq(cub_context_get_verify_flags(client), CUB_VERIFY_CRL_CHECK_CHAIN);
    cr_expect_eq(cub_context_set_post_handshake_auth(client, true), CUB_OK);
    cr_expect(cub_context_get_post_handshake_auth(client));
    cub_context_free(client);
}

/* A common name is looked at unless that is forbidden, and only where no other name is. */
Test(context_verify, common_names)
{
    struct pki_cert leaf;
    struct cub_bytes cert, *path;
    struct cub_error_details d;
    size_t count;
    cub_context *c = pair_client_context();

    pki_issue(&leaf, &(struct pki_spec){.subject = "common.example",
                                        .key = PKI_KEY_P256,
                                        .issuer = pki_root()});
    cert = (struct cub_bytes){leaf.der, leaf.len};
    cr_expect(cub_context_get_hostname_checks_common_name(c));
    cr_assert_eq(cub_context_set_hostname_checks_common_name(c, false), CUB_OK);
    cr_expect_eq(cub_context_verify_certs(c, &cert, 1, CUB_Purpose_SERVER_AUTH, "common.example",
                                          &path, &count, &d),
                 CUB_SSLCertVerificationError);
    cr_assert_eq(cub_context_set_hostname_checks_common_name(c, true), CUB_OK);
    cr_expect(cub_context_get_hostname_checks_common_name(c));
    cr_expect_eq(cub_context_verify_certs(c, &cert, 1, CUB_Purpose_SERVER_AUTH, "common.example",
                                          &path, &count, &d),
                 CUB_OK, "%s", d.message);
    cub_free(path);
    cub_context_free(c);
}

/* VERIFY_X509_STRICT: what create_default_context adds, and how to be without. */
Test(context_verify, strict)
{
    struct cub_bytes cert, *path;
    struct cub_error_details d;
    struct pki_cert leaf;
    size_t count;
    cub_context *c = pair_client_context();

    pki_issue(&leaf, &(struct pki_spec){.subject = "leaf",
                                        .key = PKI_KEY_P256,
                                        .issuer = pki_root(),
                                        .dns = {"server.example"},
                                        .no_key_ids = 1});
    cert = (struct cub_bytes){leaf.der, leaf.len};
    cr_expect_eq(cub_context_verify_certs(c, &cert, 1, CUB_Purpose_SERVER_AUTH, NULL, &path, &count,
                                          &d),
                 CUB_SSLCertVerificationError);
    cr_expect_str_eq(d.verify_message, "Missing Authority Key Identifier");
    cr_assert_eq(cub_context_set_verify_flags(c, cub_context_get_verify_flags(c) &
                                                     ~CUB_VERIFY_X509_STRICT),
                 CUB_OK);
    cr_expect_eq(cub_context_verify_certs(c, &cert, 1, CUB_Purpose_SERVER_AUTH, NULL, &path, &count,
                                          &d),
                 CUB_OK, "%s", d.message);
    cub_free(path);
    cub_context_free(c);
}

/* What a leaf, and the CA above it, are said to be for. */
struct expectation {
    const char *email;
    const char *policy;
    unsigned flags;
    int depth;
    int verify_code;
};

/* certificatePolicies: 2.23.140.1.2.1 alone. */
static void add_policy(struct der_out *o, const struct pki_spec *spec)
{
    static const uint8_t policies[] = {0x30, 0x0a, 0x30, 0x08, 0x06, 0x06,
                                       0x67, 0x81, 0x0c, 0x01, 0x02, 0x01};

    (void)spec;
    pki_extension(o, "2.5.29.32", 0, policies, sizeof policies);
}

Test(context_verify, what_else_a_certificate_is_to_be_for)
{
    static const struct expectation rows[] = {
        {NULL,                NULL,             0,                          -1, 0 },
        {"me@client.example", NULL,             0,                          -1, 0 },
        {"me@CLIENT.example", NULL,             0,                          -1, 0 },
        {"ME@client.example", NULL,             0,                          -1, 63},
        {"me@other.example",  NULL,             0,                          -1, 63},
        {NULL,                NULL,             CUB_VERIFY_EXPLICIT_POLICY, -1, 0 },
        {NULL,                "2.23.140.1.2.1", CUB_VERIFY_EXPLICIT_POLICY, -1, 0 },
        {NULL,                "2.23.140.1.2.2", CUB_VERIFY_EXPLICIT_POLICY, -1, 43},
        {NULL,                "2.23.140.1.2.2", 0,                          -1, 0 },
        {NULL,                NULL,             0,                          1,  0 },
        {NULL,                NULL,             0,                          0,  22},
    };
    struct pki_cert ca, leaf;
    struct cub_bytes certs[2];

    pki_issue(&ca, &(struct pki_spec){.subject = "policy CA",
                                      .key = PKI_KEY_CA,
                                      .issuer = pki_root(),
                                      .ca = 1,
                                      .break_extensions = add_policy});
    pki_issue(&leaf, &(struct pki_spec){.subject = "leaf",
                                        .key = PKI_KEY_P256,
                                        .issuer = &ca,
                                        .email = {"me@client.example"},
                                        .break_extensions = add_policy});
    certs[0] = (struct cub_bytes){leaf.der, leaf.len};
    certs[1] = (struct cub_bytes){ca.der, ca.len};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct expectation *row = &rows[i];
        cub_context *c = pair_client_context();
        struct cub_error_details d;
        struct cub_bytes *path;
        size_t count;
        cr_assert_eq(cub_context_set_verify_flags(c, cub_context_get_verify_flags(c) | row->flags),
                     CUB_OK);
        cr_assert_eq(cub_context_set_verify_email(c, row->email), CUB_OK);
        cr_assert_eq(cub_context_set_verify_policies(c, &row->policy, row->policy != NULL), CUB_OK);
        cr_assert_eq(cub_context_set_verify_depth(c, row->depth), CUB_OK);
        cr_expect_eq(cub_context_verify_certs(c, certs, 2, CUB_Purpose_CLIENT_AUTH, NULL, &path,
                                              &count, &d),
                     row->verify_code ? CUB_SSLCertVerificationError : CUB_OK, "row %zu: %s", i,
                     d.message);
        cr_expect_eq(d.verify_code, row->verify_code, "row %zu", i);
        cub_free(path);
        cub_context_free(c);
    }
}

Test(context_verify, expectations_that_are_none)
{
    static const char *const addresses[] = {"", "me", "@example", "me@", "me@example@example"};
    const char *oids[17];
    cub_context *c = fresh(CUB_PROTOCOL_TLS);
    char address[300];

    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        cr_expect_eq(cub_context_set_verify_email(c, addresses[i]), CUB_ValueError, "%zu", i);
    (void)snprintf(address, sizeof address, "%0250d@a.b", 1);
    cr_expect_eq(cub_context_set_verify_email(c, address), CUB_OK);
    (void)snprintf(address, sizeof address, "%0251d@a.b", 1);
    cr_expect_eq(cub_context_set_verify_email(c, address), CUB_ValueError);
    for (size_t i = 0; i < 17; i++)
        oids[i] = "2.23.140.1.2.1";
    cr_expect_eq(cub_context_set_verify_policies(c, oids, 16), CUB_OK);
    cr_expect_eq(cub_context_set_verify_policies(c, oids, 17), CUB_ValueError);
    oids[1] = "DV";
    cr_expect_eq(cub_context_set_verify_policies(c, oids, 2), CUB_ValueError);
    cub_context_free(c);
}
