#include "x509/pem.h"

#include <string.h>

#include "x509/der.h"

static const char begin_mark[] = "-----BEGIN ";
static const char end_mark[] = "-----END ";
static const char dashes[] = "-----";

/* One line, without its end; *at goes behind it. */
static struct cub_view next_line(const char **at, const char *end)
{
    const char *start = *at;
    const char *p = start;
    struct cub_view line;

    while (p != end && *p != '\n' && *p != '\r')
        p++;
    line = (struct cub_view){(const uint8_t *)start, (size_t)(p - start)};
    if (p != end && *p == '\r')
        p++;
    if (p != end && *p == '\n')
        p++;
    *at = p;
    while (line.len && (line.data[line.len - 1] == ' ' || line.data[line.len - 1] == '\t'))
        line.len--;
    return line;
}

/* If a line is mark, label, dashes: the label. */
static bool is_boundary(struct cub_view line, const char *mark, struct cub_view *label)
{
    size_t n = strlen(mark);
    size_t tail = sizeof dashes - 1;

    if (line.len < n + tail || memcmp(line.data, mark, n) != 0 ||
        memcmp(line.data + line.len - tail, dashes, tail) != 0)
        return false;
    *label = (struct cub_view){line.data + n, line.len - n - tail};
    return true;
}

/* Headers are there if the first line has a colon, which base64 has not; they end at an empty line.
 */
static void split_headers(struct cub_pem_block *block)
{
    const char *at = (const char *)block->body.data;
    const char *end = at + block->body.len;
    const char *start = at;
    struct cub_view line = next_line(&at, end);

    block->headers = (struct cub_view){block->body.data, 0};
    if (line.len == 0 || !cub_view_has(line, ':'))
        return;
    while (at != end && line.len != 0)
        line = next_line(&at, end);
    block->headers.len = (size_t)(at - start);
    block->body = (struct cub_view){(const uint8_t *)at, (size_t)(end - at)};
}

/* Reads up to the end of the block whose label was found. */
static enum cub_error read_body(struct cub_pem *pem, struct cub_pem_block *block)
{
    const char *start = pem->at;

    while (pem->at != pem->end) {
        const char *line_start = pem->at;
        struct cub_view line = next_line(&pem->at, pem->end);
        struct cub_view label;
        if (is_boundary(line, begin_mark, &label))
            break;
        if (!is_boundary(line, end_mark, &label))
            continue;
        if (label.len != block->label.len || memcmp(label.data, block->label.data, label.len) != 0)
            break;
        block->body = (struct cub_view){(const uint8_t *)start, (size_t)(line_start - start)};
        split_headers(block);
        return E_OK;
    }
    pem->at = pem->end;
    return E_PEM_BAD_END_LINE;
}

enum cub_error cub_pem_next(struct cub_pem *pem, struct cub_pem_block *block)
{
    *block = (struct cub_pem_block){0};
    while (pem->at != pem->end)
        if (is_boundary(next_line(&pem->at, pem->end), begin_mark, &block->label))
            return read_body(pem, block);
    return E_PEM_NO_START_LINE;
}

bool cub_pem_is(const struct cub_pem_block *block, const char *label)
{
    return block->label.len == strlen(label) &&
           memcmp(block->label.data, label, block->label.len) == 0;
}

size_t cub_pem_decoded_max(const struct cub_pem_block *block)
{
    return block->body.len / 4 * 3 + 3;
}

/* All ones if lo <= c <= hi; no branch. All are below 2^16. */
static uint32_t in_range(uint32_t c, uint32_t lo, uint32_t hi)
{
    return (((lo - 1 - c) & (c - 1 - hi)) >> 31) * 0xffffffffu;
}

/* The six bits that a character stands for, with 0x40 set for white space and 0x80 for strangers.
 */
static uint32_t decode_char(uint32_t c)
{
    uint32_t upper = in_range(c, 'A', 'Z');
    uint32_t lower = in_range(c, 'a', 'z');
    uint32_t digit = in_range(c, '0', '9');
    uint32_t plus = in_range(c, '+', '+');
    uint32_t slash = in_range(c, '/', '/');
    uint32_t space = in_range(c, ' ', ' ') | in_range(c, '\t', '\r');
    uint32_t known = upper | lower | digit | plus | slash | space;

    return (upper & (c - 'A')) | (lower & (c - 'a' + 26)) | (digit & (c - '0' + 52)) | (plus & 62) |
           (slash & 63) | (space & 0x40) | (~known & 0x80);
}

struct base64 {
    uint8_t *out;
    size_t max;
    size_t len;
    uint32_t bits;  /* not yet written */
    unsigned chars; /* of the current group of four */
    unsigned padding;
};

static enum cub_error put(struct base64 *b, uint32_t value)
{
    b->bits = b->bits << 6 | value;
    if (++b->chars == 1)
        return E_OK;
    if (b->len == b->max)
        return E_PEM_TOO_LARGE;
    b->out[b->len++] = (uint8_t)(b->bits >> (8 - 2 * b->chars));
    b->chars &= 3;
    return E_OK;
}

enum cub_error cub_pem_decode(const struct cub_pem_block *block, uint8_t *out, size_t max,
                              size_t *len)
{
    struct base64 b = {out, max, 0, 0, 0, 0};

    *len = 0;
    for (size_t i = 0; i < block->body.len; i++) {
        uint8_t c = block->body.data[i];
        uint32_t value = decode_char(c);
        enum cub_error error;
        if (value & 0x40)
            continue;
        if (c == '=') {
            b.padding++;
            continue;
        }
        if ((value & 0x80) || b.padding)
            return E_PEM_BASE64;
        error = put(&b, value);
        if (error != E_OK)
            return error;
    }
    if (b.chars == 1 || b.padding != (4 - b.chars) % 4)
        return E_PEM_BASE64;
    *len = b.len;
    return E_OK;
}
