/*
 * Static RSA, and CBC suites with and without encrypt_then_mac, in whole handshakes.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "crypto/rsa.h"
#include "handshake/exchange.h"
#include "tests/support/pump.h"

static struct pump p;
static struct end *const client = &p.ends[PUMP_CLIENT];
static struct end *const server = &p.ends[PUMP_SERVER];

static const struct cub_suite *const suites[] = {
    &cub_suite_rsa_aes_128_gcm_sha256,
    &cub_suite_rsa_aes_256_gcm_sha384,
    &cub_suite_rsa_aes_128_ccm,
    &cub_suite_rsa_aes_256_ccm,
    &cub_suite_rsa_aes_128_ccm_8,
    &cub_suite_rsa_aes_256_ccm_8,
    &cub_suite_rsa_aes_128_cbc_sha,
    &cub_suite_rsa_aes_256_cbc_sha,
    &cub_suite_rsa_aes_128_cbc_sha256,
    &cub_suite_rsa_aes_256_cbc_sha256,
    &cub_suite_ecdhe_rsa_aes_128_cbc_sha,
    &cub_suite_ecdhe_rsa_aes_256_cbc_sha,
    &cub_suite_ecdhe_rsa_aes_128_cbc_sha256,
    &cub_suite_ecdhe_rsa_aes_256_cbc_sha384,
    &cub_suite_ecdhe_ecdsa_aes_128_cbc_sha,
    &cub_suite_ecdhe_ecdsa_aes_256_cbc_sha,
    &cub_suite_ecdhe_ecdsa_aes_128_cbc_sha256,
    &cub_suite_ecdhe_ecdsa_aes_256_cbc_sha384,
    NULL,
};

static const struct cub_suite *one[2];

static enum pki_fixture chain_for(const struct cub_suite *suite)
{
    if (suite->key_exchange == CUB_KX_RSA)
        return PKI_RSA_DECRYPT;
    return suite->authentication == CUB_AUTH_RSA ? PKI_RSA2048 : PKI_P256;
}

static void set_up(const struct cub_suite *suite)
{
    pump_init(&p);
    one[0] = suite;
    for (unsigned i = 0; i < 2; i++) {
        p.ends[i].config.profile = &cub_profile_all;
        p.ends[i].config.min_version = p.ends[i].config.max_version = CUB_TLS1_2;
        p.ends[i].config.suites = one;
    }
    end_use_chain(server, chain_for(suite));
}

static void run(void)
{
    pump_start(&p);
    pump_run(&p);
}

static void set_u16(uint8_t *at, uint16_t value)
{
    cub_store_be16(at, value);
}

/* Looks for an extension without contents in the hello of a record, and names it anew. */
static uint16_t old_type, new_type;
static enum pump_side renamed_from;

static void rename_extension(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    uint8_t wanted[4] = {(uint8_t)(old_type >> 8), (uint8_t)old_type, 0, 0};

    (void)pump;
    if (from != renamed_from || record->bytes[0] != CUB_HANDSHAKE || record->bytes[5] > 2)
        return;
    for (size_t i = 5 + 4 + 34; i + 4 <= record->len; i++) {
        if (memcmp(record->bytes + i, wanted, 4) == 0)
            set_u16(record->bytes + i, new_type);
    }
}

Test(exchange_rsa, suites)
{
    for (const struct cub_suite *const *s = suites; *s != NULL; s++) {
        bool is_cbc = (*s)->format == &cub_record_tls12_cbc;

        set_up(*s);
        pump_handshake(&p);
        cr_assert_eq(client->engine.suite, *s);
        cr_assert_eq(server->engine.suite, *s);
        cr_assert_eq(client->engine.encrypt_then_mac, is_cbc);
        cr_assert_eq(server->engine.encrypt_then_mac, is_cbc);
        cr_assert_eq(client->engine.group != NULL, (*s)->key_exchange == CUB_KX_ECDHE);
        cr_assert_eq(client->engine.peer_scheme != 0, (*s)->key_exchange == CUB_KX_ECDHE);
        cr_assert(pump_exchange(&p, 50000));
    }
}

/* One side that does not know the extension is enough for the MAC to be inside. */
Test(exchange_rsa, mac_then_encrypt)
{
    struct cub_record_format format = cub_record_tls12_cbc;

    format.encrypt_then_mac = NULL;
    for (const struct cub_suite *const *s = suites; *s != NULL; s++) {
        for (unsigned side = 0; side < 2; side++) {
            struct cub_suite suite = **s;
            const struct cub_suite *const list[] = {&suite, NULL};

            if (suite.format != &cub_record_tls12_cbc)
                continue;
            suite.format = &format;
            set_up(*s);
            p.ends[side].config.suites = list;
            pump_handshake(&p);
            cr_assert_not(client->engine.encrypt_then_mac);
            cr_assert_not(server->engine.encrypt_then_mac);
            cr_assert(pump_exchange(&p, 50000));
        }
    }
}

/* Client certificates go with static RSA too. */
Test(exchange_rsa, client_certificate)
{
    set_up(&cub_suite_rsa_aes_128_gcm_sha256);
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
    pump_handshake(&p);
    cr_assert_neq(server->engine.peer_scheme, 0);
    cr_assert(pump_exchange(&p, 100));
}

Test(exchange_rsa, without_a_usable_certificate)
{
    set_up(&cub_suite_rsa_aes_128_gcm_sha256);
    end_use_chain(server, PKI_P256);
    run();
    cr_assert_eq(cub_engine_error(&server->engine), E_NO_COMMON_CIPHER);
    /* keyEncipherment is missing [RFC5246-7.4.2]. */
    set_up(&cub_suite_rsa_aes_128_gcm_sha256);
    end_use_chain(server, PKI_RSA2048);
    run();
    cr_assert_eq(cub_engine_error(&client->engine), E_X509_KEY_USAGE);
    /* digitalSignature is. */
    set_up(&cub_suite_ecdhe_rsa_aes_128_cbc_sha);
    end_use_chain(server, PKI_RSA_DECRYPT);
    run();
    cr_assert_eq(cub_engine_error(&client->engine), E_X509_NO_DIGITAL_SIGNATURE);
}

/* A server that answers encrypt_then_mac where there is no MAC; here in the place of
 * extended_master_secret. */
Test(exchange_rsa, encrypt_then_mac_with_an_aead)
{
    static const struct cub_suite *const both[] = {&cub_suite_ecdhe_rsa_aes_128_gcm_sha256,
                                                   &cub_suite_ecdhe_rsa_aes_128_cbc_sha, NULL};

    set_up(&cub_suite_ecdhe_rsa_aes_128_cbc_sha);
    client->config.suites = server->config.suites = both;
    pump_handshake(&p);
    cr_assert_not(server->engine.encrypt_then_mac, "it was offered, and has no place");
    set_up(&cub_suite_ecdhe_rsa_aes_128_cbc_sha);
    client->config.suites = server->config.suites = both;
    old_type = 23;
    new_type = 22;
    renamed_from = PUMP_SERVER;
    p.hook = rename_extension;
    run();
    cr_assert_eq(cub_engine_error(&client->engine), E_SH_ENCRYPT_THEN_MAC);
    cr_assert_eq(cub_engine_alert_sent(&client->engine), ALERT_ILLEGAL_PARAMETER);
}

/* What a server makes of a ClientKeyExchange. */

static void hold_client_key_exchange(struct pump *pump, enum pump_side from,
                                     struct pump_record *record)
{
    (void)pump;
    if (from == PUMP_CLIENT && record->bytes[5] != CUB_CLIENT_HELLO)
        record->len = 0;
}

/* A server that waits for ClientKeyExchange. */
static void wait_for_answer(void)
{
    set_up(&cub_suite_rsa_aes_128_gcm_sha256);
    p.hook = hold_client_key_exchange;
    run();
    cr_assert_eq(server->engine.state, WAIT_CKE);
}

/* The premaster secret that this encrypted one leads to; the server's randomness is the same in
 * each call. */
static void premaster_of(const uint8_t *encrypted, size_t len, uint8_t *premaster)
{
    uint8_t body[2 + CUB_RSA_MAX_SIZE];
    struct rd r;

    wait_for_answer();
    cub_store_be16(body, (uint32_t)len);
    memcpy(body + 2, encrypted, len);
    rd_init(&r, body, 2 + len);
    cr_assert_eq(cub_exchange_rsa.take_answer(&server->engine, &r), E_OK);
    cr_assert_eq(server->engine.hs->premaster_len, CUB_RSA_PREMASTER);
    memcpy(premaster, server->engine.hs->secret12, CUB_RSA_PREMASTER);
}

static const struct pki_key *rsa_key(void)
{
    return pki_chain(PKI_RSA_DECRYPT)->key;
}

static void encrypt_raw(const uint8_t *message, uint8_t *out)
{
    const struct cub_private_key *key = &rsa_key()->private_key;

    cr_assert_eq(cub_rsa_public(key->modulus, key->exponent, message, 256, out), E_OK);
}

/* 0, 2, padding, 0, premaster, as it should be. */
static void make_message(uint8_t message[256])
{
    memset(message, 0x77, 256);
    message[0] = 0;
    message[1] = 2;
    message[256 - 49] = 0;
    message[256 - 48] = message[256 - 47] = 3;
}

Test(exchange_rsa, premaster)
{
    uint8_t message[256], encrypted[256], premaster[48], substitute[48], other[48];

    make_message(message);
    encrypt_raw(message, encrypted);
    premaster_of(encrypted, 256, premaster);
    cr_assert_arr_eq(premaster, message + 256 - 48, 48);
    /* A wrong version is replaced [RFC5246-7.4.7.1]. */
    message[256 - 47] = 1;
    encrypt_raw(message, encrypted);
    premaster_of(encrypted, 256, other);
    cr_assert_arr_eq(other, premaster, 48);
    /* Of another length: nothing is said. */
    premaster_of(encrypted, 255, substitute);
    cr_assert_arr_eq(substitute, "\3\3", 2);
    cr_assert_neq(memcmp(substitute, premaster, 48), 0);
    premaster_of(encrypted, 0, other);
    cr_assert_arr_eq(other, substitute, 48);
    /* Every byte of the form wrong, one at a time: the substitute, always of the same form. */
    for (size_t i = 0; i <= 256 - 49; i++) {
        make_message(message);
        message[i] = message[i] == 0 ? 1 : 0;
        encrypt_raw(message, encrypted);
        premaster_of(encrypted, 256, other);
        cr_assert_arr_eq(other, substitute, 48, "byte %zu", i);
        i += i > 10 && i < 200 ? 15 : 0;
    }
}

/* All of these end alike: at Finished, with the same alert. */
static unsigned wrong;

static void spoil_answer(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    uint8_t *body = record->bytes + 5 + 4;

    (void)pump;
    if (from != PUMP_CLIENT || record->bytes[0] != CUB_HANDSHAKE ||
        record->bytes[5] != CUB_CLIENT_KEY_EXCHANGE)
        return;
    if (wrong == 0)
        body[100] ^= 1;
    if (wrong == 1)
        memset(body + 2, 0xff, 256); /* above the modulus */
    if (wrong == 2)
        memset(body + 2, 0, 256);
    if (wrong == 3) { /* one byte too short */
        set_u16(body, 255);
        set_u16(record->bytes + 5 + 2, 257);
        record->len--;
        set_u16(record->bytes + 3, (uint16_t)(record->len - 5));
    }
}

Test(exchange_rsa, wrong_answers_look_alike)
{
    for (wrong = 0; wrong < 4; wrong++) {
        set_up(&cub_suite_rsa_aes_128_gcm_sha256);
        p.hook = spoil_answer;
        run();
        cr_assert_eq(cub_engine_error(&server->engine), E_RECORD_BAD_MAC, "%u: %s", wrong,
                     cub_error_info(cub_engine_error(&server->engine))->name);
        cr_assert_eq(cub_engine_alert_received(&client->engine), ALERT_BAD_RECORD_MAC);
    }
}

/* What is no vector at all is malformed, and that is no secret. */
Test(exchange_rsa, malformed_answer)
{
    static const uint8_t bodies[][3] = {
        {0, 2, 1},
        {0, 0, 1},
        {1, 0, 0}
    };

    for (unsigned i = 0; i < 3; i++) {
        struct rd r;

        wait_for_answer();
        rd_init(&r, bodies[i], 3);
        cr_assert_eq(cub_exchange_rsa.take_answer(&server->engine, &r),
                     E_DECODE_CLIENT_KEY_EXCHANGE);
    }
}
