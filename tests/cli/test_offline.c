/*
 * The commands that need no connection: x509, verify, ciphers, vectors.
 */
#include "tests/cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "x509/cert.h"

/* The first attribute of the last RDN of a name, as Python's getpeercert() has it. */
static const char *common_name(const json_t *certificate, const char *field)
{
    const json_t *name = json_object_get(certificate, field);
    const json_t *pair = json_array_get(json_array_get(name, json_array_size(name) - 1), 0);

    cr_assert_str_eq(json_string_value(json_array_get(pair, 0)), "commonName");
    return json_string_value(json_array_get(pair, 1));
}

Test(offline, x509_shows_what_getpeercert_shows)
{
    char *file = write_chain("chain.pem", PKI_P256);
    struct run r = run(NULL, ARGV("x509", file));
    json_t *all = json_loads(r.out, 0, NULL);
    const json_t *leaf = json_array_get(all, 0), *ca = json_array_get(all, 1);
    const json_t *names = json_object_get(leaf, "subjectAltName");

    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_eq(json_array_size(all), 2, "%s", r.out);
    cr_expect_eq(json_integer_value(json_object_get(leaf, "version")), 3);
    cr_expect_str_eq(common_name(leaf, "issuer"), common_name(ca, "subject"));
    cr_expect_str_eq(json_string_value(json_object_get(leaf, "notBefore")),
                     "Jan  1 00:00:00 2020 GMT");
    cr_expect_str_eq(json_string_value(json_object_get(leaf, "notAfter")),
                     "Dec 31 23:59:59 2048 GMT");
    cr_expect_not_null(json_string_value(json_object_get(leaf, "serialNumber")));
    cr_expect_str_eq(json_string_value(json_array_get(json_array_get(names, 0), 0)), "DNS");
    cr_expect_str_eq(json_string_value(json_array_get(json_array_get(names, 0), 1)),
                     "server.example");
    cr_expect_null(json_object_get(ca, "subjectAltName"));
    cr_expect_null(json_object_get(leaf, "OCSP"));
    json_decref(all);
    forget(&r);
    free(file);
}

/* The bytes of an array in C source. */
static size_t array_of(const char *source, const char *name, uint8_t *bytes)
{
    const char *p = strstr(source, name);
    size_t len = 0;
    int used;

    cr_assert_not_null(p, "%s: %s", name, source);
    p = strchr(p, '{') + 1;
    for (unsigned value; sscanf(p, " 0x%x,%n", &value, &used) == 1; p += used)
        bytes[len++] = (uint8_t)value;
    return len;
}

Test(offline, anchors_are_name_and_key)
{
    const struct pki_cert *root = pki_root();
    char *file = write_root();
    struct run r = run(NULL, ARGV("anchors", file));
    uint8_t bytes[2000];
    struct cub_cert cert;

    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_eq(cub_cert_parse(&cert, root->der, root->len), E_OK);
    cr_expect_eq(array_of(r.out, "subject_0[]", bytes), cert.subject.len);
    cr_expect_arr_eq(bytes, cert.subject.data, cert.subject.len);
    cr_expect_eq(array_of(r.out, "point_0[]", bytes), cert.key.point.len);
    cr_expect_arr_eq(bytes, cert.key.point.data, cert.key.point.len);
    cr_expect_not_null(
        strstr(r.out, ".type = CUB_KEY_EC_P256, .point = {point_0, sizeof point_0}"));
    forget(&r);
    r = run(NULL, ARGV("anchors", "--whole", file));
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_expect_eq(array_of(r.out, "certificate_0[]", bytes), root->len);
    cr_expect_arr_eq(bytes, root->der, root->len);
    forget(&r);
    r = run("no certificate", ARGV("anchors", "-"));
    cr_expect_eq(r.status, 2);
    cr_expect_str_empty(r.out);
    forget(&r);
    free(file);
}

Test(offline, x509_reads_der_and_stdin)
{
    const struct pki_cert *root = pki_root();
    char *file = scratch_path("root.der");
    FILE *f = fopen(file, "wb");
    struct run der, in;
    char *pem;

    cr_assert(fwrite(root->der, 1, root->len, f) == root->len && fclose(f) == 0);
    der = run(NULL, ARGV("x509", file));
    cr_expect_eq(der.status, 0, "%s", der.err);
    free(file);
    file = write_root();
    pem = read_file(file, NULL);
    in = run(pem, ARGV("x509", "-"));
    free(pem);
    cr_expect_eq(in.status, 0, "%s", in.err);
    cr_expect_str_eq(der.out, in.out);
    forget(&der);
    forget(&in);
    free(file);
}

Test(offline, x509_of_no_certificate)
{
    static const char *const texts[] = {
        "", "no certificate\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nMII\n", "0\x82\x01"};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct run r = run(texts[i], ARGV("x509", "-"));

        cr_expect(r.status == 1 || r.status == 2, "%zu: %d", i, r.status);
        cr_expect_eq(strncmp(r.err, "cub: [", 6), 0, "%zu: %s", i, r.err);
        forget(&r);
    }
}

Test(offline, verify_prints_the_path)
{
    char *root = write_root(), *chain = write_chain("chain.pem", PKI_P256);
    struct run r =
        run(NULL, ARGV("verify", "--cafile", root, "--hostname", "server.example", chain));

    cr_expect_eq(r.status, 0, "%s", r.err);
    EXPECT_IN(r.out, "depth 0: ");
    EXPECT_IN(r.out, "depth 1: ");
    EXPECT_IN(r.out, "depth 2: ");
    cr_expect_null(strstr(r.out, "depth 3: "));
    cr_expect_str_empty(r.err);
    forget(&r);
    free(root);
    free(chain);
}

/* The intermediate comes from another file. */
Test(offline, verify_with_untrusted)
{
    const struct pki_chain *chain = pki_chain(PKI_P256);
    char *root = write_root();
    char *leaf = write_certs("leaf.pem", (const struct pki_cert *[]){&chain->certs[0], NULL});
    char *rest = write_certs("rest.pem", (const struct pki_cert *[]){&chain->certs[1], NULL});
    struct run without = run(NULL, ARGV("verify", "--cafile", root, leaf));
    struct run with = run(NULL, ARGV("verify", "--cafile", root, "--untrusted", rest, leaf));

    cr_expect_eq(without.status, 1);
    EXPECT_IN(without.out, "error 20 at depth 0: unable to get local issuer certificate");
    cr_expect_eq(with.status, 0, "%s", with.err);
    forget(&without);
    forget(&with);
    free(root);
    free(leaf);
    free(rest);
}

/* The number and the words of an error, on stdout, and the error line. */
static void check_verify_error(enum pki_fixture fixture, const char *error,
                               const char *const options[])
{
    char *root = write_root(), *chain = write_chain("chain.pem", fixture);
    const char *argv[16] = {"verify", "--cafile", root, chain};
    struct run r;

    for (size_t i = 0; options != NULL && options[i] != NULL; i++)
        argv[4 + i] = options[i];
    r = run(NULL, argv);
    cr_expect_eq(r.status, 1, "%s: %d", error, r.status);
    EXPECT_IN(r.out, error);
    EXPECT_IN(r.err, "cub: [SSL: CERTIFICATE_VERIFY_FAILED] ");
    forget(&r);
    free(root);
    free(chain);
}

Test(offline, verify_prints_errors_with_their_numbers)
{
    check_verify_error(PKI_SELF_SIGNED, "error 18 at depth 0: self-signed certificate", NULL);
    check_verify_error(PKI_EXPIRED, "error 10 at depth 0: certificate has expired", NULL);
    check_verify_error(PKI_NOT_YET_VALID, "error 9 at depth 0: certificate is not yet valid",
                       ARGV("--attime", "1767225600"));
    check_verify_error(PKI_NOT_CA, "error 79 at depth 1: invalid CA certificate", NULL);
    check_verify_error(PKI_P256, "error 62 at depth 0: ", ARGV("--hostname", "other.example"));
    check_verify_error(PKI_P256, "error 64 at depth 0: ", ARGV("--hostname", "192.0.2.1"));
    check_verify_error(PKI_P256, "error 9 at depth ", ARGV("--attime", "86400"));
    check_verify_error(PKI_CLIENT, "error 26 at depth 0: unsuitable certificate purpose", NULL);
}

/* Of the addresses, policies and depths that a certificate can be for. */
Test(offline, verify_expects)
{
    char *root = write_root(), *chain = write_chain("chain.pem", PKI_CLIENT);
    const struct {
        const char *option, *value, *error; /* NULL: none */
        int status;
    } rows[] = {
        {"--email",    "client@client.example", NULL,                                          0},
        {"--email",    "other@client.example",  "error 63 at depth 0: email address mismatch", 1},
        {"--email",    "nobody",                NULL,                                          2},
        {"--policies", "2.23.140.1.2.1",        "error 43 at depth ",                          1},
        {"--policies", "1.2,DV",                NULL,                                          2},
        {"--depth",    "1",                     NULL,                                          0},
        {"--depth",    "0",                     "error 22 at depth ",                          1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct run r = run(NULL, ARGV("verify", "--purpose", "client", "--cafile", root,
                                      rows[i].option, rows[i].value, chain));
        cr_expect_eq(r.status, rows[i].status, "%zu: %s%s", i, r.out, r.err);
        if (rows[i].error)
            EXPECT_IN(r.out, rows[i].error);
        forget(&r);
    }
    free(root);
    free(chain);
}

Test(offline, verify_reads_stdin)
{
    char *root = write_root(), *chain = write_chain("chain.pem", PKI_P256);
    char *text = read_file(chain, NULL);
    struct run r = run(text, ARGV("verify", "--cafile", root, "-"));

    cr_expect_eq(r.status, 0, "%s", r.err);
    EXPECT_IN(r.out, "depth 2: ");
    forget(&r);
    free(text);
    free(root);
    free(chain);
}

Test(offline, verify_for_a_client)
{
    char *root = write_root(), *chain = write_chain("chain.pem", PKI_CLIENT);
    struct run r = run(NULL, ARGV("verify", "--purpose", "client", "--cafile", root, chain));

    cr_expect_eq(r.status, 0, "%s", r.err);
    forget(&r);
    free(root);
    free(chain);
}

Test(offline, ciphers)
{
    struct run all = run(NULL, ARGV("ciphers"));
    struct run two =
        run(NULL, ARGV("ciphers", "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"));
    struct run none = run(NULL, ARGV("ciphers", "NONSENSE"));
    const char *first = strstr(two.out, "TLS_CHACHA20_POLY1305_SHA256");
    const char *second = strstr(two.out, "TLS_AES_128_GCM_SHA256");

    cr_expect_eq(all.status, 0);
    EXPECT_IN(all.out, "TLS_AES_128_GCM_SHA256 ");
    EXPECT_IN(all.out, "TLS_AES_256_GCM_SHA384 ");
    EXPECT_IN(all.out, "TLS_CHACHA20_POLY1305_SHA256 ");
    cr_expect_eq(two.status, 0, "%s", two.err);
    cr_expect(first != NULL && second != NULL && first < second, "%s", two.out);
    cr_expect_null(strstr(two.out, "TLS_AES_256"));
    cr_expect_eq(none.status, 2, "%s", none.out);
    forget(&all);
    forget(&two);
    forget(&none);
}

/* The first case of RFC 5869 as Wycheproof has it, and the same with an error in it. */
static const char hkdf[] =
    "{\"algorithm\": \"HKDF-SHA-256\", \"schema\": \"hkdf_test_schema_v1.json\", "
    "\"numberOfTests\": 2,"
    " \"testGroups\": [{\"type\": \"HkdfTest\", \"keySize\": 176, \"tests\": [{\"tcId\": 1, "
    "\"comment\": \"RFC 5869\", \"flags\": [], \"ikm\": "
    "\"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b\", \"salt\": \"000102030405060708090a0b0c\", "
    "\"info\": \"f0f1f2f3f4f5f6f7f8f9\", \"size\": 42, \"okm\": "
    "\"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865\", "
    "\"result\": \"valid\"}%s]}]}";
static const char wrong[] =
    ", {\"tcId\": 2, \"comment\": \"wrong\", \"flags\": [], \"ikm\": \"0b0b0b0b\", \"salt\": "
    "\"00\", "
    "\"info\": \"\", \"size\": 4, \"okm\": \"00000000\", \"result\": \"valid\"}";

static char *write_vectors(const char *name, const char *more)
{
    char text[4096];

    snprintf(text, sizeof text, hkdf, more);
    return scratch_file(name, text);
}

Test(offline, vectors_that_pass)
{
    char *file = write_vectors("good.json", "");
    struct run r = run(NULL, ARGV("vectors", file, file));

    cr_expect_eq(r.status, 0, "%s", r.err);
    cr_expect_str_eq(r.out, "good.json: 1 passed, 0 failed, 0 skipped\n"
                            "good.json: 1 passed, 0 failed, 0 skipped\n"
                            "2 passed, 0 failed, 0 skipped\n");
    forget(&r);
    free(file);
}

Test(offline, vectors_that_fail)
{
    char *file = write_vectors("bad.json", wrong);
    struct run r = run(NULL, ARGV("vectors", file));

    cr_expect_eq(r.status, 1);
    cr_expect_eq(strncmp(r.out, "bad.json 2: expected valid, got ", 32), 0, "%s", r.out);
    EXPECT_IN(r.out, "\nbad.json: 1 passed, 1 failed, 0 skipped\n1 passed, 1 failed, 0 skipped\n");
    forget(&r);
    free(file);
}

Test(offline, vectors_as_json)
{
    static const char *const keys[] = {"file", "id", "expected", "got", "result", "reason"};
    static const char *const results[] = {"pass", "fail"};
    char *file = write_vectors("both.json", wrong);
    struct run r = run(NULL, ARGV("vectors", "--json", file));
    size_t count = 0;

    cr_expect_eq(r.status, 1);
    for (char *line = strtok(r.out, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        json_t *object = json_loads(line, 0, NULL);

        cr_assert_not_null(object, "%s", line);
        cr_assert_lt(count, 2);
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
            cr_expect_not_null(json_string_value(json_object_get(object, keys[i])), "%s", line);
        cr_expect_str_eq(json_string_value(json_object_get(object, "result")), results[count++]);
        json_decref(object);
    }
    cr_expect_eq(count, 2);
    forget(&r);
    free(file);
}

Test(offline, vectors_that_cannot_be_read)
{
    char *file = scratch_file("odd.json", "{\"no\": \"format\"}");
    struct run odd = run(NULL, ARGV("vectors", file));
    struct run missing = run(NULL, ARGV("vectors", "/no/such/file"));

    cr_expect_eq(odd.status, 2);
    EXPECT_IN(odd.err, "cub: [VECTORS: UNREADABLE_FILE] ");
    cr_expect_eq(missing.status, 2);
    forget(&odd);
    forget(&missing);
    free(file);
}
