/*
 * The client and its pre-shared keys: what it offers, and what it takes for an answer.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "handshake/handshake.h"
#include "handshake/server_hello.h"
#include "tests/handshake/returning.h"

static struct returning *const r = &returning;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

static const struct cub_suite *const sha256_only[] = {&cub_suite_aes_128_gcm_sha256, NULL};

/* The client's own reasons not to offer a session. */
Test(psk_client13, client_does_not_offer)
{
    uint8_t binding = 1;

    for (unsigned i = 0; i < 9; i++) {
        returning_first();
        switch (i) {
        case 0:
            r->now[PUMP_CLIENT] += 7200 * 1000;
            break;
        case 1:
            client->setup.server_name = "a.wild.example";
            end_use_chain(server, PKI_P256);
            break;
        case 2:
            r->offered.verify_mode = CUB_VERIFY_NONE;
            break;
        case 3:
            client->config.session_binding = (struct cub_view){&binding, 1};
            break;
        case 4:
            client->config.suites = sha256_only;
            break;
        case 5:
            client->config.now = NULL;
            break;
        case 6:
            r->offered.version = CUB_TLS1_2;
            break;
        case 7:
            r->offered.ticket.len = 0;
            break;
        default:
            r->offered.secret.len = 32;
        }
        returning_connect(CUB_PSK_NONE);
        cr_assert_not(client->engine.hs->offered & EXT_BIT(EXT_PRE_SHARED_KEY), "%u", i);
    }
}

/* A ticket counts until the last millisecond. */
Test(psk_client13, client_lifetime)
{
    returning_first();
    r->now[PUMP_CLIENT] += 7200 * 1000 - 1;
    returning_connect(CUB_PSK_RESUMPTION);
}

static void other_identity(struct cub_server_hello *hello)
{
    hello->selected_identity = 1;
}

static void other_hash(struct cub_server_hello *hello)
{
    hello->cipher_suite = 0x1301;
}

static void no_share(struct cub_server_hello *hello)
{
    hello->present &= ~(uint32_t)EXT_BIT(EXT_KEY_SHARE);
}

static void add_psk(struct cub_server_hello *hello)
{
    hello->present |= (uint32_t)EXT_BIT(EXT_PRE_SHARED_KEY);
}

Test(psk_client13, bad_server_hello)
{
    static const struct {
        void (*change)(struct cub_server_hello *hello);
        enum cub_error expected;
    } cases[] = {
        {other_identity, E_SH_PSK_IDENTITY    },
        {other_hash,     E_SH_PSK_HASH        },
        {no_share,       E_SH_PSK_NO_KEY_SHARE},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        returning_first();
        r->change_server = cases[i].change;
        r->pump.hook = returning_edit_server_hello;
        pump_start(&r->pump);
        pump_run(&r->pump);
        cr_assert_eq(cub_engine_error(&client->engine), cases[i].expected);
        cr_assert_eq(cub_engine_alert_sent(&client->engine), ALERT_ILLEGAL_PARAMETER);
    }
    /* A key that nobody offered. */
    returning_init();
    r->change_server = add_psk;
    r->pump.hook = returning_edit_server_hello;
    pump_start(&r->pump);
    pump_run(&r->pump);
    cr_assert_eq(cub_engine_error(&client->engine), E_EXT_UNSOLICITED);
}

/* The server leaves the key alone; the client knows the server by its certificate then. */
Test(psk_client13, server_without)
{
    returning_first();
    server->config.session_store = NULL;
    returning_connect(CUB_PSK_NONE);
}

/* A profile without: nothing is offered, tickets are passed over. */
Test(psk_client13, client_without)
{
    struct cub_profile profile = cub_profile_full;

    profile.psk_client = NULL;
    profile.session_client = NULL;
    returning_first();
    client->config.profile = &profile;
    returning_connect(CUB_PSK_NONE);
    cr_assert_eq(r->count, 2);
    cr_assert_not(client->engine.hs->offered & EXT_BIT(EXT_PSK_KEY_EXCHANGE_MODES));
}

/* The age is what the client sees, obfuscated. */
static uint32_t age_on_wire;

static void read_age(struct pump *p, enum pump_side from, struct pump_record *record)
{
    (void)p, (void)from;
    if (returning_is(record, CUB_CLIENT_HELLO))
        age_on_wire = cub_load_be32(record->bytes + record->len - 51 - 4);
}

Test(psk_client13, obfuscated_age)
{
    returning_first();
    r->now[PUMP_CLIENT] += 123456;
    r->pump.hook = read_age;
    returning_connect(CUB_PSK_RESUMPTION);
    cr_assert_eq(age_on_wire, r->offered.age_add + 123456);
}
