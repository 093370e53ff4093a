/*
 * What commands that speak TLS share: the context that the options ask for, and what is told about
 * a connection.
 */
#ifndef CUB_CLI_CONNECTION_H
#define CUB_CLI_CONNECTION_H

#include "api/cli/cli.h"
#include "api/cubtls.h"

/* The exit status of a failure: network or TLS. */
enum cli_status cli_status_of(const struct cub_error_details *details);
/* The error line of a failure, about what (NULL: nothing in particular); returns cli_status_of. */
enum cli_status cli_report(const struct cub_error_details *details, const char *what);

/* The certificates of a file ("-": stdin), to be freed by cub_free. An error has been reported. */
enum cli_status cli_read_certs(const char *filename, struct cub_bytes **certs, size_t *count);

/* Makes the context that the options ask for. An error has been reported; *context is NULL then. */
enum cli_status cli_make_context(const struct cli_options *options, bool is_server,
                                 cub_context **context);

/* --cert-compression. */
cub_result cli_set_cert_compression(cub_context *context);

/* --psk: gives the context the key. */
enum cli_status cli_set_psk(const struct cli_options *options, bool is_server,
                            cub_context *context);

/* --session-in: the session of the file, to be freed. An error has been reported. */
enum cli_status cli_load_session(const char *path, cub_session **session);
/* --session-out: writes what the connection leaves to the file; the same. */
enum cli_status cli_save_session(const char *path, cub_conn *conn);

/*
 * --early-data. Before the handshake: sends what the file holds, as far as the session allows;
 * after it: sends what did not go out or was rejected. An error has been reported.
 */
struct cli_early {
    char *data; /* NULL: the option was not given */
    size_t len;
    size_t sent;
};
enum cli_status cli_early_load(const struct cli_options *options, struct cli_early *early);
cub_result cli_early_send(struct cli_early *early, cub_conn *conn);
cub_result cli_early_repeat(struct cli_early *early, cub_conn *conn);

/* "HOST:PORT", "[v6]:PORT": splits text, which is written to. *port is default_port (-1: it must be
 * there) if there is none. false: this cannot be an address. */
bool cli_split_address(char *text, int default_port, char **host, uint16_t *port);

/*
 * Connects and makes the handshake, with trace and JSON as the options ask for them. Errors have
 * been reported; *conn is NULL then, else it is to be closed. The socket is blocking and has the
 * timeout of the options.
 */
enum cli_status cli_connect(const struct cli_options *options, cub_context *context,
                            const char *host, uint16_t port, cub_conn **conn);

/* An object about a connection as a line on stderr, if the options ask for it: when the handshake
 * is over, and again if the connection fails later. */
void cli_report_json(const struct cli_options *options, cub_conn *conn);

/* A connection failed: the error line, about what (NULL: nothing in particular), and the object. */
enum cli_status cli_report_failure(const struct cli_options *options, cub_conn *conn,
                                   const char *what);

/* What verified the peer, as "leaf < authority"; false: nothing did. */
bool cli_describe_chain(cub_conn *conn, char *text, size_t size);

/* Counts bytes that were sent and asks for a KeyUpdate when --key-update-after says so. */
struct cli_rekey {
    int64_t after; /* bytes; -1: never */
    int64_t sent;
};
cub_result cli_rekey_count(struct cli_rekey *rekey, cub_conn *conn, size_t sent);

#endif
