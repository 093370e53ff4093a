/*
 * The small messages: what is encoded decodes to the same, and nothing shorter or longer does.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/messages.h"
#include "handshake/server_hello.h"
#include "tests/handshake/codec.h"

#define ALL UINT32_MAX

static uint8_t again[CODEC_MESSAGE];

/* What was decoded is encoded to the same bytes. */
#define CHECK_AGAIN(w, encode)                                                                     \
    do {                                                                                           \
        struct wr w2;                                                                              \
        wr_init(&w2, again, sizeof again);                                                         \
        encode;                                                                                    \
        cr_assert_eq(w2.pos, (w).pos);                                                             \
        cr_assert_arr_eq(again, (w).buffer, (w).pos);                                              \
    } while (0)

static uint32_t bit(unsigned extension)
{
    return codec_coin() ? (uint32_t)EXT_BIT(extension) : 0;
}

/* EncryptedExtensions */

static struct cub_encrypted_extensions ee;

static enum cub_error decode_ee(struct rd *r)
{
    return cub_encrypted_extensions_decode(r, ALL, &ee);
}

Test(messages, encrypted_extensions)
{
    for (unsigned round = 0; round < CODEC_ROUNDS; round++) {
        struct cub_encrypted_extensions sent = {0};
        struct wr w;
        struct rd r;

        codec_begin(&w);
        sent.present = bit(EXT_SERVER_NAME) | bit(EXT_ALPN) | bit(EXT_RECORD_SIZE_LIMIT) |
                       bit(EXT_SUPPORTED_GROUPS) | bit(EXT_EARLY_DATA);
        sent.alpn = codec_view(1, 255);
        sent.record_size_limit = (uint16_t)codec_number(0, 0xffff);
        sent.supported_groups = codec_list16(1, 20);
        cub_encrypted_extensions_encode(&w, &sent);
        rd_init(&r, w.buffer + 4, w.pos - 4);
        cr_assert_eq(decode_ee(&r), E_OK);
        cr_assert_eq(ee.present, sent.present);
        if (sent.present & EXT_BIT(EXT_ALPN))
            cr_assert(codec_equal(ee.alpn, sent.alpn));
        if (sent.present & EXT_BIT(EXT_SUPPORTED_GROUPS))
            cr_assert(codec_equal(ee.supported_groups, sent.supported_groups));
        cr_assert_eq(ee.record_size_limit,
                     sent.present & EXT_BIT(EXT_RECORD_SIZE_LIMIT) ? sent.record_size_limit : 0);
        CHECK_AGAIN(w, cub_encrypted_extensions_encode(&w2, &ee));
        codec_check(&w, CUB_ENCRYPTED_EXTENSIONS, decode_ee, 0);
    }
}

struct body {
    uint8_t extension;
    const char *bytes;
    size_t len;
    enum cub_error expected;
};

#define BODY(extension, bytes, expected)                                                           \
    {                                                                                              \
        extension, bytes, sizeof bytes - 1, expected                                               \
    }

/* The result for a block of one extension, behind so many bytes of prefix. */
static enum cub_error with(codec_decode *decode, const char *prefix, size_t prefix_len,
                           const struct body *body)
{
    uint8_t message[256];
    struct wr w;
    size_t block, mark;

    wr_init(&w, message, sizeof message);
    wr_bytes(&w, prefix, prefix_len);
    block = wr_open(&w, 2);
    mark = cub_extension_open(&w, body->extension);
    wr_bytes(&w, body->bytes, body->len);
    wr_close(&w, mark, 2);
    wr_close(&w, block, 2);
    return codec_result(decode, message, w.pos);
}

Test(messages, encrypted_extensions_bodies)
{
    static const struct body rows[] = {
        BODY(EXT_SERVER_NAME, "", E_OK),
        BODY(EXT_SERVER_NAME, "\0", E_DECODE_ENCRYPTED_EXTENSIONS),
        BODY(EXT_ALPN, "\0\2\1a", E_OK),
        BODY(EXT_ALPN, "", E_DECODE_ENCRYPTED_EXTENSIONS),
        BODY(EXT_ALPN, "\0\0", E_DECODE_ENCRYPTED_EXTENSIONS),
        BODY(EXT_ALPN, "\0\1\0", E_DECODE_ENCRYPTED_EXTENSIONS),
        BODY(EXT_ALPN, "\0\4\1a\1b", E_DECODE_ENCRYPTED_EXTENSIONS), /* two names */
        BODY(EXT_ALPN, "\0\2\1ab", E_DECODE_ENCRYPTED_EXTENSIONS),
        BODY(EXT_RECORD_SIZE_LIMIT, "\1\1", E_OK),
        BODY(EXT_RECORD_SIZE_LIMIT, "\1", E_DECODE_ENCRYPTED_EXTENSIONS),
        BODY(EXT_RECORD_SIZE_LIMIT, "\1\1\1", E_DECODE_ENCRYPTED_EXTENSIONS),
        BODY(EXT_SUPPORTED_GROUPS, "\0\2ab", E_OK),
        BODY(EXT_SUPPORTED_GROUPS, "\0\3abc", E_DECODE_ENCRYPTED_EXTENSIONS),
        BODY(EXT_SUPPORTED_GROUPS, "\0\0", E_DECODE_ENCRYPTED_EXTENSIONS),
        BODY(EXT_EARLY_DATA, "", E_OK),
        BODY(EXT_EARLY_DATA, "\0", E_DECODE_ENCRYPTED_EXTENSIONS),
        BODY(EXT_KEY_SHARE, "ab\0\1x", E_EXT_PLACE),
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_eq(with(decode_ee, "", 0, &rows[i]), rows[i].expected, "%zu", i);
}

Test(messages, encrypted_extensions_unsolicited)
{
    static const uint8_t message[] = {0, 4, 0, 0, 0, 0};
    struct rd r;

    rd_init(&r, message, sizeof message);
    cr_assert_eq(cub_encrypted_extensions_decode(&r, 0, &ee), E_EXT_UNSOLICITED);
    rd_init(&r, message, sizeof message);
    cr_assert_eq(cub_encrypted_extensions_decode(&r, EXT_BIT(EXT_SERVER_NAME), &ee), E_OK);
}

/* CertificateRequest */

static struct cub_certificate_request cr;

static enum cub_error decode_cr(struct rd *r)
{
    return cub_certificate_request_decode(r, &cr);
}

Test(messages, certificate_request)
{
    for (unsigned round = 0; round < CODEC_ROUNDS; round++) {
        struct cub_certificate_request sent = {0};
        struct wr w;
        struct rd r;

        codec_begin(&w);
        sent.certificate_request_context = codec_view(0, 255);
        sent.signature_algorithms = codec_list16(1, 20);
        if (codec_coin())
            sent.certificate_authorities =
                codec_entries((unsigned)codec_number(1, 4), 0, 2, 1, 60, 0);
        cub_certificate_request_encode(&w, &sent);
        rd_init(&r, w.buffer + 4, w.pos - 4);
        cr_assert_eq(decode_cr(&r), E_OK);
        cr_assert(codec_equal(cr.certificate_request_context, sent.certificate_request_context));
        cr_assert(codec_equal(cr.signature_algorithms, sent.signature_algorithms));
        cr_assert(codec_equal(cr.certificate_authorities, sent.certificate_authorities));
        CHECK_AGAIN(w, cub_certificate_request_encode(&w2, &cr));
        codec_check(&w, CUB_CERTIFICATE_REQUEST, decode_cr, 0);
    }
}

Test(messages, certificate_request_bodies)
{
    static const struct body rows[] = {
        BODY(EXT_SIGNATURE_ALGORITHMS, "\0\2ab", E_OK),
        BODY(EXT_SIGNATURE_ALGORITHMS, "\0\0", E_DECODE_CERTIFICATE_REQUEST),
        BODY(EXT_SIGNATURE_ALGORITHMS, "\0\3abc", E_DECODE_CERTIFICATE_REQUEST),
        BODY(EXT_SIGNATURE_ALGORITHMS, "", E_DECODE_CERTIFICATE_REQUEST),
        BODY(EXT_SIGNATURE_ALGORITHMS_CERT, "\0\2ab", E_OK),
        BODY(EXT_SIGNATURE_ALGORITHMS_CERT, "\0\0", E_DECODE_CERTIFICATE_REQUEST),
        BODY(EXT_CERTIFICATE_AUTHORITIES, "\0\3\0\1a", E_OK),
        BODY(EXT_CERTIFICATE_AUTHORITIES, "\0\0", E_DECODE_CERTIFICATE_REQUEST),
        BODY(EXT_CERTIFICATE_AUTHORITIES, "\0\3\0\0a", E_DECODE_CERTIFICATE_REQUEST),
        BODY(EXT_CERTIFICATE_AUTHORITIES, "\0\3\0\2a", E_DECODE_CERTIFICATE_REQUEST),
        BODY(EXT_CERTIFICATE_AUTHORITIES, "\0\3\0\1ab", E_DECODE_CERTIFICATE_REQUEST),
        BODY(EXT_OID_FILTERS, "anything", E_OK),
        BODY(EXT_SERVER_NAME, "", E_EXT_PLACE),
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_eq(with(decode_cr, "\0", 1, &rows[i]), rows[i].expected, "%zu", i);
}

/* CertificateVerify */

static struct cub_certificate_verify cv;

static enum cub_error decode_cv(struct rd *r)
{
    return cub_certificate_verify_decode(r, &cv);
}

Test(messages, certificate_verify)
{
    for (unsigned round = 0; round < CODEC_ROUNDS; round++) {
        struct cub_certificate_verify sent;
        struct wr w;
        struct rd r;

        codec_begin(&w);
        sent.algorithm = (uint16_t)codec_number(0, 0xffff);
        sent.signature = codec_view(0, 520);
        cub_certificate_verify_encode(&w, &sent);
        rd_init(&r, w.buffer + 4, w.pos - 4);
        cr_assert_eq(decode_cv(&r), E_OK);
        cr_assert_eq(cv.algorithm, sent.algorithm);
        cr_assert(codec_equal(cv.signature, sent.signature));
        CHECK_AGAIN(w, cub_certificate_verify_encode(&w2, &cv));
        codec_check(&w, CUB_CERTIFICATE_VERIFY, decode_cv, 0);
    }
}

/* Finished */

static size_t finished_size;

static enum cub_error decode_finished(struct rd *r)
{
    const uint8_t *verify_data;

    return cub_finished_decode(r, finished_size, &verify_data);
}

Test(messages, finished)
{
    static const size_t sizes[] = {32, 48};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct cub_view sent;
        const uint8_t *verify_data;
        struct wr w;
        struct rd r;

        codec_begin(&w);
        finished_size = sizes[i];
        sent = codec_view(sizes[i], sizes[i]);
        cub_finished_encode(&w, sent);
        rd_init(&r, w.buffer + 4, w.pos - 4);
        cr_assert_eq(cub_finished_decode(&r, sizes[i], &verify_data), E_OK);
        cr_assert_arr_eq(verify_data, sent.data, sizes[i]);
        codec_check(&w, CUB_FINISHED, decode_finished, 0);
        finished_size = sizes[i] + 1;
        cr_assert_eq(codec_result(decode_finished, w.buffer + 4, w.pos - 4), E_DECODE_FINISHED);
        finished_size = sizes[i] - 1;
        cr_assert_eq(codec_result(decode_finished, w.buffer + 4, w.pos - 4), E_DECODE_FINISHED);
    }
}

/* KeyUpdate */

static enum cub_error decode_key_update(struct rd *r)
{
    uint8_t request_update;

    return cub_key_update_decode(r, &request_update);
}

Test(messages, key_update)
{
    for (unsigned value = 0; value < 256; value++) {
        uint8_t request_update;
        struct wr w;
        struct rd r;

        codec_begin(&w);
        cub_key_update_encode(&w, (uint8_t)value);
        rd_init(&r, w.buffer + 4, w.pos - 4);
        cr_assert_eq(cub_key_update_decode(&r, &request_update), value <= 1 ? E_OK : E_KU_VALUE);
        if (value > 1)
            continue;
        cr_assert_eq(request_update, value);
        codec_check(&w, CUB_KEY_UPDATE, decode_key_update, 0);
    }
}

/* NewSessionTicket */

static struct cub_new_session_ticket nst;

static enum cub_error decode_nst(struct rd *r)
{
    return cub_new_session_ticket_decode(r, &nst);
}

Test(messages, new_session_ticket)
{
    for (unsigned round = 0; round < CODEC_ROUNDS; round++) {
        struct cub_new_session_ticket sent = {0};
        struct wr w;
        struct rd r;

        codec_begin(&w);
        sent.ticket_lifetime = (uint32_t)codec_number(0, 0xffffff) << 8 | 1;
        sent.ticket_age_add = (uint32_t)codec_number(0, 0xffffff) << 8 | 2;
        sent.ticket_nonce = codec_view(0, 255);
        sent.ticket = codec_view(1, 300);
        sent.present = bit(EXT_EARLY_DATA);
        sent.max_early_data_size = (uint32_t)codec_number(0, 0xffffff) << 8 | 3;
        cub_new_session_ticket_encode(&w, &sent);
        rd_init(&r, w.buffer + 4, w.pos - 4);
        cr_assert_eq(decode_nst(&r), E_OK);
        cr_assert_eq(nst.ticket_lifetime, sent.ticket_lifetime);
        cr_assert_eq(nst.ticket_age_add, sent.ticket_age_add);
        cr_assert(codec_equal(nst.ticket_nonce, sent.ticket_nonce));
        cr_assert(codec_equal(nst.ticket, sent.ticket));
        cr_assert_eq(nst.present, sent.present);
        cr_assert_eq(nst.max_early_data_size, sent.present ? sent.max_early_data_size : 0);
        CHECK_AGAIN(w, cub_new_session_ticket_encode(&w2, &nst));
        codec_check(&w, CUB_NEW_SESSION_TICKET, decode_nst, 0);
    }
}

Test(messages, new_session_ticket_bodies)
{
    static const char fields[] = "\0\0\0\1\0\0\0\2\1n\0\1t";
    static const char empty_ticket[] = "\0\0\0\1\0\0\0\2\1n\0\0";
    static const struct body rows[] = {
        BODY(EXT_EARLY_DATA, "\0\0\0\1", E_OK),
        BODY(EXT_EARLY_DATA, "", E_DECODE_NEW_SESSION_TICKET),
        BODY(EXT_EARLY_DATA, "\0\0\1", E_DECODE_NEW_SESSION_TICKET),
        BODY(EXT_EARLY_DATA, "\0\0\0\0\1", E_DECODE_NEW_SESSION_TICKET),
        BODY(EXT_KEY_SHARE, "", E_EXT_PLACE),
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_eq(with(decode_nst, fields, sizeof fields - 1, &rows[i]), rows[i].expected, "%zu",
                     i);
    cr_assert_eq(with(decode_nst, empty_ticket, sizeof empty_ticket - 1, &rows[0]),
                 E_DECODE_NEW_SESSION_TICKET);
}
