#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "handshake/client_hello.h"
#include "handshake/messages.h"
#include "tests/handshake/codec.h"

static struct cub_client_hello sent, got;

static enum cub_error decode(struct rd *r)
{
    return cub_client_hello_decode(r, &got);
}

/* The extensions that the encoder writes. */
static const uint8_t writable[] = {
    EXT_SERVER_NAME,
    EXT_EXTENDED_MASTER_SECRET,
    EXT_RENEGOTIATION_INFO,
    EXT_SUPPORTED_GROUPS,
    EXT_EC_POINT_FORMATS,
    EXT_SESSION_TICKET,
    EXT_ALPN,
    EXT_KEY_SHARE,
    EXT_EARLY_DATA,
    EXT_SUPPORTED_VERSIONS,
    EXT_SIGNATURE_ALGORITHMS,
    EXT_SIGNATURE_ALGORITHMS_CERT,
    EXT_COOKIE,
    EXT_PSK_KEY_EXCHANGE_MODES,
    EXT_POST_HANDSHAKE_AUTH,
    EXT_RECORD_SIZE_LIMIT,
    EXT_PADDING,
    EXT_PRE_SHARED_KEY,
};

/* A host name has no zeros. */
static struct cub_view name(size_t max)
{
    struct cub_view text = codec_view(1, max);

    for (size_t i = 0; i < text.len; i++)
        ((uint8_t *)text.data)[i] |= 1;
    return text;
}

static void make_extensions(void)
{
    sent.server_name = name(255);
    sent.supported_groups = codec_list16(1, 10);
    sent.signature_algorithms = codec_list16(1, 10);
    sent.signature_algorithms_cert = codec_list16(1, 10);
    sent.alpn = codec_entries((unsigned)codec_number(1, 4), 0, 1, 1, 20, 0);
    sent.supported_versions = codec_list16(1, 5);
    sent.cookie = codec_view(1, 100);
    sent.psk_key_exchange_modes = codec_view(1, 3);
    sent.key_shares = codec_entries((unsigned)codec_number(0, 4), 2, 2, 1, 70, 0);
    sent.psk_identities = codec_entries((unsigned)codec_number(1, 3), 0, 2, 1, 50, 4);
    sent.psk_binders = codec_entries((unsigned)codec_number(1, 3), 0, 1, 32, 64, 0);
    sent.session_ticket = codec_view(0, 50);
    sent.ec_point_formats = codec_view(1, 3);
    sent.renegotiated_connection = codec_view(0, 24);
    sent.record_size_limit = (uint16_t)codec_number(0, 0xffff);
    sent.padding = codec_number(0, 100);
}

static void make(uint32_t present)
{
    memset(&sent, 0, sizeof sent);
    sent.legacy_version = (uint16_t)codec_number(0, 0xffff);
    sent.random = codec_view(32, 32).data;
    sent.legacy_session_id = codec_view(0, 32);
    sent.cipher_suites = codec_list16(1, 20);
    sent.legacy_compression_methods = codec_view(1, 3);
    make_extensions();
    sent.present = present;
}

static uint32_t random_set(void)
{
    uint32_t present = 0;

    for (size_t i = 0; i < sizeof writable; i++)
        present |= codec_coin() ? (uint32_t)EXT_BIT(writable[i]) : 0;
    return present;
}

/* Of an extension that is not there nothing is decoded. */
static bool same(struct cub_view a, struct cub_view b, unsigned extension)
{
    return sent.present & EXT_BIT(extension) ? codec_equal(a, b) : b.len == 0;
}

static void check_equal(void)
{
    cr_assert_eq(got.legacy_version, sent.legacy_version);
    cr_assert_arr_eq(got.random, sent.random, 32);
    cr_assert(codec_equal(got.legacy_session_id, sent.legacy_session_id));
    cr_assert(codec_equal(got.cipher_suites, sent.cipher_suites));
    cr_assert(codec_equal(got.legacy_compression_methods, sent.legacy_compression_methods));
    cr_assert_eq(got.present, sent.present);
    cr_assert(same(sent.server_name, got.server_name, EXT_SERVER_NAME));
    cr_assert(same(sent.supported_groups, got.supported_groups, EXT_SUPPORTED_GROUPS));
    cr_assert(same(sent.signature_algorithms, got.signature_algorithms, EXT_SIGNATURE_ALGORITHMS));
    cr_assert(same(sent.signature_algorithms_cert, got.signature_algorithms_cert,
                   EXT_SIGNATURE_ALGORITHMS_CERT));
    cr_assert(same(sent.alpn, got.alpn, EXT_ALPN));
    cr_assert(same(sent.supported_versions, got.supported_versions, EXT_SUPPORTED_VERSIONS));
    cr_assert(same(sent.cookie, got.cookie, EXT_COOKIE));
    cr_assert(
        same(sent.psk_key_exchange_modes, got.psk_key_exchange_modes, EXT_PSK_KEY_EXCHANGE_MODES));
    cr_assert(same(sent.key_shares, got.key_shares, EXT_KEY_SHARE));
    cr_assert(same(sent.psk_identities, got.psk_identities, EXT_PRE_SHARED_KEY));
    cr_assert(same(sent.psk_binders, got.psk_binders, EXT_PRE_SHARED_KEY));
    cr_assert(same(sent.session_ticket, got.session_ticket, EXT_SESSION_TICKET));
    cr_assert(same(sent.ec_point_formats, got.ec_point_formats, EXT_EC_POINT_FORMATS));
    cr_assert(
        same(sent.renegotiated_connection, got.renegotiated_connection, EXT_RENEGOTIATION_INFO));
    cr_assert_eq(got.record_size_limit,
                 sent.present & EXT_BIT(EXT_RECORD_SIZE_LIMIT) ? sent.record_size_limit : 0);
    cr_assert_eq(got.padding, sent.present & EXT_BIT(EXT_PADDING) ? sent.padding : 0);
}

/* Bytes before the extension block: a hello of old may end there [RFC5246-7.4.1.2]. */
static size_t without_block(void)
{
    return 2 + 32 + 1 + sent.legacy_session_id.len + 2 + sent.cipher_suites.len + 1 +
           sent.legacy_compression_methods.len;
}

Test(client_hello, round_trip)
{
    for (unsigned round = 0; round < CODEC_ROUNDS; round++) {
        uint8_t again[CODEC_MESSAGE];
        struct wr w, w2;
        struct rd r;

        codec_begin(&w);
        make(random_set());
        cub_client_hello_encode(&w, &sent);
        rd_init(&r, w.buffer + 4, w.pos - 4);
        cr_assert_eq(cub_client_hello_decode(&r, &got), E_OK);
        check_equal();
        wr_init(&w2, again, sizeof again);
        cub_client_hello_encode(&w2, &got);
        cr_assert_eq(w2.pos, w.pos);
        cr_assert_arr_eq(again, w.buffer, w.pos);
        if (round % 4 == 0)
            codec_check(&w, CUB_CLIENT_HELLO, decode, without_block());
    }
}

/* Each extension alone: any two different bodies of it are told apart, any bad one is refused. */

static uint8_t message[1024];

/* A hello with one extension of this body; the error. */
static enum cub_error with(unsigned extension, const void *body, size_t len)
{
    struct wr w;
    size_t block, mark;

    codec_begin(&w);
    make(0);
    wr_init(&w, message, sizeof message);
    wr_uint(&w, 2, 0x0303);
    wr_bytes(&w, sent.random, 32);
    wr_uint(&w, 1, 0);
    wr_view(&w, 2, sent.cipher_suites);
    wr_uint(&w, 2, 0x0100);
    block = wr_open(&w, 2);
    mark = cub_extension_open(&w, (enum cub_extension)extension);
    wr_bytes(&w, body, len);
    wr_close(&w, mark, 2);
    wr_close(&w, block, 2);
    return codec_result(decode, message, w.pos);
}

struct body {
    unsigned extension;
    const char *bytes;
    size_t len;
};

#define BODY(extension, bytes)                                                                     \
    {                                                                                              \
        extension, bytes, sizeof bytes - 1                                                         \
    }

Test(client_hello, good_bodies)
{
    static const struct body good[] = {
        BODY(EXT_SERVER_NAME, "\0\4\0\0\1a"),
        BODY(EXT_SUPPORTED_GROUPS, "\0\2ab"),
        BODY(EXT_SIGNATURE_ALGORITHMS, "\0\4abcd"),
        BODY(EXT_ALPN, "\0\2\1a"),
        BODY(EXT_ALPN, "\0\5\1a\2bc"),
        BODY(EXT_SUPPORTED_VERSIONS, "\2ab"),
        BODY(EXT_COOKIE, "\0\1a"),
        BODY(EXT_PSK_KEY_EXCHANGE_MODES, "\1\1"),
        BODY(EXT_KEY_SHARE, "\0\0"),
        BODY(EXT_KEY_SHARE, "\0\5ab\0\1x"),
        BODY(EXT_RECORD_SIZE_LIMIT, "\0\100"),
        BODY(EXT_PRE_SHARED_KEY, "\0\7\0\1a\0\0\0\0\0\41\40abcdefghijklmnopqrstuvwxyzabcdef"),
        BODY(EXT_PRE_SHARED_KEY, "\0\7\0\1a\0\0\0\0\0\2\1a"), /* too short, if it is used */
        BODY(EXT_EARLY_DATA, ""),
        BODY(EXT_POST_HANDSHAKE_AUTH, ""),
        BODY(EXT_EXTENDED_MASTER_SECRET, ""),
        BODY(EXT_ENCRYPT_THEN_MAC, ""),
        BODY(EXT_SESSION_TICKET, ""),
        BODY(EXT_SESSION_TICKET, "abc"),
        BODY(EXT_PADDING, "\0\0\0"),
        BODY(EXT_EC_POINT_FORMATS, "\1\0"),
        BODY(EXT_RENEGOTIATION_INFO, "\0"),
        BODY(EXT_STATUS_REQUEST, "\1\0\0\0\0"),
    };

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_assert_eq(with(good[i].extension, good[i].bytes, good[i].len), E_OK, "%zu", i);
}

Test(client_hello, bad_bodies)
{
    static const struct body bad[] = {
        BODY(EXT_SERVER_NAME, ""),                    /* that is an answer's */
        BODY(EXT_SERVER_NAME, "\0\0"),                /* no name */
        BODY(EXT_SERVER_NAME, "\0\3\0\0\0"),          /* an empty one */
        BODY(EXT_SERVER_NAME, "\0\4\1\0\1a"),         /* of unknown type */
        BODY(EXT_SERVER_NAME, "\0\4\0\0\1\0"),        /* with a zero */
        BODY(EXT_SERVER_NAME, "\0\10\0\0\1a\0\0\1b"), /* two of one type */
        BODY(EXT_SERVER_NAME, "\0\4\0\0\2a"),
        BODY(EXT_SERVER_NAME, "\0\4\0\0\1ab"),
        BODY(EXT_SUPPORTED_GROUPS, "\0\0"),
        BODY(EXT_SUPPORTED_GROUPS, "\0\1a"),
        BODY(EXT_SUPPORTED_GROUPS, "\0\3abc"),
        BODY(EXT_SUPPORTED_GROUPS, "\0\2abc"),
        BODY(EXT_SIGNATURE_ALGORITHMS, "\0\0"),
        BODY(EXT_SIGNATURE_ALGORITHMS, "\0\3abc"),
        BODY(EXT_SIGNATURE_ALGORITHMS_CERT, "\0\0"),
        BODY(EXT_SIGNATURE_ALGORITHMS_CERT, "\0\1a"),
        BODY(EXT_ALPN, "\0\0"),
        BODY(EXT_ALPN, "\0\1\0"),
        BODY(EXT_ALPN, "\0\3\0\1a"), /* an empty name */
        BODY(EXT_ALPN, "\0\3\1a\1"),
        BODY(EXT_ALPN, "\0\3\1a\0"),
        BODY(EXT_SUPPORTED_VERSIONS, "\0"),
        BODY(EXT_SUPPORTED_VERSIONS, "\1a"),
        BODY(EXT_SUPPORTED_VERSIONS, "\3abc"),
        BODY(EXT_COOKIE, "\0\0"),
        BODY(EXT_COOKIE, "\0\2a"),
        BODY(EXT_PSK_KEY_EXCHANGE_MODES, "\0"),
        BODY(EXT_KEY_SHARE, "\0\4ab\0\0"), /* an empty key_exchange */
        BODY(EXT_KEY_SHARE, "\0\5ab\0\2x"),
        BODY(EXT_KEY_SHARE, "\0\3abc"),
        BODY(EXT_RECORD_SIZE_LIMIT, "\100"),
        BODY(EXT_RECORD_SIZE_LIMIT, "\0\100\0"),
        BODY(EXT_PRE_SHARED_KEY, "\0\0\0\41\40abcdefghijklmnopqrstuvwxyzabcdef"),
        BODY(EXT_PRE_SHARED_KEY, "\0\7\0\1a\0\0\0\0\0\0"),
        BODY(EXT_PRE_SHARED_KEY, "\0\6\0\0\0\0\0\0\0\41\40abcdefghijklmnopqrstuvwxyzabcdef"),
        BODY(EXT_PRE_SHARED_KEY, "\0\7\0\1a\0\0\0\0\0\1\0"), /* an empty binder */
        BODY(EXT_EARLY_DATA, "\0"),
        BODY(EXT_POST_HANDSHAKE_AUTH, "\0"),
        BODY(EXT_EXTENDED_MASTER_SECRET, "\0"), /* [RFC7627-5.1] */
        BODY(EXT_ENCRYPT_THEN_MAC, "\0"),       /* [RFC7366-2] */
        BODY(EXT_EC_POINT_FORMATS, "\0"),
        BODY(EXT_RENEGOTIATION_INFO, ""),
        BODY(EXT_RENEGOTIATION_INFO, "\2a"),
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_eq(with(bad[i].extension, bad[i].bytes, bad[i].len), E_DECODE_CLIENT_HELLO, "%zu",
                     i);
}

/* The fields in front of the extensions. */
Test(client_hello, bad_fields)
{
    static const struct {
        size_t session_id, suites, compression;
        enum cub_error expected;
    } rows[] = {
        {0,  2, 1,   E_OK                 },
        {32, 2, 1,   E_OK                 },
        {33, 2, 1,   E_DECODE_CLIENT_HELLO},
        {0,  0, 1,   E_DECODE_CLIENT_HELLO},
        {0,  3, 1,   E_DECODE_CLIENT_HELLO},
        {0,  2, 0,   E_DECODE_CLIENT_HELLO},
        {0,  2, 255, E_OK                 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wr w;

        codec_begin(&w);
        wr_uint(&w, 2, 0x0303);
        wr_bytes(&w, codec_view(32, 32).data, 32);
        wr_view(&w, 1, codec_view(rows[i].session_id, rows[i].session_id));
        wr_view(&w, 2, codec_view(rows[i].suites, rows[i].suites));
        wr_view(&w, 1, codec_view(rows[i].compression, rows[i].compression));
        wr_uint(&w, 2, 0);
        cr_assert_eq(codec_result(decode, w.buffer, w.pos), rows[i].expected, "%zu", i);
    }
}

/* pre_shared_key in any place but the last [RFC8446-4.2.11]. */
Test(client_hello, psk_last)
{
    static const uint8_t unknown[] = {0x0a, 0x0a, 0, 0};
    struct wr w;

    codec_begin(&w);
    make(EXT_BIT(EXT_SUPPORTED_VERSIONS) | EXT_BIT(EXT_PRE_SHARED_KEY));
    cub_client_hello_encode(&w, &sent);
    cr_assert_eq(codec_result(decode, w.buffer + 4, w.pos - 4), E_OK);
    memcpy(message, w.buffer + 4, w.pos - 4);
    memcpy(message + w.pos - 4, unknown, sizeof unknown);
    /* The length of the block stands behind the fields. */
    cub_store_be16(message + without_block(), cub_load_be16(message + without_block()) + 4);
    cr_assert_eq(codec_result(decode, message, w.pos), E_CH_PSK_NOT_LAST);
}

Test(client_hello, key_shares)
{
    uint8_t list[64];
    struct cub_key_share share;
    struct wr w;
    struct rd r;

    wr_init(&w, list, sizeof list);
    cub_key_share_put(&w, 0x001d, (struct cub_view){(const uint8_t *)"abc", 3});
    cub_key_share_put(&w, 0x0017, (struct cub_view){(const uint8_t *)"d", 1});
    rd_init(&r, list, w.pos);
    cr_assert(cub_key_share_next(&r, &share));
    cr_assert_eq(share.group, 0x001d);
    cr_assert_eq(share.key_exchange.len, 3);
    cr_assert(cub_key_share_next(&r, &share));
    cr_assert_eq(share.group, 0x0017);
    cr_assert_not(cub_key_share_next(&r, &share));
    cr_assert(rd_done(&r));
    rd_init(&r, list, w.pos - 1);
    cr_assert(cub_key_share_next(&r, &share));
    cr_assert_not(cub_key_share_next(&r, &share));
    cr_assert_not(rd_done(&r));
}
