/*
 * The messages of TLS 1.2, in the same way.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/messages12.h"
#include "tests/handshake/server_hello12.h"
#include "tests/handshake/codec.h"

#define ALL UINT32_MAX

static uint8_t again[CODEC_MESSAGE];

/* ServerHello */

static struct server_hello12 sh;

static enum cub_error decode_sh(struct rd *r)
{
    struct cub_server_hello hello;
    enum cub_error err = cub_server_hello_decode(r, &hello);

    return err == E_OK ? server_hello12_extensions(hello.extensions, ALL, &sh) : err;
}

Test(messages12, server_hello)
{
    static const uint8_t writable[] = {
        EXT_ALPN,           EXT_RECORD_SIZE_LIMIT,      EXT_RENEGOTIATION_INFO,
        EXT_SERVER_NAME,    EXT_EXTENDED_MASTER_SECRET, EXT_SIGNED_CERTIFICATE_TIMESTAMP,
        EXT_SESSION_TICKET, EXT_STATUS_REQUEST,         EXT_EC_POINT_FORMATS,
    };

    for (unsigned round = 0; round < CODEC_ROUNDS; round++) {
        struct cub_server_hello hello = {.legacy_version = 0x0303, .cipher_suite = 0xc02b};
        struct server_hello12 sent = {0};
        struct wr w, w2;
        struct rd r;

        codec_begin(&w);
        for (size_t i = 0; i < sizeof writable; i++)
            sent.present |= codec_coin() ? (uint32_t)EXT_BIT(writable[i]) : 0;
        hello.random = codec_view(32, 32).data;
        hello.legacy_session_id_echo = codec_view(0, 32);
        sent.record_size_limit = (uint16_t)codec_number(0, 0xffff);
        sent.alpn = codec_view(1, 255);
        sent.renegotiated_connection = codec_view(0, 24);
        sent.ec_point_formats = codec_view(1, 3);
        sent.scts = codec_view(0, 100);
        server_hello12_encode(&w, &hello, &sent);
        rd_init(&r, w.buffer + 4, w.pos - 4);
        cr_assert_eq(decode_sh(&r), E_OK);
        cr_assert_eq(sh.present, sent.present);
        if (sent.present & EXT_BIT(EXT_ALPN))
            cr_assert(codec_equal(sh.alpn, sent.alpn));
        if (sent.present & EXT_BIT(EXT_RENEGOTIATION_INFO))
            cr_assert(codec_equal(sh.renegotiated_connection, sent.renegotiated_connection));
        wr_init(&w2, again, sizeof again);
        server_hello12_encode(&w2, &hello, &sh);
        cr_assert_eq(w2.pos, w.pos);
        cr_assert_arr_eq(again, w.buffer, w.pos);
        codec_check(&w, CUB_SERVER_HELLO, decode_sh,
                    2 + 32 + 1 + hello.legacy_session_id_echo.len + 3);
    }
}

/* Without extensions there is no block of them [RFC5246-7.4.1.3]. */
Test(messages12, server_hello_without_extensions)
{
    static const uint8_t random[32];
    struct cub_server_hello hello = {.legacy_version = 0x0303, .cipher_suite = 0xc02b};
    struct server_hello12 none = {0};
    struct wr w;

    codec_begin(&w);
    hello.random = random;
    server_hello12_encode(&w, &hello, &none);
    cr_assert_eq(w.pos, 4 + 2 + 32 + 1 + 2 + 1);
    cr_assert_eq(w.buffer[3], w.pos - 4);
}

/* ServerECDHParams */

static struct cub_server_params params;

static enum cub_error decode_params(struct rd *r)
{
    enum cub_error err = cub_ecdh_params_read(r, &params);

    return err == E_OK && !rd_done(r) ? E_DECODE_SERVER_KEY_EXCHANGE : err;
}

Test(messages12, ecdh_params)
{
    for (unsigned round = 0; round < CODEC_ROUNDS; round++) {
        struct cub_view point;
        struct wr w;
        struct rd r;
        size_t message;

        codec_begin(&w);
        point = codec_view(1, 255);
        message = cub_message_open(&w, CUB_SERVER_KEY_EXCHANGE);
        cub_ecdh_params_put(&w, 23, point);
        cub_message_close(&w, message);
        rd_init(&r, w.buffer + 4, w.pos - 4);
        cr_assert_eq(decode_params(&r), E_OK);
        cr_assert_eq(params.group, 23);
        cr_assert(codec_equal(params.share, point));
        codec_check(&w, CUB_SERVER_KEY_EXCHANGE, decode_params, 0);
        w.buffer[4] = 1; /* explicit_prime */
        cr_assert_eq(codec_result(decode_params, w.buffer + 4, w.pos - 4), E_SKE_CURVE_TYPE);
    }
}

static struct cub_view got;

/* CertificateRequest */

static struct cub_certificate_request12 cr;

static enum cub_error decode_cr(struct rd *r)
{
    return cub_certificate_request12_decode(r, &cr);
}

Test(messages12, certificate_request)
{
    for (unsigned round = 0; round < CODEC_ROUNDS; round++) {
        struct cub_certificate_request12 sent;
        struct wr w;
        struct rd r;

        codec_begin(&w);
        sent.certificate_types = codec_view(1, 5);
        sent.signature_algorithms = codec_list16(1, 20);
        sent.certificate_authorities = codec_entries((unsigned)codec_number(0, 4), 0, 2, 1, 60, 0);
        cub_certificate_request12_encode(&w, &sent);
        rd_init(&r, w.buffer + 4, w.pos - 4);
        cr_assert_eq(decode_cr(&r), E_OK);
        cr_assert(codec_equal(cr.certificate_types, sent.certificate_types));
        cr_assert(codec_equal(cr.signature_algorithms, sent.signature_algorithms));
        cr_assert(codec_equal(cr.certificate_authorities, sent.certificate_authorities));
        codec_check(&w, CUB_CERTIFICATE_REQUEST, decode_cr, 0);
    }
    cr_assert_eq(codec_result(decode_cr, "\0\0\2ab\0\0", 7), E_DECODE_CERTIFICATE_REQUEST);
    cr_assert_eq(codec_result(decode_cr, "\1\100\0\0\0\0", 6), E_DECODE_CERTIFICATE_REQUEST);
    cr_assert_eq(codec_result(decode_cr, "\1\100\0\3abc\0\0", 9), E_DECODE_CERTIFICATE_REQUEST);
    cr_assert_eq(codec_result(decode_cr, "\1\100\0\2ab\0\2\0\0", 10), E_DECODE_CERTIFICATE_REQUEST);
}

/* NewSessionTicket */

static uint32_t lifetime;

static enum cub_error decode_nst(struct rd *r)
{
    return cub_new_session_ticket12_decode(r, &lifetime, &got);
}

Test(messages12, new_session_ticket)
{
    for (unsigned round = 0; round < 50; round++) {
        struct cub_view sent;
        struct wr w;
        struct rd r;

        codec_begin(&w);
        sent = codec_view(0, 300);
        cub_new_session_ticket12_encode(&w, 0x12345678 + round, sent);
        rd_init(&r, w.buffer + 4, w.pos - 4);
        cr_assert_eq(decode_nst(&r), E_OK);
        cr_assert_eq(lifetime, 0x12345678 + round);
        cr_assert(codec_equal(got, sent));
        codec_check(&w, CUB_NEW_SESSION_TICKET, decode_nst, 0);
    }
}

/* CertificateStatus */

static enum cub_error decode_status(struct rd *r)
{
    return cub_certificate_status_decode(r, &got);
}

Test(messages12, certificate_status)
{
    for (unsigned round = 0; round < 50; round++) {
        struct cub_view sent;
        struct wr w;
        struct rd r;

        codec_begin(&w);
        sent = codec_view(1, 1000);
        cub_certificate_status_encode(&w, sent);
        rd_init(&r, w.buffer + 4, w.pos - 4);
        cr_assert_eq(decode_status(&r), E_OK);
        cr_assert(codec_equal(got, sent));
        codec_check(&w, CUB_CERTIFICATE_STATUS, decode_status, 0);
    }
    cr_assert_eq(codec_result(decode_status, "\2\0\0\1a", 5), E_DECODE_CERTIFICATE_STATUS);
    cr_assert_eq(codec_result(decode_status, "\1\0\0\0", 4), E_DECODE_CERTIFICATE_STATUS);
}
