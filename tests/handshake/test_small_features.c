/*
 * All that goes beside a plain handshake, with the shortest tags (CCM_8) and in records as small as
 * they may be [RFC8449-4].
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/handshake.h"
#include "handshake/strike.h"
#include "tests/handshake/returning.h"

#define MESSAGES 1500 /* bytes of handshake memory besides what the profile needs */

static struct pump *const p = &returning.pump;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

static const struct cub_suite *const suites[] = {&cub_suite_aes_128_ccm_8_sha256,
                                                 &cub_suite_ecdhe_ecdsa_aes_128_ccm_8,
                                                 &cub_suite_psk_aes_128_ccm_8, NULL};
static const struct cub_group *const curves[] = {&cub_group_x25519, &cub_group_secp256r1, NULL};
static const struct cub_group *const no_groups[] = {NULL};
static struct cub_strike entries[CUB_STRIKE_WAYS];
static struct cub_strike_register strikes = {entries, CUB_STRIKE_WAYS, 0};
static const struct cub_replay_store replays = {cub_strike_claim, &strikes};
static uint16_t version;

/* External keys. */

static bool offer_psk(void *owner, unsigned i, struct cub_psk *psk)
{
    static const uint8_t key[32] = "a key of thirty-two bytes shared";

    (void)owner;
    psk->identity = (struct cub_view){(const uint8_t *)"device", 6};
    psk->key = (struct cub_view){key, sizeof key};
    psk->hash = &cub_sha256;
    return i == 0;
}

static enum cub_error find_psk(void *owner, struct cub_view identity, struct cub_psk *psk)
{
    return identity.len == 6 && offer_psk(owner, 0, psk) ? E_OK : E_SESSION_UNKNOWN;
}

static void external_key(void)
{
    client->config.psk_to_offer = offer_psk;
    server->config.psk_for_identity = find_psk;
    client->config.num_credentials = server->config.num_credentials = 0;
}

/* Compression that does nothing, in memory of each side. */

static uint8_t messages[2][4096];

static uint8_t *memory(void *context, void *owner, size_t len)
{
    (void)context;
    return len <= sizeof messages[0] ? messages[owner == server] : NULL;
}

static struct cub_view compress(void *context, void *owner, const uint8_t *message, size_t len)
{
    (void)context, (void)owner;
    return (struct cub_view){message, len};
}

static bool decompress(void *context, void *owner, struct cub_view in, uint8_t *message, size_t len)
{
    (void)context, (void)owner;
    if (in.len == len)
        memcpy(message, in.data, len);
    return in.len == len;
}

static const struct cub_compression copy = {0x1234, memory, compress, decompress, NULL};
static const struct cub_compression *const copies[] = {&copy, NULL};

static void compression(void)
{
    client->config.compressions = server->config.compressions = copies;
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
}

/* Raw public keys. */

static uint8_t spkis[2][128];
static struct cub_view spki_views[2];
static struct cub_credential raw_credentials[2];

static enum cub_error trust(void *owner, struct cub_view *spki)
{
    const struct cub_view *expected = &spki_views[owner == client ? PUMP_SERVER : PUMP_CLIENT];

    return spki->len == expected->len && memcmp(spki->data, expected->data, spki->len) == 0
               ? E_OK
               : E_RAW_KEY_REFUSED;
}

static void raw_keys(void)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct pki_key *key = pki_chain(side == PUMP_CLIENT ? PKI_CLIENT : PKI_P256)->key;
        struct der_out o = {spkis[side], sizeof spkis[side], 0};
        struct cub_config *config = &p->ends[side].config;

        pki_spki(&o, key);
        spki_views[side] = (struct cub_view){spkis[side], o.len};
        raw_credentials[side] = (struct cub_credential){.chain = &spki_views[side],
                                                        .chain_len = 1,
                                                        .key = &key->private_key,
                                                        .is_raw = 1};
        config->credentials = &raw_credentials[side];
        config->num_credentials = 1;
        config->raw_public_key = trust;
        config->verifier = NULL;
    }
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
}

/* Others. */

static void nothing(void) {}

static void client_auth(void)
{
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
}

static void without_exchange(void)
{
    client->config.flags |= CUB_FLAG_PSK_KE;
    server->config.flags |= CUB_FLAG_PSK_KE;
    if (returning.count > 0)
        client->config.groups = no_groups;
}

static void early_data(void)
{
    client->config.max_early_data = server->config.max_early_data = 16384;
    server->config.replay_store = &replays;
    if (returning.count > 0)
        client->to_send = 3000;
}

static void afterwards(void)
{
    client->config.flags |= CUB_FLAG_POST_HANDSHAKE_AUTH;
    server->config.flags |= CUB_FLAG_POST_HANDSHAKE_AUTH;
}

static const struct feature {
    const char *name;
    void (*prepare)(void);
    enum cub_psk_kind kind; /* of the connection that counts: a resumed one is the second */
    bool afterwards;        /* the client is asked for its certificate after the handshake */
    uint16_t from;          /* version */
} features[] = {
    {"certificates",                    nothing,          CUB_PSK_NONE,       false, CUB_TLS1_2},
    {"client certificates",             client_auth,      CUB_PSK_NONE,       false, CUB_TLS1_2},
    {"raw keys",                        raw_keys,         CUB_PSK_NONE,       false, CUB_TLS1_2},
    {"compression",                     compression,      CUB_PSK_NONE,       false, CUB_TLS1_2},
    {"external key",                    external_key,     CUB_PSK_EXTERNAL,   false, CUB_TLS1_2},
    {"resumed",                         nothing,          CUB_PSK_RESUMPTION, false, CUB_TLS1_2},
    {"resumed, client certificates",    client_auth,      CUB_PSK_RESUMPTION, false, CUB_TLS1_2},
    {"resumed, raw keys",               raw_keys,         CUB_PSK_RESUMPTION, false, CUB_TLS1_2},
    {"resumed, without exchange",       without_exchange, CUB_PSK_RESUMPTION, false, CUB_TLS1_3},
    {"early data",                      early_data,       CUB_PSK_RESUMPTION, false, CUB_TLS1_3},
    {"client certificates, afterwards", client_auth,      CUB_PSK_NONE,       true,  CUB_TLS1_3},
    {"compression, afterwards",         compression,      CUB_PSK_NONE,       true,  CUB_TLS1_3},
    {"raw keys, afterwards",            raw_keys,         CUB_PSK_NONE,       true,  CUB_TLS1_3},
};

static unsigned longest;

static void measure(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    (void)pump, (void)from;
    if (record->bytes[0] == CUB_APPLICATION_DATA && record->len > longest)
        longest = (unsigned)record->len;
}

static void set_up(const struct feature *f, size_t content)
{
    for (unsigned side = 0; side < 2; side++) {
        struct cub_config *config = &p->ends[side].config;

        config->profile = &cub_profile_all;
        config->min_version = config->max_version = version;
        config->suites = suites;
        config->groups = curves;
        end_shrink(&p->ends[side], content, content, MESSAGES);
    }
    f->prepare();
    if (f->afterwards)
        afterwards();
    longest = 0;
    p->hook = measure;
}

/* The server asks, the client answers. */
static void ask(void)
{
    cr_assert_eq(cub_engine_request_certificate(&server->engine), E_OK);
    pump_run(p);
    cr_assert_eq(cub_engine_auth(&server->engine), CUB_AUTH_ANSWERED);
}

static void try(const struct feature *f, size_t content)
{
    /* A tag of eight bytes, and room for a type; in TLS 1.2, where there is none, for a byte more
     * and the explicit part of the nonce. */
    unsigned expected = (unsigned)(5 + content + 1 + 8 + (version == CUB_TLS1_3 ? 0 : 8));

    memset(entries, 0, sizeof entries);
    returning_init();
    set_up(f, content);
    if (f->kind == CUB_PSK_RESUMPTION) {
        returning_connect(CUB_PSK_NONE);
        returning_again();
        set_up(f, content);
    }
    pump_start(p);
    pump_run(p);
    cr_assert(cub_engine_connected(&client->engine) && cub_engine_connected(&server->engine),
              "%s, %zu bytes: %s, %s", f->name, content,
              cub_error_info(cub_engine_error(&client->engine))->name,
              cub_error_info(cub_engine_error(&server->engine))->name);
    cr_assert_eq(cub_engine_psk(&server->engine), f->kind, "%s, %zu bytes", f->name, content);
    cr_assert_eq(client->engine.suite->aead->tag_size, 8);
    if (f->afterwards)
        ask();
    cr_assert(pump_exchange(p, 2000), "%s, %zu bytes", f->name, content);
    cr_assert_eq(longest, expected, "%s, %zu bytes: a record of %u", f->name, content, longest);
    if (f->prepare == early_data) {
        cr_assert_eq(cub_engine_early_data(&server->engine), CUB_EARLY_ACCEPTED);
        cr_assert_eq(server->received, 5000);
    }
}

static void try_all(uint16_t which)
{
    static const size_t contents[] = {512, 200, 64};

    version = which;
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        for (size_t j = 0; version >= features[i].from && j < sizeof contents / sizeof *contents;
             j++)
            try(&features[i], contents[j]);
}

Test(small_features, tls13)
{
    try_all(CUB_TLS1_3);
}

Test(small_features, tls12)
{
    try_all(CUB_TLS1_2);
}
