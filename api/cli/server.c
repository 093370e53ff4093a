#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "api/cli/connection.h"
#include "api/cli/ladder.h"
#include "api/cli/service.h"

/*
 * One thread, and a state for each client: handshake, service, and lingering until the client has
 * read our last words. No client can make another wait for longer than a slice takes, nor stay
 * without moving for longer than its time.
 */

#define MAX_CLIENTS 1000
/* Unless --timeout says otherwise: */
#define BEGIN_SECONDS  30  /* for a handshake or the head of a request, however slowly it comes */
#define IDLE_SECONDS   300 /* while nothing moves */
#define LINGER_SECONDS 2
#define SLICE          16 /* steps of one client before others have their turn */

enum phase {
    HANDSHAKE,
    SERVE,
    LINGER,
    GONE,
};

struct client {
    struct client *next;
    struct server *server;
    enum phase phase;
    int fd;
    uint32_t events; /* what epoll watches for */
    double deadline; /* when it is thrown out */
    bool close_sent;
    bool failed; /* the connection can do nothing more */
    bool asked;  /* for a certificate, after the handshake */
    struct cli_rekey rekey;
    struct cli_exchange exchange;
    struct cli_ladder ladder;
    char *trace; /* the ladder until the handshake is over, so that ladders do not mix */
    size_t trace_len;
    FILE *trace_stream;
};

struct server {
    const struct cli_options *options;
    cub_context *context;
    cli_service_step *step;
    double begin; /* seconds, as above */
    double idle;
    int root;
    int listener;
    int epoll;
    unsigned count;
    bool accepting; /* the listener is watched */
    struct client *clients;
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
    (void)signal_number;
    stopped = 1;
}

static void watch(struct client *client, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = client};

    if (client->events == events)
        return;
    client->events = events;
    epoll_ctl(client->server->epoll, EPOLL_CTL_MOD, client->fd, &event);
}

static void watch_listener(struct server *server, bool on)
{
    struct epoll_event event = {.events = on ? EPOLLIN : 0, .data.ptr = server};

    if (server->accepting != on)
        epoll_ctl(server->epoll, EPOLL_CTL_MOD, server->listener, &event);
    server->accepting = on;
}

static void draw_event(cub_conn *conn, const struct cub_trace_event *event, void *arg)
{
    struct client *client = cub_conn_get_user_data(conn);

    (void)arg;
    if (client != NULL)
        cli_ladder_event(&client->ladder, event);
}

/* Puts out what the ladder has by now, under the client's name. */
static void flush_trace(struct client *client)
{
    if (client->trace_stream == NULL)
        return;
    fflush(client->trace_stream);
    if (client->trace_len > 0) {
        fprintf(stderr, "-- %s\n", client->exchange.peer);
        fwrite(client->trace, 1, client->trace_len, stderr);
    }
    rewind(client->trace_stream);
}

static void linger(struct client *client)
{
    client->phase = LINGER;
    client->deadline = cli_now() + LINGER_SECONDS;
}

/* What the log says of a client that failed; clients come and go, so the server goes on. */
static void fail(struct client *client)
{
    cli_report_failure(client->server->options, client->exchange.conn, client->exchange.peer);
    client->failed = true;
    linger(client);
}

/* Waits for what the connection waits for; anything else is a failure. */
static void wait_or_fail(struct client *client, cub_result result)
{
    if (result == CUB_SSLWantReadError)
        watch(client, EPOLLIN);
    else if (result == CUB_SSLWantWriteError)
        watch(client, EPOLLOUT);
    else
        fail(client);
}

/* --post-handshake-auth; false: the client cannot be asked, but must be. */
static bool ask_for_certificate(struct client *client)
{
    cub_conn *conn = client->exchange.conn;

    if (!client->server->options->post_handshake_auth)
        return true;
    client->asked = cub_conn_verify_client_post_handshake(conn) == CUB_OK;
    return client->asked || strcmp(cub_conn_version(conn), "TLSv1.3") != 0 ||
           cub_context_get_verify_mode(client->server->context) != CUB_CERT_REQUIRED;
}

/* What is known of the client is told again when its certificate has come. */
static void watch_for_certificate(struct client *client)
{
    struct cub_bytes der;

    if (!client->asked || cub_conn_getpeercert_der(client->exchange.conn, &der) != CUB_OK ||
        der.len == 0)
        return;
    client->asked = false;
    cli_report_json(client->server->options, client->exchange.conn);
}

/* --max-early-data: 0-RTT data, which the service gets when the handshake is over. It fits: the
 * tickets allow no more. */
static cub_result read_early_data(struct client *client)
{
    struct cli_exchange *exchange = &client->exchange;
    cub_result result = CUB_OK;
    size_t n = 1;

    if (client->server->options->max_early_data <= 0)
        return CUB_OK;
    while (result == CUB_OK && n > 0) {
        result = cub_conn_read_early_data(exchange->conn, exchange->in + exchange->in_len,
                                          CLI_HTTP_MAX_HEAD + 1 - exchange->in_len, &n);
        exchange->in_len += n;
    }
    return result;
}

static void shake_hands(struct client *client)
{
    cub_conn *conn = client->exchange.conn;
    cub_result result = read_early_data(client);

    if (result == CUB_OK)
        result = cub_conn_do_handshake(conn);

    if (result == CUB_SSLWantReadError || result == CUB_SSLWantWriteError) {
        wait_or_fail(client, result);
        return;
    }
    flush_trace(client);
    if (result != CUB_OK) {
        fail(client);
        return;
    }
    if (!ask_for_certificate(client)) {
        fail(client);
        return;
    }
    cli_report_json(client->server->options, conn);
    client->phase = SERVE;
    client->exchange.out = cli_alloc(CLI_OUT_SIZE);
    client->deadline = cli_now() + client->server->idle;
}

/* Sends what the service has given; false: cannot go on now. */
static bool send_out(struct client *client)
{
    struct cli_exchange *exchange = &client->exchange;

    while (exchange->out_at < exchange->out_len) {
        size_t n = 0;
        cub_result result = cub_conn_write(exchange->conn, exchange->out + exchange->out_at,
                                           exchange->out_len - exchange->out_at, &n);

        if (result == CUB_OK)
            result = cli_rekey_count(&client->rekey, exchange->conn, n);
        exchange->out_at += n;
        if (result != CUB_OK) {
            wait_or_fail(client, result);
            return false;
        }
        client->deadline = cli_now() + client->server->idle;
    }
    exchange->out_at = exchange->out_len = 0;
    return true;
}

/* Reads for the service; false: cannot go on now. */
static bool receive(struct client *client)
{
    struct cli_exchange *exchange = &client->exchange;
    size_t n = 0;
    cub_result result = cub_conn_read(exchange->conn, exchange->in + exchange->in_len,
                                      CLI_HTTP_MAX_HEAD - exchange->in_len, &n);

    if (result == CUB_SSLZeroReturnError || (result == CUB_OK && n == 0)) {
        exchange->in_ended = true;
    } else if (result != CUB_OK) {
        if (result == CUB_SSLWantReadError)
            watch_for_certificate(client);
        wait_or_fail(client, result);
        return false;
    } else if (client->server->options->service == CLI_ECHO) {
        client->deadline = cli_now() + client->server->idle;
    } else if (exchange->in_len == 0) {
        client->deadline = cli_now() + client->server->begin;
    }
    watch_for_certificate(client);
    exchange->in_len += n;
    return true;
}

static void serve(struct client *client)
{
    for (int i = 0; i < SLICE; i++) {
        if (!send_out(client))
            return;
        switch (client->server->step(&client->exchange)) {
        case CLI_STEP_SEND:
            break;
        case CLI_STEP_READ:
            if (!receive(client))
                return;
            break;
        case CLI_STEP_CLOSE:
            linger(client);
            return;
        }
    }
    /* There is more to do; a socket with room brings us back after the others. */
    watch(client, EPOLLIN | EPOLLOUT);
}

/* Reads and forgets what the client still sends. CUB_OK: its end. */
static cub_result drain(struct client *client)
{
    cub_result result = CUB_OK;
    size_t n = 1;

    for (int i = 0; i < SLICE && result == CUB_OK && n > 0; i++) {
        char data[4096];

        if (client->failed) {
            ssize_t got = recv(client->fd, data, sizeof data, 0);

            n = got > 0 ? (size_t)got : 0;
            if (got < 0 && (errno == EAGAIN || errno == EINTR))
                result = CUB_SSLWantReadError;
        } else {
            result = cub_conn_read(client->exchange.conn, data, sizeof data, &n);
        }
    }
    return result == CUB_OK && n > 0 ? CUB_SSLWantReadError : result;
}

/*
 * Says goodbye, and reads on until the client has closed too: a close with unread data would reset
 * the connection, and with it what the client has not read yet.
 */
static void say_goodbye(struct client *client)
{
    if (!client->close_sent) {
        if (!client->failed &&
            cub_conn_close_write(client->exchange.conn) == CUB_SSLWantWriteError) {
            watch(client, EPOLLOUT);
            return;
        }
        client->close_sent = true;
        shutdown(client->fd, SHUT_WR);
    }
    if (drain(client) == CUB_SSLWantReadError)
        watch(client, EPOLLIN);
    else
        client->phase = GONE;
}

static void run(struct client *client)
{
    if (client->phase == HANDSHAKE)
        shake_hands(client);
    if (client->phase == SERVE)
        serve(client);
    if (client->phase == LINGER)
        say_goodbye(client);
}

static void remove_client(struct client *client)
{
    if (client->exchange.conn != NULL)
        cub_conn_close(client->exchange.conn);
    else
        close(client->fd);
    flush_trace(client);
    if (client->trace_stream != NULL)
        fclose(client->trace_stream);
    free(client->trace);
    if (client->exchange.file >= 0)
        close(client->exchange.file);
    free(client->exchange.out);
    client->server->count--;
    free(client);
}

/* Who is out of time: a connection at rest is closed as it should be, others are thrown out. */
static void expire(struct client *client)
{
    const struct cli_exchange *exchange = &client->exchange;

    if (client->phase == SERVE && exchange->out_len == 0 && exchange->in_len == 0) {
        linger(client);
        run(client);
        return;
    }
    if (client->phase != LINGER)
        cli_fail(CLI_NETWORK, "OS", "ETIMEDOUT", "%s: too slow", exchange->peer);
    client->phase = GONE;
}

static void sweep(struct server *server, double now)
{
    struct client **at = &server->clients;

    while (*at != NULL) {
        struct client *client = *at;

        if (client->phase != GONE && now > client->deadline)
            expire(client);
        if (client->phase == GONE) {
            *at = client->next;
            remove_client(client);
        } else {
            at = &client->next;
        }
    }
    watch_listener(server, server->count < MAX_CLIENTS);
}

static void name_address(const struct sockaddr_storage *address, char *text, size_t size)
{
    char host[INET6_ADDRSTRLEN] = "";

    if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
        bool mapped = IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr); /* an IPv4 client */

        inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof host);
        snprintf(text, size, mapped ? "%s:%u" : "[%s]:%u", mapped ? host + strlen("::ffff:") : host,
                 ntohs(in6->sin6_port));
    } else {
        const struct sockaddr_in *in = (const struct sockaddr_in *)address;

        inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
        snprintf(text, size, "%s:%u", host, ntohs(in->sin_port));
    }
}

static void set_up_trace(struct client *client)
{
    if (!client->server->options->trace)
        return;
    client->trace_stream = open_memstream(&client->trace, &client->trace_len);
    if (client->trace_stream != NULL)
        cli_ladder_init(&client->ladder, client->trace_stream, true);
}

static void add_client(struct server *server, int fd, const struct sockaddr_storage *address)
{
    const struct cub_wrap_options wrap = {
        .server_side = true,
        .do_handshake_on_connect = CUB_NO,
        .suppress_ragged_eofs = CUB_NO,
    };
    struct client *client = cli_alloc(sizeof *client);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    int on = 1;

    memset(client, 0, sizeof *client);
    client->server = server;
    client->fd = fd;
    client->events = EPOLLIN;
    client->deadline = cli_now() + server->begin;
    client->rekey.after = server->options->key_update_after;
    client->exchange.file = -1;
    client->exchange.root = server->root;
    name_address(address, client->exchange.peer, sizeof client->exchange.peer);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (cub_context_wrap_socket(server->context, fd, &wrap, &client->exchange.conn) != CUB_OK ||
        epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        fail(client);
    } else {
        cub_conn_set_user_data(client->exchange.conn, client);
        set_up_trace(client);
    }
    client->next = server->clients;
    server->clients = client;
    server->count++;
}

static void accept_clients(struct server *server)
{
    while (server->count < MAX_CLIENTS) {
        struct sockaddr_storage address;
        socklen_t len = sizeof address;
        int fd = accept4(server->listener, (struct sockaddr *)&address, &len,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd < 0) {
            /* Out of descriptors: the sweep lets us try again when one may be free. */
            if (errno == EMFILE || errno == ENFILE)
                watch_listener(server, false);
            return;
        }
        add_client(server, fd, &address);
    }
    /* The others wait in the kernel's queue until a sweep finds room. */
    watch_listener(server, false);
}

static enum cli_status run_all(struct server *server)
{
    double swept = cli_now();

    while (!stopped) {
        struct epoll_event events[64];
        int n = epoll_wait(server->epoll, events, 64, 1000);
        bool gone = false;
        double now;

        if (n < 0 && errno != EINTR)
            return cli_fail_os(CLI_NETWORK, "epoll");
        for (int i = 0; i < n; i++) {
            struct client *client = events[i].data.ptr;

            if (events[i].data.ptr == server) {
                accept_clients(server);
                continue;
            }
            run(client);
            gone |= client->phase == GONE;
        }
        now = cli_now();
        if (gone || now - swept > 1) {
            sweep(server, now);
            swept = now;
        }
    }
    return CLI_DONE;
}

static enum cli_status listen_on(struct server *server, const char *argument)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    struct cub_error_details details;
    char *copy = cli_alloc(strlen(argument) + 2);
    char *host, text[64];
    uint16_t port;
    bool ok;

    /* A port alone is one on all addresses. */
    sprintf(copy, "%s%s", strchr(argument, ':') == NULL ? ":" : "", argument);
    if (!cli_split_address(copy, -1, &host, &port)) {
        free(copy);
        return cli_fail(CLI_USAGE, "USAGE", "BAD_ADDRESS", "%s is not [ADDR:]PORT", argument);
    }
    ok = cub_create_server(host, port, &server->listener, &details) == CUB_OK;
    free(copy);
    if (!ok) {
        cli_report(&details, argument);
        return CLI_NETWORK;
    }
    fcntl(server->listener, F_SETFL, fcntl(server->listener, F_GETFL) | O_NONBLOCK);
    getsockname(server->listener, (struct sockaddr *)&address, &len);
    name_address(&address, text, sizeof text);
    printf("listening on %s\n", text);
    fflush(stdout);
    return CLI_DONE;
}

static enum cli_status open_root(struct server *server)
{
    const char *root = server->options->root;

    if (root == NULL)
        return CLI_DONE;
    server->root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return server->root >= 0 ? CLI_DONE : cli_fail_os(CLI_USAGE, root);
}

static enum cli_status start(struct server *server)
{
    const struct sigaction action = {.sa_handler = stop};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = server};
    enum cli_status status;

    if (server->options->certfile == NULL && server->options->raw_public_key == NULL &&
        server->options->psk == NULL)
        return cli_fail(CLI_USAGE, "USAGE", "MISSING_CERTIFICATE",
                        "server needs --certfile, --raw-public-key or --psk");
    status = open_root(server);
    if (status == CLI_DONE)
        status = cli_make_context(server->options, true, &server->context);
    if (status != CLI_DONE)
        return status;
    if (server->options->trace)
        cub_context_set_trace_callback(server->context, draw_event, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    status = listen_on(server, server->options->args[0]);
    if (status != CLI_DONE)
        return status;
    server->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (server->epoll < 0 || epoll_ctl(server->epoll, EPOLL_CTL_ADD, server->listener, &event) != 0)
        return cli_fail_os(CLI_NETWORK, "epoll");
    server->accepting = true;
    return run_all(server);
}

enum cli_status cli_server(const struct cli_options *options)
{
    static cli_service_step *const steps[] = {
        [CLI_ECHO] = cli_echo_step, [CLI_WWW] = cli_www_step, [CLI_ROOT] = cli_root_step};
    struct server server = {
        .options = options,
        .step = steps[options->service],
        .begin = options->timeout > 0 ? options->timeout : BEGIN_SECONDS,
        .idle = options->timeout > 0 ? options->timeout : IDLE_SECONDS,
        .root = -1,
        .listener = -1,
        .epoll = -1,
    };
    enum cli_status status = start(&server);

    while (server.clients != NULL) {
        struct client *next = server.clients->next;

        remove_client(server.clients);
        server.clients = next;
    }
    if (server.epoll >= 0)
        close(server.epoll);
    if (server.listener >= 0)
        close(server.listener);
    if (server.root >= 0)
        close(server.root);
    cub_context_free(server.context);
    return status;
}
