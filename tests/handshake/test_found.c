/*
 * What BoringSSL's runner found and no other test asks about: see tests/bogo/README.md.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "handshake/extension.h"
#include "handshake/handshake.h"
#include "tests/handshake/returning.h"

static struct returning *const r = &returning;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

static unsigned hellos;      /* of the client */
static bool is_protected[2]; /* records came that are, from each side */
static unsigned late;        /* ChangeCipherSpecs behind those */

static void look(struct pump *p, enum pump_side from, struct pump_record *record)
{
    unsigned expected = 0x0303;

    (void)p;
    if (from == PUMP_CLIENT && returning_is(record, CUB_CLIENT_HELLO) && hellos++ == 0)
        expected = 0x0301;
    cr_expect_eq(cub_load_be16(record->bytes + 1), expected, "record %u of side %d",
                 p->records[from], from);
    if (record->bytes[0] == CUB_APPLICATION_DATA)
        is_protected[from] = true;
    else if (record->bytes[0] == CUB_CHANGE_CIPHER_SPEC)
        late += is_protected[from];
}

static void begin_to_look(void)
{
    hellos = late = 0;
    is_protected[PUMP_CLIENT] = is_protected[PUMP_SERVER] = false;
    r->pump.hook = look;
}

static const struct cub_group *const p384[] = {&cub_group_secp384r1, NULL};

/* The first ClientHello says 0x0301 and no other record does [RFC8446-5.1]; ChangeCipherSpec goes
 * before all that is protected [RFC8446-D.4]. */
Test(found, records_of_a_handshake)
{
    for (unsigned i = 0; i < 6; i++) {
        returning_init();
        client->config.min_version = client->config.max_version = i & 1 ? CUB_TLS1_3 : CUB_TLS1_2;
        server->config.min_version = CUB_TLS1_2;
        if (i / 2 == 1)
            server->config.groups = p384;
        if (i / 2 == 2) {
            returning_connect(CUB_PSK_NONE);
            returning_again();
        }
        begin_to_look();
        returning_connect(i / 2 == 2 ? CUB_PSK_RESUMPTION : CUB_PSK_NONE);
        cr_expect_eq(hellos, i == 3 ? 2 : 1, "%u", i);
        cr_expect_eq(late, 0, "%u", i);
    }
}

static enum cub_error claim(void *context, void *owner, const struct cub_first_flight *flight)
{
    (void)context, (void)owner, (void)flight;
    return E_OK;
}

/* The second ClientHello comes when early data went before it. */
Test(found, hello_behind_rejected_early_data)
{
    static const struct cub_replay_store store = {claim, NULL};

    returning_init();
    client->config.profile = server->config.profile = &cub_profile_full;
    client->config.groups = server->config.groups = NULL;
    client->config.max_early_data = server->config.max_early_data = 1000;
    server->config.replay_store = &store;
    returning_connect(CUB_PSK_NONE);
    returning_again();
    server->config.groups = p384;
    client->to_send = 100;
    hellos = 0;
    r->pump.hook = look;
    pump_start(&r->pump);
    pump_run(&r->pump);
    cr_expect_eq(hellos, 2);
    cr_expect_eq(cub_engine_early_data(&client->engine), CUB_EARLY_REJECTED);
}

/* A ServerHello of TLS 1.2 goes in the clear. */
static bool confirmed12;

static void read_hello(struct pump *p, enum pump_side from, struct pump_record *record)
{
    struct cub_server_hello hello;
    struct rd body;

    (void)p, (void)from;
    if (!returning_is(record, CUB_SERVER_HELLO))
        return;
    /* Other messages may follow in the record. */
    rd_init(&body, record->bytes + 9, cub_load_be24(record->bytes + 6));
    cr_assert_eq(cub_server_hello_decode(&body, &hello), E_OK);
    confirmed12 = false;
    for (size_t at = 0; at + 4 <= hello.extensions.len;
         at += 4 + cub_load_be16(hello.extensions.data + at + 2)) {
        if (cub_load_be16(hello.extensions.data + at) == 0)
            confirmed12 = true;
    }
}

static bool name_is_confirmed(void)
{
    if (client->engine.version == CUB_TLS1_2)
        return confirmed12;
    return (client->engine.hs->answered & EXT_BIT(EXT_SERVER_NAME)) != 0;
}

/* A connection whose server knows the name that it was asked for. */
static void connect_by_name(enum cub_psk_kind kind)
{
    server->config.flags |= CUB_FLAG_HELLO_WAIT;
    r->pump.hook = read_hello;
    pump_start(&r->pump);
    pump_run(&r->pump);
    cr_assert_eq(cub_engine_waits(&server->engine), CUB_WAIT_HELLO);
    cub_engine_accept_sni(&server->engine);
    cub_engine_resume(&server->engine);
    pump_run(&r->pump);
    cr_assert(cub_engine_connected(&client->engine));
    cr_assert_eq(cub_engine_psk(&client->engine), kind);
    cr_assert(pump_exchange(&r->pump, 1000));
}

/* The name is confirmed, but not when a session is resumed [RFC6066-3]. */
Test(found, name_confirmed_once)
{
    for (uint16_t version = CUB_TLS1_2; version <= CUB_TLS1_3; version++) {
        returning_init();
        client->config.min_version = client->config.max_version = version;
        server->config.min_version = server->config.max_version = version;
        connect_by_name(CUB_PSK_NONE);
        cr_expect(name_is_confirmed());
        returning_again();
        connect_by_name(CUB_PSK_RESUMPTION);
        cr_expect_not(name_is_confirmed());
    }
}

/* A client of TLS 1.2 that has never heard of extensions gets a ServerHello without. */
static size_t hello_len;

static void no_extensions(struct cub_client_hello *hello)
{
    hello->present = 0;
}

static void strip(struct pump *p, enum pump_side from, struct pump_record *record)
{
    if (from == PUMP_CLIENT)
        returning_edit_client_hello(p, from, record);
    else if (returning_is(record, CUB_SERVER_HELLO))
        hello_len = cub_load_be24(record->bytes + 6) - record->bytes[9 + 34];
}

Test(found, hello_without_extensions)
{
    static const struct cub_suite *const suites[] = {&cub_suite_rsa_aes_128_gcm_sha256, NULL};

    returning_init();
    end_use_chain(server, PKI_RSA2048);
    for (unsigned side = 0; side < 2; side++) {
        struct cub_config *config = &r->pump.ends[side].config;

        config->profile = &cub_profile_all;
        config->suites = suites;
        config->min_version = config->max_version = CUB_TLS1_2;
    }
    r->change_client = no_extensions;
    r->pump.hook = strip;
    pump_start(&r->pump);
    pump_run(&r->pump);
    cr_expect_eq(hello_len, 2 + 32 + 1 + 2 + 1);
}
