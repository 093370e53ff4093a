#include <string.h>

#include "crypto/bytes.h"
#include "handshake/driver.h"

#define MAX_WARNINGS 4 /* in a row, with no data between them */

/* AlertLevel [RFC8446-6]. */
#define WARNING 1
#define FATAL   2

bool cub_input_buffered(const struct cub_engine *e)
{
    const struct cub_incoming *m = &e->message;
    size_t in_record = e->in.record_len != 0 && e->in.type == CUB_HANDSHAKE ? e->in.content_len : 0;

    if (m->assembled)
        return in_record > 0 || e->assembly.len > m->unit.len;
    return e->assembly.len > 0 || in_record > m->unit.len;
}

void cub_input_join(struct cub_engine *e)
{
    struct cub_incoming *m = &e->message;

    if (!m->deferred)
        return;
    m->deferred = 0;
    cub_transcript_update(&e->hs->transcript, m->unit.data, m->unit.len);
}

void cub_input_release(struct cub_engine *e)
{
    struct cub_incoming *m = &e->message;

    if (m->unit.len == 0)
        return;
    cub_input_join(e);
    if (m->assembled) {
        e->assembly.len -= m->unit.len;
        memmove(e->assembly.buffer, e->assembly.buffer + m->unit.len, e->assembly.len);
    } else {
        cub_record_in_consume(&e->in, m->unit.len);
    }
    m->unit.len = 0;
}

/* Whole units. */

static bool streaming(const struct cub_engine *e)
{
    return e->hs != NULL && e->hs->stream.begun;
}

/* Whether a message of this type may come now. */
static bool is_expected(const struct cub_engine *e, uint8_t type)
{
    /* Without its body: where a HelloRetryRequest may come, so may a ServerHello. */
    return cub_driver_row(e, cub_message_trigger(type, NULL, 0)) != NULL;
}

/* Bytes of the unit that begins at p, as far as len bytes tell; more than len: not whole yet. */
static size_t unit_size(const struct cub_engine *e, const uint8_t *p, size_t len)
{
    if (streaming(e))
        return e->protocol->unit(&e->hs->stream, p, len);
    /* What will be refused needs no body. */
    if (len < CUB_MESSAGE_HEADER || !is_expected(e, p[0]))
        return CUB_MESSAGE_HEADER;
    if (p[0] == CUB_CERTIFICATE && e->hs != NULL)
        return e->protocol->unit(&e->hs->stream, p, len);
    return CUB_MESSAGE_HEADER + cub_load_be24(p + 1);
}

/*
 * Makes the next unit contiguous. It stays in the record if it is whole there; else its bytes move
 * to the assembly, of which no more than the unit needs. E_WAIT_INPUT: it is not whole yet.
 */
static enum cub_error next_unit(struct cub_engine *e)
{
    struct cub_assembly *a = &e->assembly;
    struct cub_incoming *m = &e->message;
    struct cub_record_in *in = &e->in;
    size_t need, n;

    if (a->len == 0) {
        need = unit_size(e, in->content, in->content_len);
        if (need <= in->content_len) {
            m->unit = (struct cub_view){in->content, need};
            m->assembled = 0;
            return E_OK;
        }
    }
    while ((need = unit_size(e, a->buffer, a->len)) != a->len) {
        if (need > a->size)
            return e->hs != NULL ? E_MESSAGE_BUFFER : E_WAIT_MEMORY;
        if (in->record_len == 0)
            return E_WAIT_INPUT;
        n = need - a->len < in->content_len ? need - a->len : in->content_len;
        memcpy(a->buffer + a->len, in->content, n);
        a->len += n;
        cub_record_in_consume(in, n);
    }
    m->unit = (struct cub_view){a->buffer, need};
    m->assembled = 1;
    return E_OK;
}

/* Messages. */

/* The transcript takes a message after its action succeeded. */
static void hash_message(struct cub_engine *e, unsigned flags)
{
    if (!(flags & (e->connected ? MSG_AFTER : MSG_HASHED)))
        return;
    if (flags & MSG_COLLAPSE)
        cub_transcript_collapse(&e->hs->transcript);
    if (flags & MSG_DEFERRED)
        e->message.deferred = 1;
    else
        cub_transcript_update(&e->hs->transcript, e->message.unit.data, e->message.unit.len);
}

static enum cub_error take_message(struct cub_engine *e)
{
    struct cub_incoming *m = &e->message;
    const uint8_t *p = m->unit.data;
    size_t header = streaming(e) ? 0 : CUB_MESSAGE_HEADER;
    enum cub_trigger on =
        streaming(e) ? CERT : cub_message_trigger(p[0], p + header, m->unit.len - header);
    const struct cub_row *row = cub_driver_row(e, on);
    enum cub_error err;

    if (header > 0)
        cub_trace_event(e, CUB_TRACE_MESSAGE, on == HRR ? CUB_HELLO_RETRY_REQUEST : p[0],
                        CUB_MESSAGE_HEADER + cub_load_be24(p + 1));
    if (row == NULL)
        return E_UNEXPECTED_MESSAGE;
    rd_init(&m->body, p + header, m->unit.len - header);
    err = row->action(e);
    if (err != E_OK)
        return err;
    if (!rd_done(&m->body))
        return E_TRAILING_BYTES;
    hash_message(e, cub_message_kinds[on].flags);
    /* A Certificate has rows' worth of units: the row is done with the last. */
    if (on == CERT && e->hs->stream.left > 0)
        return E_OK;
    if (on == CERT)
        e->hs->stream.begun = 0;
    return cub_driver_leave(e, row);
}

/* Records. */

/* Fragments of a message stand next to each other [RFC8446-5.1]. */
static bool amid_message(const struct cub_engine *e)
{
    return e->assembly.len > 0 || streaming(e);
}

/* Warnings that change nothing: all of TLS 1.2, and one of TLS 1.3. */
static bool is_ignored(const struct cub_engine *e, const uint8_t *alert)
{
    if (alert[1] == ALERT_USER_CANCELED)
        return true;
    return alert[0] == WARNING && alert[1] != ALERT_CLOSE_NOTIFY && e->version != CUB_TLS1_3;
}

static enum cub_error take_alert(struct cub_engine *e)
{
    const uint8_t *alert = e->in.content;

    /* An alert has a record of its own [RFC8446-5.1]. */
    if (e->in.content_len != 2)
        return E_ALERT_FORM;
    cub_trace_event(e, CUB_TRACE_ALERT, alert[1], 0);
    if (alert[0] != WARNING && alert[0] != FATAL)
        return E_ALERT_LEVEL;
    if (is_ignored(e, alert)) {
        if (amid_message(e))
            return E_INTERLEAVED;
        cub_record_in_consume(&e->in, 2);
        return ++e->warnings > MAX_WARNINGS ? E_TOO_MANY_WARNINGS : E_OK;
    }
    /* Error alerts are fatal in TLS 1.3 [RFC8446-6.2]. */
    e->alert_received = alert[1];
    if (alert[0] == WARNING && alert[1] != ALERT_CLOSE_NOTIFY)
        return E_ALERT_FORM;
    if (alert[1] != ALERT_CLOSE_NOTIFY)
        return E_ALERT_RECEIVED;
    e->read_closed = 1;
    return e->connected ? E_OK : E_CLOSED_IN_HANDSHAKE;
}

/* TLS 1.3 has no row for it: dropped from the first ClientHello to the peer's Finished, unexpected
 * elsewhere [RFC8446-5]. */
static bool drops_ccs(const struct cub_engine *e)
{
    bool in_clear = e->in.buffer[e->in.head] == CUB_CHANGE_CIPHER_SPEC;

    return e->version != CUB_TLS1_2 && in_clear && e->state != START && !e->connected &&
           !(e->hs->proofs & PROOF_FINISHED);
}

/* In TLS 1.2 it has a row, and the keys change with it [RFC5246-7.1]. */
static enum cub_error take_ccs(struct cub_engine *e)
{
    const struct cub_row *row = cub_driver_row(e, CCS);

    if (row == NULL && !drops_ccs(e))
        return E_UNEXPECTED_CCS;
    if (e->in.content_len != 1 || e->in.content[0] != 1)
        return E_CCS_FORM;
    cub_trace_event(e, CUB_TRACE_CCS, 0, 1);
    cub_record_in_consume(&e->in, 1);
    if (row != NULL)
        return cub_driver_leave(e, row);
    return ++e->noise > CUB_MAX_NOISE ? E_TOO_MUCH_NOISE : E_OK;
}

static enum cub_error take_handshake(struct cub_engine *e)
{
    enum cub_error err = next_unit(e);

    if (err == E_WAIT_INPUT)
        return E_OK; /* the next record may be here already */
    return err == E_OK ? take_message(e) : err;
}

/* It stays where it is until the application has had it. */
static enum cub_error take_data(struct cub_engine *e)
{
    size_t len = e->in.content_len;

    if (!e->connected && e->read_epoch != CUB_EPOCH_EARLY)
        return E_UNEXPECTED_DATA;
    if (!e->connected && len > e->early_left)
        return E_EARLY_DATA_TOO_MUCH;
    /* A client's messages of one exchange follow each other [RFC8446-4.6.2]. */
    if (e->connected && e->is_server && e->state != CONNECTED)
        return E_UNEXPECTED_DATA;
    if (len == 0) {
        cub_record_in_consume(&e->in, 0);
        return E_OK;
    }
    e->noise = e->warnings = 0;
    return E_WAIT_INPUT;
}

enum cub_error cub_input_next(struct cub_engine *e)
{
    bool ready;
    enum cub_error err;

    cub_input_release(e);
    if (e->out.type == CUB_HANDSHAKE)
        cub_record_out_flush(&e->out);
    if (e->read_closed)
        return E_WAIT_INPUT;
    err = cub_record_in_open(&e->in, &ready);
    if (err != E_OK && e->protocol->explain != NULL)
        err = e->protocol->explain(e, err);
    else if (err == E_OK && !ready)
        err = E_WAIT_INPUT;
    if (err != E_OK)
        return err;
    if (e->in.type == CUB_ALERT)
        return take_alert(e);
    if (e->in.type == CUB_HANDSHAKE)
        return take_handshake(e);
    if (amid_message(e))
        return E_INTERLEAVED;
    return e->in.type == CUB_CHANGE_CIPHER_SPEC ? take_ccs(e) : take_data(e);
}
