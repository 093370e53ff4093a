#include "record/record_out.h"

#include <string.h>

/* Handshake messages may start a record in this little room behind others; data never does. */
#define MIN_HANDSHAKE_ROOM 64

void cub_record_out_init(struct cub_record_out *out, uint8_t *buffer, size_t size)
{
    out->buffer = buffer;
    out->size = size;
    out->limit = CUB_RECORD_MAX_PLAINTEXT;
    out->protection.format = &cub_record_plaintext;
}

/* Bytes of content that the record behind the sealed ones can have in all. */
static size_t room_of(const struct cub_record_out *out)
{
    const struct cub_record_format *format = out->protection.format;
    size_t overhead = CUB_RECORD_HEADER + format->prefix + (size_t)format->suffix;

    if (out->size - out->tail <= overhead)
        return 0;
    return out->size - out->tail - overhead < out->limit ? out->size - out->tail - overhead
                                                         : out->limit;
}

static uint8_t *content_of(const struct cub_record_out *out)
{
    return out->buffer + out->tail + CUB_RECORD_HEADER + out->protection.format->prefix;
}

void cub_record_out_flush(struct cub_record_out *out)
{
    if (out->filled == 0)
        return;
    out->tail += out->protection.format->seal(&out->protection, out->buffer + out->tail, out->type,
                                              out->filled);
    out->filled = 0;
}

uint8_t *cub_record_out_space(struct cub_record_out *out, uint8_t type, size_t *len)
{
    size_t room;

    *len = 0;
    while ((room = room_of(out)) <= out->filled || out->type != type) {
        if (out->filled == 0)
            break;
        cub_record_out_flush(out);
    }
    /* No trail of splinters: behind records that wait, data gets a record of full size or none. */
    if (out->filled == 0 && out->tail > 0 && room < out->limit &&
        (type == CUB_APPLICATION_DATA || room < MIN_HANDSHAKE_ROOM))
        return NULL;
    if (room == 0)
        return NULL;
    out->type = type;
    *len = room - out->filled;
    return content_of(out) + out->filled;
}

void cub_record_out_filled(struct cub_record_out *out, size_t len)
{
    out->filled += len;
}

bool cub_record_out_ccs(struct cub_record_out *out)
{
    static const uint8_t ccs[] = {CUB_CHANGE_CIPHER_SPEC, 3, 3, 0, 1, 1};

    cub_record_out_flush(out);
    if (out->size - out->tail < sizeof ccs)
        return false;
    memcpy(out->buffer + out->tail, ccs, sizeof ccs);
    out->tail += sizeof ccs;
    return true;
}

uint8_t *cub_record_out_pending(const struct cub_record_out *out, size_t *len)
{
    *len = out->tail - out->head;
    return *len ? out->buffer + out->head : NULL;
}

void cub_record_out_sent(struct cub_record_out *out, size_t len)
{
    out->head += len;
    if (out->head < out->tail)
        return;
    /* The record that is being filled moves to the front. */
    if (out->filled > 0)
        memmove(out->buffer, out->buffer + out->tail,
                CUB_RECORD_HEADER + out->protection.format->prefix + out->filled);
    out->head = out->tail = 0;
}
