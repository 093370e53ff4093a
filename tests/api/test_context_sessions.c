#include <criterion/criterion.h>

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
