#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "handshake/messages.h"
#include "handshake/server_hello.h"
#include "tests/handshake/codec.h"

#define ALL UINT32_MAX

static struct cub_server_hello sent, got;
static uint8_t place;

/* Both steps of the decoder. */
static enum cub_error decode(struct rd *r)
{
    enum cub_error err = cub_server_hello_decode(r, &got);

    return err == E_OK ? cub_server_hello_extensions(&got, place, ALL) : err;
}

static void make(void)
{
    uint32_t present = (uint32_t)EXT_BIT(EXT_SUPPORTED_VERSIONS);

    memset(&sent, 0, sizeof sent);
    sent.legacy_version = (uint16_t)codec_number(0, 0xffff);
    sent.random = place == IN_HRR ? cub_hello_retry_random : codec_view(32, 32).data;
    sent.legacy_session_id_echo = codec_view(0, 32);
    sent.cipher_suite = (uint16_t)codec_number(0, 0xffff);
    sent.legacy_compression_method = (uint8_t)codec_number(0, 255);
    sent.version = (uint16_t)codec_number(0, 0xffff);
    sent.selected_group = (uint16_t)codec_number(0, 0xffff);
    sent.selected_identity = (uint16_t)codec_number(0, 0xffff);
    sent.key_share.group = (uint16_t)codec_number(0, 0xffff);
    sent.key_share.key_exchange = codec_view(1, 140);
    sent.cookie = codec_view(1, 300);
    present |= codec_coin() ? (uint32_t)EXT_BIT(EXT_KEY_SHARE) : 0;
    if (place == IN_HRR)
        present |= codec_coin() ? (uint32_t)EXT_BIT(EXT_COOKIE) : 0;
    else
        present |= codec_coin() ? (uint32_t)EXT_BIT(EXT_PRE_SHARED_KEY) : 0;
    sent.present = present;
}

static void check_equal(void)
{
    cr_assert_eq(got.legacy_version, sent.legacy_version);
    cr_assert_arr_eq(got.random, sent.random, 32);
    cr_assert(codec_equal(got.legacy_session_id_echo, sent.legacy_session_id_echo));
    cr_assert_eq(got.cipher_suite, sent.cipher_suite);
    cr_assert_eq(got.legacy_compression_method, sent.legacy_compression_method);
    cr_assert_eq(got.version, sent.version);
    cr_assert_eq(got.present, sent.present);
    if (sent.present & EXT_BIT(EXT_PRE_SHARED_KEY))
        cr_assert_eq(got.selected_identity, sent.selected_identity);
    if (sent.present & EXT_BIT(EXT_COOKIE))
        cr_assert(codec_equal(got.cookie, sent.cookie));
    if (!(sent.present & EXT_BIT(EXT_KEY_SHARE)))
        return;
    if (place == IN_HRR) {
        cr_assert_eq(got.selected_group, sent.selected_group);
        return;
    }
    cr_assert_eq(got.key_share.group, sent.key_share.group);
    cr_assert(codec_equal(got.key_share.key_exchange, sent.key_share.key_exchange));
}

Test(server_hello, round_trip)
{
    for (unsigned round = 0; round < 2 * CODEC_ROUNDS; round++) {
        uint8_t again[CODEC_MESSAGE];
        struct wr w, w2;
        struct rd r;

        codec_begin(&w);
        place = round % 2 ? IN_HRR : IN_SH;
        make();
        cub_server_hello_encode(&w, &sent, place);
        cr_assert_eq(cub_is_hello_retry(w.buffer + 4, w.pos - 4), place == IN_HRR);
        rd_init(&r, w.buffer + 4, w.pos - 4);
        cr_assert_eq(decode(&r), E_OK);
        check_equal();
        wr_init(&w2, again, sizeof again);
        cub_server_hello_encode(&w2, &got, place);
        cr_assert_eq(w2.pos, w.pos);
        cr_assert_arr_eq(again, w.buffer, w.pos);
        /* A hello of old may end before the extensions [RFC5246-7.4.1.3]. */
        codec_check(&w, CUB_SERVER_HELLO, decode, 2 + 32 + 1 + sent.legacy_session_id_echo.len + 3);
    }
}

Test(server_hello, retry_random)
{
    uint8_t body[40] = {3, 3};

    memcpy(body + 2, cub_hello_retry_random, 32);
    for (size_t len = 0; len < 34; len++)
        cr_assert_not(cub_is_hello_retry(body, len));
    cr_assert(cub_is_hello_retry(body, 34));
    body[33] ^= 1;
    cr_assert_not(cub_is_hello_retry(body, 34));
}

/* Writes the fields, and an extension of this body. */
static size_t with(uint8_t *message, size_t room, unsigned extension, const void *body, size_t len)
{
    struct wr w;
    size_t block, mark;

    codec_begin(&w);
    make();
    wr_init(&w, message, room);
    wr_uint(&w, 2, 0x0303);
    wr_bytes(&w, sent.random, 32);
    wr_uint(&w, 1, 0);
    wr_uint(&w, 3, 0x130100);
    block = wr_open(&w, 2);
    mark = cub_extension_open(&w, (enum cub_extension)extension);
    wr_bytes(&w, body, len);
    wr_close(&w, mark, 2);
    wr_close(&w, block, 2);
    return w.pos;
}

Test(server_hello, bodies)
{
    static const struct {
        uint8_t place;
        uint8_t extension;
        const char *bytes;
        size_t len;
        enum cub_error expected;
    } rows[] = {
        {IN_SH,  EXT_SUPPORTED_VERSIONS, "\3\4",     2, E_OK                 },
        {IN_SH,  EXT_SUPPORTED_VERSIONS, "\3",       1, E_DECODE_SERVER_HELLO},
        {IN_SH,  EXT_SUPPORTED_VERSIONS, "\3\4\0",   3, E_DECODE_SERVER_HELLO},
        {IN_SH,  EXT_SUPPORTED_VERSIONS, "",         0, E_DECODE_SERVER_HELLO},
        {IN_SH,  EXT_KEY_SHARE,          "ab\0\1x",  5, E_OK                 },
        {IN_SH,  EXT_KEY_SHARE,          "ab\0\0",   4, E_DECODE_SERVER_HELLO},
        {IN_SH,  EXT_KEY_SHARE,          "ab",       2, E_DECODE_SERVER_HELLO},
        {IN_SH,  EXT_KEY_SHARE,          "ab\0\1xy", 6, E_DECODE_SERVER_HELLO},
        {IN_SH,  EXT_PRE_SHARED_KEY,     "\0\0",     2, E_OK                 },
        {IN_SH,  EXT_PRE_SHARED_KEY,     "\0",       1, E_DECODE_SERVER_HELLO},
        {IN_SH,  EXT_PRE_SHARED_KEY,     "\0\0\0",   3, E_DECODE_SERVER_HELLO},
        {IN_SH,  EXT_COOKIE,             "\0\1a",    3, E_EXT_PLACE          },
        {IN_HRR, EXT_KEY_SHARE,          "ab",       2, E_OK                 },
        {IN_HRR, EXT_KEY_SHARE,          "ab\0\1x",  5, E_DECODE_SERVER_HELLO},
        {IN_HRR, EXT_KEY_SHARE,          "a",        1, E_DECODE_SERVER_HELLO},
        {IN_HRR, EXT_COOKIE,             "\0\1a",    3, E_OK                 },
        {IN_HRR, EXT_COOKIE,             "\0\0",     2, E_DECODE_SERVER_HELLO},
        {IN_HRR, EXT_COOKIE,             "\0\1ab",   4, E_DECODE_SERVER_HELLO},
        {IN_HRR, EXT_PRE_SHARED_KEY,     "\0\0",     2, E_EXT_PLACE          },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t message[256];
        size_t len;

        place = rows[i].place;
        len = with(message, sizeof message, rows[i].extension, rows[i].bytes, rows[i].len);
        cr_assert_eq(codec_result(decode, message, len), rows[i].expected, "%zu", i);
    }
}

/* Without supported_versions the version is the one in the old place. */
Test(server_hello, version)
{
    uint8_t message[256];
    struct rd r;
    size_t len;

    place = IN_SH;
    len = with(message, sizeof message, EXT_KEY_SHARE, "ab\0\1x", 5);
    rd_init(&r, message, len);
    cr_assert_eq(decode(&r), E_OK);
    cr_assert_eq(got.version, 0x0303);
    len = with(message, sizeof message, EXT_SUPPORTED_VERSIONS, "\3\4", 2);
    rd_init(&r, message, len);
    cr_assert_eq(decode(&r), E_OK);
    cr_assert_eq(got.version, 0x0304);
}

/* What was not offered is not accepted. */
Test(server_hello, unsolicited)
{
    uint8_t message[256];
    struct cub_server_hello hello;
    struct rd r;

    place = IN_SH;
    rd_init(&r, message, with(message, sizeof message, EXT_PRE_SHARED_KEY, "\0\0", 2));
    cr_assert_eq(cub_server_hello_decode(&r, &hello), E_OK);
    cr_assert_eq(cub_server_hello_extensions(&hello, IN_SH, 0), E_EXT_UNSOLICITED);
}
