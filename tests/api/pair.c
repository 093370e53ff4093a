#include "tests/api/pair.h"

#include <criterion/criterion.h>

#include <string.h>

const char *pair_chain_pem(enum pki_fixture fixture)
{
    static char texts[PKI_FIXTURE_COUNT][16384];
    const struct pki_chain *chain = pki_chain(fixture);
    char *text = texts[fixture];

    text[0] = 0;
    for (size_t i = 0; i < chain->count; i++)
        pki_pem(text, sizeof texts[0], "CERTIFICATE", chain->certs[i].der, chain->certs[i].len);
    return text;
}

const char *pair_key_pem(enum pki_fixture fixture)
{
    return pki_key_pems[pki_chain(fixture)->key_id];
}

static void expect_ok(cub_result result, const cub_context *context)
{
    cr_assert_eq(result, CUB_OK, "%s", cub_last_error(context)->message);
}

void pair_load(cub_context *context, enum pki_fixture fixture)
{
    const char *chain = pair_chain_pem(fixture), *key = pair_key_pem(fixture);

    expect_ok(cub_context_load_cert_chain_data(context, chain, strlen(chain), key, strlen(key),
                                               NULL),
              context);
}

cub_context *pair_client_context(void)
{
    const struct pki_cert *root = pki_root();
    cub_context *context;

    expect_ok(cub_create_default_context(CUB_Purpose_SERVER_AUTH, NULL, NULL, root->der, root->len,
                                         &context),
              context);
    expect_ok(cub_context_set_verify_time(context, PKI_NOW), context);
    return context;
}

cub_context *pair_server_context(enum pki_fixture fixture)
{
    cub_context *context;

    expect_ok(cub_create_default_context(CUB_Purpose_CLIENT_AUTH, NULL, NULL, NULL, 0, &context),
              context);
    expect_ok(cub_context_set_verify_time(context, PKI_NOW), context);
    pair_load(context, fixture);
    return context;
}

const char *pair_message(const cub_conn *conn)
{
    return cub_conn_error(conn)->message;
}

void pair_open(struct pair *p)
{
    struct cub_wrap_options client = {.server_hostname = p->host ? p->host : "server.example"};
    struct cub_wrap_options server = {.server_side = true};

    if (!p->client_context)
        p->client_context = pair_client_context();
    if (!p->server_context)
        p->server_context = pair_server_context(PKI_P256);
    cr_assert_eq(cub_bio_new(&p->to_client), CUB_OK);
    cr_assert_eq(cub_bio_new(&p->to_server), CUB_OK);
    cr_assert_eq(cub_context_wrap_bio(p->client_context, p->to_client, p->to_server, &client,
                                      &p->client),
                 CUB_OK, "%s", pair_message(p->client));
    cr_assert_eq(cub_context_wrap_bio(p->server_context, p->to_server, p->to_client, &server,
                                      &p->server),
                 CUB_OK, "%s", pair_message(p->server));
}

void pair_handshake(struct pair *p)
{
    for (int round = 0; round < 8; round++) {
        p->client_result = cub_conn_do_handshake(p->client);
        p->server_result = cub_conn_do_handshake(p->server);
    }
}

void pair_connect(struct pair *p)
{
    pair_open(p);
    pair_handshake(p);
    cr_assert_eq(p->client_result, CUB_OK, "client: %s", pair_message(p->client));
    cr_assert_eq(p->server_result, CUB_OK, "server: %s", pair_message(p->server));
}

void pair_close(struct pair *p)
{
    cub_conn_free(p->client);
    cub_conn_free(p->server);
    cub_context_free(p->client_context);
    cub_context_free(p->server_context);
    cub_bio_free(p->to_client);
    cub_bio_free(p->to_server);
    *p = (struct pair){0};
}

void pair_echo(cub_conn *from, cub_conn *to, const char *data)
{
    char buffer[4096];
    size_t n;

    cr_assert_eq(cub_conn_write(from, data, strlen(data), &n), CUB_OK, "%s", pair_message(from));
    cr_assert_eq(n, strlen(data));
    cr_assert_eq(cub_conn_read(to, buffer, sizeof buffer, &n), CUB_OK, "%s", pair_message(to));
    cr_assert_eq(n, strlen(data));
    cr_assert_arr_eq(buffer, data, n);
}
