/*
 * Raw public keys instead of certificates.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/extras.h"
#include "tests/handshake/returning.h"
#include "x509/cert.h"

static struct pump *const p = &returning.pump;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

/* The key of each end as SubjectPublicKeyInfo, and the credential with it. */
static struct raw {
    uint8_t spki[600];
    struct cub_view view;
    struct cub_credential credentials[2]; /* the raw key, then what end_init gave */
    unsigned asked;
} raws[2];

static bool owner_keeps;
static uint16_t version;

/* A test that runs in TLS 1.2, then in TLS 1.3. */
#define BOTH_VERSIONS(name)                                                                        \
    static void check_##name(void);                                                                \
    Test(raw_key, name)                                                                            \
    {                                                                                              \
        for (version = CUB_TLS1_2; version <= CUB_TLS1_3; version++)                               \
            check_##name();                                                                        \
    }                                                                                              \
    static void check_##name(void)

/* The peer has the key that it should have. */
static enum cub_error trust(void *owner, struct cub_view *spki)
{
    struct raw *of_peer = &raws[owner == client];

    of_peer->asked++;
    if (spki->len != of_peer->view.len || memcmp(spki->data, of_peer->view.data, spki->len) != 0)
        return E_RAW_KEY_REFUSED;
    if (owner_keeps)
        *spki = of_peer->view;
    return E_OK;
}

static void give_raw_key(enum pump_side side, enum pki_fixture fixture)
{
    struct end *end = side == PUMP_CLIENT ? client : server;
    struct raw *raw = &raws[side];
    struct der_out o = {raw->spki, sizeof raw->spki, 0};

    pki_spki(&o, pki_chain(fixture)->key);
    raw->view = (struct cub_view){raw->spki, o.len};
    raw->credentials[0] = (struct cub_credential){.chain = &raw->view,
                                                  .chain_len = 1,
                                                  .key = &pki_chain(fixture)->key->private_key,
                                                  .is_raw = 1};
    raw->credentials[1] = end->credential;
    end->config.credentials = raw->credentials;
    end->config.num_credentials = 1;
}

/* A server with a raw key and a client that knows it, both without certificates. */
static void init(void)
{
    memset(raws, 0, sizeof raws);
    owner_keeps = false;
    returning_init();
    give_raw_key(PUMP_SERVER, PKI_P256);
    client->config.raw_public_key = trust;
    client->config.verifier = NULL;
    client->config.num_credentials = 0;
    for (unsigned side = 0; side < 2; side++)
        p->ends[side].config.min_version = p->ends[side].config.max_version = version;
}

static void connect_by(bool server_raw, bool client_raw)
{
    pump_handshake(p);
    cr_assert_eq(raws[PUMP_SERVER].asked, server_raw);
    cr_assert_eq(raws[PUMP_CLIENT].asked, client_raw);
    cr_assert_eq(client->engine.hs->proofs, PROOF_CHAIN | PROOF_SIGNATURE | PROOF_FINISHED);
    cr_assert(pump_exchange(p, 1000));
}

/* Every type of key that fits; longer ones if the owner has a copy. */
BOTH_VERSIONS(server)
{
    static const enum pki_fixture fixtures[] = {PKI_P256, PKI_P384, PKI_P521, PKI_RSA2048,
                                                PKI_RSA_PSS};

    for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++) {
        init();
        give_raw_key(PUMP_SERVER, fixtures[i]);
        connect_by(true, false);
    }
    init();
    give_raw_key(PUMP_SERVER, PKI_RSA4096);
    if (version == CUB_TLS1_2)
        end_shrink(client, 16384, 16384, 580);
    returning_fail(PUMP_CLIENT, E_RAW_KEY_TOO_LONG);
    init();
    give_raw_key(PUMP_SERVER, PKI_RSA4096);
    owner_keeps = true;
    connect_by(true, false);
}

static void mutual(void)
{
    init();
    give_raw_key(PUMP_CLIENT, PKI_P384);
    server->config.raw_public_key = trust;
    server->config.verifier = NULL;
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
}

BOTH_VERSIONS(both)
{
    mutual();
    connect_by(true, true);
}

/* Sessions are resumed without keys of either kind. */
BOTH_VERSIONS(resumed)
{
    mutual();
    returning_connect(CUB_PSK_NONE);
    returning_again();
    returning_connect(CUB_PSK_RESUMPTION);
    /* The client is told nevertheless which kind it would be. */
    cr_assert(client->engine.hs->has_raw);
    /* Also if its ClientHello had to be put together, whose memory is in use again by then. */
    returning_again();
    end_shrink(client, 16384, 100, 4096);
    returning_connect(CUB_PSK_RESUMPTION);
    cr_assert(client->engine.hs->has_raw);
}

Test(raw_key, after_the_handshake)
{
    version = CUB_TLS1_3;
    mutual();
    client->config.flags |= CUB_FLAG_POST_HANDSHAKE_AUTH;
    server->config.flags |= CUB_FLAG_POST_HANDSHAKE_AUTH;
    pump_handshake(p);
    cr_assert_eq(raws[PUMP_CLIENT].asked, 0);
    cr_assert_eq(cub_engine_request_certificate(&server->engine), E_OK);
    pump_run(p);
    cr_assert_eq(cub_engine_auth(&server->engine), CUB_AUTH_ANSWERED);
    cr_assert_eq(raws[PUMP_CLIENT].asked, 1);
}

/* One side with a certificate, the other with a key; and who has both shows the key. */
BOTH_VERSIONS(mixed)
{
    init();
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
    client->config.credentials = &client->credential;
    client->config.num_credentials = 1;
    connect_by(true, false);
    cr_assert(server->engine.hs->peer_has_cert);

    init();
    client->config.verifier = &cub_chain_verifier;
    server->config.num_credentials = 2;
    connect_by(true, false);

    /* Or the certificate, if that comes first; and a client can prefer them, too. */
    init();
    client->config.verifier = &cub_chain_verifier;
    client->config.flags |= CUB_FLAG_PREFER_X509;
    raws[PUMP_SERVER].credentials[1] = raws[PUMP_SERVER].credentials[0];
    raws[PUMP_SERVER].credentials[0] = server->credential;
    server->config.num_credentials = 2;
    connect_by(false, false);

    mutual();
    client->config.num_credentials = 2;
    server->config.verifier = &cub_chain_verifier;
    connect_by(true, true);
    mutual();
    client->config.num_credentials = 2;
    server->config.verifier = &cub_chain_verifier;
    server->config.flags |= CUB_FLAG_PREFER_X509;
    connect_by(true, false);
    cr_assert(server->engine.hs->peer_has_cert);

    /* Who is not asked for a key is not told what kind it should be of [RFC7250-4.2]. */
    mutual();
    server->config.verify_mode = CUB_VERIFY_NONE;
    connect_by(true, false);
    cr_assert_not(client->engine.hs->takes_raw);

    /* A client that knows no such keys. */
    init();
    client->config.verifier = &cub_chain_verifier;
    client->config.raw_public_key = NULL;
    server->config.num_credentials = 2;
    connect_by(false, false);

    /* A server that has none. */
    init();
    client->config.verifier = &cub_chain_verifier;
    server->config.credentials = &server->credential;
    connect_by(false, false);
}

static bool suits_nobody(const struct cub_engine *e, const struct cub_credential *credential,
                         struct cub_accepted *accepted)
{
    (void)e, (void)credential, (void)accepted;
    return false;
}

/* A key that is not shown after all. */
BOTH_VERSIONS(declined)
{
    mutual();
    raws[PUMP_CLIENT].credentials[0].suits = suits_nobody;
    server->config.verify_mode = CUB_VERIFY_OPTIONAL;
    connect_by(true, false);
    cr_assert_not(server->engine.hs->peer_has_cert);

    mutual();
    raws[PUMP_CLIENT].credentials[0].suits = suits_nobody;
    if (version == CUB_TLS1_2)
        returning_fail(PUMP_SERVER, E_CERT_REQUIRED12);
    else
        returning_fail(PUMP_SERVER, E_CERT_REQUIRED);
}

BOTH_VERSIONS(optional)
{
    mutual();
    client->config.num_credentials = 0;
    server->config.verifier = &cub_chain_verifier;
    server->config.verify_mode = CUB_VERIFY_OPTIONAL;
    connect_by(true, false);
}

/* What does not fit together. */

static enum cub_error trust_nobody(void *owner, struct cub_view *spki)
{
    (void)owner, (void)spki;
    return E_RAW_KEY_REFUSED;
}

BOTH_VERSIONS(refused)
{
    static const struct cub_view twice[2] = {
        {raws[PUMP_SERVER].spki, 91},
        {raws[PUMP_SERVER].spki, 91}
    };

    init();
    client->config.raw_public_key = trust_nobody;
    returning_fail(PUMP_CLIENT, E_RAW_KEY_REFUSED);

    /* The known key, without the private one that belongs to it. */
    init();
    raws[PUMP_SERVER].credentials[0].key = &pki_chain(PKI_CLIENT)->key->private_key;
    if (pki_chain(PKI_CLIENT)->key_id == pki_chain(PKI_P256)->key_id)
        raws[PUMP_SERVER].credentials[0].key = &pki_key(PKI_KEY_CA)->private_key;
    returning_fail(PUMP_CLIENT, E_CRYPTO_SIGNATURE);

    /* Two keys, for which TLS 1.2 has no form. */
    init();
    cr_assert_eq(raws[PUMP_SERVER].view.len, 91);
    raws[PUMP_SERVER].credentials[0].chain = twice;
    raws[PUMP_SERVER].credentials[0].chain_len = 2;
    returning_fail(PUMP_CLIENT, version == CUB_TLS1_2 ? E_DECODE_CERTIFICATE : E_RAW_KEY_LIST);

    /* No key at all. */
    init();
    raws[PUMP_SERVER].view.len = 90;
    returning_fail(PUMP_CLIENT, E_DECODE_RAW_KEY);
    init();
    raws[PUMP_SERVER].view.len = 0;
    returning_fail(PUMP_CLIENT, version == CUB_TLS1_2 ? E_CERT_EMPTY : E_DECODE_CERTIFICATE);
}

/* No kind in common, as the server sees it and as the client does. */
BOTH_VERSIONS(nothing_in_common)
{
    static struct cub_profile plain;

    init();
    server->config.credentials = &server->credential;
    returning_fail(PUMP_SERVER, E_CH_CERT_TYPE);

    init();
    client->config.verifier = &cub_chain_verifier;
    client->config.raw_public_key = NULL;
    returning_fail(PUMP_SERVER, E_CH_NO_CERT_TYPE);
    cr_expect_eq(cub_engine_alert_sent(&server->engine), ALERT_HANDSHAKE_FAILURE);

    /* A server that never heard of it. */
    init();
    plain = cub_profile_full;
    plain.extras = NULL;
    server->config.profile = &plain;
    server->config.credentials = &server->credential;
    returning_fail(PUMP_CLIENT, E_EE_NO_CERT_TYPE);

    mutual();
    server->config.raw_public_key = NULL;
    server->config.verifier = &cub_chain_verifier;
    returning_fail(PUMP_SERVER, E_CH_CERT_TYPE);

    /* A client that has certificates alone, and says nothing of kinds. */
    mutual();
    client->config.credentials = &client->credential;
    returning_fail(PUMP_SERVER, E_CH_CERT_TYPE);
}

/* Extensions that are malformed, on both sides. */

static const uint8_t *body;
static size_t body_len;
static uint8_t wanted;

/* Replaces the body of an extension of a ClientHello, which the handshake does not survive. */
static void spoil(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    uint8_t *at;

    (void)pump, (void)from;
    if (!returning_is(record, CUB_CLIENT_HELLO))
        return;
    for (at = record->bytes + 9; at < record->bytes + record->len - 4; at++)
        if (at[0] == 0 && at[1] == wanted && at[2] == 0 && at[3] == body_len && at[4] <= 2)
            break;
    cr_assert_lt(at, record->bytes + record->len - 4);
    memcpy(at + 4, body, body_len);
}

static void fail_by(const uint8_t *bytes, size_t len, enum cub_error error)
{
    body = bytes;
    body_len = len;
    for (wanted = 19; wanted <= 20; wanted++) {
        mutual();
        p->hook = spoil;
        returning_fail(PUMP_SERVER, error);
    }
}

BOTH_VERSIONS(malformed)
{
    static const uint8_t too_short[] = {2, 2}, x509_alone[] = {1, 0};

    fail_by(too_short, 2, E_DECODE_CERT_TYPE);
    fail_by(x509_alone, 2, E_CH_CERT_TYPE_ALONE);
}

/* Servers with answers that make no sense. */
static enum cub_extension answer_in;
static uint8_t answer_len, answer_type;

static void answer_badly(const struct cub_engine *e, struct wr *w)
{
    (void)e;
    cub_extension_head(w, answer_in, answer_len);
    for (uint8_t i = 0; i < answer_len; i++)
        wr_uint(w, 1, answer_type);
}

static void fail_by_answer(enum cub_error error)
{
    static struct cub_profile profile;
    static struct cub_extras extras;

    for (answer_in = EXT_CLIENT_CERTIFICATE_TYPE; answer_in <= EXT_SERVER_CERTIFICATE_TYPE;
         answer_in++) {
        mutual();
        profile = cub_profile_full;
        extras = cub_extras13;
        extras.answer = answer_badly;
        profile.extras = &extras;
        server->config.profile = &profile;
        returning_fail(PUMP_CLIENT, error);
    }
}

BOTH_VERSIONS(bad_answers)
{
    /* A type that does not exist: not at all, once, twice. */
    answer_type = 5;
    for (answer_len = 0; answer_len <= 2; answer_len++)
        fail_by_answer(answer_len == 1 ? E_EE_CERT_TYPE : E_DECODE_CERT_TYPE);
    /* One that was not offered. */
    answer_type = 0;
    answer_len = 1;
    fail_by_answer(E_EE_CERT_TYPE);
}

/* TLS 1.2. */

/* The key, and nothing around it [RFC7250-3]. */
static void look_at_form(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    static const uint8_t head[] = {11, 0, 0, 94, 0, 0, 91};

    (void)pump, (void)from;
    if (!returning_is(record, CUB_CERTIFICATE))
        return;
    cr_assert_geq(record->len, 5 + sizeof head + 91);
    cr_assert_arr_eq(record->bytes + 5, head, sizeof head);
    cr_assert_arr_eq(record->bytes + 5 + sizeof head, raws[PUMP_SERVER].spki, 91);
}

Test(raw_key, form_of_tls12)
{
    version = CUB_TLS1_2;
    init();
    p->hook = look_at_form;
    connect_by(true, false);
}

/* The key encrypts. */
Test(raw_key, static_rsa)
{
    static const struct cub_suite *const suites[] = {&cub_suite_rsa_aes_128_gcm_sha256, NULL};

    version = CUB_TLS1_2;
    for (unsigned knows = 0; knows < 2; knows++) {
        init();
        give_raw_key(PUMP_SERVER, PKI_RSA_DECRYPT);
        for (unsigned side = 0; side < 2; side++) {
            p->ends[side].config.profile = &cub_profile_all;
            p->ends[side].config.suites = suites;
        }
        if (knows) {
            connect_by(true, false);
        } else {
            client->config.raw_public_key = NULL;
            client->config.verifier = &cub_chain_verifier;
            returning_fail(PUMP_SERVER, E_CH_NO_CERT_TYPE);
        }
    }
}

static const uint8_t psk[32] = {1};

static bool to_offer(void *owner, unsigned i, struct cub_psk *key)
{
    (void)owner;
    key->identity = key->key = (struct cub_view){psk, sizeof psk};
    return i == 0;
}

static enum cub_error for_identity(void *owner, struct cub_view identity, struct cub_psk *key)
{
    (void)owner, (void)identity;
    key->key = (struct cub_view){psk, sizeof psk};
    return E_OK;
}

/* No kind of certificate in common, and none needed. */
Test(raw_key, psk_suite)
{
    static const struct cub_suite *const suites[] = {&cub_suite_ecdhe_ecdsa_aes_128_gcm_sha256,
                                                     &cub_suite_psk_aes_128_gcm_sha256, NULL};

    version = CUB_TLS1_2;
    mutual();
    client->config.psk_to_offer = to_offer;
    client->config.credentials = &client->credential;
    server->config.psk_for_identity = for_identity;
    server->config.credentials = &server->credential;
    for (unsigned side = 0; side < 2; side++) {
        p->ends[side].config.profile = &cub_profile_all;
        p->ends[side].config.suites = suites;
    }
    pump_handshake(p);
    cr_assert_eq(raws[PUMP_SERVER].asked + raws[PUMP_CLIENT].asked, 0);
    cr_assert_eq(cub_engine_psk(&client->engine), CUB_PSK_EXTERNAL);
}
