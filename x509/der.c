#include "x509/der.h"

#include <string.h>

struct cub_der cub_der_open(const uint8_t *data, size_t len, enum cub_error *error)
{
    return (struct cub_der){data, len ? data + len : data, error};
}

struct cub_der cub_der_sub(const struct cub_der *d, struct cub_view bytes)
{
    return cub_der_open(bytes.data, bytes.len, d->error);
}

void cub_der_fail(struct cub_der *d, enum cub_error error)
{
    if (*d->error == E_OK)
        *d->error = error;
    d->at = d->end;
}

bool cub_der_ok(const struct cub_der *d)
{
    return *d->error == E_OK;
}

bool cub_der_more(const struct cub_der *d)
{
    return *d->error == E_OK && d->at != d->end;
}

unsigned cub_der_peek(const struct cub_der *d)
{
    return cub_der_more(d) ? d->at[0] : 0;
}

enum cub_error cub_der_done(struct cub_der *d)
{
    if (cub_der_more(d))
        cub_der_fail(d, E_DER_TRAILING);
    return *d->error;
}

/* The length octets at p, of which left remain; false if they are not DER. */
static bool read_length(const uint8_t **p, size_t left, size_t *len)
{
    const uint8_t *at = *p;
    size_t count;
    size_t value = 0;

    if (at[0] < 0x80) {
        *len = at[0];
        *p = at + 1;
        return true;
    }
    count = at[0] & 0x7fu;
    /* Indefinite form, lengths of 4 GiB and more, and lengths with leading zeros. */
    if (count == 0 || count > 4 || count >= left || at[1] == 0)
        return false;
    for (size_t i = 1; i <= count; i++)
        value = value << 8 | at[i];
    *len = value;
    *p = at + 1 + count;
    return value >= 0x80;
}

struct cub_view cub_der_any(struct cub_der *d, unsigned *tag)
{
    const uint8_t *p = d->at;
    struct cub_view contents = {NULL, 0};
    size_t len;

    *tag = 0;
    if (*d->error != E_OK)
        return contents;
    if (d->end - p < 2) {
        cub_der_fail(d, E_DER_TRUNCATED);
        return contents;
    }
    *tag = *p++;
    if ((*tag & 0x1f) == 0x1f) /* tag numbers above 30 occur in nothing that is read here */
        cub_der_fail(d, E_DER_TAG);
    else if (!read_length(&p, (size_t)(d->end - p), &len))
        cub_der_fail(d, E_DER_LENGTH);
    else if (len > (size_t)(d->end - p))
        cub_der_fail(d, E_DER_TRUNCATED);
    else {
        contents = (struct cub_view){p, len};
        d->at = p + len;
    }
    return contents;
}

struct cub_view cub_der_read(struct cub_der *d, unsigned tag)
{
    unsigned found;
    struct cub_view contents = cub_der_any(d, &found);

    if (found != tag && cub_der_ok(d))
        cub_der_fail(d, E_DER_TAG);
    if (!cub_der_ok(d))
        contents = (struct cub_view){NULL, 0};
    return contents;
}

struct cub_der cub_der_enter(struct cub_der *d, unsigned tag)
{
    return cub_der_sub(d, cub_der_read(d, tag));
}

bool cub_der_optional(struct cub_der *d, unsigned tag, struct cub_der *inner)
{
    if (cub_der_peek(d) != tag)
        return false;
    *inner = cub_der_enter(d, tag);
    return cub_der_ok(d);
}

struct cub_view cub_der_element(struct cub_der *d)
{
    const uint8_t *start = d->at;
    unsigned tag;

    (void)cub_der_any(d, &tag);
    if (!cub_der_ok(d))
        return (struct cub_view){NULL, 0};
    return (struct cub_view){start, (size_t)(d->at - start)};
}

struct cub_view cub_der_element_of(struct cub_der *d, unsigned tag)
{
    const uint8_t *start = d->at;

    (void)cub_der_read(d, tag);
    if (!cub_der_ok(d))
        return (struct cub_view){NULL, 0};
    return (struct cub_view){start, (size_t)(d->at - start)};
}

bool cub_der_boolean(struct cub_der *d)
{
    struct cub_view v = cub_der_read(d, CUB_DER_BOOLEAN);

    if (!cub_der_ok(d))
        return false;
    if (v.len != 1 || (v.data[0] != 0 && v.data[0] != 0xff)) {
        cub_der_fail(d, E_DER_BOOLEAN);
        return false;
    }
    return v.data[0] != 0;
}

bool cub_der_default_false(struct cub_der *d)
{
    if (cub_der_peek(d) != CUB_DER_BOOLEAN)
        return false;
    if (!cub_der_boolean(d))
        cub_der_fail(d, E_DER_BOOLEAN);
    return cub_der_ok(d);
}

/* An integer's contents under any tag, minimal [X.690-8.3.2]. */
static struct cub_view minimal_integer(struct cub_der *d, unsigned tag)
{
    struct cub_view v = cub_der_read(d, tag);

    if (!cub_der_ok(d))
        return v;
    if (v.len == 0 || (v.len > 1 && ((v.data[0] == 0 && v.data[1] < 0x80) ||
                                     (v.data[0] == 0xff && v.data[1] >= 0x80)))) {
        cub_der_fail(d, E_DER_INTEGER);
        v = (struct cub_view){NULL, 0};
    }
    return v;
}

struct cub_view cub_der_integer(struct cub_der *d)
{
    return minimal_integer(d, CUB_DER_INTEGER);
}

static struct cub_view unsigned_integer(struct cub_der *d, unsigned tag)
{
    struct cub_view v = minimal_integer(d, tag);

    if (v.len && v.data[0] >= 0x80) {
        cub_der_fail(d, E_DER_INTEGER);
        v = (struct cub_view){NULL, 0};
    }
    if (v.len && v.data[0] == 0) {
        v.data++;
        v.len--;
    }
    return v;
}

struct cub_view cub_der_unsigned(struct cub_der *d)
{
    return unsigned_integer(d, CUB_DER_INTEGER);
}

uint32_t cub_der_small(struct cub_der *d, unsigned tag, uint32_t max)
{
    struct cub_view v = unsigned_integer(d, tag);
    uint32_t value = 0;

    if (v.len > sizeof value) {
        cub_der_fail(d, E_DER_INTEGER);
        return 0;
    }
    for (size_t i = 0; i < v.len; i++)
        value = value << 8 | v.data[i];
    if (value > max) {
        cub_der_fail(d, E_DER_INTEGER);
        return 0;
    }
    return value;
}

struct cub_view cub_der_octet_bits(struct cub_der *d)
{
    struct cub_view v = cub_der_read(d, CUB_DER_BIT_STRING);

    if (!cub_der_ok(d))
        return v;
    if (v.len == 0 || v.data[0] != 0) {
        cub_der_fail(d, E_DER_BIT_STRING);
        return (struct cub_view){NULL, 0};
    }
    return (struct cub_view){v.data + 1, v.len - 1};
}

/* Whether contents are those of a BIT STRING, its unused bits zero [X.690-11.2.1]. */
static bool is_bit_string(struct cub_view v)
{
    if (v.len == 0 || v.data[0] > 7)
        return false;
    if (v.len == 1)
        return v.data[0] == 0;
    return (v.data[v.len - 1] & ((1u << v.data[0]) - 1)) == 0;
}

uint32_t cub_der_named_bits(struct cub_der *d, unsigned tag)
{
    struct cub_view v = cub_der_read(d, tag);
    uint32_t bits = 0;

    if (!cub_der_ok(d))
        return 0;
    if (!is_bit_string(v)) {
        cub_der_fail(d, E_DER_BIT_STRING);
        return 0;
    }
    for (size_t i = 0; i < 16 && i / 8 + 1 < v.len; i++)
        bits |= (uint32_t)(v.data[1 + i / 8] >> (7 - i % 8) & 1) << i;
    return bits;
}

void cub_der_null(struct cub_der *d)
{
    if (cub_der_read(d, CUB_DER_NULL).len != 0)
        cub_der_fail(d, E_DER_LENGTH);
}

struct cub_view cub_der_oid(struct cub_der *d)
{
    struct cub_view v = cub_der_read(d, CUB_DER_OID);
    bool first = true; /* the next octet begins an arc */
    bool bad = v.len == 0;

    if (!cub_der_ok(d))
        return v;
    for (size_t i = 0; i < v.len; i++) {
        bad |= first && v.data[i] == 0x80;
        first = v.data[i] < 0x80;
    }
    if (bad || !first) {
        cub_der_fail(d, E_DER_OID);
        v = (struct cub_view){NULL, 0};
    }
    return v;
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
