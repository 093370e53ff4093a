#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "tests/api/pair.h"

Test(conn_io, reads_in_pieces)
{
    struct pair p = {0};
    char buffer[16];
    size_t n;

    pair_connect(&p);
    cr_assert_eq(cub_conn_write(p.client, "hello world", 11, &n), CUB_OK);
    cr_expect_eq(cub_conn_pending(p.server), 0);
    cr_expect_eq(cub_conn_read(p.server, buffer, 0, &n), CUB_OK, "nothing was asked for");
    cr_expect_eq(n, 0);
    cr_assert_eq(cub_conn_read(p.server, buffer, 5, &n), CUB_OK);
    cr_expect_eq(n, 5);
    cr_expect_arr_eq(buffer, "hello", 5);
    cr_expect_eq(cub_conn_pending(p.server), 6);
    cr_assert_eq(cub_conn_read(p.server, buffer, sizeof buffer, &n), CUB_OK);
    cr_expect_eq(n, 6);
    cr_expect_eq(cub_conn_read(p.server, buffer, sizeof buffer, &n), CUB_SSLWantReadError);
    cr_expect_eq(n, 0);
    cr_expect_eq(cub_conn_write(p.client, "", 0, &n), CUB_OK);
    cr_expect_eq(n, 0);
    cr_expect_eq(cub_bio_get_pending(p.to_server), 0, "no data, no record");
    pair_close(&p);
}

Test(conn_io, does_the_handshake_by_itself)
{
    struct pair p = {0};
    char buffer[8];
    size_t n;

    pair_open(&p);
    for (int i = 0; i < 4; i++) {
        cr_expect_eq(cub_conn_read(p.server, buffer, sizeof buffer, &n), CUB_SSLWantReadError);
        if (cub_conn_write(p.client, "hi", 2, &n) == CUB_OK)
            break;
    }
    cr_assert_eq(cub_conn_read(p.server, buffer, sizeof buffer, &n), CUB_OK);
    cr_expect_eq(n, 2);
    pair_close(&p);
}

Test(conn_io, large_transfers)
{
    enum { SIZE = 3000000 };
    struct pair p = {0};
    uint8_t *data = malloc(SIZE), *back = malloc(SIZE);
    size_t n, got = 0;

    pair_connect(&p);
    for (size_t i = 0; i < SIZE; i++)
        data[i] = (uint8_t)(i * 31 + (i >> 8));
    cr_assert_eq(cub_conn_sendall(p.client, data, SIZE), CUB_OK, "%s", pair_message(p.client));
    cub_conn_key_update(p.client, true);
    while (got < SIZE) {
        cr_assert_eq(cub_conn_read(p.server, back + got, SIZE - got, &n), CUB_OK, "%s",
                     pair_message(p.server));
        cr_assert_gt(n, 0);
        got += n;
    }
    cr_expect_arr_eq(back, data, SIZE);
    pair_echo(p.server, p.client, "with new keys");
    pair_echo(p.client, p.server, "in both directions");
    free(data);
    free(back);
    pair_close(&p);
}

Test(conn_io, closes_cleanly)
{
    struct pair p = {0};
    char buffer[8];
    size_t n;

    pair_open(&p);
    cr_expect_eq(cub_conn_unwrap(p.client), CUB_SSLError, "nothing to close");
    cr_expect_eq(cub_conn_close_write(p.client), CUB_SSLError);
    cr_expect_eq(cub_conn_key_update(p.client, false), CUB_SSLError);
    cr_expect_str_eq(cub_conn_error(p.client)->reason, "SHUTDOWN_WHILE_IN_INIT");
    pair_handshake(&p);
    cr_expect_eq(cub_conn_unwrap(p.client), CUB_SSLWantReadError, "the peer's answer is missing");
    cr_expect_eq(cub_conn_read(p.server, buffer, sizeof buffer, &n), CUB_OK, "a clean end");
    cr_expect_eq(n, 0);
    cr_expect_eq(cub_conn_read(p.server, buffer, sizeof buffer, &n), CUB_OK, "and again");
    cr_expect_eq(cub_conn_unwrap(p.server), CUB_OK);
    cr_expect_eq(cub_conn_unwrap(p.client), CUB_OK);
    cr_expect_eq(cub_conn_read(p.client, buffer, sizeof buffer, &n), CUB_SSLZeroReturnError);
    cr_expect_str_eq(pair_message(p.client), "TLS/SSL connection has been closed (EOF)");
    cr_expect_eq(cub_conn_write(p.client, "x", 1, &n), CUB_SSLError);
    cr_expect_str_eq(cub_conn_error(p.client)->reason, "PROTOCOL_IS_SHUTDOWN");
    pair_close(&p);
}

/* "half-close": one direction ends, the other goes on [RFC8446-6.1]. */
Test(conn_io, half_close)
{
    struct pair p = {0};
    char buffer[32];
    size_t n;

    pair_connect(&p);
    cr_assert_eq(cub_conn_write(p.client, "request", 7, &n), CUB_OK);
    cr_assert_eq(cub_conn_close_write(p.client), CUB_OK);
    cr_assert_eq(cub_conn_close_write(p.client), CUB_OK, "once more does no harm");
    cr_expect_eq(cub_conn_write(p.client, "more", 4, &n), CUB_SSLError);
    cr_assert_eq(cub_conn_read(p.server, buffer, sizeof buffer, &n), CUB_OK);
    cr_expect_eq(n, 7);
    cr_assert_eq(cub_conn_read(p.server, buffer, sizeof buffer, &n), CUB_OK);
    cr_expect_eq(n, 0);
    pair_echo(p.server, p.client, "answer");
    cr_assert_eq(cub_conn_close_write(p.server), CUB_OK);
    cr_expect_eq(cub_conn_read(p.client, buffer, sizeof buffer, &n), CUB_SSLZeroReturnError);
    pair_close(&p);
}

Test(conn_io, data_while_closing)
{
    struct pair p = {0};
    char buffer[8];
    size_t n;

    pair_connect(&p);
    cr_assert_eq(cub_conn_write(p.server, "late", 4, &n), CUB_OK);
    cr_expect_eq(cub_conn_unwrap(p.client), CUB_SSLError);
    cr_expect_str_eq(cub_conn_error(p.client)->reason, "APPLICATION_DATA_AFTER_CLOSE_NOTIFY");
    cr_expect_eq(cub_conn_read(p.client, buffer, sizeof buffer, &n), CUB_OK, "it is not lost");
    cr_expect_eq(n, 4);
    pair_close(&p);
}

/* A stream that ends without close_notify may have been cut. */
Test(conn_io, truncation)
{
    struct pair p = {0};
    char buffer[8];
    size_t n;

    pair_connect(&p);
    cr_assert_eq(cub_conn_write(p.server, "data", 4, &n), CUB_OK);
    cub_bio_write_eof(p.to_client);
    cr_assert_eq(cub_conn_read(p.client, buffer, sizeof buffer, &n), CUB_OK);
    cr_expect_eq(n, 4);
    cr_expect_eq(cub_conn_read(p.client, buffer, sizeof buffer, &n), CUB_SSLEOFError);
    cr_expect_str_eq(cub_conn_error(p.client)->reason, "UNEXPECTED_EOF_WHILE_READING");
    cr_expect_eq(cub_conn_error(p.client)->number, CUB_SSL_ERROR_EOF);
    cr_expect_eq(cub_conn_read(p.client, buffer, sizeof buffer, &n), CUB_SSLEOFError, "still");
    cr_expect_eq(cub_conn_unwrap(p.client), CUB_SSLEOFError);
    pair_close(&p);
}

Test(conn_io, truncation_is_passed_over_on_request)
{
    struct pair p = {.client_context = pair_client_context()};
    char buffer[8];
    size_t n;

    cr_assert_eq(cub_context_set_options(p.client_context,
                                         cub_context_get_options(p.client_context) |
                                             CUB_OP_IGNORE_UNEXPECTED_EOF),
                 CUB_OK);
    pair_connect(&p);
    cub_bio_write_eof(p.to_client);
    cr_expect_eq(cub_conn_read(p.client, buffer, sizeof buffer, &n), CUB_OK);
    cr_expect_eq(n, 0);
    pair_close(&p);
}

Test(conn_io, truncation_in_the_handshake)
{
    struct pair p = {0};

    pair_open(&p);
    cr_expect_eq(cub_conn_do_handshake(p.client), CUB_SSLWantReadError);
    cub_bio_write_eof(p.to_client);
    cr_expect_eq(cub_conn_do_handshake(p.client), CUB_SSLEOFError);
    pair_close(&p);
}

/* A transport that takes nothing for a while. */
struct clogged {
    cub_bio *in, *out;
    bool open;
};

static cub_result clogged_read(void *arg, void *buffer, size_t len, size_t *n)
{
    struct clogged *c = arg;

    if (cub_bio_get_pending(c->in) == 0) {
        *n = 0;
        return CUB_SSLWantReadError;
    }
    return cub_bio_read(c->in, buffer, len, n);
}

static cub_result clogged_write(void *arg, const void *data, size_t len, size_t *n)
{
    struct clogged *c = arg;

    *n = c->open ? len : 0;
    return c->open ? cub_bio_write(c->out, data, len) : CUB_SSLWantWriteError;
}

Test(conn_io, a_write_that_waits_is_repeated)
{
    struct pair p = {.client_context = pair_client_context()};
    struct clogged clogged;
    struct cub_io io = {clogged_read, clogged_write, &clogged};
    static char data[40000], back[40000];
    size_t n, got = 0;

    pair_open(&p);
    cub_conn_free(p.client);
    clogged = (struct clogged){p.to_client, p.to_server, true};
    cr_assert_eq(cub_context_wrap_io(p.client_context, &io,
                                     &(struct cub_wrap_options){.server_hostname =
                                                                    "server.example"},
                                     &p.client),
                 CUB_OK);
    pair_handshake(&p);
    cr_assert_eq(p.client_result, CUB_OK);
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 13);
    clogged.open = false;
    cr_expect_eq(cub_conn_write(p.client, data, sizeof data, &n), CUB_SSLWantWriteError);
    cr_expect_eq(n, 0);
    cr_expect_eq(cub_conn_write(p.client, data, 10, &n), CUB_SSLError, "less than before");
    cr_expect_str_eq(cub_conn_error(p.client)->reason, "BAD_WRITE_RETRY");
    cr_expect_eq(cub_conn_write(p.client, data, sizeof data, &n), CUB_SSLWantWriteError);
    /* Meanwhile there can be reading. */
    pair_echo(p.server, p.client, "hello");
    clogged.open = true;
    cr_assert_eq(cub_conn_write(p.client, data, sizeof data, &n), CUB_OK);
    cr_expect_eq(n, sizeof data, "nothing is sent twice");
    while (got < sizeof back) {
        cr_assert_eq(cub_conn_read(p.server, back + got, sizeof back - got, &n), CUB_OK);
        got += n;
    }
    cr_expect_arr_eq(back, data, sizeof data);
    cr_expect_eq(cub_conn_read(p.server, back, sizeof back, &n), CUB_SSLWantReadError);
    pair_close(&p);
}

/* Small records, because the peer has little memory. */
Test(conn_io, record_size_limits)
{
    static const size_t limits[] = {64, 100, 1000, 16384};
    static char data[5000], back[5000];

    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct pair p = {.client_context = pair_client_context(),
                         .server_context = pair_server_context(PKI_P256)};
        size_t n, got = 0;
        cr_assert_eq(cub_context_set_record_size_limit(p.client_context, limits[i]), CUB_OK);
        cr_assert_eq(cub_context_set_record_size_limit(p.server_context, limits[i]), CUB_OK);
        pair_connect(&p);
        cr_assert_eq(cub_conn_sendall(p.server, data, sizeof data), CUB_OK);
        while (got < sizeof back) {
            cr_assert_eq(cub_conn_read(p.client, back, sizeof back, &n), CUB_OK, "%s",
                         pair_message(p.client));
            cr_assert_gt(n, 0);
            got += n;
        }
        cr_expect_eq(got, sizeof data);
        pair_close(&p);
    }
}

/* What comes right behind the client's Finished does not undo the handshake. */
Test(conn_io, alert_behind_the_handshake)
{
    struct pair p = {0};
    char byte;
    size_t n;

    pair_open(&p);
    cr_expect_eq(cub_conn_do_handshake(p.client), CUB_SSLWantReadError);
    cr_expect_eq(cub_conn_do_handshake(p.server), CUB_SSLWantReadError);
    cr_assert_eq(cub_conn_do_handshake(p.client), CUB_OK);
    cr_assert_eq(cub_bio_write(p.to_client, "\x17\x03\x03\x00\x11 that does not open", 22), CUB_OK);
    cr_expect_eq(cub_conn_read(p.client, &byte, 1, &n), CUB_SSLError);
    cr_expect_neq(cub_conn_error(p.client)->alert_sent, -1);
    cr_assert_eq(cub_conn_do_handshake(p.server), CUB_OK, "%s", pair_message(p.server));
    cr_expect_eq(cub_conn_read(p.server, &byte, 1, &n), CUB_SSLError);
    cr_expect_str_eq(cub_conn_error(p.server)->reason, "SSLV3_ALERT_BAD_RECORD_MAC");
    pair_close(&p);
}
