#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "handshake/handshake.h"
#include "tests/support/vectors.h"
#include "tests/vectors/replay.h"

/* Callbacks of the engines. */

static enum cub_error draw(void *context, uint8_t *out, size_t len)
{
    struct replay_side *side = context;
    struct cub_view bytes;

    cr_assert_lt(side->next_drawn, side->num_drawn, "%s: %zu random bytes too many", side->name,
                 len);
    bytes = side->drawn[side->next_drawn++];
    cr_assert_eq(bytes.len, len, "%s: %zu random bytes instead of %zu", side->name, len, bytes.len);
    memcpy(out, bytes.data, len);
    return E_OK;
}

static void keylog(void *owner, enum cub_secret which, const uint8_t client_random[32],
                   const uint8_t *secret, size_t len)
{
    static const char *const secrets[] = {
        [CUB_SECRET_CLIENT_HANDSHAKE] = "client_handshake_traffic",
        [CUB_SECRET_SERVER_HANDSHAKE] = "server_handshake_traffic",
        [CUB_SECRET_CLIENT_APPLICATION] = "client_application_traffic_0",
        [CUB_SECRET_SERVER_APPLICATION] = "server_application_traffic_0",
        [CUB_SECRET_EXPORTER] = "exporter_master",
        [CUB_SECRET_CLIENT_EARLY] = "client_early_traffic",
        [CUB_SECRET_EARLY_EXPORTER] = "early_exporter_master",
    };
    bool is_server = ((struct end *)owner)->setup.is_server;
    struct replay *r = replay_of(owner, is_server);

    cr_assert(memcmp(client_random, r->trace.client_hello[0].random, 32) == 0);
    cr_assert_lt(which, sizeof secrets / sizeof secrets[0]);
    replay_check_secret(r, secrets[which], secret, len);
}

static uint64_t now(void *owner)
{
    return replay_of(owner, ((struct end *)owner)->setup.is_server)->now;
}

static void new_session(void *owner, const struct cub_session_state *session)
{
    replay_check_secret(replay_of(owner, false), "resumption_psk", session->secret.data,
                        session->secret.len);
}

/* The trace's ticket stands for whatever the server keeps. */
static enum cub_error seal(void *context, void *owner, uint8_t *buffer, size_t *len, size_t size)
{
    const struct cub_view *ticket = &((struct replay *)context)->trace.ticket.ticket;

    (void)owner;
    cr_assert_leq(ticket->len, size);
    memcpy(buffer, ticket->data, ticket->len);
    *len = ticket->len;
    return E_OK;
}

static enum cub_error open_ticket(void *context, void *owner, uint8_t *buffer, size_t *len,
                                  size_t size)
{
    const struct cub_handshake *hs = ((struct end *)owner)->engine.hs;
    const struct replay *r = context;
    struct cub_session_state session = r->session;

    cr_assert(*len == session.ticket.len && memcmp(buffer, session.ticket.data, *len) == 0);
    session.ticket.len = 0;
    session.verify_mode = CUB_VERIFY_NONE;
    session.server_name = (struct cub_view){hs->name_hash, hs->name_hash_len};
    return cub_session_encode(&session, buffer, size, len);
}

static enum cub_error claim(void *context, void *owner, const struct cub_first_flight *flight)
{
    (void)context;
    (void)owner;
    cr_assert(flight->from <= flight->now && flight->now <= flight->until);
    return E_OK;
}

static enum cub_error sign(void *context, uint16_t scheme, const uint8_t *message, size_t len,
                           uint8_t *sig, size_t *sig_len)
{
    const struct replay_side *side = context;

    (void)message;
    (void)len;
    cr_assert_eq(scheme, side->signature->algorithm);
    memcpy(sig, side->signature->signature.data, side->signature->signature.len);
    *sig_len = side->signature->signature.len;
    return E_OK;
}

/* The verifier: the peer's certificate has to be the trace's. Its signature is verified by it. */

static enum cub_error begin(void *context, const struct cub_verify_request *request)
{
    const struct replay_side *peer = context;

    return request->peer_is_server == (strcmp(peer->name, "server") == 0) ? E_OK : E_PROOF_MISSING;
}

static enum cub_error take(void *context, const uint8_t *der, size_t len)
{
    const struct replay_side *peer = context;

    cr_assert(peer->own->len == len && memcmp(peer->own->data, der, len) == 0);
    return E_OK;
}

static enum cub_error finish(void *context, unsigned usage, struct cub_public_key *key)
{
    const struct replay_side *peer = context;
    struct cub_cert cert;
    enum cub_error error = cub_cert_parse(&cert, peer->own->data, peer->own->len);

    *key = cert.key;
    cr_assert((cert.key_usage & usage) == usage);
    return error;
}

static const struct cub_verifier verifier = {begin, take, NULL, finish};

/* Setting up. */

static void will_draw(struct replay_side *side, const uint8_t *bytes, size_t len)
{
    cr_assert_lt(side->num_drawn, REPLAY_MAX_DRAWN);
    side->drawn[side->num_drawn++] = (struct cub_view){bytes, len};
}

static void will_draw_key(struct replay *r, struct replay_side *side, size_t number)
{
    const json_t *keys =
        json_object_get(json_object_get(r->trace.trace, "ephemeral_keys"), side->name);
    struct cub_view key = cub_rfc8448_bytes(&r->trace, json_array_get(keys, number), "private_key");

    will_draw(side, key.data, key.len);
}

/* The randomness of both sides, in the order in which they ask for it. */
static void script_randomness(struct replay *r)
{
    struct replay_side *client = &r->sides[PUMP_CLIENT], *server = &r->sides[PUMP_SERVER];
    const struct cub_client_hello *hello = &r->trace.client_hello[0];
    const struct cub_new_session_ticket *ticket = &r->trace.ticket;
    uint8_t *age_add = cub_vectors_arena_alloc(r->trace.arena, 4);

    will_draw(client, hello->random, 32);
    if (hello->legacy_session_id.len > 0)
        will_draw(client, hello->legacy_session_id.data, hello->legacy_session_id.len);
    for (size_t i = 0; i < r->trace.num_client_hellos; i++)
        will_draw_key(r, client, i);
    if (r->trace.num_client_hellos > 1)
        will_draw(server, r->trace.client_hello[1].cookie.data, 32);
    will_draw(server, r->trace.server_hello.random, 32);
    will_draw_key(r, server, 0);
    if (server->own && !r->ends[PUMP_SERVER].credential.sign) {
        uint8_t *salt = cub_vectors_arena_alloc(r->trace.arena, CUB_RFC8448_SALT);

        cr_assert(cub_rfc8448_find_salt(&r->file.key, server->signature->signature, salt));
        will_draw(server, salt, CUB_RFC8448_SALT);
    }
    if (ticket->ticket.len > 0) {
        for (unsigned i = 0; i < 4; i++)
            age_add[i] = (uint8_t)(ticket->ticket_age_add >> (24 - 8 * i));
        will_draw(server, age_add, 4);
    }
}

/* Concatenates a member of this sender's records; content_type 0: of all. */
static struct cub_view concatenate(struct replay *r, const char *sender, int content_type,
                                   const char *member)
{
    const json_t *records = json_object_get(r->trace.trace, "records"), *record;
    uint8_t *all = cub_vectors_arena_alloc(r->trace.arena, 65536);
    size_t i, len = 0;

    json_array_foreach(records, i, record)
    {
        struct cub_view part = cub_rfc8448_bytes(&r->trace, record, member);
        int type = (int)json_integer_value(json_object_get(record, "content_type"));

        if (strcmp(cub_rfc8448_text(record, "sender"), sender) != 0 ||
            (content_type != 0 && type != content_type))
            continue;
        cr_assert_leq(len + part.len, 65536);
        memcpy(all + len, part.data, part.len);
        len += part.len;
    }
    return (struct cub_view){all, len};
}

/* The credential of a side that sends a certificate. */
static void set_credential(struct replay *r, unsigned which)
{
    static const struct cub_private_key elsewhere[] = {
        {.type = CUB_KEY_RSA, .modulus_bits = 1024},
        {.type = CUB_KEY_EC_P256                  },
    };
    struct replay_side *side = &r->sides[which];
    struct end *end = &r->ends[which];

    end->config.num_credentials = 0;
    for (size_t i = 0; i < r->trace.num_certs; i++) {
        const json_t *member = json_object_get(json_object_get(r->trace.trace, "certificates"),
                                               r->trace.certs[i].sender);

        if (strcmp(r->trace.certs[i].sender, side->name) != 0)
            continue;
        side->own = &r->trace.certs[i].der;
        side->signature = &r->trace.verify[i];
        end->credential.chain = side->own;
        end->credential.chain_len = 1;
        end->credential.key = &r->file.key;
        if (!json_is_true(json_object_get(member, "private_key_in_this_file"))) {
            end->credential.key = &elsewhere[side->signature->algorithm == 0x0403];
            end->credential.sign = sign;
            end->credential.sign_context = side;
        }
        end->config.num_credentials = 1;
    }
}

static void set_up(struct replay *r, unsigned which)
{
    static const struct cub_suite *const suites[] = {
        &cub_suite_aes_128_gcm_sha256,
        &cub_suite_chacha20_poly1305_sha256,
        &cub_suite_aes_256_gcm_sha384,
        NULL,
    };
    struct replay_side *side = &r->sides[which];
    struct end *end = &r->ends[which];

    end_init(end, which == PUMP_SERVER);
    side->name = which == PUMP_SERVER ? "server" : "client";
    side->random = (struct cub_random){draw, side};
    side->wire.all = concatenate(r, side->name, 0, "record");
    side->data.all = concatenate(r, side->name, CUB_APPLICATION_DATA, "payload");
    replay_copy_tables(side, which == PUMP_SERVER);
    set_credential(r, which);
    end->config.profile = &side->profile;
    end->config.random = &side->random;
    end->config.suites = suites;
    end->config.verifier = &verifier;
    end->config.keylog = keylog;
    end->config.now = now;
    end->config.new_session = new_session;
    if (r->trace.client_hello[0].legacy_session_id.len == 0)
        end->config.flags = CUB_FLAG_NO_COMPAT;
    end->setup.verifier_context = &r->sides[!which];
    end->setup.server_name = which == PUMP_SERVER ? NULL : "server";
}

/* Curves alone, as in 2019. A retry is for want of a group. */
static void set_up_groups(struct replay *r)
{
    static const struct cub_group *const client[] = {&cub_group_x25519, &cub_group_secp256r1,
                                                     &cub_group_secp384r1, NULL};

    r->ends[PUMP_CLIENT].config.groups = client;
    if (r->trace.num_client_hellos == 1)
        return;
    r->ends[PUMP_SERVER].config.groups = client + 1;
    r->ends[PUMP_SERVER].config.flags |= CUB_FLAG_COOKIE;
}

static void set_up_server(struct replay *r)
{
    struct cub_config *config = &r->ends[PUMP_SERVER].config;

    if (r->sides[PUMP_CLIENT].own)
        config->verify_mode = CUB_VERIFY_REQUIRED;
    r->sessions = (struct cub_session_store){seal, open_ticket, r};
    r->flights = (struct cub_replay_store){claim, NULL};
    config->session_store = &r->sessions;
    config->replay_store = &r->flights;
    if (r->trace.ticket.ticket.len == 0)
        return;
    config->num_tickets = 1;
    config->ticket_lifetime = r->trace.ticket.ticket_lifetime;
    config->max_early_data = r->trace.ticket.max_early_data_size;
}

/* The session that a ClientHello resumes is that of section 3, as old as the ClientHello says. */
static void set_up_session(struct replay *r)
{
    struct cub_view offered = r->trace.client_hello[0].psk_identities;
    struct cub_rfc8448 first = {.file = &r->file, .arena = &r->file.arena};
    struct cub_session_state *session = &r->session;
    struct rd identities;

    r->now = 1000;
    if (offered.len == 0)
        return;
    first.trace = json_array_get(json_object_get(r->root, "traces"), 0);
    first.computed = json_object();
    cub_rfc8448_messages(&first);
    json_decref(first.computed);
    session->version = CUB_TLS1_3;
    session->suite = first.suite->id;
    session->verify_mode = CUB_VERIFY_REQUIRED;
    session->lifetime = first.ticket.ticket_lifetime;
    session->age_add = first.ticket.ticket_age_add;
    session->max_early_data = first.ticket.max_early_data_size;
    session->ticket = first.ticket.ticket;
    session->issued = session->established = r->now;
    session->secret = cub_rfc8448_bytes(&r->trace, r->trace.trace, "psk");
    session->server_name = (struct cub_view){(const uint8_t *)"server", 6};
    rd_init(&identities, offered.data, offered.len);
    rd_view(&identities, 2, 1, 0xffff);
    r->now += rd_u32(&identities) - session->age_add;
    r->ends[PUMP_CLIENT].setup.session = session;
    for (unsigned i = 0; i < 2; i++)
        r->ends[i].config.max_early_data = session->max_early_data;
}

struct replay *replay_open(int section)
{
    struct replay *r = calloc(1, sizeof *r);
    struct cub_rfc8448 *t;
    json_t *trace;
    size_t i;

    cr_assert_not_null(r);
    t = &r->trace;
    r->root = json_load_file(test_repository_path("vectors/rfc8448.json"), 0, NULL);
    json_array_foreach(json_object_get(r->root, "traces"), i, trace)
    {
        if (json_integer_value(json_object_get(trace, "section")) == section)
            t->trace = trace;
    }
    cr_assert_not_null(t->trace);
    t->file = &r->file;
    t->arena = &r->file.arena;
    t->computed = json_object();
    cub_rfc8448_read_key(t, json_object_get(r->root, "rsa_private_key"));
    cub_rfc8448_messages(t);
    set_up(r, PUMP_CLIENT);
    set_up(r, PUMP_SERVER);
    set_up_groups(r);
    set_up_server(r);
    set_up_session(r);
    script_randomness(r);
    return r;
}

void replay_free(struct replay *r)
{
    for (unsigned i = 0; i < 2; i++)
        cub_engine_free(&r->ends[i].engine);
    json_decref(r->trace.computed);
    json_decref(r->root);
    cub_vectors_arena_free(&r->file.arena);
    free(r);
}
