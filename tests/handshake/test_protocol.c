/*
 * The protocol tables against the figures of the RFCs, typed again here as graphs: the sequences of
 * messages that a table allows must be those that the figure allows, no more and no less. And every
 * cell of a table that is empty must be unexpected_message.
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "handshake/actions.h"
#include "handshake/driver.h"
#include "handshake/server_hello.h"
#include "tests/support/pump.h"

#define MAX_SEQUENCE 200
#define MAX_SET      400
#define MAX_STEPS    80 /* rows or edges of one walk: more would be a circle */

/* What the world around a connection decides. */
struct world {
    bool psk;                   /* TLS 1.2: a session is resumed */
    bool early, early_accepted; /* TLS 1.3 */
    bool retry;                 /* server: it needs a HelloRetryRequest */
    bool ask;                   /* server: asks for a certificate */
    bool has_cert;              /* client: has one; server: the client's is not empty */
    bool status, ticket;        /* TLS 1.2: were announced */
    char exchange;              /* TLS 1.2: 'S' signed, 'R' static RSA, 'K' PSK, 'E' ECDHE_PSK */
    bool hint;                  /* TLS 1.2 server: has a psk_identity_hint */
};

static const struct world *world;

/* Sequences: messages in order, ">" before those sent. */

struct set {
    char *items[MAX_SET];
    size_t count;
};

static void set_add(struct set *set, const char *sequence)
{
    for (size_t i = 0; i < set->count; i++) {
        if (strcmp(set->items[i], sequence) == 0)
            return;
    }
    cr_assert_lt(set->count, MAX_SET);
    set->items[set->count++] = strdup(sequence);
}

static bool set_has(const struct set *set, const char *sequence)
{
    for (size_t i = 0; i < set->count; i++) {
        if (strcmp(set->items[i], sequence) == 0)
            return true;
    }
    return false;
}

static bool has(const char *sequence, const char *message)
{
    return strstr(sequence, message) != NULL;
}

static void append(char *out, const char *sequence, const char *message)
{
    cr_assert_lt(strlen(sequence) + strlen(message) + 2, MAX_SEQUENCE);
    strcpy(out, sequence);
    strcat(out, message);
    strcat(out, " ");
}

/* Walking a table. */

static const char *const trigger_names[] = {
    [CH] = "CH",   [SH] = "SH",   [HRR] = "HRR",   [EE] = "EE",   [CR] = "CR",   [CERT] = "CERT",
    [CV] = "CV",   [FIN] = "FIN", [EOED] = "EOED", [NST] = "NST", [KU] = "KU",   [HR] = "HR",
    [SKE] = "SKE", [SHD] = "SHD", [CKE] = "CKE",   [CS] = "CS",   [CCT] = "CCT", [CCS] = "CCS",
};

static const struct {
    enum cub_error (*action)(struct cub_engine *e);
    const char *message;
} sends[] = {
    {cub_send_client_hello,          ">CH"  },
    {cub_send_server_hello,          ">SH"  },
    {cub_send_hello_retry,           ">HRR" },
    {cub_send_encrypted_extensions,  ">EE"  },
    {cub_send_certificate_request,   ">CR"  },
    {cub_send_certificate,           ">CERT"},
    {cub_send_certificate_verify,    ">CV"  },
    {cub_send_finished,              ">FIN" },
    {cub_send_end_of_early_data,     ">EOED"},
    {cub_send_server_hello12,        ">SH"  },
    {cub_send_certificate_status,    ">CS"  },
    {cub_send_server_key_exchange,   ">SKE" },
    {cub_send_certificate_request12, ">CR"  },
    {cub_send_server_hello_done,     ">SHD" },
    {cub_send_client_key_exchange,   ">CKE" },
    {cub_send_certificate_verify12,  ">CV"  },
    {cub_send_finished12,            ">FIN" },
    {cub_send_auth_request,          ">CR"  },
    {cub_send_auth_finished,         ">FIN" },
    {cub_send_new_session_ticket12,  ">NST" },
};

static bool without_cert(void)
{
    return world->exchange == 'K' || world->exchange == 'E';
}

static bool ske_due(void)
{
    return world->exchange == 'S' || world->exchange == 'E' ||
           (world->exchange == 'K' && world->hint);
}

/* What a guard says in this world after this sequence. In TLS 1.3 a ChangeCipherSpec is no message.
 */
static bool guard_holds(bool (*guard)(const struct cub_engine *e), const char *sequence,
                        bool is_server, bool considered, bool stopped)
{
    bool accepted = world->early && world->early_accepted && !has(sequence, "HRR");

    if (guard == NULL)
        return true;
    if (guard == cub_ccs_due || guard == cub_wide_ccs_due || guard == cub_early_ccs_due ||
        guard == cub_key_update_due || guard == cub_ticket_due || guard == cub_psk_possible ||
        guard == cub_auth_too_late)
        return false;
    /* CompressedCertificate stands for Certificate [RFC8879-4]. */
    if (guard == cub_may_compress || guard == cub_is_compressed || guard == cub_may_decompress ||
        guard == cub_may_take_compressed || guard == cub_is_delegated)
        return false;
    /* Nothing comes of these rows but the end. */
    if (guard == cub_cert_missing)
        return false;
    if (guard == cub_auth_offered)
        return true;
    if (guard == cub_auth_due || guard == cub_auth_requested)
        return world->ask && (guard == cub_auth_requested) == has(sequence, ">CR");
    if (guard == cub_has_sessions)
        return true;
    if (guard == cub_using_psk || guard == cub_resuming)
        return world->psk;
    if (guard == cub_cert_requested)
        return is_server ? world->ask : has(sequence, "CR ");
    if (guard == cub_has_credential)
        return world->has_cert && has(sequence, "CR ");
    if (guard == cub_peer_has_cert)
        return world->has_cert;
    if (guard == cub_needs_retry)
        return world->retry && !has(sequence, "HRR");
    if (guard == cub_early_offered)
        return world->early && !has(sequence, "HRR") && !stopped &&
               !(accepted && has(sequence, "EE "));
    if (guard == cub_early_possible)
        return world->early && !considered && !has(sequence, "HRR");
    if (guard == cub_early_accepted)
        return accepted && (is_server ? considered : has(sequence, "EE "));
    if (guard == cub_status_expected || guard == cub_status_due)
        return world->status;
    if (guard == cub_ticket_expected)
        return world->ticket;
    if (guard == cub_without_cert)
        return without_cert();
    if (guard == cub_key_transport)
        return world->exchange == 'R';
    if (guard == cub_ske_optional)
        return world->exchange == 'K';
    if (guard == cub_ske_due)
        return ske_due();
    cr_assert(false, "a guard that this test does not know");
    return false;
}

static const char *sent_by(const struct cub_row *row)
{
    for (size_t i = 0; i < sizeof sends / sizeof *sends; i++) {
        if (row->action == sends[i].action)
            return sends[i].message;
    }
    /* In TLS 1.2 it changes the keys, and is a part of the protocol. */
    return row->action == cub_send_ccs ? ">CCS" : NULL;
}

struct walk {
    const struct cub_protocol *table;
    bool is_server;
    struct set *set;
    bool after; /* begins with CONNECTED and ends when that comes again */
    bool visited[CUB_STATE_COUNT];
};

static void walk_from(struct walk *w, uint8_t state, const char *sequence, bool considered,
                      bool stopped, unsigned steps);

static void walk_row(struct walk *w, const struct cub_row *row, const char *sequence,
                     bool considered, bool stopped, unsigned steps)
{
    const char *message = row->on == STEP ? sent_by(row) : trigger_names[row->on];
    char next[MAX_SEQUENCE];

    strcpy(next, sequence);
    if (message != NULL)
        append(next, sequence, message);
    walk_from(w, row->next, next, considered || row->action == cub_consider_early_data,
              stopped || row->action == cub_stop_early_data, steps + 1);
}

static void walk_from(struct walk *w, uint8_t state, const char *sequence, bool considered,
                      bool stopped, unsigned steps)
{
    bool taken[256] = {false};

    cr_assert_lt(steps, MAX_STEPS, "the walk does not end: %s", sequence);
    w->visited[state] = true;
    if (state == CONNECTED && (!w->after || steps > 0)) {
        set_add(w->set, sequence);
        return;
    }
    for (unsigned i = 0; i < w->table->count; i++) {
        const struct cub_row *row = &w->table->rows[i];

        if (row->state != state || taken[row->on] ||
            !guard_holds(row->guard, sequence, w->is_server, considered, stopped))
            continue;
        taken[row->on] = true;
        walk_row(w, row, sequence, considered, stopped, steps);
        if (row->on == STEP)
            return;
    }
}

/* Walking a figure. */

struct edge {
    const char *from;
    const char *message; /* "": nothing */
    const char *to;
    /* When: ' ' always, 'p' PSK or resumption, 'c' certificates, 'e' 0-RTT data was accepted, 'n'
     * it was not, 'r' a certificate was asked for, 'h' and there is one, 'm' or there is none, 'x'
     * none was asked for, 't' ticket announced, 'u' not, 's' status announced, 'v' not, 'y' retry
     * needed, 'z' not (or done). Of TLS 1.2: an exchange by its letter, 'C' one with certificates,
     * 'P' one without, 'd' where the server sends ServerKeyExchange, 'o' where it does not. */
    char when;
};

static bool edge_open(char when, const char *sequence, bool is_server)
{
    bool asked = is_server ? world->ask : has(sequence, "CR ");
    bool early = world->early && world->early_accepted && !has(sequence, "HRR");
    bool retry = world->retry && !has(sequence, "HRR");

    switch (when) {
    case 'p':
        return world->psk;
    case 'c':
        return !world->psk;
    case 'e':
        return early;
    case 'n':
        return !early;
    case 'r':
        return asked;
    case 'x':
        return !asked;
    case 'h':
        return asked && world->has_cert;
    case 'm':
        return asked && !world->has_cert;
    case 't':
        return world->ticket;
    case 'u':
        return !world->ticket;
    case 's':
        return world->status;
    case 'v':
        return !world->status;
    case 'y':
        return retry;
    case 'z':
        return !retry;
    case 'C':
        return !without_cert();
    case 'P':
        return without_cert();
    case 'd':
        return ske_due();
    case 'o':
        return !ske_due();
    case 'S':
    case 'R':
    case 'K':
        return world->exchange == when;
    default:
        return true;
    }
}

static void walk_figure(const struct edge *figure, bool is_server, const char *node,
                        const char *sequence, struct set *set)
{
    if (strcmp(node, "CONNECTED") == 0) {
        set_add(set, sequence);
        return;
    }
    for (const struct edge *edge = figure; edge->from != NULL; edge++) {
        char next[MAX_SEQUENCE];

        if (strcmp(edge->from, node) != 0 || !edge_open(edge->when, sequence, is_server))
            continue;
        strcpy(next, sequence);
        if (edge->message[0] != 0)
            append(next, sequence, edge->message);
        walk_figure(figure, is_server, edge->to, next, set);
    }
}

/*
 * [RFC8446-A.1]
 *                               START <----+
 *                Send ClientHello |        | Recv HelloRetryRequest
 *           [K_send = early data] |        |
 *                                 v        |
 *            /                 WAIT_SH ----+
 *            |                    | Recv ServerHello
 *            |                    | K_recv = handshake
 *        Can |                    V
 *       send |                 WAIT_EE
 *      early |                    | Recv EncryptedExtensions
 *       data |           +--------+--------+
 *            |     Using |                 | Using certificate
 *            |       PSK |                 v
 *            |           |            WAIT_CERT_CR
 *            |           |        Recv |       | Recv CertificateRequest
 *            |           | Certificate |       v
 *            |           |             |    WAIT_CERT
 *            |           |             |       | Recv Certificate
 *            |           |             v       v
 *            |           |              WAIT_CV
 *            |           |                 | Recv CertificateVerify
 *            |           +> WAIT_FINISHED <+
 *            |                  | Recv Finished
 *            \                  | [Send EndOfEarlyData]
 *                               | K_send = handshake
 *                               | [Send Certificate [+ CertificateVerify]]
 *     Can send                  | Send Finished
 *     app data   -->            | K_send = K_recv = application
 *     after here                v
 *                           CONNECTED
 *
 * There is at most one HelloRetryRequest [RFC8446-4.1.4].
 */
static const struct edge figure_client13[] = {
    {"START",         ">CH",   "WAIT_SH",       ' '},
    {"WAIT_SH",       "HRR",   "START2",        ' '},
    {"WAIT_SH",       "SH",    "WAIT_EE",       ' '},
    {"START2",        ">CH",   "WAIT_SH2",      ' '},
    {"WAIT_SH2",      "SH",    "WAIT_EE",       ' '},
    {"WAIT_EE",       "EE",    "WAIT_FINISHED", 'p'},
    {"WAIT_EE",       "EE",    "WAIT_CERT_CR",  'c'},
    {"WAIT_CERT_CR",  "CERT",  "WAIT_CV",       ' '},
    {"WAIT_CERT_CR",  "CR",    "WAIT_CERT",     ' '},
    {"WAIT_CERT",     "CERT",  "WAIT_CV",       ' '},
    {"WAIT_CV",       "CV",    "WAIT_FINISHED", ' '},
    {"WAIT_FINISHED", "FIN",   "EOED",          ' '},
    {"EOED",          ">EOED", "AUTH",          'e'},
    {"EOED",          "",      "AUTH",          'n'},
    {"AUTH",          ">CERT", "AUTH_CV",       'r'},
    {"AUTH",          "",      "FINISH",        'x'},
    {"AUTH_CV",       ">CV",   "FINISH",        'h'},
    {"AUTH_CV",       "",      "FINISH",        'm'},
    {"FINISH",        ">FIN",  "CONNECTED",     ' '},
    {NULL,            NULL,    NULL,            0  },
};

/*
 * [RFC8446-A.2]
 *                               START <-----+
 *                Recv ClientHello |         | Send HelloRetryRequest
 *                                 v         |
 *                              RECVD_CH ----+
 *                                 | Select parameters
 *                                 v
 *                              NEGOTIATED
 *                                 | Send ServerHello
 *                                 | K_send = handshake
 *                                 | Send EncryptedExtensions
 *                                 | [Send CertificateRequest]
 *  Can send                       | [Send Certificate + CertificateVerify]
 *  app data                       | Send Finished
 *  after   -->                    | K_send = application
 *  here                  +--------+--------+
 *               No 0-RTT |                 | 0-RTT
 *                        |                 |
 *    K_recv = handshake  |                 | K_recv = early data
 *  [Skip decrypt errors] |    +------> WAIT_EOED -+
 *                        |    |       Recv |      | Recv EndOfEarlyData
 *                        |    | early data |      | K_recv = handshake
 *                        |    +------------+      |
 *                        |                        |
 *                        +> WAIT_FLIGHT2 <--------+
 *                                 |
 *                        +--------+--------+
 *                No auth |                 | Client auth
 *                        |                 |
 *                        |                 v
 *                        |             WAIT_CERT
 *                        |        Recv |       | Recv Certificate
 *                        |       empty |       v
 *                        | Certificate |    WAIT_CV
 *                        |             |       | Recv
 *                        |             v       | CertificateVerify
 *                        +-> WAIT_FINISHED <---+
 *                                 | Recv Finished
 *                                 | K_recv = application
 *                                 v
 *                             CONNECTED
 */
static const struct edge figure_server13[] = {
    {"START",         "CH",    "RECVD_CH",      ' '},
    {"RECVD_CH",      ">HRR",  "START",         'y'},
    {"RECVD_CH",      "",      "NEGOTIATED",    'z'},
    {"NEGOTIATED",    ">SH",   "EE",            ' '},
    {"EE",            ">EE",   "FINISH",        'p'},
    {"EE",            ">EE",   "CR",            'c'},
    {"CR",            ">CR",   "CERT",          'r'},
    {"CR",            "",      "CERT",          'x'},
    {"CERT",          ">CERT", "CV",            ' '},
    {"CV",            ">CV",   "FINISH",        ' '},
    {"FINISH",        ">FIN",  "SENT",          ' '},
    {"SENT",          "",      "WAIT_EOED",     'e'},
    {"SENT",          "",      "WAIT_FLIGHT2",  'n'},
    {"WAIT_EOED",     "EOED",  "WAIT_FLIGHT2",  ' '},
    {"WAIT_FLIGHT2",  "",      "WAIT_CERT",     'r'},
    {"WAIT_FLIGHT2",  "",      "WAIT_FINISHED", 'x'},
    {"WAIT_CERT",     "CERT",  "WAIT_CV",       'h'},
    {"WAIT_CERT",     "CERT",  "WAIT_FINISHED", 'm'},
    {"WAIT_CV",       "CV",    "WAIT_FINISHED", ' '},
    {"WAIT_FINISHED", "FIN",   "CONNECTED",     ' '},
    {NULL,            NULL,    NULL,            0  },
};

/*
 * [RFC5246-7.3], for suites whose servers sign their key exchange; CertificateStatus [RFC6066-8]
 * and NewSessionTicket [RFC5077-3.3] stand where those say.
 *
 *       Client                                               Server
 *
 *       ClientHello                  -------->
 *                                                       ServerHello
 *                                                      Certificate*
 *                                                ServerKeyExchange*
 *                                               CertificateRequest*
 *                                    <--------      ServerHelloDone
 *       Certificate*
 *       ClientKeyExchange
 *       CertificateVerify*
 *       [ChangeCipherSpec]
 *       Finished                     -------->
 *                                                [ChangeCipherSpec]
 *                                    <--------             Finished
 *
 * and abbreviated
 *
 *       ClientHello                   -------->
 *                                                       ServerHello
 *                                                [ChangeCipherSpec]
 *                                     <--------             Finished
 *       [ChangeCipherSpec]
 *       Finished                      -------->
 */
static const struct edge figure_client12[] = {
    {"START",  ">CH",   "SH",        ' '},
    {"SH",     "SH",    "CERT",      'c'},
    {"SH",     "SH",    "TICKET",    'p'},
    {"CERT",   "CERT",  "CS",        'C'},
    {"CERT",   "",      "SKE",       'P'},
    {"CS",     "CS",    "SKE",       's'},
    {"CS",     "",      "SKE",       ' '},
    {"SKE",    "SKE",   "CR",        'S'},
    {"SKE",    "",      "CR",        'R'},
    {"SKE",    "SKE",   "SHD",       'P'},
    {"SKE",    "",      "SHD",       'K'},
    {"CR",     "CR",    "SHD",       ' '},
    {"CR",     "",      "SHD",       ' '},
    {"SHD",    "SHD",   "AUTH",      ' '},
    {"AUTH",   ">CERT", "CKE",       'r'},
    {"AUTH",   "",      "CKE",       'x'},
    {"CKE",    ">CKE",  "CV",        ' '},
    {"CV",     ">CV",   "CCS",       'h'},
    {"CV",     "",      "CCS",       'm'},
    {"CV",     "",      "CCS",       'x'},
    {"CCS",    ">CCS",  "FIN",       ' '},
    {"FIN",    ">FIN",  "TICKET",    'c'},
    {"FIN",    ">FIN",  "CONNECTED", 'p'},
    {"TICKET", "NST",   "CCS2",      't'},
    {"TICKET", "",      "CCS2",      'u'},
    {"CCS2",   "CCS",   "FIN2",      ' '},
    {"FIN2",   "FIN",   "CONNECTED", 'c'},
    {"FIN2",   "FIN",   "CCS",       'p'},
    {NULL,     NULL,    NULL,        0  },
};

static const struct edge figure_server12[] = {
    {"START",  "CH",    "SH",        ' '},
    {"SH",     ">SH",   "CERT",      'c'},
    {"SH",     ">SH",   "TICKET",    'p'},
    {"CERT",   ">CERT", "CS",        'C'},
    {"CERT",   "",      "SKE",       'P'},
    {"CS",     ">CS",   "SKE",       's'},
    {"CS",     "",      "SKE",       'v'},
    {"SKE",    ">SKE",  "CR",        'd'},
    {"SKE",    "",      "CR",        'o'},
    {"CR",     ">CR",   "SHD",       'r'},
    {"CR",     "",      "SHD",       'x'},
    {"SHD",    ">SHD",  "AUTH",      ' '},
    {"AUTH",   "CERT",  "CKE",       'r'},
    {"AUTH",   "",      "CKE",       'x'},
    {"CKE",    "CKE",   "CV",        ' '},
    {"CV",     "CV",    "CCS",       'h'},
    {"CV",     "",      "CCS",       'm'},
    {"CV",     "",      "CCS",       'x'},
    {"CCS",    "CCS",   "FIN",       ' '},
    {"FIN",    "FIN",   "TICKET",    'c'},
    {"FIN",    "FIN",   "CONNECTED", 'p'},
    {"TICKET", ">NST",  "CCS2",      't'},
    {"TICKET", "",      "CCS2",      'u'},
    {"CCS2",   ">CCS",  "FIN2",      ' '},
    {"FIN2",   ">FIN",  "CONNECTED", 'c'},
    {"FIN2",   ">FIN",  "CCS",       'p'},
    {NULL,     NULL,    NULL,        0  },
};

/* What comes after the handshake [RFC8446-4.6], until it is over again. */
static const struct edge figure_client_after[] = {
    {"START",  "KU",    "CONNECTED", ' '},
    {"START",  "NST",   "CONNECTED", ' '},
    {"START",  "CR",    "CERT",      ' '},
    {"CERT",   ">CERT", "CV",        ' '},
    {"CV",     ">CV",   "FINISH",    'h'},
    {"CV",     "",      "FINISH",    'm'},
    {"FINISH", ">FIN",  "CONNECTED", ' '},
    {NULL,     NULL,    NULL,        0  },
};

static const struct edge figure_server_after[] = {
    {"START",  "KU",   "CONNECTED", ' '},
    {"START",  "CERT", "CV",        'r'},
    {"CV",     "CV",   "FINISH",    'h'},
    {"CV",     "",     "FINISH",    'm'},
    {"FINISH", "FIN",  "CONNECTED", ' '},
    {NULL,     NULL,   NULL,        0  },
};

/* Every combination of what the world decides that makes sense. */
static bool make_world(struct world *out, unsigned bits)
{
    *out = (struct world){
        .psk = bits & 1,
        .early = bits & 2,
        .early_accepted = bits & 4,
        .retry = bits & 8,
        .ask = bits & 16,
        .has_cert = bits & 32,
        .status = bits & 64,
        .ticket = bits & 128,
        .hint = bits & 256,
        .exchange = "SRKE"[bits >> 9],
    };
    if (out->early && !out->psk)
        return false;
    if (out->early_accepted && !out->early)
        return false;
    /* Who has a pre-shared key asks for no certificate in the handshake [RFC8446-4.3.2]. */
    if (out->psk && out->ask)
        return false;
    /* Nor in TLS 1.2 [RFC4279-2]. */
    if (out->ask && (out->exchange == 'K' || out->exchange == 'E'))
        return false;
    return out->ask || !out->has_cert || !out->retry;
}

static void compare_sets(const struct set *by_table, const struct set *by_figure)
{
    cr_assert_geq(by_figure->count, 3);
    for (size_t i = 0; i < by_table->count; i++)
        cr_expect(set_has(by_figure, by_table->items[i]), "the RFC does not know: %s",
                  by_table->items[i]);
    for (size_t i = 0; i < by_figure->count; i++)
        cr_expect(set_has(by_table, by_figure->items[i]), "the table does not know: %s",
                  by_figure->items[i]);
}

/* From CONNECTED on: a server has asked for a certificate, if it does. */
static void compare_after(struct walk *w)
{
    static struct set by_table, by_figure;

    w->set = &by_table;
    w->after = true;
    for (unsigned bits = 0; bits < 4; bits++) {
        struct world here = {.ask = bits & 1, .has_cert = bits & 2};
        const char *sequence = w->is_server && here.ask ? ">CR " : "";

        world = &here;
        walk_from(w, CONNECTED, sequence, false, false, 0);
        walk_figure(w->is_server ? figure_server_after : figure_client_after, w->is_server, "START",
                    sequence, &by_figure);
    }
    /* The request itself. */
    if (w->is_server) {
        struct world here = {.ask = true};

        world = &here;
        walk_from(w, CONNECTED, "", false, false, 0);
        set_add(&by_figure, ">CR ");
    }
    compare_sets(&by_table, &by_figure);
}

static void compare(const struct cub_protocol *table, const struct edge *figure, bool is_server,
                    bool tls12)
{
    static struct set by_table, by_figure;
    struct walk w = {.table = table, .is_server = is_server, .set = &by_table};

    by_table.count = by_figure.count = 0;
    for (unsigned bits = 0; bits < (tls12 ? 2048 : 256); bits++) {
        struct world here;

        if (!make_world(&here, bits) || (tls12 && (here.early || here.retry)) ||
            (is_server && here.has_cert && !here.ask))
            continue;
        world = &here;
        walk_from(&w, START, "", false, false, 0);
        walk_figure(figure, is_server, "START", "", &by_figure);
    }
    compare_sets(&by_table, &by_figure);
    if (!tls12)
        compare_after(&w);
    /* No row is out of reach. */
    for (unsigned i = 0; i < table->count; i++)
        cr_expect(w.visited[table->rows[i].state], "row %u cannot be reached", i);
}

Test(protocol, client13)
{
    compare(&cub_client13, figure_client13, false, false);
}

Test(protocol, server13)
{
    compare(&cub_server13, figure_server13, true, false);
}

Test(protocol, client12)
{
    compare(&cub_client12, figure_client12, false, true);
}

Test(protocol, server12)
{
    compare(&cub_server12, figure_server12, true, true);
}

/* A state waits, for messages, or steps; only CONNECTED does both, for its steps have guards. */
Test(protocol, states_wait_or_step)
{
    static const struct cub_protocol *const tables[] = {&cub_client13, &cub_server13, &cub_client12,
                                                        &cub_server12};

    for (size_t t = 0; t < 4; t++) {
        bool waits[CUB_STATE_COUNT] = {false}, steps[CUB_STATE_COUNT] = {false};

        for (unsigned i = 0; i < tables[t]->count; i++) {
            const struct cub_row *row = &tables[t]->rows[i];

            if (row->on == STEP)
                steps[row->state] = true;
            else
                waits[row->state] = true;
        }
        for (unsigned s = 0; s < CUB_STATE_COUNT; s++)
            cr_expect(s == CONNECTED || !(waits[s] && steps[s]), "table %zu: %s", t,
                      cub_state_name((uint8_t)s));
    }
}

/* Every cell without a row. */

static struct pump p;

/* Every type there is: those that trigger rows, a HelloRetryRequest, and strangers. */
static const uint8_t types[] = {0,  1,  2,  4,  5,  6,  8,  11, 12, 13,  14,  15,
                                16, 20, 21, 22, 23, 24, 25, 67, 99, 203, 254, 255};

/* A message of this type with a body of zeros; hello_retry: with the random that makes it one. */
static size_t put_message(uint8_t *out, uint8_t type, bool hello_retry)
{
    size_t len = hello_retry ? 40 : 8;

    memset(out, 0, 4 + len);
    out[0] = type;
    out[3] = (uint8_t)len;
    if (hello_retry)
        memcpy(out + 4 + 2, cub_hello_retry_random, 32);
    return 4 + len;
}

/* Puts an end that waits into a state, and lets a message come under its present keys. */
static void send_to(enum pump_side side, uint8_t state, uint8_t type, bool hello_retry)
{
    static uint8_t record[512];
    struct end *end = &p.ends[side];
    size_t prefix = end->engine.in.protection.format->prefix;
    size_t len = put_message(record + CUB_RECORD_HEADER + prefix, type, hello_retry);

    end->engine.state = state;
    pump_insert(&p, side == PUMP_CLIENT ? PUMP_SERVER : PUMP_CLIENT, record,
                end_forge(end, CUB_HANDSHAKE, record, len));
    pump_run(&p);
}

static bool is_waiting(const struct cub_protocol *table, unsigned state)
{
    for (unsigned i = 0; i < table->count; i++) {
        if (table->rows[i].state == state && table->rows[i].on != STEP)
            return true;
    }
    return false;
}

/* The end under test is connected and waits; saved is that moment. */
static unsigned check_cells(const struct cub_protocol *table, enum pump_side side,
                            const void *saved)
{
    struct cub_engine *e = &p.ends[side].engine;
    unsigned checked = 0;

    for (unsigned state = 0; state < CUB_STATE_COUNT; state++) {
        if (!is_waiting(table, state))
            continue;
        for (size_t t = 0; t <= sizeof types; t++) {
            bool hello_retry = t == sizeof types;
            uint8_t type = hello_retry ? CUB_SERVER_HELLO : types[t];
            unsigned on = CUB_TRIGGER(type);

            pump_restore(&p, saved);
            if (hello_retry)
                on = HRR;
            e->state = (uint8_t)state;
            if (cub_driver_row(e, on) != NULL)
                continue;
            send_to(side, (uint8_t)state, type, hello_retry);
            cr_assert_eq(cub_engine_error(e), E_UNEXPECTED_MESSAGE, "%s, type %u: %s",
                         cub_state_name((uint8_t)state), type,
                         cub_error_info(cub_engine_error(e))->name);
            cr_assert_eq(cub_engine_alert_sent(e), ALERT_UNEXPECTED_MESSAGE);
            checked++;
        }
    }
    return checked;
}

static void check_empty_cells(const struct cub_protocol *table, enum pump_side side,
                              uint16_t version)
{
    void *saved;

    pump_init(&p);
    for (unsigned i = 0; i < 2; i++)
        p.ends[i].config.min_version = p.ends[i].config.max_version = version;
    pump_handshake(&p);
    saved = pump_save(&p);
    cr_assert_gt(check_cells(table, side, saved), 60);
    free(saved);
}

Test(protocol, empty_cells_client13)
{
    check_empty_cells(&cub_client13, PUMP_CLIENT, CUB_TLS1_3);
}

Test(protocol, empty_cells_server13)
{
    check_empty_cells(&cub_server13, PUMP_SERVER, CUB_TLS1_3);
}

Test(protocol, empty_cells_client12)
{
    check_empty_cells(&cub_client12, PUMP_CLIENT, CUB_TLS1_2);
}

Test(protocol, empty_cells_server12)
{
    check_empty_cells(&cub_server12, PUMP_SERVER, CUB_TLS1_2);
}
