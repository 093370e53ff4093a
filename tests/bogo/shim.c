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
#include <unistd.h>

#include "credential.h"
#include "handshake/strike.h"
#include "flags.h"

#define RECORD CUB_RECORD_BUFFER(16384)

#define MAX_SESSION    4096
#define MAX_EARLY_DATA 14336

/* What outlives a connection: the keys of tickets, the last session, and a clock of our own. */
struct memory {
    struct cub_ticket_keys ticket_keys;
    struct cub_session_store store;
    uint64_t now; /* milliseconds */
    struct cub_strike strikes[64];
    struct cub_strike_register strike_register;
    struct cub_replay_store replay_store;
    uint8_t session[MAX_SESSION];
    size_t session_len; /* 0: none */
};

/* One connection and all that it stands on. */
struct shim {
    const struct options *options;
    struct memory *memory;
    bool resuming; /* not the first connection */
    bool session_received;
    bool session_allows_early_data;
    struct cub_session session;
    uint8_t session_bytes[MAX_SESSION];
    int fd;
    bool transport_closed;
    struct cub_engine engine;
    struct cub_config config;
    struct cub_profile profile;
    struct identity identity;
    struct judge judge;
    uint8_t alpn[256];
    char server_name[256];
    const struct cub_suite *suites[32];
    const struct cub_group *groups[MAX_LIST + 1];
    const struct cub_verify_scheme *verify_schemes[MAX_LIST + 1];
    const struct cub_sign_scheme *sign_schemes[MAX_LIST + 1];
    uint8_t in[2 * RECORD], out[RECORD];
    uint64_t handshake[20000];
};

static void die(const char *format, ...)
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

static const struct cub_random system_random = {fill_random, NULL};

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

    while ((p = cub_engine_sendrec_buf(&s->engine, &len)) != NULL) {
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

        memcpy(s->server_name, sni != NULL ? sni : (const uint8_t *)"", len);
        if (sni != NULL && !o->no_server_name_ack)
            cub_engine_accept_sni(&s->engine);
        if (o->reject_alpn)
            cub_engine_fail(&s->engine, E_NO_COMMON_ALPN);
    }
    cub_engine_resume(&s->engine);
}

/* Sends what there is and, if nothing else can be done, receives. False at the transport's end. */
static bool turn(struct shim *s)
{
    uint8_t *p;
    size_t len;
    ssize_t n;

    while (cub_engine_waits(&s->engine) != CUB_WAIT_NOTHING)
        answer_wait(s);
    if (!send_records(s))
        s->transport_closed = true;
    check_error(s);
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

static bool echo_some(struct shim *s);

static void shake_hands(struct shim *s)
{
    while (!cub_engine_connected(&s->engine)) {
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
    send_records(s);
}

static void write_all(struct shim *s, const uint8_t *data, size_t len)
{
    while (len > 0) {
        size_t room;
        uint8_t *p = cub_engine_sendapp_buf(&s->engine, &room);

        if (p == NULL) {
            /* What is too much for early data waits for the handshake. */
            cub_engine_flush(&s->engine);
            if (!send_records(s) || (!cub_engine_connected(&s->engine) && !turn(s)))
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

/* Setting up. */

static uint64_t read_clock(void *owner)
{
    return ((struct shim *)owner)->memory->now;
}

static void keep_session(void *owner, const struct cub_session *session)
{
    struct shim *s = owner;

    s->session_received = true;
    s->session_allows_early_data = session->max_early_data > 0;
    if (cub_session_encode(session, s->memory->session, MAX_SESSION, &s->memory->session_len) !=
        E_OK)
        die("the session is too long");
}

static void set_sessions(struct shim *s, struct cub_engine_setup *setup)
{
    struct memory *m = s->memory;

    s->config.now = read_clock;
    if (s->options->enable_early_data) {
        s->config.max_early_data = MAX_EARLY_DATA;
        s->config.replay_store = &m->replay_store;
        s->config.early_data_window = 60000;
    }
    if (s->options->server) {
        if (s->options->no_ticket)
            return;
        s->config.session_store = &m->store;
        s->config.num_tickets = 2;
        return;
    }
    s->config.new_session = keep_session;
    if (!s->resuming)
        return;
    if (m->session_len == 0)
        die("there is no session to resume");
    memcpy(s->session_bytes, m->session, m->session_len);
    if (cub_session_decode(&s->session, s->session_bytes, m->session_len) != E_OK)
        die("the session cannot be read");
    setup->session = &s->session;
}

static const struct cub_group *find_group(int id)
{
    for (const struct cub_group *const *g = cub_profile_full.groups; *g != NULL; g++) {
        if ((*g)->id == id)
            return *g;
    }
    exit(EXIT_NOT_IMPLEMENTED);
}

static void set_groups(struct shim *s)
{
    static const struct list defaults = {
        {29, 23, 24},
        3
    };
    const struct list *list = s->options->curves.count > 0 ? &s->options->curves : &defaults;

    for (size_t i = 0; i < list->count; i++)
        s->groups[i] = find_group(list->items[i]);
    s->config.groups = s->groups;
    if (s->options->key_shares.count > 0)
        exit(EXIT_NOT_IMPLEMENTED);
}

static void set_verify_schemes(struct shim *s)
{
    static const struct list defaults = {
        {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601},
        8
    };
    const struct list *list =
        s->options->verify_prefs.count > 0 ? &s->options->verify_prefs : &defaults;

    for (size_t i = 0; i < list->count; i++) {
        const struct cub_verify_scheme *const *scheme = cub_profile_full.verify_schemes;

        while (*scheme != NULL && (*scheme)->id != list->items[i])
            scheme++;
        if (*scheme == NULL)
            exit(EXIT_NOT_IMPLEMENTED);
        s->verify_schemes[i] = *scheme;
    }
    s->config.verify_schemes = s->verify_schemes;
}

static void set_sign_schemes(struct shim *s)
{
    const struct list *list = &s->options->signing_prefs;

    if (list->count == 0)
        return;
    for (size_t i = 0; i < list->count; i++) {
        const struct cub_sign_scheme *const *scheme = cub_profile_full.sign_schemes;

        while (*scheme != NULL && (*scheme)->id != list->items[i])
            scheme++;
        if (*scheme == NULL)
            exit(EXIT_NOT_IMPLEMENTED);
        s->sign_schemes[i] = *scheme;
    }
    s->profile.sign_schemes = s->sign_schemes;
}

static void set_versions(struct shim *s)
{
    const struct options *o = s->options;
    int min = o->min_version > CUB_TLS1_2 ? o->min_version : CUB_TLS1_2;
    int max = o->max_version > 0 ? o->max_version : CUB_TLS1_3;

    if (o->no_tls12 && min == CUB_TLS1_2)
        min = CUB_TLS1_3;
    if (o->no_tls13 && max == CUB_TLS1_3)
        max = CUB_TLS1_2;
    if (min > max)
        die(":NO_SUPPORTED_VERSIONS_ENABLED:");
    s->config.min_version = (uint16_t)min;
    s->config.max_version = (uint16_t)max;
}

static void set_alpn(struct shim *s)
{
    const struct options *o = s->options;

    if (!o->server && o->advertise_alpn != NULL)
        s->config.alpn =
            (struct cub_view){(const uint8_t *)o->advertise_alpn, strlen(o->advertise_alpn)};
    if (o->server && o->select_alpn != NULL && o->select_alpn[0] != 0 && !o->decline_alpn) {
        size_t len = strlen(o->select_alpn);

        s->alpn[0] = (uint8_t)len;
        memcpy(s->alpn + 1, o->select_alpn, len);
        s->config.alpn = (struct cub_view){s->alpn, 1 + len};
    }
}

static void set_verification(struct shim *s)
{
    const struct options *o = s->options;

    s->config.verifier = &judge_verifier;
    s->config.verify_mode = o->server ? CUB_VERIFY_NONE : CUB_VERIFY_REQUIRED;
    if (o->server && o->verify_peer)
        s->config.verify_mode = CUB_VERIFY_OPTIONAL;
    if (o->require_any_client_certificate)
        s->config.verify_mode = CUB_VERIFY_REQUIRED;
    s->judge.refuse = o->verify_fail && (o->verify_peer || o->require_any_client_certificate);
    s->judge.refusal =
        o->use_custom_verify_callback ? E_X509_APPLICATION_UNKNOWN : E_X509_APPLICATION;
    s->judge.ask_again = o->async;
}

static void set_up(struct shim *s)
{
    const struct options *o = s->options;
    struct cub_engine_setup setup = {
        .config = &s->config,
        .is_server = o->server,
        .server_name = o->host_name,
        .verifier_context = &s->judge,
        .owner = s,
        .in = s->in,
        .in_size = sizeof s->in,
        .out = s->out,
        .out_size = sizeof s->out,
        .handshake = s->handshake,
        .handshake_size = sizeof s->handshake,
    };

    s->profile = cub_profile_full;
    s->config.profile = &s->profile;
    s->config.random = &system_random;
    s->config.flags = CUB_FLAG_HELLO_WAIT | CUB_FLAG_LEGACY_SERVER;
    if (!o->server_preference)
        s->config.flags |= CUB_FLAG_CLIENT_PREFERENCE;
    set_versions(s);
    set_groups(s);
    set_verify_schemes(s);
    set_sign_schemes(s);
    set_alpn(s);
    set_verification(s);
    set_sessions(s, &setup);
    if (o->cert_file != NULL && o->key_file != NULL) {
        identity_load(&s->identity, o->cert_file, o->key_file);
        s->config.credentials = &s->identity.credential;
        s->config.num_credentials = 1;
    }
    if (cub_engine_start(&s->engine, &setup) != E_OK)
        die("cannot start");
    if (o->max_send_fragment > 0 && o->max_send_fragment < s->engine.out.limit)
        s->engine.out.limit = (uint16_t)o->max_send_fragment;
}

/* Checks after the handshake. */

static void expect_text(const char *what, const char *expected, const uint8_t *got, size_t len)
{
    if (expected != NULL && (strlen(expected) != len || memcmp(expected, got, len) != 0))
        die("%s is %.*s, not %s", what, (int)len, (const char *)got, expected);
}

static void check_peer_chain(const struct shim *s)
{
    const struct options *o = s->options;
    struct chain expected;

    if (o->expect_no_peer_cert && s->judge.peer.count > 0)
        die("there is a peer certificate");
    if (o->expect_peer_cert_file == NULL)
        return;
    chain_load(&expected, o->expect_peer_cert_file);
    if (expected.count != s->judge.peer.count)
        die("peer sent %zu certificates, not %zu", s->judge.peer.count, expected.count);
    for (size_t i = 0; i < expected.count; i++) {
        if (expected.certs[i].len != s->judge.peer.certs[i].len ||
            memcmp(expected.certs[i].data, s->judge.peer.certs[i].data, expected.certs[i].len) != 0)
            die("peer certificate %zu differs", i);
    }
}

static void check_properties(const struct shim *s)
{
    const struct options *o = s->options;
    const struct cub_engine *e = &s->engine;
    bool reused = cub_engine_psk(e) == CUB_PSK_RESUMPTION;

    if (e->version == CUB_TLS1_2 && (s->resuming || o->resume_count > 0))
        exit(EXIT_NOT_IMPLEMENTED); /* resumption in TLS 1.2 */
    if (reused != (s->resuming && !o->expect_session_miss))
        die(reused ? "the session was reused" : "the session was not reused");

    if (o->expect_version != 0 && e->version != o->expect_version)
        die("version is %04x", e->version);
    if (o->expect_cipher != 0 && e->suite->id != o->expect_cipher)
        die("cipher is %04x", e->suite->id);
    if (o->expect_cipher_aes != 0 && e->suite->id != o->expect_cipher_aes)
        die("cipher is %04x", e->suite->id);
    if (o->expect_curve_id != 0 && e->group->id != o->expect_curve_id)
        die("group is %d", e->group->id);
    if (o->expect_hrr && !e->retried)
        die("no HelloRetryRequest");
    if (o->expect_no_hrr && e->retried)
        die("unexpected HelloRetryRequest");
    if (o->expect_peer_signature_algorithm != 0 &&
        e->peer_scheme != o->expect_peer_signature_algorithm)
        die("peer's signature scheme is %04x", e->peer_scheme);
    if (o->expect_extended_master_secret && e->version == CUB_TLS1_2 && !e->extended_master_secret)
        die("no extended master secret");
    expect_text("server name", o->expect_server_name, (const uint8_t *)s->server_name,
                strlen(s->server_name));
    if (!o->server)
        expect_text("ALPN", o->expect_alpn != NULL ? o->expect_alpn : "", e->alpn.data,
                    e->alpn.len);
    else if (!o->decline_alpn)
        expect_text("ALPN", o->select_alpn, e->alpn.data, e->alpn.len);
    check_peer_chain(s);
}

/* After the handshake. */

static void export_keys(struct shim *s)
{
    const struct options *o = s->options;
    size_t len = (size_t)o->export_keying_material;
    const char *context = o->export_context != NULL ? o->export_context : "";
    uint8_t out[2048];

    if (len == 0)
        return;
    if (len > sizeof out ||
        cub_engine_export(&s->engine, o->export_label != NULL ? o->export_label : "",
                          o->use_export_context ? (const uint8_t *)context : NULL, strlen(context),
                          out, len) != E_OK)
        die("failed to export keying material");
    write_all(s, out, len);
}

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

/* What a client writes before the handshake is over, if it may. */
static bool write_early(struct shim *s)
{
    size_t room;

    if (s->options->server || !s->options->shim_writes_first || !send_records(s) ||
        cub_engine_sendapp_buf(&s->engine, &room) == NULL)
        return false;
    write_all(s, (const uint8_t *)"hello", 5);
    return true;
}

static void check_early_data(const struct shim *s)
{
    const struct options *o = s->options;
    enum cub_early_data early = cub_engine_early_data(&s->engine);

    if (o->expect_accept_early_data && early != CUB_EARLY_ACCEPTED)
        die("early data was not accepted");
    if (o->expect_reject_early_data && early == CUB_EARLY_ACCEPTED)
        die("early data was accepted");
    if (o->expect_no_offer_early_data && early != CUB_EARLY_NONE)
        die("early data was offered");
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

static void run_connection(const struct options *options, const struct options *retry,
                           struct memory *memory, bool resuming)
{
    struct shim *s = calloc(1, sizeof *s);
    bool written;

    if (s == NULL)
        die("no memory");
    s->options = options;
    s->memory = memory;
    s->resuming = resuming;
    set_up(s);
    connect_runner(s);
    written = write_early(s);
    shake_hands(s);
    check_early_data(s);
    if (!options->server && cub_engine_early_data(&s->engine) == CUB_EARLY_REJECTED)
        s->options = retry;
    check_properties(s);
    export_keys(s);
    export_secrets(s);
    if (options->shim_writes_first && !written)
        write_all(s, (const uint8_t *)"hello", 5);
    if (!options->shim_shuts_down)
        echo(s);
    if (options->expect_no_session && s->session_received)
        die("there is a session");
    if (s->session_received &&
        s->session_allows_early_data != options->expect_ticket_supports_early_data)
        die("the session %s early data", s->session_allows_early_data ? "allows" : "forbids");
    shut_down(s);
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
    if (flags.initial.send_alert || flags.initial.max_cert_list > 0)
        return EXIT_NOT_IMPLEMENTED;
    if (memory == NULL || fill_random(NULL, key, sizeof key) != E_OK)
        die("no memory");
    memory->now = 1700000000000;
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
