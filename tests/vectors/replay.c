#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "handshake/driver.h"
#include "tests/support/vectors.h"
#include "tests/vectors/replay.h"

static struct replay *replay_of(void *owner, bool is_server)
{
    return (struct replay *)(void *)((struct end *)owner - is_server);
}

/* The side that an owner is. */
static struct replay_side *side_of(void *owner)
{
    bool is_server = ((struct end *)owner)->setup.is_server;

    return &replay_of(owner, is_server)->sides[is_server];
}

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

static void check_secret(struct replay *r, const char *name, const uint8_t *secret, size_t len)
{
    struct cub_view want =
        cub_rfc8448_bytes(&r->trace, json_object_get(r->trace.trace, "secrets"), name);

    cr_assert(want.len == len && memcmp(want.data, secret, len) == 0, "%s differs", name);
    r->secrets++;
}

static void keylog(void *owner, const char *label, const uint8_t client_random[32],
                   const uint8_t *secret, size_t len)
{
    static const char *const secrets[][2] = {
        {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "client_handshake_traffic"    },
        {"SERVER_HANDSHAKE_TRAFFIC_SECRET", "server_handshake_traffic"    },
        {"CLIENT_TRAFFIC_SECRET_0",         "client_application_traffic_0"},
        {"SERVER_TRAFFIC_SECRET_0",         "server_application_traffic_0"},
        {"EXPORTER_SECRET",                 "exporter_master"             },
        {"CLIENT_EARLY_TRAFFIC_SECRET",     "client_early_traffic"        },
        {"EARLY_EXPORTER_SECRET",           "early_exporter_master"       },
    };
    bool is_server = ((struct end *)owner)->setup.is_server;
    struct replay *r = replay_of(owner, is_server);
    size_t i = 0;

    cr_assert(memcmp(client_random, r->trace.client_hello[0].random, 32) == 0);
    while (i < sizeof secrets / sizeof secrets[0] && strcmp(secrets[i][0], label) != 0)
        i++;
    cr_assert_lt(i, sizeof secrets / sizeof secrets[0], "%s", label);
    check_secret(r, secrets[i][1], secret, len);
}

static uint64_t now(void *owner)
{
    (void)owner;
    return 1;
}

static void new_session(void *owner, const struct cub_session *session)
{
    check_secret(replay_of(owner, false), "resumption_psk", session->secret.data,
                 session->secret.len);
}

/* The trace's ticket stands for whatever the server keeps. */
static enum cub_error seal(void *context, void *owner, uint8_t *buffer, size_t *len, size_t size)
{
    const struct cub_view *ticket = context;

    (void)owner;
    cr_assert_leq(ticket->len, size);
    memcpy(buffer, ticket->data, ticket->len);
    *len = ticket->len;
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

/* Messages. */

/* This side's next message in the trace. */
static const struct cub_rfc8448_message *next_message(struct replay *r, struct replay_side *side)
{
    const struct cub_rfc8448_message *message;

    do {
        cr_assert_lt(side->next_message, r->trace.num_messages, "%s: one message too many",
                     side->name);
        message = &r->trace.messages[side->next_message++];
    } while (strcmp(message->sender, side->name) != 0);
    return message;
}

/* What the writer remembers of a message has to be what was sent. */
static void adopt(struct replay *r, struct cub_engine *e, struct replay_side *side,
                  const struct cub_rfc8448_message *message)
{
    struct cub_server_hello retry;
    struct rd body;

    if (message->on == CH)
        e->hs->offered = r->trace.client_hello[side->hellos].present;
    if (message->on != HRR)
        return;
    rd_init(&body, message->raw.data + CUB_MESSAGE_HEADER, message->raw.len - CUB_MESSAGE_HEADER);
    cr_assert_eq(cub_server_hello_decode(&body, &retry), E_OK);
    cr_assert_eq(cub_server_hello_extensions(&retry, IN_HRR, e->hs->offered), E_OK);
    e->hs->cookie = retry.cookie;
}

/* Stands for each action that may write: runs it, and sees to it that the trace's message is sent.
 */
static enum cub_error intercept(struct cub_engine *e)
{
    struct replay_side *side = side_of(e->owner);
    struct replay *r = replay_of(e->owner, e->is_server);
    const struct cub_row *row = cub_driver_row(e, STEP);
    enum cub_error error = side->original->rows[row - side->rows].action(e);
    const struct cub_rfc8448_message *message;
    struct wr *w = &e->reply.w;
    size_t len;

    if (error || w->pos == 0)
        return error;
    cr_assert(!wr_overflow(w));
    message = next_message(r, side);
    cr_assert_eq(w->buffer[0], message->raw.data[0], "%s: message %u instead of %s", side->name,
                 w->buffer[0], message->name);
    if (w->pos != message->raw.len || memcmp(w->buffer, message->raw.data, w->pos) != 0) {
        len = strlen(r->differences);
        snprintf(r->differences + len, sizeof r->differences - len, "%s %s:", side->name,
                 message->name);
        replay_compare((struct cub_view){w->buffer, w->pos}, message->raw, r->differences,
                       sizeof r->differences - 1);
        strcat(r->differences, "\n");
        adopt(r, e, side, message);
        w->pos = 0;
        wr_bytes(w, message->raw.data, message->raw.len);
    }
    side->hellos += message->on == CH;
    return E_OK;
}

static void copy_tables(struct replay_side *side, bool is_server)
{
    side->original = is_server ? cub_profile_full.server : cub_profile_full.client;
    cr_assert_leq(side->original->count, REPLAY_MAX_ROWS);
    memcpy(side->rows, side->original->rows, side->original->count * sizeof side->rows[0]);
    for (size_t i = 0; i < side->original->count; i++)
        if (side->rows[i].on == STEP && side->rows[i].action)
            side->rows[i].action = intercept;
    side->protocol = (struct cub_protocol){side->rows, side->original->count};
    side->profile = cub_profile_full;
    side->profile.client = is_server ? NULL : &side->protocol;
    side->profile.server = is_server ? &side->protocol : NULL;
    side->profile.client12 = side->profile.server12 = NULL;
}

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
    if (!r->ends[PUMP_SERVER].credential.sign) {
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
    copy_tables(side, which == PUMP_SERVER);
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

/* What the server does that its configuration has to say; a retry is for want of a group. */
static void set_up_server(struct replay *r)
{
    static const struct cub_group *const with_x25519[] = {&cub_group_x25519, &cub_group_secp256r1,
                                                          &cub_group_secp384r1, NULL};
    static const struct cub_group *const no_x25519[] = {&cub_group_secp256r1, &cub_group_secp384r1,
                                                        NULL};
    struct cub_config *config = &r->ends[PUMP_SERVER].config;
    struct cub_session_store *store = cub_vectors_arena_alloc(r->trace.arena, sizeof *store);

    if (r->trace.num_client_hellos > 1) {
        r->ends[PUMP_CLIENT].config.groups = with_x25519;
        config->groups = no_x25519;
        config->flags |= CUB_FLAG_COOKIE;
    }
    if (r->sides[PUMP_CLIENT].own)
        config->verify_mode = CUB_VERIFY_REQUIRED;
    if (r->trace.ticket.ticket.len > 0) {
        *store = (struct cub_session_store){seal, NULL, &r->trace.ticket.ticket};
        config->session_store = store;
        config->num_tickets = 1;
        config->ticket_lifetime = r->trace.ticket.ticket_lifetime;
    }
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
    set_up_server(r);
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

/* Running. */

static void check_stream(struct replay_stream *stream, const char *name, const uint8_t *bytes,
                         size_t len)
{
    cr_assert_leq(stream->done + len, stream->all.len, "%s: %zu bytes too many", name,
                  stream->done + len - stream->all.len);
    for (size_t i = 0; i < len; i++, stream->done++)
        cr_assert_eq(bytes[i], stream->all.data[stream->done], "%s: byte %zu is %02x", name,
                     stream->done, bytes[i]);
}

/* Carries bytes from one side to the other; true if there were any. */
static bool carry(struct replay *r, unsigned from)
{
    struct cub_engine *sender = &r->ends[from].engine, *receiver = &r->ends[!from].engine;
    struct replay_side *side = &r->sides[from];
    uint8_t *out, *in, *data;
    size_t n, room, len;
    bool any = false;

    while ((out = cub_engine_sendrec_buf(sender, &n)) != NULL &&
           (in = cub_engine_recvrec_buf(receiver, &room)) != NULL) {
        if (n > room)
            n = room;
        check_stream(&side->wire, side->name, out, n);
        memcpy(in, out, n);
        cub_engine_sendrec_ack(sender, n);
        cub_engine_recvrec_ack(receiver, n);
        while ((data = cub_engine_recvapp_buf(receiver, &len)) != NULL) {
            check_stream(&side->data, "data", data, len);
            cub_engine_recvapp_ack(receiver, len);
        }
        any = true;
    }
    return any;
}

static void carry_all(struct replay *r)
{
    while (carry(r, PUMP_CLIENT) || carry(r, PUMP_SERVER))
        continue;
    for (unsigned i = 0; i < 2; i++)
        cr_assert_eq(cub_engine_error(&r->ends[i].engine), E_OK, "%s: %s", r->sides[i].name,
                     cub_error_info(cub_engine_error(&r->ends[i].engine))->name);
}

/* What an application does: the data and the closing alert of a record of the trace. */
static void act(struct replay *r, const json_t *record)
{
    bool server = strcmp(cub_rfc8448_text(record, "sender"), "server") == 0;
    struct cub_engine *e = &r->ends[server].engine;
    struct cub_view payload = cub_rfc8448_bytes(&r->trace, record, "payload");
    size_t room;
    uint8_t *p;

    switch (json_integer_value(json_object_get(record, "content_type"))) {
    case CUB_APPLICATION_DATA:
        p = cub_engine_sendapp_buf(e, &room);
        cr_assert(p && room >= payload.len);
        memcpy(p, payload.data, payload.len);
        cub_engine_sendapp_ack(e, payload.len);
        cub_engine_flush(e);
        break;
    case CUB_ALERT:
        cub_engine_close(e);
        break;
    default:
        return;
    }
    carry_all(r);
}

void replay_run(struct replay *r)
{
    const json_t *record;
    size_t i;

    for (i = 0; i < 2; i++)
        cr_assert_eq(end_start(&r->ends[i]), E_OK);
    cub_engine_accept_sni(&r->ends[PUMP_SERVER].engine);
    carry_all(r);
    for (i = 0; i < 2; i++) {
        cr_assert(cub_engine_connected(&r->ends[i].engine), "%s", r->sides[i].name);
        check_secret(r, "resumption_master", r->ends[i].engine.resumption_secret,
                     r->trace.suite->hash->size);
    }
    json_array_foreach(json_object_get(r->trace.trace, "records"), i, record)
    {
        act(r, record);
    }
    for (i = 0; i < 2; i++) {
        const struct replay_side *side = &r->sides[i];

        cr_assert_eq(side->wire.done, side->wire.all.len, "%s: records are missing", side->name);
        cr_assert_eq(side->data.done, side->data.all.len, "%s: data is missing", side->name);
        cr_assert_eq(side->next_drawn, side->num_drawn, "%s: randomness is left", side->name);
        cr_assert(cub_engine_read_closed(&r->ends[i].engine));
    }
}
