/*
 * The server and pre-shared keys: which it takes, and what it says to wrong ones.
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

static const struct cub_suite *const sha256_first[] = {&cub_suite_aes_128_gcm_sha256,
                                                       &cub_suite_aes_256_gcm_sha384, NULL};
static const struct cub_suite *const sha256_only[] = {&cub_suite_aes_128_gcm_sha256, NULL};

static void rotate_keys(uint8_t c)
{
    uint8_t key[CUB_TICKET_KEY_SIZE];

    memset(key, c, sizeof key);
    cub_ticket_keys_rotate(&r->keys, key);
}

static enum cub_error open_garbage(void *context, void *owner, uint8_t *buffer, size_t *len,
                                   size_t size)
{
    (void)context, (void)owner, (void)size;
    memset(buffer, 1, *len);
    return E_OK;
}

/* The server's reasons to handshake in full, though the client offers the ticket. */
Test(psk_server13, server_does_not_resume)
{
    static uint8_t ticket[4096];
    uint8_t binding = 1;

    for (unsigned i = 0; i < 12; i++) {
        returning_first();
        memcpy(ticket, r->offered.ticket.data, r->offered.ticket.len);
        switch (i) {
        case 0: /* expired */
            r->now[PUMP_SERVER] += 7200 * 1000;
            break;
        case 1: /* from the future */
            r->now[PUMP_SERVER] -= 60 * 1000;
            break;
        case 2: /* from a key that is forgotten */
            for (uint8_t c = 0; c < CUB_TICKET_KEYS; c++)
                rotate_keys(c);
            break;
        case 3: /* truncated */
            r->offered.ticket.len--;
            break;
        case 4: /* a flipped bit */
            ticket[100] ^= 1;
            r->offered.ticket.data = ticket;
            break;
        case 5: /* longer than there is memory for */
            r->offered.ticket = (struct cub_view){ticket, sizeof ticket};
            end_shrink(server, 16384, 16384, 4096);
            break;
        case 6: /* for another name */
            client->setup.server_name = "a.wild.example";
            r->offered.server_name = (struct cub_view){(const uint8_t *)"a.wild.example", 14};
            break;
        case 7: /* for none */
            client->config.verify_mode = CUB_VERIFY_NONE;
            client->setup.server_name = NULL;
            r->offered.server_name.len = 0;
            r->offered.verify_mode = CUB_VERIFY_NONE;
            break;
        case 8: /* other settings */
            server->config.verify_mode = CUB_VERIFY_OPTIONAL;
            break;
        case 9:
            server->config.session_binding = (struct cub_view){&binding, 1};
            break;
        case 10: /* its suite is not enabled any more */
            server->config.suites = sha256_only;
            client->config.suites = sha256_first;
            break;
        default: /* what the store has is no session */
            r->store.open = open_garbage;
        }
        returning_connect(CUB_PSK_NONE);
        cr_assert(client->engine.hs->offered & EXT_BIT(EXT_PRE_SHARED_KEY), "%u", i);
    }
}

static void drop_answers(struct pump *p, enum pump_side from, struct pump_record *record)
{
    (void)p;
    if (from == PUMP_SERVER)
        record->len = 0;
}

/* The server handshakes in full: its flight is there, and that it would go on is tested above. */
static void expect_full_handshake(size_t number)
{
    r->pump.hook = drop_answers;
    pump_start(&r->pump);
    pump_run(&r->pump);
    cr_assert_eq(cub_engine_error(&server->engine), E_OK, "%zu", number);
    cr_assert_eq(cub_engine_psk(&server->engine), CUB_PSK_NONE, "%zu", number);
    cr_assert(returning_saw(PUMP_SERVER, CUB_FINISHED, true), "%zu", number);
}

/* Whatever became of a ticket on its way: never an error, never somebody else's session. */
Test(psk_server13, every_bit_and_length_of_a_ticket)
{
    static uint8_t ticket[4096];
    size_t len;

    returning_first();
    len = r->offered.ticket.len;
    for (size_t bit = 0; bit < 8 * len; bit++) {
        returning_again();
        memcpy(ticket, r->offered.ticket.data, len);
        ticket[bit / 8] ^= (uint8_t)(1u << bit % 8);
        r->offered.ticket.data = ticket;
        expect_full_handshake(bit);
    }
    for (size_t shorter = 1; shorter < len; shorter++) {
        returning_again();
        r->offered.ticket.len = shorter;
        expect_full_handshake(shorter);
    }
    returning_again();
    returning_connect(CUB_PSK_RESUMPTION);
}

static enum cub_error open_later(void *context, void *owner, uint8_t *buffer, size_t *len,
                                 size_t size)
{
    static unsigned calls;

    return ++calls % 3 != 0 ? E_WAIT_SESSION : cub_ticket_open(context, owner, buffer, len, size);
}

Test(psk_server13, store_that_waits)
{
    struct pump *p = &r->pump;

    returning_first();
    r->store.open = open_later;
    pump_start(p);
    for (unsigned i = 0; i < 2; i++) {
        pump_run(p);
        cr_assert_eq(cub_engine_waits(&server->engine), CUB_WAIT_SESSION);
        cub_engine_resume(&server->engine);
    }
    pump_run(p);
    cr_assert(cub_engine_connected(&client->engine));
    cr_assert_eq(cub_engine_psk(&server->engine), CUB_PSK_RESUMPTION);
    cr_assert(pump_exchange(p, 100));
}

static enum cub_error seal_never(void *context, void *owner, uint8_t *buffer, size_t *len,
                                 size_t size)
{
    (void)context, (void)owner, (void)buffer, (void)len, (void)size;
    return E_SESSION_BUFFER;
}

/* Tickets that cannot be made are not missed: by the store, or for want of memory. */
Test(psk_server13, tickets_that_fail)
{
    returning_init();
    r->store.seal = seal_never;
    returning_connect(CUB_PSK_NONE);
    cr_assert_eq(r->count, 0);
    for (size_t size = 1000; size < 1500; size++) {
        struct cub_view long_alpn = {(const uint8_t *)"\1a", 2};

        returning_init();
        server->config.alpn = long_alpn;
        client->config.alpn = long_alpn;
        end_shrink(server, 16384, 16384, size);
        returning_connect(CUB_PSK_NONE);
        if (r->count == 2)
            break;
        cr_assert_eq(r->count, 0);
    }
    cr_assert_eq(r->count, 2);
}

/* Every bit of the binder is looked at. */
static unsigned bit;

static void flip_binder(struct pump *p, enum pump_side from, struct pump_record *record)
{
    (void)p, (void)from;
    if (returning_is(record, CUB_CLIENT_HELLO))
        record->bytes[record->len - 48 + bit / 8] ^= (uint8_t)(1u << bit % 8);
}

Test(psk_server13, binder)
{
    for (bit = 0; bit < 8 * 48; bit += 5) {
        returning_first();
        r->pump.hook = flip_binder;
        returning_fail(PUMP_SERVER, E_CH_BINDER);
    }
}

/* What the binder covers. */
static void change_session_id(struct pump *p, enum pump_side from, struct pump_record *record)
{
    (void)p, (void)from;
    if (returning_is(record, CUB_CLIENT_HELLO))
        record->bytes[5 + 4 + 2 + 32 + 1] ^= 1;
}

Test(psk_server13, binder_covers_hello)
{
    returning_first();
    r->pump.hook = change_session_id;
    returning_fail(PUMP_SERVER, E_CH_BINDER);
}

/* A ticket with a key that is not its own. */
Test(psk_server13, wrong_secret)
{
    static uint8_t wrong[48];

    returning_first();
    r->offered.secret = (struct cub_view){wrong, sizeof wrong};
    returning_fail(PUMP_SERVER, E_CH_BINDER);
}

static void double_binders(struct cub_client_hello *hello)
{
    static uint8_t binders[98];

    memcpy(binders, hello->psk_binders.data, 49);
    memcpy(binders + 49, hello->psk_binders.data, 49);
    hello->psk_binders = (struct cub_view){binders, 98};
}

static void double_identities(struct cub_client_hello *hello)
{
    static uint8_t identities[2000];
    size_t len = hello->psk_identities.len;

    memcpy(identities, hello->psk_identities.data, len);
    memcpy(identities + len, hello->psk_identities.data, len);
    hello->psk_identities = (struct cub_view){identities, 2 * len};
}

static void drop_modes(struct cub_client_hello *hello)
{
    hello->present &= ~(uint32_t)EXT_BIT(EXT_PSK_KEY_EXCHANGE_MODES);
}

static void short_binder(struct cub_client_hello *hello)
{
    static uint8_t binder[33] = {32};

    hello->psk_binders = (struct cub_view){binder, 33};
}

/* Shorter than any hash [RFC8446-4.2.11]. */
static void shortest_binder(struct cub_client_hello *hello)
{
    static uint8_t binder[13] = {12};

    hello->psk_binders = (struct cub_view){binder, 13};
}

static void no_schemes(struct cub_client_hello *hello)
{
    hello->present &= ~(uint32_t)EXT_BIT(EXT_SIGNATURE_ALGORITHMS);
}

static void no_shares(struct cub_client_hello *hello)
{
    hello->present &= ~(uint32_t)EXT_BIT(EXT_KEY_SHARE);
}

Test(psk_server13, bad_client_hello)
{
    static const struct {
        void (*change)(struct cub_client_hello *hello);
        enum cub_error expected;
    } cases[] = {
        {double_binders,    E_CH_PSK_BINDERS     },
        {double_identities, E_CH_PSK_BINDERS     },
        {drop_modes,        E_CH_NO_PSK_MODES    },
        {short_binder,      E_CH_BINDER          },
        {shortest_binder,   E_DECODE_CLIENT_HELLO},
        {no_schemes,        E_CH_BINDER          },
        {no_shares,         E_CH_BINDER          },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        returning_first();
        r->change_client = cases[i].change;
        r->pump.hook = returning_edit_client_hello;
        returning_fail(PUMP_SERVER, cases[i].expected);
    }
    /* Where the key is not used, what is missing is missed. */
    returning_first();
    r->keys.count = 0;
    r->change_client = no_schemes;
    r->pump.hook = returning_edit_client_hello;
    returning_fail(PUMP_SERVER, E_CH_NO_SIGNATURE_ALGORITHMS);
}

/* Who has no use for the binder does not look at it. */
Test(psk_server13, binder_of_no_use)
{
    returning_first();
    r->keys.count = 0;
    r->change_client = shortest_binder;
    r->pump.hook = returning_edit_client_hello;
    pump_start(&r->pump);
    pump_run(&r->pump);
    /* The handshake fails, as the ClientHello was changed, but not before the server's flight. */
    cr_assert(returning_saw(PUMP_SERVER, CUB_CERTIFICATE, true));
}

/* psk_ke alone is not for a server that wants key exchanges. */
static void only_ke(struct cub_client_hello *hello)
{
    static const uint8_t ke = 0;

    hello->psk_key_exchange_modes = (struct cub_view){&ke, 1};
}

Test(psk_server13, modes_without_use)
{
    returning_init();
    r->change_client = only_ke;
    r->pump.hook = returning_edit_client_hello;
    pump_start(&r->pump);
    pump_run(&r->pump);
    /* The handshake fails, as the ClientHello was changed, but not before the server's flight. */
    cr_assert_eq(server->engine.hs->psk_modes, 0);
}

/* The number of keys that are looked at has a bound. */
static void many_identities(struct cub_client_hello *hello)
{
    static uint8_t identities[2000];
    static uint8_t binders[9 * 49];
    size_t len = hello->psk_identities.len;

    for (size_t i = 0; i < 8; i++) {
        static const uint8_t unknown[7] = {0, 1, 'x'};

        memcpy(identities + 7 * i, unknown, 7);
        binders[49 * i] = 48;
    }
    memcpy(identities + 56, hello->psk_identities.data, len);
    memcpy(binders + 8 * 49, hello->psk_binders.data, 49);
    hello->psk_identities = (struct cub_view){identities, 56 + len};
    hello->psk_binders = (struct cub_view){binders, sizeof binders};
}

Test(psk_server13, many_identities)
{
    returning_first();
    r->change_client = many_identities;
    r->pump.hook = returning_edit_client_hello;
    pump_start(&r->pump);
    pump_run(&r->pump);
    cr_assert_eq(cub_engine_psk(&server->engine), CUB_PSK_NONE);
}

static void drop_psks(struct cub_client_hello *hello)
{
    hello->present &= ~(uint32_t)EXT_BIT(EXT_PRE_SHARED_KEY);
}

static void drop_psks_and_modes(struct cub_client_hello *hello)
{
    drop_psks(hello);
    hello->present &= ~(uint32_t)EXT_BIT(EXT_PSK_KEY_EXCHANGE_MODES);
}

static void spoil_identities(struct cub_client_hello *hello)
{
    static uint8_t identities[4096];

    memcpy(identities, hello->psk_identities.data, hello->psk_identities.len);
    identities[50] ^= 1;
    hello->psk_identities.data = identities;
}

static void edit_second(struct pump *p, enum pump_side from, struct pump_record *record)
{
    if (from == PUMP_CLIENT && p->records[PUMP_CLIENT] > 0)
        returning_edit_client_hello(p, from, record);
}

/*
 * Anybody can send a copy of a client's first ClientHello and, after the retry, a second one of his
 * own without the key: he must not be taken for the client that the first one told of.
 */
Test(psk_server13, key_is_gone_after_retry)
{
    static const struct cub_group *const p256_only[] = {&cub_group_secp256r1, NULL};
    void (*const changes[])(struct cub_client_hello * hello) = {drop_psks, drop_psks_and_modes,
                                                                spoil_identities};

    for (size_t i = 0; i < 3; i++) {
        returning_first();
        server->config.groups = p256_only;
        r->change_client = changes[i];
        r->pump.hook = edit_second;
        returning_fail(PUMP_SERVER, i < 2 ? E_CH_AGAIN_PSK : E_CH_AGAIN_IDENTITY);
    }
}

static bool holds(const uint8_t *memory, size_t size, struct cub_view secret)
{
    for (size_t i = 0; i + secret.len <= size; i++) {
        if (memcmp(memory + i, secret.data, secret.len) == 0)
            return true;
    }
    return false;
}

/* A store that keeps sessions itself: what it puts in their place is short. */
static enum cub_error seal_short(void *context, void *owner, uint8_t *buffer, size_t *len,
                                 size_t size)
{
    (void)context, (void)owner, (void)size;
    memset(buffer, 'T', 32);
    *len = 32;
    return E_OK;
}

/* What was opened or sealed does not stay behind in the memory of the handshake. */
Test(psk_server13, secrets_are_wiped)
{
    const uint8_t *memory = (const uint8_t *)server->handshake;
    struct cub_session_state session;

    returning_first();
    r->store.seal = seal_short;
    returning_connect(CUB_PSK_RESUMPTION);
    cr_assert_eq(r->count, 4);
    for (unsigned i = 2; i < 4; i++) {
        cr_assert_eq(cub_session_decode(&session, r->sessions[i], r->session_lens[i]), E_OK);
        cr_assert_not(holds(memory, sizeof server->handshake, session.secret));
    }
    for (unsigned i = 0; i < 2; i++) {
        returning_first();
        if (i == 1) /* no use for it */
            server->config.verify_mode = CUB_VERIFY_OPTIONAL;
        client->config.alpn = (struct cub_view){(const uint8_t *)"\1c", 2};
        server->config.alpn = (struct cub_view){(const uint8_t *)"\1s", 2};
        returning_fail(PUMP_SERVER, E_NO_COMMON_ALPN);
        cr_assert_not(holds(memory, sizeof server->handshake, r->offered.secret));
    }
}
