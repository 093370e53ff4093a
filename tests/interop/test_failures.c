/*
 * What must fail against OpenSSL's server and client: our error, our exit status, and the alert
 * that OpenSSL receives.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "tests/interop/peers.h"

#define SAN "subjectAltName = DNS:localhost, IP:127.0.0.1\n"

/* An alert by its number and the words in which OpenSSL reports it. */
struct alert {
    int number;
    const char *text;
};
static const struct alert bad_certificate = {42, "alert bad certificate"};
static const struct alert unsupported_certificate = {43, "alert unsupported certificate"};
static const struct alert certificate_expired = {45, "alert certificate expired"};
static const struct alert unknown_ca = {48, "alert unknown ca"};

/* Our client refuses the server's certificate: with this OpenSSL number, this text, this alert. */
static void check_refused(const struct identity *leaf, const struct identity *anchor,
                          const char *const options[], int verify_code, const char *text,
                          const struct alert *alert)
{
    struct process server, client;
    char number[32];
    int port = openssl_server(&server, leaf, NULL);

    cr_expect_eq(cub_client(&client, port, anchor->cert, "secret\n", options), 1);
    char *err = process_stderr(&client);
    char *out = process_stdout(&client);
    json_t *result = cub_json(&client);

    cr_expect_not_null(strstr(err, "cub: [SSL: CERTIFICATE_VERIFY_FAILED]"), "%s", err);
    cr_expect_not_null(strstr(err, text), "%s\n%s", text, err);
    cr_expect_str_eq(json_text(result, "reason"), "CERTIFICATE_VERIFY_FAILED");
    cr_expect_eq(json_integer_value(json_object_get(result, "verify_code")), verify_code, "%s",
                 err);
    cr_expect(!json_is_true(json_object_get(result, "verified")));
    cr_expect_str_empty(out);
    cr_expect(process_says(&server, alert->text), "%s", process_stderr(&server));
    snprintf(number, sizeof number, "alert number %d", alert->number);
    cr_expect(process_says(&server, number), "%s", process_stderr(&server));
    json_decref(result);
    free(out);
    free(err);
    process_stop(&server);
}

/* A leaf under a root that differs from an ordinary one by the request. */
static void check_leaf(const struct identity_request *request, int verify_code, const char *text,
                       const struct alert *alert)
{
    struct identity root, leaf;

    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", request);
    check_refused(&leaf, &root, NULL, verify_code, text, alert);
}

Test(failures, wrong_host_name)
{
    struct identity root, leaf;

    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
    check_refused(&leaf, &root, ARGV("--server-hostname", "elsewhere.example"), 62,
                  "elsewhere.example", &bad_certificate);
}

/* [RFC9525-6.3]: the common name is not looked at. */
Test(failures, host_name_in_common_name_only)
{
    check_leaf(&(struct identity_request){.extensions = "basicConstraints = CA:FALSE\n"
                                                        "subjectKeyIdentifier = hash\n"
                                                        "authorityKeyIdentifier = keyid\n"
                                                        "subjectAltName = DNS:elsewhere.example\n",
                                          .subject = "/CN=localhost"},
               62, "localhost", &bad_certificate);
}

Test(failures, untrusted_issuer)
{
    struct identity root, other, leaf;

    identity_root(&root, "root", NULL);
    identity_root(&other, "other", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
    check_refused(&leaf, &other, NULL, 20, "unable to get local issuer certificate", &unknown_ca);
}

/* The same name, another key: the signature decides. */
Test(failures, issuer_of_the_same_name)
{
    struct identity root, other, leaf;

    identity_root(&other, "root", NULL);
    char *cert = other.cert;
    other.cert = scratch_file("impostor.pem", read_file(cert, NULL));
    free(cert);
    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf",
                   &(struct identity_request){.extensions = SAN "subjectKeyIdentifier = hash\n"
                                                                "basicConstraints = CA:FALSE\n"});
    struct process server, client;
    int port = openssl_server(&server, &leaf, NULL);
    cr_expect_eq(cub_client(&client, port, other.cert, "secret\n", NULL), 1);
    cr_expect(process_says(&client, "cub: [SSL: CERTIFICATE_VERIFY_FAILED]"));
    process_stop(&server);
}

Test(failures, expired)
{
    check_leaf(&(struct identity_request){.start = "20010101000000Z", .end = "20011231235959Z"}, 10,
               "certificate has expired", &certificate_expired);
}

Test(failures, not_yet_valid)
{
    check_leaf(&(struct identity_request){.start = "20980101000000Z", .end = "20981231235959Z"}, 9,
               "certificate is not yet valid", &certificate_expired);
}

Test(failures, wrong_extended_key_usage)
{
    check_leaf(&(struct identity_request){.extensions = SAN "extendedKeyUsage = clientAuth\n"
                                                            "basicConstraints = CA:FALSE\n"
                                                            "subjectKeyIdentifier = hash\n"
                                                            "authorityKeyIdentifier = keyid\n"},
               26, "unsuitable certificate purpose", &unsupported_certificate);
}

Test(failures, unknown_critical_extension)
{
    check_leaf(&(struct identity_request){.extensions = SAN
                                          "1.3.6.1.4.1.55555.1 = critical, ASN1:UTF8String:what\n"
                                          "basicConstraints = CA:FALSE\n"
                                          "subjectKeyIdentifier = hash\n"
                                          "authorityKeyIdentifier = keyid\n"},
               34, "unhandled critical extension", &unsupported_certificate);
}

Test(failures, issuer_is_no_ca)
{
    struct identity root, middle, leaf;

    identity_root(&root, "root", NULL);
    identity_intermediate(&root, &middle, "middle",
                          &(struct identity_request){.extensions =
                                                         "basicConstraints = critical, CA:FALSE\n"
                                                         "keyUsage = critical, digitalSignature\n"
                                                         "subjectKeyIdentifier = hash\n"
                                                         "authorityKeyIdentifier = keyid\n"});
    identity_issue(&middle, &leaf, "leaf", &(struct identity_request){0});
    check_refused(&leaf, &root, NULL, 79, "invalid CA certificate", &unknown_ca);
}

/* What is right about the chains above: with an intermediate that is a CA all is well. */
Test(failures, none_with_a_proper_intermediate)
{
    struct identity root, middle, leaf;
    struct process server, client;

    identity_root(&root, "root", NULL);
    identity_intermediate(&root, &middle, "middle", &(struct identity_request){0});
    identity_issue(&middle, &leaf, "leaf", &(struct identity_request){0});
    int port = openssl_server(&server, &leaf, NULL);
    cr_expect_eq(cub_client(&client, port, root.cert, "abc\n", NULL), 0, "%s",
                 process_stderr(&client));
    process_stop(&server);
}

/* Our server refuses a client's certificate that is none of a client. */
Test(failures, client_certificate_for_a_server)
{
    struct identity root, leaf, own;
    struct process server, client;

    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
    identity_issue(&root, &own, "own",
                   &(struct identity_request){.extensions = "extendedKeyUsage = serverAuth\n"
                                                            "basicConstraints = CA:FALSE\n"
                                                            "subjectKeyIdentifier = hash\n"
                                                            "authorityKeyIdentifier = keyid\n"});
    int port =
        cub_server_start(&server, &leaf, ARGV("--require-client-cert", "--cafile", root.cert));
    cr_expect_neq(openssl_client(&client, port, root.cert, "abc\n", "abc\n",
                                 ARGV("-cert", own.cert, "-key", own.key)),
                  0);
    cr_expect(process_says(&client, "alert number 43"), "%s", process_stderr(&client));
    json_t *result = cub_json(&server);
    cr_expect_eq(json_integer_value(json_object_get(result, "verify_code")), 26);
    json_decref(result);
    process_stop(&server);
}

/* OpenSSL refuses ours: we say what it told us. */
Test(failures, alert_from_the_peer)
{
    struct identity root, other, leaf;
    struct process server, client;

    identity_root(&root, "root", NULL);
    identity_root(&other, "other", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
    int port = cub_server_start(&server, &leaf, NULL);
    cr_expect_neq(openssl_client(&client, port, other.cert, "abc\n", "abc\n", NULL), 0);
    cr_expect(process_says(&server, "TLSV1_ALERT_UNKNOWN_CA"), "%s", process_stderr(&server));
    process_stop(&server);
}

/* [RFC8446-4.2.1], [RFC8446-D.2]: no version in common is protocol_version, from either side. */
Test(failures, only_an_older_version)
{
    struct identity root, leaf;
    struct process server, client;
    char address[32];

    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
    int port = cub_server_start(&server, &leaf, ARGV("--minimum-version", "TLSv1.3"));
    snprintf(address, sizeof address, "127.0.0.1:%d", port);
    cr_expect_neq(process_run(&client, "s_client", "",
                              ARGV("openssl", "s_client", "-connect", address, "-tls1_2", "-brief",
                                   "-CAfile", root.cert)),
                  0);
    cr_expect(process_says(&client, "alert number 70"), "%s", process_stderr(&client));
    process_stop(&server);
}

/* No group in common: handshake_failure [RFC8446-4.1.1]. */
Test(failures, no_group_in_common)
{
    struct identity root, leaf;
    struct process server, client;

    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
    int port = cub_server_start(&server, &leaf, ARGV("--groups", "x25519"));
    cr_expect_neq(openssl_client(&client, port, root.cert, "abc\n", "abc\n",
                                 ARGV("-groups", "P-256:P-384")),
                  0);
    cr_expect(process_says(&client, "alert number 40"), "%s", process_stderr(&client));
    process_stop(&server);

    port = openssl_server(&server, &leaf, ARGV("-groups", "X448"));
    cr_expect_eq(cub_client(&client, port, root.cert, "", NULL), 1);
    cr_expect(process_says(&client, "ALERT_HANDSHAKE_FAILURE"), "%s", process_stderr(&client));
    process_stop(&server);
}

/* Nobody there: the network's error, status 3. */
Test(failures, nobody_listens)
{
    struct identity root;
    struct process client;

    identity_root(&root, "root", NULL);
    cr_expect_eq(cub_client(&client, free_port(), root.cert, "", NULL), 3, "%s",
                 process_stderr(&client));
}

Test(failures, wrong_usage)
{
    struct process client;

    cr_expect_eq(process_run(&client, "cub", NULL, ARGV(cub(), "client", "--no-such-option")), 2);
    cr_expect_eq(process_run(&client, "cub", NULL, ARGV(cub(), "client")), 2);
    cr_expect_eq(process_run(&client, "cub", NULL, ARGV(cub(), "no-such-command")), 2);
}
