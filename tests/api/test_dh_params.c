/*
 * load_dh_params, and what security levels ask of suites and groups.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "api/ciphers.h"
#include "api/context.h"
#include "api/settings.h"
#include "tests/api/pair.h"
#include "tests/support/process.h"

/* The groups of [RFC2409-6.2] and [RFC3526-3], and a modulus that is even. */
static const char params_1024[] =
    "-----BEGIN DH PARAMETERS-----\n"
    "MIGHAoGBAP//////////yQ/aoiFowjTExmKLgNwc0SkCTgiKZ8x0Agu+pjsTmyJR\n"
    "Sgh5jjQE3e+VGbPNOkMbMCsKbfJfFDdP4TVtbVHCReSFtXZiXn7G9ExC6aY37WsL\n"
    "/1y29Aa37e44a/taiZ+lrp8kEXxLH+ZJKGZR7OZTgf//////////AgEC\n"
    "-----END DH PARAMETERS-----\n";

static const char params_2048[] =
    "-----BEGIN DH PARAMETERS-----\n"
    "MIIBDAKCAQEA///////////JD9qiIWjCNMTGYouA3BzRKQJOCIpnzHQCC76mOxOb\n"
    "IlFKCHmONATd75UZs806QxswKwpt8l8UN0/hNW1tUcJF5IW1dmJefsb0TELppjft\n"
    "awv/XLb0Brft7jhr+1qJn6WunyQRfEsf5kkoZlHs5Fs9wgB8uKFjvwWY2kg2HFXT\n"
    "mmkWP6j9JM9fg2VdI9yjrZYcYvNWIIVSu57VKQdwlpZtZww1Tkq8mATxdGwIyhgh\n"
    "fDKQXkYuNs474553LBgOhgObJ4Oi7Aeij7XFXfBvTFLJ3ivL9pVYFxg5lUl86pVq\n"
    "5RXSJhiY+gUQFXKOWoqsqmj//////////wIBAgICAOE=\n"
    "-----END DH PARAMETERS-----\n";

static const char params_even[] =
    "-----BEGIN DH PARAMETERS-----\n"
    "MIIBCAKCAQEA///////////JD9qiIWjCNMTGYouA3BzRKQJOCIpnzHQCC76mOxOb\n"
    "IlFKCHmONATd75UZs806QxswKwpt8l8UN0/hNW1tUcJF5IW1dmJefsb0TELppjft\n"
    "awv/XLb0Brft7jhr+1qJn6WunyQRfEsf5kkoZlHs5Fs9wgB8uKFjvwWY2kg2HFXT\n"
    "mmkWP6j9JM9fg2VdI9yjrZYcYvNWIIVSu57VKQdwlpZtZww1Tkq8mATxdGwIyhgh\n"
    "fDKQXkYuNs474553LBgOhgObJ4Oi7Aeij7XFXfBvTFLJ3ivL9pVYFxg5lUl86pVq\n"
    "5RXSJhiY+gUQFXKOWoqsqmj//////////gIBAg==\n"
    "-----END DH PARAMETERS-----\n";

static const char *file_of(const char *text)
{
    return scratch_file("dh.pem", text);
}

static void open_dhe(struct pair *p, const char *params, const char *client_ciphers)
{
    p->client_context = pair_client_context();
    p->server_context = pair_server_context(PKI_RSA2048);
    cr_assert_eq(cub_context_set_ciphers(p->client_context, client_ciphers), CUB_OK);
    cr_assert_eq(cub_context_set_ciphers(p->server_context, "DHE:@SECLEVEL=1"), CUB_OK);
    (void)cub_context_set_maximum_version(p->server_context, CUB_TLSVersion_TLSv1_2);
    if (params)
        cr_assert_eq(cub_context_load_dh_params(p->server_context, file_of(params)), CUB_OK, "%s",
                     cub_last_error(p->server_context)->message);
    pair_open(p);
    pair_handshake(p);
}

Test(dh_params, connections)
{
    static const char *const params[] = {NULL, params_2048};

    for (size_t i = 0; i < 2; i++) {
        struct pair p = {0};

        open_dhe(&p, params[i], "DHE");
        cr_assert_eq(p.client_result, CUB_OK, "%s", pair_message(p.client));
        pair_echo(p.client, p.server, "over a finite field");
        pair_close(&p);
    }
}

/* Too small for level 2, which is the default, and good enough for level 1. */
Test(dh_params, sizes)
{
    struct pair p = {0}, q = {0};
    cub_context *server;

    open_dhe(&p, params_1024, "DHE:@SECLEVEL=1");
    cr_assert_eq(p.client_result, CUB_OK, "%s", pair_message(p.client));
    pair_close(&p);
    open_dhe(&q, params_1024, "DHE");
    cr_assert_eq(q.client_result, CUB_SSLError);
    cr_expect_str_eq(cub_conn_error(q.client)->reason, "DH_KEY_TOO_SMALL");
    pair_close(&q);
    cr_assert_eq(cub_context_new(CUB_PROTOCOL_TLS_SERVER, &server), CUB_OK);
    cr_expect_eq(cub_context_load_dh_params(server, file_of(params_1024)), CUB_SSLError);
    cr_expect_str_eq(cub_last_error(server)->reason, "DH_KEY_TOO_SMALL");
    cub_context_free(server);
}

Test(dh_params, files)
{
    cub_context *server;

    cr_assert_eq(cub_context_new(CUB_PROTOCOL_TLS_SERVER, &server), CUB_OK);
    cr_expect_eq(cub_context_load_dh_params(server, "/nonexistent"), CUB_OSError);
    cr_expect_eq(cub_context_load_dh_params(server, file_of("")), CUB_SSLError);
    cr_expect_str_eq(cub_last_error(server)->reason, "NO_START_LINE");
    cr_expect_eq(cub_context_load_dh_params(server, file_of(params_even)), CUB_SSLError);
    cr_expect_str_eq(cub_last_error(server)->reason, "BAD_DH_VALUE");
    cr_expect_eq(cub_context_load_dh_params(server, file_of("-----BEGIN DH PARAMETERS-----\n"
                                                            "MAYCAQUCAQI=\n"
                                                            "-----END DH PARAMETERS-----\n")),
                 CUB_SSLError);
    cr_expect_str_eq(cub_last_error(server)->reason, "DH_KEY_TOO_SMALL");
    cr_expect_eq(cub_context_load_dh_params(server, file_of("-----BEGIN DH PARAMETERS-----\n"
                                                            "MAQCAQUC\n"
                                                            "-----END DH PARAMETERS-----\n")),
                 CUB_SSLError);
    cr_expect_eq(cub_context_load_dh_params(server, file_of(params_2048)), CUB_OK);
    cub_context_free(server);
}

static bool is_named(const struct cub_suite *suite, const char *name)
{
    struct cub_cipher_info info;

    return cub_suite_describe(suite, &info) && strcmp(info.name, name) == 0;
}

/* Whether connections may use a suite, which get_ciphers lists whatever the level. */
static bool leaves(const char *string, const char *name)
{
    static struct cub_cipher_info list[100];
    cub_context *c;
    bool found = false, listed = false;

    cr_assert_eq(cub_context_new(CUB_PROTOCOL_TLS_CLIENT, &c), CUB_OK);
    cr_assert_eq(cub_context_set_ciphers(c, string), CUB_OK);
    for (const struct cub_suite *const *s = c->settings->suites; *s != NULL; s++)
        found |= is_named(*s, name);
    for (size_t n = cub_context_get_ciphers(c, list, 100); n-- > 0;)
        listed |= strcmp(list[n].name, name) == 0;
    cr_expect(listed, "%s in %s", name, string);
    cub_context_free(c);
    return found;
}

/* As ciphers(1) of OpenSSL has the levels. */
Test(dh_params, levels)
{
    cr_expect(leaves("ALL", "AES128-SHA"));
    cr_expect(leaves("ALL:@SECLEVEL=2", "PSK-AES128-CCM"));
    cr_expect_not(leaves("ALL:@SECLEVEL=3", "AES128-SHA"));
    cr_expect_not(leaves("ALL:@SECLEVEL=3", "PSK-AES128-CCM"));
    cr_expect_not(leaves("ALL:@SECLEVEL=3", "ECDHE-PSK-CHACHA20-POLY1305"));
    cr_expect(leaves("ALL:@SECLEVEL=3", "ECDHE-RSA-AES128-SHA"));
    cr_expect(leaves("ALL:@SECLEVEL=3", "DHE-RSA-AES128-GCM-SHA256"));
    cr_expect_not(leaves("ALL:@SECLEVEL=4", "ECDHE-RSA-AES128-SHA256"));
    cr_expect_not(leaves("ALL:@SECLEVEL=4", "ECDHE-RSA-AES256-SHA"));
    cr_expect_not(leaves("ALL:@SECLEVEL=4", "TLS_AES_128_GCM_SHA256"));
    cr_expect(leaves("ALL:@SECLEVEL=4", "ECDHE-RSA-AES256-SHA384"));
    cr_expect(leaves("ALL:@SECLEVEL=5", "TLS_AES_256_GCM_SHA384"));
}
