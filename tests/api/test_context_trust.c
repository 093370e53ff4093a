#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/subject_hash.h"
#include "tests/api/pair.h"
#include "tests/support/process.h"

static cub_context *fresh(void)
{
    cub_context *context;

    cr_assert_eq(cub_context_new(CUB_PROTOCOL_TLS, &context), CUB_OK);
    return context;
}

static char *root_pem(char *text, size_t max)
{
    text[0] = 0;
    pki_pem(text, max, "CERTIFICATE", pki_root()->der, pki_root()->len);
    return text;
}

Test(context_trust, loads_trust_from_everywhere)
{
    char text[8192];
    char *path = scratch_file("ca.pem", root_pem(text, sizeof text));
    struct cub_cert_store_stats stats;
    struct cub_bytes *certs;
    size_t count;

    for (int how = 0; how < 3; how++) {
        cub_context *c = fresh();
        const void *data = how == 0 ? NULL : how == 1 ? (const void *)text : pki_root()->der;
        size_t len = how == 0 ? 0 : how == 1 ? strlen(text) : pki_root()->len;
        cr_expect_eq(cub_context_load_verify_locations(c, how ? NULL : path, NULL, data, len),
                     CUB_OK, "%d: %s", how, cub_last_error(c)->message);
        cub_context_cert_store_stats(c, &stats);
        cr_expect_eq(stats.x509, 1);
        cr_expect_eq(stats.x509_ca, 1);
        cr_expect_eq(stats.crl, 0);
        cr_expect_eq(cub_context_load_verify_locations(c, path, NULL, data, len), CUB_OK);
        cub_context_cert_store_stats(c, &stats);
        cr_expect_eq(stats.x509, 1, "the same once more");
        cr_assert_eq(cub_context_get_ca_certs(c, &certs, &count), CUB_OK);
        cr_assert_eq(count, 1);
        cr_expect_eq(certs[0].len, pki_root()->len);
        cr_expect_arr_eq(certs[0].data, pki_root()->der, certs[0].len);
        cub_free(certs);
        cub_context_free(c);
    }
    free(path);
}

Test(context_trust, leaves_are_no_ca_certs)
{
    const struct pki_chain *chain = pki_chain(PKI_P256);
    struct cub_cert_store_stats stats;
    struct cub_bytes *certs;
    size_t count;
    cub_context *c = fresh();

    cr_assert_eq(cub_context_load_verify_locations(c, NULL, NULL, chain->certs[0].der,
                                                   chain->certs[0].len),
                 CUB_OK);
    cub_context_cert_store_stats(c, &stats);
    cr_expect_eq(stats.x509, 1);
    cr_expect_eq(stats.x509_ca, 0);
    cr_assert_eq(cub_context_get_ca_certs(c, &certs, &count), CUB_OK);
    cr_expect_eq(count, 0);
    cub_free(certs);
    cub_context_free(c);
}

Test(context_trust, trust_that_cannot_be_loaded)
{
    cub_context *c = fresh();
    char *empty = scratch_file("empty.pem", "nothing in here\n");
    char *broken = scratch_file("broken.pem",
                                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    char *key = scratch_file("key.pem", pair_key_pem(PKI_P256));

    cr_expect_eq(cub_context_load_verify_locations(c, NULL, NULL, NULL, 0), CUB_ValueError);
    cr_expect_str_eq(cub_last_error(c)->message, "cafile, capath and cadata cannot be all omitted");
    cr_expect_eq(cub_context_load_verify_locations(c, "/nonexistent", NULL, NULL, 0), CUB_OSError);
    cr_expect_eq(cub_last_error(c)->os_errno, 2);
    cr_expect_eq(cub_context_load_verify_locations(c, "/tmp", NULL, NULL, 0), CUB_OSError);
    cr_expect_eq(cub_context_load_verify_locations(c, empty, NULL, NULL, 0), CUB_SSLError);
    cr_expect_str_eq(cub_last_error(c)->reason, "NO_CERTIFICATE_OR_CRL_FOUND");
    cr_expect_str_eq(cub_last_error(c)->library, "X509");
    cr_expect_eq(cub_context_load_verify_locations(c, key, NULL, NULL, 0), CUB_SSLError);
    cr_expect_eq(cub_context_load_verify_locations(c, broken, NULL, NULL, 0), CUB_SSLError);
    cr_expect_str_eq(cub_last_error(c)->library, "ASN1");
    cr_expect_eq(cub_context_load_verify_locations(c, NULL, NULL, "broken", 6), CUB_SSLError);
    cr_expect_eq(cub_context_load_verify_locations(c, NULL, NULL, "", 0), CUB_ValueError);
    cr_expect_eq(cub_context_load_verify_locations(c, NULL, NULL, "-----BEGIN", 10), CUB_SSLError);
    cr_expect_str_eq(cub_last_error(c)->message,
                     "no start line: cadata does not contain a certificate");
    cr_expect_eq(cub_context_load_verify_locations(c, NULL, "/nonexistent", NULL, 0), CUB_OK,
                 "directories are read when they are needed");
    cub_context_free(c);
    free(empty);
    free(broken);
    free(key);
}

/* What cannot be parsed does not keep the rest of a bundle from being trusted. */
Test(context_trust, bundle_with_a_bad_certificate)
{
    char text[8192] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\nComment\n";
    struct cub_cert_store_stats stats;
    cub_context *c = fresh();

    pki_pem(text, sizeof text, "CERTIFICATE", pki_root()->der, pki_root()->len);
    cr_expect_eq(cub_context_load_verify_locations(c, NULL, NULL, text, strlen(text)), CUB_OK);
    cub_context_cert_store_stats(c, &stats);
    cr_expect_eq(stats.x509, 1);
    cub_context_free(c);
}

Test(context_trust, default_paths_follow_the_environment)
{
    char text[8192];
    char *path = scratch_file("ca.pem", root_pem(text, sizeof text));
    struct cub_default_verify_paths paths;
    struct cub_cert_store_stats stats;
    cub_context *c = fresh();

    setenv("SSL_CERT_FILE", path, 1);
    setenv("SSL_CERT_DIR", "/nonexistent", 1);
    cub_get_default_verify_paths(&paths);
    cr_expect_str_eq(paths.cafile, path);
    cr_expect_null(paths.capath);
    cr_expect_str_eq(paths.openssl_cafile_env, "SSL_CERT_FILE");
    cr_expect_str_eq(paths.openssl_capath_env, "SSL_CERT_DIR");
    cr_expect_not_null(paths.openssl_cafile);
    cr_expect_not_null(paths.openssl_capath);
    cr_assert_eq(cub_context_load_default_certs(c, CUB_Purpose_SERVER_AUTH), CUB_OK);
    cub_context_cert_store_stats(c, &stats);
    cr_expect_eq(stats.x509, 1);
    cub_context_free(c);

    setenv("SSL_CERT_FILE", "/nonexistent", 1);
    cub_get_default_verify_paths(&paths);
    cr_expect_null(paths.cafile, "does not exist");
    c = fresh();
    cr_expect_eq(cub_context_set_default_verify_paths(c), CUB_OK, "no trust is no failure");
    cub_context_cert_store_stats(c, &stats);
    cr_expect_eq(stats.x509, 0);
    cub_context_free(c);
    free(path);
}

/* SSL_CERT_DIR may name several directories; they are read when an issuer is missing. */
Test(context_trust, default_directories)
{
    struct cub_bytes leaf = {pki_root()->der, pki_root()->len}, *path;
    char text[8192], list[1024];
    struct cub_error_details d;
    uint32_t hash;
    size_t count;
    cub_context *c = fresh();

    cr_assert(cub_subject_hash(pki_root()->subject, &hash));
    snprintf(list, sizeof list, "%08x.0", (unsigned)hash);
    free(scratch_file(list, root_pem(text, sizeof text)));
    snprintf(list, sizeof list, "/nonexistent:%s", scratch_dir());
    setenv("SSL_CERT_FILE", "/nonexistent", 1);
    setenv("SSL_CERT_DIR", list, 1);
    cr_assert_eq(cub_context_load_default_certs(c, CUB_Purpose_SERVER_AUTH), CUB_OK);
    cr_assert_eq(cub_context_set_verify_time(c, PKI_NOW), CUB_OK);
    cr_expect_eq(cub_context_verify_certs(c, &leaf, 1, CUB_Purpose_SERVER_AUTH, NULL, &path, &count,
                                          &d),
                 CUB_OK, "%s", d.message);
    cub_free(path);
    cub_context_free(c);
}

Test(context_trust, system_roots_load)
{
    struct cub_default_verify_paths paths;
    struct cub_cert_store_stats stats;
    cub_context *c;

    unsetenv("SSL_CERT_FILE");
    cub_get_default_verify_paths(&paths);
    if (!paths.cafile)
        cr_skip_test("the system has no bundle of certificates");
    cr_assert_eq(cub_create_default_context(CUB_Purpose_SERVER_AUTH, NULL, NULL, NULL, 0, &c),
                 CUB_OK);
    cub_context_cert_store_stats(c, &stats);
    cr_expect_gt(stats.x509, 0);
    cr_expect_eq(stats.x509_ca, stats.x509, "all of them are CAs");
    cub_context_free(c);
}

Test(context_trust, certificates_are_judged)
{
    const struct pki_chain *chain = pki_chain(PKI_P256);
    struct cub_bytes certs[2] = {
        {chain->certs[0].der, chain->certs[0].len},
        {chain->certs[1].der, chain->certs[1].len}
    };
    struct cub_error_details d;
    struct cub_bytes *path;
    size_t count;
    cub_context *c = pair_client_context();

    cr_assert_eq(cub_context_verify_certs(c, certs, 2, CUB_Purpose_SERVER_AUTH, "server.example",
                                          &path, &count, &d),
                 CUB_OK, "%s", d.message);
    cr_assert_eq(count, 3);
    cr_expect_eq(path[2].len, pki_root()->len, "leaf, intermediate, root");
    cr_expect_arr_eq(path[2].data, pki_root()->der, path[2].len);
    cub_free(path);
    cr_expect_eq(cub_context_verify_certs(c, certs, 2, CUB_Purpose_SERVER_AUTH, "other.example",
                                          &path, &count, &d),
                 CUB_SSLCertVerificationError);
    cr_expect_eq(d.verify_code, 62);
    cr_expect_null(path);
    cr_expect_eq(cub_context_verify_certs(c, certs, 1, CUB_Purpose_SERVER_AUTH, NULL, &path, &count,
                                          &d),
                 CUB_SSLCertVerificationError, "no intermediate");
    cr_expect_eq(d.verify_code, 20);
    chain = pki_chain(PKI_WRONG_EKU);
    certs[0] = (struct cub_bytes){chain->certs[0].der, chain->certs[0].len};
    cr_expect_eq(cub_context_verify_certs(c, certs, 2, CUB_Purpose_CLIENT_AUTH, NULL, &path, &count,
                                          NULL),
                 CUB_OK, "a client");
    cub_free(path);
    cr_expect_eq(cub_context_verify_certs(c, certs, 2, CUB_Purpose_SERVER_AUTH, NULL, &path, &count,
                                          &d),
                 CUB_SSLCertVerificationError, "but no server");
    cr_expect_eq(d.verify_code, 26);
    cr_expect_eq(d.verify_depth, 0);
    cr_expect_eq(cub_context_verify_certs(c, certs, 0, CUB_Purpose_SERVER_AUTH, NULL, &path, &count,
                                          NULL),
                 CUB_SSLError);
    cub_context_free(c);
}

/* What was needed of a directory is there from then on. */
Test(context_trust, directories_are_read_on_demand)
{
    struct cub_bytes leaf = {pki_root()->der, pki_root()->len}, *path, *certs;
    char text[8192], name[32];
    uint32_t hash;
    size_t count;
    cub_context *c = fresh();

    cr_assert(cub_subject_hash(pki_root()->subject, &hash));
    (void)snprintf(name, sizeof name, "%08x.0", (unsigned)hash);
    free(scratch_file(name, root_pem(text, sizeof text)));
    cr_assert_eq(cub_context_load_verify_locations(c, NULL, scratch_dir(), NULL, 0), CUB_OK);
    cr_assert_eq(cub_context_set_verify_time(c, PKI_NOW), CUB_OK);
    cr_assert_eq(cub_context_get_ca_certs(c, &certs, &count), CUB_OK);
    cr_expect_eq(count, 0, "not yet");
    cub_free(certs);
    cr_assert_eq(cub_context_verify_certs(c, &leaf, 1, CUB_Purpose_SERVER_AUTH, NULL, &path, &count,
                                          NULL),
                 CUB_OK);
    cub_free(path);
    cr_assert_eq(cub_context_get_ca_certs(c, &certs, &count), CUB_OK);
    cr_expect_eq(count, 1);
    cub_free(certs);
    cub_context_free(c);
}
