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

Test(context, loads_trust_from_everywhere)
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

Test(context, leaves_are_no_ca_certs)
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

Test(context, trust_that_cannot_be_loaded)
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
Test(context, bundle_with_a_bad_certificate)
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

Test(context, default_paths_follow_the_environment)
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
    c = fresh();
    cr_expect_eq(cub_context_set_default_verify_paths(c), CUB_OK, "no trust is no failure");
    cub_context_cert_store_stats(c, &stats);
    cr_expect_eq(stats.x509, 0);
    cub_context_free(c);
    free(path);
}

/* SSL_CERT_DIR may name several directories; they are read when an issuer is missing. */
Test(context, default_directories)
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

Test(context, system_roots_load)
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

Test(context, own_certificates_of_every_type)
{
    static const enum pki_fixture fixtures[] = {PKI_P256,    PKI_P384,    PKI_P521,   PKI_RSA2048,
                                                PKI_RSA4096, PKI_RSA_PSS, PKI_ED25519};
    cub_context *c = fresh();

    for (size_t i = 0; i < sizeof fixtures / sizeof fixtures[0]; i++)
        pair_load(c, fixtures[i]);
    cub_context_free(c);
}

Test(context, own_certificate_from_files)
{
    char *chain = scratch_file("chain.pem", pair_chain_pem(PKI_P256));
    char *key = scratch_file("key.pem", pair_key_pem(PKI_P256));
    char both[32768];
    char *one;
    cub_context *c = fresh();

    strcpy(both, pair_key_pem(PKI_P256));
    strcat(both, pair_chain_pem(PKI_P256));
    one = scratch_file("both.pem", both);
    cr_expect_eq(cub_context_load_cert_chain(c, chain, key, NULL), CUB_OK);
    cr_expect_eq(cub_context_load_cert_chain(c, one, NULL, NULL), CUB_OK);
    cr_expect_eq(cub_context_load_cert_chain(c, chain, NULL, NULL), CUB_SSLError, "no key in it");
    cr_expect_str_eq(cub_last_error(c)->library, "PEM");
    cr_expect_eq(cub_context_load_cert_chain(c, key, key, NULL), CUB_SSLError, "no certificate");
    cr_expect_eq(cub_context_load_cert_chain(c, "/nonexistent", key, NULL), CUB_OSError);
    cr_expect_eq(cub_context_load_cert_chain(c, chain, "/nonexistent", NULL), CUB_OSError);
    cub_context_free(c);
    free(chain);
    free(key);
    free(one);
}

/* A function for the password: what it answers, and how often it was asked. */
struct asked {
    const char *answer;
    size_t len;
    unsigned count;
};

static bool ask(char *password, size_t size, size_t *len, void *arg)
{
    struct asked *a = arg;

    a->count++;
    *len = a->len;
    memcpy(password, a->answer, a->len < size ? a->len : 0);
    return a->len != 0;
}

/* "It will only be called if the private key is encrypted and a password is necessary." */
Test(context, passwords_by_a_function)
{
    static const char pem[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                              "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjjkzR9gWb4pQICCAAw\n"
                              "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEEBQq444KrXxmIHE/c6ONcsEgZC7\n"
                              "f/J6Zy4+1CNk+78wGFpqKcFiz5vN/fZtqT1EuC2xuOEsc8iZnGqCPhKv0Ufyh5+c\n"
                              "mZuhJdlFhc51SdNLWwBASvipG1lgNuZEba3pna2a/asecDKnEiJ4Ok5mL6m/e4Ym\n"
                              "dmvvt8sHrhAUVDomRpAA6aQt+7YtCWsDUXmU6eUQPsT3lt5sN9XjXN1uOTSTSf8=\n"
                              "-----END ENCRYPTED PRIVATE KEY-----\n";
    char *chain = scratch_file("chain.pem", pair_chain_pem(PKI_P256));
    char *plain = scratch_file("plain.pem", pair_key_pem(PKI_P256));
    char *key = scratch_file("key.pem", pem);
    struct asked good = {"secret", 6, 0}, wrong = {"wrong", 5, 0}, none = {"", 0, 0},
                 too_long = {"", CUB_PASSWORD_MAX + 1, 0};
    cub_context *c = fresh();

    cr_expect_eq(cub_context_load_cert_chain_password(c, chain, plain, ask, &wrong), CUB_OK);
    cr_expect_eq(wrong.count, 0, "not encrypted: not asked");
    cr_expect_eq(cub_context_load_cert_chain_password(c, chain, key, ask, &good), CUB_OK, "%s",
                 cub_last_error(c)->message);
    cr_expect_eq(good.count, 1);
    cr_expect_eq(cub_context_load_cert_chain_password(c, chain, key, ask, &wrong), CUB_SSLError);
    cr_expect_str_eq(cub_last_error(c)->name, "KEY_WRONG_PASSWORD");
    cr_expect_eq(cub_context_load_cert_chain_password(c, chain, key, ask, &none), CUB_ValueError);
    cr_expect_str_eq(cub_last_error(c)->name, "PASSWORD_CALLBACK");
    cr_expect_eq(cub_context_load_cert_chain_password(c, chain, key, ask, &too_long),
                 CUB_ValueError);
    cr_expect_str_eq(cub_last_error(c)->message, "password cannot be longer than 1024 bytes");
    cr_expect_eq(cub_context_load_cert_chain(c, chain, key, NULL), CUB_SSLError);
    cr_expect_str_eq(cub_last_error(c)->reason, "BAD_PASSWORD_READ");
    cub_context_free(c);
    free(chain);
    free(plain);
    free(key);
}

Test(context, keys_that_do_not_fit)
{
    const char *chain = pair_chain_pem(PKI_P256);
    const char *other = pki_key_pems[PKI_KEY_CA];
    const char *type = pki_key_pems[PKI_KEY_RSA2048];
    cub_context *c = fresh();

    cr_expect_eq(cub_context_load_cert_chain_data(c, chain, strlen(chain), other, strlen(other),
                                                  NULL),
                 CUB_SSLError);
    cr_expect_str_eq(cub_last_error(c)->reason, "KEY_VALUES_MISMATCH");
    cr_expect_eq(strncmp(cub_last_error(c)->message,
                         "[X509: KEY_VALUES_MISMATCH] key values mismatch", 47),
                 0);
    cr_expect_eq(cub_context_load_cert_chain_data(c, chain, strlen(chain), type, strlen(type),
                                                  NULL),
                 CUB_SSLError);
    cr_expect_str_eq(cub_last_error(c)->reason, "KEY_TYPE_MISMATCH");
    cub_context_free(c);
}

Test(context, certificates_are_judged)
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

Test(context, encrypted_keys)
{
    const char *chain = pair_chain_pem(PKI_P256);
    char *plain = scratch_file("plain.pem", pair_key_pem(PKI_P256));
    char *pbes2 = scratch_path("pbes2.pem"), *dek = scratch_path("dek.pem");
    struct process p;
    cub_context *c = fresh();

    if (!find_program("openssl"))
        cr_skip_test("no openssl to encrypt keys with");
    cr_assert_eq(process_run(&p, "pkcs8", NULL,
                             ARGV("openssl", "pkcs8", "-topk8", "-in", plain, "-out", pbes2,
                                  "-passout", "pass:secret", "-v2", "aes-256-cbc")),
                 0);
    cr_assert_eq(process_run(&p, "ec", NULL,
                             ARGV("openssl", "ec", "-in", plain, "-out", dek, "-aes128", "-passout",
                                  "pass:secret")),
                 0);
    for (int i = 0; i < 2; i++) {
        size_t len;
        char *key = read_file(i ? dek : pbes2, &len);
        cr_expect_eq(cub_context_load_cert_chain_data(c, chain, strlen(chain), key, len, "secret"),
                     CUB_OK, "%s", cub_last_error(c)->message);
        cr_expect_eq(cub_context_load_cert_chain_data(c, chain, strlen(chain), key, len, "wrong"),
                     CUB_SSLError);
        cr_expect_str_eq(cub_last_error(c)->reason, "BAD_DECRYPT");
        cr_expect_eq(cub_context_load_cert_chain_data(c, chain, strlen(chain), key, len, NULL),
                     CUB_SSLError);
        cr_expect_str_eq(cub_last_error(c)->reason, "BAD_PASSWORD_READ");
        free(key);
    }
    cub_context_free(c);
    free(plain);
    free(pbes2);
    free(dek);
}

/* A common name is looked at unless that is forbidden, and only where no other name is. */
Test(context, common_names)
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
