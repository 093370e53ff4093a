/*
 * No byte of a handshake can be changed on its way unnoticed. Every byte of every record of every
 * flight is flipped, one at a time, in both roles; each change must end in an error, at once or
 * when the transport ends, and never in two ends that talk.
 *
 * The exceptions are what the RFC tells us to ignore:
 *   the minor version of a record in the clear, for nothing covers it   [RFC8446-5.1]
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "handshake/ticket_keys.h"
#include "tests/support/pump.h"

#define MAX_RECORDS 16 /* of one side, from the chosen one on */

struct scenario {
    const char *name;
    uint16_t version;
    uint8_t retry;
    uint8_t client_auth;
    uint8_t resumed; /* and the ticket is renewed */
};

static const struct scenario scenarios[] = {
    {"TLS 1.3",                    CUB_TLS1_3, 0, 0, 0},
    {"TLS 1.3, client auth",       CUB_TLS1_3, 0, 1, 0},
    {"TLS 1.3, HelloRetryRequest", CUB_TLS1_3, 1, 0, 0},
    {"TLS 1.2",                    CUB_TLS1_2, 0, 0, 0},
    {"TLS 1.2, client auth",       CUB_TLS1_2, 0, 1, 0},
    {"TLS 1.2, resumed",           CUB_TLS1_2, 0, 0, 1},
};

/* What a hook keeps of one side's records: the first `pass` go through, the rest is held back. */
struct held {
    enum pump_side side;
    unsigned pass;
    unsigned count;
    struct pump_record records[MAX_RECORDS];
};

static struct pump p;
static struct held held;

/* The session that is resumed, and what the server needs for it. */
static struct {
    uint64_t now;
    struct test_random random_state;
    struct cub_random random;
    struct cub_ticket_keys keys;
    struct cub_session_store store;
    uint8_t bytes[4096];
    size_t len;
    struct cub_session_state session;
} kept;

static uint64_t now(void *owner)
{
    (void)owner;
    return kept.now;
}

static void keep_session(void *owner, const struct cub_session_state *session)
{
    (void)owner;
    if (kept.len == 0)
        cr_assert_eq(cub_session_encode(session, kept.bytes, sizeof kept.bytes, &kept.len), E_OK);
}

static void hold_back(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    (void)pump;
    if (from != held.side)
        return;
    if (held.pass > 0) {
        held.pass--;
        return;
    }
    cr_assert_lt(held.count, MAX_RECORDS);
    held.records[held.count++] = *record;
    record->len = 0;
}

static void set_up_ends(const struct scenario *s)
{
    static const struct cub_group *const of_client[] = {&cub_group_x25519, &cub_group_secp256r1,
                                                        NULL};
    static const struct cub_group *const of_server[] = {&cub_group_secp256r1, NULL};

    pump_init(&p);
    for (unsigned i = 0; i < 2; i++)
        p.ends[i].config.min_version = p.ends[i].config.max_version = s->version;
    p.ends[PUMP_CLIENT].config.groups = of_client;
    if (s->retry)
        p.ends[PUMP_SERVER].config.groups = of_server;
    if (s->client_auth)
        p.ends[PUMP_SERVER].config.verify_mode = CUB_VERIFY_REQUIRED;
    for (unsigned i = 0; i < 2 && s->resumed; i++)
        p.ends[i].config.now = now;
    if (s->resumed) {
        p.ends[PUMP_CLIENT].config.new_session = keep_session;
        p.ends[PUMP_SERVER].config.session_store = &kept.store;
    }
}

/* The connection whose session is resumed. */
static void make_session(const struct scenario *s)
{
    uint8_t key[CUB_TICKET_KEY_SIZE] = {1};

    kept.random = (struct cub_random){test_random_fill, &kept.random_state};
    kept.keys.aead = &cub_aes_128_gcm;
    kept.keys.random = &kept.random;
    cub_ticket_keys_rotate(&kept.keys, key);
    kept.store = (struct cub_session_store){cub_ticket_seal, cub_ticket_open, &kept.keys};
    kept.now = UINT64_C(1767225600000);
    set_up_ends(s);
    pump_handshake(&p);
    cr_assert_eq(cub_session_decode(&kept.session, kept.bytes, kept.len), E_OK);
    kept.now += 5400 * 1000;
}

static void set_up(const struct scenario *s)
{
    if (s->resumed && kept.len == 0)
        make_session(s);
    set_up_ends(s);
    if (s->resumed)
        p.ends[PUMP_CLIENT].setup.session = &kept.session;
}

/* Runs until record number n of a side is on its way; false if there is no such record. */
static bool run_to(const struct scenario *s, enum pump_side side, unsigned n)
{
    set_up(s);
    memset(&held, 0, sizeof held);
    held.side = side;
    held.pass = n;
    p.hook = hold_back;
    pump_start(&p);
    pump_run(&p);
    p.hook = NULL;
    return held.count > 0;
}

/* Lets the held records go, the first one changed, and the transport end. */
static void go_on(enum pump_side side, size_t at, uint8_t mask)
{
    for (unsigned i = 0; i < held.count; i++) {
        struct pump_record record = held.records[i];

        if (i == 0)
            record.bytes[at] ^= mask;
        pump_insert(&p, side, record.bytes, record.len);
    }
    pump_run(&p);
}

/* Both ends are connected, and what one writes the other reads. */
static bool succeeds(void)
{
    for (unsigned i = 0; i < 2; i++) {
        if (!cub_engine_connected(&p.ends[i].engine) || cub_engine_error(&p.ends[i].engine) != E_OK)
            return false;
    }
    return pump_exchange(&p, 100);
}

/* Somebody has noticed: at the latest the end of the transport tells. */
static bool is_noticed(void)
{
    bool noticed = false;

    for (unsigned i = 0; i < 2; i++) {
        cub_engine_eof(&p.ends[i].engine);
        noticed = noticed || cub_engine_error(&p.ends[i].engine) != E_OK;
    }
    return noticed;
}

static bool is_in_clear(const struct pump_record *record)
{
    return record->bytes[0] != CUB_APPLICATION_DATA;
}

/* Whether the RFC tells us to ignore this byte. In TLS 1.2 the version of a protected record is
 * authenticated [RFC5246-6.2.3.3]. */
static bool is_ignored(const struct scenario *s, const struct pump_record *record, size_t at,
                       bool is_protected)
{
    if (at != 2)
        return false;
    return s->version == CUB_TLS1_3 ? is_in_clear(record) : !is_protected;
}

/* TLS 1.2 protects from the ChangeCipherSpec of a side on, the record itself not included. */
static bool follows_ccs(const struct scenario *s, enum pump_side side, unsigned n)
{
    bool found = false;

    for (unsigned i = 0; i < n && !found; i++)
        found = run_to(s, side, i) && held.records[0].bytes[0] == CUB_CHANGE_CIPHER_SPEC;
    return found;
}

static unsigned flip_record(const struct scenario *s, enum pump_side side, unsigned n)
{
    static const uint8_t masks[] = {0x01, 0x80};
    bool is_protected = s->version == CUB_TLS1_2 && follows_ccs(s, side, n);
    unsigned flips = 0;
    void *saved;

    if (!run_to(s, side, n))
        return 0;
    saved = pump_save(&p);
    for (size_t at = 0; at < held.records[0].len; at++) {
        for (size_t m = 0; m < sizeof masks; m++, flips++) {
            bool success;

            pump_restore(&p, saved);
            go_on(side, at, masks[m]);
            success = succeeds();
            if (is_ignored(s, &held.records[0], at, is_protected)) {
                cr_assert(success, "%s: %s's record %u byte %zu ^ %02x is to be ignored", s->name,
                          side ? "server" : "client", n, at, masks[m]);
                continue;
            }
            cr_assert_not(success, "%s: %s's record %u byte %zu ^ %02x goes unnoticed", s->name,
                          side ? "server" : "client", n, at, masks[m]);
            cr_assert(is_noticed(), "%s: %s's record %u byte %zu ^ %02x ends in no error", s->name,
                      side ? "server" : "client", n, at, masks[m]);
        }
    }
    free(saved);
    return flips;
}

static void flip_all(const struct scenario *s)
{
    unsigned flips = 0;

    /* Unchanged, it works. */
    set_up(s);
    pump_handshake(&p);
    cr_assert(pump_exchange(&p, 100));
    cr_assert_eq(cub_engine_psk(&p.ends[PUMP_SERVER].engine),
                 s->resumed ? CUB_PSK_RESUMPTION : CUB_PSK_NONE);
    for (unsigned side = 0; side < 2; side++) {
        for (unsigned n = 0, more = 1; more > 0; n++, flips += more)
            more = flip_record(s, (enum pump_side)side, n);
    }
    cr_log_info("%s: %u changes", s->name, flips);
    cr_assert_gt(flips, 1000);
}

Test(flips, tls13)
{
    flip_all(&scenarios[0]);
}

Test(flips, tls13_client_auth)
{
    flip_all(&scenarios[1]);
}

Test(flips, tls13_retry)
{
    flip_all(&scenarios[2]);
}

Test(flips, tls12)
{
    flip_all(&scenarios[3]);
}

Test(flips, tls12_client_auth)
{
    flip_all(&scenarios[4]);
}

Test(flips, tls12_resumed)
{
    flip_all(&scenarios[5]);
}
