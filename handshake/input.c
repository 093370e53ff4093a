#include <string.h>

#include "crypto/bytes.h"
#include "handshake/driver.h"
#include "handshake/server_hello.h"

/* In a row, with no data between them: a peer that sends more does nothing but keep us busy. */
#define MAX_WARNINGS 4
#define MAX_EMPTY    32

bool cub_input_buffered(const struct cub_engine *e)
{
    size_t len = e->assembly.len;

    if (e->in.type == CUB_HANDSHAKE)
        len += e->in.content_len;
    return len > e->message.unit.len;
}

void cub_input_release(struct cub_engine *e)
{
    struct cub_view *unit = &e->message.unit;

    if (unit->len == 0)
        return;
    /* The assembly holds a unit or a part of one, and never more. */
    if (e->assembly.len > 0)
        e->assembly.len = 0;
    else
        cub_record_in_consume(&e->in, unit->len);
    unit->len = 0;
}

/* Messages. */

/* Bytes of the unit that begins at p, as far as len bytes tell; more than len: not whole yet. */
static size_t unit_size(const struct cub_engine *e, const uint8_t *p, size_t len)
{
    if (!e->streaming) {
        /* What will be refused needs no body. Where a HelloRetryRequest may come, so may a
         * ServerHello. */
        if (len < CUB_MESSAGE_HEADER || cub_driver_row(e, CUB_TRIGGER(p[0])) == NULL)
            return CUB_MESSAGE_HEADER;
        if (p[0] != CUB_CERTIFICATE)
            return CUB_MESSAGE_HEADER + cub_load_be24(p + 1);
    }
    return e->protocol->unit(&e->hs->stream, p, len);
}

static unsigned trigger_of(const struct cub_engine *e, const uint8_t *p, size_t len)
{
    if (e->streaming)
        return CERT;
    if (p[0] == CUB_SERVER_HELLO &&
        cub_is_hello_retry(p + CUB_MESSAGE_HEADER, len - CUB_MESSAGE_HEADER))
        return HRR;
    return CUB_TRIGGER(p[0]);
}

/* The unit is whole. The transcript takes it after its action succeeded. */
static enum cub_error take_unit(struct cub_engine *e)
{
    struct cub_incoming *m = &e->message;
    const struct cub_view unit = m->unit;
    size_t header = e->streaming ? 0 : CUB_MESSAGE_HEADER;
    const struct cub_row *row = cub_driver_row(e, trigger_of(e, unit.data, unit.len));
    enum cub_error err;

    if (header > 0)
        cub_trace_event(e, CUB_TRACE_MESSAGE, unit.data);
    if (row == NULL)
        return E_UNEXPECTED_MESSAGE;
    rd_init(&m->body, unit.data + header, unit.len - header);
    err = row->action(e);
    if (err != E_OK)
        return err;
    if (!rd_done(&m->body))
        return E_TRAILING_BYTES;
    if (!(row->keys & K_APART))
        cub_transcript_update(&e->hs->transcript, unit.data, unit.len);
    /* A Certificate has rows' worth of units: the row is done with the last. */
    return e->streaming ? E_OK : cub_driver_leave(e, row);
}

/*
 * Makes the next unit contiguous, and takes it. It stays in the record if it is whole there; else
 * its bytes move to the assembly, of which no more than the unit needs.
 */
static enum cub_error take_handshake(struct cub_engine *e)
{
    struct cub_assembly *a = &e->assembly;
    struct cub_record_in *in = &e->in;

    for (;;) {
        const uint8_t *p = a->len > 0 ? a->buffer : in->content;
        size_t len = a->len > 0 ? a->len : in->content_len;
        size_t need = unit_size(e, p, len), more = need - a->len;

        if (need <= len) {
            e->message.unit = (struct cub_view){p, need};
            return take_unit(e);
        }
        if (need > a->size)
            return e->hs != NULL ? E_MESSAGE_BUFFER : E_WAIT_MEMORY;
        if (in->content_len == 0)
            return E_OK; /* the next record may be here already */
        if (more > in->content_len)
            more = in->content_len;
        memcpy(a->buffer + a->len, in->content, more);
        a->len += more;
        cub_record_in_consume(in, more);
    }
}

/* Records. */

enum cub_error cub_input_warning(struct cub_engine *e)
{
    if (cub_amid_message(e))
        return E_INTERLEAVED;
    cub_record_in_consume(&e->in, 2);
    return ++e->warnings > MAX_WARNINGS ? E_TOO_MANY_WARNINGS : E_OK;
}

/* What an alert means is in its description alone [RFC8446-6]. */
static enum cub_error take_alert(struct cub_engine *e)
{
    uint8_t description;

    /* An alert has a record of its own [RFC8446-5.1]. */
    if (e->in.content_len != 2)
        return E_ALERT_FORM;
    description = e->in.content[1];
    if (description == ALERT_USER_CANCELED)
        return cub_input_warning(e);
    e->alert_received = description;
    if (description != ALERT_CLOSE_NOTIFY)
        return E_ALERT_RECEIVED;
    e->read_closed = 1;
    return e->connected ? E_OK : E_CLOSED_IN_HANDSHAKE;
}

/* Dropped from the first ClientHello to the peer's Finished, and never protected; unexpected
 * elsewhere [RFC8446-5]. */
static enum cub_error take_ccs(struct cub_engine *e)
{
    if (e->in.buffer[e->in.head] != CUB_CHANGE_CIPHER_SPEC || e->state == START ||
        e->read_epoch == CUB_EPOCH_APPLICATION)
        return E_UNEXPECTED_CCS;
    if (e->in.content_len != 1 || e->in.content[0] != 1)
        return E_CCS_FORM;
    cub_record_in_consume(&e->in, 1);
    return ++e->noise > CUB_MAX_NOISE ? E_TOO_MUCH_NOISE : E_OK;
}

/* It stays where it is until the application has had it. */
static enum cub_error take_data(struct cub_engine *e)
{
    if (!e->connected && e->read_epoch != CUB_EPOCH_EARLY)
        return E_UNEXPECTED_DATA;
    if (e->in.content_len == 0) {
        cub_record_in_consume(&e->in, 0);
        return ++e->empty > MAX_EMPTY ? E_RECORD_EMPTY_FLOOD : E_OK;
    }
    e->noise = e->warnings = e->empty = 0;
    return E_WAIT_INPUT;
}

enum cub_error cub_input_next(struct cub_engine *e)
{
    enum cub_error err;

    cub_input_release(e);
    if (e->out.type == CUB_HANDSHAKE)
        cub_record_out_flush(&e->out);
    if (e->read_closed)
        return E_WAIT_INPUT;
    err = cub_record_in_open(&e->in);
    if (e->judge != NULL)
        err = e->judge(e, err);
    if (err != E_OK || e->in.record_len == 0)
        return err;
    if (e->in.type == CUB_ALERT)
        return take_alert(e);
    if (e->in.type == CUB_HANDSHAKE)
        return take_handshake(e);
    /* Fragments of a message stand next to each other [RFC8446-5.1]. */
    if (cub_amid_message(e))
        return E_INTERLEAVED;
    return e->in.type == CUB_CHANGE_CIPHER_SPEC ? take_ccs(e) : take_data(e);
}
