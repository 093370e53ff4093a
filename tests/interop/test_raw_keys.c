/*
 * Raw public keys [RFC7250], both roles and versions, against GnuTLS.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "tests/interop/peers.h"

static const char *const versions[] = {"1.2", "1.3"};
static const char *const key_types[] = {"P-256", "RSA-2048", "Ed25519"};

/* A key pair, as both sides read it. */
struct keys {
    char *private_key;
    char *public_key;
};

static void make_keys(struct keys *keys, const char *name, const char *type)
{
    struct identity root;
    struct process openssl;

    identity_root(&root, name, type);
    keys->private_key = root.key;
    keys->public_key = scratch_path(name);
    cr_assert_eq(process_run(&openssl, "pkey", NULL,
                             ARGV("openssl", "pkey", "-in", root.key, "-pubout", "-out",
                                  keys->public_key)),
                 0);
}

static const char *priority(const char *version)
{
    static char text[128];

    snprintf(text, sizeof text,
             "NORMAL:-VERS-ALL:+VERS-TLS%s:-CTYPE-ALL:+CTYPE-CLI-RAWPK:+CTYPE-SRV-RAWPK", version);
    return text;
}

static struct keys server_keys, client_keys;

static void check_ours(const struct process *p, const char *version)
{
    json_t *agreed = cub_json(p);

    cr_expect_str_eq(json_text(agreed, "version") + 4, version);
    cr_expect(json_is_true(json_object_get(agreed, "verified")));
    cr_expect(json_is_null(json_object_get(agreed, "peer_cert_sha256")));
    cr_expect_eq(strlen(json_text(agreed, "peer_key_sha256")), 64);
    json_decref(agreed);
}

static int start_gnutls(struct process *p, const char *version)
{
    char text[16];
    int port = free_port();

    snprintf(text, sizeof text, "%d", port);
    process_start(p, "gnutls-serv", PROCESS_NO_PIPES,
                  ARGV("gnutls-serv", "--echo", "--port", text, "--rawpkkeyfile",
                       server_keys.private_key, "--rawpkfile", server_keys.public_key,
                       "--require-client-cert", "--priority", priority(version)));
    wait_for_port(p, port);
    return port;
}

static int run_ours(struct process *p, int port, const char *expected)
{
    char address[32];

    snprintf(address, sizeof address, "localhost:%d", port);
    return process_run(p, "cub-client", "abc\n",
                       ARGV(cub(), "client", address, "--json", "--peer-raw-key", expected,
                            "--raw-public-key", client_keys.public_key, "--keyfile",
                            client_keys.private_key));
}

static void check_client(const char *version, const char *type)
{
    struct process server, client;
    int port = start_gnutls(&server, version);
    int status = run_ours(&client, port, server_keys.public_key);
    char *out = process_stdout(&client);

    cr_expect_eq(status, 0, "%s %s: %s", version, type, process_stderr(&client));
    cr_expect_str_eq(out, "abc\n", "%s %s", version, type);
    check_ours(&client, version);
    cr_expect(process_says(&server, "Certificate type: Raw Public Key"));
    /* It is not the key that it should be. */
    cr_expect_eq(run_ours(&client, port, client_keys.public_key), 1);
    cr_expect(process_says(&client, "CERTIFICATE_VERIFY_FAILED"));
    free(out);
    process_stop(&server);
}

static int run_gnutls(struct process *p, const char *version, int port)
{
    char text[16];

    snprintf(text, sizeof text, "%d", port);
    process_start(p, "gnutls-cli", PROCESS_IN,
                  ARGV("gnutls-cli", "--no-ca-verification", "-p", text, "--rawpkkeyfile",
                       client_keys.private_key, "--rawpkfile", client_keys.public_key, "--priority",
                       priority(version), "localhost"));
    process_write(p, "abc\n");
    if (process_says(p, "\nabc\n"))
        process_close_input(p);
    return process_wait(p, 0);
}

static void check_server(const char *version, const char *type)
{
    struct process server, client;
    int port;

    process_start(&server, "cub-server", PROCESS_NO_PIPES,
                  ARGV(cub(), "server", "127.0.0.1:0", "--json", "--raw-public-key",
                       server_keys.public_key, "--keyfile", server_keys.private_key,
                       "--peer-raw-key", client_keys.public_key, "--require-client-cert"));
    port = process_number_after(&server, "listening on 127.0.0.1:");
    cr_expect_eq(run_gnutls(&client, version, port), 0, "%s %s: %s", version, type,
                 process_stdout(&client));
    cr_expect(process_says(&server, "peer_key_sha256"));
    check_ours(&server, version);
    process_stop(&server);
}

Test(raw_keys, with_gnutls)
{
    for (size_t t = 0; t < sizeof key_types / sizeof *key_types; t++) {
        make_keys(&server_keys, "server", key_types[t]);
        make_keys(&client_keys, "client", key_types[t]);
        for (size_t v = 0; v < 2; v++) {
            check_client(versions[v], key_types[t]);
            check_server(versions[v], key_types[t]);
        }
    }
}
