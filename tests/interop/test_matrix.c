/*
 * Every cipher suite with every group, in both roles, against OpenSSL.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "tests/interop/peers.h"

static const char *const suites[] = {
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_AES_128_CCM_SHA256",
};

static const struct {
    const char *ours; /* as in RFC 8446 section 4.2.7 */
    const char *openssl;
} groups[] = {
    {"x25519",    "X25519"},
    {"secp256r1", "P-256" },
    {"secp384r1", "P-384" },
    {"secp521r1", "P-521" },
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* What a cub --json says was agreed on. */
static void check_agreed(const struct process *p, const char *suite, const char *group)
{
    json_t *agreed = cub_json(p);

    cr_expect_str_eq(json_text(agreed, "version"), "TLSv1.3");
    cr_expect_str_eq(json_text(agreed, "cipher"), suite);
    cr_expect_str_eq(json_text(agreed, "group"), group);
    json_decref(agreed);
}

Test(matrix, client)
{
    struct identity root, leaf;
    struct process server, client;

    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
    for (size_t s = 0; s < COUNT(suites); s++) {
        int port = openssl_server(&server, &leaf, ARGV("-ciphersuites", suites[s]));

        for (size_t g = 0; g < COUNT(groups); g++) {
            int status = cub_client(&client, port, root.cert, "through the pipe\n",
                                    ARGV("--groups", groups[g].ours));
            char *out = process_stdout(&client);

            cr_expect_eq(status, 0, "%s %s: %s", suites[s], groups[g].ours,
                         process_stderr(&client));
            cr_expect_str_eq(out, "epip eht hguorht\n");
            check_agreed(&client, suites[s], groups[g].ours);
            free(out);
        }
        process_stop(&server);
    }
}

Test(matrix, server)
{
    struct identity root, leaf;
    struct process server, client;

    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
    int port = cub_server_start(&server, &leaf, NULL);
    for (size_t s = 0; s < COUNT(suites); s++) {
        for (size_t g = 0; g < COUNT(groups); g++) {
            int status =
                openssl_client(&client, port, root.cert, "and back\n", "and back\n",
                               ARGV("-ciphersuites", suites[s], "-groups", groups[g].openssl));

            cr_expect_eq(status, 0, "%s %s: %s", suites[s], groups[g].ours,
                         process_stderr(&client));
            cr_expect(process_says(&client, "Verification: OK"));
            check_agreed(&server, suites[s], groups[g].ours);
        }
    }
    process_stop(&server);
}

/* Its tag of 8 bytes is short [RFC8446-B.4], so it is off unless both sides ask for it. */
Test(matrix, ccm_8_only_if_asked_for)
{
    static const char ccm_8[] = "TLS_AES_128_CCM_8_SHA256";
    struct identity root, leaf;
    struct process server, client;

    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
    int port = openssl_server(&server, &leaf, ARGV("-ciphersuites", ccm_8));
    cr_expect_eq(cub_client(&client, port, root.cert, "abc\n", NULL), 1);
    cr_expect_eq(cub_client(&client, port, root.cert, "abc\n", ARGV("--ciphers", ccm_8)), 0, "%s",
                 process_stderr(&client));
    check_agreed(&client, ccm_8, "x25519");
    process_stop(&server);

    port = cub_server_start(&server, &leaf, NULL);
    cr_expect_neq(openssl_client(&client, port, root.cert, "abc\n", "abc\n",
                                 ARGV("-ciphersuites", ccm_8)),
                  0);
    process_stop(&server);
    port = cub_server_start(&server, &leaf, ARGV("--ciphers", ccm_8));
    cr_expect_eq(openssl_client(&client, port, root.cert, "abc\n", "abc\n",
                                ARGV("-ciphersuites", ccm_8)),
                 0, "%s", process_stderr(&client));
    check_agreed(&server, ccm_8, "x25519");
    process_stop(&server);
}
