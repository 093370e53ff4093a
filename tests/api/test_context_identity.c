#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/api/pair.h"
#include "tests/support/process.h"

static cub_context *fresh(void)
{
    cub_context *context;

    cr_assert_eq(cub_context_new(CUB_PROTOCOL_TLS, &context), CUB_OK);
    return context;
}

Test(context_identity, own_certificates_of_every_type)
{
    static const enum pki_fixture fixtures[] = {PKI_P256,    PKI_P384,    PKI_P521,   PKI_RSA2048,
                                                PKI_RSA4096, PKI_RSA_PSS, PKI_ED25519};
    cub_context *c = fresh();

    for (size_t i = 0; i < sizeof fixtures / sizeof fixtures[0]; i++)
        pair_load(c, fixtures[i]);
    cub_context_free(c);
}

Test(context_identity, own_certificate_from_files)
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
    cr_expect_str_eq(cub_last_error(c)->reason, "NO_START_LINE");
    cr_expect_str_eq(cub_last_error(c)->text, "there is no private key");
    cr_expect_eq(cub_context_load_cert_chain(c, key, key, NULL), CUB_SSLError, "no certificate");
    cr_expect_str_eq(cub_last_error(c)->reason, "NO_START_LINE");
    cr_expect_str_eq(cub_last_error(c)->text, "there is no certificate");
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
Test(context_identity, passwords_by_a_function)
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

Test(context_identity, keys_that_do_not_fit)
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

Test(context_identity, encrypted_keys)
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

static cub_result load_cert(const struct pki_cert *leaf, const struct pki_cert *issuer, int level,
                            const char **reason)
{
    const char *key = pki_key_pems[leaf->key];
    char text[16384] = "", ciphers[32];
    cub_context *c = fresh();
    cub_result result;

    (void)snprintf(ciphers, sizeof ciphers, "ALL:@SECLEVEL=%d", level);
    cr_assert_eq(cub_context_set_ciphers(c, ciphers), CUB_OK);
    pki_pem(text, sizeof text, "CERTIFICATE", leaf->der, leaf->len);
    if (issuer)
        pki_pem(text, sizeof text, "CERTIFICATE", issuer->der, issuer->len);
    result = cub_context_load_cert_chain_data(c, text, strlen(text), key, strlen(key), NULL);
    *reason = cub_last_error(c)->reason;
    cub_context_free(c);
    return result;
}

/* "RSA [...] keys with less than 2048 bits [...] are prohibited", at level 2, which is the default.
 */
Test(context_identity, security_levels)
{
    struct pki_cert small, below, sha1;
    const char *reason;

    pki_issue(&small, &(struct pki_spec){.subject = "small", .key = PKI_KEY_RSA1024, .ca = 1});
    cr_expect_eq(load_cert(&small, NULL, 2, &reason), CUB_SSLError);
    cr_expect_str_eq(reason, "EE_KEY_TOO_SMALL");
    cr_expect_eq(load_cert(&small, NULL, 1, &reason), CUB_OK, "%s", reason);
    pki_issue(&below,
              &(struct pki_spec){.subject = "below", .key = PKI_KEY_P256, .issuer = &small});
    cr_expect_eq(load_cert(&below, NULL, 2, &reason), CUB_OK, "%s", reason);
    cr_expect_eq(load_cert(&below, &small, 2, &reason), CUB_SSLError);
    cr_expect_str_eq(reason, "CA_KEY_TOO_SMALL");
    /* sha1WithRSAEncryption; the signature does not matter. */
    pki_issue(&sha1, &(struct pki_spec){.subject = "sha1",
                                        .key = PKI_KEY_P256,
                                        .issuer = pki_root(),
                                        .algorithm = "1.2.840.113549.1.1.5"});
    cr_expect_eq(load_cert(&sha1, NULL, 1, &reason), CUB_SSLError);
    cr_expect_str_eq(reason, "CA_MD_TOO_WEAK");
    cr_expect_eq(load_cert(&sha1, NULL, 0, &reason), CUB_OK, "%s", reason);
}
