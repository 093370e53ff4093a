/*
 * The presentation language: readers that cannot overrun, writers with windows.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/wire.h"
#include "tests/handshake/codec.h"

static const uint8_t bytes[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};

Test(wire, integers)
{
    static const uint32_t values[] = {0, 0x01, 0x0102, 0x010203, 0x01020304};
    struct rd r;

    for (unsigned width = 1; width <= 4; width++) {
        rd_init(&r, bytes, width);
        cr_assert_eq(cub_rd_uint(&r, width), values[width]);
        cr_assert(rd_done(&r));
        for (unsigned len = 0; len < width; len++) {
            rd_init(&r, bytes, len);
            cr_assert_eq(cub_rd_uint(&r, width), 0);
            cr_assert_not(rd_done(&r));
        }
    }
    rd_init(&r, bytes, 7);
    cr_assert_eq(rd_u8(&r), 0x01);
    cr_assert_eq(rd_u16(&r), 0x0203);
    cr_assert_eq(rd_u32(&r), 0x04050607);
    cr_assert(rd_done(&r));
}

/* After the first error nothing is read any more, whatever would have fitted. */
Test(wire, sticky)
{
    struct rd r;

    rd_init(&r, bytes, 3);
    cr_assert_eq(rd_u32(&r), 0);
    cr_assert_eq(rd_u8(&r), 0);
    cr_assert_null(rd_bytes(&r, 0));
    cr_assert_not(rd_more(&r));
    cr_assert_not(rd_done(&r));
    cr_assert_eq(rd_view(&r, 1, 0, 255).len, 0);
    cr_assert_not(rd_done(&r));
}

Test(wire, nothing)
{
    struct rd r;

    rd_init(&r, NULL, 0);
    cr_assert_not(rd_more(&r));
    cr_assert(rd_done(&r));
    cr_assert_eq(rd_rest(&r).len, 0);
    cr_assert_null(rd_bytes(&r, 1));
    cr_assert_not(rd_done(&r));
}

/* What is left is an error, in a vector for all around it. */
Test(wire, trailing)
{
    static const uint8_t nested[] = {4, 2, 0xaa, 0xbb, 0xcc};
    struct rd r, outer, inner;

    rd_init(&r, bytes, 2);
    rd_u8(&r);
    cr_assert_not(rd_done(&r));

    rd_init(&r, nested, 5);
    outer = rd_vec(&r, 1, 0, 255);
    inner = rd_vec(&outer, 1, 0, 255);
    rd_u8(&inner);
    cr_assert_not(rd_done(&inner));
    cr_assert_not(rd_done(&r));

    rd_init(&r, nested, 5);
    outer = rd_vec(&r, 1, 0, 255);
    inner = rd_vec(&outer, 1, 0, 255);
    cr_assert_eq(rd_u16(&inner), 0xaabb);
    cr_assert(rd_done(&inner));
    cr_assert(rd_more(&outer));
    cr_assert_eq(rd_rest(&outer).len, 1);
    cr_assert(rd_done(&outer));
    cr_assert(rd_done(&r));
}

/* An inner reader sees no byte beyond its vector. */
Test(wire, confined)
{
    static const uint8_t vector[] = {2, 0xaa, 0xbb, 0xcc, 0xdd};
    struct rd r, inner;

    rd_init(&r, vector, 5);
    inner = rd_vec(&r, 1, 0, 255);
    cr_assert_eq(rd_u32(&inner), 0);
    cr_assert_eq(rd_u16(&r), 0, "the error is everybody's");
    cr_assert_not(rd_done(&r));
}

/* Lengths in [min, max] and no others, for every width of the length. */
Test(wire, vector_bounds)
{
    uint8_t vector[3 + 300] = {0};

    for (unsigned width = 1; width <= 3; width++) {
        for (size_t len = 0; len < 256; len++) {
            struct cub_view view;
            struct rd r;

            vector[width - 1] = (uint8_t)len;
            if (width > 1)
                vector[width - 2] = 0;
            rd_init(&r, vector, width + len);
            view = rd_view(&r, width, 17, 200);
            cr_assert_eq(rd_done(&r), len >= 17 && len <= 200);
            cr_assert_eq(view.len, len >= 17 && len <= 200 ? len : 0);
            if (view.len > 0)
                cr_assert_eq(view.data, vector + width);
            /* One byte of the contents is missing. */
            rd_init(&r, vector, width + len - (len > 0));
            rd_view(&r, width, 0, 255);
            cr_assert_eq(rd_done(&r), len == 0);
        }
        vector[width - 1] = 0;
    }
}

/* Lengths near the end of what can be addressed are not taken for small ones. */
Test(wire, huge_length)
{
    static const uint8_t vector[] = {0xff, 0xff, 0xff, 0xff, 0};
    struct rd r;

    for (unsigned width = 1; width <= 4; width++) {
        rd_init(&r, vector, sizeof vector);
        rd_view(&r, width, 0, 0xffffffff);
        cr_assert_not(rd_done(&r));
    }
}

Test(wire, write)
{
    uint8_t buffer[64];
    size_t outer, inner;
    struct wr w;

    wr_init(&w, buffer, sizeof buffer);
    wr_uint(&w, 1, 0x11);
    outer = wr_open(&w, 2);
    wr_uint(&w, 3, 0x223344);
    inner = wr_open(&w, 1);
    wr_bytes(&w, "abc", 3);
    wr_close(&w, inner, 1);
    wr_view(&w, 2, (struct cub_view){(const uint8_t *)"de", 2});
    wr_close(&w, outer, 2);
    wr_uint(&w, 4, 0x55667788);
    cr_assert_eq(w.pos, 18);
    cr_assert_arr_eq(buffer, "\x11\0\x0b\x22\x33\x44\3abc\0\2de\x55\x66\x77\x88", 18);
    cr_assert_not(wr_overflow(&w));
}

/* An open vector's length cannot be taken for another: it is all ones. */
Test(wire, open_length)
{
    uint8_t buffer[8] = {0};
    struct wr w;

    for (unsigned width = 1; width <= 3; width++) {
        wr_init(&w, buffer, sizeof buffer);
        wr_open(&w, width);
        for (unsigned i = 0; i < width; i++)
            cr_assert_eq(buffer[i], 0xff);
    }
}

/* A message as long as 200 bytes, nested. */
static void write_message(struct wr *w)
{
    for (unsigned i = 0; i < 20; i++) {
        wr_uint(w, 1 + i % 4, 0x01010101u * i);
        wr_bytes(w, "0123456789", i % 11);
    }
}

/* Nothing is stored beyond the window, all is counted; windows side by side give the message. */
Test(wire, windows)
{
    uint8_t whole[256];
    size_t total;
    struct wr w;

    wr_init(&w, whole, sizeof whole);
    write_message(&w);
    total = w.pos;
    for (size_t size = 1; size <= total + 1; size++) {
        uint8_t joined[512], window[300];
        size_t len = 0;

        for (size_t skip = 0; skip < total; skip += size) {
            memset(window, 0xee, sizeof window);
            wr_init(&w, window, size);
            w.skip = skip;
            write_message(&w);
            cr_assert_eq(w.pos, total);
            cr_assert_eq(wr_overflow(&w), total > skip + size);
            for (size_t i = size; i < sizeof window; i++)
                cr_assert_eq(window[i], 0xee);
            memcpy(joined + len, window, size);
            len += size;
        }
        cr_assert_arr_eq(joined, whole, total);
    }
}

/* A vector that is closed when its length is long out of the window does no harm. */
Test(wire, close_outside)
{
    uint8_t buffer[8];
    size_t mark;
    struct wr w;

    memset(buffer, 0xee, sizeof buffer);
    wr_init(&w, buffer, 3);
    wr_bytes(&w, "ab", 2);
    mark = wr_open(&w, 2);
    wr_bytes(&w, "cd", 2);
    wr_close(&w, mark, 2);
    cr_assert(wr_overflow(&w));
    cr_assert_eq(w.pos, 6);
    for (size_t i = 3; i < sizeof buffer; i++)
        cr_assert_eq(buffer[i], 0xee);
}

Test(wire, lists)
{
    struct cub_view list = {bytes, 5};

    cr_assert(cub_list16_has(list, 0x0102));
    cr_assert(cub_list16_has(list, 0x0304));
    cr_assert_not(cub_list16_has(list, 0x0203));
    cr_assert_not(cub_list16_has(list, 0x0506));
    cr_assert(cub_list8_has(list, 5));
    cr_assert_not(cub_list8_has(list, 6));
    cr_assert_not(cub_list16_has((struct cub_view){NULL, 0}, 0));
    cr_assert_not(cub_list8_has((struct cub_view){NULL, 0}, 0));
}
