/*
 * Records from the peer: cut into any pieces, one or many in the buffer, and all that is refused.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "record/record_in.h"
#include "tests/record/records.h"

static uint8_t buffer[RECORD_ROOM];
static uint8_t stream[1 << 18];
static uint8_t record[RECORD_ROOM];
static struct cub_record_in in;

/* Starts with room for records of so many bytes in all. */
static void start(size_t size)
{
    memset(buffer, 0xaa, sizeof buffer);
    memset(&in, 0, sizeof in);
    cub_record_in_init(&in, buffer, size);
}

/* Opens, past what is skipped, and says whether a record is there. */
static enum cub_error open_next(bool *ready)
{
    enum cub_error err;

    do {
        err = cub_record_in_skipped(&in, cub_record_in_open(&in));
    } while (err == E_OK && in.record_len == 0);
    *ready = in.record_len != 0;
    return err == E_WAIT_INPUT ? E_OK : err;
}

/* Feeds as much as fits and opens; the error. */
static enum cub_error feed(const uint8_t *p, size_t len, bool *ready)
{
    while (len > 0) {
        size_t n;
        uint8_t *space = cub_record_in_space(&in, &n);

        cr_assert_not_null(space);
        if (n > len)
            n = len;
        memcpy(space, p, n);
        cub_record_in_filled(&in, n);
        p += n;
        len -= n;
    }
    return open_next(ready);
}

/* The error for one plaintext header and as much of a body as the buffer has room for. */
static enum cub_error header_error(uint8_t type, uint16_t version, size_t len)
{
    size_t n = put_plain(record, type, version, len);
    bool ready;

    memset(record + 5, 1, len);
    return feed(record, n < in.size ? n : in.size, &ready);
}

/* Lengths that tell off-by-one from right, in a row of records. */
static const size_t lengths[] = {1, 2, 16384, 3, 255, 256, 257, 16383, 5, 4096, 1, 1, 1};

static size_t make_stream(struct cub_protection *protection)
{
    size_t total = 0;

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        uint8_t *p = stream + total;

        fill(p + 5, lengths[i]);
        if (protection != NULL)
            total +=
                seal_padded(protection, p, CUB_HANDSHAKE, lengths[i], lengths[i] < 16000 ? i : 0);
        else
            total += put_plain(p, CUB_HANDSHAKE, 0x0303, lengths[i]);
    }
    return total;
}

/* Receives the stream in pieces and takes the content in bites of another size. */
static void receive(size_t total, size_t piece, size_t bite)
{
    size_t at = 0, record_number = 0;

    while (record_number < sizeof lengths / sizeof *lengths) {
        size_t want = lengths[record_number++], got = 0;
        bool ready;

        cr_assert_eq(open_next(&ready), E_OK);
        while (!ready) {
            size_t n = total - at < piece ? total - at : piece, room;
            uint8_t *space = cub_record_in_space(&in, &room);

            cr_assert_not_null(space);
            cr_assert_gt(n, 0);
            if (n > room)
                n = room;
            memcpy(space, stream + at, n);
            at += n;
            cub_record_in_filled(&in, n);
            cr_assert_eq(open_next(&ready), E_OK);
        }
        cr_assert_eq(in.type, CUB_HANDSHAKE);
        cr_assert_eq(in.content_len, want);
        cr_assert(is_filled(in.content, want));
        while (got < want) {
            size_t n = want - got < bite ? want - got : bite, room;

            cr_assert_null(cub_record_in_space(&in, &room)); /* while a record is open */
            cub_record_in_consume(&in, n);
            got += n;
        }
    }
    cr_assert_eq(at, total);
    cr_assert_eq(in.head, 0);
    cr_assert_eq(in.tail, 0);
}

Test(record_in, pieces)
{
    static const size_t pieces[] = {1, 2, 3, 4, 5, 6, 7, 100, 16384, 16389, 100000};
    static const size_t sizes[] = {5 + 16384 + 256, RECORD_ROOM};

    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
            struct cub_protection sender;

            start(sizes[j]);
            receive(make_stream(NULL), pieces[i], pieces[i] + 1);
            protect(&sender, &cub_aes_128_gcm);
            protect(&in.protection, &cub_aes_128_gcm);
            receive(make_stream(&sender), pieces[i], 1000);
        }
    }
}

/* A line that brings byte after byte: told to go on when a header is whole and when its record is,
 * and at the first byte, when nothing is known yet. */
Test(record_in, byte_by_byte)
{
    size_t len = put_plain(record, CUB_HANDSHAKE, 0x0303, 40);

    start(sizeof buffer);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 1; i <= len; i++) {
            bool ready = false, told;
            size_t room;

            *cub_record_in_space(&in, &room) = record[i - 1];
            told = cub_record_in_filled(&in, 1);
            cr_assert_eq(told, i == 1 || i == 5 || i == len, "byte %zu", i);
            if (told)
                cr_assert_eq(open_next(&ready), E_OK);
            cr_assert_eq(ready, i == len);
        }
        cub_record_in_consume(&in, 40);
    }
}

/* Whatever the first byte is, only the four types get past it [RFC8446-5]. */
Test(record_in, types)
{
    for (unsigned type = 0; type < 256; type++) {
        start(sizeof buffer);
        cr_assert_eq(header_error((uint8_t)type, 0x0303, 2),
                     type >= 20 && type <= 23 ? E_OK : E_RECORD_TYPE, "type %u", type);
    }
}

/* The same for the type inside of a protected record. */
Test(record_in, inner_types)
{
    for (unsigned type = 1; type < 256; type++) {
        struct cub_protection sender;
        bool ready;

        start(sizeof buffer);
        protect(&sender, &cub_aes_128_gcm);
        protect(&in.protection, &cub_aes_128_gcm);
        fill(record + 5, 1);
        cr_assert_eq(feed(record, seal_padded(&sender, record, (uint8_t)type, 1, 0), &ready),
                     type >= 20 && type <= 23 ? E_OK : E_RECORD_TYPE, "type %u", type);
    }
}

/* The minor version means nothing, the major one must be 3 [RFC8446-5.1]. */
Test(record_in, versions)
{
    for (unsigned minor = 0; minor < 256; minor++) {
        start(sizeof buffer);
        cr_assert_eq(header_error(CUB_HANDSHAKE, (uint16_t)(0x0300 | minor), 1), E_OK);
    }
    for (unsigned major = 0; major < 256; major++) {
        start(sizeof buffer);
        cr_assert_eq(header_error(CUB_HANDSHAKE, (uint16_t)(major << 8 | 3), 1),
                     major == 3 ? E_OK : E_RECORD_VERSION);
    }
}

/* 2^14 in the clear, 2^14 + 256 protected: known from the header alone. */
Test(record_in, length_limits)
{
    bool ready;

    start(sizeof buffer);
    cr_assert_eq(header_error(CUB_HANDSHAKE, 0x0303, 16384), E_OK);
    start(sizeof buffer);
    put_plain(record, CUB_HANDSHAKE, 0x0303, 16385);
    cr_assert_eq(feed(record, 5, &ready), E_RECORD_OVERFLOW);
    for (size_t i = 0; i < RECORD_AEADS; i++) {
        start(sizeof buffer);
        protect(&in.protection, record_aeads[i]);
        put_plain(record, CUB_APPLICATION_DATA, 0x0303, 16384 + 256);
        cr_assert_eq(feed(record, 5, &ready), E_OK);
        cr_assert_not(ready);
        start(sizeof buffer);
        protect(&in.protection, record_aeads[i]);
        put_plain(record, CUB_APPLICATION_DATA, 0x0303, 16384 + 257);
        cr_assert_eq(feed(record, 5, &ready), E_RECORD_OVERFLOW);
    }
}

/* As long as the outer limit allows, but too long inside [RFC8446-5.2]. */
Test(record_in, inner_limit)
{
    struct cub_protection sender;
    bool ready;

    for (size_t extra = 0; extra < 3; extra++) {
        start(sizeof buffer);
        protect(&sender, &cub_aes_128_gcm);
        protect(&in.protection, &cub_aes_128_gcm);
        fill(record + 5, 16385);
        cr_assert_eq(feed(record, seal_padded(&sender, record, CUB_APPLICATION_DATA, 16384, extra),
                          &ready),
                     extra == 0 ? E_OK : E_RECORD_OVERFLOW);
    }
}

/* The buffer takes records of its size and names itself as the cause otherwise. */
Test(record_in, buffer)
{
    bool ready;

    for (size_t size = 6; size < 200; size++) {
        start(size);
        cr_assert_eq(header_error(CUB_HANDSHAKE, 0x0303, size - 5), E_OK);
        cr_assert_eq(in.content_len, size - 5);
        start(size);
        put_plain(record, CUB_HANDSHAKE, 0x0303, size - 4);
        cr_assert_eq(feed(record, 5, &ready), E_RECORD_BUFFER);
    }
}

/* Our record_size_limit binds protected records alone, and counts content, type and padding. */
Test(record_in, size_limit)
{
    for (size_t i = 0; i < RECORD_AEADS; i++) {
        for (size_t content = 0; content <= 100; content += 50) {
            struct cub_protection sender;
            bool ready;

            start(sizeof buffer);
            in.limit = 101;
            cr_assert_eq(header_error(CUB_HANDSHAKE, 0x0303, 1000), E_OK);
            cub_record_in_consume(&in, 1000);
            protect(&sender, record_aeads[i]);
            protect(&in.protection, record_aeads[i]);
            fill(record + 5, content);
            cr_assert_eq(feed(record,
                              seal_padded(&sender, record, CUB_APPLICATION_DATA, content,
                                          100 - content),
                              &ready),
                         E_OK);
            cub_record_in_consume(&in, content);
            cr_assert_eq(feed(record,
                              seal_padded(&sender, record, CUB_APPLICATION_DATA, content,
                                          101 - content),
                              &ready),
                         E_RECORD_OVERFLOW);
        }
    }
}

/* Only application data may be empty [RFC8446-5.4], and not for ever. */
Test(record_in, empty)
{
    static const uint8_t types[] = {CUB_CHANGE_CIPHER_SPEC, CUB_ALERT, CUB_HANDSHAKE};
    struct cub_protection sender;
    bool ready;

    for (size_t i = 0; i < sizeof types; i++) {
        start(sizeof buffer);
        cr_assert_eq(header_error(types[i], 0x0303, 0), E_RECORD_EMPTY);
        start(sizeof buffer);
        protect(&sender, &cub_aes_128_gcm);
        protect(&in.protection, &cub_aes_128_gcm);
        cr_assert_eq(feed(record, seal_padded(&sender, record, types[i], 0, 3), &ready),
                     E_RECORD_EMPTY);
    }
    start(sizeof buffer);
    protect(&sender, &cub_aes_128_gcm);
    protect(&in.protection, &cub_aes_128_gcm);
    for (unsigned i = 0; i < 100; i++) {
        cr_assert_eq(feed(record, seal_padded(&sender, record, CUB_APPLICATION_DATA, 0, 0), &ready),
                     E_OK);
        cr_assert(ready);
        cr_assert_eq(in.content_len, 0);
        cub_record_in_consume(&in, 0);
    }
}

/* A dummy ChangeCipherSpec passes unprotected, counted by nobody; nothing else does. */
Test(record_in, change_cipher_spec)
{
    static const uint8_t refused[] = {CUB_ALERT, CUB_HANDSHAKE};
    bool ready;

    start(sizeof buffer);
    protect(&in.protection, &cub_aes_128_gcm);
    record[5] = 1;
    cr_assert_eq(feed(record, put_plain(record, CUB_CHANGE_CIPHER_SPEC, 0x0303, 1), &ready), E_OK);
    cr_assert(ready);
    cr_assert_eq(in.type, CUB_CHANGE_CIPHER_SPEC);
    cr_assert_eq(in.content_len, 1);
    cr_assert_eq(in.content[0], 1);
    cr_assert_eq(in.protection.sequence, 0);
    for (size_t i = 0; i < sizeof refused; i++) {
        start(sizeof buffer);
        protect(&in.protection, &cub_aes_128_gcm);
        cr_assert_eq(header_error(refused[i], 0x0303, 2), E_RECORD_BAD_MAC);
    }
}

/* A failed record is never handed out. */
Test(record_in, bad_mac)
{
    struct cub_protection sender;
    bool ready = true;
    size_t n;

    start(sizeof buffer);
    protect(&sender, &cub_aes_128_gcm);
    protect(&in.protection, &cub_aes_128_gcm);
    fill(record + 5, 100);
    n = seal_padded(&sender, record, CUB_APPLICATION_DATA, 100, 0);
    record[50] ^= 1;
    cr_assert_eq(feed(record, n, &ready), E_RECORD_BAD_MAC);
    cr_assert_not(ready);
    cr_assert_eq(in.record_len, 0);
}

/* Records that do not open are dropped until one does, and the sequence does not count them. */
Test(record_in, skip)
{
    struct cub_protection sender, stranger;
    bool ready;
    size_t n;

    start(sizeof buffer);
    protect(&sender, &cub_aes_128_gcm);
    protect(&stranger, &cub_chacha20_poly1305);
    protect(&in.protection, &cub_aes_128_gcm);
    cub_record_in_skip(&in, 3 * (5 + 100 + 1 + 16) + 5 + 3 + 5);
    for (unsigned i = 0; i < 3; i++) {
        n = seal_padded(&stranger, record, CUB_APPLICATION_DATA, 100, 0);
        cr_assert_eq(feed(record, n, &ready), E_OK);
        cr_assert_not(ready);
    }
    /* Too short for a tag, and empty. */
    cr_assert_eq(feed(record, put_plain(record, CUB_APPLICATION_DATA, 0x0303, 3), &ready), E_OK);
    cr_assert_eq(feed(record, put_plain(record, CUB_APPLICATION_DATA, 0x0303, 0), &ready), E_OK);
    cr_assert_not(ready);
    cr_assert_eq(in.protection.sequence, 0);
    record[5] = 1;
    n = put_plain(record, CUB_CHANGE_CIPHER_SPEC, 0x0303, 1);
    cr_assert_eq(feed(record, n, &ready), E_OK);
    cr_assert(ready && in.skipping);
    cub_record_in_consume(&in, 1);
    fill(record + 5, 100);
    n = seal_padded(&sender, record, CUB_HANDSHAKE, 100, 0);
    cr_assert_eq(feed(record, n, &ready), E_OK);
    cr_assert(ready);
    cr_assert(is_filled(in.content, 100));
    cr_assert_not(in.skipping);
    cub_record_in_consume(&in, 100);
    n = seal_padded(&stranger, record, CUB_APPLICATION_DATA, 100, 0);
    cr_assert_eq(feed(record, n, &ready), E_RECORD_BAD_MAC);
}

/* In the clear all application data is dropped, up to a handshake record. */
Test(record_in, skip_in_clear)
{
    bool ready;

    start(sizeof buffer);
    cub_record_in_skip(&in, 1000);
    cr_assert_eq(feed(record, put_plain(record, CUB_APPLICATION_DATA, 0x0303, 50), &ready), E_OK);
    cr_assert_not(ready);
    cr_assert_eq(in.head, in.tail);
    cr_assert_eq(feed(record, put_plain(record, CUB_HANDSHAKE, 0x0303, 50), &ready), E_OK);
    cr_assert(ready);
    cub_record_in_consume(&in, 50);
    cr_assert_eq(feed(record, put_plain(record, CUB_APPLICATION_DATA, 0x0303, 50), &ready), E_OK);
    cr_assert(ready);
}

Test(record_in, skip_too_much)
{
    bool ready;

    start(sizeof buffer);
    cub_record_in_skip(&in, 2 * (5 + 50) + 4);
    for (unsigned i = 0; i < 2; i++)
        cr_assert_eq(feed(record, put_plain(record, CUB_APPLICATION_DATA, 0x0303, 50), &ready),
                     E_OK);
    cr_assert_eq(feed(record, put_plain(record, CUB_APPLICATION_DATA, 0x0303, 0), &ready),
                 E_RECORD_SKIPPED);
}
