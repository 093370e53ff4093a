/*
 * Delegated credentials that a server shows: to whom, and which.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "handshake/delegated.h"
#include "handshake/handshake.h"
#include "tests/support/peer.h"

#define P256_SHA256 0x0403
#define P384_SHA384 0x0503

static struct pump p;
static struct peer peer;
static struct end *const client = &p.ends[PUMP_CLIENT];
static struct end *const server = &p.ends[PUMP_SERVER];

/* The certificate, what its key has delegated to a key of P-384, and both in order of preference.
 */
static struct pki_cert leaf;
static uint8_t dc[2048];
static struct cub_stapled stapled;
static struct cub_credential credentials[2];
static uint64_t time_now;

static uint64_t now(void *owner)
{
    (void)owner;
    return time_now * 1000;
}

static void issue_leaf(void)
{
    static const uint8_t usage[] = {0x30, 0x0f, 0x06, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01,
                                    0x82, 0xda, 0x4b, 0x2c, 0x04, 0x02, 0x05, 0x00};
    struct pki_spec spec = {
        .subject = "server.example",
        .key = PKI_KEY_P256,
        .issuer = &pki_chain(PKI_P256)->certs[1],
        .not_before = PKI_NOW - 86400,
        .key_usage = CUB_KU_DIGITAL_SIGNATURE,
        .dns = {"server.example"},
        .more = { usage,    sizeof usage},
    };

    pki_issue(&leaf, &spec);
}

/* For some seconds from notBefore; returns its length. */
static size_t delegate(uint32_t valid_time, const struct cub_random *random)
{
    static uint8_t content[8192];
    struct der_out spki = {dc + 9, 600, 0};
    struct cub_view cred = {dc, 0};
    struct wr w;
    size_t len;

    pki_spki(&spki, pki_key(PKI_KEY_P384));
    cub_store_be32(dc, valid_time);
    cub_store_be16(dc + 4, P384_SHA384);
    cub_store_be24(dc + 6, (uint32_t)spki.len);
    cred.len = 9 + spki.len;
    cub_store_be16(dc + cred.len, P256_SHA256);
    wr_init(&w, content, sizeof content);
    cub_delegated_content(&w, (struct cub_view){leaf.der, leaf.len}, cred, P256_SHA256);
    cr_assert_eq(cub_sign_message(&cub_sign_ecdsa_secp256r1_sha256,
                                  &pki_key(PKI_KEY_P256)->private_key, random, content, w.pos,
                                  dc + cred.len + 4, &len),
                 E_OK);
    cub_store_be16(dc + cred.len + 2, (uint32_t)len);
    return cred.len + 4 + len;
}

/* A server of the credential, and then of its certificate. */
static void set_server(struct end *end)
{
    issue_leaf();
    stapled = (struct cub_stapled){.put = cub_put_stapled};
    stapled.delegated = (struct cub_view){dc, delegate(86400 + 3600, &end->random)};
    end->chain[0] = (struct cub_view){leaf.der, leaf.len};
    credentials[0] = credentials[1] = end->credential;
    credentials[0].key = &pki_key(PKI_KEY_P384)->private_key;
    credentials[0].stapled = &stapled;
    credentials[0].suits = cub_credential_delegated_suits;
    end->config.credentials = credentials;
    end->config.num_credentials = 2;
    end->config.now = now;
    time_now = (uint64_t)PKI_NOW;
}

static void init(void)
{
    pump_init(&p);
    set_server(server);
    client->config.now = now;
    client->config.flags |= CUB_FLAG_DELEGATED_CREDENTIALS;
}

/* The handshake is made, with the credential or with the certificate's own key. */
static void expect(bool is_delegated)
{
    uint16_t scheme = is_delegated ? P384_SHA384 : P256_SHA256;

    pump_handshake(&p);
    cr_assert_eq(server->engine.hs->credential, &credentials[is_delegated ? 0 : 1]);
    cr_assert_eq(server->engine.own_scheme, scheme);
    cr_assert_eq(client->engine.peer_scheme, scheme);
    cr_assert_eq(client->engine.hs->delegated_scheme != 0, is_delegated);
    cr_assert(pump_exchange(&p, 1000));
}

/* [RFC9345-4.1.1] */
Test(delegated_server, given_to_who_asks)
{
    init();
    expect(true);
    init();
    client->config.flags = 0;
    expect(false);
}

/* Nothing else is there for who does not ask. */
Test(delegated_server, alone)
{
    init();
    server->config.num_credentials = 1;
    expect(true);
    init();
    server->config.num_credentials = 1;
    client->config.flags = 0;
    pump_start(&p);
    pump_run(&p);
    cr_assert_eq(cub_engine_error(&server->engine), E_NO_COMMON_SIGNATURE);
}

/* In TLS 1.2 there are none, whoever asks [RFC9345-4.1.1]. */
Test(delegated_server, old_version)
{
    init();
    client->config.min_version = CUB_TLS1_2;
    server->config.min_version = server->config.max_version = CUB_TLS1_2;
    expect(false);
    cr_assert_neq(server->engine.hs->offered & EXT_BIT(EXT_DELEGATED_CREDENTIAL), 0);
}

static size_t status_len;

static enum cub_error take_status(void *context, const uint8_t *response, size_t len)
{
    (void)context, (void)response;
    status_len = len;
    return E_OK;
}

/* After a HelloRetryRequest, in small records, with a response beside it. */
Test(delegated_server, in_pieces)
{
    static uint8_t response[3000];
    static const struct cub_group *const none[] = {NULL};
    struct cub_verifier verifier = cub_chain_verifier;

    init();
    verifier.status = take_status;
    client->config.verifier = &verifier;
    stapled.ocsp_response = (struct cub_view){response, sizeof response};
    client->config.share_groups = none;
    end_shrink(server, 16384, 100, 600);
    end_shrink(client, 100, 16384, 5000);
    expect(true);
    cr_assert_eq(status_len, sizeof response);
    cr_assert(server->engine.retried);
}

/* Clients would refuse it: over, or valid for more than seven days [RFC9345-4.1.3]. */
Test(delegated_server, time)
{
    static const struct {
        uint32_t valid_time;
        bool used;
    } rows[] = {
        {86399,          false},
        {86400,          true },
        {86400 + 604800, true },
        {86400 + 604801, false},
        {UINT32_MAX,     false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        init();
        stapled.delegated.len = delegate(rows[i].valid_time, &server->random);
        expect(rows[i].used);
    }
    /* Who has no clock cannot tell. */
    init();
    server->config.now = NULL;
    expect(false);
}

/* Schemes that the client does not have, of the credential and of its signature. */
Test(delegated_server, schemes)
{
    static const struct cub_verify_scheme *const p256[] = {&cub_verify_ecdsa_secp256r1_sha256,
                                                           NULL};
    static const struct cub_verify_scheme *const p384[] = {&cub_verify_ecdsa_secp384r1_sha384,
                                                           &cub_verify_rsa_pss_rsae_sha256, NULL};

    init();
    client->config.verify_schemes = p256;
    expect(false);
    init();
    client->config.verify_schemes = p384;
    pump_start(&p);
    pump_run(&p);
    cr_assert_eq(cub_engine_error(&server->engine), E_NO_COMMON_SIGNATURE);
}

/* What is no credential is not shown, nor is it where the leaf cannot be read. */
Test(delegated_server, of_no_use)
{
    init();
    stapled.delegated.len--;
    expect(false);
    init();
    credentials[0].chain_len = 1;
    credentials[0].chain = &(struct cub_view){leaf.der, leaf.len - 1};
    expect(false);
}

/* A client has none. */
Test(delegated_server, of_a_client)
{
    init();
    client->config.credentials = credentials;
    client->config.num_credentials = 1;
    server->config.verify_mode = CUB_VERIFY_OPTIONAL;
    expect(true);
    cr_assert_null(client->engine.hs->credential);
}

/* Clients that say what ours does not. */
static struct {
    const void *offer; /* SignatureSchemeList for delegated_credential */
    size_t offer_len;
    struct cub_view schemes; /* signature_algorithms; empty: as they are */
} hello;

static void offer(struct peer *from, enum peer_step step, enum peer_moment moment)
{
    if (step != PEER_CLIENT_HELLO)
        return;
    if (moment == PEER_BEFORE && hello.schemes.len > 0)
        from->client_hello.signature_algorithms = hello.schemes;
    if (moment == PEER_ENCODED)
        peer_add_extension(from, 34, hello.offer, hello.offer_len);
}

static void meet(const void *list, size_t len, const char *schemes)
{
    peer_init(&peer, true);
    set_server(&peer.victim);
    hello.offer = list;
    hello.offer_len = len;
    hello.schemes = (struct cub_view){(const uint8_t *)schemes, strlen(schemes)};
    peer.hook = offer;
    peer_run(&peer);
}

/* Each scheme is looked for in its own list: that of the credential's signature in
 * signature_algorithms, that of CertificateVerify in delegated_credential [RFC9345-4.1.1]. */
Test(delegated_server, lists)
{
    meet("\0\2\5\3", 4, "\4\3");
    cr_assert(cub_engine_connected(&peer.victim.engine));
    cr_assert_eq(peer.victim.engine.own_scheme, P384_SHA384);
    meet("\0\2\4\3", 4, "\4\3\5\3");
    cr_assert(cub_engine_connected(&peer.victim.engine));
    cr_assert_eq(peer.victim.engine.own_scheme, P256_SHA256);
}

Test(delegated_server, malformed)
{
    static const struct {
        const char *list;
        size_t len;
    } rows[] = {
        {"",             0},
        {"\0",           1},
        {"\0\0",         2},
        {"\0\1\5",       3},
        {"\0\2\5\3\0",   5},
        {"\0\4\5\3",     4},
        {"\0\3\5\3\4",   5},
        {"\xff\xff\5\3", 4},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        meet(rows[i].list, rows[i].len, "");
        cr_assert_eq(cub_engine_error(&peer.victim.engine), E_DC_OFFER, "row %zu", i);
        cr_assert_eq(peer.alert, ALERT_DECODE_ERROR);
    }
}
