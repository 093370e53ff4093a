/*
 * cub demo: server and client in two threads, over loopback TCP, with certificates that are made
 * for it; once as it should be, and once under a wrong name.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/cli/connection.h"
#include "api/cli/ladder.h"
#include "api/cli/primitives.h"
#include "api/cli/selfsigned.h"
#include "api/cli/term.h"

#define SERVER_NAME "server.example"
#define WRONG_NAME  "other.example"
#define AUTHORITY   "Throw-away CA"
#define PROTOCOL    "echo"
#define SECONDS     10 /* longer than any of this can take */

static const char greeting[] = "Hello, and how are you?";

struct demo {
    struct cli_identity authority;
    struct cli_identity server;
    cub_context *server_context;
    cub_context *client_context;
    int listener;
    uint16_t port;
    struct cli_ladder ladder;
};

/* What a client's connection came to. */
struct outcome {
    cub_conn *conn;
    cub_result result;
    double seconds; /* of the handshake */
    bool echoed;
};

static void draw_event(cub_conn *conn, const struct cub_trace_event *event, void *arg)
{
    (void)conn;
    cli_ladder_event(arg, event);
}

static bool make_contexts(struct demo *demo)
{
    static const char *const protocols[] = {PROTOCOL};
    const struct cli_identity *server = &demo->server, *authority = &demo->authority;

    return cub_create_default_context(CUB_Purpose_CLIENT_AUTH, NULL, NULL, NULL, 0,
                                      &demo->server_context) == CUB_OK &&
           cub_context_load_cert_chain_data(demo->server_context, server->cert_pem,
                                            strlen(server->cert_pem), server->key_pem,
                                            strlen(server->key_pem), NULL) == CUB_OK &&
           cub_context_set_alpn_protocols(demo->server_context, protocols, 1) == CUB_OK &&
           cub_create_default_context(CUB_Purpose_SERVER_AUTH, NULL, NULL, authority->cert_pem,
                                      strlen(authority->cert_pem),
                                      &demo->client_context) == CUB_OK &&
           cub_context_set_alpn_protocols(demo->client_context, protocols, 1) == CUB_OK &&
           cub_context_set_trace_callback(demo->client_context, draw_event, &demo->ladder) ==
               CUB_OK;
}

/* The server: one connection, which gets back what it sends. */
static void echo(cub_conn *conn)
{
    char data[256];
    size_t n = 0;

    while (cub_conn_read(conn, data, sizeof data, &n) == CUB_OK && n > 0)
        if (cub_conn_sendall(conn, data, n) != CUB_OK)
            return;
    cub_conn_close_write(conn);
}

static void *serve(void *arg)
{
    struct demo *demo = arg;
    const struct cub_wrap_options wrap = {
        .server_side = true,
        .do_handshake_on_connect = CUB_NO,
    };
    int fd = accept(demo->listener, NULL, NULL);
    cub_conn *conn = NULL;

    if (fd < 0)
        return NULL;
    if (cub_context_wrap_socket(demo->server_context, fd, &wrap, &conn) == CUB_OK &&
        cub_conn_settimeout(conn, SECONDS) == CUB_OK && cub_conn_do_handshake(conn) == CUB_OK)
        echo(conn);
    cub_conn_free(conn);
    close(fd);
    return NULL;
}

/* Sends the greeting and has it back. */
static cub_result talk(struct demo *demo, struct outcome *outcome)
{
    char answer[sizeof greeting];
    size_t len = 0, n = 1;
    cub_result result = cub_conn_sendall(outcome->conn, greeting, sizeof greeting - 1);

    if (result == CUB_OK)
        cli_ladder_data(&demo->ladder, "CONNECTED", true, sizeof greeting - 1);
    while (result == CUB_OK && n > 0 && len < sizeof greeting - 1) {
        result = cub_conn_read(outcome->conn, answer + len, sizeof answer - len, &n);
        if (result == CUB_OK && n > 0)
            cli_ladder_data(&demo->ladder, "CONNECTED", false, n);
        len += n;
    }
    outcome->echoed = len == sizeof greeting - 1 && memcmp(answer, greeting, len) == 0;
    return result == CUB_OK ? cub_conn_unwrap(outcome->conn) : result;
}

static cub_result connect_and_talk(struct demo *demo, const char *name, int fd,
                                   struct outcome *outcome)
{
    const struct cub_wrap_options wrap = {
        .server_hostname = name,
        .do_handshake_on_connect = CUB_NO,
    };
    cub_result result = cub_context_wrap_socket(demo->client_context, fd, &wrap, &outcome->conn);
    double began = cli_now();

    if (result == CUB_OK)
        result = cub_conn_settimeout(outcome->conn, SECONDS);
    if (result == CUB_OK)
        result = cub_conn_do_handshake(outcome->conn);
    outcome->seconds = cli_now() - began;
    return result == CUB_OK ? talk(demo, outcome) : result;
}

/* A client that expects this name, against a server in another thread. Free outcome->conn. */
static enum cli_status run_client(struct demo *demo, const char *name, struct outcome *outcome)
{
    struct cub_error_details details;
    pthread_t thread;
    int fd;

    *outcome = (struct outcome){0};
    cli_ladder_init(&demo->ladder, stdout, false);
    if (pthread_create(&thread, NULL, serve, demo) != 0)
        return cli_fail_os(CLI_NETWORK, "thread");
    if (cub_create_connection("127.0.0.1", demo->port, SECONDS, &fd, &details) != CUB_OK) {
        shutdown(demo->listener, SHUT_RDWR); /* wakes the thread */
        pthread_join(thread, NULL);
        return cli_report(&details, "127.0.0.1");
    }
    outcome->result = connect_and_talk(demo, name, fd, outcome);
    shutdown(fd, SHUT_RDWR);
    pthread_join(thread, NULL);
    close(fd);
    return CLI_DONE;
}

static void heading(const char *text)
{
    putchar('\n');
    cli_print(stdout, CLI_BOLD, text);
    fputs("\n\n", stdout);
}

/* A name and its value, which goes on in the next line where it is too long. */
static void row(const char *name, const char *value)
{
    enum { INDENT = 15, WIDTH = 64 };

    printf("  %-*s", INDENT - 2, name);
    if (value == NULL)
        value = "none";
    while (strlen(value) > WIDTH) {
        size_t len = WIDTH;

        while (len > 0 && value[len] != ' ')
            len--;
        if (len == 0)
            break;
        printf("%.*s\n%*s", (int)len, value, INDENT, "");
        value += len + 1;
    }
    puts(value);
}

static void mark(bool good)
{
    fputs("  ", stdout);
    cli_draw(stdout, good ? CLI_GREEN : CLI_RED, good ? CLI_GOOD : CLI_BAD, 1);
    fputs("  ", stdout);
}

static void show_agreement(const struct outcome *outcome)
{
    struct cub_cipher cipher = {"", "", 0};
    char chain[200] = "not verified", time[32];

    cub_conn_cipher(outcome->conn, &cipher);
    cli_describe_chain(outcome->conn, chain, sizeof chain);
    snprintf(time, sizeof time, "%.1f ms", outcome->seconds * 1000);
    heading("What client and server agreed on");
    row("version", cub_conn_version(outcome->conn));
    row("cipher", cipher.name);
    row("group", cub_conn_group(outcome->conn));
    row("signature", cub_conn_server_sigalg(outcome->conn));
    row("ALPN", cub_conn_selected_alpn_protocol(outcome->conn));
    row("server name", cub_conn_get_server_hostname(outcome->conn));
    row("certificate", chain);
    row("handshake", time);
}

/* The connection as it should be. */
static enum cli_status show_good(struct demo *demo)
{
    struct outcome outcome;
    char chain[200];
    bool good;
    enum cli_status status;

    heading("A client connects to " SERVER_NAME ": messages, their bytes, their keys");
    status = run_client(demo, SERVER_NAME, &outcome);
    if (status != CLI_DONE)
        return status;
    if (outcome.result == CUB_OK) {
        bool verified = cli_describe_chain(outcome.conn, chain, sizeof chain);

        show_agreement(&outcome);
        good = verified && outcome.echoed;
        putchar('\n');
        mark(verified);
        puts("the certificate leads to an authority that the client trusts");
        mark(verified);
        puts("it is for " SERVER_NAME);
        mark(outcome.echoed);
        printf("\"%s\" went there and came back\n", greeting);
        status = good ? CLI_DONE : CLI_TLS;
    } else {
        status = cli_report(cub_conn_error(outcome.conn), "the connection failed");
    }
    cub_conn_free(outcome.conn);
    return status;
}

/* The connection that must not be. */
static enum cli_status show_refused(struct demo *demo)
{
    const struct cub_error_details *error;
    struct outcome outcome;
    bool good;
    enum cli_status status;

    heading("The same server, but the client wants " WRONG_NAME);
    status = run_client(demo, WRONG_NAME, &outcome);
    if (status != CLI_DONE)
        return status;
    error = cub_conn_error(outcome.conn);
    good = outcome.result == CUB_SSLCertVerificationError;
    putchar('\n');
    if (outcome.result != CUB_OK) {
        row("error", error->message);
        row("rule", error->rfc);
        row("alert", error->alert_sent >= 0 ? cub_alert_name(error->alert_sent) : "none");
        putchar('\n');
    }
    mark(good);
    puts(good ? "refused before any data was sent" : "this should have been refused");
    cub_conn_free(outcome.conn);
    return good ? CLI_DONE : CLI_TLS;
}

static void introduce(const struct demo *demo)
{
    cli_print(stdout, CLI_BOLD, "CubTLS " CUB_VERSION);
    printf(": a TLS connection over loopback, 127.0.0.1:%u\n", demo->port);
    heading("Made for this demo, and forgotten when it ends");
    row("authority", AUTHORITY ", ECDSA P-256: the client trusts it and nobody else");
    row("certificate", SERVER_NAME ", ECDSA P-256, signed by the authority");
}

static bool set_up(struct demo *demo)
{
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    struct cub_error_details details;

    if (!cli_make_identity(&demo->authority, NULL, AUTHORITY) ||
        !cli_make_identity(&demo->server, &demo->authority, SERVER_NAME)) {
        cli_fail(CLI_TLS, "RAND", "ENTROPY_SOURCE_FAILED", "no keys could be made");
        return false;
    }
    if (!make_contexts(demo)) {
        cub_context *failed =
            demo->client_context != NULL ? demo->client_context : demo->server_context;

        cli_report(cub_last_error(failed), "contexts");
        return false;
    }
    if (cub_create_server("127.0.0.1", 0, &demo->listener, &details) != CUB_OK) {
        cli_report(&details, "127.0.0.1");
        return false;
    }
    getsockname(demo->listener, (struct sockaddr *)&address, &len);
    demo->port = ntohs(address.sin_port);
    return true;
}

enum cli_status cli_demo(const struct cli_options *options)
{
    struct demo *demo = cli_alloc(sizeof *demo);
    enum cli_status status = CLI_TLS;

    (void)options;
    memset(demo, 0, sizeof *demo);
    demo->listener = -1;
    if (set_up(demo)) {
        introduce(demo);
        status = show_good(demo);
        if (status == CLI_DONE)
            status = show_refused(demo);
    }
    if (status == CLI_DONE)
        puts("\nNext: cub get https://www.example.com/, or cub --help");
    if (demo->listener >= 0)
        close(demo->listener);
    cub_context_free(demo->server_context);
    cub_context_free(demo->client_context);
    cli_wipe(demo, sizeof *demo);
    free(demo);
    return status;
}
