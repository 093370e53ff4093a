#include "x509/element.h"

#include <string.h>

static enum cub_error check_integer(struct cub_view v)
{
    /* Not nine equal bits in front [X.690-8.3.2]. */
    if (v.len == 0 || (v.len > 1 && (uint16_t)((v.data[0] << 8 | v.data[1]) + 0x80) < 0x100))
        return E_DER_INTEGER;
    return E_OK;
}

static enum cub_error check_oid(struct cub_view v)
{
    uint8_t last = 0; /* an octet of 0x80 or more has one behind it in its arc */

    for (size_t i = 0; i < v.len; last = v.data[i++])
        if (v.data[i] == 0x80 && last < 0x80)
            return E_DER_OID;
    return v.len == 0 || last >= 0x80 ? E_DER_OID : E_OK;
}

enum cub_error cub_der_contents(unsigned type, struct cub_view *contents)
{
    switch (type) {
    case CUB_DER_BOOLEAN:
        return contents->len == 1 && contents->data[0] == 0xff ? E_OK : E_DER_BOOLEAN;
    case CUB_DER_INTEGER:
        return check_integer(*contents);
    case CUB_DER_OID:
        return check_oid(*contents);
    case CUB_DER_BIT_STRING:
        if (contents->len == 0 || contents->data[0] != 0)
            return E_DER_BIT_STRING;
        contents->data++;
        contents->len--;
        return E_OK;
    default:
        return E_OK;
    }
}

/* Whether contents are those of a BIT STRING, its unused bits zero [X.690-11.2.1]. */
static bool is_bit_string(struct cub_view v)
{
    if (v.len <= 1)
        return v.len == 1 && v.data[0] == 0;
    return v.data[0] <= 7 && (v.data[v.len - 1] & ((1u << v.data[0]) - 1)) == 0;
}

enum cub_error cub_der_bits(struct cub_view contents, uint16_t *named)
{
    unsigned bits = 0, found = 0;

    *named = 0;
    if (!is_bit_string(contents))
        return E_DER_BIT_STRING;
    for (size_t i = 1; i <= 2; i++)
        found = found << 8 | (i < contents.len ? contents.data[i] : 0u);
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
    struct cub_view around[CUB_STEP_DEPTH]; /* what follows the elements that were gone into */
    struct cub_view rest = *from;
    size_t depth = 0;

    do {
        if (step->tag == 0) {
            if (rest.len)
                return E_DER_TRAILING;
            rest = around[--depth];
        } else if ((step->what & CUB_STEP_OPTIONAL) && (!rest.len || rest.data[0] != step->tag)) {
            if (step->what & CUB_STEP_IN)
                while (step->tag)
                    step++;
        } else {
            struct cub_view element = rest;
            struct cub_view contents;
            enum cub_error error = cub_der_next(&rest, step->tag, &contents);
            if (error != E_OK)
                return error;
            element.len -= rest.len;
            if ((step->what & CUB_STEP_PASS) != CUB_STEP_PASS)
                field[step->what & CUB_STEP_PASS] =
                    step->what & CUB_STEP_WHOLE ? element : contents;
            if (step->what & CUB_STEP_IN) {
                around[depth++] = rest;
                rest = contents;
            }
        }
        step++;
    } while (depth > 0);
    *from = rest;
    return E_OK;
}

enum cub_error cub_der_all(struct cub_view from, const struct cub_step *steps, void *fields)
{
    enum cub_error error = cub_der_take(&from, steps, fields);

    return error == E_OK && from.len ? E_DER_TRAILING : error;
}

bool cub_view_equal(struct cub_view a, struct cub_view b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool cub_view_has(struct cub_view v, uint8_t byte)
{
    for (size_t i = 0; i < v.len; i++)
        if (v.data[i] == byte)
            return true;
    return false;
}
