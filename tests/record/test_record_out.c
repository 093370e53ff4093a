/*
 * Records to the peer: filled in any pattern, sealed in the order of their bytes, never beyond the
 * buffer or the limit.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "record/record_out.h"
#include "tests/record/records.h"

#define GUARD 32

static uint8_t buffer[RECORD_ROOM + GUARD];
static size_t buffer_size;
static uint8_t received[1 << 20];
static struct cub_record_out out;
static struct cub_protection receiver;

/* What the other end sees: the records in order, opened as they pass. */
static struct seen {
    uint8_t type;
    size_t len;
} seen[4096];
static size_t seen_count, received_len, gathered;
static uint8_t partial[RECORD_ROOM];

static void start(size_t size)
{
    buffer_size = size;
    memset(buffer, 0xaa, sizeof buffer);
    memset(&out, 0, sizeof out);
    cub_record_out_init(&out, buffer, size);
    cub_protection_clear(&receiver);
    seen_count = received_len = gathered = 0;
}

static void start_protected(size_t size, const struct cub_aead *aead)
{
    start(size);
    protect(&out.protection, aead);
    protect(&receiver, aead);
}

static void take_record(void)
{
    uint8_t *content = partial + CUB_RECORD_HEADER;
    uint8_t type = partial[0];
    size_t len = gathered - CUB_RECORD_HEADER;

    if (type != CUB_CHANGE_CIPHER_SPEC)
        cr_assert_eq(open_with(&receiver, partial, gathered, &type, &content, &len), E_OK);
    seen[seen_count++] = (struct seen){type, len};
    memcpy(received + received_len, content, len);
    received_len += len;
    gathered = 0;
}

/* Sends up to max bytes. */
static void send_some(size_t max)
{
    size_t n;
    uint8_t *p;

    while (max > 0 && (p = cub_record_out_pending(&out, &n)) != NULL) {
        size_t want = gathered < 5 ? 5 : 5 + ((size_t)partial[3] << 8 | partial[4]);

        if (n > max)
            n = max;
        if (n > want - gathered)
            n = want - gathered;
        memcpy(partial + gathered, p, n);
        cub_record_out_sent(&out, n);
        gathered += n;
        max -= n;
        if (gathered > 5 && gathered == 5 + ((size_t)partial[3] << 8 | partial[4]))
            take_record();
    }
    for (size_t i = 0; i < GUARD; i++)
        cr_assert_eq(buffer[buffer_size + i], 0xaa, "written behind the buffer");
}

/* Puts up to len bytes of content of a type, from a stream that the receiver can check. */
static size_t put(uint8_t type, size_t at, size_t len)
{
    size_t room;
    uint8_t *p = cub_record_out_space(&out, type, &room);

    if (p == NULL)
        return 0;
    cr_assert_gt(room, 0);
    if (len > room)
        len = room;
    for (size_t i = 0; i < len; i++)
        p[i] = (uint8_t)((at + i) * 13 >> 2);
    cub_record_out_filled(&out, len);
    return len;
}

static void check_received(size_t len)
{
    cr_assert_eq(received_len, len);
    for (size_t i = 0; i < len; i++)
        cr_assert_eq(received[i], (uint8_t)(i * 13 >> 2));
}

/* Any sizes of buffer, of what is put, of what is sent: the stream comes out as it went in. */
Test(record_out, patterns)
{
    static const size_t sizes[] = {86, 100, 500, 1045, 5000, 16406, RECORD_ROOM};
    static const size_t puts[] = {1, 7, 64, 1000, 20000};
    static const size_t sends[] = {1, 100, 5000, 100000};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (size_t j = 0; j < sizeof puts / sizeof *puts; j++) {
            for (size_t k = 0; k < sizeof sends / sizeof *sends; k++) {
                size_t total = sends[k] == 1 ? 5000 : 60000, at = 0;

                start_protected(sizes[i], &cub_aes_128_gcm);
                while (at < total) {
                    size_t n =
                        put(CUB_APPLICATION_DATA, at, total - at < puts[j] ? total - at : puts[j]);

                    at += n;
                    if (n == 0 || at % 3 == 0)
                        send_some(sends[k]);
                    if (at % 5 == 0 && puts[j] > 1)
                        cub_record_out_flush(&out);
                }
                cub_record_out_flush(&out);
                send_some(SIZE_MAX);
                check_received(total);
                cr_assert_null(cub_record_out_pending(&out, &at));
            }
        }
    }
}

/* Nothing is sent that was not sealed, and an empty record never is. */
Test(record_out, flush)
{
    size_t n;

    start(1000);
    cub_record_out_flush(&out);
    cr_assert_null(cub_record_out_pending(&out, &n));
    put(CUB_HANDSHAKE, 0, 10);
    cr_assert_null(cub_record_out_pending(&out, &n));
    cub_record_out_flush(&out);
    cr_assert_not_null(cub_record_out_pending(&out, &n));
    cr_assert_eq(n, 15);
    cub_record_out_flush(&out);
    cub_record_out_pending(&out, &n);
    cr_assert_eq(n, 15);
}

/* Content of another type begins another record. */
Test(record_out, types)
{
    start_protected(1000, &cub_chacha20_poly1305);
    put(CUB_HANDSHAKE, 0, 10);
    put(CUB_HANDSHAKE, 10, 10);
    cub_record_out_flush(&out);
    send_some(SIZE_MAX);
    put(CUB_APPLICATION_DATA, 20, 5);
    cr_assert_eq(put(CUB_HANDSHAKE, 25, 5), 5);
    send_some(SIZE_MAX);
    cr_assert_eq(put(CUB_APPLICATION_DATA, 30, 5), 0);
    send_some(SIZE_MAX);
    cr_assert_eq(put(CUB_APPLICATION_DATA, 30, 5), 5);
    cub_record_out_flush(&out);
    send_some(SIZE_MAX);
    check_received(35);
    cr_assert_eq(seen_count, 4);
    cr_assert_eq(seen[0].len, 20);
    cr_assert_eq(seen[0].type, CUB_HANDSHAKE);
    cr_assert_eq(seen[1].type, CUB_APPLICATION_DATA);
    cr_assert_eq(seen[2].type, CUB_HANDSHAKE);
    cr_assert_eq(seen[3].type, CUB_APPLICATION_DATA);
}

/* No record has more content than the limit, and full ones have exactly that. */
Test(record_out, limit)
{
    static const uint16_t limits[] = {1, 63, 64, 100, 16384};

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        size_t at = 0, total = (size_t)limits[i] * 3 + 1;

        start_protected(RECORD_ROOM, &cub_aes_256_gcm);
        out.limit = limits[i];
        while (at < total) {
            at += put(CUB_APPLICATION_DATA, at, total - at);
            send_some(SIZE_MAX);
        }
        cub_record_out_flush(&out);
        send_some(SIZE_MAX);
        check_received(total);
        cr_assert_eq(seen_count, 4);
        for (size_t j = 0; j < 3; j++)
            cr_assert_eq(seen[j].len, limits[i]);
        cr_assert_eq(seen[3].len, 1);
    }
}

/* A limit that shrinks below what is being filled, as that of 0-RTT data may: the record ends. */
Test(record_out, limit_shrinks)
{
    size_t room;

    start_protected(RECORD_ROOM, &cub_aes_256_gcm);
    cr_assert_eq(put(CUB_APPLICATION_DATA, 0, 200), 200);
    out.limit = 63;
    cr_assert_not_null(cub_record_out_space(&out, CUB_APPLICATION_DATA, &room));
    cr_assert_eq(room, 63);
    cub_record_out_flush(&out);
    send_some(SIZE_MAX);
    check_received(200);
    cr_assert_eq(seen_count, 1);
}

/* Behind records that wait, data gets a full record or none: no trail of splinters. */
Test(record_out, splinters)
{
    size_t room;

    start_protected(500, &cub_aes_128_gcm);
    out.limit = 300;
    cr_assert_eq(put(CUB_APPLICATION_DATA, 0, 300), 300);
    cr_assert_null(cub_record_out_space(&out, CUB_APPLICATION_DATA, &room));
    cr_assert_eq(room, 0);
    /* Handshake messages must get on, in what little room there is. */
    cr_assert_not_null(cub_record_out_space(&out, CUB_HANDSHAKE, &room));
    cr_assert_eq(room, 500 - (300 + 22) - 22);
    send_some(1);
    cr_assert_null(cub_record_out_space(&out, CUB_APPLICATION_DATA, &room));
    send_some(SIZE_MAX);
    cr_assert_not_null(cub_record_out_space(&out, CUB_APPLICATION_DATA, &room));
    cr_assert_eq(room, 300);
    /* Below 64 bytes they wait too. */
    cr_assert_eq(put(CUB_APPLICATION_DATA, 300, 300), 300);
    cub_record_out_flush(&out);
    out.size = 300 + 22 + 22 + 63;
    cr_assert_null(cub_record_out_space(&out, CUB_HANDSHAKE, &room));
    out.size++;
    cr_assert_not_null(cub_record_out_space(&out, CUB_HANDSHAKE, &room));
    cr_assert_eq(room, 64);
}

/* What is being filled moves to the front when the rest was sent, and goes on being filled. */
Test(record_out, moves_to_front)
{
    start_protected(1000, &cub_aes_128_gcm);
    out.limit = 300;
    put(CUB_APPLICATION_DATA, 0, 10);
    cub_record_out_flush(&out);
    put(CUB_APPLICATION_DATA, 10, 100);
    send_some(5);
    put(CUB_APPLICATION_DATA, 110, 100);
    send_some(SIZE_MAX);
    cr_assert_eq(out.tail, 0);
    put(CUB_APPLICATION_DATA, 210, 100);
    cub_record_out_flush(&out);
    send_some(SIZE_MAX);
    check_received(310);
    cr_assert_eq(seen_count, 2);
    cr_assert_eq(seen[1].len, 300);
}

/* ChangeCipherSpec: in the clear, at once, behind all that was there; or not at all. */
Test(record_out, change_cipher_spec)
{
    start_protected(122 + 6 + 5, &cub_aes_128_gcm);
    put(CUB_HANDSHAKE, 0, 100);
    cr_assert(cub_record_out_ccs(&out));
    cr_assert_not(cub_record_out_ccs(&out));
    cr_assert_eq(out.protection.sequence, 1);
    send_some(SIZE_MAX);
    cr_assert(cub_record_out_ccs(&out));
    put(CUB_HANDSHAKE, 100, 1);
    cub_record_out_flush(&out);
    send_some(SIZE_MAX);
    cr_assert_eq(seen_count, 4);
    cr_assert_eq(seen[0].type, CUB_HANDSHAKE);
    cr_assert_eq(seen[1].type, CUB_CHANGE_CIPHER_SPEC);
    cr_assert_eq(seen[1].len, 1);
    cr_assert_eq(seen[2].type, CUB_CHANGE_CIPHER_SPEC);
    cr_assert_eq(seen[3].type, CUB_HANDSHAKE);
    cr_assert_arr_eq(received + 100, "\1\1", 2);
}

/* The header of every record says 0x0303 [RFC8446-5.1]. */
Test(record_out, version)
{
    size_t n;
    uint8_t *p;

    start(100);
    put(CUB_HANDSHAKE, 0, 1);
    cub_record_out_flush(&out);
    p = cub_record_out_pending(&out, &n);
    cr_assert_arr_eq(p, "\x16\x03\x03\0\1", 5);
}
