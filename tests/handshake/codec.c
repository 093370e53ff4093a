#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "tests/handshake/codec.h"
#include "tests/support/random.h"

static struct test_random state;
static uint8_t pool[1 << 18];
static size_t used;
static uint8_t message[CODEC_MESSAGE];

size_t codec_number(size_t min, size_t max)
{
    uint8_t bytes[4];

    test_random_fill(&state, bytes, sizeof bytes);
    return min + ((size_t)bytes[0] << 16 | (size_t)bytes[1] << 8 | bytes[2]) % (max - min + 1);
}

bool codec_coin(void)
{
    return codec_number(0, 1) == 1;
}

static uint8_t *take(size_t len)
{
    uint8_t *p = pool + used;

    cr_assert_leq(used + len, sizeof pool);
    used += len;
    test_random_fill(&state, p, len);
    return p;
}

struct cub_view codec_view(size_t min, size_t max)
{
    size_t len = codec_number(min, max);

    return (struct cub_view){take(len), len};
}

struct cub_view codec_list16(size_t min_entries, size_t max_entries)
{
    size_t len = 2 * codec_number(min_entries, max_entries);

    return (struct cub_view){take(len), len};
}

struct cub_view codec_entries(unsigned count, unsigned before, unsigned width, size_t min,
                              size_t max, unsigned after)
{
    struct cub_view list = {pool + used, 0};

    while (count-- > 0) {
        size_t len = codec_number(min, max);
        uint8_t *p = take(before + width + len + after) + before;

        for (unsigned i = 0; i < width; i++)
            p[i] = (uint8_t)(len >> (8 * (width - 1 - i)));
        list.len += before + width + len + after;
    }
    return list;
}

void codec_begin(struct wr *w)
{
    used = 0;
    wr_init(w, message, sizeof message);
}

bool codec_equal(struct cub_view a, struct cub_view b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

enum cub_error codec_result(codec_decode *decode, const void *body, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    enum cub_error err;
    struct rd r;

    cr_assert_not_null(copy);
    if (len > 0)
        memcpy(copy, body, len);
    rd_init(&r, copy, len);
    err = decode(&r);
    free(copy);
    return err;
}

void codec_check(const struct wr *w, uint8_t type, codec_decode *decode, size_t legal_prefix)
{
    const uint8_t *body = w->buffer + 4;
    size_t len = w->pos - 4;
    uint8_t longer[CODEC_MESSAGE + 1];

    cr_assert_not(wr_overflow(w));
    cr_assert_eq(w->buffer[0], type);
    cr_assert_eq((size_t)w->buffer[1] << 16 | (size_t)w->buffer[2] << 8 | w->buffer[3], len);
    cr_assert_eq(codec_result(decode, body, len), E_OK);
    for (size_t n = 0; n < len; n++) {
        if (n != legal_prefix || n == 0)
            cr_assert_neq(codec_result(decode, body, n), E_OK, "type %u: %zu of %zu bytes", type, n,
                          len);
    }
    memcpy(longer, body, len);
    longer[len] = 0;
    cr_assert_neq(codec_result(decode, longer, len + 1), E_OK, "type %u: a byte more", type);
}
