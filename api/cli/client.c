#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/cli/connection.h"

#define BUFFER_SIZE 16384 /* the content of a record */

/* stdin to the peer and the peer to stdout, neither waiting for the other. */
struct relay {
    const struct cli_options *options;
    cub_conn *conn;
    struct cli_rekey rekey;
    char out[BUFFER_SIZE]; /* from stdin */
    size_t out_len;
    size_t out_at;    /* what of it was sent */
    bool input_ended; /* of stdin */
    bool write_closed;
    bool read_closed;
    bool want_write; /* the connection waits for room in its socket */
};

/* Whether a result is a reason to wait; notes what for. */
static bool must_wait(struct relay *relay, cub_result result)
{
    if (result == CUB_SSLWantWriteError)
        relay->want_write = true;
    return result == CUB_SSLWantWriteError || result == CUB_SSLWantReadError;
}

static enum cli_status to_stdout(const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(STDOUT_FILENO, data, len);

        if (n < 0 && errno != EINTR)
            return cli_fail_os(CLI_NETWORK, "stdout");
        if (n > 0) {
            data += n;
            len -= (size_t)n;
        }
    }
    return CLI_DONE;
}

/* Everything that the peer has sent by now. */
static enum cli_status receive(struct relay *relay)
{
    char data[BUFFER_SIZE];
    enum cli_status status = CLI_DONE;

    while (!relay->read_closed && status == CLI_DONE) {
        size_t n = 0;
        cub_result result = cub_conn_read(relay->conn, data, sizeof data, &n);

        if (must_wait(relay, result))
            return CLI_DONE;
        if (result == CUB_SSLZeroReturnError || (result == CUB_OK && n == 0))
            relay->read_closed = true;
        else if (result != CUB_OK)
            return cli_report_failure(relay->options, relay->conn, NULL);
        else
            status = to_stdout(data, n);
    }
    return status;
}

/* What is left of the buffer; then, when stdin has ended, our close_notify. */
static enum cli_status transmit(struct relay *relay)
{
    cub_result result = CUB_OK;

    while (relay->out_at < relay->out_len && result == CUB_OK) {
        size_t n = 0;

        result = cub_conn_write(relay->conn, relay->out + relay->out_at,
                                relay->out_len - relay->out_at, &n);
        if (result == CUB_OK) {
            relay->out_at += n;
            result = cli_rekey_count(&relay->rekey, relay->conn, n);
        }
    }
    if (result == CUB_OK && relay->input_ended && !relay->write_closed) {
        result = cub_conn_close_write(relay->conn);
        relay->write_closed = result == CUB_OK;
    }
    if (result == CUB_OK || must_wait(relay, result))
        return CLI_DONE;
    return cli_report_failure(relay->options, relay->conn, NULL);
}

static enum cli_status read_input(struct relay *relay)
{
    ssize_t n = read(STDIN_FILENO, relay->out, sizeof relay->out);

    if (n < 0 && errno != EINTR && errno != EAGAIN)
        return cli_fail_os(CLI_NETWORK, "stdin");
    relay->input_ended = n == 0;
    relay->out_at = 0;
    relay->out_len = n > 0 ? (size_t)n : 0;
    return CLI_DONE;
}

/* Waits until something can move, and takes what stdin has. */
static enum cli_status wait_and_read(struct relay *relay)
{
    bool wants_input = !relay->input_ended && relay->out_at == relay->out_len;
    struct pollfd polled[2] = {
        {.fd = cub_conn_fileno(relay->conn),    .events = POLLIN},
        {.fd = wants_input ? STDIN_FILENO : -1, .events = POLLIN},
    };
    double timeout = relay->options->timeout;
    int ready;

    /* A connection that was closed by the peer stays readable for ever. */
    if (relay->read_closed)
        polled[0].events = 0;
    if (relay->want_write)
        polled[0].events |= POLLOUT;
    ready = poll(polled, 2, timeout > 0 ? (int)(timeout * 1000) + 1 : -1);
    if (ready < 0 && errno != EINTR)
        return cli_fail_os(CLI_NETWORK, "poll");
    if (ready == 0)
        return cli_fail(CLI_NETWORK, "OS", "ETIMEDOUT", "nothing moved for %g seconds", timeout);
    if (relay->read_closed && (polled[0].revents & (POLLERR | POLLHUP)) != 0 &&
        !relay->write_closed)
        return cli_fail(CLI_NETWORK, "OS", "EPIPE", "the peer is gone before everything was sent");
    if (wants_input && polled[1].revents != 0)
        return read_input(relay);
    return CLI_DONE;
}

static enum cli_status relay_all(struct relay *relay)
{
    for (;;) {
        enum cli_status status;

        relay->want_write = false;
        status = transmit(relay);
        if (status == CLI_DONE)
            status = receive(relay);
        if (status != CLI_DONE || (relay->read_closed && relay->write_closed))
            return status;
        status = wait_and_read(relay);
        if (status != CLI_DONE)
            return status;
    }
}

static enum cli_status talk(const struct cli_options *options, cub_conn *conn)
{
    struct relay *relay = cli_alloc(sizeof *relay);
    int fd = cub_conn_fileno(conn);
    enum cli_status status;

    memset(relay, 0, sizeof *relay);
    relay->options = options;
    relay->conn = conn;
    relay->rekey.after = options->key_update_after;
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    cub_conn_settimeout(conn, 0);
    status = relay_all(relay);
    free(relay);
    return status;
}

enum cli_status cli_client(const struct cli_options *options)
{
    cub_context *context;
    cub_conn *conn = NULL;
    char *address = cli_alloc(strlen(options->args[0]) + 1);
    char *host;
    uint16_t port;
    enum cli_status status;

    strcpy(address, options->args[0]);
    if (!cli_split_address(address, -1, &host, &port)) {
        free(address);
        return cli_fail(CLI_USAGE, "USAGE", "BAD_ADDRESS", "%s is not HOST:PORT", options->args[0]);
    }
    status = cli_make_context(options, false, &context);
    if (status == CLI_DONE)
        status = cli_connect(options, context, host, port, &conn);
    if (status == CLI_DONE)
        status = talk(options, conn);
    if (status == CLI_DONE && options->session_out != NULL)
        status = cli_save_session(options->session_out, conn);
    cub_conn_close(conn);
    cub_context_free(context);
    free(address);
    return status;
}
