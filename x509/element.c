#include "x509/element.h"

#include <string.h>

/* Not nine equal bits in front [X.690-8.3.2]. */
static bool is_integer(const uint8_t *p, size_t len)
{
    return len == 1 || (uint16_t)((p[0] << 8 | p[1]) + 0x80) >= 0x100;
}

/* Octets of 0x80 or more have one behind them in their arc, and that is not the first of them. */
static bool is_oid(const uint8_t *p, size_t len)
{
    uint8_t last = 0;

    for (; len > 0; len--, last = *p++)
        if (*p == 0x80 && last < 0x80)
            return false;
    return last < 0x80;
}

enum cub_error cub_der_contents(unsigned type, struct cub_view *contents)
{
    const uint8_t *p = contents->data;
    size_t len = contents->len;

    switch (type) {
    case CUB_DER_BOOLEAN:
        return len == 1 && p[0] == 0xff ? E_OK : E_DER_BOOLEAN;
    case CUB_DER_INTEGER:
        return len && is_integer(p, len) ? E_OK : E_DER_INTEGER;
    case CUB_DER_OID:
        return len && is_oid(p, len) ? E_OK : E_DER_OID;
    case CUB_DER_BIT_STRING:
        if (len == 0 || p[0] != 0)
            return E_DER_BIT_STRING;
        *contents = (struct cub_view){p + 1, len - 1};
        return E_OK;
    default:
        return E_OK;
    }
}

enum cub_error cub_der_bits(const struct cub_view *contents, uint16_t *named)
{
    const uint8_t *p = contents->data;
    unsigned bits = 0, found;

    /* The unused bits of the last octet are zero; where it is the first, there are none
     * [X.690-11.2.1]. */
    if (contents->len == 0 || p[0] > 7 || (p[contents->len - 1] & ((1u << p[0]) - 1)) != 0)
        return E_DER_BIT_STRING;
    found = (contents->len > 1 ? p[1] : 0u) << 8 | (contents->len > 2 ? p[2] : 0u);
    for (int i = 0; i < 16; i++, found >>= 1) /* the first is the most significant one */
        bits = bits << 1 | (found & 1);
    *named = (uint16_t)bits;
    return E_OK;
}

enum cub_error cub_der_next(struct cub_view *from, unsigned tag, struct cub_view *contents)
{
    const uint8_t *p = from->data;
    size_t left = from->len;
    size_t len, count;

    if (left < 2)
        return E_DER_TRUNCATED;
    if ((p[0] & 0x1f) == 0x1f) /* tag numbers above 30 occur in nothing that is read here */
        return E_DER_TAG;
    len = p[1];
    p += 2;
    left -= 2;
    if (len >= 0x80) {
        /* Not indefinite form, lengths of 4 GiB and more, and lengths with leading zeros. */
        count = len - 0x80;
        if (count - 1 > 3 || count > left || p[0] == 0)
            return E_DER_LENGTH;
        left -= count;
        for (len = 0; count > 0; count--)
            len = len << 8 | *p++;
        if (len < 0x80)
            return E_DER_LENGTH;
    }
    if (len > left)
        return E_DER_TRUNCATED;
    if (tag != from->data[0] && tag != CUB_DER_ANY)
        return E_DER_TAG;
    *contents = (struct cub_view){p, len};
    *from = (struct cub_view){p + len, left - len};
    return cub_der_contents(tag, contents);
}

enum cub_error cub_der_only(struct cub_view from, unsigned tag, struct cub_view *contents)
{
    enum cub_error error = cub_der_next(&from, tag, contents);

    return error == E_OK && from.len ? E_DER_TRAILING : error;
}

enum cub_error cub_der_take(struct cub_view *from, const struct cub_step *step, void *fields)
{
    struct cub_view *field = fields;
    struct cub_view within[CUB_STEP_DEPTH + 1]; /* what is left of the elements around */
    struct cub_view *rest = within;             /* and of the innermost; behind it are contents */

    *rest = *from;
    do {
        unsigned what = step->what;
        if (step->tag == 0) {
            if (rest->len)
                return E_DER_TRAILING;
            rest--;
        } else if ((what & CUB_STEP_OPTIONAL) && (!rest->len || rest->data[0] != step->tag)) {
            while ((what & CUB_STEP_IN) && step->tag)
                step++;
        } else {
            const uint8_t *start = rest->data;
            enum cub_error error = cub_der_next(rest, step->tag, rest + 1);
            if (error != E_OK)
                return error;
            if ((what & CUB_STEP_PASS) != CUB_STEP_PASS)
                field[what & CUB_STEP_PASS] =
                    what & CUB_STEP_WHOLE ? (struct cub_view){start, (size_t)(rest->data - start)}
                                          : rest[1];
            if (what & CUB_STEP_IN)
                rest++;
        }
        step++;
    } while (rest != within);
    *from = *rest;
    return E_OK;
}

enum cub_error cub_der_all(struct cub_view from, const struct cub_step *steps, void *fields)
{
    enum cub_error error = cub_der_take(&from, steps, fields);

    return error == E_OK && from.len ? E_DER_TRAILING : error;
}

bool cub_bytes_equal(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
    return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

bool cub_view_has(struct cub_view v, uint8_t byte)
{
    for (size_t i = 0; i < v.len; i++)
        if (v.data[i] == byte)
            return true;
    return false;
}
