/* A client's way to a connection. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/cli/connection.h"
#include "api/cli/ladder.h"

bool cli_split_address(char *text, int default_port, char **host, uint16_t *port)
{
    char *colon = strrchr(text, ':');
    char *close = strrchr(text, ']');
    char *end;
    long value = default_port;

    *host = text;
    if (close != NULL && colon != NULL && colon < close)
        colon = NULL;
    if (colon != NULL) {
        value = strtol(colon + 1, &end, 10);
        if (end == colon + 1 || *end != '\0')
            return false;
        *colon = '\0';
    }
    if (*text == '[') { /* an IPv6 address [RFC3986-3.2.2] */
        if (close == NULL || close[1] != '\0')
            return false;
        *close = '\0';
        (*host)++;
    } else if (strchr(text, ':') != NULL) {
        return false;
    }
    if (value < 0 || value > 65535)
        return false;
    *port = (uint16_t)value;
    return true;
}

static void draw_event(cub_conn *conn, const struct cub_trace_event *event, void *arg)
{
    (void)conn;
    cli_ladder_event(arg, event);
}

static enum cli_status open_socket(const struct cli_options *options, const char *host,
                                   uint16_t port, int *fd)
{
    struct cub_error_details details;
    char what[300];

    if (cub_create_connection(host, port, options->timeout, fd, &details) == CUB_OK)
        return CLI_DONE;
    snprintf(what, sizeof what, strchr(host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
    cli_report(&details, what);
    return CLI_NETWORK;
}

/* The handshake on a connected socket, which is closed if it fails. */
static enum cli_status handshake(const struct cli_options *options, cub_context *context,
                                 const char *host, int fd, cub_session *session,
                                 struct cli_early *early, cub_conn **conn)
{
    const struct cub_wrap_options wrap = {
        .server_hostname = options->server_hostname != NULL ? options->server_hostname : host,
        .do_handshake_on_connect = CUB_NO,
        .suppress_ragged_eofs = CUB_NO, /* data that was cut off is not to look whole */
        .session = session,
    };
    cub_result result = cub_context_wrap_socket(context, fd, &wrap, conn);
    enum cli_status status = CLI_DONE;

    if (result == CUB_OK)
        result = cub_conn_settimeout(*conn, options->timeout);
    if (result == CUB_OK)
        result = cli_early_send(early, *conn);
    if (result == CUB_OK)
        result = cub_conn_do_handshake(*conn);
    if (result == CUB_OK) {
        cli_report_json(options, *conn);
        result = cli_early_repeat(early, *conn);
    }
    if (result != CUB_OK) {
        status = cli_report_failure(options, *conn, NULL);
        cub_conn_free(*conn);
        *conn = NULL;
        close(fd);
    }
    return status;
}

enum cli_status cli_connect(const struct cli_options *options, cub_context *context,
                            const char *host, uint16_t port, cub_conn **conn)
{
    static struct cli_ladder ladder;
    struct cli_early early = {0};
    cub_session *session = NULL;
    enum cli_status status = CLI_DONE;
    int fd;

    *conn = NULL;
    if (options->trace) {
        cli_ladder_init(&ladder, stderr, false);
        cub_context_set_trace_callback(context, draw_event, &ladder);
    }
    if (options->session_in != NULL)
        status = cli_load_session(options->session_in, &session);
    if (status == CLI_DONE)
        status = cli_early_load(options, &early);
    if (status == CLI_DONE)
        status = open_socket(options, host, port, &fd);
    if (status == CLI_DONE)
        status = handshake(options, context, host, fd, session, &early, conn);
    free(early.data);
    cub_session_free(session);
    return status;
}

cub_result cli_rekey_count(struct cli_rekey *rekey, cub_conn *conn, size_t sent)
{
    if (rekey->after <= 0)
        return CUB_OK;
    rekey->sent += (int64_t)sent;
    if (rekey->sent < rekey->after)
        return CUB_OK;
    rekey->sent %= rekey->after;
    return cub_conn_key_update(conn, true);
}
