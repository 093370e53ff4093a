/*
 * Compressed certificates, by a compression that leaves out bytes that repeat.
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "handshake/handshake.h"
#include "tests/handshake/returning.h"
#include "tests/support/peer.h"

static struct pump *const p = &returning.pump;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

/* Runs of a byte as its number and the byte; the two ends have memory of their own. */
static struct side {
    uint8_t message[CUB_MAX_CERTIFICATE_MESSAGE];
    uint8_t compressed[2 * CUB_MAX_CERTIFICATE_MESSAGE];
    unsigned compressions, decompressions;
} sides[2];

static struct side *side_of(void *owner)
{
    return &sides[owner == server];
}

static bool no_memory;

static uint8_t *memory(void *context, void *owner, size_t len)
{
    (void)context;
    cr_assert_leq(len, sizeof sides[0].message);
    return no_memory ? NULL : side_of(owner)->message;
}

static struct cub_view compress(void *context, void *owner, const uint8_t *message, size_t len)
{
    struct side *side = side_of(owner);
    size_t n = 0;

    (void)context;
    side->compressions++;
    for (size_t i = 0; i < len;) {
        uint8_t run = 1;

        while (i + run < len && run < 255 && message[i + run] == message[i])
            run++;
        side->compressed[n++] = run;
        side->compressed[n++] = message[i];
        i += run;
    }
    return (struct cub_view){side->compressed, n};
}

static bool decompress(void *context, void *owner, struct cub_view in, uint8_t *message, size_t len)
{
    size_t n = 0;

    (void)context;
    side_of(owner)->decompressions++;
    for (size_t i = 0; i + 1 < in.len; i += 2) {
        if (in.data[i] > len - n)
            return false;
        memset(message + n, in.data[i + 1], in.data[i]);
        n += in.data[i];
    }
    return n == len;
}

static struct cub_view decline(void *context, void *owner, const uint8_t *message, size_t len)
{
    (void)context, (void)owner, (void)message, (void)len;
    return (struct cub_view){NULL, 0};
}

static struct cub_compression runs, other, declining;
static const struct cub_compression *both[] = {&other, &runs, NULL};
static const struct cub_compression *just_runs[] = {&runs, NULL};
static const struct cub_compression *just_other[] = {&other, NULL};
static const struct cub_compression *nothing[] = {&declining, NULL};

static void init(void)
{
    memset(sides, 0, sizeof sides);
    no_memory = false;
    runs = (struct cub_compression){0x1234, memory, compress, decompress, NULL};
    other = (struct cub_compression){0x4321, memory, compress, decompress, NULL};
    declining = (struct cub_compression){0x1234, memory, decline, decompress, NULL};
    returning_init();
    client->config.compressions = server->config.compressions = just_runs;
}

static bool saw(enum pump_side side, uint8_t type)
{
    return returning_saw(side, type, true);
}

static void connect_with(unsigned from_server, unsigned from_client)
{
    pump_handshake(p);
    cr_assert_eq(sides[PUMP_SERVER].compressions, from_server);
    cr_assert_eq(sides[PUMP_CLIENT].decompressions, from_server);
    cr_assert_eq(sides[PUMP_CLIENT].compressions, from_client);
    cr_assert_eq(sides[PUMP_SERVER].decompressions, from_client);
    cr_assert_eq(saw(PUMP_SERVER, CUB_COMPRESSED_CERTIFICATE), from_server > 0);
    cr_assert_neq(saw(PUMP_SERVER, CUB_CERTIFICATE), from_server > 0);
    cr_assert(pump_exchange(p, 1000));
}

Test(compression, both_roles)
{
    init();
    connect_with(1, 0);
    init();
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
    connect_with(1, 1);
    cr_assert_not(saw(PUMP_CLIENT, CUB_CERTIFICATE));
}

/* After the handshake too, each time anew. */
Test(compression, after_the_handshake)
{
    init();
    client->config.flags |= CUB_FLAG_POST_HANDSHAKE_AUTH;
    server->config.flags |= CUB_FLAG_POST_HANDSHAKE_AUTH;
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
    pump_handshake(p);
    for (unsigned i = 1; i <= 2; i++) {
        cr_assert_eq(cub_engine_request_certificate(&server->engine), E_OK);
        pump_run(p);
        cr_assert_eq(cub_engine_auth(&server->engine), CUB_AUTH_ANSWERED);
        cr_assert_eq(sides[PUMP_SERVER].decompressions, i);
        cr_assert(server->engine.hs->peer_has_cert);
    }
    cr_assert_not(saw(PUMP_CLIENT, CUB_CERTIFICATE));
    cr_assert(pump_exchange(p, 1000));
}

/* A HelloRetryRequest before, small records, stapled responses inside. */
Test(compression, other_circumstances)
{
    static const struct cub_group *const p384_only[] = {&cub_group_secp384r1, NULL};
    static const struct cub_suite *const ccm_8[] = {&cub_suite_aes_128_ccm_8_sha256, NULL};

    init();
    server->config.groups = p384_only;
    connect_with(1, 0);
    init();
    server->config.suites = client->config.suites = ccm_8;
    end_shrink(client, 512, 512, 3000);
    end_shrink(server, 512, 512, 1000);
    connect_with(1, 0);
}

/* An empty list is not worth it. */
Test(compression, no_certificate)
{
    init();
    client->config.num_credentials = 0;
    server->config.verify_mode = CUB_VERIFY_OPTIONAL;
    connect_with(1, 0);
    cr_assert(saw(PUMP_CLIENT, CUB_CERTIFICATE));
}

/* What is not there on both sides, or not for both directions. */
Test(compression, without)
{
    init();
    server->config.compressions = NULL;
    connect_with(0, 0);
    init();
    client->config.compressions = NULL;
    connect_with(0, 0);
    init();
    client->config.compressions = just_other;
    connect_with(0, 0);
    init();
    client->config.compressions = both;
    connect_with(1, 0);
    init();
    server->config.compressions = both;
    connect_with(1, 0);
    init();
    runs.compress = NULL;
    connect_with(0, 0);
    init();
    runs.decompress = NULL;
    connect_with(0, 0);
    init();
    server->config.compressions = nothing;
    connect_with(0, 0);
    init();
    server->config.min_version = server->config.max_version = CUB_TLS1_2;
    client->config.min_version = CUB_TLS1_2;
    connect_with(0, 0);
}

/* The sender does without where there is no memory; the receiver cannot. */
static uint8_t *memory_of_client(void *context, void *owner, size_t len)
{
    return owner == client ? memory(context, owner, len) : NULL;
}

Test(compression, no_memory)
{
    init();
    runs.memory = memory_of_client;
    connect_with(0, 0);
    init();
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
    runs.memory = memory_of_client;
    pump_start(p);
    pump_run(p);
    cr_assert_eq(cub_engine_error(&server->engine), E_COMPRESSED_MEMORY);
}

/* Messages that claim what they are not: the server's, changed before they are sealed. */

static struct {
    uint16_t algorithm;
    int longer; /* than it is, by uncompressed_length */
    size_t cut; /* bytes of the compressed form */
    const uint8_t *content;
    size_t content_len;
} bad;

static struct cub_view compress_badly(void *context, void *owner, const uint8_t *message,
                                      size_t len)
{
    struct cub_view view = compress(context, owner, message, len);

    runs.algorithm = bad.algorithm;
    server->engine.hs->uncompressed_length =
        (uint32_t)((int)server->engine.hs->uncompressed_length + bad.longer);
    view.len -= bad.cut;
    if (bad.content != NULL) {
        view = (struct cub_view){bad.content, bad.content_len};
        server->engine.hs->uncompressed_length = (uint32_t)bad.longer;
    }
    return view;
}

Test(compression, bad_messages)
{
    static const uint8_t context[] = {1, 1, 1, 'x', 3, 0};
    static const uint8_t empty[] = {4, 0};
    static const uint8_t short_head[] = {2, 0};
    static const uint8_t trailing[] = {5, 0};
    static const uint8_t cut_entry[] = {3, 0, 1, 5, 2, 0, 1, 9, 2, 0};
    static const struct {
        uint16_t algorithm;
        int longer;
        size_t cut;
        const uint8_t *content;
        size_t content_len;
        enum cub_error expected;
    } rows[] = {
        {0x1235, 0,                           0, NULL,       0,                 E_COMPRESSED_ALGORITHM},
        {0x1234, 1,                           0, NULL,       0,                 E_COMPRESSED_CONTENT  },
        {0x1234, -1,                          0, NULL,       0,                 E_COMPRESSED_CONTENT  },
        {0x1234, CUB_MAX_CERTIFICATE_MESSAGE, 0, NULL,       0,                 E_COMPRESSED_TOO_LONG },
        {0x1234, 0,                           2, NULL,       0,                 E_COMPRESSED_CONTENT  },
        {0x1234, 5,                           0, context,    sizeof context,    E_CERT_CONTEXT        },
        {0x1234, 4,                           0, empty,      sizeof empty,      E_CERT_EMPTY          },
        {0x1234, 2,                           0, short_head, sizeof short_head, E_DECODE_CERTIFICATE  },
        {0x1234, 5,                           0, trailing,   sizeof trailing,   E_DECODE_CERTIFICATE  },
        {0x1234, 9,                           0, cut_entry,  sizeof cut_entry,  E_DECODE_CERTIFICATE  },
        {0x1234, 0,                           0, empty,      sizeof empty,      E_COMPRESSED_CONTENT  },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        static struct cub_compression expected;
        static const struct cub_compression *offered[] = {&expected, NULL};
        enum cub_error error;

        init();
        expected = runs;
        client->config.compressions = offered;
        runs.compress = compress_badly;
        bad.algorithm = rows[i].algorithm;
        bad.longer = rows[i].longer;
        bad.cut = rows[i].cut;
        bad.content = rows[i].content;
        bad.content_len = rows[i].content_len;
        pump_start(p);
        pump_run(p);
        error = cub_engine_error(&client->engine);
        cr_assert_eq(error, rows[i].expected, "%zu: %s", i, cub_error_info(error)->name);
        cr_assert_eq(cub_engine_alert_received(&server->engine), cub_error_alert(error));
    }
}

/* It must have been offered, and stand where a Certificate may. */
static struct cub_view compress_unasked(void *context, void *owner, const uint8_t *message,
                                        size_t len)
{
    client->config.compressions = NULL;
    return compress(context, owner, message, len);
}

Test(compression, not_offered)
{
    init();
    runs.compress = compress_unasked;
    returning_fail(PUMP_CLIENT, E_UNEXPECTED_MESSAGE);
}

/* The message itself is malformed: forged under the client's keys. */
Test(compression, malformed)
{
    static uint8_t record[64];
    static const uint8_t messages[][16] = {
        {CUB_COMPRESSED_CERTIFICATE, 0, 0,    8,    0x12, 0x34, 0, 0, 9, 0, 0, 0},
        {                          CUB_COMPRESSED_CERTIFICATE, 0,                         0, 9, 0x12,    0x34,    0, 0, 9, 0, 0, 2,  1},
        { CUB_COMPRESSED_CERTIFICATE,  0,                     0,                     10,    0x12,    0x34,    0, 0, 9, 0, 0, 1,  1, 1},
    };

    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        size_t len = 4 + (size_t)messages[i][3];

        init();
        pump_handshake(p);
        server->engine.connected = 0;
        server->engine.state = WAIT_CERT;
        memcpy(record + CUB_RECORD_HEADER, messages[i], len);
        pump_insert(p, PUMP_CLIENT, record, end_forge(server, CUB_HANDSHAKE, record, len));
        pump_run(p);
        cr_assert_eq(cub_engine_error(&server->engine), E_DECODE_COMPRESSED_CERTIFICATE);
    }
}

/* What the peer takes is no list of algorithms: CertificateCompressionAlgorithm
 * algorithms<2..2^8-2> [RFC8879-3]. */
static struct {
    const char *body;
    size_t len;
} list;

static void offer(struct peer *from, enum peer_step step, enum peer_moment moment)
{
    if (moment == PEER_ENCODED && (step == PEER_CLIENT_HELLO || step == PEER_CERTIFICATE_REQUEST))
        peer_add_extension(from, 27, list.body, list.len);
}

static enum cub_error offered(bool victim_is_server, const char *body, size_t len)
{
    static struct peer peer;

    peer_init(&peer, victim_is_server);
    peer.ask = true;
    peer.victim.config.compressions = nothing;
    peer.hook = offer;
    list.body = body;
    list.len = len;
    peer_run(&peer);
    if (!cub_engine_connected(&peer.victim.engine))
        cr_assert_eq(peer.alert, ALERT_DECODE_ERROR);
    return cub_engine_error(&peer.victim.engine);
}

Test(compression, malformed_offers)
{
    static const struct {
        const char *body;
        size_t len;
    } rows[] = {
        {"",         0},
        {"\0",       1},
        {"\1\0",     2},
        {"\3\0\1\0", 4},
        {"\2\0\1\0", 4},
        {"\4\0\1",   3},
    };

    init();
    for (int is_server = 0; is_server < 2; is_server++) {
        cr_assert_eq(offered(is_server, "\2\0\1", 3), E_OK);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            cr_assert_eq(offered(is_server, rows[i].body, rows[i].len), E_COMPRESSION_OFFER,
                         "row %zu", i);
    }
}
