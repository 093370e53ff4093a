/*
 * Sessions of TLS 1.2 with OpenSSL, by tickets and, where one side has none, by ids.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "tests/interop/peers.h"

static struct identity root, leaf;

static void make_identities(void)
{
    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
}

TestSuite(sessions, .init = make_identities);

/* A file for the session, which is not there yet. */
static const char *session_file(void)
{
    static char path[64];

    snprintf(path, sizeof path, "/tmp/cub-session-%ld", (long)getpid());
    unlink(path);
    return path;
}

static bool is_reused(const struct process *p)
{
    json_t *agreed = cub_json(p);
    bool reused = json_is_true(json_object_get(agreed, "session_reused"));

    cr_expect_str_eq(json_text(agreed, "version"), "TLSv1.2");
    json_decref(agreed);
    return reused;
}

/* An option, or one that changes nothing. */
static const char *option(bool on)
{
    return on ? "-no_ticket" : "-no_renegotiation";
}

Test(sessions, of_our_client)
{
    const char *file = session_file();

    for (unsigned tickets = 0; tickets < 2; tickets++) {
        struct process server, client;
        int port = openssl_server(&server, &leaf,
                                  tickets ? ARGV("-tls1_2") : ARGV("-tls1_2", "-no_ticket"));

        cr_expect_eq(cub_client(&client, port, root.cert, "abc\n", ARGV("--session-out", file)), 0,
                     "%s", process_stderr(&client));
        cr_expect_not(is_reused(&client));
        for (unsigned i = 0; i < 2; i++) {
            cr_expect_eq(cub_client(&client, port, root.cert, "abc\n",
                                    ARGV("--session-in", file, "--session-out", file)),
                         0, "%s", process_stderr(&client));
            cr_expect(is_reused(&client), "tickets: %u, connection %u", tickets, i);
        }
        process_stop(&server);
        unlink(file);
    }
}

Test(sessions, of_our_server)
{
    const char *file = session_file();

    for (unsigned tickets = 0; tickets < 2; tickets++) {
        for (unsigned i = 0; i < 3; i++) {
            static struct process server;
            static int port;
            struct process client;

            if (i == 0)
                port = cub_server_start(&server, &leaf, ARGV("--maximum-version", "TLSv1.2"));
            cr_expect_eq(openssl_client(&client, port, root.cert, "abc\n", "abc\n",
                                        ARGV("-tls1_2", option(!tickets),
                                             i == 0 ? "-sess_out" : "-sess_in", file)),
                         0, "%s", process_stderr(&client));
            cr_expect_eq(is_reused(&server), i > 0, "tickets: %u, connection %u", tickets, i);
            if (i == 2)
                process_stop(&server);
        }
        unlink(file);
    }
}
