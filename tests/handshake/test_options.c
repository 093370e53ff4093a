/*
 * What the flags of a configuration change that no other test asks about.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/extension.h"
#include "handshake/handshake.h"
#include "tests/handshake/returning.h"

static struct returning *const r = &returning;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];

static const uint16_t versions[] = {CUB_TLS1_2, CUB_TLS1_3};

static void init(uint16_t version)
{
    returning_init();
    client->config.min_version = client->config.max_version = version;
    server->config.min_version = server->config.max_version = version;
}

static bool suits_nobody(const struct cub_engine *e, const struct cub_credential *credential,
                         struct cub_accepted *accepted)
{
    (void)e, (void)credential, (void)accepted;
    return false;
}

/* A client with a certificate that does not fit goes on without, or not at all [RFC8446-4.4.2]. */
Test(options, cert_or_fail)
{
    for (unsigned i = 0; i < 2; i++) {
        init(versions[i]);
        client->credential.suits = suits_nobody;
        server->config.verify_mode = CUB_VERIFY_OPTIONAL;
        returning_connect(CUB_PSK_NONE);
        cr_expect_not(server->engine.hs->peer_has_cert);

        init(versions[i]);
        client->credential.suits = suits_nobody;
        client->config.flags |= CUB_FLAG_CERT_OR_FAIL;
        server->config.verify_mode = CUB_VERIFY_OPTIONAL;
        returning_fail(PUMP_CLIENT, E_NO_FITTING_CERT);

        /* It fits, it is not asked for, or there is none. */
        init(versions[i]);
        client->config.flags |= CUB_FLAG_CERT_OR_FAIL;
        server->config.verify_mode = CUB_VERIFY_OPTIONAL;
        returning_connect(CUB_PSK_NONE);
        cr_expect(server->engine.hs->peer_has_cert);
        init(versions[i]);
        client->credential.suits = suits_nobody;
        client->config.flags |= CUB_FLAG_CERT_OR_FAIL;
        returning_connect(CUB_PSK_NONE);
        init(versions[i]);
        client->config.num_credentials = 0;
        client->config.flags |= CUB_FLAG_CERT_OR_FAIL;
        server->config.verify_mode = CUB_VERIFY_OPTIONAL;
        returning_connect(CUB_PSK_NONE);
    }
}

/* A group with a share saves a round trip; the preferred one may be worth it. */
Test(options, group_preference)
{
    static const struct cub_group *const ours[] = {&cub_group_x25519, &cub_group_secp384r1, NULL};
    static const struct cub_group *const theirs[] = {&cub_group_secp384r1, &cub_group_x25519, NULL};

    for (unsigned wanted = 0; wanted < 2; wanted++) {
        init(CUB_TLS1_3);
        client->config.groups = theirs;
        server->config.groups = ours;
        server->config.flags |= wanted ? CUB_FLAG_GROUP_PREFERENCE : 0;
        returning_connect(CUB_PSK_NONE);
        cr_expect_eq(client->engine.retried, wanted);
        cr_expect_eq(client->engine.group, ours[wanted ? 0 : 1]);
    }
}

static bool server_sent_ccs(void)
{
    for (unsigned i = 0; i < server->event_count; i++) {
        if (server->events[i].kind == CUB_TRACE_CCS && server->events[i].outgoing)
            return true;
    }
    return false;
}

/* ChangeCipherSpec for clients in compatibility mode, or for all, who have to ignore it. */
Test(options, always_ccs)
{
    for (unsigned i = 0; i < 4; i++) {
        init(CUB_TLS1_3);
        client->config.flags |= i & 1 ? CUB_FLAG_NO_COMPAT : 0;
        server->config.flags |= i & 2 ? CUB_FLAG_ALWAYS_CCS : 0;
        returning_connect(CUB_PSK_NONE);
        cr_expect_eq(server_sent_ccs(), i != 1, "%u", i);
    }
}

static size_t hello_len;

static void measure(struct pump *p, enum pump_side from, struct pump_record *record)
{
    (void)p;
    if (from == PUMP_CLIENT && returning_is(record, CUB_CLIENT_HELLO))
        hello_len = record->len - CUB_RECORD_HEADER;
}

static size_t length_with(const char *name, bool padded)
{
    init(CUB_TLS1_3);
    client->config.profile = server->config.profile = &cub_profile_full;
    client->config.verifier = NULL;
    client->setup.server_name = name;
    client->config.flags |= padded ? CUB_FLAG_PADDING : 0;
    r->pump.hook = measure;
    pump_start(&r->pump);
    pump_run(&r->pump);
    return hello_len;
}

/* ClientHellos of 256 to 511 bytes become 512 long, or a little more: a padding extension has at
 * least five bytes. */
Test(options, padding)
{
    static char name[254];
    size_t shortest;

    memset(name, 'a', sizeof name - 1);
    shortest = length_with(name + 252, false);
    for (size_t len = 1; len < sizeof name; len++) {
        const char *host = name + sizeof name - 1 - len;
        size_t bare = shortest + len - 1;
        size_t expected = bare;

        if (bare >= 256 && bare < 512)
            expected = bare + 5 > 512 ? bare + 5 : 512;
        if (bare < 250 || bare > 520 || (bare > 262 && bare < 500))
            continue;
        cr_expect_eq(length_with(host, false), bare, "%zu", len);
        cr_expect_eq(length_with(host, true), expected, "%zu of %zu", length_with(host, true),
                     bare);
    }
}
