/*
 * DHE over finite fields.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "crypto/dh.h"
#include "handshake/exchange.h"
#include "tests/support/pump.h"

/* The group of 1024 bits of [RFC2409-6.2]. */
static const uint8_t p_1024[] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc9, 0x0f, 0xda, 0xa2, 0x21, 0x68, 0xc2, 0x34,
    0xc4, 0xc6, 0x62, 0x8b, 0x80, 0xdc, 0x1c, 0xd1, 0x29, 0x02, 0x4e, 0x08, 0x8a, 0x67, 0xcc, 0x74,
    0x02, 0x0b, 0xbe, 0xa6, 0x3b, 0x13, 0x9b, 0x22, 0x51, 0x4a, 0x08, 0x79, 0x8e, 0x34, 0x04, 0xdd,
    0xef, 0x95, 0x19, 0xb3, 0xcd, 0x3a, 0x43, 0x1b, 0x30, 0x2b, 0x0a, 0x6d, 0xf2, 0x5f, 0x14, 0x37,
    0x4f, 0xe1, 0x35, 0x6d, 0x6d, 0x51, 0xc2, 0x45, 0xe4, 0x85, 0xb5, 0x76, 0x62, 0x5e, 0x7e, 0xc6,
    0xf4, 0x4c, 0x42, 0xe9, 0xa6, 0x37, 0xed, 0x6b, 0x0b, 0xff, 0x5c, 0xb6, 0xf4, 0x06, 0xb7, 0xed,
    0xee, 0x38, 0x6b, 0xfb, 0x5a, 0x89, 0x9f, 0xa5, 0xae, 0x9f, 0x24, 0x11, 0x7c, 0x4b, 0x1f, 0xe6,
    0x49, 0x28, 0x66, 0x51, 0xec, 0xe6, 0x53, 0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
static const uint8_t two = 2;
static const struct cub_dh_group small = {
    .p = {p_1024, sizeof p_1024},
      .g = {&two,   1            }
};

static struct pump p;
static struct end *const client = &p.ends[PUMP_CLIENT];
static struct end *const server = &p.ends[PUMP_SERVER];

static const struct cub_suite *const suites[] = {&cub_suite_dhe_rsa_aes_128_gcm_sha256,
                                                 &cub_suite_dhe_rsa_aes_256_gcm_sha384,
                                                 &cub_suite_dhe_rsa_chacha20_poly1305_sha256, NULL};

static void set_up(void)
{
    pump_init(&p);
    for (unsigned i = 0; i < 2; i++) {
        p.ends[i].config.profile = &cub_profile_all;
        p.ends[i].config.min_version = p.ends[i].config.max_version = CUB_TLS1_2;
        p.ends[i].config.suites = suites;
    }
    end_use_chain(server, PKI_RSA2048);
}

static void run(void)
{
    pump_start(&p);
    pump_run(&p);
}

Test(exchange_dhe, suites)
{
    for (unsigned i = 0; suites[i] != NULL; i++) {
        set_up();
        client->config.suites = suites + i;
        pump_handshake(&p);
        cr_assert_eq(client->engine.suite, i == 0 ? suites[0] : suites[i]);
        cr_assert_null(client->engine.group);
        cr_assert_eq(server->engine.hs->dh_group, &cub_dh_ffdhe2048);
        cr_assert(pump_exchange(&p, 10000));
    }
}

/* Groups that a client names; it has to have them in its list for that, though no suite here uses
 * them so. */
static const struct cub_group named[] = {
    {.id = 256, .share_size = 1},
    {.id = 257, .share_size = 1},
    {.id = 258, .share_size = 1},
    {.id = 300, .share_size = 1}  /* that the server does not know */
};

static const struct cub_dh_group *chosen(enum pki_fixture chain, const char *ids)
{
    const struct cub_group *list[6] = {&cub_group_x25519};

    set_up();
    end_use_chain(server, chain);
    for (size_t i = 0; ids[i]; i++)
        list[i + 1] = &named[ids[i] - '0'];
    client->config.groups = list;
    server->config.dh_params = &small;
    run();
    return cub_engine_connected(&client->engine) ? server->engine.hs->dh_group : NULL;
}

Test(exchange_dhe, groups_of_rfc7919)
{
    cr_assert_eq(chosen(PKI_RSA2048, "012"), &cub_dh_ffdhe2048);
    cr_assert_eq(chosen(PKI_RSA2048, "21"), &cub_dh_ffdhe3072);
    cr_assert_eq(chosen(PKI_RSA2048, "32"), &cub_dh_ffdhe4096);
    /* Not weaker than the key, if there is one. */
    cr_assert_eq(chosen(PKI_RSA4096, "01"), &cub_dh_ffdhe3072);
    cr_assert_eq(chosen(PKI_RSA4096, "0123"), &cub_dh_ffdhe4096);
    /* Who names groups gets none of another kind [RFC7919-4]. */
    cr_assert_null(chosen(PKI_RSA2048, "3"));
    cr_assert_eq(cub_engine_error(&server->engine), E_NO_COMMON_CIPHER);
}

/* The server's own group, and what a client thinks of its size. */
Test(exchange_dhe, own_group)
{
    struct cub_dh_group own = cub_dh_ffdhe3072;

    set_up();
    server->config.dh_params = &own;
    pump_handshake(&p);
    cr_assert_eq(server->engine.hs->dh_group, &own);
    set_up();
    server->config.dh_params = &small;
    client->config.dh_min_bits = 1024;
    pump_handshake(&p);
    cr_assert(pump_exchange(&p, 100));
    set_up();
    server->config.dh_params = &small;
    run();
    cr_assert_eq(cub_engine_error(&client->engine), E_CRYPTO_DH_SMALL);
    cr_assert_eq(cub_engine_alert_received(&server->engine), ALERT_INSUFFICIENT_SECURITY);
}

/* A secret that begins with zeros, which are no part of it [RFC5246-8.1.2]: one in 256 does, and
 * this randomness leads to one. */
Test(exchange_dhe, leading_zeros)
{
    set_up();
    server->config.dh_params = &small;
    client->config.dh_min_bits = 1024;
    client->random_state.state = 2213;
    pump_handshake(&p);
    cr_assert_eq(client->engine.hs->premaster_len, sizeof p_1024 - 1);
    cr_assert_eq(server->engine.hs->premaster_len, sizeof p_1024 - 1);
    cr_assert(pump_exchange(&p, 100));
}

/* What a client makes of the server's numbers. */

static enum cub_error params_result(struct cub_view prime, struct cub_view g, struct cub_view share)
{
    uint8_t body[2000];
    struct cub_server_params params = {0};
    struct wr w;
    struct rd r;
    enum cub_error err;

    set_up();
    pump_handshake(&p);
    wr_init(&w, body, sizeof body);
    wr_view(&w, 2, prime);
    wr_view(&w, 2, g);
    wr_view(&w, 2, share);
    rd_init(&r, body, w.pos);
    err = cub_exchange_dhe.take_params(&client->engine, &r, &params);
    return err != E_OK ? err : cub_exchange_dhe.respond(&client->engine, &params);
}

Test(exchange_dhe, bad_params)
{
    struct cub_view prime = cub_dh_ffdhe2048.p, g = cub_dh_ffdhe2048.g;
    uint8_t changed[256], zeros[256] = {0}, large[513];

    memcpy(changed, prime.data, 256);
    cr_assert_eq(params_result(prime, g, g), E_OK);
    cr_assert_eq(params_result(prime, g, prime), E_CRYPTO_DH_VALUE);
    cr_assert_eq(params_result(prime, g, (struct cub_view){zeros, 256}), E_CRYPTO_DH_VALUE);
    zeros[255] = 1;
    cr_assert_eq(params_result(prime, g, (struct cub_view){zeros, 256}), E_CRYPTO_DH_VALUE);
    cr_assert_eq(params_result(prime, (struct cub_view){zeros, 256}, g), E_CRYPTO_DH_GROUP);
    changed[255]--; /* p - 1 */
    cr_assert_eq(params_result(prime, g, (struct cub_view){changed, 256}), E_CRYPTO_DH_VALUE);
    cr_assert_eq(params_result((struct cub_view){changed, 256}, g, g), E_CRYPTO_DH_GROUP);
    memset(large, 0xff, sizeof large);
    cr_assert_eq(params_result((struct cub_view){large, 513}, g, g), E_CRYPTO_DH_LARGE);
}

/* And a server of the client's. */

static const uint8_t *given;
static size_t given_len;

static void replace_share(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    uint8_t *body = record->bytes + 5 + 4;

    (void)pump;
    if (from != PUMP_CLIENT || record->bytes[5] != CUB_CLIENT_KEY_EXCHANGE)
        return;
    cub_store_be16(body, (uint32_t)given_len);
    memcpy(body + 2, given, given_len);
    cub_store_be16(record->bytes + 5 + 2, (uint32_t)given_len + 2);
    cub_store_be16(record->bytes + 3, (uint32_t)given_len + 6);
    record->len = 5 + 4 + 2 + given_len;
}

static enum cub_error share_result(const uint8_t *share, size_t len)
{
    set_up();
    given = share;
    given_len = len;
    p.hook = replace_share;
    run();
    return cub_engine_error(&server->engine);
}

Test(exchange_dhe, bad_shares)
{
    uint8_t share[300] = {0};

    cr_assert_eq(share_result(share, 0), E_DECODE_CLIENT_KEY_EXCHANGE);
    cr_assert_eq(share_result(share, 1), E_CRYPTO_DH_VALUE);
    cr_assert_eq(cub_engine_alert_received(&client->engine), ALERT_HANDSHAKE_FAILURE);
    share[255] = 1;
    cr_assert_eq(share_result(share, 256), E_CRYPTO_DH_VALUE);
    memcpy(share, cub_dh_ffdhe2048.p.data, 256);
    cr_assert_eq(share_result(share, 256), E_CRYPTO_DH_VALUE);
    share[255]--;
    cr_assert_eq(share_result(share, 256), E_CRYPTO_DH_VALUE);
    cr_assert_eq(share_result(share, 300), E_CRYPTO_DH_VALUE);
    share[255]--; /* a share, but not the client's */
    cr_assert_eq(share_result(share, 256), E_RECORD_BAD_MAC);
}
