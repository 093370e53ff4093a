#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "handshake/driver.h"
#include "tests/vectors/replay.h"

struct replay *replay_of(void *owner, bool is_server)
{
    return (struct replay *)(void *)((struct end *)owner - is_server);
}

/* The side that an owner is. */
static struct replay_side *side_of(void *owner)
{
    bool is_server = ((struct end *)owner)->setup.is_server;

    return &replay_of(owner, is_server)->sides[is_server];
}

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

void replay_copy_tables(struct replay_side *side, bool is_server)
{
    side->original = is_server ? cub_profile_full.server : cub_profile_full.client;
    cr_assert_leq(side->original->count, REPLAY_MAX_ROWS);
    memcpy(side->rows, side->original->rows, side->original->count * sizeof side->rows[0]);
    for (size_t i = 0; i < side->original->count; i++)
        if (side->rows[i].on == STEP && side->rows[i].action)
            side->rows[i].action = intercept;
    side->protocol = *side->original;
    side->protocol.rows = side->rows;
    side->profile = cub_profile_full;
    side->profile.client = is_server ? NULL : &side->protocol;
    side->profile.server = is_server ? &side->protocol : NULL;
    side->profile.client12 = side->profile.server12 = NULL;
}

/* Running. */

void replay_check_secret(struct replay *r, const char *name, const uint8_t *secret, size_t len)
{
    struct cub_view want =
        cub_rfc8448_bytes(&r->trace, json_object_get(r->trace.trace, "secrets"), name);

    cr_assert(want.len == len && memcmp(want.data, secret, len) == 0, "%s differs", name);
    r->secrets++;
}

static void check_stream(struct replay_stream *stream, const char *name, const uint8_t *bytes,
                         size_t len)
{
    cr_assert_leq(stream->done + len, stream->all.len, "%s: %zu bytes too many", name,
                  stream->done + len - stream->all.len);
    for (size_t i = 0; i < len; i++, stream->done++)
        cr_assert_eq(bytes[i], stream->all.data[stream->done], "%s: byte %zu is %02x", name,
                     stream->done, bytes[i]);
}

/* Reads the data that came from the other side. */
static bool read_data(struct cub_engine *receiver, struct replay_side *sender)
{
    const uint8_t *data;
    bool any = false;
    size_t len;

    while ((data = cub_engine_recvapp_buf(receiver, &len)) != NULL) {
        check_stream(&sender->data, "data", data, len);
        cub_engine_recvapp_ack(receiver, len);
        any = true;
    }
    return any;
}

/* Carries bytes from one side to the other; true if there were any. */
static bool carry(struct replay *r, unsigned from)
{
    struct cub_engine *sender = &r->ends[from].engine, *receiver = &r->ends[!from].engine;
    struct replay_side *side = &r->sides[from];
    bool any = read_data(receiver, side);
    uint8_t *out, *in;
    size_t n, room;

    while ((out = cub_engine_sendrec_buf(sender, &n)) != NULL &&
           (in = cub_engine_recvrec_buf(receiver, &room)) != NULL) {
        if (n > room)
            n = room;
        check_stream(&side->wire, side->name, out, n);
        memcpy(in, out, n);
        cub_engine_sendrec_ack(sender, n);
        cub_engine_recvrec_ack(receiver, n);
        read_data(receiver, side);
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

/* What an application does: the data, or the closing alert, of a record of the trace. */
static void act(struct replay *r, const json_t *record)
{
    bool server = strcmp(cub_rfc8448_text(record, "sender"), "server") == 0;
    struct cub_engine *e = &r->ends[server].engine;
    struct cub_view payload = cub_rfc8448_bytes(&r->trace, record, "payload");
    json_int_t type = json_integer_value(json_object_get(record, "content_type"));
    size_t room;
    uint8_t *p;

    if (type == CUB_ALERT)
        cub_engine_close(e);
    if (type != CUB_APPLICATION_DATA)
        return;
    /* What is sealed goes first. */
    carry(r, server);
    p = cub_engine_sendapp_buf(e, &room);
    cr_assert(p && room >= payload.len, "%s: no data can be sent", r->sides[server].name);
    memcpy(p, payload.data, payload.len);
    cub_engine_sendapp_ack(e, payload.len);
    cub_engine_flush(e);
}

/* Does what an application does under the keys of an epoch, and then carries on. */
static void act_all(struct replay *r, const char *epoch)
{
    const json_t *record;
    size_t i;

    json_array_foreach(json_object_get(r->trace.trace, "records"), i, record)
    {
        if (strcmp(cub_rfc8448_text(record, "epoch"), epoch) != 0)
            continue;
        act(r, record);
        carry_all(r);
    }
}

void replay_run(struct replay *r)
{
    for (unsigned i = 0; i < 2; i++)
        cr_assert_eq(end_start(&r->ends[i]), E_OK);
    cub_engine_accept_sni(&r->ends[PUMP_SERVER].engine);
    act_all(r, "early");
    carry_all(r);
    for (unsigned i = 0; i < 2; i++) {
        cr_assert(cub_engine_connected(&r->ends[i].engine), "%s", r->sides[i].name);
        replay_check_secret(r, "resumption_master", r->ends[i].engine.resumption_secret,
                            r->trace.suite->hash->size);
    }
    act_all(r, "application");
    for (unsigned i = 0; i < 2; i++) {
        const struct replay_side *side = &r->sides[i];

        cr_assert_eq(side->wire.done, side->wire.all.len, "%s: records are missing", side->name);
        cr_assert_eq(side->data.done, side->data.all.len, "%s: data is missing", side->name);
        cr_assert_eq(side->next_drawn, side->num_drawn, "%s: randomness is left", side->name);
        cr_assert(cub_engine_read_closed(&r->ends[i].engine));
    }
}
