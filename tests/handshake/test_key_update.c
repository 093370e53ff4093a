/*
 * New keys while data flows: by themselves when a key is used up, asked for by either side, by both
 * at once.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/messages.h"
#include "tests/support/pump.h"

#define MEGABYTE UINT64_C(1000000)

static struct pump p;

static struct cub_engine *engine(unsigned side)
{
    return &p.ends[side].engine;
}

/* KeyUpdates that an end sent or got. */
static unsigned updates(unsigned side, bool outgoing)
{
    unsigned n = 0;

    for (unsigned i = 0; i < p.ends[side].event_count; i++) {
        const struct cub_trace *event = &p.ends[side].events[i];

        n += event->kind == CUB_TRACE_MESSAGE && event->type == CUB_KEY_UPDATE &&
             event->outgoing == outgoing;
    }
    return n;
}

static void check_updates(unsigned from_client, unsigned from_server)
{
    cr_assert_eq(updates(PUMP_CLIENT, true), from_client);
    cr_assert_eq(updates(PUMP_SERVER, false), from_client);
    cr_assert_eq(updates(PUMP_SERVER, true), from_server);
    cr_assert_eq(updates(PUMP_CLIENT, false), from_server);
}

static void start(void)
{
    pump_init(&p);
    pump_handshake(&p);
}

/* Each key seals rekey_after records, the KeyUpdate being the last. */
Test(key_update, by_usage)
{
    static const uint32_t limits[] = {1, 2, 3, 10, 100};

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        uint64_t amount = limits[i] < 10 ? 20 * 16384 : 4 * MEGABYTE;

        pump_init(&p);
        p.ends[PUMP_CLIENT].config.rekey_after = limits[i];
        p.ends[PUMP_SERVER].config.rekey_after = limits[i] + 1;
        pump_handshake(&p);
        cr_assert(pump_exchange(&p, amount));
        cr_assert_geq(updates(PUMP_CLIENT, true), amount / 16384 / limits[i] / 2);
        cr_assert_geq(updates(PUMP_SERVER, true), amount / 16384 / (limits[i] + 1) / 2);
        cr_assert_lt(engine(PUMP_CLIENT)->out.protection.sequence, limits[i] + 1);
        cr_assert_lt(engine(PUMP_SERVER)->out.protection.sequence, limits[i] + 2);
        cr_assert_neq(memcmp(engine(PUMP_CLIENT)->client_secret, engine(PUMP_CLIENT)->server_secret,
                             CUB_MAX_SECRET),
                      0);
    }
}

/* The cipher's own limit holds without any wish of the owner's, or else 2^32 - 1 records. */
Test(key_update, by_cipher)
{
    const struct cub_suite *suites[] = {&cub_suite_aes_128_gcm_sha256,
                                        &cub_suite_aes_256_gcm_sha384,
                                        &cub_suite_chacha20_poly1305_sha256,
                                        &cub_suite_aes_128_ccm_sha256};

    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
        const struct cub_suite *list[] = {suites[i], NULL};
        unsigned log2 = suites[i]->aead->limit_log2;
        uint64_t limit = log2 < 32 ? UINT64_C(1) << log2 : UINT32_MAX;

        pump_init(&p);
        p.ends[PUMP_CLIENT].config.suites = list;
        pump_handshake(&p);
        engine(PUMP_CLIENT)->out.protection.sequence = limit - 2;
        engine(PUMP_SERVER)->in.protection.sequence = limit - 2;
        pump_send(&p, PUMP_CLIENT, 1);
        cr_assert_eq(updates(PUMP_CLIENT, true), 0);
        pump_send(&p, PUMP_CLIENT, 1);
        cr_assert_eq(updates(PUMP_CLIENT, true), 1);
        cr_assert(pump_exchange(&p, 100));
        cr_assert_eq(engine(PUMP_CLIENT)->out.protection.sequence, 1);
    }
}

Test(key_update, one_side)
{
    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
        start();
        cub_engine_key_update(engine(side), false);
        cr_assert(pump_exchange(&p, MEGABYTE));
        check_updates(side == PUMP_CLIENT, side == PUMP_SERVER);
    }
}

Test(key_update, both_sides)
{
    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
        start();
        cub_engine_key_update(engine(side), true);
        cr_assert(pump_exchange(&p, MEGABYTE));
        check_updates(1, 1);
    }
}

/* Requests that cross: each is answered, so that each side has two new keys [RFC9846-4.7.3]. */
Test(key_update, crossing)
{
    start();
    cub_engine_key_update(engine(PUMP_CLIENT), true);
    cub_engine_key_update(engine(PUMP_SERVER), true);
    cr_assert(pump_exchange(&p, MEGABYTE));
    check_updates(2, 2);
}

/* Who is silent owes one answer, however many requests come; it goes before the next data
 * [RFC8446-4.6.3]. */
Test(key_update, answered_with_the_next_data)
{
    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
        start();
        for (unsigned round = 1; round <= 3; round++) {
            for (unsigned i = 0; i < 5; i++) {
                engine(side)->update_asked = 0; /* as RFC 8446 still allowed */
                cub_engine_key_update(engine(side), true);
                pump_run(&p);
            }
            cr_expect_eq(updates(side, true), 5 * round);
            cr_expect_eq(updates(!side, true), round - 1);
            pump_send(&p, side, 10);
            cr_expect_eq(updates(!side, true), round - 1, "it has nothing to say");
            pump_send(&p, !side, 10);
            cr_expect_eq(updates(!side, true), round);
            cr_expect(pump_exchange(&p, 100));
            cr_expect_eq(updates(!side, true), round);
        }
    }
}

/* An update of one's own is the answer too, and then does not ask. */
Test(key_update, own_update_is_the_answer)
{
    start();
    cub_engine_key_update(engine(PUMP_CLIENT), true);
    pump_run(&p);
    cub_engine_key_update(engine(PUMP_SERVER), true);
    cr_assert(pump_exchange(&p, 100));
    check_updates(1, 1);
}

/* Again and again, in the middle of data, cut into pieces. */
Test(key_update, amid_data)
{
    static const size_t pieces[][4] = {
        {0      },
        {  1000,      1, 7},
        { 16384  },
        { 5, 100000}
    };

    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        pump_init(&p);
        p.splits = pieces[i][0] != 0 ? pieces[i] : NULL;
        pump_handshake(&p);
        for (unsigned round = 0; round < 60; round++) {
            cub_engine_key_update(engine(round % 2), round % 3 == 0);
            if (round % 5 == 0)
                cub_engine_key_update(engine(!(round % 2)), true);
            cr_assert(pump_exchange(&p, 20000));
        }
    }
}

/* An update that is wanted before the handshake is over does not happen, nor does it hurt. */
Test(key_update, too_early)
{
    pump_init(&p);
    pump_start(&p);
    cub_engine_key_update(engine(PUMP_CLIENT), true);
    cub_engine_key_update(engine(PUMP_SERVER), true);
    pump_run(&p);
    cr_assert(pump_exchange(&p, 1000));
    check_updates(0, 0);
}

/* The exporter does not change with the keys. */
Test(key_update, exporter)
{
    uint8_t before[2][32], after[2][32];

    start();
    for (unsigned i = 0; i < 2; i++)
        cr_assert_eq(cub_engine_export(engine(i), "label", NULL, 0, before[i], 32), E_OK);
    cub_engine_key_update(engine(PUMP_CLIENT), true);
    cr_assert(pump_exchange(&p, 10));
    for (unsigned i = 0; i < 2; i++)
        cr_assert_eq(cub_engine_export(engine(i), "label", NULL, 0, after[i], 32), E_OK);
    cr_assert_arr_eq(before[0], before[1], 32);
    cr_assert_arr_eq(before, after, 64);
}
