#include <criterion/criterion.h>

#include <string.h>

#include "api/bio.h"

Test(bio, reads_what_was_written)
{
    cub_bio *bio;
    char buffer[16];
    size_t n = 99;

    cr_assert_eq(cub_bio_new(&bio), CUB_OK);
    cr_expect_eq(cub_bio_get_pending(bio), 0);
    cr_expect_not(cub_bio_get_eof(bio), "no end was written");
    cr_expect_eq(cub_bio_read(bio, buffer, sizeof buffer, &n), CUB_OK);
    cr_expect_eq(n, 0, "nothing there");
    cr_expect_eq(cub_bio_write(bio, "hello world", 11), CUB_OK);
    cr_expect_eq(cub_bio_get_pending(bio), 11);
    cr_expect_eq(cub_bio_read(bio, buffer, 5, &n), CUB_OK);
    cr_expect_eq(n, 5);
    cr_expect_arr_eq(buffer, "hello", 5);
    cr_expect_eq(cub_bio_get_pending(bio), 6);
    cr_expect_eq(cub_bio_write(bio, "!", 1), CUB_OK);
    cr_expect_eq(cub_bio_read(bio, buffer, sizeof buffer, &n), CUB_OK);
    cr_expect_eq(n, 7);
    cr_expect_arr_eq(buffer, " world!", 7);
    cub_bio_free(bio);
}

Test(bio, has_an_end)
{
    cub_bio *bio;
    char buffer[16];
    size_t n;

    cr_assert_eq(cub_bio_new(&bio), CUB_OK);
    cr_expect_eq(cub_bio_write(bio, "x", 1), CUB_OK);
    cub_bio_write_eof(bio);
    cr_expect_not(cub_bio_get_eof(bio), "true only when all was read");
    cr_expect_eq(cub_bio_write(bio, "y", 1), CUB_SSLError, "cannot write after write_eof");
    cr_expect_eq(cub_bio_read(bio, buffer, sizeof buffer, &n), CUB_OK);
    cr_expect_eq(n, 1);
    cr_expect(cub_bio_get_eof(bio));
    cub_bio_free(bio);
}

/* Bytes in, bytes out, at all distances between writer and reader. */
Test(bio, keeps_order_at_any_fill)
{
    static uint8_t data[5000], back[5000];
    cub_bio *bio;
    size_t in = 0, out = 0, n;

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7 + i / 256);
    cr_assert_eq(cub_bio_new(&bio), CUB_OK);
    for (size_t step = 1; out < sizeof data; step = step * 5 % 97 + 1) {
        size_t len = in + step <= sizeof data ? step : sizeof data - in;
        cr_assert_eq(cub_bio_write(bio, data + in, len), CUB_OK);
        in += len;
        cr_assert_eq(cub_bio_read(bio, back + out, in < sizeof data ? step * 2 / 3 : step, &n),
                     CUB_OK);
        out += n;
        cr_assert_eq(cub_bio_get_pending(bio), in - out);
    }
    cr_expect_arr_eq(back, data, sizeof data);
    cub_bio_free(bio);
}

Test(bio, pair_says_when_there_is_nothing)
{
    struct cub_bio_pair pair;
    char buffer[4];
    size_t n;

    cr_assert_eq(cub_bio_new(&pair.incoming), CUB_OK);
    cr_assert_eq(cub_bio_new(&pair.outgoing), CUB_OK);
    cr_expect_eq(cub_bio_pair_read(&pair, buffer, 4, &n), CUB_SSLWantReadError);
    cr_expect_eq(cub_bio_pair_write(&pair, "abc", 3, &n), CUB_OK);
    cr_expect_eq(n, 3);
    cub_bio_write_eof(pair.incoming);
    cr_expect_eq(cub_bio_pair_read(&pair, buffer, 4, &n), CUB_OK, "the end is no bytes");
    cr_expect_eq(n, 0);
    cub_bio_free(cub_bio_ref(pair.incoming));
    cub_bio_free(pair.incoming);
    cub_bio_free(pair.outgoing);
}
