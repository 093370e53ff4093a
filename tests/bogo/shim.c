/*
 * The shim that BoringSSL's protocol test runner drives: one TLS endpoint over a TCP connection,
 * set up and checked as its flags say. It stands on the engine's public interface.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "shim.h"

#define DECOMPRESSION_FAILURE 30 /* an AlertDescription that TLS has no use for any more */

void die(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

static enum cub_error fill_random(void *context, uint8_t *out, size_t len)
{
    (void)context;
    return getrandom(out, len, 0) == (ssize_t)len ? E_OK : E_CRYPTO_RANDOM;
}

const struct cub_random system_random = {fill_random, NULL};

/* The name that BoringSSL has for a fatal alert from the peer. */
static void print_alert(enum cub_alert alert)
{
    static const struct {
        int alert;
        const char *name;
    } names[] = {
        {10, "SSLV3_ALERT_UNEXPECTED_MESSAGE"   },
        {20, "SSLV3_ALERT_BAD_RECORD_MAC"       },
        {22, "TLSV1_ALERT_RECORD_OVERFLOW"      },
        {30, "SSLV3_ALERT_DECOMPRESSION_FAILURE"},
        {40, "SSLV3_ALERT_HANDSHAKE_FAILURE"    },
        {42, "SSLV3_ALERT_BAD_CERTIFICATE"      },
        {46, "SSLV3_ALERT_CERTIFICATE_UNKNOWN"  },
        {47, "SSLV3_ALERT_ILLEGAL_PARAMETER"    },
        {48, "TLSV1_ALERT_UNKNOWN_CA"           },
        {49, "TLSV1_ALERT_ACCESS_DENIED"        },
        {50, "TLSV1_ALERT_DECODE_ERROR"         },
        {51, "TLSV1_ALERT_DECRYPT_ERROR"        },
        {70, "TLSV1_ALERT_PROTOCOL_VERSION"     },
        {80, "TLSV1_ALERT_INTERNAL_ERROR"       },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].alert == (int)alert)
            fprintf(stderr, ":%s:\n", names[i].name);
    }
}

static void fail_with_error(struct shim *s)
{
    enum cub_error error = cub_engine_error(&s->engine);
    const struct cub_error_info *info = cub_error_info(error);

    if (error == E_ALERT_RECEIVED)
        print_alert(cub_engine_alert_received(&s->engine));
    die(":%s: :%s: %s", info->name, info->reason, info->text);
}

/* Moving bytes. */

static bool send_records(struct shim *s)
{
    uint8_t *p;
    size_t len;

    while (!s->held && (p = cub_engine_sendrec_buf(&s->engine, &len)) != NULL) {
        ssize_t n = send(s->fd, p, s->options->async ? 1 : len, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        cub_engine_sendrec_ack(&s->engine, (size_t)n);
    }
    return true;
}

/* Half-closes and reads until the runner has closed, so that it sees all that we sent. */
static void drain(struct shim *s)
{
    char buffer[4096];

    shutdown(s->fd, SHUT_WR);
    while (recv(s->fd, buffer, sizeof buffer, 0) > 0)
        ;
    close(s->fd);
}

static void check_error(struct shim *s)
{
    if (cub_engine_error(&s->engine) == E_OK)
        return;
    send_records(s);
    drain(s);
    fail_with_error(s);
}

static void answer_wait(struct shim *s)
{
    const struct options *o = s->options;

    if (cub_engine_waits(&s->engine) == CUB_WAIT_HELLO) {
        size_t len;
        const uint8_t *sni = cub_engine_sni(&s->engine, &len);

        choose(s);
        memcpy(s->server_name, sni != NULL ? sni : (const uint8_t *)"", len);
        if (sni != NULL && !o->no_server_name_ack)
            cub_engine_accept_sni(&s->engine);
        if (o->reject_alpn)
            cub_engine_fail(&s->engine, E_NO_COMMON_ALPN);
        if (o->select_empty_alpn) {
            fputs(":INVALID_ALPN_PROTOCOL: nothing was selected\n", stderr);
            cub_engine_refuse(&s->engine, ALERT_INTERNAL_ERROR);
        }
        if (o->use_ocsp_callback && o->fail_ocsp_callback)
            cub_engine_fail(&s->engine, E_OCSP_UNSUCCESSFUL);
    }
    cub_engine_resume(&s->engine);
}

/* Sends what there is and, if nothing else can be done, receives. False at the transport's end. */
static bool turn(struct shim *s)
{
    uint8_t *p;
    size_t len;
    ssize_t n;

    if (cub_engine_waits(&s->engine) != CUB_WAIT_NOTHING) {
        answer_wait(s);
        return true;
    }
    if (!send_records(s))
        s->transport_closed = true;
    check_error(s);
    if (s->renegotiation_asked && !s->options->renegotiate_ignore) {
        /* The engine has refused, which is a warning; here the connection ends with it. */
        drain(s);
        die(":NO_RENEGOTIATION: the peer asks for renegotiation");
    }
    if (cub_engine_waits(&s->engine) != CUB_WAIT_NOTHING)
        return true;
    p = cub_engine_recvrec_buf(&s->engine, &len);
    if (p == NULL)
        return !s->transport_closed;
    n = recv(s->fd, p, s->options->async ? 1 : len, 0);
    if (n <= 0) {
        s->transport_closed = true;
        return false;
    }
    cub_engine_recvrec_ack(&s->engine, (size_t)n);
    return true;
}

static void write_all(struct shim *s, const uint8_t *data, size_t len)
{
    while (len > 0) {
        size_t room;
        uint8_t *p = cub_engine_sendapp_buf(&s->engine, &room);

        if (p == NULL) {
            /* What is too much for early data waits for the handshake. */
            cub_engine_flush(&s->engine);
            if (!send_records(s) || (!cub_engine_connected(&s->engine) &&
                                     cub_engine_sendapp_buf(&s->engine, &room) == NULL && !turn(s)))
                die("cannot send");
            check_error(s);
            continue;
        }
        if (room > len)
            room = len;
        memcpy(p, data, room);
        cub_engine_sendapp_ack(&s->engine, room);
        data += room;
        len -= room;
    }
    cub_engine_flush(&s->engine);
    send_records(s);
}

static void export_keys(struct shim *s)
{
    const struct options *o = s->options;
    size_t len = (size_t)o->export_keying_material;
    const char *context = o->export_context != NULL ? o->export_context : "";
    uint8_t out[2048];
    enum cub_error err;

    if (len == 0 || s->exported)
        return;
    if (len > sizeof out)
        die("too much to export");
    err = cub_engine_export(&s->engine, o->export_label != NULL ? o->export_label : "",
                            o->use_export_context ? (const uint8_t *)context : NULL,
                            strlen(context), out, len);
    if (err == E_ENGINE_STATE)
        die(":HANDSHAKE_NOT_COMPLETE: failed to export keying material");
    if (err != E_OK)
        die("failed to export keying material");
    write_all(s, out, len);
    s->exported = true;
}

/* What a client does before the handshake is over, if it may, and when it should. */
static void write_early(struct shim *s)
{
    const struct options *o = s->options;
    size_t room;

    if (o->server || s->hello_written || o->handshake_twice || !send_records(s) ||
        (o->early_write_after != 0 && o->early_write_after != s->last_message) ||
        cub_engine_sendapp_buf(&s->engine, &room) == NULL)
        return;
    if (o->reverify_on_resume && o->verify_fail)
        die(":CERTIFICATE_VERIFY_FAILED: before early data");
    if (o->export_keying_material > 0)
        export_keys(s);
    if (!o->shim_writes_first)
        return;
    write_all(s, (const uint8_t *)"hello", 5);
    s->hello_written = true;
}

static bool echo_some(struct shim *s);

static void shake_hands(struct shim *s)
{
    while (!cub_engine_connected(&s->engine)) {
        write_early(s);
        /* A server answers early data before the handshake is over. */
        if (echo_some(s))
            continue;
        if (!turn(s)) {
            cub_engine_eof(&s->engine);
            check_error(s);
            die("transport closed in the handshake");
        }
        check_error(s);
    }
    if (s->options->handshake_never_done)
        die("the handshake is done");
    send_records(s);
}

/* After the handshake. */

static void export_secrets(struct shim *s)
{
    struct cub_engine *e = &s->engine;
    size_t len = e->suite->hash->size;
    uint8_t out[2 + 2 * CUB_MAX_SECRET] = {(uint8_t)len, 0};

    if (!s->options->export_traffic_secrets)
        return;
    memcpy(out + 2, e->is_server ? e->client_secret : e->server_secret, len);
    memcpy(out + 2 + len, e->is_server ? e->server_secret : e->client_secret, len);
    write_all(s, out, 2 + 2 * len);
}

static void send_tls_unique(struct shim *s)
{
    uint8_t out[CUB_TLS_UNIQUE_SIZE];

    if (!s->options->tls_unique)
        return;
    if (cub_engine_tls_unique(&s->engine, out) != E_OK)
        die("failed to get tls-unique");
    write_all(s, out, sizeof out);
}

/* Writes "hello", of whose record one byte goes out and the rest when data has come. */
static void begin_to_write(struct shim *s)
{
    size_t len;
    uint8_t *p = cub_engine_sendapp_buf(&s->engine, &len);

    if (p == NULL)
        die("cannot write");
    memcpy(p, "hello", 5);
    cub_engine_sendapp_ack(&s->engine, 5);
    cub_engine_flush(&s->engine);
    p = cub_engine_sendrec_buf(&s->engine, &len);
    if (p == NULL || send(s->fd, p, 1, MSG_NOSIGNAL) != 1)
        die("cannot send");
    cub_engine_sendrec_ack(&s->engine, 1);
    s->hello_written = s->held = true;
}

/* Sends back what was received, every byte inverted; false if there is nothing. */
static bool echo_some(struct shim *s)
{
    size_t chunk = s->options->read_size > 0 ? (size_t)s->options->read_size : 512;
    uint8_t buffer[16384];
    size_t len;
    uint8_t *p = cub_engine_recvapp_buf(&s->engine, &len);

    if (p == NULL)
        return false;
    if (len > chunk)
        len = chunk;
    for (size_t i = 0; i < len; i++)
        buffer[i] = p[i] ^ 0xff;
    cub_engine_recvapp_ack(&s->engine, len);
    s->held = false;
    if (s->options->key_update)
        cub_engine_key_update(&s->engine, false);
    write_all(s, buffer, len);
    return true;
}

/* Does so until the runner closes. */
static void echo(struct shim *s)
{
    for (;;) {
        if (echo_some(s))
            continue;
        check_error(s);
        if (cub_engine_read_closed(&s->engine))
            return;
        if (!turn(s)) {
            if (s->options->check_close_notify)
                die("Unexpected SSL_shutdown result: -1 != 1");
            return;
        }
    }
}

static void shut_down(struct shim *s)
{
    if (!s->options->check_close_notify)
        return;
    cub_engine_close(&s->engine);
    send_records(s);
    while (!cub_engine_read_closed(&s->engine)) {
        size_t len;

        if (cub_engine_recvapp_buf(&s->engine, &len) != NULL)
            die(":APPLICATION_DATA_ON_SHUTDOWN:");
        check_error(s);
        if (!turn(s))
            die("Unexpected SSL_shutdown result: -1 != 1");
    }
}

static void connect_runner(struct shim *s)
{
    const struct options *o = s->options;
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)o->port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)o->port)};
    unsigned long long id = strtoull(o->shim_id != NULL ? o->shim_id : "0", NULL, 10);
    int one = 1;
    uint8_t bytes[8];
    int failed;

    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v6.sin6_addr = in6addr_loopback;
    s->fd = socket(o->ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
    failed = o->ipv6 ? connect(s->fd, (struct sockaddr *)&v6, sizeof v6)
                     : connect(s->fd, (struct sockaddr *)&v4, sizeof v4);
    if (failed)
        die("connect: %s", strerror(errno));
    setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(id >> (8 * i));
    if (send(s->fd, bytes, 8, MSG_NOSIGNAL) != 8)
        die("cannot send the shim id");
}

/* A resumed session brings no certificates: those of then are judged anew if that is wanted. */
static void verify_again(struct shim *s)
{
    const struct options *o = s->options;

    if (!o->reverify_on_resume || !o->verify_fail ||
        cub_engine_psk(&s->engine) != CUB_PSK_RESUMPTION)
        return;
    cub_engine_fail(&s->engine, s->refusal);
    check_error(s);
}

static void run_connection(const struct options *options, const struct options *retry,
                           struct memory *memory, bool resuming)
{
    struct shim *s = calloc(1, sizeof *s);

    if (s == NULL)
        die("no memory");
    s->options = options;
    s->retry_options = retry;
    s->memory = memory;
    s->resuming = resuming;
    set_up(s);
    connect_runner(s);
    shake_hands(s);
    check_early_data(s);
    if (!options->server && cub_engine_early_data(&s->engine) == CUB_EARLY_REJECTED)
        s->options = retry;
    verify_again(s);
    if (s->judge.ocsp_response.len > 0)
        memory->ocsp_response = s->judge.ocsp_response;
    check_properties(s);
    export_keys(s);
    export_secrets(s);
    send_tls_unique(s);
    if (options->send_alert) {
        cub_engine_refuse(&s->engine, (enum cub_alert)DECOMPRESSION_FAILURE);
        send_records(s);
        drain(s);
        free(s);
        return;
    }
    if (options->shim_writes_first && !s->hello_written)
        write_all(s, (const uint8_t *)"hello", 5);
    else if (options->read_with_unfinished_write && !s->hello_written)
        begin_to_write(s);
    if (!options->shim_shuts_down)
        echo(s);
    if (options->expect_no_session && s->session_received)
        die("there is a session");
    if (s->session_received &&
        s->session_allows_early_data != options->expect_ticket_supports_early_data)
        die("the session %s early data", s->session_allows_early_data ? "allows" : "forbids");
    shut_down(s);
    if (options->expected_log != NULL && strcmp(options->expected_log, s->log) != 0)
        die("the log of messages is\n%s", s->log);
    drain(s);
    free(s);
}

int main(int argc, char **argv)
{
    struct flags flags;
    struct memory *memory = calloc(1, sizeof *memory);
    uint8_t key[CUB_TICKET_KEY_SIZE];

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-is-handshaker-supported") == 0) {
            puts("No");
            return 0;
        }
    }
    signal(SIGPIPE, SIG_IGN);
    flags_parse(&flags, argc, argv);
    if (memory == NULL || fill_random(NULL, key, sizeof key) != E_OK)
        die("no memory");
    memory->now = 1000 * (uint64_t)time(NULL); /* what was delegated is for some days */
    memory->ticket_keys.aead = &cub_aes_128_gcm;
    memory->ticket_keys.random = &system_random;
    cub_ticket_keys_rotate(&memory->ticket_keys, key);
    memory->store =
        (struct cub_session_store){cub_ticket_seal, cub_ticket_open, &memory->ticket_keys};
    memory->strike_register =
        (struct cub_strike_register){memory->strikes, 64, memory->now - 100000};
    memory->replay_store = (struct cub_replay_store){cub_strike_claim, &memory->strike_register};
    run_connection(&flags.initial, &flags.retry, memory, false);
    for (int i = 0; i < flags.initial.resume_count; i++) {
        memory->now += 1000u * (uint64_t)flags.initial.resumption_delay;
        run_connection(&flags.resume, &flags.retry, memory, true);
    }
    return 0;
}
