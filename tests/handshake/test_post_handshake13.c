/*
 * Client authentication after the handshake.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/handshake.h"
#include "tests/handshake/returning.h"
#include "tests/support/peer.h"

static struct pump *const p = &returning.pump;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

/* Both sides are ready for it, and the server requires a certificate then. */
static void init(void)
{
    returning_init();
    client->config.flags |= CUB_FLAG_POST_HANDSHAKE_AUTH;
    server->config.flags |= CUB_FLAG_POST_HANDSHAKE_AUTH;
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
    /* It belongs to what binds sessions. */
    client->config.verify_mode = CUB_VERIFY_REQUIRED;
}

static void ask(void)
{
    cr_assert_eq(cub_engine_request_certificate(&server->engine), E_OK);
    cr_assert_eq(cub_engine_auth(&server->engine), CUB_AUTH_REQUESTED);
    pump_run(p);
}

static void expect_certificate(void)
{
    cr_assert_eq(cub_engine_error(&server->engine), E_OK, "%s",
                 cub_error_info(cub_engine_error(&server->engine))->name);
    cr_assert_eq(cub_engine_error(&client->engine), E_OK);
    cr_assert_eq(cub_engine_auth(&server->engine), CUB_AUTH_ANSWERED);
    cr_assert(server->engine.hs->peer_has_cert);
    cr_assert_eq(server->engine.hs->proofs & (PROOF_CHAIN | PROOF_SIGNATURE | PROOF_FINISHED),
                 PROOF_CHAIN | PROOF_SIGNATURE | PROOF_FINISHED);
    cr_assert(pump_exchange(p, 5000));
}

static void expect_failure(enum cub_error expected)
{
    enum cub_error error = cub_engine_error(&server->engine);

    cr_assert_eq(error, expected, "%s", cub_error_info(error)->name);
    cr_assert_eq(cub_engine_error(&client->engine), E_ALERT_RECEIVED);
    cr_assert_eq(cub_engine_alert_received(&client->engine), cub_error_alert(expected));
}

/* Any number of times, with any suite, whatever happened before. */
Test(post_handshake13, certificate)
{
    for (const struct cub_suite *const *suite = cub_profile_full.suites;
         *suite != NULL && (*suite)->version == CUB_TLS1_3; suite++) {
        const struct cub_suite *const suites[] = {*suite, NULL};

        init();
        client->config.suites = suites;
        server->config.num_tickets = 0;
        pump_handshake(p);
        cr_assert_not(server->engine.hs->peer_has_cert);
        for (unsigned i = 0; i < 5; i++) {
            ask();
            expect_certificate();
            if (i == 1)
                cub_engine_key_update(&client->engine, true);
            if (i == 2)
                cub_engine_key_update(&server->engine, false);
        }
    }
}

/* A client whose session is resumed has shown no certificate, if none was asked for before. */
Test(post_handshake13, resumed)
{
    init();
    returning_connect(CUB_PSK_NONE);
    returning_again();
    returning_connect(CUB_PSK_RESUMPTION);
    ask();
    expect_certificate();
}

/* The handshake had one already: then a second request has its own proofs. */
Test(post_handshake13, after_client_authentication)
{
    init();
    server->config.flags &= ~(uint32_t)CUB_FLAG_POST_HANDSHAKE_AUTH;
    pump_handshake(p);
    cr_assert(server->engine.hs->peer_has_cert);
    server->config.flags |= CUB_FLAG_POST_HANDSHAKE_AUTH;
    ask();
    expect_certificate();
}

/* Tickets are issued anew: sessions know the client from then on. */
Test(post_handshake13, tickets)
{
    init();
    pump_handshake(p);
    cr_assert_eq(returning.count, 2);
    ask();
    expect_certificate();
    cr_assert_eq(returning.count, 4);
    /* Each nonce comes once, so there is an end to them. */
    server->engine.tickets_sent = 254;
    server->engine.tickets_before = 252;
    ask();
    expect_certificate();
    cr_assert_eq(returning.count, 4);
}

Test(post_handshake13, no_certificate)
{
    for (unsigned required = 0; required < 2; required++) {
        init();
        server->config.verify_mode = required ? CUB_VERIFY_REQUIRED : CUB_VERIFY_OPTIONAL;
        client->config.num_credentials = 0;
        pump_handshake(p);
        ask();
        if (required) {
            expect_failure(E_CERT_REQUIRED);
            continue;
        }
        cr_assert_eq(cub_engine_auth(&server->engine), CUB_AUTH_ANSWERED);
        cr_assert_not(server->engine.hs->peer_has_cert);
        cr_assert(pump_exchange(p, 1000));
    }
}

/* A certificate that is not trusted. */
Test(post_handshake13, refused)
{
    init();
    end_use_chain(client, PKI_UNTRUSTED);
    pump_handshake(p);
    ask();
    expect_failure(E_X509_SELF_SIGNED_IN_CHAIN);
}

/* Small records, memory for one certificate, byte by byte. */
Test(post_handshake13, small)
{
    static const size_t one[] = {1, 0};
    const struct cub_suite *const suites[] = {&cub_suite_aes_128_ccm_8_sha256, NULL};

    init();
    client->config.suites = server->config.suites = suites;
    end_shrink(client, 512, 512, 800);
    end_shrink(server, 512, 512, 800);
    p->splits = one;
    pump_handshake(p);
    ask();
    expect_certificate();
    ask();
    expect_certificate();
}

/* What the client did not say it can do is not asked of it, and not answered. */
Test(post_handshake13, not_offered)
{
    static const uint8_t request[] = {1, 'x', 0, 8, 0, 13, 0, 4, 0, 2, 4, 3};
    static struct peer peer;

    init();
    client->config.flags = 0;
    pump_handshake(p);
    cr_assert_eq(cub_engine_request_certificate(&server->engine), E_AUTH_NOT_OFFERED);

    peer_init(&peer, false);
    peer_connect(&peer);
    peer_send_message(&peer, CUB_CERTIFICATE_REQUEST, request, sizeof request);
    cr_assert_eq(cub_engine_error(&peer.victim.engine), E_UNEXPECTED_MESSAGE);
    cr_assert_eq(peer.alert, ALERT_UNEXPECTED_MESSAGE);
}

/* A client that is asked by a server that misbehaves. */
Test(post_handshake13, bad_requests)
{
    static const struct {
        uint8_t body[16];
        size_t len;
        enum cub_error error;
    } rows[] = {
        {{1, 'x', 0, 0},                             4,  E_CR_NO_SIGNATURE_ALGORITHMS},
        {{2, 'x', 0, 8, 0, 13, 0, 4, 0, 2, 4, 3},    12, E_DECODE_CERTIFICATE_REQUEST},
        {{1, 'x', 0, 8, 0, 13, 0, 4, 0, 2, 4, 3, 0}, 13, E_DECODE_CERTIFICATE_REQUEST},
        {{1, 'x', 0, 4, 0, 51, 0, 0},                8,  E_EXT_PLACE                 },
    };
    static struct peer peer;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (unsigned closed = 0; closed < 2; closed++) {
            enum cub_error error;

            peer_init(&peer, false);
            peer.victim.config.flags |= CUB_FLAG_POST_HANDSHAKE_AUTH;
            peer_connect(&peer);
            if (closed)
                cub_engine_close(&peer.victim.engine);
            peer_send_message(&peer, CUB_CERTIFICATE_REQUEST, rows[i].body, rows[i].len);
            error = cub_engine_error(&peer.victim.engine);
            if (closed && rows[i].error == E_CR_NO_SIGNATURE_ALGORITHMS)
                continue; /* it is not answered anyway */
            cr_assert_eq(error, rows[i].error, "%zu: %s", i, cub_error_info(error)->name);
        }
    }
}

/* Requests without end, and nothing else. */
Test(post_handshake13, flood)
{
    unsigned requests = 0;

    init();
    server->config.num_tickets = 0;
    pump_handshake(p);
    while (cub_engine_error(&client->engine) == E_OK && requests < 100) {
        cr_assert_eq(cub_engine_request_certificate(&server->engine), E_OK);
        pump_run(p);
        requests++;
    }
    cr_assert_eq(cub_engine_error(&client->engine), E_TOO_MUCH_NOISE);
    cr_assert_gt(requests, 20);
}

/* Whoever has closed cannot answer, and is asked no more questions. */
Test(post_handshake13, closed)
{
    init();
    pump_handshake(p);
    cub_engine_close(&client->engine);
    ask();
    cr_assert_eq(cub_engine_error(&client->engine), E_OK);
    cr_assert_eq(cub_engine_auth(&server->engine), CUB_AUTH_REQUESTED);
    pump_send(p, PUMP_SERVER, 1000);
    cr_assert_eq(client->received, 1000);
}

/* A server that has closed takes the answer nevertheless. */
Test(post_handshake13, server_closed)
{
    init();
    pump_handshake(p);
    cr_assert_eq(cub_engine_request_certificate(&server->engine), E_OK);
    cub_engine_close(&server->engine);
    pump_run(p);
    cr_assert_eq(cub_engine_error(&server->engine), E_OK);
    cr_assert_eq(cub_engine_auth(&server->engine), CUB_AUTH_ANSWERED);
    cr_assert(server->engine.hs->proofs & PROOF_CHAIN);
}

Test(post_handshake13, preconditions)
{
    init();
    cr_assert_eq(cub_engine_request_certificate(&server->engine), E_ENGINE_STATE);
    pump_handshake(p);
    cr_assert_eq(cub_engine_request_certificate(&client->engine), E_AUTH_ROLE);
    cr_assert_eq(cub_engine_request_certificate(&server->engine), E_OK);
    cr_assert_eq(cub_engine_request_certificate(&server->engine), E_AUTH_PENDING);

    init();
    server->config.flags = 0;
    server->config.verify_mode = CUB_VERIFY_OPTIONAL;
    pump_handshake(p);
    cr_assert_eq(cub_engine_request_certificate(&server->engine), E_AUTH_CONFIG);

    init();
    server->config.verify_mode = CUB_VERIFY_NONE;
    pump_handshake(p);
    cr_assert_eq(cub_engine_request_certificate(&server->engine), E_AUTH_CONFIG);

    /* In TLS 1.2 the handshake itself asks. */
    init();
    server->config.max_version = client->config.max_version = CUB_TLS1_2;
    server->config.min_version = client->config.min_version = CUB_TLS1_2;
    pump_handshake(p);
    cr_assert(server->engine.hs->peer_has_cert);
    cr_assert_eq(cub_engine_request_certificate(&server->engine), E_AUTH_VERSION);
}

/* An answer to another request, or about another connection. */
Test(post_handshake13, wrong_answers)
{
    for (unsigned i = 0; i < 3; i++) {
        init();
        server->config.verify_mode = CUB_VERIFY_OPTIONAL;
        client->config.num_credentials = i == 2 ? 0 : 1;
        pump_handshake(p);
        cr_assert_eq(cub_engine_request_certificate(&server->engine), E_OK);
        if (i == 0)
            server->engine.hs->session_id[15] ^= 1;
        else
            ((uint8_t *)server->engine.hs->transcript.context[0])[8] ^= 1;
        pump_run(p);
        expect_failure(i == 0 ? E_CERT_CONTEXT : i == 1 ? E_CRYPTO_SIGNATURE : E_FINISHED);
    }
}

/* Nothing comes between the messages of an answer. */
Test(post_handshake13, interrupted)
{
    static const uint8_t states[] = {AUTH_CV, AUTH_FINISHED};
    static uint8_t record[64];

    for (size_t i = 0; i < sizeof states; i++) {
        init();
        pump_handshake(p);
        cr_assert_eq(cub_engine_request_certificate(&server->engine), E_OK);
        server->engine.state = states[i];
        memset(record, 'x', sizeof record);
        pump_insert(p, PUMP_CLIENT, record, end_forge(server, CUB_APPLICATION_DATA, record, 10));
        p->wires[PUMP_SERVER].tail = p->wires[PUMP_SERVER].head; /* the client hears nothing */
        pump_run(p);
        cr_assert_eq(cub_engine_error(&server->engine), E_UNEXPECTED_DATA);
    }
}

static bool signs;

static enum cub_error sign_later(void *context, uint16_t scheme, const uint8_t *message, size_t len,
                                 uint8_t *sig, size_t *sig_len)
{
    struct end *end = context;

    (void)scheme;
    if (!signs)
        return E_WAIT_SIGN;
    return cub_sign_message(&cub_sign_ecdsa_secp256r1_sha256, end->credential.key, &end->random,
                            message, len, sig, sig_len);
}

/* While the client's key is asked elsewhere, it sends no data; the server may. */
Test(post_handshake13, waits_for_the_key)
{
    size_t n;

    init();
    client->credential.sign = sign_later;
    client->credential.sign_context = client;
    signs = false;
    pump_handshake(p);
    ask();
    cr_assert_eq(cub_engine_waits(&client->engine), CUB_WAIT_SIGN);
    cr_assert_null(cub_engine_sendapp_buf(&client->engine, &n));
    signs = true;
    cub_engine_resume(&client->engine);
    pump_run(p);
    expect_certificate();
}
