/*
 * How connections end: by close_notify from either side, by both, by neither.
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "tests/support/peer.h"

static struct pump p;

static struct cub_engine *engine(unsigned side)
{
    return &p.ends[side].engine;
}

/* Who has closed sends nothing more, and still gets all that the other sends. */
Test(closing, half)
{
    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
        struct end *closer = &p.ends[side], *other = &p.ends[!side];
        size_t n;

        pump_init(&p);
        pump_handshake(&p);
        closer->to_send = 50000;
        pump_run(&p);
        cub_engine_close(&closer->engine);
        cub_engine_close(&closer->engine);
        pump_run(&p);
        cr_assert_eq(other->received, 50000);
        cr_assert(cub_engine_read_closed(&other->engine));
        cr_assert_eq(cub_engine_alert_received(&other->engine), ALERT_CLOSE_NOTIFY);
        cr_assert_eq(cub_engine_alert_sent(&closer->engine), ALERT_CLOSE_NOTIFY);
        cr_assert_not(cub_engine_read_closed(&closer->engine));
        cr_assert_null(cub_engine_sendapp_buf(&closer->engine, &n));
        cr_assert_null(cub_engine_recvrec_buf(&other->engine, &n));
        cr_assert_null(cub_engine_recvapp_buf(&other->engine, &n));

        pump_send(&p, (enum pump_side) !side, 50000);
        cr_assert_eq(closer->received, 50000);
        cub_engine_close(&other->engine);
        pump_run(&p);
        cr_assert(cub_engine_read_closed(&closer->engine));
        for (unsigned i = 0; i < 2; i++) {
            cub_engine_eof(engine(i));
            cr_assert_eq(cub_engine_error(engine(i)), E_OK);
            cr_assert(cub_engine_connected(engine(i)));
        }
    }
}

/* Data that was given to the engine and not flushed goes out before close_notify. */
Test(closing, unflushed)
{
    uint8_t *buf;
    size_t n;

    pump_init(&p);
    pump_handshake(&p);
    buf = cub_engine_sendapp_buf(engine(PUMP_CLIENT), &n);
    for (unsigned i = 0; i < 100; i++)
        buf[i] = pump_byte(i);
    cub_engine_sendapp_ack(engine(PUMP_CLIENT), 100);
    cub_engine_close(engine(PUMP_CLIENT));
    pump_run(&p);
    cr_assert_eq(p.ends[PUMP_SERVER].received, 100);
    cr_assert_eq(p.ends[PUMP_SERVER].wrong, 0);
    cr_assert(cub_engine_read_closed(engine(PUMP_SERVER)));
}

/* A close_notify that finds no room goes out when there is some. */
Test(closing, no_room)
{
    size_t n;

    pump_init(&p);
    end_shrink(&p.ends[PUMP_CLIENT], 512, 512, 4096);
    pump_handshake(&p);
    p.ends[PUMP_CLIENT].to_send = 512;
    end_pump_data(&p.ends[PUMP_CLIENT]);
    cub_engine_close(engine(PUMP_CLIENT));
    cr_assert_eq(cub_engine_alert_sent(engine(PUMP_CLIENT)), ALERT_NONE);
    cr_assert_null(cub_engine_sendapp_buf(engine(PUMP_CLIENT), &n));
    pump_run(&p);
    cr_assert_eq(cub_engine_alert_sent(engine(PUMP_CLIENT)), ALERT_CLOSE_NOTIFY);
    cr_assert_eq(p.ends[PUMP_SERVER].received, 512);
    cr_assert(cub_engine_read_closed(engine(PUMP_SERVER)));
}

/* Keys can still change for who has not closed. */
Test(closing, key_update_after)
{
    pump_init(&p);
    pump_handshake(&p);
    cub_engine_close(engine(PUMP_CLIENT));
    pump_run(&p);
    cub_engine_key_update(engine(PUMP_SERVER), true);
    pump_send(&p, PUMP_SERVER, 1000);
    cr_assert_eq(p.ends[PUMP_CLIENT].received, 1000);
    cr_assert_eq(cub_engine_error(engine(PUMP_CLIENT)), E_OK);
}

static bool cut(struct end *end)
{
    return cub_engine_error(&end->engine) == E_EOF &&
           cub_engine_alert_sent(&end->engine) == ALERT_NONE;
}

static uint64_t left[2]; /* bytes that each side may still send */

/* Cuts the stream from each side. */
static void cut_stream(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    (void)pump;
    if (record->len > left[from])
        record->len = (size_t)left[from];
    left[from] -= record->len;
}

/* Without close_notify the end is a failure, wherever it comes [RFC8446-6.1]. */
Test(closing, truncated)
{
    uint64_t whole[2] = {0, 0};

    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
        pump_init(&p);
        pump_handshake(&p);
        whole[PUMP_CLIENT] = p.wires[PUMP_CLIENT].carried;
        whole[PUMP_SERVER] = p.wires[PUMP_SERVER].carried;
        for (uint64_t n = 0; n <= whole[side]; n += 1 + n / 16) {
            pump_init(&p);
            p.hook = cut_stream;
            left[side] = n;
            left[!side] = UINT64_MAX;
            pump_start(&p);
            pump_run(&p);
            for (unsigned i = 0; i < 2; i++) {
                cr_assert_eq(cub_engine_error(engine(i)), E_OK);
                cub_engine_eof(engine(i));
                cr_assert(cut(&p.ends[i]));
            }
        }
    }
}

/* The end in the middle of a record, of each of its bytes. */
Test(closing, in_a_record)
{
    void *saved;
    uint8_t record[64];
    size_t size;

    pump_init(&p);
    pump_handshake(&p);
    memcpy(record + 5, "data", 4);
    size = end_forge(&p.ends[PUMP_CLIENT], CUB_APPLICATION_DATA, record, 4);
    saved = pump_save(&p);
    for (size_t len = 0; len <= size; len++) {
        size_t n;

        pump_restore(&p, saved);
        memcpy(cub_engine_recvrec_buf(engine(PUMP_CLIENT), &n), record, len);
        cub_engine_recvrec_ack(engine(PUMP_CLIENT), len);
        cr_assert_eq(cub_engine_recvapp_buf(engine(PUMP_CLIENT), &n) != NULL, len == size);
        if (len == size)
            cub_engine_recvapp_ack(engine(PUMP_CLIENT), n);
        cub_engine_eof(engine(PUMP_CLIENT));
        cr_assert(cut(&p.ends[PUMP_CLIENT]));
    }
    free(saved);
}

/* Whoever closes in the handshake tells the other, who has no connection then. */
Test(closing, in_handshake)
{
    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
        pump_init(&p);
        p.ends[PUMP_SERVER].config.flags |= CUB_FLAG_HELLO_WAIT;
        pump_start(&p);
        pump_run(&p);
        cub_engine_close(engine(side));
        cub_engine_resume(engine(PUMP_SERVER));
        pump_run(&p);
        cr_assert_eq(cub_engine_error(engine(!side)), E_CLOSED_IN_HANDSHAKE);
        cr_assert_eq(cub_engine_alert_received(engine(!side)), ALERT_CLOSE_NOTIFY);
        cr_assert_not(cub_engine_connected(engine(PUMP_CLIENT)));
        cr_assert_not(cub_engine_connected(engine(PUMP_SERVER)));
    }
}

/* What comes behind close_notify is ignored, whatever it is [RFC8446-6.1]. */
Test(closing, data_behind)
{
    static struct peer peer;

    for (unsigned victim_is_server = 0; victim_is_server < 2; victim_is_server++) {
        struct cub_engine *e = &peer.victim.engine;
        uint8_t both[200];
        size_t n;

        peer_init(&peer, victim_is_server);
        peer_connect(&peer);
        peer_send(&peer, CUB_APPLICATION_DATA, "1", 1);
        /* In one piece: data, close_notify, data, garbage. */
        n = end_forge(&peer.victim, CUB_APPLICATION_DATA, memcpy(both, "_____2", 6), 1);
        e->in.protection.sequence++;
        memcpy(both + n + 5, "\1\0", 2);
        n += end_forge(&peer.victim, CUB_ALERT, both + n, 2);
        e->in.protection.sequence++;
        both[n + 5] = '3';
        n += end_forge(&peer.victim, CUB_APPLICATION_DATA, both + n, 1);
        e->in.protection.sequence -= 2;
        memset(both + n, 0xff, 20);
        peer_send_raw(&peer, both, n + 20);
        cr_assert_eq(peer.victim.received, 2);
        cr_assert(cub_engine_read_closed(e));
        cr_assert_eq(cub_engine_error(e), E_OK);
        peer.victim.to_send = 5;
        end_pump_data(&peer.victim);
        peer_send_raw(&peer, "", 0);
        cr_assert_eq(peer.data, 5);
        cub_engine_eof(e);
        cr_assert_eq(cub_engine_error(e), E_OK);
    }
}

/* The first failure stays; the transport's end changes nothing about it. */
Test(closing, first_failure)
{
    pump_init(&p);
    pump_handshake(&p);
    cub_engine_fail(engine(PUMP_CLIENT), E_REFUSED);
    cub_engine_fail(engine(PUMP_CLIENT), E_NO_CREDENTIAL);
    cub_engine_eof(engine(PUMP_CLIENT));
    cub_engine_close(engine(PUMP_CLIENT));
    cr_assert_eq(cub_engine_error(engine(PUMP_CLIENT)), E_REFUSED);
}

/* Engines that were never started, or are freed, do nothing. */
Test(closing, closed_engine)
{
    struct cub_engine e;
    uint8_t out[16];
    size_t n;

    memset(&e, 0, sizeof e);
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_null(cub_engine_recvrec_buf(&e, &n));
        cr_assert_null(cub_engine_sendrec_buf(&e, &n));
        cr_assert_null(cub_engine_recvapp_buf(&e, &n));
        cr_assert_null(cub_engine_sendapp_buf(&e, &n));
        cub_engine_flush(&e);
        cub_engine_close(&e);
        cub_engine_eof(&e);
        cub_engine_resume(&e);
        cub_engine_key_update(&e, true);
        cub_engine_fail(&e, E_EOF);
        cr_assert_eq(cub_engine_error(&e), E_OK);
        cr_assert_eq(cub_engine_alert_sent(&e), ALERT_NONE);
        cr_assert_eq(cub_engine_alert_received(&e), ALERT_NONE);
        cr_assert_not(cub_engine_connected(&e));
        cr_assert_eq(cub_engine_export(&e, "label", NULL, 0, out, sizeof out), E_ENGINE_STATE);
        cub_engine_free(&e);
    }
}
