/*
 * TLS 1.2 with peers that do not keep to it: what each says that is wrong, changed on its way, and
 * what the other end makes of it. Renegotiation, which is refused without harm.
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/handshake.h"
#include "handshake/messages12.h"
#include "tests/handshake/server_hello12.h"
#include "tests/handshake/returning.h"

static struct returning *const r = &returning;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

static void init(void)
{
    returning_init();
    for (unsigned side = 0; side < 2; side++)
        r->pump.ends[side].config.min_version = r->pump.ends[side].config.max_version = CUB_TLS1_2;
}

/* ClientHello */

static const uint8_t one = 1;

static void renegotiated(struct cub_client_hello *hello)
{
    hello->renegotiated_connection = (struct cub_view){&one, 1};
}

static void compressed_points(struct cub_client_hello *hello)
{
    hello->ec_point_formats = (struct cub_view){&one, 1};
}

static void compression(struct cub_client_hello *hello)
{
    hello->legacy_compression_methods = (struct cub_view){&one, 1};
}

static void fallback(struct cub_client_hello *hello)
{
    static uint8_t suites[256];

    memcpy(suites, hello->cipher_suites.data, hello->cipher_suites.len);
    cub_store_be16(suites + hello->cipher_suites.len, 0x5600);
    hello->cipher_suites.data = suites;
    hello->cipher_suites.len += 2;
}

Test(misbehaving12, client_hello)
{
    static const struct {
        void (*change)(struct cub_client_hello *hello);
        enum cub_error error;
    } changes[] = {
        {renegotiated,      E_CH_RENEGOTIATION_INFO },
        {compressed_points, E_CH_POINT_FORMATS      },
        {compression,       E_CH_NO_NULL_COMPRESSION},
        {fallback,          E_CH_FALLBACK           },
    };

    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        init();
        server->config.max_version = CUB_TLS1_3;
        r->change_client = changes[i].change;
        r->pump.hook = returning_edit_client_hello;
        returning_fail(PUMP_SERVER, changes[i].error);
    }
}

/* Who has no better version does not mind. */
Test(misbehaving12, fallback_to_the_best)
{
    init();
    r->change_client = fallback;
    r->pump.hook = returning_edit_client_hello;
    pump_start(&r->pump);
    pump_run(&r->pump);
    /* Only that the hello was changed on its way is found out. */
    cr_assert_neq(cub_engine_error(&server->engine), E_CH_FALLBACK);
    cr_assert(returning_saw(PUMP_SERVER, CUB_SERVER_HELLO, true));
}

/* ServerHello */

static void (*change12)(struct cub_server_hello *hello, struct server_hello12 *extensions);

static void edit_server_hello12(struct pump *p, enum pump_side from, struct pump_record *record)
{
    static uint8_t message[4096];
    struct cub_server_hello hello;
    struct server_hello12 extensions;
    struct rd body;
    size_t len;
    struct wr w;

    (void)p;
    if (from != PUMP_SERVER || !returning_is(record, CUB_SERVER_HELLO))
        return;
    /* Other messages may follow in the record. */
    len = cub_load_be24(record->bytes + 6);
    rd_init(&body, record->bytes + 9, len);
    cr_assert_eq(cub_server_hello_decode(&body, &hello), E_OK);
    cr_assert_eq(server_hello12_extensions(hello.extensions, UINT32_MAX, &extensions), E_OK);
    change12(&hello, &extensions);
    wr_init(&w, message, sizeof message);
    server_hello12_encode(&w, &hello, &extensions);
    memmove(message + w.pos, record->bytes + 9 + len, record->len - 9 - len);
    returning_replace(record, message, w.pos + record->len - 9 - len);
}

static void renegotiated12(struct cub_server_hello *hello, struct server_hello12 *extensions)
{
    (void)hello;
    extensions->renegotiated_connection = (struct cub_view){&one, 1};
}

static void not_secure(struct cub_server_hello *hello, struct server_hello12 *extensions)
{
    (void)hello;
    extensions->present &= ~(uint32_t)EXT_BIT(EXT_RENEGOTIATION_INFO);
}

static void compressed_points12(struct cub_server_hello *hello, struct server_hello12 *extensions)
{
    (void)hello;
    extensions->ec_point_formats = (struct cub_view){&one, 1};
}

static void suite_of_rsa(struct cub_server_hello *hello, struct server_hello12 *extensions)
{
    (void)extensions;
    hello->cipher_suite = 0xc02f; /* ECDHE_RSA, and the certificate is for ECDSA */
}

static void compressed(struct cub_server_hello *hello, struct server_hello12 *extensions)
{
    (void)extensions;
    hello->legacy_compression_method = 1;
}

Test(misbehaving12, server_hello)
{
    static const struct {
        void (*change)(struct cub_server_hello *hello, struct server_hello12 *extensions);
        enum cub_error error;
    } changes[] = {
        {renegotiated12,      E_SH_RENEGOTIATION_INFO   },
        {not_secure,          E_SH_NO_RENEGOTIATION_INFO},
        {compressed_points12, E_SH_POINT_FORMATS        },
        {suite_of_rsa,        E_CERT_TYPE               },
        {compressed,          E_SH_COMPRESSION          },
    };

    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        init();
        change12 = changes[i].change;
        r->pump.hook = edit_server_hello12;
        returning_fail(PUMP_CLIENT, changes[i].error);
    }
}

/* The kind of key is compared when the certificate comes: what comes behind it may be the alert of
 * a server that found no way to sign. */
Test(misbehaving12, kind_of_key)
{
    init();
    change12 = suite_of_rsa;
    r->pump.hook = edit_server_hello12;
    returning_fail(PUMP_CLIENT, E_CERT_TYPE);
    cr_expect(returning_saw(PUMP_CLIENT, CUB_CERTIFICATE, false));
    cr_expect_not(returning_saw(PUMP_CLIENT, CUB_SERVER_KEY_EXCHANGE, false));
}

/* A client can be told to take servers of before 2010. */
Test(misbehaving12, legacy_server)
{
    init();
    client->config.flags |= CUB_FLAG_LEGACY_SERVER;
    change12 = not_secure;
    r->pump.hook = edit_server_hello12;
    pump_start(&r->pump);
    pump_run(&r->pump);
    cr_assert(returning_saw(PUMP_CLIENT, CUB_CLIENT_KEY_EXCHANGE, true));
}

/* Certificates and ServerKeyExchange */

static void two_groups(struct cub_client_hello *hello)
{
    hello->supported_groups = (struct cub_view){(const uint8_t *)"\0\x1d\0\x17", 4};
}

Test(misbehaving12, curve_of_certificate)
{
    static const struct cub_group *const x25519[] = {&cub_group_x25519, NULL};

    init();
    client->config.groups = x25519;
    r->change_client = two_groups;
    r->pump.hook = returning_edit_client_hello;
    returning_fail(PUMP_CLIENT, E_CERT_CURVE);
}

Test(misbehaving12, no_group_in_common)
{
    static const struct cub_group *const x25519[] = {&cub_group_x25519, NULL};
    static const struct cub_group *const p384[] = {&cub_group_secp384r1, NULL};

    init();
    client->config.groups = x25519;
    server->config.groups = p384;
    returning_fail(PUMP_SERVER, E_NO_COMMON_GROUP12);
}

/* A client that names no groups gets no ECDHE. */
static void no_groups(struct cub_client_hello *hello)
{
    hello->present &= ~(uint32_t)EXT_BIT(EXT_SUPPORTED_GROUPS);
}

Test(misbehaving12, no_groups)
{
    init();
    r->change_client = no_groups;
    r->pump.hook = returning_edit_client_hello;
    returning_fail(PUMP_SERVER, E_NO_COMMON_GROUP12);
}

/* Protected records are of the version that was agreed on [RFC5246-6.2.1]. */
static void change_version(struct pump *p, enum pump_side from, struct pump_record *record)
{
    if (from == PUMP_SERVER && p->ends[from].engine.write_epoch == CUB_EPOCH_APPLICATION &&
        record->bytes[0] == CUB_HANDSHAKE)
        record->bytes[2] = 1;
}

Test(misbehaving12, version_of_records)
{
    init();
    r->pump.hook = change_version;
    returning_fail(PUMP_CLIENT, E_RECORD_VERSION);
}

Test(misbehaving12, no_client_certificate)
{
    init();
    client->config.num_credentials = 0;
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
    returning_fail(PUMP_SERVER, E_CERT_REQUIRED12);
    cr_assert_eq(cub_engine_alert_sent(&server->engine), ALERT_HANDSHAKE_FAILURE);
}

static uint8_t *find_message(struct pump_record *record, uint8_t type)
{
    size_t at = 5;

    if (record->bytes[0] != CUB_HANDSHAKE)
        return NULL;
    while (at + 4 <= record->len && record->bytes[at] != type)
        at += 4 + cub_load_be24(record->bytes + at + 1);
    return at + 4 <= record->len ? record->bytes + at + 4 : NULL;
}

static size_t where;

static void change_key_exchange(struct pump *p, enum pump_side from, struct pump_record *record)
{
    uint8_t *body = find_message(record, CUB_SERVER_KEY_EXCHANGE);

    (void)p;
    if (from == PUMP_SERVER && body != NULL)
        body[where] ^= 0x80;
}

Test(misbehaving12, server_key_exchange)
{
    static const enum cub_error errors[] = {
        E_SKE_CURVE_TYPE,             /* ECCurveType */
        E_SKE_GROUP,                  /* NamedCurve */
        E_SKE_GROUP,                  /* NamedCurve */
        E_DECODE_SERVER_KEY_EXCHANGE, /* the length of the point */
    };

    for (where = 0; where < 4; where++) {
        init();
        r->pump.hook = change_key_exchange;
        returning_fail(PUMP_CLIENT, errors[where]);
    }
}

/* Another scheme than was offered, behind the point. */
static void change_scheme(struct pump *p, enum pump_side from, struct pump_record *record)
{
    uint8_t *body = find_message(record, CUB_SERVER_KEY_EXCHANGE);

    (void)p;
    if (from == PUMP_SERVER && body != NULL)
        cub_store_be16(body + 4 + body[3], 0x0420);
}

/* What is for clients of TLS 1.3 alone, though the client's list names it [RFC9963-3]. */
Test(misbehaving12, scheme_of_clients)
{
    static const struct cub_verify_scheme *const schemes[] = {&cub_verify_rsa_pkcs1_sha256_legacy,
                                                              &cub_verify_rsa_pkcs1_sha256, NULL};

    init();
    end_use_chain(server, PKI_RSA2048);
    client->config.verify_schemes = schemes;
    r->pump.hook = change_scheme;
    returning_fail(PUMP_CLIENT, E_CV_ALGORITHM);
}

/* A ServerHelloDone that is not empty. */
static void lengthen_done(struct pump *p, enum pump_side from, struct pump_record *record)
{
    (void)p;
    if (from != PUMP_SERVER || record->bytes[0] != CUB_HANDSHAKE ||
        memcmp(record->bytes + record->len - 4, "\x0e\0\0\0", 4) != 0)
        return;
    record->bytes[record->len - 1] = 1;
    record->bytes[record->len++] = 0;
    cub_store_be16(record->bytes + 3, (uint32_t)record->len - 5);
}

Test(misbehaving12, trailing_bytes)
{
    init();
    r->pump.hook = lengthen_done;
    returning_fail(PUMP_CLIENT, E_TRAILING_BYTES);
}

/* The engine itself. */

Test(misbehaving12, engine_setup)
{
    struct cub_profile profile = cub_profile_full;
    struct cub_engine engine;

    init();
    client->setup.config = NULL;
    cr_assert_eq(cub_engine_start(&engine, &client->setup), E_ENGINE_SETUP);
    init();
    cr_assert_eq(end_start(client), E_OK);
    profile.client12 = NULL;
    client->config.profile = &profile;
    cr_assert_eq(end_start(client), E_ENGINE_ROLE);
    cr_assert_eq(end_start(server), E_OK);
}

/* Nothing is had from a master secret that somebody in the middle may have with both ends
 * [RFC7627-5.4]. */
Test(misbehaving12, exports)
{
    for (unsigned version = CUB_TLS1_2; version <= CUB_TLS1_3; version++) {
        uint8_t keys[2][32], unique[2][CUB_TLS_UNIQUE_SIZE];
        bool has_unique = version == CUB_TLS1_2;

        init();
        for (unsigned side = 0; side < 2; side++) {
            struct end *end = &r->pump.ends[side];

            end->config.min_version = end->config.max_version = (uint16_t)version;
            cr_assert_eq(cub_engine_tls_unique(&end->engine, unique[side]), E_ENGINE_STATE);
        }
        returning_connect(CUB_PSK_NONE);
        for (unsigned side = 0; side < 2; side++) {
            struct cub_engine *e = &r->pump.ends[side].engine;

            cr_assert_eq(cub_engine_export(e, "label", NULL, 0, keys[side], 32), E_OK);
            cr_assert_eq(cub_engine_tls_unique(e, unique[side]),
                         has_unique ? E_OK : E_ENGINE_STATE);
        }
        cr_assert_arr_eq(keys[0], keys[1], 32);
        if (!has_unique)
            continue;
        cr_assert_arr_eq(unique[0], unique[1], CUB_TLS_UNIQUE_SIZE);
        cr_assert_arr_eq(unique[0], client->engine.client_verify_data, CUB_TLS_UNIQUE_SIZE);
        client->engine.extended_master_secret = 0;
        cr_assert_eq(cub_engine_export(&client->engine, "label", NULL, 0, keys[0], 32),
                     E_NO_EXTENDED_MASTER_SECRET);
        cr_assert_eq(cub_engine_channel_binding(&client->engine, keys[0]),
                     E_NO_EXTENDED_MASTER_SECRET);
        /* A full handshake's Finished is as good without [RFC7627-5.4]. */
        cr_assert_eq(cub_engine_tls_unique(&client->engine, unique[0]), E_OK);
    }
}

/* In a resumed connection the server's Finished is the first [RFC5929-3.1], and keys are new. */
Test(misbehaving12, exports_when_resumed)
{
    uint8_t before[32], keys[2][32], unique[2][CUB_TLS_UNIQUE_SIZE];

    init();
    returning_connect(CUB_PSK_NONE);
    cr_assert_eq(cub_engine_export(&client->engine, "label", &one, 1, before, 32), E_OK);
    returning_again();
    returning_connect(CUB_PSK_RESUMPTION);
    for (unsigned side = 0; side < 2; side++) {
        struct cub_engine *e = &r->pump.ends[side].engine;

        cr_assert_eq(cub_engine_export(e, "label", &one, 1, keys[side], 32), E_OK);
        cr_assert_eq(cub_engine_tls_unique(e, unique[side]), E_OK);
    }
    cr_assert_arr_eq(keys[0], keys[1], 32);
    cr_assert_neq(memcmp(keys[0], before, 32), 0);
    cr_assert_arr_eq(unique[0], unique[1], CUB_TLS_UNIQUE_SIZE);
    cr_assert_arr_eq(unique[0], server->engine.server_verify_data, CUB_TLS_UNIQUE_SIZE);
    server->engine.extended_master_secret = 0;
    cr_assert_eq(cub_engine_tls_unique(&server->engine, unique[0]), E_NO_EXTENDED_MASTER_SECRET);
}

/* Without a context its length says nothing. */
Test(misbehaving12, exports_without_context)
{
    uint8_t keys[2][32];

    for (unsigned i = 0; i < 2; i++) {
        init();
        if (i == 1) {
            client->config.min_version = client->config.max_version = CUB_TLS1_3;
            server->config.min_version = server->config.max_version = CUB_TLS1_3;
        }
        returning_connect(CUB_PSK_NONE);
        cr_assert_eq(cub_engine_export(&client->engine, "label", NULL, 0, keys[0], 32), E_OK);
        cr_assert_eq(cub_engine_export(&client->engine, "label", NULL, 7, keys[1], 32), E_OK);
        cr_assert_arr_eq(keys[0], keys[1], 32);
    }
}

/* Renegotiation */

/* One end asks for it, under its keys, as often as it likes; the other end is side. */
static void ask(enum pump_side side)
{
    static uint8_t record[512];
    struct end *end = &r->pump.ends[side];
    struct cub_protection *asking = &r->pump.ends[!side].engine.out.protection;
    uint8_t *message = record + CUB_RECORD_HEADER + end->engine.in.protection.format->prefix;
    size_t len = side == PUMP_CLIENT ? 4 : 100;

    memset(message, 0, len);
    message[0] = side == PUMP_CLIENT ? CUB_HELLO_REQUEST : CUB_CLIENT_HELLO;
    message[3] = (uint8_t)(len - 4);
    pump_insert(&r->pump, side == PUMP_CLIENT ? PUMP_SERVER : PUMP_CLIENT, record,
                end_forge(end, CUB_HANDSHAKE, record, len));
    pump_run(&r->pump);
    /* The end that asks has sealed a record more. */
    asking->sequence++;
}

Test(misbehaving12, renegotiation)
{
    for (unsigned side = 0; side < 2; side++) {
        for (unsigned resumed = 0; resumed < 2; resumed++) {
            struct end *end = &r->pump.ends[side];

            init();
            returning_connect(CUB_PSK_NONE);
            if (resumed) {
                returning_again();
                returning_connect(CUB_PSK_RESUMPTION);
            }
            for (unsigned i = 0; i < 3; i++) {
                ask((enum pump_side)side);
                cr_assert_eq(cub_engine_error(&end->engine), E_OK);
                cr_assert_eq(cub_engine_alert_sent(&end->engine), ALERT_NO_RENEGOTIATION);
                /* A warning: the connection goes on as if nothing had been said. */
                cr_assert(pump_exchange(&r->pump, 100));
            }
            for (unsigned i = 0; i <= CUB_MAX_NOISE && cub_engine_error(&end->engine) == E_OK; i++)
                ask((enum pump_side)side);
            /* Who does nothing else is not served for ever; the other end's patience ends first. */
            cr_assert_neq(cub_engine_error(&r->pump.ends[!side].engine), E_OK);
        }
    }
}

static void drop_server(struct pump *p, enum pump_side from, struct pump_record *record)
{
    (void)p;
    if (from == PUMP_SERVER)
        record->len = 0;
}

static struct pump_record cut;

/* A list of one byte where the server's certificates should be, at the end of what is sent. */
static void cut_list(struct pump *p, enum pump_side from, struct pump_record *record)
{
    static const uint8_t certificate[] = {CUB_CERTIFICATE, 0, 0, 4, 0, 0, 1, 0};
    size_t hello = 9 + cub_load_be24(record->bytes + 6);

    if (from == PUMP_CLIENT)
        return;
    if (cut.len == 0) {
        memcpy(cut.bytes, record->bytes, hello);
        memcpy(cut.bytes + hello, certificate, sizeof certificate);
        cut.len = hello + sizeof certificate;
        cub_store_be16(cut.bytes + 3, (uint32_t)(cut.len - 5));
    }
    *record = cut;
    p->hook = drop_server;
}

/* It is read to its end and not beyond, where the record buffer ends too. */
Test(misbehaving12, certificate_list_cut_short)
{
    static const uint8_t alpn[31] = {30, 'l', 'o', 'n',
                                     'g'}; /* as much as the least buffer holds */

    for (unsigned i = 0; i < 2; i++) {
        size_t size = i == 0 ? PUMP_BUFFER : cut.len;
        uint8_t *exact = malloc(size);

        init();
        client->config.alpn = server->config.alpn = (struct cub_view){alpn, sizeof alpn};
        client->setup.in = exact;
        client->setup.in_size = size;
        r->pump.hook = cut_list;
        returning_fail(PUMP_CLIENT, E_DECODE_CERTIFICATE);
        free(exact);
    }
}

/* Who has closed does not even answer. */
Test(misbehaving12, renegotiation_after_close)
{
    for (unsigned side = 0; side < 2; side++) {
        struct end *end = &r->pump.ends[side];
        unsigned records;

        init();
        returning_connect(CUB_PSK_NONE);
        cub_engine_close(&end->engine);
        pump_run(&r->pump);
        records = r->pump.records[side];
        ask((enum pump_side)side);
        cr_assert_eq(cub_engine_error(&end->engine), E_OK);
        cr_assert_eq(cub_engine_alert_sent(&end->engine), ALERT_CLOSE_NOTIFY);
        cr_assert_eq(r->pump.records[side], records);
    }
}

/* A client that says that it fell back [RFC7507]. */
Test(misbehaving12, fallback_of_ours)
{
    init();
    client->config.flags |= CUB_FLAG_FALLBACK;
    returning_connect(CUB_PSK_NONE);
    init();
    client->config.flags |= CUB_FLAG_FALLBACK;
    server->config.max_version = CUB_TLS1_3;
    returning_fail(PUMP_SERVER, E_CH_FALLBACK);
    cr_assert_eq(cub_engine_alert_sent(&server->engine), ALERT_INAPPROPRIATE_FALLBACK);
}
