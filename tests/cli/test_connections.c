/*
 * cub demo, client and server: what goes over connections, and what is told about them.
 */
#include "tests/cli/cli.h"

#include <stdio.h>
#include <sys/stat.h>

Test(connections, demo)
{
    struct run r = run(NULL, ARGV("demo"));

    cr_expect_eq(r.status, 0, "%s%s", r.out, r.err);
    EXPECT_IN(r.out, "TLSv1.3");
    EXPECT_IN(r.out, "ClientHello");
    EXPECT_IN(r.out, "CertificateVerify");
    EXPECT_IN(r.out, "application data");
    EXPECT_IN(r.out, "CERTIFICATE_VERIFY_FAILED");
    EXPECT_IN(r.out, "Alert bad_certificate");
    EXPECT_IN(r.out, "refused before any data was sent");
    cr_expect_null(strchr(r.out, '\033'), "colour without a terminal");
    for (char *line = strtok(r.out, "\n"); line != NULL; line = strtok(NULL, "\n"))
        cr_expect_leq(strlen(line), 80, "%s", line);
    forget(&r);
}

Test(connections, echo)
{
    struct process server;
    int port = start_server(&server, NULL);
    struct run r = run_client(port, "there and back\n", NULL);

    cr_expect_eq(r.status, 0, "%s", r.err);
    cr_expect_str_eq(r.out, "there and back\n");
    cr_expect_str_empty(r.err);
    forget(&r);
    process_stop(&server);
}

static json_t *last_object(char *text)
{
    json_t *object = NULL;

    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
        if (*line == '{') {
            json_decref(object);
            object = json_loads(line, 0, NULL);
        }
    cr_assert_not_null(object);
    return object;
}

Test(connections, json_of_a_good_connection)
{
    static const char *const keys[] = {"version",
                                       "cipher",
                                       "group",
                                       "signature",
                                       "delegated_credential",
                                       "alpn",
                                       "server_hostname",
                                       "session_reused",
                                       "early_data",
                                       "verified",
                                       "verify_code",
                                       "verify_message",
                                       "peer_cert_sha256",
                                       "error",
                                       "reason",
                                       "alert_sent",
                                       "alert_received",
                                       "ocsp_response",
                                       "peer_key_sha256"};
    struct process server;
    int port = start_server(&server, ARGV("--alpn", "other,echo"));
    struct run r = run_client(port, "", ARGV("--json", "--alpn", "echo"));
    json_t *object = last_object(r.err);

    cr_expect_eq(r.status, 0);
    cr_expect_eq(json_object_size(object), sizeof keys / sizeof keys[0]);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        cr_expect_not_null(json_object_get(object, keys[i]), "%s", keys[i]);
    cr_expect_str_eq(json_string_value(json_object_get(object, "version")), "TLSv1.3");
    cr_expect_str_eq(json_string_value(json_object_get(object, "signature")),
                     "ecdsa_secp256r1_sha256");
    cr_expect_str_eq(json_string_value(json_object_get(object, "alpn")), "echo");
    cr_expect_str_eq(json_string_value(json_object_get(object, "server_hostname")),
                     "server.example");
    cr_expect(json_is_true(json_object_get(object, "verified")));
    cr_expect_eq(json_integer_value(json_object_get(object, "verify_code")), 0);
    cr_expect_eq(strlen(json_string_value(json_object_get(object, "peer_cert_sha256"))), 64);
    cr_expect(json_is_null(json_object_get(object, "error")));
    json_decref(object);
    forget(&r);
    process_stop(&server);
}

Test(connections, json_of_a_refused_connection)
{
    struct process server;
    int port = start_server(&server, ARGV("--json"));
    struct run r = run_client(port, "", ARGV("--json", "--server-hostname", "other.example"));
    json_t *object;
    char *err;

    cr_expect_eq(r.status, 1);
    EXPECT_IN(r.err, "cub: [SSL: CERTIFICATE_VERIFY_FAILED] ");
    object = last_object(r.err);
    cr_expect(json_is_false(json_object_get(object, "verified")));
    cr_expect_eq(json_integer_value(json_object_get(object, "verify_code")), 62);
    cr_expect_str_eq(json_string_value(json_object_get(object, "error")),
                     "SSLCertVerificationError");
    cr_expect_str_eq(json_string_value(json_object_get(object, "alert_sent")), "bad_certificate");
    json_decref(object);
    cr_expect(process_says(&server, "\"alert_received\":\"bad_certificate\""));
    err = process_stderr(&server);
    EXPECT_IN(err, "cub: [SSL: SSLV3_ALERT_BAD_CERTIFICATE] 127.0.0.1:");
    free(err);
    forget(&r);
    process_stop(&server);
}

Test(connections, trace)
{
    struct process server;
    int port = start_server(&server, ARGV("--trace"));
    struct run r = run_client(port, "x", ARGV("--trace"));
    char *err;

    cr_expect_eq(r.status, 0);
    EXPECT_IN(r.err, "| ClientHello -");
    EXPECT_IN(r.err, "- EncryptedExtensions |  handshake\n");
    EXPECT_IN(r.err, "Alert close_notify");
    cr_expect(process_says(&server, "Alert close_notify"));
    err = process_stderr(&server);
    EXPECT_IN(err, "-- 127.0.0.1:");
    EXPECT_IN(err, "| ClientHello -");
    free(err);
    forget(&r);
    process_stop(&server);
}

Test(connections, keys_are_updated_on_the_way)
{
    struct process server;
    int port = start_server(&server, ARGV("--key-update-after", "3"));
    struct run r = run_client(port, "abcdefgh", ARGV("--trace", "--key-update-after", "5"));

    cr_expect_eq(r.status, 0);
    cr_expect_str_eq(r.out, "abcdefgh");
    EXPECT_IN(r.err, "| KeyUpdate -");
    EXPECT_IN(r.err, "- KeyUpdate |");
    EXPECT_IN(r.err, "application 2");
    forget(&r);
    process_stop(&server);
}

Test(connections, keylog)
{
    struct process server;
    int port = start_server(&server, NULL);
    char *file = scratch_path("keys.log");
    struct run r = run_client(port, "", ARGV("--keylog-filename", file));
    char *log = read_file(file, NULL);

    cr_expect_eq(r.status, 0);
    EXPECT_IN(log, "CLIENT_HANDSHAKE_TRAFFIC_SECRET ");
    EXPECT_IN(log, "SERVER_TRAFFIC_SECRET_0 ");
    free(log);
    free(file);
    forget(&r);
    process_stop(&server);
}

static bool was_resumed(struct run *r)
{
    json_t *object = last_object(r->err);
    bool reused = json_is_true(json_object_get(object, "session_reused"));

    json_decref(object);
    return reused;
}

/* One process leaves its session in a file, the next ones resume it, or not if the server gives no
 * tickets. */
Test(connections, sessions_in_files)
{
    struct process server;
    char *path = scratch_path("session");
    int port = start_server(&server, NULL);
    struct run first = run_client(port, "abc\n", ARGV("--json", "--session-out", path));
    struct run next =
        run_client(port, "abc\n", ARGV("--json", "--session-in", path, "--session-out", path));
    struct run last = run_client(port, "abc\n", ARGV("--json", "--session-in", path));
    struct stat info;

    cr_expect_eq(first.status, 0, "%s", first.err);
    cr_expect(!was_resumed(&first));
    cr_expect(was_resumed(&next), "%s", next.err);
    cr_expect(was_resumed(&last), "%s", last.err);
    cr_assert_eq(stat(path, &info), 0);
    cr_expect_eq(info.st_mode & 077, 0, "others can read the session");
    process_stop(&server);

    port = start_server(&server, ARGV("--num-tickets", "0"));
    struct run none = run_client(port, "abc\n", ARGV("--session-out", scratch_path("none")));
    cr_expect_eq(none.status, 1);
    EXPECT_IN(none.err, "cub: [SSL: NO_SESSION] ");
    process_stop(&server);
    forget(&first);
    forget(&next);
    forget(&last);
    forget(&none);
}

Test(connections, pre_shared_keys)
{
    static const char key[] = "a:b:000102030405060708090a0b0c0d0e0fff";
    struct process server;
    int port = start_server(&server, ARGV("--psk", key, "--psk-ke"));
    struct run good = run_client(port, "abc\n", ARGV("--json", "--psk", key));
    /* Neither the identity nor the hash is known: the certificate is left. */
    struct run other = run_client(port, "abc\n", ARGV("--json", "--psk", "b:00"));
    struct run hash =
        run_client(port, "abc\n", ARGV("--json", "--psk", "b:00", "--psk-hash", "sha384"));

    cr_expect_str_eq(good.out, "abc\n", "%s", good.err);
    EXPECT_IN(good.err, "\"peer_cert_sha256\":null");
    EXPECT_IN(good.err, "\"group\":\"X25519MLKEM768\"");
    cr_expect_str_eq(other.out, "abc\n", "%s", other.err);
    EXPECT_IN(other.err, "\"verified\":true");
    cr_expect_str_eq(hash.out, "abc\n", "%s", hash.err);
    process_stop(&server);
    forget(&good);
    forget(&other);
    forget(&hash);
}

Test(connections, client_certificate)
{
    struct process server;
    char *root = write_root(), *cert = write_chain("own.pem", PKI_CLIENT),
         *key = write_key("own.key", PKI_CLIENT);
    int port = start_server(&server, ARGV("--require-client-cert", "--cafile", root, "--json"));
    struct run with = run_client(port, "x", ARGV("--certfile", cert, "--keyfile", key));
    struct run without = run_client(port, "x", NULL);

    cr_expect_eq(with.status, 0, "%s", with.err);
    cr_expect_str_eq(with.out, "x");
    cr_expect_eq(without.status, 1);
    EXPECT_IN(without.err, "cub: [SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] ");
    cr_expect(process_says(&server, "PEER_DID_NOT_RETURN_A_CERTIFICATE"));
    forget(&with);
    forget(&without);
    free(root);
    free(cert);
    free(key);
    process_stop(&server);
}

/* While one client is connected and says nothing, and another has not even begun, others are
 * served. */
Test(connections, many_clients_at_once)
{
    struct process server, silent;
    char *root = write_root();
    int port = start_server(&server, NULL);
    char address[32];

    snprintf(address, sizeof address, "127.0.0.1:%d", port);
    process_start(&silent, "silent", PROCESS_IN,
                  ARGV(cub(), "client", address, "--cafile", root, "--server-hostname",
                       "server.example"));
    process_write(&silent, "first\n");
    process_expect(&silent, "first\n");
    for (int i = 0; i < 5; i++) {
        struct run r = run_client(port, "others\n", NULL);

        cr_expect_eq(r.status, 0, "%s", r.err);
        cr_expect_str_eq(r.out, "others\n");
        forget(&r);
    }
    process_write(&silent, "last\n");
    process_expect(&silent, "first\nlast\n");
    process_close_input(&silent);
    cr_expect_eq(process_wait(&silent, 0), 0);
    free(root);
    process_stop(&server);
}

Test(connections, nobody_listens)
{
    struct run r = run_client(free_port(), "", NULL);

    cr_expect_eq(r.status, 3);
    EXPECT_IN(r.err, "cub: [OS: ECONNREFUSED] 127.0.0.1:");
    forget(&r);
}

/* [RFC6761-6.4]: this name never resolves. */
Test(connections, no_such_host)
{
    struct run r = run("", ARGV("client", "nobody.invalid:443"));

    cr_expect_eq(r.status, 3);
    EXPECT_IN(r.err, "cub: [OS: NAME_NOT_RESOLVED] nobody.invalid:443: ");
    forget(&r);
}

Test(connections, port_is_taken)
{
    struct process first, second;
    char address[32];
    char *cert = write_chain("second.pem", PKI_P256), *key = write_key("second.key", PKI_P256);

    snprintf(address, sizeof address, "127.0.0.1:%d", start_server(&first, NULL));
    cr_expect_eq(process_run(&second, "second", NULL,
                             ARGV(cub(), "server", address, "--certfile", cert, "--keyfile", key)),
                 3);
    cr_expect(process_says(&second, "cub: [OS: EADDRINUSE] "));
    free(cert);
    free(key);
    process_stop(&first);
}

/* Who is trusted with what options: a server whose certificate is in order, and one whose is not.
 */
Test(connections, trust)
{
    static const struct {
        enum pki_fixture server;
        const char *options[4];
        int status;
        int verified; /* -1: there is no connection */
    } rows[] = {
        {PKI_P256,        {"--server-hostname", "server.example"},                     1, -1},
        {PKI_P256,        {"--cafile", "root", "--check-hostname", "no"},              0, 1 },
        {PKI_P256,        {"--cafile", "root"},                                        0, 1 },
        {PKI_WRONG_NAME,  {"--cafile", "root", "--server-hostname", "server.example"}, 1, -1},
        {PKI_WRONG_NAME,  {"--cafile", "root", "--check-hostname", "no"},              0, 1 },
        {PKI_SELF_SIGNED, {"--cafile", "root"},                                        1, -1},
        {PKI_SELF_SIGNED, {"--verify-mode", "none"},                                   0, 0 },
        {PKI_SELF_SIGNED, {"--verify-mode", "none", "--check-hostname", "yes"},        2, -1},
        {PKI_EXPIRED,     {"--cafile", "root"},                                        1, -1},
        {PKI_EXPIRED,     {"--cafile", "root", "--attime", "1600000000"},              0, 1 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct process server;
        char *root = write_root(), *cert = write_chain("cert.pem", rows[i].server),
             *key = write_key("cert.key", rows[i].server);
        const char *options[6] = {0};
        int port;
        char address[32];
        struct run r;

        process_start(&server, "server", PROCESS_NO_PIPES,
                      ARGV(cub(), "server", "127.0.0.1:0", "--certfile", cert, "--keyfile", key));
        port = process_number_after(&server, "listening on 127.0.0.1:");
        snprintf(address, sizeof address, "127.0.0.1:%d", port);
        for (size_t j = 0; j < 4 && rows[i].options[j] != NULL; j++)
            options[j] = strcmp(rows[i].options[j], "root") == 0 ? root : rows[i].options[j];
        r = run("",
                ARGV("client", "--json", address, options[0], options[1], options[2], options[3]));
        cr_expect_eq(r.status, rows[i].status, "%zu: %d %s", i, r.status, r.err);
        if (rows[i].verified >= 0) {
            json_t *object = last_object(r.err);

            cr_expect_eq(json_is_true(json_object_get(object, "verified")), rows[i].verified, "%zu",
                         i);
            json_decref(object);
        }
        forget(&r);
        free(root);
        free(cert);
        free(key);
        process_stop(&server);
    }
}

/* A group of one's own (ffdhe2048's prime, g = 2, as a file), and a level that allows it. */
static const char dh_params[] = "-----BEGIN DH PARAMETERS-----\n"
                                "MIIBDAKCAQEA///////////JD9qiIWjCNMTGYouA3BzRKQJOCIpnzHQCC76mOxOb\n"
                                "IlFKCHmONATd75UZs806QxswKwpt8l8UN0/hNW1tUcJF5IW1dmJefsb0TELppjft\n"
                                "awv/XLb0Brft7jhr+1qJn6WunyQRfEsf5kkoZlHs5Fs9wgB8uKFjvwWY2kg2HFXT\n"
                                "mmkWP6j9JM9fg2VdI9yjrZYcYvNWIIVSu57VKQdwlpZtZww1Tkq8mATxdGwIyhgh\n"
                                "fDKQXkYuNs474553LBgOhgObJ4Oi7Aeij7XFXfBvTFLJ3ivL9pVYFxg5lUl86pVq\n"
                                "5RXSJhiY+gUQFXKOWoqsqmj//////////wIBAgICAOE=\n"
                                "-----END DH PARAMETERS-----\n";

Test(connections, diffie_hellman_group)
{
    char *file = scratch_file("dh.pem", dh_params), *chain = write_chain("rsa.pem", PKI_RSA2048);
    char *key = write_key("rsa.key", PKI_RSA2048);
    struct process server;
    int port = start_server(&server, ARGV("--dhfile", file, "--ciphers", "DHE", "--maximum-version",
                                          "TLSv1.2", "--certfile", chain, "--keyfile", key));
    struct run r = run_client(port, "finite\n", ARGV("--ciphers", "DHE", "--json"));
    struct run bad = run(NULL, ARGV("server", "--certfile", chain, "--keyfile", key, "--dhfile",
                                    "/nonexistent", "127.0.0.1:0"));

    cr_expect_eq(r.status, 0, "%s", r.err);
    cr_expect_str_eq(r.out, "finite\n");
    EXPECT_IN(r.err, "DHE-RSA-");
    cr_expect_eq(bad.status, 2);
    EXPECT_IN(bad.err, "--dhfile /nonexistent");
    forget(&r);
    forget(&bad);
    process_stop(&server);
    free(file);
    free(chain);
    free(key);
}

/* A leaf that may delegate, what it has delegated to a key by cub delegate, and a server that has
 * the latter key alone. */
Test(connections, delegated_credential)
{
    static const uint8_t usage[] = {0x30, 0x0f, 0x06, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01,
                                    0x82, 0xda, 0x4b, 0x2c, 0x04, 0x02, 0x05, 0x00};
    const struct pki_cert *issuer = &pki_chain(PKI_P256)->certs[1];
    struct pki_cert leaf;
    struct pki_spec spec = {
        .subject = "server.example",
        .key = PKI_KEY_P256,
        .issuer = issuer,
        .key_usage = CUB_KU_DIGITAL_SIGNATURE,
        .dns = {"server.example"},
        .more = { usage,    sizeof usage},
    };
    char text[2048] = "", address[32];
    uint8_t spki[256];
    struct der_out o = {spki, sizeof spki, 0};
    char *certs, *key = scratch_file("leaf.key", pki_key_pems[PKI_KEY_P256]);
    char *other = scratch_file("other.key", pki_key_pems[PKI_KEY_P384]), *public_key, *file;
    char *root = write_root();
    struct process server;
    struct run r;

    pki_issue(&leaf, &spec);
    certs = write_certs("chain.pem", (const struct pki_cert *const[]){&leaf, issuer, NULL});
    pki_spki(&o, pki_key(PKI_KEY_P384));
    pki_pem(text, sizeof text, "PUBLIC KEY", spki, o.len);
    public_key = scratch_file("other.pub", text);
    r = run(NULL, ARGV("delegate", "--certfile", certs, "--keyfile", key, public_key));
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert_eq(strncmp(r.out, "-----BEGIN DELEGATED CREDENTIAL-----\n", 37), 0);
    file = scratch_file("delegated.pem", r.out);
    forget(&r);

    process_start(&server, "server", PROCESS_NO_PIPES,
                  ARGV(cub(), "server", "127.0.0.1:0", "--certfile", certs,
                       "--delegated-credential", file, "--delegated-keyfile", other));
    snprintf(address, sizeof address, "127.0.0.1:%d",
             process_number_after(&server, "listening on 127.0.0.1:"));
    r = run("hello", ARGV("client", "--cafile", root, "--server-hostname", "server.example",
                          "--accept-delegated", "--json", address));
    cr_expect_eq(r.status, 0, "%s", r.err);
    cr_expect_str_eq(r.out, "hello");
    EXPECT_IN(r.err, "\"delegated_credential\":true");
    EXPECT_IN(r.err, "\"signature\":\"ecdsa_secp384r1_sha384\"");
    forget(&r);
    r = run("hello",
            ARGV("client", "--cafile", root, "--server-hostname", "server.example", address));
    cr_expect_eq(r.status, 1);
    forget(&r);
    process_stop(&server);

    r = run(NULL, ARGV("delegate", public_key));
    cr_expect_eq(r.status, 2);
    EXPECT_IN(r.err, "[USAGE: MISSING_CERTIFICATE]");
    forget(&r);
    r = run(NULL,
            ARGV("delegate", "--certfile", certs, "--keyfile", key, "--hours", "169", public_key));
    cr_expect_eq(r.status, 2);
    EXPECT_IN(r.err, "[USAGE: BAD_ARGUMENT]");
    forget(&r);
    r = run(NULL, ARGV("delegate", "--certfile", certs, "--keyfile", key, other));
    cr_expect_eq(r.status, 2);
    EXPECT_IN(r.err, "[PEM: NO_START_LINE]");
    forget(&r);
    r = run(NULL, ARGV("server", "--certfile", certs, "--delegated-credential", file, "0"));
    cr_expect_eq(r.status, 2);
    EXPECT_IN(r.err, "[USAGE: MISSING_KEY]");
    forget(&r);
    free(certs), free(key), free(other), free(public_key), free(file), free(root);
}
