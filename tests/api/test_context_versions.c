#include <criterion/criterion.h>

#include <string.h>

#include "tests/api/pair.h"
#include "crypto/bytes.h"

static cub_context *fresh(enum cub_SSLMethod protocol)
{
    cub_context *context;

    cr_assert_eq(cub_context_new(protocol, &context), CUB_OK);
    return context;
}

Test(context_versions, versions)
{
    cub_context *c = fresh(CUB_PROTOCOL_TLS);

    cr_expect_eq(cub_context_set_minimum_version(c, CUB_TLSVersion_TLSv1_3), CUB_OK);
    cr_expect_eq(cub_context_get_minimum_version(c), CUB_TLSVersion_TLSv1_3);
    cr_expect_eq(cub_context_set_minimum_version(c, CUB_TLSVersion_MINIMUM_SUPPORTED), CUB_OK);
    cr_expect_eq(cub_context_get_minimum_version(c), CUB_TLSVersion_MINIMUM_SUPPORTED);
    cr_expect_eq(cub_context_set_minimum_version(c, CUB_TLSVersion_MAXIMUM_SUPPORTED), CUB_OK);
    cr_expect_eq(cub_context_get_minimum_version(c), CUB_TLSVersion_TLSv1_3);
    cr_expect_eq(cub_context_set_maximum_version(c, CUB_TLSVersion_TLSv1_2), CUB_OK);
    cr_expect_eq(cub_context_get_maximum_version(c), CUB_TLSVersion_TLSv1_2);
    cr_expect_eq(cub_context_set_maximum_version(c, CUB_TLSVersion_MAXIMUM_SUPPORTED), CUB_OK);
    cr_expect_eq(cub_context_get_maximum_version(c), CUB_TLSVersion_MAXIMUM_SUPPORTED);
    cr_expect_eq(cub_context_set_maximum_version(c, 0x0305), CUB_ValueError);
    cr_expect_eq(cub_context_set_minimum_version(c, 7), CUB_ValueError);
    cr_expect_str_eq(cub_last_error(c)->message, "Unsupported TLS/SSL version 0x7");
    cub_context_free(c);

    c = fresh(CUB_PROTOCOL_TLSv1_2);
    cr_expect_eq(cub_context_set_minimum_version(c, CUB_TLSVersion_TLSv1_2), CUB_ValueError);
    cub_context_free(c);
}

/* Without a version in common with itself a context cannot connect. */
Test(context_versions, no_version_left)
{
    struct pair p = {.client_context = pair_client_context()};

    cr_assert_eq(cub_context_set_options(p.client_context,
                                         cub_context_get_options(p.client_context) |
                                             CUB_OP_NO_TLSv1_3 | CUB_OP_NO_TLSv1_2),
                 CUB_OK);
    pair_open(&p);
    cr_expect_eq(cub_conn_do_handshake(p.client), CUB_SSLError);
    cr_expect_str_eq(cub_conn_error(p.client)->reason, "NO_PROTOCOLS_AVAILABLE");
    pair_close(&p);
}

Test(context_versions, options_and_record_size_limit)
{
    cub_context *client = fresh(CUB_PROTOCOL_TLS_CLIENT);

    cr_expect_eq(cub_context_set_options(client, CUB_OP_NO_TLSv1_3), CUB_OK);
    cr_expect_eq(cub_context_get_options(client), CUB_OP_NO_TLSv1_3);
    cr_expect_eq(cub_context_set_record_size_limit(client, 63), CUB_ValueError);
    cr_expect_eq(cub_context_set_record_size_limit(client, 16385), CUB_ValueError);
    cr_expect_eq(cub_context_set_record_size_limit(client, 64), CUB_OK);
    cub_context_free(client);
}

/* What the server has to send, its ServerHello without renegotiation_info. */
static void forget_renegotiation(cub_bio *bio)
{
    static const uint8_t extension[] = {0xff, 0x01, 0x00, 0x01, 0x00};
    uint8_t flight[8192], *p = flight, *extensions;
    size_t len;

    cr_assert_eq(cub_bio_read(bio, flight, sizeof flight, &len), CUB_OK);
    while (memcmp(p, extension, sizeof extension) != 0)
        cr_assert_lt(++p, flight + len - sizeof extension);
    cr_assert_eq(flight[5], 2, "ServerHello");
    /* Header of the record and of the message, version, random, session id, suite, compression. */
    extensions = flight + 5 + 4 + 2 + 32 + 1 + flight[5 + 4 + 2 + 32] + 3;
    cr_assert_lt(extensions, p);
    for (uint8_t *length = extensions; length; length = length == extensions   ? flight + 7
                                                        : length == flight + 7 ? flight + 3
                                                                               : NULL)
        cub_store_be16(length, (uint16_t)(cub_load_be16(length) - sizeof extension));
    memmove(p, p + sizeof extension, len - (size_t)(p - flight) - sizeof extension);
    cr_assert_eq(cub_bio_write(bio, flight, len - sizeof extension), CUB_OK);
}

/* OP_LEGACY_SERVER_CONNECT: servers of TLS 1.2 that do not know secure renegotiation [RFC5746]. */
Test(context_versions, legacy_servers)
{
    for (int allowed = 0; allowed < 2; allowed++) {
        struct pair p = {.client_context = pair_client_context()};
        uint64_t options = cub_context_get_options(p.client_context);
        cr_assert_eq(cub_context_set_maximum_version(p.client_context, CUB_TLSVersion_TLSv1_2),
                     CUB_OK);
        cr_expect_not(options & CUB_OP_LEGACY_SERVER_CONNECT, "not by default");
        if (allowed)
            options |= CUB_OP_LEGACY_SERVER_CONNECT;
        cr_assert_eq(cub_context_set_options(p.client_context, options), CUB_OK);
        pair_open(&p);
        cr_expect_eq(cub_conn_do_handshake(p.client), CUB_SSLWantReadError);
        cr_expect_eq(cub_conn_do_handshake(p.server), CUB_SSLWantReadError);
        forget_renegotiation(p.to_client);
        if (allowed) {
            cr_expect_eq(cub_conn_do_handshake(p.client), CUB_SSLWantReadError, "%s",
                         pair_message(p.client));
        } else {
            cr_expect_eq(cub_conn_do_handshake(p.client), CUB_SSLError);
            cr_expect_str_eq(cub_conn_error(p.client)->reason,
                             "UNSAFE_LEGACY_RENEGOTIATION_DISABLED");
        }
        pair_close(&p);
    }
}

/* OP_ENABLE_MIDDLEBOX_COMPAT: change_cipher_spec before what is sealed [RFC8446-D.4]. */
Test(context_versions, middlebox_compatibility)
{
    for (int on = 0; on < 2; on++) {
        static const uint8_t ccs[] = {20, 3, 3, 0, 1, 1};
        struct pair p = {.client_context = pair_client_context()};
        uint64_t options = cub_context_get_options(p.client_context);
        uint8_t flight[8192];
        size_t n;
        cr_expect(options & CUB_OP_ENABLE_MIDDLEBOX_COMPAT, "by default");
        if (!on)
            options &= ~CUB_OP_ENABLE_MIDDLEBOX_COMPAT;
        cr_assert_eq(cub_context_set_options(p.client_context, options), CUB_OK);
        pair_open(&p);
        cr_expect_eq(cub_conn_do_handshake(p.client), CUB_SSLWantReadError);
        cr_expect_eq(cub_conn_do_handshake(p.server), CUB_SSLWantReadError);
        cr_assert_eq(cub_conn_do_handshake(p.client), CUB_OK, "%s", pair_message(p.client));
        cr_assert_eq(cub_bio_read(p.to_server, flight, sizeof flight, &n), CUB_OK);
        cr_assert_gt(n, sizeof ccs);
        cr_expect_eq(memcmp(flight, ccs, sizeof ccs) == 0, on);
        pair_close(&p);
    }
}

/* Flags that there is nothing to do for can be cleared, and nothing becomes possible by it. */
Test(context_versions, options_that_change_nothing)
{
    struct pair p = {.client_context = pair_client_context()};

    cr_assert_eq(cub_context_set_options(p.client_context,
                                         cub_context_get_options(p.client_context) &
                                             ~(CUB_OP_NO_SSLv3 | CUB_OP_NO_COMPRESSION)),
                 CUB_OK);
    cr_assert_eq(cub_context_set_maximum_version(p.client_context, CUB_TLSVersion_TLSv1_2), CUB_OK);
    pair_connect(&p);
    cr_expect_str_eq(cub_conn_version(p.client), "TLSv1.2");
    cr_expect_null(cub_conn_compression(p.client));
    pair_close(&p);
}
