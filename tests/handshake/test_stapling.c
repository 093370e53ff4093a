/*
 * What a server tells of its certificate beside it: an OCSP response and SCTs, in both versions.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/handshake.h"
#include "tests/support/pump.h"

static struct pump p;
static struct end *const client = &p.ends[PUMP_CLIENT];
static struct end *const server = &p.ends[PUMP_SERVER];

static uint8_t response[4000];
static struct cub_stapled stapled;
static uint8_t scts[300];

/* What the client got. */
static struct {
    unsigned statuses, lists;
    size_t status_len, scts_len;
    bool expected, intact;
    enum cub_error answer;
} got;

static struct cub_verifier verifier;

static enum cub_error start(void *context, const struct cub_verify_request *request)
{
    got.expected = request->status_expected;
    return cub_chain_verifier.start(context, request);
}

static enum cub_error take_status(void *context, const uint8_t *der, size_t len)
{
    cr_assert_eq(context, &client->verifier);
    /* Right behind the certificate that it belongs to, or behind all. */
    cr_assert_eq(client->verifier.seen, client->engine.version == CUB_TLS1_3 ? 1 : 2);
    got.statuses++;
    got.status_len = len;
    got.intact = memcmp(der, response, len) == 0;
    return got.answer;
}

static enum cub_error take_scts(void *owner, const uint8_t *list, size_t len)
{
    cr_assert_eq(owner, client);
    got.lists++;
    got.scts_len = len;
    cr_assert_arr_eq(list, scts, len);
    return got.answer;
}

static void init(uint16_t version, bool asks, size_t status_len, size_t scts_len)
{
    for (size_t i = 0; i < sizeof response; i++)
        response[i] = (uint8_t)(i * 7 + (i >> 8));
    memset(scts, 's', sizeof scts);
    memset(&got, 0, sizeof got);
    pump_init(&p);
    verifier = cub_chain_verifier;
    verifier.start = start;
    if (asks) {
        verifier.status = take_status;
        client->config.take_scts = take_scts;
    }
    client->config.verifier = &verifier;
    client->config.min_version = client->config.max_version = version;
    server->config.min_version = server->config.max_version = version;
    stapled.put = cub_put_stapled;
    stapled.ocsp_response = (struct cub_view){response, status_len};
    stapled.scts = (struct cub_view){scts, scts_len};
    server->credential.stapled = &stapled;
}

static const uint16_t versions[] = {CUB_TLS1_2, CUB_TLS1_3};

Test(stapling, given_to_who_asks)
{
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned asks = 0; asks < 2; asks++) {
            init(versions[i], asks, 1000, 100);
            pump_handshake(&p);
            cr_assert_eq(got.statuses, asks);
            cr_assert_eq(got.lists, asks);
            cr_assert_eq(got.expected, asks);
            if (asks) {
                cr_assert_eq(got.status_len, 1000);
                cr_assert_eq(got.scts_len, 100);
                cr_assert(got.intact);
            }
            cr_assert(pump_exchange(&p, 100));
        }
    }
}

/* Only what there is. */
Test(stapling, not_all_there)
{
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned what = 0; what < 3; what++) {
            init(versions[i], true, what == 1 ? 1 : 0, what == 2 ? 1 : 0);
            pump_handshake(&p);
            cr_assert_eq(got.statuses, what == 1);
            cr_assert_eq(got.lists, what == 2);
            cr_assert(got.expected);
        }
    }
}

/* Longer than the server's memory for messages. */
Test(stapling, long_response)
{
    for (unsigned i = 0; i < 2; i++) {
        init(versions[i], true, sizeof response, sizeof scts);
        end_shrink(server, 16384, 700, 1100);
        pump_handshake(&p);
        cr_assert_eq(got.status_len, sizeof response);
        cr_assert(got.intact);
    }
}

/* The verifier, or the owner, is not content. */
Test(stapling, refused)
{
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned what = 0; what < 2; what++) {
            init(versions[i], true, what == 0 ? 100 : 0, what == 1 ? 100 : 0);
            got.answer = E_X509_NO_ISSUER;
            pump_start(&p);
            pump_run(&p);
            cr_assert_eq(cub_engine_error(&client->engine), E_X509_NO_ISSUER);
            cr_assert_eq(cub_engine_error(&server->engine), E_ALERT_RECEIVED);
        }
    }
}

/* A client's certificate has nothing beside it. */
Test(stapling, client_certificate)
{
    init(CUB_TLS1_3, true, 100, 100);
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
    client->credential.stapled = &stapled;
    pump_handshake(&p);
    cr_assert_eq(got.statuses, 1);
}

/* A request for another kind of status is as if it were none. */
static void other_type(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    (void)pump, (void)from;
    if (record->bytes[0] != CUB_HANDSHAKE || record->bytes[5] != CUB_CLIENT_HELLO)
        return;
    for (size_t i = 5; i + 9 < record->len; i++) {
        if (memcmp(record->bytes + i, "\0\5\0\5\1\0\0\0\0", 9) == 0)
            record->bytes[i + 4] = 2;
    }
}

Test(stapling, other_type)
{
    init(CUB_TLS1_3, true, 100, 0);
    p.hook = other_type;
    pump_start(&p);
    pump_run(&p);
    cr_assert_not(server->engine.hs->offered & EXT_BIT(EXT_STATUS_REQUEST));
    cr_assert_eq(got.statuses, 0);
}
