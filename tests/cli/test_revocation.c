/*
 * What the tool knows of revocation: lists for all its commands, and stapled OCSP responses.
 */
#include "tests/cli/cli.h"

#include <stdio.h>

static const uint32_t leaf_serial[] = {300};
static const uint32_t ca_serial[] = {200};

/* The tool verifies at a time that it is told; the tests' PKI has a fixed one. */
#define AT "--attime", "1767225600"

static char *write_crl(const char *name, bool by_root, bool revoked, int64_t next_update)
{
    static char text[8192];
    uint8_t der[4000];
    size_t len = pki_crl(der, sizeof der,
                         &(struct pki_crl_spec){
                             .issuer = by_root ? pki_root() : &pki_chain(PKI_P256)->certs[1],
                             .next_update = next_update,
                             .serials = by_root ? ca_serial : leaf_serial,
                             .serial_count = revoked,
                         });

    text[0] = 0;
    pki_pem(text, sizeof text, "X509 CRL", der, len);
    return scratch_file(name, text);
}

static char *write_bytes(const char *name, const uint8_t *bytes, size_t len)
{
    char *path = scratch_path(name);
    FILE *f = fopen(path, "wb");

    cr_assert(f != NULL && fwrite(bytes, 1, len, f) == len && fclose(f) == 0);
    return path;
}

/* cub verify with these options: exit status, and what it says. */
static void check_verify(const char *error, const char *const options[])
{
    char *root = write_root(), *chain = write_chain("chain.pem", PKI_P256);
    const char *argv[24] = {"verify", "--cafile", root, AT, chain};
    struct run r;

    for (size_t i = 0; options[i] != NULL; i++)
        argv[6 + i] = options[i];
    r = run(NULL, argv);
    cr_expect_eq(r.status, error != NULL, "%s: %s%s", error != NULL ? error : "ok", r.out, r.err);
    if (error != NULL)
        EXPECT_IN(r.out, error);
    forget(&r);
    free(root);
    free(chain);
}

Test(revocation, verify)
{
    char *good = write_crl("good.pem", false, false, 0);
    char *revoked = write_crl("revoked.pem", false, true, 0);
    char *expired = write_crl("expired.pem", false, true, PKI_NOW - 1);
    char *root_good = write_crl("root.crl", true, false, 0);
    char *root_revoked = write_crl("root-revoked.crl", true, true, 0);
    static char text[16384];
    char *all, *worse;

    snprintf(text, sizeof text, "%s%s", read_file(good, NULL), read_file(root_good, NULL));
    all = scratch_file("all.pem", text);
    snprintf(text, sizeof text, "%s%s", read_file(good, NULL), read_file(root_revoked, NULL));
    worse = scratch_file("worse.pem", text);
    check_verify(NULL, ARGV("--crl", good));
    check_verify("error 23 at depth 0: certificate revoked", ARGV("--crl", revoked));
    check_verify("error 12 at depth 0: CRL has expired", ARGV("--crl", expired));
    check_verify("error 3 at depth 0: unable to get certificate CRL", ARGV("--crl", root_good));
    check_verify("error 3 at depth 0: unable to get certificate CRL",
                 ARGV("--verify-flags", "crl_check_leaf"));
    check_verify("error 3 at depth 1: unable to get certificate CRL",
                 ARGV("--crl", good, "--verify-flags", "VERIFY_CRL_CHECK_CHAIN"));
    check_verify(NULL, ARGV("--crl", all, "--verify-flags", "crl_check_chain,x509_strict"));
    check_verify(NULL, ARGV("--crl", worse));
    check_verify("error 23 at depth 1: certificate revoked",
                 ARGV("--crl", worse, "--verify-flags", "crl_check_chain"));
    /* Asked for nothing, nothing is checked. */
    check_verify(NULL, ARGV("--verify-flags", "default"));
}

Test(revocation, verify_by_a_list_in_der)
{
    uint8_t der[4000];
    size_t len = pki_crl(der, sizeof der,
                         &(struct pki_crl_spec){.issuer = &pki_chain(PKI_P256)->certs[1],
                                                .serials = leaf_serial,
                                                .serial_count = 1});

    check_verify("error 23 at depth 0", ARGV("--crl", write_bytes("list.crl", der, len)));
}

Test(revocation, files_that_cannot_be_used)
{
    char *empty = scratch_file("empty", "");
    struct run r = run(NULL, ARGV("verify", "--crl", empty, empty));

    cr_expect_eq(r.status, 2);
    forget(&r);
    r = run(NULL, ARGV("verify", "--crl", "/no/such/file", write_root()));
    cr_expect_eq(r.status, 2);
    EXPECT_IN(r.err, "--crl /no/such/file");
    forget(&r);
    r = run(NULL, ARGV("server", "--ocsp-response", empty, "0"));
    cr_expect_eq(r.status, 2);
    forget(&r);
    r = run(NULL, ARGV("server", "--certfile", write_chain("c.pem", PKI_P256), "--keyfile",
                       write_key("c.key", PKI_P256), "--ocsp-response", empty, "0"));
    cr_expect_eq(r.status, 2);
    EXPECT_IN(r.err, "cub: [OCSP: NOT_BASIC_RESPONSE] --ocsp-response ");
    forget(&r);
}

Test(revocation, client_and_get)
{
    char *revoked = write_crl("revoked.pem", false, true, 0), *root = write_root();
    char *root_list = write_crl("root.crl", true, false, 0);
    struct process server;
    int port = start_server(&server, ARGV("--www"));
    char url[64];
    struct run r = run_client(port, "", ARGV("--crl", revoked, AT, "--json"));

    cr_expect_eq(r.status, 1);
    EXPECT_IN(r.err, "certificate revoked");
    EXPECT_IN(r.err, "\"verify_code\":23");
    EXPECT_IN(r.err, "\"alert_sent\":\"certificate_revoked\"");
    forget(&r);
    r = run_client(port, "", ARGV("--crl", root_list, AT, "--json"));
    cr_expect_eq(r.status, 1);
    EXPECT_IN(r.err, "\"verify_code\":3,");
    forget(&r);
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", port);
    r = run(NULL, ARGV("get", "--cafile", root, "--crl", revoked, AT, url));
    cr_expect_eq(r.status, 1);
    EXPECT_IN(r.err, "certificate revoked");
    forget(&r);
    r = run(NULL, ARGV("get", "--cafile", root, AT, url));
    cr_expect_eq(r.status, 0, "%s", r.err);
    forget(&r);
    process_stop(&server);
}

/* A server that looks at lists of clients' certificates. */
Test(revocation, server)
{
    char *root = write_root(), *revoked = write_crl("revoked.pem", false, true, 0);
    char *cert = write_chain("client.pem", PKI_CLIENT), *key = write_key("client.key", PKI_CLIENT);
    struct process server;
    int port = start_server(&server, ARGV("--require-client-cert", "--cafile", root, "--crl",
                                          revoked, AT, "--json"));
    struct run r = run_client(port, "x\n", ARGV("--certfile", cert, "--keyfile", key));

    cr_expect_eq(r.status, 1, "%s", r.err);
    EXPECT_IN(r.err, "ALERT_CERTIFICATE_REVOKED");
    cr_expect(process_says(&server, "\"verify_code\":23"));
    forget(&r);
    process_stop(&server);
}

static char *write_response(const char *name, const struct pki_ocsp_spec *spec)
{
    struct pki_ocsp_spec full = *spec;
    uint8_t der[4000];

    full.issuer = &pki_chain(PKI_P256)->certs[1];
    full.serial = 300;
    return write_bytes(name, der, pki_ocsp(der, sizeof der, &full));
}

Test(revocation, stapled)
{
    static const struct {
        struct pki_ocsp_spec spec;
        const char *mode;
        int status;
        const char *says;
    } rows[] = {
        {{0},                          "required", 0, "\"ocsp_response\":true" },
        {{0},                          "optional", 0, "\"ocsp_response\":true" },
        {{.status = PKI_OCSP_REVOKED}, "optional", 1, "\"verify_code\":23"     },
        {{.next_update = PKI_NOW - 1}, "optional", 1, "\"verify_code\":74"     },
        {{.status = PKI_OCSP_REVOKED}, "none",     0, "\"ocsp_response\":false"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *file = write_response("response.der", &rows[i].spec);
        struct process server;
        int port = start_server(&server, ARGV("--ocsp-response", file));
        struct run r = run_client(port, "", ARGV("--status-mode", rows[i].mode, AT, "--json"));

        cr_expect_eq(r.status, rows[i].status, "row %zu: %s", i, r.err);
        EXPECT_IN(r.err, rows[i].says);
        if (rows[i].status != 0)
            EXPECT_IN(r.err, "\"alert_sent\":\"bad_certificate_status_response\"");
        forget(&r);
        process_stop(&server);
    }
}

Test(revocation, not_stapled)
{
    struct process server;
    int port = start_server(&server, NULL);
    struct run r = run_client(port, "", ARGV(AT));

    cr_expect_eq(r.status, 0, "%s", r.err);
    forget(&r);
    r = run_client(port, "", ARGV("--require-status", AT, "--json"));
    cr_expect_eq(r.status, 1);
    EXPECT_IN(r.err, "OCSP verification needed");
    EXPECT_IN(r.err, "\"verify_code\":73");
    forget(&r);
    process_stop(&server);
}
