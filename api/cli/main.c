#include <stdio.h>
#include <string.h>

#include "api/cli/cli.h"
#include "api/cubtls.h"

static const struct cli_command commands[] = {
    {"demo",     "",                         "Show a verified TLS connection, with nothing to set up.",
     "Makes a certificate authority and a server certificate that are thrown away afterwards, runs "
     "a "
     "server and a client over loopback, and shows what they agreed on, the handshake message by "
     "message, and how a connection under a wrong name is refused.",                                                  CLI_DEMO,     0, 0,       cli_demo    },
    {"client",   "HOST:PORT",                "Connect, verify, and talk: stdin to the peer, the peer to stdout.",
     "Ends when both sides have closed; the end of stdin closes ours. Trusts the system's "
     "certificates unless --cafile or --capath is given.\n\n"
     "Exit status: 0 done, 1 TLS or verification failed, 2 wrong usage, 3 network.",                                  CLI_CLIENT,   1, 1,       cli_client  },
    {"server",   "[ADDR:]PORT",              "Serve many clients at once.",
     "Prints \"listening on ADDR:PORT\" once it is; port 0 takes any that is free. Needs "
     "--certfile. "
     "Runs until it gets SIGINT or SIGTERM.",                                                                         CLI_SERVER,   1, 1,       cli_server  },
    {"get",      "https://HOST[:PORT]/PATH", "Get a file over HTTPS to stdout.",
     "One HTTP/1.1 GET, with progress if stderr is a terminal. Redirects are not followed. An "
     "answer "
     "that is not 2xx goes to stdout too, and the exit status is 3.",                                                 CLI_GET,      1, 1,       cli_get     },
    {"verify",   "FILE",                     "Build and check a path for the first certificate of FILE.",
     "The other certificates of FILE (PEM, or DER; - is stdin) and those of --untrusted are "
     "candidates for the path. Prints it "
     "from the certificate (depth 0) to the trust anchor, or the error with OpenSSL's number, and "
     "then ends with 1.",                                                                                             CLI_VERIFY,   1, 1,       cli_verify  },
    {"x509",     "FILE",                     "Show certificates as JSON.",
     "A JSON array with an object for each certificate of FILE (PEM, or one in DER; - is stdin), "
     "with "
     "the fields of Python's getpeercert().",                                                                         CLI_X509,     1, 1,       cli_x509    },
    {"anchors",  "FILE",                     "Write trust anchors as C source, for firmware.",
     "Defines anchors and anchor_count for struct cub_chain_config (x509/chain.h) from the "
     "certificates of FILE (PEM, or one in DER; - is stdin): name and key of each, in flash as "
     "they are.",                                                                                                     CLI_ANCHORS,  1, 1,       cli_anchors },
    {"delegate", "PUBLICKEYFILE",            "Let another key stand for a certificate's, for some hours.",
     "Writes a delegated credential (RFC 9345, PEM) for the public key (PEM or DER), signed by the "
     "key of --certfile, which must have the DelegationUsage extension. It is for "
     "cub server --delegated-credential.",                                                                            CLI_DELEGATE, 1, 1,       cli_delegate},
    {"ciphers",  "[STRING]",                 "List the cipher suites that a cipher string selects, in order.",    "",
     CLI_CIPHERS,                                                                                                                   0, 1,       cli_ciphers },
    {"vectors",  "FILE...",                  "Run files of test vectors.",
     "Formats are recognised: Wycheproof, limbo (x509-limbo, BetterTLS), and the traces of RFC "
     "8448; "
     "each may be gzipped. Prints a line for each case that fails, a count for each file, and at "
     "last "
     "\"N passed, N failed, N skipped\".",                                                                            CLI_VECTORS,  1, 1 << 20, cli_vectors },
    {"speed",    "",                         "Measure primitives, handshakes and bulk data on this machine.",     "", CLI_SPEED,    0,
     0,                                                                                                                                         cli_speed   },
};

enum { NUM_COMMANDS = sizeof commands / sizeof commands[0] };

static void overview(void)
{
    puts("cub - TLS from the command line\n\nUsage: cub COMMAND [OPTION...] [ARGUMENT...]\n");
    for (size_t i = 0; i < NUM_COMMANDS; i++)
        printf("  %-9s%s\n", commands[i].name, commands[i].summary);
    puts("\ncub COMMAND --help shows its options. Exit status: 0 done, 1 TLS or verification\n"
         "failed, 2 wrong usage, 3 network.");
}

static enum cli_status run(const struct cli_command *command, int argc, char **argv)
{
    struct cli_options options;
    int status;

    if (cli_options_parse(command, argc, argv, &options, &status) < 0)
        return (enum cli_status)status;
    return command->run(&options);
}

/* Output that could not be written is a failure too. */
static int finish(enum cli_status status)
{
    if (fflush(stdout) != 0 && status == CLI_DONE)
        status = cli_fail_os(CLI_NETWORK, "stdout");
    return (int)status;
}

int main(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        overview();
        return finish(CLI_DONE);
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("cub " CUB_VERSION);
        return finish(CLI_DONE);
    }
    for (size_t i = 0; i < NUM_COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return finish(run(&commands[i], argc - 1, argv + 1));
    return (int)cli_fail(CLI_USAGE, "USAGE", "UNKNOWN_COMMAND",
                         "there is no command %s (see cub --help)", argv[1]);
}
