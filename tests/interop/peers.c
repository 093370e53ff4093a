#define _GNU_SOURCE
#include "tests/interop/peers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#define MAX_ARGS 64

/* head, then tail, as one vector. Both end with NULL; tail may be NULL. */
static void join(const char *argv[MAX_ARGS], const char *const head[], const char *const tail[])
{
    size_t n = 0;

    for (size_t i = 0; head[i]; i++)
        argv[n++] = head[i];
    for (size_t i = 0; tail && tail[i]; i++) {
        cr_assert(n < MAX_ARGS - 1);
        argv[n++] = tail[i];
    }
    argv[n] = NULL;
}

const char *cub(void)
{
    const char *path = getenv("CUB_TOOL");

    cr_assert_not_null(path, "CUB_TOOL does not say where cub is");
    return path;
}

json_t *cub_json(const struct process *p)
{
    char *err = process_stderr(p);
    json_t *last = NULL;

    for (char *line = strtok(err, "\n"); line; line = strtok(NULL, "\n")) {
        json_t *object = line[0] == '{' ? json_loads(line, 0, NULL) : NULL;

        if (object) {
            json_decref(last);
            last = object;
        }
    }
    free(err);
    if (!last)
        cr_assert_fail("no JSON object: %s", process_stderr(p));
    return last;
}

const char *json_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

int cub_server_start(struct process *p, const struct identity *server, const char *const options[])
{
    const char *argv[MAX_ARGS];

    join(argv,
         ARGV(cub(), "server", "127.0.0.1:0", "--json", "--certfile", server->chain, "--keyfile",
              server->key),
         options);
    process_start(p, "cub-server", PROCESS_NO_PIPES, argv);
    return process_number_after(p, "listening on 127.0.0.1:");
}

int cub_client(struct process *p, int port, const char *cafile, const char *input,
               const char *const options[])
{
    const char *argv[MAX_ARGS];
    char address[32];

    snprintf(address, sizeof address, "localhost:%d", port);
    join(argv, ARGV(cub(), "client", address, "--json", "--cafile", cafile), options);
    return process_run(p, "cub-client", input, argv);
}

/* TLS 1.3, unless the options ask for TLS 1.2: openssl takes one such flag, so another that changes
 * nothing stands in its place. */
static const char *version_flag(const char *const options[])
{
    for (; options && *options; options++)
        if (strcmp(*options, "-tls1_2") == 0)
            return "-no_comp";
    return "-tls1_3";
}

static int start_openssl_server(struct process *p, const struct identity *server, const char *mode,
                                const char *const options[])
{
    const char *argv[MAX_ARGS];

    join(argv,
         ARGV("openssl", "s_server", "-accept", "127.0.0.1:0", version_flag(options), mode, "-cert",
              server->cert, "-cert_chain", server->chain, "-key", server->key),
         options);
    process_start(p, "s_server", PROCESS_IN, argv);
    return process_number_after(p, "ACCEPT 127.0.0.1:");
}

int openssl_server(struct process *p, const struct identity *server, const char *const options[])
{
    return start_openssl_server(p, server, "-rev", options);
}

int openssl_server_plain(struct process *p, const struct identity *server,
                         const char *const options[])
{
    return start_openssl_server(p, server, "-no_ign_eof", options);
}

int openssl_client(struct process *p, int port, const char *cafile, const char *line,
                   const char *answer, const char *const options[])
{
    const char *argv[MAX_ARGS];
    char address[32];

    snprintf(address, sizeof address, "127.0.0.1:%d", port);
    join(argv,
         ARGV("openssl", "s_client", "-connect", address, version_flag(options), "-brief",
              "-CAfile", cafile, "-verify_return_error", "-verify_hostname", "localhost",
              "-servername", "localhost"),
         options);
    process_start(p, "s_client", PROCESS_IN, argv);
    process_write(p, line);
    if (!process_says(p, answer)) {
        process_wait(p, 0);
        return p->status ? p->status : 1;
    }
    process_close_input(p);
    return process_wait(p, 0);
}
