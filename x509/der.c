#include "x509/der.h"

struct cub_der cub_der_open(const uint8_t *data, size_t len, enum cub_error *error)
{
    return (struct cub_der){data, len ? data + len : data, error};
}

struct cub_der cub_der_sub(const struct cub_der *d, struct cub_view bytes)
{
    return cub_der_open(bytes.data, bytes.len, d->error);
}

struct cub_view cub_der_rest(const struct cub_der *d)
{
    return (struct cub_view){d->at, (size_t)(d->end - d->at)};
}

void cub_der_fail(struct cub_der *d, enum cub_error error)
{
    if (*d->error == E_OK)
        *d->error = error;
    d->at = d->end;
}

void cub_der_went(struct cub_der *d, struct cub_view rest, enum cub_error error)
{
    if (error == E_OK)
        d->at = rest.data;
    else
        cub_der_fail(d, error);
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

struct cub_view cub_der_any(struct cub_der *d, unsigned *tag)
{
    struct cub_view rest = cub_der_rest(d);
    struct cub_view contents = {NULL, 0};
    enum cub_error error;

    *tag = cub_der_peek(d);
    if (!cub_der_ok(d))
        return contents;
    error = cub_der_next(&rest, CUB_DER_ANY, &contents);
    cub_der_went(d, rest, error);
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

void cub_der_take_from(struct cub_der *d, const struct cub_step *steps, void *fields)
{
    struct cub_view rest = cub_der_rest(d);
    enum cub_error error;

    if (!cub_der_ok(d))
        return;
    error = cub_der_take(&rest, steps, fields);
    cub_der_went(d, rest, error);
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

/* The contents of an element under any tag that are those of a type (cub_der_contents). */
static struct cub_view read_as(struct cub_der *d, unsigned tag, unsigned type)
{
    struct cub_view v = cub_der_read(d, tag);
    enum cub_error error;

    if (!cub_der_ok(d))
        return v;
    error = cub_der_contents(type, &v);
    if (error != E_OK) {
        cub_der_fail(d, error);
        v = (struct cub_view){NULL, 0};
    }
    return v;
}

struct cub_view cub_der_integer(struct cub_der *d)
{
    return read_as(d, CUB_DER_INTEGER, CUB_DER_INTEGER);
}

static struct cub_view unsigned_integer(struct cub_der *d, unsigned tag)
{
    struct cub_view v = read_as(d, tag, CUB_DER_INTEGER);

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
    return read_as(d, CUB_DER_BIT_STRING, CUB_DER_BIT_STRING);
}

uint32_t cub_der_named_bits(struct cub_der *d, unsigned tag)
{
    struct cub_view v = cub_der_read(d, tag);
    uint16_t bits = 0;
    enum cub_error error = cub_der_ok(d) ? cub_der_bits(&v, &bits) : E_OK;

    if (error != E_OK)
        cub_der_fail(d, error);
    return bits;
}

void cub_der_null(struct cub_der *d)
{
    if (cub_der_read(d, CUB_DER_NULL).len != 0)
        cub_der_fail(d, E_DER_LENGTH);
}

struct cub_view cub_der_oid(struct cub_der *d)
{
    return read_as(d, CUB_DER_OID, CUB_DER_OID);
}
