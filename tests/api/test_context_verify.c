#include <criterion/criterion.h>

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
