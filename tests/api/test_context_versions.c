#include <criterion/criterion.h>

#include "tests/api/pair.h"

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
