/*
 * False starts in the hosted API: what may be done before the handshake is over, and how it ends.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "tests/api/pair.h"

static struct pair p;

/* A pair of TLS 1.2 whose client has sent its last flight, of which the server has nothing yet. */
static cub_result open_half(enum cub_FalseStart mode)
{
    static const char *const protocols[] = {"http/1.1"};

    p = (struct pair){.client_context = pair_client_context(),
                      .server_context = pair_server_context(PKI_P256)};
    cub_context_set_maximum_version(p.server_context, CUB_TLSVersion_TLSv1_2);
    cr_assert_eq(cub_context_set_alpn_protocols(p.client_context, protocols, 1), CUB_OK);
    cr_assert_eq(cub_context_set_alpn_protocols(p.server_context, protocols, 1), CUB_OK);
    cr_assert_eq(cub_context_set_false_start(p.client_context, mode), CUB_OK);
    cr_assert_eq(cub_context_get_false_start(p.client_context), mode);
    pair_open(&p);
    cr_assert_eq(cub_conn_do_handshake(p.client), CUB_SSLWantReadError);
    cr_assert_eq(cub_conn_do_handshake(p.server), CUB_SSLWantReadError);
    return cub_conn_do_handshake(p.client);
}

Test(false_start, off)
{
    cr_assert_eq(open_half(CUB_FALSE_START_OFF), CUB_SSLWantReadError);
    cr_assert_not(cub_conn_get_false_started(p.client));
    pair_close(&p);
}

/* Data goes first; reading sees the handshake through. */
Test(false_start, writes_first)
{
    char data[16];
    size_t n;

    cr_assert_eq(open_half(CUB_FALSE_START_ALPN), CUB_OK);
    cr_assert(cub_conn_get_false_started(p.client));
    cr_assert_null(cub_conn_version(p.client));
    cr_assert_null(cub_conn_get_session(p.client));
    cr_assert_str_eq(cub_conn_selected_alpn_protocol(p.client), "http/1.1");
    cr_assert_eq(cub_conn_export_keying_material(p.client, "label", NULL, 0, data, 16), CUB_OK);
    cr_assert_eq(cub_conn_write(p.client, "hello", 5, &n), CUB_OK);
    cr_assert_eq(n, 5);
    cr_assert_eq(cub_conn_read(p.client, data, sizeof data, &n), CUB_SSLWantReadError);
    cr_assert(cub_conn_get_false_started(p.client));
    cr_assert_eq(cub_conn_do_handshake(p.server), CUB_OK);
    cr_assert_eq(cub_conn_read(p.server, data, sizeof data, &n), CUB_OK);
    cr_assert_eq(n, 5);
    cr_assert_eq(cub_conn_write(p.server, "answer", 6, &n), CUB_OK);
    cr_assert_eq(cub_conn_read(p.client, data, sizeof data, &n), CUB_OK);
    cr_assert_eq(n, 6);
    cr_assert_not(cub_conn_get_false_started(p.client));
    cr_assert_str_eq(cub_conn_version(p.client), "TLSv1.2");
    cr_assert_not_null(cub_conn_get_session(p.client));
    pair_echo(p.client, p.server, "more");
    pair_close(&p);
}

/* A second call makes the rest of the handshake. */
Test(false_start, handshake_twice)
{
    cr_assert_eq(open_half(CUB_FALSE_START_ANY), CUB_OK);
    cr_assert_eq(cub_conn_do_handshake(p.client), CUB_SSLWantReadError);
    cr_assert_eq(cub_conn_do_handshake(p.server), CUB_OK);
    cr_assert_eq(cub_conn_do_handshake(p.client), CUB_OK);
    cr_assert_str_eq(cub_conn_version(p.client), "TLSv1.2");
    pair_echo(p.client, p.server, "hello");
    pair_close(&p);
}

/* The end waits for it too. */
Test(false_start, closed)
{
    char data[16];
    size_t n;

    cr_assert_eq(open_half(CUB_FALSE_START_ALPN), CUB_OK);
    cr_assert_eq(cub_conn_close_write(p.client), CUB_SSLWantReadError);
    cr_assert_eq(cub_conn_do_handshake(p.server), CUB_OK);
    cr_assert_eq(cub_conn_close_write(p.client), CUB_OK);
    cr_assert_eq(cub_conn_read(p.server, data, sizeof data, &n), CUB_OK);
    cr_assert_eq(n, 0);
    pair_close(&p);
}

/* What is wrong with the rest of the handshake is told by what comes next. */
Test(false_start, fails)
{
    char data[16];
    size_t n;

    cr_assert_eq(open_half(CUB_FALSE_START_ALPN), CUB_OK);
    cr_assert_eq(cub_conn_write(p.client, "hello", 5, &n), CUB_OK);
    cr_assert_eq(cub_bio_write(p.to_client, "\x14\x03\x03\x00\x01\x02", 6), CUB_OK);
    cr_assert_eq(cub_conn_read(p.client, data, sizeof data, &n), CUB_SSLError);
    cr_assert_not(cub_conn_get_false_started(p.client));
    cr_assert_eq(cub_conn_write(p.client, "more", 4, &n), CUB_SSLError);
    cr_assert_null(cub_conn_version(p.client));
    pair_close(&p);
}

/* TLS 1.3 has none, and a mode must be one. */
Test(false_start, elsewhere)
{
    p = (struct pair){.client_context = pair_client_context()};
    cr_assert_eq(cub_context_set_false_start(p.client_context, (enum cub_FalseStart)3),
                 CUB_ValueError);
    cr_assert_str_eq(cub_last_error(p.client_context)->name, "FALSE_START_VALUE");
    cr_assert_eq(cub_context_set_false_start(p.client_context, CUB_FALSE_START_ANY), CUB_OK);
    pair_connect(&p);
    cr_assert_not(cub_conn_get_false_started(p.client));
    cr_assert_str_eq(cub_conn_version(p.client), "TLSv1.3");
    pair_close(&p);
}
