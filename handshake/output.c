#include <string.h>

#include "handshake/driver.h"

/* Where a message may be written: behind the bytes that wait in the assembly. There may be none
 * left for the small one that goes out beside a message that comes in. */
static void open_window(struct cub_engine *e)
{
    struct cub_assembly *a = &e->assembly;

    if (a->size - a->len > sizeof e->scratch)
        wr_init(&e->reply.w, a->buffer + a->len, a->size - a->len);
    else
        wr_init(&e->reply.w, e->scratch, sizeof e->scratch);
}

/* What must happen to the transcript before this message joins it, and its trace. */
static void begin_message(struct cub_engine *e)
{
    const uint8_t *message = e->reply.w.buffer;
    enum cub_trigger trigger = cub_message_trigger(message[0], message + CUB_MESSAGE_HEADER,
                                                   e->reply.len - CUB_MESSAGE_HEADER);
    unsigned flags = cub_message_kinds[trigger].flags;

    cub_input_join(e);
    e->reply.hashed = (flags & (e->connected ? MSG_AFTER : MSG_HASHED)) != 0;
    if (flags & MSG_COLLAPSE)
        cub_transcript_collapse(&e->hs->transcript);
    cub_trace_event(e, CUB_TRACE_MESSAGE | OUTGOING,
                    trigger == HRR ? CUB_HELLO_RETRY_REQUEST : message[0], e->reply.w.pos);
}

/* The action wrote a window of a message: it joins the transcript and waits for records. */
static enum cub_error take_window(struct cub_engine *e, const struct cub_row *row)
{
    struct cub_outgoing *out = &e->reply;
    size_t left = out->w.pos - out->w.skip;

    /* Who sent more than its flight before ours began has not waited for it. */
    if (out->w.skip == 0 && !e->connected && cub_input_buffered(e))
        return E_EXCESS_HANDSHAKE_DATA;
    out->row = row;
    out->len = left < out->w.size ? left : out->w.size;
    out->done = 0;
    if (out->w.skip == 0)
        begin_message(e);
    if (out->hashed)
        cub_transcript_update(&e->hs->transcript, out->w.buffer, out->len);
    return E_OK;
}

/* What may be longer than the window: it is written again for the rest. */
static bool may_be_long(uint8_t type)
{
    return type == CUB_CERTIFICATE || type == CUB_COMPRESSED_CERTIFICATE ||
           type == CUB_CERTIFICATE_STATUS;
}

static enum cub_error call(struct cub_engine *e, const struct cub_row *row)
{
    struct cub_outgoing *out = &e->reply;
    enum cub_error err = row->action != NULL ? row->action(e) : E_OK;

    if (err != E_OK)
        return err;
    if (out->w.pos == 0)
        return cub_driver_leave(e, row);
    if (wr_overflow(&out->w) && !may_be_long(out->w.buffer[0]) && out->w.skip == 0)
        return E_MESSAGE_BUFFER;
    return take_window(e, row);
}

enum cub_error cub_output_step(struct cub_engine *e, const struct cub_row *row)
{
    open_window(e);
    return call(e, row);
}

enum cub_error cub_output_pump(struct cub_engine *e)
{
    struct cub_outgoing *out = &e->reply;
    enum cub_error err;

    while (out->row != NULL) {
        const struct cub_row *row = out->row;

        while (out->done < out->len) {
            size_t n;
            uint8_t *p = cub_record_out_space(&e->out, CUB_HANDSHAKE, &n);

            if (p == NULL)
                return E_WAIT_ROOM;
            if (n > out->len - out->done)
                n = out->len - out->done;
            memcpy(p, out->w.buffer + out->done, n);
            cub_record_out_filled(&e->out, n);
            out->done += n;
        }
        out->row = NULL;
        if (out->w.skip + out->len == out->w.pos)
            return cub_driver_leave(e, row);
        out->w.skip += out->len;
        out->w.pos = 0;
        err = call(e, row);
        if (err != E_OK)
            return err;
    }
    return E_OK;
}

/* Those that are no errors [RFC8446-6.1], [RFC5246-7.2.2]. */
static bool is_warning(uint8_t alert)
{
    return alert == ALERT_CLOSE_NOTIFY || alert == ALERT_USER_CANCELED ||
           alert == ALERT_NO_RENEGOTIATION;
}

void cub_output_alert(struct cub_engine *e)
{
    uint8_t alert[2];

    if (e->alert_due == ALERT_NONE)
        return;
    alert[1] = e->alert_due;
    alert[0] = is_warning(alert[1]) ? 1 : 2;
    if (!cub_record_out_small(&e->out, CUB_ALERT, alert, sizeof alert))
        return;
    cub_trace_event(e, CUB_TRACE_ALERT | OUTGOING, alert[1], 0);
    e->alert_due = ALERT_NONE;
    e->alert_sent = alert[1];
}
