#include <criterion/criterion.h>

#include <string.h>

#include "tests/api/pair.h"

static cub_context *fresh(enum cub_SSLMethod protocol)
{
    cub_context *context;

    cr_assert_eq(cub_context_new(protocol, &context), CUB_OK);
    return context;
}

Test(context_names, alpn_names_have_1_to_255_bytes)
{
    cub_context *c = fresh(CUB_PROTOCOL_TLS_CLIENT);
    char long_name[257] = "";
    const char *names[] = {"h2", "http/1.1", long_name};

    cr_expect_eq(cub_context_set_alpn_protocols(c, names, 2), CUB_OK);
    cr_expect_eq(cub_context_set_alpn_protocols(c, names, 3), CUB_SSLError, "empty");
    memset(long_name, 'a', 256);
    cr_expect_eq(cub_context_set_alpn_protocols(c, names, 3), CUB_SSLError, "too long");
    long_name[255] = 0;
    cr_expect_eq(cub_context_set_alpn_protocols(c, names, 3), CUB_OK);
    cr_expect_eq(cub_context_set_alpn_protocols(c, NULL, 0), CUB_OK, "none");
    cub_context_free(c);
}
