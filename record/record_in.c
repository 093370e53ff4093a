#include "record/record_in.h"

#include <string.h>

#include "crypto/bytes.h"

void cub_record_in_init(struct cub_record_in *in, uint8_t *buffer, size_t size)
{
    memset(in, 0, sizeof *in);
    in->buffer = buffer;
    in->size = size;
    in->limit = CUB_RECORD_MAX_PLAINTEXT + 1;
    cub_protection_clear(&in->protection);
}

uint8_t *cub_record_in_space(struct cub_record_in *in, size_t *len)
{
    size_t have = in->tail - in->head;
    size_t need = CUB_RECORD_HEADER;

    *len = 0;
    if (in->record_len != 0)
        return NULL;
    if (have >= CUB_RECORD_HEADER)
        need += cub_load_be16(in->buffer + in->head + 3);
    if (need > in->size - in->head && in->head > 0) {
        memmove(in->buffer, in->buffer + in->head, have);
        in->head = 0;
        in->tail = have;
    }
    *len = in->size - in->tail;
    return *len ? in->buffer + in->tail : NULL;
}

void cub_record_in_filled(struct cub_record_in *in, size_t len)
{
    in->tail += len;
}

static bool is_content_type(uint8_t type)
{
    return type >= CUB_CHANGE_CIPHER_SPEC && type <= CUB_APPLICATION_DATA;
}

/* What the header alone gives away. */
static enum cub_error check_header(const struct cub_record_in *in, const uint8_t *header,
                                   size_t len)
{
    size_t expansion = in->protection.format->expansion;

    /* The minor version is ignored [RFC8446-5.1]; another major one is not TLS. */
    if (header[1] != 3)
        return E_RECORD_VERSION;
    if (!is_content_type(header[0]))
        return E_RECORD_TYPE;
    /* What is skipped is protected, even where we expect nothing that is. */
    if (in->skip != NULL && header[0] == CUB_APPLICATION_DATA)
        expansion = cub_record_tls13.expansion;
    if (len > (size_t)CUB_RECORD_MAX_PLAINTEXT + expansion)
        return E_RECORD_OVERFLOW;
    if (len > in->size - CUB_RECORD_HEADER)
        return E_RECORD_BUFFER;
    return E_OK;
}

/* The limit binds what is protected: content, and TLS 1.3's type and padding [RFC8449-4]. */
static bool exceeds_limit(const struct cub_record_in *in, const struct cub_record_format *format,
                          size_t len)
{
    size_t bound =
        format == &cub_record_tls13 ? len - in->protection.aead->tag_size : in->content_len;

    return format != &cub_record_plaintext && bound > in->limit;
}

static enum cub_error check_content(struct cub_record_in *in)
{
    /* What was inside may be anything [RFC8446-5]. */
    if (!is_content_type(in->type))
        return E_RECORD_TYPE;
    if (in->content_len > 0) {
        in->empty = 0;
        return E_OK;
    }
    /* Only application data may be empty [RFC8446-5.1]. */
    if (in->type != CUB_APPLICATION_DATA)
        return E_RECORD_EMPTY;
    return ++in->empty > CUB_MAX_EMPTY_RECORDS ? E_RECORD_EMPTY_FLOOD : E_OK;
}

/*
 * TLS 1.3's dummy ChangeCipherSpec is never protected [RFC8446-5]: it is handed on as it came, for
 * the handshake to drop or refuse.
 */
static const struct cub_record_format *format_of(const struct cub_record_in *in,
                                                 const uint8_t *record)
{
    if (in->protection.format == &cub_record_tls13 && record[0] == CUB_CHANGE_CIPHER_SPEC)
        return &cub_record_plaintext;
    return in->protection.format;
}

static enum cub_error open_head(struct cub_record_in *in, uint8_t *record, size_t len)
{
    const struct cub_record_format *format = format_of(in, record);
    enum cub_error err =
        format->open(&in->protection, record, len, &in->type, &in->content, &in->content_len);

    if (err == E_OK && exceeds_limit(in, format, len))
        err = E_RECORD_OVERFLOW;
    if (err == E_OK)
        err = check_content(in);
    if (err == E_OK)
        in->record_len = CUB_RECORD_HEADER + len;
    return err;
}

/* Whether a record that was opened with this result is one to drop; the first that is not ends it.
 */
static bool is_skipped(struct cub_record_in *in, uint8_t type, enum cub_error err)
{
    if (type == CUB_APPLICATION_DATA &&
        (err == E_RECORD_BAD_MAC || in->protection.format == &cub_record_plaintext))
        return true;
    if (err == E_OK && type != CUB_CHANGE_CIPHER_SPEC)
        in->skip = NULL;
    return false;
}

static enum cub_error open_or_skip(struct cub_record_in *in, uint8_t *record, size_t len,
                                   bool *skipped)
{
    uint64_t sequence = in->protection.sequence;
    enum cub_error err = open_head(in, record, len);

    *skipped = is_skipped(in, record[0], err);
    if (!*skipped)
        return err;
    if (CUB_RECORD_HEADER + len > in->skip_left)
        return E_RECORD_SKIPPED;
    in->skip_left -= (uint32_t)(CUB_RECORD_HEADER + len);
    in->protection.sequence = sequence;
    in->record_len = CUB_RECORD_HEADER + len;
    in->content = record;
    in->content_len = 0;
    cub_record_in_consume(in, 0);
    return E_OK;
}

void cub_record_in_skip(struct cub_record_in *in, uint32_t bytes)
{
    in->skip = open_or_skip;
    in->skip_left = bytes;
}

enum cub_error cub_record_in_open(struct cub_record_in *in, bool *ready)
{
    bool skipped = false;

    do {
        uint8_t *record = in->buffer + in->head;
        size_t have = in->tail - in->head;
        enum cub_error err;
        size_t len;

        *ready = in->record_len != 0;
        if (*ready || have < CUB_RECORD_HEADER)
            return E_OK;
        len = cub_load_be16(record + 3);
        err = check_header(in, record, len);
        if (err != E_OK || have < CUB_RECORD_HEADER + len)
            return err;
        skipped = false;
        err = in->skip != NULL ? in->skip(in, record, len, &skipped) : open_head(in, record, len);
        if (err != E_OK)
            return err;
    } while (skipped);
    *ready = true;
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
    if (in->head == in->tail)
        in->head = in->tail = 0;
}
