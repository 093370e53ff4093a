#include "handshake/wire.h"

#include <string.h>

#include "crypto/bytes.h"

void cub_rd_init(struct rd *r, const uint8_t *data, size_t len)
{
    r->p = data;
    r->end = len > 0 ? data + len : data;
    r->root = r;
    r->bad = false;
}

void cub_rd_fail(struct rd *r)
{
    r->root->bad = true;
    r->p = r->end;
}

const uint8_t *cub_rd_bytes(struct rd *r, size_t n)
{
    const uint8_t *p = r->p;

    if (r->root->bad || (size_t)(r->end - p) < n || p == NULL) {
        cub_rd_fail(r);
        return NULL;
    }
    r->p += n;
    return p;
}

uint32_t cub_rd_uint(struct rd *r, unsigned width)
{
    const uint8_t *p = cub_rd_bytes(r, width);
    uint32_t value = 0;

    for (unsigned i = 0; p != NULL && i < width; i++)
        value = value << 8 | p[i];
    return value;
}

struct cub_view cub_rd_view(struct rd *r, uint32_t vector)
{
    struct cub_view view = {NULL, 0};
    size_t len = cub_rd_uint(r, vector & 3);

    if (len < (vector >> 2 & 63) || len > vector >> 8) {
        cub_rd_fail(r);
        return view;
    }
    view.data = cub_rd_bytes(r, len);
    view.len = view.data != NULL ? len : 0;
    return view;
}

struct cub_view cub_rd_list16(struct rd *r, unsigned width)
{
    struct cub_view list = rd_view(r, width, 2, 0xffff);

    if (list.len % 2 != 0)
        rd_fail(r);
    return list;
}

struct rd cub_rd_vec(struct rd *r, uint32_t vector)
{
    struct cub_view view = cub_rd_view(r, vector);
    struct rd sub = {view.data, view.data, r->root, false};

    if (view.len > 0)
        sub.end += view.len;
    return sub;
}

bool cub_rd_done(struct rd *r)
{
    if (r->p != r->end)
        cub_rd_fail(r);
    return !r->root->bad;
}

void cub_wr_init(struct wr *w, uint8_t *buffer, size_t size)
{
    w->buffer = buffer;
    w->size = size;
    w->skip = 0;
    w->pos = 0;
}

void cub_wr_bytes(struct wr *w, const void *data, size_t len)
{
    const uint8_t *p = data;
    size_t start = w->pos < w->skip ? w->skip - w->pos : 0; /* bytes before the window */
    size_t end = w->skip + w->size;                         /* of the window */

    if (len > 0 && start < len && w->pos + start < end) {
        size_t n = end - (w->pos + start);

        if (n > len - start)
            n = len - start;
        memcpy(w->buffer + (w->pos + start - w->skip), p + start, n);
    }
    w->pos += len;
}

void cub_wr_uint(struct wr *w, unsigned width, uint32_t value)
{
    uint8_t bytes[4];

    cub_store_be32(bytes, value);
    cub_wr_bytes(w, bytes + 4 - width, width);
}

void cub_wr_view(struct wr *w, unsigned width, struct cub_view view)
{
    cub_wr_uint(w, width, (uint32_t)view.len);
    cub_wr_bytes(w, view.data, view.len);
}

size_t cub_wr_open(struct wr *w, unsigned width)
{
    cub_wr_uint(w, width, 0xffffffffu);
    return w->pos;
}

void cub_wr_close(struct wr *w, size_t mark, unsigned width)
{
    size_t len = w->pos - mark;

    for (unsigned i = 1; i <= width; i++, len >>= 8) {
        if (mark - i < w->size)
            w->buffer[mark - i] = (uint8_t)len;
    }
}

bool cub_list8_has(struct cub_view list, uint8_t value)
{
    for (size_t i = 0; i < list.len; i++) {
        if (list.data[i] == value)
            return true;
    }
    return false;
}

bool cub_list16_has(struct cub_view list, uint16_t value)
{
    for (size_t i = 0; i + 1 < list.len; i += 2) {
        if (cub_load_be16(list.data + i) == value)
            return true;
    }
    return false;
}
