/*
 * What may happen besides the plain handshake: HelloRetryRequest, KeyUpdate, ALPN, and an end
 * without a farewell, against OpenSSL.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "tests/interop/peers.h"

static struct identity root, leaf;

static void make_identities(void)
{
    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
}

TestSuite(exchange, .init = make_identities);

/* The server accepts P-521 alone, for which our first ClientHello brings no share. */
Test(exchange, hello_retry_request_to_our_client)
{
    struct process server, client;
    int port = openssl_server(&server, &leaf, ARGV("-groups", "P-521"));

    cr_expect_eq(cub_client(&client, port, root.cert, "abc\n", ARGV("--trace")), 0, "%s",
                 process_stderr(&client));
    cr_expect(process_says(&client, "HelloRetryRequest"), "%s", process_stderr(&client));
    json_t *agreed = cub_json(&client);
    cr_expect_str_eq(json_text(agreed, "group"), "secp521r1");
    json_decref(agreed);
    process_stop(&server);
}

/* The client brings a share of its first group only, and our server takes the second. */
Test(exchange, hello_retry_request_by_our_server)
{
    struct process server, client;
    int port = cub_server_start(&server, &leaf, ARGV("--groups", "secp384r1", "--trace"));

    cr_expect_eq(openssl_client(&client, port, root.cert, "abc\n", "abc\n",
                                ARGV("-groups", "X25519:P-384")),
                 0, "%s", process_stderr(&client));
    cr_expect(process_says(&server, "HelloRetryRequest"), "%s", process_stderr(&server));
    json_t *agreed = cub_json(&server);
    cr_expect_str_eq(json_text(agreed, "group"), "secp384r1");
    json_decref(agreed);
    process_stop(&server);
}

/* A client that updates its keys, without and with asking for ours, amid data. */
Test(exchange, key_update_by_the_client)
{
    struct process server, client;
    char address[32];
    int port = cub_server_start(&server, &leaf, NULL);

    snprintf(address, sizeof address, "127.0.0.1:%d", port);
    process_start(&client, "s_client", PROCESS_IN,
                  ARGV("openssl", "s_client", "-connect", address, "-tls1_3", "-brief", "-CAfile",
                       root.cert));
    for (unsigned i = 0; i < 5; i++) {
        char line[32];

        snprintf(line, sizeof line, "line %u\n", i);
        process_write(&client, line);
        process_expect(&client, line);
        /* K: with update_requested. s_client takes a command that arrives by itself. */
        process_write(&client, i % 2 ? "k\n" : "K\n");
        process_expect_times(&client, "KEYUPDATE", i + 1);
    }
    process_write(&client, "the end\n");
    process_expect(&client, "the end\n");
    process_close_input(&client);
    cr_expect_eq(process_wait(&client, 0), 0);
    process_stop(&server);
}

Test(exchange, key_update_by_the_server)
{
    struct process server, client;
    char address[32];
    int port = openssl_server_plain(&server, &leaf, NULL);

    snprintf(address, sizeof address, "localhost:%d", port);
    process_start(&client, "cub-client", PROCESS_IN,
                  ARGV(cub(), "client", address, "--trace", "--cafile", root.cert));
    for (unsigned i = 0; i < 5; i++) {
        char line[32];

        snprintf(line, sizeof line, "up %u\n", i);
        process_write(&client, line);
        process_expect(&server, line);
        process_write(&server, i % 2 ? "k\n" : "K\n");
        snprintf(line, sizeof line, "down %u\n", i);
        /* s_server tells of it only later, so the client's trace does. */
        process_expect_times(&client, "- KeyUpdate |", i + 1);
        process_write(&server, line);
        process_expect(&client, line);
    }
    /* s_server answers our close_notify with its own; by its Q it would just be gone. */
    process_close_input(&client);
    cr_expect_eq(process_wait(&client, 0), 0, "%s", process_stderr(&client));
    process_stop(&server);
}

Test(exchange, key_update_by_our_client)
{
    struct process server, client;
    int port = openssl_server(&server, &leaf, NULL);

    cr_expect_eq(cub_client(&client, port, root.cert, "abc\ndef\n",
                            ARGV("--key-update-after", "4")),
                 0, "%s", process_stderr(&client));
    char *out = process_stdout(&client);
    cr_expect_str_eq(out, "cba\nfed\n");
    free(out);
    process_stop(&server);
}

Test(exchange, alpn)
{
    struct process server, client;
    int port = openssl_server(&server, &leaf, ARGV("-alpn", "http/1.1,h2"));

    cr_expect_eq(cub_client(&client, port, root.cert, "", ARGV("--alpn", "h2,http/1.1")), 0, "%s",
                 process_stderr(&client));
    json_t *agreed = cub_json(&client);
    /* s_server goes by its own order. */
    cr_expect_str_eq(json_text(agreed, "alpn"), "http/1.1");
    json_decref(agreed);
    process_stop(&server);

    port = cub_server_start(&server, &leaf, ARGV("--alpn", "h2,http/1.1"));
    cr_expect_eq(openssl_client(&client, port, root.cert, "abc\n", "abc\n",
                                ARGV("-alpn", "http/1.1,h2")),
                 0);
    agreed = cub_json(&server);
    cr_expect_str_eq(json_text(agreed, "alpn"), "h2");
    json_decref(agreed);
    process_stop(&server);
}

/* A server that ends without close_notify: data may be missing, and our client says so. */
Test(exchange, truncation_is_an_error)
{
    struct process server, client;
    char address[32];
    int port = openssl_server_plain(&server, &leaf, NULL);

    snprintf(address, sizeof address, "localhost:%d", port);
    process_start(&client, "cub-client", PROCESS_IN,
                  ARGV(cub(), "client", address, "--json", "--cafile", root.cert));
    process_write(&client, "are you there?\n");
    process_expect(&server, "are you there?\n");
    process_kill(&server);
    cr_expect_eq(process_wait(&client, 0), 1, "%s", process_stderr(&client));
    cr_expect(process_says(&client, "cub: [SSL: UNEXPECTED_EOF_WHILE_READING]"), "%s",
              process_stderr(&client));
}

static void check_suite(const struct process *p, const char *suite)
{
    json_t *agreed = cub_json(p);

    cr_expect_str_eq(json_text(agreed, "cipher"), suite);
    json_decref(agreed);
}

/* Its tag of 8 bytes is short [RFC8446-B.4], so it is off unless both sides ask for it. */
Test(exchange, ccm_8_only_if_asked_for)
{
    static const char ccm_8[] = "TLS_AES_128_CCM_8_SHA256";
    struct process server, client;

    int port = openssl_server(&server, &leaf, ARGV("-ciphersuites", ccm_8));
    cr_expect_eq(cub_client(&client, port, root.cert, "abc\n", NULL), 1);
    cr_expect_eq(cub_client(&client, port, root.cert, "abc\n", ARGV("--ciphers", ccm_8)), 0, "%s",
                 process_stderr(&client));
    check_suite(&client, ccm_8);
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
    check_suite(&server, ccm_8);
    process_stop(&server);
}
