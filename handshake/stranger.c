/*
 * Records that cannot be opened for a reason that has a name. What comes of them does not change:
 * the connection ends. Small clients, which strangers do not call on, do without.
 */
#include <string.h>

#include "handshake/actions.h"

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

    if (err == E_RECORD_VERSION)
        return not_tls(record);
    if (err != E_RECORD_BAD_MAC || !is_last_word(e, record))
        return err;
    e->in.type = CUB_ALERT;
    e->in.content = record + CUB_RECORD_HEADER;
    e->in.content_len = 2;
    return E_OK;
}
