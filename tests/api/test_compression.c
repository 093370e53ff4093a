/*
 * Compressed certificates in the hosted API, with zeros left out at the beginning as compression.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "tests/api/pair.h"

static unsigned compressed, decompressed;
static bool declines, damages;

static size_t compress(void *arg, const void *in, size_t len, void *out, size_t size)
{
    cr_assert_str_eq(arg, "arg");
    cr_assert_geq(size, len);
    compressed++;
    if (declines)
        return 0;
    memcpy(out, (const char *)in + 1, len - 1);
    return len - 1;
}

static bool decompress(void *arg, const void *in, size_t in_len, void *out, size_t len)
{
    cr_assert_str_eq(arg, "arg");
    decompressed++;
    if (in_len + 1 != len || damages)
        return false;
    *(char *)out = 0; /* the empty certificate_request_context */
    memcpy((char *)out + 1, in, in_len);
    return true;
}

static const struct cub_cert_compression compression = {77, compress, decompress,
                                                        (void *)(uintptr_t) "arg"};

static void prepare(struct pair *p)
{
    const struct pki_cert *root = pki_root();

    compressed = decompressed = 0;
    declines = damages = false;
    *p = (struct pair){.client_context = pair_client_context(),
                       .server_context = pair_server_context(PKI_P256)};
    pair_load(p->client_context, PKI_CLIENT);
    cr_assert_eq(cub_context_load_verify_locations(p->server_context, NULL, NULL, root->der,
                                                   root->len),
                 CUB_OK);
    cr_assert_eq(cub_context_set_verify_mode(p->server_context, CUB_CERT_REQUIRED), CUB_OK);
    cr_assert_eq(cub_context_set_cert_compression(p->client_context, &compression, 1), CUB_OK);
    cr_assert_eq(cub_context_set_cert_compression(p->server_context, &compression, 1), CUB_OK);
}

Test(compression, both_sides)
{
    struct pair p;

    prepare(&p);
    pair_connect(&p);
    cr_assert_eq(compressed, 2);
    cr_assert_eq(decompressed, 2);
    pair_echo(p.client, p.server, "smaller");
    pair_close(&p);
}

Test(compression, declined)
{
    struct pair p;

    prepare(&p);
    declines = true;
    pair_connect(&p);
    cr_assert_eq(compressed, 2);
    cr_assert_eq(decompressed, 0);
    pair_close(&p);

    prepare(&p);
    cr_assert_eq(cub_context_set_cert_compression(p.client_context, NULL, 0), CUB_OK);
    pair_connect(&p);
    cr_assert_eq(compressed, 0);
    pair_close(&p);
}

Test(compression, damaged)
{
    struct pair p;

    prepare(&p);
    damages = true;
    pair_open(&p);
    pair_handshake(&p);
    cr_assert_eq(p.client_result, CUB_SSLError);
    cr_assert_str_eq(cub_conn_error(p.client)->name, "COMPRESSED_CONTENT");
    pair_close(&p);
}

Test(compression, values)
{
    struct cub_cert_compression list[4] = {compression, compression, compression, compression};
    cub_context *context = pair_client_context();

    cr_assert_eq(cub_context_set_cert_compression(context, list, 4), CUB_ValueError);
    cr_assert_eq(cub_context_set_cert_compression(context, list, 3), CUB_OK);
    list[1].compress = NULL;
    cr_assert_eq(cub_context_set_cert_compression(context, list, 3), CUB_OK);
    list[1].decompress = NULL;
    cr_assert_eq(cub_context_set_cert_compression(context, list, 3), CUB_ValueError);
    cub_context_free(context);
}

/* Who accepts delegated credentials connects to servers without any as before. */
Test(compression, delegated_credentials)
{
    struct pair p = {.client_context = pair_client_context()};

    cr_assert_not(cub_context_get_delegated_credentials(p.client_context));
    cr_assert_eq(cub_context_set_delegated_credentials(p.client_context, true), CUB_OK);
    cr_assert(cub_context_get_delegated_credentials(p.client_context));
    pair_connect(&p);
    cr_assert(p.client_result == CUB_OK);
    pair_close(&p);
}
