/*
 * Certificate, which is taken unit by unit.
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "handshake/certificate.h"
#include "handshake/messages.h"
#include "tests/handshake/codec.h"

#define MAX_CHAIN 6

static struct cub_view chain[MAX_CHAIN], request_context;
static size_t chain_len;
static bool plain; /* the form of TLS 1.2 */

static size_t decoded;

/*
 * Takes a message apart as the driver does: a unit is handed over when it is whole, and what it
 * says that it needs beyond the message never comes. E_MESSAGE_BUFFER stands for that wait.
 */
static enum cub_error take_apart(const uint8_t *message, size_t len, uint32_t offered)
{
    struct cub_certificate_stream stream = {.form = plain};
    struct cub_certificate_entry entry;
    struct cub_view context;
    struct rd r;
    enum cub_error err;
    size_t unit = cub_certificate_unit(&stream, message, len);

    decoded = 0;
    if (unit > len)
        return E_MESSAGE_BUFFER;
    rd_init(&r, message + CUB_MESSAGE_HEADER, unit - CUB_MESSAGE_HEADER);
    err = cub_certificate_head(&stream, &r,
                               (size_t)message[1] << 16 | (size_t)message[2] << 8 | message[3],
                               &context);
    if (err == E_OK)
        cr_assert(codec_equal(context, plain ? (struct cub_view){NULL, 0} : request_context));
    while (err == E_OK && stream.left > 0) {
        message += unit;
        len -= unit;
        unit = cub_certificate_unit(&stream, message, len);
        if (unit > len)
            return E_MESSAGE_BUFFER;
        rd_init(&r, message, unit);
        err = cub_certificate_entry(&stream, &r, offered, &entry);
        if (err == E_OK && decoded < chain_len)
            cr_assert(codec_equal(entry.cert_data, chain[decoded]));
        decoded++;
    }
    return err;
}

/* The same with the message in memory of its own size. */
static enum cub_error take_copy(const uint8_t *message, size_t len, uint32_t offered)
{
    uint8_t *copy = malloc(len + 1);
    enum cub_error err;

    cr_assert_not_null(copy);
    memcpy(copy, message, len);
    err = take_apart(copy, len, offered);
    free(copy);
    return err;
}

static void make(struct wr *w, size_t max)
{
    codec_begin(w);
    request_context = codec_view(0, 20);
    chain_len = codec_number(0, MAX_CHAIN);
    for (size_t i = 0; i < chain_len; i++)
        chain[i] = codec_view(1, max);
    cub_certificate_encode(w, plain, request_context, chain, chain_len, NULL, 0);
}

Test(certificate, round_trip)
{
    for (unsigned round = 0; round < CODEC_ROUNDS; round++) {
        struct wr w;

        plain = round % 2;
        make(&w, round % 10 == 0 ? 3000 : 100);
        cr_assert_eq(w.buffer[0], CUB_CERTIFICATE);
        cr_assert_eq(take_copy(w.buffer, w.pos, 0), E_OK);
        cr_assert_eq(decoded, chain_len);
        for (size_t len = CUB_MESSAGE_HEADER; len < w.pos; len += 1 + len / 100)
            cr_assert_eq(take_copy(w.buffer, len, 0), E_MESSAGE_BUFFER);
    }
}

/* The same message, cut off by its own length: each prefix is malformed, and at once. */
Test(certificate, short_messages)
{
    for (unsigned round = 0; round < 40; round++) {
        struct wr w;

        plain = round % 2;
        make(&w, 50);
        for (size_t len = CUB_MESSAGE_HEADER; len < w.pos; len++) {
            uint8_t header[CUB_MESSAGE_HEADER];

            memcpy(header, w.buffer, sizeof header);
            w.buffer[1] = 0;
            w.buffer[2] = (uint8_t)((len - CUB_MESSAGE_HEADER) >> 8);
            w.buffer[3] = (uint8_t)(len - CUB_MESSAGE_HEADER);
            cr_assert_eq(take_copy(w.buffer, len, 0), E_DECODE_CERTIFICATE, "%zu of %zu", len,
                         w.pos);
            memcpy(w.buffer, header, sizeof header);
        }
    }
}

/* An entry that claims more than the list has left is malformed, and at once. */
Test(certificate, entry_beyond_list)
{
    static const uint8_t good[] = {11, 0, 0, 11, 0, 0, 0, 7, 0, 0, 2, 'a', 'b', 0, 0};
    static const struct {
        size_t at;
        uint8_t value;
    } changes[] = {
        {8,  1  },
        {9,  1  },
        {10, 3  },
        {10, 4  },
        {10, 5  },
        {10, 255},
        {13, 1  },
        {14, 1  },
        {14, 255},
    };
    uint8_t message[sizeof good];

    plain = false;
    request_context.len = 0;
    chain_len = 0;
    cr_assert_eq(take_copy(good, sizeof good, 0), E_OK);
    cr_assert_eq(decoded, 1);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        memcpy(message, good, sizeof good);
        message[changes[i].at] = changes[i].value;
        cr_assert_eq(take_copy(message, sizeof message, 0), E_DECODE_CERTIFICATE, "%zu", i);
    }
    /* Nothing is left for a second entry's head. */
    for (uint8_t more = 1; more < 5; more++) {
        uint8_t longer[sizeof good + 4] = {0};

        memcpy(longer, good, sizeof good);
        longer[3] = (uint8_t)(longer[3] + more);
        longer[7] = (uint8_t)(longer[7] + more);
        cr_assert_eq(take_copy(longer, sizeof good + more, 0), E_DECODE_CERTIFICATE);
    }
}

/* A certificate is not empty [RFC8446-4.4.2]. */
Test(certificate, empty_entry)
{
    static const uint8_t message[] = {11, 0, 0, 9, 0, 0, 0, 5, 0, 0, 0, 0, 0};

    plain = false;
    request_context.len = 0;
    chain_len = 0;
    cr_assert_eq(take_copy(message, sizeof message, 0), E_DECODE_CERTIFICATE);
}

Test(certificate, extensions)
{
    /* status_request and signed_certificate_timestamp, each with one byte */
    static const uint8_t message[] = {11, 0,  0, 20, 0, 0, 0,   16, 0,  0, 1, 'a',
                                      0,  10, 0, 5,  0, 1, 's', 0,  18, 0, 1, 't'};
    uint32_t both = EXT_BIT(EXT_STATUS_REQUEST) | EXT_BIT(EXT_SIGNED_CERTIFICATE_TIMESTAMP);
    struct cub_certificate_stream stream = {.left = 16, .begun = 1};
    struct cub_certificate_entry entry;
    struct rd r;

    plain = false;
    request_context.len = 0;
    chain_len = 0;
    cr_assert_eq(take_copy(message, sizeof message, both), E_OK);
    cr_assert_eq(take_copy(message, sizeof message, EXT_BIT(EXT_STATUS_REQUEST)),
                 E_EXT_UNSOLICITED);
    rd_init(&r, message + 8, 16);
    cr_assert_eq(cub_certificate_entry(&stream, &r, both, &entry), E_OK);
    cr_assert_eq(entry.present, both);
    cr_assert_eq(entry.status_request.len, 1);
    cr_assert_eq(entry.status_request.data[0], 's');
    cr_assert_eq(entry.scts.len, 1);
    cr_assert_eq(entry.scts.data[0], 't');
    cr_assert_eq(stream.left, 0);
}

/* Refused by its head alone. */
Test(certificate, too_long)
{
    uint8_t message[] = {11, 2, 0, 1, 0, 1, 0xff, 0xfd};

    plain = false;
    request_context.len = 0;
    cr_assert_eq(take_copy(message, sizeof message, 0), E_CERT_TOO_LONG);
    message[3] = 0;
    message[7] = 0xfc;
    cr_assert_eq(take_copy(message, sizeof message, 0), E_MESSAGE_BUFFER);
}

/* Written in windows of any size it is the same message. */
Test(certificate, windows)
{
    for (unsigned round = 0; round < 20; round++) {
        uint8_t whole[CODEC_MESSAGE], window[CODEC_MESSAGE];
        struct wr w;
        size_t total;

        plain = round % 2;
        make(&w, 100);
        total = w.pos;
        memcpy(whole, w.buffer, total);
        for (size_t size = 1; size < total + 10; size += 1 + size / 4) {
            for (size_t skip = 0; skip < total; skip += size) {
                size_t n = total - skip < size ? total - skip : size;

                wr_init(&w, window, size);
                w.skip = skip;
                cub_certificate_encode(&w, plain, request_context, chain, chain_len, NULL, 0);
                cr_assert_eq(w.pos, total);
                cr_assert_arr_eq(window, whole + skip, n);
            }
        }
    }
}

Test(certificate, sct_lists)
{
    static const struct {
        const char *list;
        size_t len;
        enum cub_error expected;
    } lists[] = {
        {"\0\3\0\1a",      5, E_OK             },
        {"\0\6\0\1a\0\1b", 8, E_OK             },
        {"",               0, E_DECODE_SCT_LIST},
        {"\0\0",           2, E_DECODE_SCT_LIST},
        {"\0\2\0\0",       4, E_DECODE_SCT_LIST},
        {"\0\5\0\1a\0\0",  7, E_DECODE_SCT_LIST},
        {"\0\3\0\2a",      5, E_DECODE_SCT_LIST},
        {"\0\3\0\1a\0",    6, E_DECODE_SCT_LIST},
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        cr_expect_eq(cub_sct_list_check((const uint8_t *)lists[i].list, lists[i].len),
                     lists[i].expected, "list %zu", i);
}
