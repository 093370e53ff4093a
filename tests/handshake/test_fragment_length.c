/*
 * max_fragment_length, for peers that do not know record_size_limit; both versions, both roles.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/handshake.h"
#include "handshake/messages12.h"
#include "tests/handshake/server_hello12.h"
#include "tests/handshake/returning.h"

static struct returning *const r = &returning;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

static const uint16_t versions[] = {CUB_TLS1_2, CUB_TLS1_3};

static void init(uint16_t version, size_t content)
{
    returning_init();
    for (unsigned side = 0; side < 2; side++)
        r->pump.ends[side].config.min_version = r->pump.ends[side].config.max_version = version;
    end_shrink(client, content, 16384, 4096);
}

/* What a buffer asks for: the most that fits. */
Test(fragment_length, offer)
{
    static const struct {
        size_t content;
        uint8_t code;
    } sizes[] = {
        {400,   0},
        {511,   0},
        {512,   1},
        {1023,  1},
        {1024,  2},
        {2048,  3},
        {4095,  3},
        {4096,  4},
        {16383, 4},
        {16384, 0},
    };

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        init(CUB_TLS1_3, sizes[i].content);
        pump_handshake(&r->pump);
        cr_assert_eq(cub_own_fragment_length(&client->engine), sizes[i].code);
        cr_assert_eq((client->engine.hs->offered & EXT_BIT(EXT_MAX_FRAGMENT_LENGTH)) != 0,
                     sizes[i].code != 0);
        /* This server knows the better one [RFC8449-5]. */
        cr_assert_eq(server->engine.hs->max_fragment_length, 0);
        cr_assert_eq(server->engine.out.limit, sizes[i].content);
    }
}

/* A client that has not heard of record_size_limit: its extension is turned into one that nobody
 * knows, and the transcripts part; what the server took and says is to be seen. */
static uint8_t asked;

static void old_client(struct cub_client_hello *hello)
{
    hello->present &= ~(uint32_t)EXT_BIT(EXT_RECORD_SIZE_LIMIT);
    hello->present |= (uint32_t)EXT_BIT(EXT_MAX_FRAGMENT_LENGTH);
    hello->max_fragment_length = asked;
}

Test(fragment_length, server_keeps_to_it)
{
    for (unsigned v = 0; v < 2; v++) {
        for (asked = 1; asked <= 4; asked++) {
            init(versions[v], 256u << asked);
            r->change_client = old_client;
            r->pump.hook = returning_edit_client_hello;
            pump_start(&r->pump);
            pump_run(&r->pump);
            cr_assert(returning_saw(PUMP_SERVER, CUB_SERVER_HELLO, true));
            cr_assert_eq(server->engine.out.limit, 256u << asked);
            cr_assert_eq(server->engine.hs->max_fragment_length, asked);
        }
    }
}

Test(fragment_length, no_such_length)
{
    for (unsigned v = 0; v < 2; v++) {
        for (unsigned i = 0; i < 2; i++) {
            init(versions[v], 512);
            asked = i ? 5 : 0;
            r->change_client = old_client;
            r->pump.hook = returning_edit_client_hello;
            returning_fail(PUMP_SERVER, E_MAX_FRAGMENT_LENGTH);
            cr_assert_eq(cub_engine_alert_sent(&server->engine), ALERT_ILLEGAL_PARAMETER);
        }
    }
}

/* What a server of TLS 1.2 answers, changed on its way. */
static struct {
    uint8_t code;
    bool beside;
} answer;

static void edit_answer(struct pump *p, enum pump_side from, struct pump_record *record)
{
    static uint8_t message[4096];
    struct cub_server_hello hello;
    struct server_hello12 extensions;
    struct rd body;
    size_t len;
    struct wr w;

    (void)p;
    if (from != PUMP_SERVER || !returning_is(record, CUB_SERVER_HELLO))
        return;
    len = (size_t)record->bytes[7] << 8 | record->bytes[8];
    rd_init(&body, record->bytes + 9, len);
    cr_assert_eq(cub_server_hello_decode(&body, &hello), E_OK);
    cr_assert_eq(server_hello12_extensions(hello.extensions, UINT32_MAX, &extensions), E_OK);
    extensions.present |= (uint32_t)EXT_BIT(EXT_MAX_FRAGMENT_LENGTH);
    extensions.max_fragment_length = answer.code;
    if (!answer.beside)
        extensions.present &= ~(uint32_t)EXT_BIT(EXT_RECORD_SIZE_LIMIT);
    wr_init(&w, message, sizeof message);
    server_hello12_encode(&w, &hello, &extensions);
    memmove(message + w.pos, record->bytes + 9 + len, record->len - 9 - len);
    returning_replace(record, message, w.pos + record->len - 9 - len);
}

static void answered(uint8_t code, bool beside, size_t content)
{
    init(CUB_TLS1_2, content);
    answer.code = code;
    answer.beside = beside;
    r->pump.hook = edit_answer;
}

Test(fragment_length, client_keeps_to_it)
{
    answered(2, false, 1024);
    pump_start(&r->pump);
    pump_run(&r->pump);
    cr_assert(returning_saw(PUMP_CLIENT, CUB_CLIENT_KEY_EXCHANGE, true));
    cr_assert_eq(client->engine.out.limit, 1024);
}

Test(fragment_length, wrong_answers)
{
    answered(1, false, 1024); /* another one */
    returning_fail(PUMP_CLIENT, E_MAX_FRAGMENT_LENGTH);
    answered(2, true, 1024); /* both */
    returning_fail(PUMP_CLIENT, E_RECORD_LIMIT_TWICE);
    answered(2, false, 16384); /* unasked */
    returning_fail(PUMP_CLIENT, E_EXT_UNSOLICITED);
}
