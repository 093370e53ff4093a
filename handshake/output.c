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

/* Calls the action. The window of a message that it wrote joins the transcript and waits for
 * records. */
static enum cub_error call(struct cub_engine *e, const struct cub_row *row)
{
    struct cub_outgoing *out = &e->reply;
    enum cub_error err = row->action != NULL ? row->action(e) : E_OK;

    if (err != E_OK)
        return err;
    if (out->w.pos == 0)
        return cub_driver_leave(e, row);
    out->left = out->w.pos - out->w.skip;
    if (out->left > out->w.size) {
        if (!(row->keys & K_LONG))
            return E_MESSAGE_BUFFER;
        out->left = out->w.size;
    }
    if (out->w.skip == 0) {
        /* Who sent more than its flight before ours began has not waited for it. */
        if (!e->connected && cub_input_buffered(e))
            return E_EXCESS_HANDSHAKE_DATA;
        cub_trace_event(e, CUB_TRACE_MESSAGE | OUTGOING, out->w.buffer);
    }
    if (!(row->keys & K_APART))
        cub_transcript_update(&e->hs->transcript, out->w.buffer, out->left);
    out->w.skip += out->left;
    out->next = out->w.buffer;
    out->row = row;
    return E_OK;
}

enum cub_error cub_output_step(struct cub_engine *e, const struct cub_row *row)
{
    open_window(e);
    return call(e, row);
}

/* Moves what is in the window into records; false: sealed records must be sent first. */
static bool move_window(struct cub_engine *e)
{
    struct cub_outgoing *out = &e->reply;

    while (out->left > 0) {
        size_t n;
        uint8_t *p = cub_record_out_space(&e->out, CUB_HANDSHAKE, &n);

        if (p == NULL)
            return false;
        if (n > out->left)
            n = out->left;
        memcpy(p, out->next, n);
        cub_record_out_filled(&e->out, n);
        out->next += n;
        out->left -= n;
    }
    return true;
}

enum cub_error cub_output_pump(struct cub_engine *e)
{
    struct cub_outgoing *out = &e->reply;
    const struct cub_row *row = out->row;

    if (!move_window(e))
        return E_WAIT_ROOM;
    out->row = NULL;
    /* All of it was in windows so far, or it is written again for the next one. */
    if (out->w.skip == out->w.pos)
        return cub_driver_leave(e, row);
    out->w.pos = 0;
    return call(e, row);
}

/* Those that are no errors [RFC8446-6.1], [RFC5246-7.2.2]. */
static bool is_warning(uint8_t alert)
{
    return alert == ALERT_CLOSE_NOTIFY || alert == ALERT_USER_CANCELED ||
           alert == ALERT_NO_RENEGOTIATION;
}

void cub_output_alert(struct cub_engine *e)
{
    uint8_t due = e->alert_due, *alert;
    size_t room;

    if (due == ALERT_NONE)
        return;
    alert = cub_record_out_space(&e->out, CUB_ALERT, &room);
    if (alert == NULL || room < 2)
        return;
    alert[0] = is_warning(due) ? 1 : 2;
    alert[1] = due;
    cub_trace_event(e, CUB_TRACE_ALERT | OUTGOING, alert);
    cub_record_out_filled(&e->out, 2);
    cub_record_out_flush(&e->out);
    e->alert_sent = due;
    e->alert_due = ALERT_NONE;
}
