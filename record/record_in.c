#include "record/record_in.h"

#include <string.h>

#include "crypto/bytes.h"

void cub_record_in_init(struct cub_record_in *in, uint8_t *buffer, size_t size)
{
    in->buffer = buffer;
    in->size = size;
    in->limit = CUB_RECORD_MAX_PLAINTEXT + 1;
    in->protection.format = &cub_record_plaintext;
}

uint8_t *cub_record_in_space(struct cub_record_in *in, size_t *len)
{
    *len = 0;
    if (in->record_len != 0)
        return NULL;
    if (in->head > 0) {
        in->tail -= in->head;
        memmove(in->buffer, in->buffer + in->head, in->tail);
        in->head = 0;
    }
    *len = in->size - in->tail;
    return *len ? in->buffer + in->tail : NULL;
}

bool cub_record_in_filled(struct cub_record_in *in, size_t len)
{
    in->tail += len;
    return in->tail - in->head >= in->need;
}

static bool is_content_type(uint8_t type)
{
    return type >= CUB_CHANGE_CIPHER_SPEC && type <= CUB_APPLICATION_DATA;
}

/* What the header alone gives away, of a record with len bytes of body. */
static enum cub_error check_header(const struct cub_record_in *in, const uint8_t *header,
                                   size_t len)
{
    /* The minor version is ignored [RFC8446-5.1]; another major one is not TLS. */
    if (header[1] != 3)
        return E_RECORD_VERSION;
    if (!is_content_type(header[0]))
        return E_RECORD_TYPE;
    if (len > (size_t)CUB_RECORD_MAX_PLAINTEXT + in->protection.format->expansion)
        return E_RECORD_OVERFLOW;
    return len > in->size - CUB_RECORD_HEADER ? E_RECORD_BUFFER : E_OK;
}

/* TLS 1.3's dummy ChangeCipherSpec is never protected [RFC8446-5]: it is handed on as it came, for
 * the handshake to drop or refuse. */
static enum cub_error open_record(struct cub_record_in *in)
{
    const struct cub_record_format *format = in->protection.format;

    if (format->open == NULL || (format == &cub_record_tls13 && in->type == CUB_CHANGE_CIPHER_SPEC))
        return E_OK;
    return format->open(in);
}

enum cub_error cub_record_in_open(struct cub_record_in *in)
{
    uint8_t *record = in->buffer + in->head;
    size_t have = in->tail - in->head, len;
    enum cub_error err;

    if (in->record_len != 0)
        return E_OK;
    in->need = CUB_RECORD_HEADER;
    if (have < CUB_RECORD_HEADER)
        return E_WAIT_INPUT;
    len = cub_load_be16(record + 3);
    err = check_header(in, record, len);
    if (err != E_OK)
        return err;
    in->need = (uint16_t)(CUB_RECORD_HEADER + len);
    if (have < in->need)
        return E_WAIT_INPUT;
    in->type = record[0];
    in->content = record + CUB_RECORD_HEADER;
    in->content_len = len;
    err = open_record(in);
    if (err != E_OK)
        return err;
    /* What was inside may be anything [RFC8446-5]. */
    if (!is_content_type(in->type))
        return E_RECORD_TYPE;
    /* Only application data may be empty [RFC8446-5.1]. */
    if (in->content_len == 0 && in->type != CUB_APPLICATION_DATA)
        return E_RECORD_EMPTY;
    in->record_len = CUB_RECORD_HEADER + len;
    return E_OK;
}

void cub_record_in_skip(struct cub_record_in *in, uint32_t bytes)
{
    in->skipping = 1;
    in->skip_left = bytes;
}

/* Whether this is a record to drop; the first that opens, and is none, ends it. */
static bool is_skipped(struct cub_record_in *in, uint8_t type, enum cub_error err)
{
    bool in_clear = in->protection.format == &cub_record_plaintext;

    if (type == CUB_APPLICATION_DATA && (err == E_RECORD_BAD_MAC || (err == E_OK && in_clear)))
        return true;
    if (err == E_OK && type != CUB_CHANGE_CIPHER_SPEC)
        in->skipping = 0;
    /* What is skipped is protected, even where we expect nothing that is. */
    return in_clear && type == CUB_APPLICATION_DATA && err == E_RECORD_OVERFLOW;
}

enum cub_error cub_record_in_skipped(struct cub_record_in *in, enum cub_error err)
{
    uint8_t *record = in->buffer + in->head;
    size_t len;

    if (!in->skipping || err == E_WAIT_INPUT || !is_skipped(in, record[0], err))
        return err;
    len = cub_load_be16(record + 3);
    if (len > (size_t)CUB_RECORD_MAX_PLAINTEXT + cub_record_tls13.expansion)
        return err;
    if (len > in->size - CUB_RECORD_HEADER)
        return E_RECORD_BUFFER;
    len += CUB_RECORD_HEADER;
    if (len > in->skip_left)
        return E_RECORD_SKIPPED;
    if (len > in->tail - in->head)
        return E_WAIT_INPUT;
    in->skip_left -= (uint32_t)len;
    /* If it was counted, its number is that of the next one, which may open. */
    if (err == E_RECORD_BAD_MAC && in->content_len >= in->protection.aead->tag_size)
        in->protection.sequence--;
    in->record_len = len;
    in->content = record;
    in->content_len = 0;
    cub_record_in_consume(in, 0);
    return E_OK;
}

void cub_record_in_consume(struct cub_record_in *in, size_t len)
{
    in->content += len;
    in->content_len -= len;
    if (in->content_len > 0)
        return;
    in->head += in->record_len;
    in->record_len = 0;
    in->need = 0;
    if (in->head == in->tail)
        in->head = in->tail = 0;
}
