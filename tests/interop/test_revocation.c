/*
 * Stapled OCSP responses and revocation lists that openssl has made, between openssl and cub.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "tests/interop/peers.h"

#define MUST_STAPLE                                                                                \
    "basicConstraints = CA:FALSE\nkeyUsage = critical, digitalSignature\n"                         \
    "extendedKeyUsage = serverAuth\nsubjectAltName = DNS:localhost, IP:127.0.0.1\n"                \
    "subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\ntlsfeature = status_request\n"

static const char *const cub_versions[] = {"TLSv1.3", "TLSv1.2"};
static const char *const openssl_versions[] = {"-tls1_3", "-tls1_2"};

/* openssl s_server of one version; response NULL: staples nothing. */
static int server_of(struct process *p, const struct identity *leaf, const char *version,
                     const char *response)
{
    process_start(p, "s_server", PROCESS_IN,
                  ARGV("openssl", "s_server", "-accept", "127.0.0.1:0", version, "-rev", "-cert",
                       leaf->cert, "-cert_chain", leaf->chain, "-key", leaf->key,
                       response ? "-status_file" : NULL, response));
    return process_number_after(p, "ACCEPT 127.0.0.1:");
}

/* A cub client against it: how it ends, and with which verify_code. */
static void check_client(int port, const struct identity *root, const char *mode, int status,
                         int verify_code, const char *version)
{
    struct process client;
    json_t *result;

    cr_expect_eq(cub_client(&client, port, root->cert, "abc\n", ARGV("--status-mode", mode)),
                 status, "%s, %s: %s", version, mode, process_stderr(&client));
    result = cub_json(&client);
    cr_expect_str_eq(json_text(result, "version"), status ? "" : version);
    cr_expect_eq(json_integer_value(json_object_get(result, "verify_code")), verify_code, "%s, %s",
                 version, mode);
    if (status)
        cr_expect_str_eq(json_text(result, "alert_sent"), "bad_certificate_status_response");
    else
        cr_expect_str_eq(process_stdout(&client), "cba\n");
    json_decref(result);
}

Test(revocation, openssl_server_staples)
{
    struct identity root, good, bad, demanding;
    struct process server;

    identity_root(&root, "root", NULL);
    identity_issue(&root, &good, "good", &(struct identity_request){0});
    identity_issue(&root, &bad, "bad", &(struct identity_request){0});
    identity_issue(&root, &demanding, "demanding",
                   &(struct identity_request){.extensions = MUST_STAPLE});
    identity_revoke(&root, &bad);
    char *good_response = identity_ocsp(&root, &good, "good");
    char *bad_response = identity_ocsp(&root, &bad, "bad");
    char *demanded = identity_ocsp(&root, &demanding, "demanding");
    for (size_t i = 0; i < 2; i++) {
        const char *version = cub_versions[i];

        int port = server_of(&server, &good, openssl_versions[i], good_response);
        check_client(port, &root, "required", 0, 0, version);
        check_client(port, &root, "optional", 0, 0, version);
        process_stop(&server);
        port = server_of(&server, &good, openssl_versions[i], NULL);
        check_client(port, &root, "required", 1, 73, version);
        check_client(port, &root, "optional", 0, 0, version);
        process_stop(&server);
        port = server_of(&server, &bad, openssl_versions[i], bad_response);
        check_client(port, &root, "required", 1, 23, version);
        check_client(port, &root, "optional", 1, 23, version);
        check_client(port, &root, "none", 0, 0, version);
        process_stop(&server);
        port = server_of(&server, &good, openssl_versions[i], bad_response);
        check_client(port, &root, "optional", 1, 75, version);
        process_stop(&server);
        port = server_of(&server, &demanding, openssl_versions[i], NULL);
        check_client(port, &root, "optional", 1, 73, version);
        check_client(port, &root, "none", 0, 0, version);
        process_stop(&server);
        port = server_of(&server, &demanding, openssl_versions[i], demanded);
        check_client(port, &root, "optional", 0, 0, version);
        process_stop(&server);
    }
}

/* What openssl s_client -status has to say of a cub server. */
static void check_openssl_client(int port, const struct identity *root, const char *version,
                                 const char *says)
{
    struct process client;
    char address[32];

    snprintf(address, sizeof address, "127.0.0.1:%d", port);
    cr_expect_eq(process_run(&client, "s_client", "",
                             ARGV("openssl", "s_client", "-connect", address, version, "-status",
                                  "-verify_return_error", "-CAfile", root->cert)),
                 0, "%s", process_stderr(&client));
    cr_expect(strstr(process_stdout(&client), says), "%s: no \"%s\" in: %s", version, says,
              process_stdout(&client));
}

Test(revocation, cub_server_staples)
{
    struct identity root, good, bad;
    struct process server;

    identity_root(&root, "root", NULL);
    identity_issue(&root, &good, "good", &(struct identity_request){0});
    identity_issue(&root, &bad, "bad", &(struct identity_request){0});
    identity_revoke(&root, &bad);
    char *good_response = identity_ocsp(&root, &good, "good");
    char *bad_response = identity_ocsp(&root, &bad, "bad");
    for (size_t i = 0; i < 2; i++) {
        int port = cub_server_start(&server, &good, ARGV("--ocsp-response", good_response));
        check_openssl_client(port, &root, openssl_versions[i], "Cert Status: good");
        process_stop(&server);
        port = cub_server_start(&server, &bad, ARGV("--ocsp-response", bad_response));
        check_openssl_client(port, &root, openssl_versions[i], "Cert Status: revoked");
        process_stop(&server);
        port = cub_server_start(&server, &good, NULL);
        check_openssl_client(port, &root, openssl_versions[i], "OCSP response: no response sent");
        process_stop(&server);
    }
}

/* cub verify and openssl verify say the same, with openssl's lists. */
static void check_lists(const struct identity *root, const struct identity *leaf, const char *crls,
                        bool chain, int verify_code)
{
    struct process p;
    char error[32];
    const char *out;

    cr_expect_eq(process_run(&p, "openssl-verify", NULL,
                             ARGV("openssl", "verify", "-x509_strict", "-CAfile", root->cert,
                                  "-untrusted", leaf->chain, "-CRLfile", crls,
                                  chain ? "-crl_check_all" : "-crl_check", leaf->cert)),
                 verify_code ? 2 : 0, "%s", process_stderr(&p));
    snprintf(error, sizeof error, "error %d at ", verify_code);
    if (verify_code)
        cr_expect(strstr(process_stderr(&p), error), "%s", process_stderr(&p));
    cr_expect_eq(
        process_run(&p, "cub-verify", NULL,
                    ARGV(cub(), "verify", "--cafile", root->cert, "--crl", crls, "--verify-flags",
                         chain ? "x509_strict,crl_check_chain" : "x509_strict", leaf->chain)),
        verify_code != 0, "%s", process_stderr(&p));
    out = process_stdout(&p);
    if (verify_code)
        cr_expect(strstr(out, error), "%s", out);
}

Test(revocation, lists)
{
    struct identity root, middle, good, bad;
    char *all = NULL;

    identity_root(&root, "root", NULL);
    identity_intermediate(&root, &middle, "middle", &(struct identity_request){0});
    identity_issue(&middle, &good, "good", &(struct identity_request){0});
    identity_issue(&middle, &bad, "bad", &(struct identity_request){0});
    identity_revoke(&middle, &bad);
    char *of_middle = identity_crl(&middle, "middle"), *of_root = identity_crl(&root, "root");
    check_lists(&root, &good, of_middle, false, 0);
    check_lists(&root, &bad, of_middle, false, 23);
    check_lists(&root, &good, of_root, false, 3);
    check_lists(&root, &good, of_middle, true, 3);
    cr_assert(asprintf(&all, "%s%s", read_file(of_middle, NULL), read_file(of_root, NULL)) > 0);
    check_lists(&root, &good, scratch_file("all.pem", all), true, 0);
    free(all);
    identity_revoke(&root, &middle);
    of_root = identity_crl(&root, "root-later");
    cr_assert(asprintf(&all, "%s%s", read_file(of_middle, NULL), read_file(of_root, NULL)) > 0);
    check_lists(&root, &good, scratch_file("all.pem", all), false, 0);
    check_lists(&root, &good, scratch_file("all.pem", all), true, 23);
    free(all);
}
