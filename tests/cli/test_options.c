/*
 * The command line: overview, help, and what is refused.
 */
#include "tests/cli/cli.h"

#include <stdio.h>

static const char *const commands[] = {"demo", "client",  "server",  "get",   "verify",
                                       "x509", "ciphers", "vectors", "speed", "delegate"};

Test(options, overview)
{
    struct run r = run(NULL, ARGV("--help"));
    struct run alone = run(NULL, (const char *const[]){NULL});

    cr_expect_eq(r.status, 0);
    cr_expect_eq(alone.status, 0);
    cr_expect_str_eq(alone.out, r.out);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        EXPECT_IN(r.out, commands[i]);
    forget(&alone);
    forget(&r);
}

/* Every command has its own --help, in lines of at most 80 columns. */
Test(options, help)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        struct run r = run(NULL, ARGV(commands[i], "--help"));
        char usage[32];

        snprintf(usage, sizeof usage, "Usage: cub %s ", commands[i]);
        cr_expect_eq(r.status, 0);
        cr_expect_eq(strncmp(r.out, usage, strlen(usage)), 0, "%s", r.out);
        EXPECT_IN(r.out, "--help");
        cr_expect_str_empty(r.err);
        for (char *line = strtok(r.out, "\n"); line != NULL; line = strtok(NULL, "\n"))
            cr_expect_leq(strlen(line), 80, "%s", line);
        forget(&r);
    }
}

Test(options, version)
{
    struct run r = run(NULL, ARGV("--version"));

    cr_expect_eq(r.status, 0);
    cr_expect_eq(strncmp(r.out, "cub ", 4), 0);
    forget(&r);
}

/* One line, [USAGE: reason], exit status 2. */
static void check_usage(const char *reason, const char *const arguments[])
{
    struct run r = run(NULL, arguments);
    char start[64];

    snprintf(start, sizeof start, "cub: [USAGE: %s] ", reason);
    cr_expect_eq(r.status, 2, "%s: %d", reason, r.status);
    cr_expect_eq(strncmp(r.err, start, strlen(start)), 0, "%s: %s", reason, r.err);
    cr_expect_eq(strchr(r.err, '\n'), r.err + strlen(r.err) - 1, "%s", r.err);
    cr_expect_str_empty(r.out);
    forget(&r);
}

Test(options, wrong_usage)
{
    check_usage("UNKNOWN_COMMAND", ARGV("nonsense"));
    check_usage("UNKNOWN_OPTION", ARGV("client", "--nonsense", "localhost:1"));
    check_usage("UNKNOWN_OPTION", ARGV("client", "-x", "localhost:1"));
    check_usage("UNKNOWN_OPTION", ARGV("x509", "--cafile", "f", "f"));
    check_usage("UNKNOWN_OPTION", ARGV("client", "--psk-hint", "id", "localhost:1"));
    check_usage("BAD_ARGUMENT", ARGV("client", "localhost:1", "--cafile"));
    check_usage("BAD_ARGUMENT", ARGV("client", "--json=yes", "localhost:1"));
    check_usage("BAD_ARGUMENT", ARGV("client", "--timeout", "0", "localhost:1"));
    check_usage("BAD_ARGUMENT", ARGV("client", "--timeout", "1s", "localhost:1"));
    check_usage("BAD_ARGUMENT", ARGV("client", "--verify-mode", "perhaps", "localhost:1"));
    check_usage("BAD_ARGUMENT", ARGV("client", "--check-hostname", "maybe", "localhost:1"));
    check_usage("BAD_ARGUMENT", ARGV("client", "--minimum-version", "SSLv3", "localhost:1"));
    check_usage("BAD_ARGUMENT", ARGV("client", "--record-size-limit", "-1", "localhost:1"));
    check_usage("BAD_ARGUMENT", ARGV("client", "--verify-flags", "x509_strict,", "localhost:1"));
    check_usage("BAD_ARGUMENT", ARGV("client", "--psk", "identity", "localhost:1"));
    check_usage("BAD_ARGUMENT", ARGV("client", "--psk", "identity:", "localhost:1"));
    check_usage("BAD_ARGUMENT", ARGV("client", "--psk", ":00", "localhost:1"));
    check_usage("BAD_ARGUMENT", ARGV("client", "--psk", "identity:0", "localhost:1"));
    check_usage("BAD_ARGUMENT", ARGV("client", "--psk", "identity:0g", "localhost:1"));
    check_usage("BAD_ARGUMENT", ARGV("server", "--num-tickets", "-1", "0"));
    check_usage("BAD_SESSION", ARGV("client", "--session-in", "/dev/null", "localhost:1"));
    check_usage("BAD_ARGUMENT", ARGV("verify", "--purpose", "mail", "f"));
    check_usage("BAD_ARGUMENT", ARGV("verify", "--attime", "yesterday", "f"));
    check_usage("MISSING_ARGUMENT", ARGV("client"));
    check_usage("MISSING_ARGUMENT", ARGV("vectors"));
    check_usage("TOO_MANY_ARGUMENTS", ARGV("client", "localhost:1", "localhost:2"));
    check_usage("TOO_MANY_ARGUMENTS", ARGV("demo", "again"));
    check_usage("BAD_ADDRESS", ARGV("client", "localhost"));
    check_usage("BAD_ADDRESS", ARGV("client", "localhost:http"));
    check_usage("BAD_ADDRESS", ARGV("client", "localhost:65536"));
    check_usage("BAD_ADDRESS", ARGV("client", "::1:443"));
    check_usage("BAD_ADDRESS", ARGV("client", "[::1:443"));
    check_usage("BAD_URL", ARGV("get", "http://localhost/"));
    check_usage("BAD_URL", ARGV("get", "https://"));
    check_usage("BAD_URL", ARGV("get", "https://user@localhost/"));
    check_usage("BAD_URL", ARGV("get", "https://localhost:x/"));
    check_usage("MISSING_CERTIFICATE", ARGV("server", "0"));
    check_usage("MISSING_CERTIFICATE", ARGV("client", "--keyfile", "f", "localhost:1"));
}

/* What the library refuses is wrong usage too. */
Test(options, values_that_the_library_refuses)
{
    static const char *const values[][2] = {
        {"--ciphers",           "TLS_NONSENSE"        },
        {"--groups",            "curve9000"           },
        {"--sigalgs",           "rsa_md5"             },
        {"--record-size-limit", "63"                  },
        {"--cafile",            "/no/such/file"       },
        {"--certfile",          "/no/such/file"       },
        {"--keylog-filename",   "/no/such/directory/f"},
        {"--session-in",        "/no/such/file"       },
    };

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct run r = run(NULL, ARGV("client", values[i][0], values[i][1], "localhost:1"));

        cr_expect_eq(r.status, 2, "%s %s: %d %s", values[i][0], values[i][1], r.status, r.err);
        cr_expect_eq(strncmp(r.err, "cub: [", 6), 0, "%s", r.err);
        EXPECT_IN(r.err, values[i][0]);
        forget(&r);
    }
}
