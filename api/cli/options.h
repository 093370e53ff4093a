/*
 * The options of all commands: one table, one structure. Their names are those of Python's
 * parameters.
 */
#ifndef CUB_CLI_OPTIONS_H
#define CUB_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct cli_command;

/* Bits of struct cli_command.bit. */
#define CLI_DEMO     0x001u
#define CLI_CLIENT   0x002u
#define CLI_SERVER   0x004u
#define CLI_GET      0x008u
#define CLI_VERIFY   0x010u
#define CLI_X509     0x020u
#define CLI_CIPHERS  0x040u
#define CLI_VECTORS  0x080u
#define CLI_SPEED    0x100u
#define CLI_ANCHORS  0x200u
#define CLI_DELEGATE 0x400u
#define CLI_CONNECT  (CLI_CLIENT | CLI_GET)
#define CLI_TLS_ALL  (CLI_CONNECT | CLI_SERVER)

enum cli_service {
    CLI_ECHO,
    CLI_WWW,
    CLI_ROOT,
};

/* NULL and -1: not given. */
struct cli_options {
    const char *cafile;
    const char *capath;
    const char *crl;
    const char *certfile;
    const char *keyfile;
    const char *raw_public_key;
    const char *peer_raw_key;
    const char *password;
    const char *delegated_credential;
    const char *delegated_keyfile;
    const char *ocsp_response;
    const char *server_hostname;
    const char *hostname;
    const char *untrusted;
    const char *email;
    const char *policies;
    const char *dhfile;
    const char *ciphers;
    const char *groups;
    const char *sigalgs;
    const char *alpn;
    const char *session_out;
    const char *session_in;
    const char *early_data;
    const char *psk;
    const char *psk_hint;
    const char *keylog_filename;
    const char *root;
    int check_hostname;   /* 0 or 1 */
    int verify_mode;      /* CUB_CERT_NONE, CUB_CERT_OPTIONAL, CUB_CERT_REQUIRED */
    int64_t verify_flags; /* CUB_VERIFY_* */
    int status_mode;      /* CUB_STATUS_NONE, CUB_STATUS_OPTIONAL, CUB_STATUS_REQUIRED */
    int64_t attime;       /* seconds since 1970 */
    int64_t depth;        /* intermediate certificates */
    int client_purpose;   /* 1: check a client's certificate */
    int minimum_version;  /* 0x0303, 0x0304 */
    int maximum_version;
    int64_t hours; /* that a delegated credential is for */
    int64_t num_tickets;
    int64_t max_early_data; /* bytes */
    int64_t record_size_limit;
    int64_t key_update_after; /* bytes sent before a KeyUpdate */
    double timeout;           /* seconds */
    int service;              /* enum cli_service */
    int psk_sha384;           /* 1: the key is for SHA-384 */
    bool psk_ke;
    bool require_client_cert;
    bool post_handshake_auth;
    bool cert_compression;
    bool accept_delegated;
    bool require_status;
    bool trace;
    bool json;
    bool whole;
    char *const *args; /* what follows the options */
    int num_args;
};

/*
 * Reads a command's part of the command line (argv[0] is the command's name). Returns 0; or, when
 * there is nothing to run because help was asked for or usage is wrong, -1 with the exit status in
 * *status: what there is to say has been said.
 */
int cli_options_parse(const struct cli_command *command, int argc, char **argv,
                      struct cli_options *options, int *status);

#endif
