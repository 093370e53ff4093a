/*
 * What whole tables have to say of records and small ones need not: the alerts and
 * ChangeCipherSpecs of TLS 1.2, 0-RTT data, names for failures, and what is told to who traces.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/actions.h"
#include "handshake/driver.h"
#include "handshake/server_hello.h"

/* AlertLevel [RFC8446-6]. */
#define WARNING 1
#define FATAL   2

/* Strangers. */

/* What people send to the wrong port; the first five bytes tell. */
static enum cub_error not_tls(const uint8_t *header)
{
    static const char methods[4][6] = {"GET /", "POST ", "HEAD ", "PUT /"};

    for (unsigned i = 0; i < 4; i++) {
        if (memcmp(header, methods[i], 5) == 0)
            return E_RECORD_HTTP;
    }
    return memcmp(header, "CONNE", 5) == 0 ? E_RECORD_HTTPS_PROXY : E_RECORD_VERSION;
}

/* A peer that cannot make sense of our ServerHello says so in the clear, when we already expect its
 * handshake keys. */
static bool is_last_word(const struct cub_engine *e, const uint8_t *record)
{
    return !e->connected && e->in.protection.sequence == 0 && record[0] == CUB_ALERT &&
           record[3] == 0 && record[4] == 2 && record[CUB_RECORD_HEADER + 1] != ALERT_USER_CANCELED;
}

enum cub_error cub_explain_record(struct cub_engine *e, enum cub_error err)
{
    uint8_t *record = e->in.buffer + e->in.head;

    err = cub_record_in_skipped(&e->in, err);
    if (err == E_RECORD_VERSION)
        return not_tls(record);
    if (err != E_RECORD_BAD_MAC || !is_last_word(e, record))
        return err;
    e->in.record_len = CUB_RECORD_HEADER + 2;
    return E_OK;
}

/* The rest. */

/* All warnings are ignored in TLS 1.2; in TLS 1.3 error alerts are fatal [RFC8446-6.2]. */
static enum cub_error judge_alert(struct cub_engine *e)
{
    const uint8_t *alert = e->in.content;

    if (e->in.content_len != 2)
        return E_ALERT_FORM;
    cub_trace_event(e, CUB_TRACE_ALERT, alert);
    if (alert[0] != WARNING && alert[0] != FATAL)
        return E_ALERT_LEVEL;
    if (alert[0] == FATAL || alert[1] == ALERT_CLOSE_NOTIFY || alert[1] == ALERT_USER_CANCELED)
        return E_OK;
    if (e->version != CUB_TLS1_3)
        return cub_input_warning(e);
    e->alert_received = alert[1];
    return E_ALERT_FORM;
}

/* In TLS 1.2 it has a row, and the keys change with it [RFC5246-7.1]. */
static enum cub_error judge_ccs(struct cub_engine *e)
{
    const struct cub_row *row = cub_driver_row(e, CCS);

    if (cub_amid_message(e))
        return E_INTERLEAVED;
    if (row == NULL && e->version == CUB_TLS1_2)
        return E_UNEXPECTED_CCS;
    if (e->in.content_len != 1 || e->in.content[0] != 1)
        return row != NULL ? E_CCS_FORM : E_OK;
    cub_trace_event(e, CUB_TRACE_CCS, NULL);
    if (row == NULL)
        return E_OK;
    cub_record_in_consume(&e->in, 1);
    return cub_driver_leave(e, row);
}

static enum cub_error judge_data(struct cub_engine *e)
{
    if (e->read_epoch == CUB_EPOCH_EARLY && e->in.content_len > e->early_left)
        return E_EARLY_DATA_TOO_MUCH;
    /* A client's messages of one exchange follow each other [RFC8446-4.6.2]. */
    return e->connected && e->is_server && e->state != CONNECTED ? E_UNEXPECTED_DATA : E_OK;
}

enum cub_error cub_judge_record(struct cub_engine *e, enum cub_error err)
{
    err = cub_explain_record(e, err);
    if (err != E_OK || e->in.record_len == 0)
        return err;
    switch (e->in.type) {
    case CUB_ALERT:
        return judge_alert(e);
    case CUB_CHANGE_CIPHER_SPEC:
        return judge_ccs(e);
    case CUB_APPLICATION_DATA:
        return judge_data(e);
    default:
        return E_OK;
    }
}

/* Traces. */

static void tell(const struct cub_engine *e, unsigned kind, uint8_t type, size_t len)
{
    struct cub_trace event = {(uint8_t)(kind & ~OUTGOING), (kind & OUTGOING) != 0, type, len};

    e->config->trace(e->owner, &event);
}

static void tell_message(const struct cub_engine *e, unsigned kind, const uint8_t *message)
{
    size_t len = cub_load_be24(message + 1);
    size_t there = kind & OUTGOING ? len : e->message.unit.len - CUB_MESSAGE_HEADER;
    uint8_t type = message[0];

    if (type == CUB_SERVER_HELLO && cub_is_hello_retry(message + CUB_MESSAGE_HEADER, there))
        type = CUB_HELLO_RETRY_REQUEST;
    tell(e, kind, type, CUB_MESSAGE_HEADER + len);
}

static void tell_row(const struct cub_engine *e, const struct cub_row *row)
{
    if (row->keys & 7)
        tell(e, CUB_TRACE_KEYS, e->read_epoch, 0);
    if (row->keys >> 3 & 7)
        tell(e, CUB_TRACE_KEYS | OUTGOING, e->write_epoch, 0);
    if (row->state != row->next)
        tell(e, CUB_TRACE_STATE | OUTGOING, row->next, 0);
}

void cub_trace(const struct cub_engine *e, unsigned kind, const void *what)
{
    if (e->config->trace == NULL)
        return;
    switch (kind & ~OUTGOING) {
    case CUB_TRACE_MESSAGE:
        tell_message(e, kind, what);
        break;
    case CUB_TRACE_ALERT:
        tell(e, kind, ((const uint8_t *)what)[1], 0);
        break;
    case CUB_TRACE_CCS:
        tell(e, kind, 0, 1);
        break;
    default:
        tell_row(e, what);
    }
}
