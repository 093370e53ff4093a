/*
 * Every type of key, on the server's side and on the client's, against OpenSSL.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "tests/interop/peers.h"

/* The signature scheme that each row of identity_key_types leads to first. */
static const char *const schemes[] = {
    "ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384", "ecdsa_secp521r1_sha512", "rsa_pss_rsae_",
    "rsa_pss_rsae_",          "rsa_pss_pss_",           "rsa_pss_pss_sha256",     "ed25519",
};

static void check_scheme(const struct process *p, size_t type)
{
    json_t *agreed = cub_json(p);
    const char *signature = json_text(agreed, "signature");

    cr_expect(strncmp(signature, schemes[type], strlen(schemes[type])) == 0, "%s: %s",
              identity_key_types[type].name, signature);
    json_decref(agreed);
}

Test(keys, of_the_server_seen_by_our_client)
{
    struct identity root, leaf;
    struct process server, client;

    for (size_t t = 0; t < identity_key_type_count; t++) {
        const char *type = identity_key_types[t].name;

        /* The root has the same type of key: its signature is verified too. */
        identity_root(&root, "root", type);
        identity_issue(&root, &leaf, "leaf", &(struct identity_request){.key_type = type});
        int port = openssl_server(&server, &leaf, NULL);
        int status = cub_client(&client, port, root.cert, "abc\n", NULL);
        char *out = process_stdout(&client);

        cr_expect_eq(status, 0, "%s: %s", type, process_stderr(&client));
        cr_expect_str_eq(out, "cba\n", "%s", type);
        check_scheme(&client, t);
        process_stop(&server);
        free(out);
    }
}

Test(keys, of_our_server)
{
    struct identity root, leaf;
    struct process server, client;

    identity_root(&root, "root", NULL);
    for (size_t t = 0; t < identity_key_type_count; t++) {
        const char *type = identity_key_types[t].name;

        identity_issue(&root, &leaf, "leaf", &(struct identity_request){.key_type = type});
        int port = cub_server_start(&server, &leaf, NULL);
        int status = openssl_client(&client, port, root.cert, "abc\n", "abc\n", NULL);

        cr_expect_eq(status, 0, "%s: %s", type, process_stderr(&client));
        cr_expect(process_says(&client, "Verification: OK"), "%s", type);
        check_scheme(&server, t);
        process_stop(&server);
    }
}

Test(keys, of_our_client)
{
    struct identity root, leaf, own;
    struct process server, client;

    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
    /* -Verify: a certificate is required. */
    int port = openssl_server(&server, &leaf,
                              ARGV("-Verify", "2", "-verify_return_error", "-CAfile", root.cert));
    for (size_t t = 0; t < identity_key_type_count; t++) {
        const char *type = identity_key_types[t].name;

        identity_issue(&root, &own, "own", &(struct identity_request){.key_type = type});
        int status = cub_client(&client, port, root.cert, "abc\n",
                                ARGV("--certfile", own.cert, "--keyfile", own.key));
        char *out = process_stdout(&client);

        cr_expect_eq(status, 0, "%s: %s", type, process_stderr(&client));
        cr_expect_str_eq(out, "cba\n", "%s", type);
        free(out);
    }
    process_stop(&server);
}

Test(keys, of_the_client_seen_by_our_server)
{
    struct identity root, leaf, own;
    struct process server, client;

    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
    int port =
        cub_server_start(&server, &leaf, ARGV("--require-client-cert", "--cafile", root.cert));
    for (size_t t = 0; t < identity_key_type_count; t++) {
        const char *type = identity_key_types[t].name;

        identity_issue(&root, &own, "own", &(struct identity_request){.key_type = type});
        int status = openssl_client(&client, port, root.cert, "abc\n", "abc\n",
                                    ARGV("-cert", own.cert, "-key", own.key));
        json_t *agreed = cub_json(&server);

        cr_expect_eq(status, 0, "%s: %s", type, process_stderr(&client));
        cr_expect(json_is_true(json_object_get(agreed, "verified")), "%s", type);
        json_decref(agreed);
    }
    process_stop(&server);
}

/* [RFC8446-4.4.2.4]: certificate_required. */
Test(keys, our_server_requires_a_certificate)
{
    struct identity root, leaf;
    struct process server, client;

    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
    int port =
        cub_server_start(&server, &leaf, ARGV("--require-client-cert", "--cafile", root.cert));

    cr_expect_neq(openssl_client(&client, port, root.cert, "abc\n", "abc\n", NULL), 0);
    cr_expect(process_says(&client, "alert number 116"), "%s", process_stderr(&client));
    cr_expect(process_says(&server, "PEER_DID_NOT_RETURN_A_CERTIFICATE"), "%s",
              process_stderr(&server));
    process_stop(&server);
}

Test(keys, our_client_has_no_certificate_to_give)
{
    struct identity root, leaf;
    struct process server, client;

    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
    int port = openssl_server(&server, &leaf,
                              ARGV("-Verify", "2", "-verify_return_error", "-CAfile", root.cert));

    cr_expect_eq(cub_client(&client, port, root.cert, "abc\n", NULL), 1);
    json_t *result = cub_json(&client);
    cr_expect_str_eq(json_text(result, "reason"), "TLSV13_ALERT_CERTIFICATE_REQUIRED");
    cr_expect(process_says(&server, "peer did not return a certificate"));
    json_decref(result);
    process_stop(&server);
}
