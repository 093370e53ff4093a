/*
 * False start: when a client of TLS 1.2 sends data before the server's Finished, and when not.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/handshake.h"
#include "tests/handshake/returning.h"

#define DATA 100 /* bytes that the client wants to send from the beginning on */

static struct pump *const p = &returning.pump;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

/* What passes: data of the client's before the server's ChangeCipherSpec, and what to do to that.
 */
static struct {
    bool server_turned;
    unsigned early_records;
    enum { DELIVER, DROP, SPOIL } last_flight;
} wire;

static void watch(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    (void)pump;
    if (from == PUMP_SERVER && record->bytes[0] == CUB_CHANGE_CIPHER_SPEC)
        wire.server_turned = true;
    if (from == PUMP_CLIENT && record->bytes[0] == CUB_APPLICATION_DATA && !wire.server_turned)
        wire.early_records++;
    if (from == PUMP_SERVER && wire.server_turned && wire.last_flight == DROP)
        record->len = 0;
    if (from == PUMP_SERVER && wire.server_turned && wire.last_flight == SPOIL)
        record->bytes[record->len - 1] ^= record->bytes[0] == CUB_HANDSHAKE;
}

static void init(uint32_t flags)
{
    static const uint8_t http[] = "\x08http/1.1";

    memset(&wire, 0, sizeof wire);
    returning_init();
    client->config.profile = server->config.profile = &cub_profile_all;
    client->config.min_version = client->config.max_version = CUB_TLS1_2;
    server->config.min_version = CUB_TLS1_2;
    client->config.alpn = server->config.alpn = (struct cub_view){http, 9};
    client->config.flags |= flags;
    p->hook = watch;
}

/* Connects; whether data went first. */
static bool starts_early(void)
{
    client->to_send = DATA;
    pump_handshake(p);
    cr_assert_eq(client->engine.version, CUB_TLS1_2);
    cr_assert_eq(server->received, DATA);
    cr_assert_not(cub_engine_false_started(&client->engine));
    return wire.early_records > 0;
}

/* It has to be asked for, and a protocol agreed on, or none needed. */
Test(false_start, asked_for)
{
    init(0);
    cr_assert_not(starts_early());
    init(CUB_FLAG_FALSE_START_ANY);
    cr_assert_not(starts_early());
    init(CUB_FLAG_FALSE_START);
    cr_assert(starts_early());
    init(CUB_FLAG_FALSE_START);
    client->config.alpn.len = 0;
    cr_assert_not(starts_early());
    init(CUB_FLAG_FALSE_START | CUB_FLAG_FALSE_START_ANY);
    client->config.alpn.len = 0;
    cr_assert(starts_early());
    /* TLS 1.3 is enabled too, but not at the server. */
    init(CUB_FLAG_FALSE_START);
    client->config.max_version = CUB_TLS1_3;
    server->config.max_version = CUB_TLS1_2;
    cr_assert(starts_early());
}

/* Strong ciphers with ephemeral keys on a curve [RFC7918-5.1], [RFC7918-5.3]. */
Test(false_start, suites)
{
    static const struct {
        const struct cub_suite *suite;
        bool allowed;
    } rows[] = {
        {&cub_suite_ecdhe_ecdsa_aes_128_gcm_sha256,       true },
        {&cub_suite_ecdhe_ecdsa_aes_256_gcm_sha384,       true },
        {&cub_suite_ecdhe_ecdsa_chacha20_poly1305_sha256, true },
        {&cub_suite_ecdhe_ecdsa_aes_128_ccm,              true },
        {&cub_suite_ecdhe_rsa_aes_128_gcm_sha256,         true },
        {&cub_suite_ecdhe_ecdsa_aes_128_ccm_8,            false},
        {&cub_suite_ecdhe_ecdsa_aes_128_cbc_sha,          false},
        {&cub_suite_ecdhe_rsa_aes_256_cbc_sha384,         false},
        {&cub_suite_rsa_aes_128_gcm_sha256,               false},
        {&cub_suite_dhe_rsa_aes_128_gcm_sha256,           false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct cub_suite *suites[] = {rows[i].suite, NULL};

        init(CUB_FLAG_FALSE_START);
        client->config.suites = suites;
        if (rows[i].suite->authentication == CUB_AUTH_RSA)
            end_use_chain(server, rows[i].suite->key_exchange == CUB_KX_RSA ? PKI_RSA_DECRYPT
                                                                            : PKI_RSA2048);
        cr_assert_eq(starts_early(), rows[i].allowed, "row %zu", i);
    }
}

/* A pre-shared key says who the server is only with its Finished. */
static bool offer_psk(void *owner, unsigned i, struct cub_psk *psk)
{
    static const uint8_t bytes[16] = "key";

    (void)owner;
    psk->identity = psk->key = (struct cub_view){bytes, sizeof bytes};
    return i == 0;
}

static enum cub_error find_psk(void *owner, struct cub_view identity, struct cub_psk *psk)
{
    (void)identity;
    return offer_psk(owner, 0, psk) ? E_OK : E_SESSION_UNKNOWN;
}

Test(false_start, pre_shared_key)
{
    static const struct cub_suite *const suites[] = {&cub_suite_ecdhe_psk_aes_128_gcm_sha256, NULL};

    init(CUB_FLAG_FALSE_START);
    client->config.suites = server->config.suites = suites;
    client->config.psk_to_offer = offer_psk;
    server->config.psk_for_identity = find_psk;
    cr_assert_not(starts_early());
}

/* Not with a certificate of the client's [RFC7918-5.3]; that it was asked for is no matter. */
Test(false_start, client_certificate)
{
    init(CUB_FLAG_FALSE_START);
    server->config.verify_mode = CUB_VERIFY_OPTIONAL;
    cr_assert_not(starts_early());
    init(CUB_FLAG_FALSE_START);
    server->config.verify_mode = CUB_VERIFY_OPTIONAL;
    client->config.num_credentials = 0;
    cr_assert(starts_early());
}

/* In full handshakes: where a session is resumed the client's Finished is the last. */
Test(false_start, resumed)
{
    init(CUB_FLAG_FALSE_START);
    cr_assert(starts_early());
    cr_assert_eq(returning.count, 1);
    returning_again();
    memset(&wire, 0, sizeof wire);
    p->hook = watch;
    cr_assert_not(starts_early());
    cr_assert_eq(cub_engine_psk(&client->engine), CUB_PSK_RESUMPTION);
}

/* The server's last flight is lost: nothing is over, but data may be sent, and keys exported. */
Test(false_start, half_way)
{
    uint8_t ours[32], again[32];
    size_t len;

    init(CUB_FLAG_FALSE_START);
    wire.last_flight = DROP;
    client->to_send = DATA;
    pump_start(p);
    cr_assert_not(cub_engine_false_started(&client->engine));
    pump_run(p);
    cr_assert(cub_engine_connected(&server->engine));
    cr_assert_eq(server->received, DATA);
    cr_assert_eq(cub_engine_error(&client->engine), E_OK);
    cr_assert_not(cub_engine_connected(&client->engine));
    cr_assert(cub_engine_false_started(&client->engine));
    cr_assert_not(cub_engine_false_started(&server->engine));
    cr_assert_not_null(cub_engine_sendapp_buf(&client->engine, &len));
    cr_assert_null(cub_engine_recvapp_buf(&client->engine, &len));
    /* A session is kept when the server has proven that the handshake was its own. */
    cr_assert_eq(returning.count, 0);
    cr_assert_eq(cub_engine_export(&client->engine, "label", NULL, 0, ours, sizeof ours), E_OK);
    cr_assert_eq(cub_engine_export(&server->engine, "label", NULL, 0, again, sizeof again), E_OK);
    cr_assert_arr_eq(ours, again, sizeof ours);
    /* The rules for receiving are unchanged [RFC7918-4]. */
    pump_insert(p, PUMP_SERVER, "\x17\x03\x03\x00\x05hello", 10);
    pump_run(p);
    cr_assert_eq(cub_engine_error(&client->engine), E_UNEXPECTED_DATA);
    cr_assert_not(cub_engine_false_started(&client->engine));
    cr_assert_null(cub_engine_sendapp_buf(&client->engine, &len));
    cr_assert_eq(cub_engine_export(&client->engine, "label", NULL, 0, ours, sizeof ours),
                 E_ENGINE_STATE);
}

/* The transport's end is a failure, whatever was sent. */
Test(false_start, cut_off)
{
    init(CUB_FLAG_FALSE_START);
    wire.last_flight = DROP;
    client->to_send = DATA;
    pump_start(p);
    pump_run(p);
    cub_engine_eof(&client->engine);
    cr_assert_eq(cub_engine_error(&client->engine), E_EOF);
    cr_assert_eq(returning.count, 0);
}

/* A Finished that is wrong ends it, under the keys in use. */
Test(false_start, bad_finished)
{
    init(CUB_FLAG_FALSE_START);
    wire.last_flight = SPOIL;
    client->to_send = DATA;
    pump_start(p);
    pump_run(p);
    cr_assert_eq(wire.early_records, 1);
    cr_assert_eq(cub_engine_error(&client->engine), E_RECORD_BAD_MAC);
    cr_assert_eq(cub_engine_error(&server->engine), E_ALERT_RECEIVED);
    cr_assert_eq(cub_engine_alert_received(&server->engine), ALERT_BAD_RECORD_MAC);
    cr_assert_eq(returning.count, 0);
}
