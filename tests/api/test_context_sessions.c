#include <criterion/criterion.h>

#include <string.h>

#include "tests/api/pair.h"

static cub_context *fresh(enum cub_SSLMethod protocol)
{
    cub_context *context;

    cr_assert_eq(cub_context_new(protocol, &context), CUB_OK);
    return context;
}

Test(context_sessions, num_tickets)
{
    cub_context *server = fresh(CUB_PROTOCOL_TLS_SERVER);
    cub_context *client = fresh(CUB_PROTOCOL_TLS_CLIENT);

    cr_expect_eq(cub_context_set_num_tickets(server, 0), CUB_OK);
    cr_expect_eq(cub_context_get_num_tickets(server), 0);
    cr_expect_eq(cub_context_set_num_tickets(server, -1), CUB_ValueError);
    cr_expect_str_eq(cub_last_error(server)->message, "value must be non-negative");
    cr_expect_eq(cub_context_set_num_tickets(client, 1), CUB_ValueError);
    cr_expect_str_eq(cub_last_error(client)->message, "SSLContext is not a server context.");
    cub_context_free(server);
    cub_context_free(client);
}

static void count_tickets(cub_conn *conn, const struct cub_trace_event *event, void *arg)
{
    (void)conn;
    *(int *)arg +=
        strcmp(event->kind, "message") == 0 && strcmp(event->name, "new_session_ticket") == 0;
}

/* In TLS 1.3 as many as are set; in TLS 1.2 there is one, whatever is set. */
Test(context_sessions, tickets_that_are_sent)
{
    static const int versions[] = {CUB_TLSVersion_TLSv1_2, CUB_TLSVersion_TLSv1_3};

    for (int count = 0; count < 4; count++)
        for (size_t i = 0; i < 2; i++) {
            struct pair p = {.client_context = pair_client_context(),
                             .server_context = pair_server_context(PKI_P256)};
            int seen = 0;
            char byte;
            size_t n;
            cr_assert_eq(cub_context_set_num_tickets(p.server_context, count), CUB_OK);
            cr_assert_eq(cub_context_set_maximum_version(p.client_context, versions[i]), CUB_OK);
            cr_assert_eq(cub_context_set_trace_callback(p.client_context, count_tickets, &seen),
                         CUB_OK);
            pair_connect(&p);
            cr_expect_eq(cub_conn_read(p.client, &byte, 1, &n), CUB_SSLWantReadError);
            cr_expect_eq(seen, i == 0 ? 1 : count);
            pair_close(&p);
        }
}
