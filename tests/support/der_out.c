#include "tests/support/der_out.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "x509/der.h"
#include "x509/time.h"

void der_raw(struct der_out *o, const void *bytes, size_t len)
{
    cr_assert_leq(len, o->max - o->len, "DER of a test does not fit its buffer");
    if (len)
        memcpy(o->bytes + o->len, bytes, len);
    o->len += len;
}

static void octet(struct der_out *o, unsigned value)
{
    uint8_t byte = (uint8_t)value;

    der_raw(o, &byte, 1);
}

size_t der_begin(struct der_out *o, unsigned tag)
{
    octet(o, tag);
    return o->len;
}

void der_end(struct der_out *o, size_t mark)
{
    size_t len = o->len - mark;
    uint8_t head[5];
    size_t n = 0;

    if (len < 0x80) {
        head[n++] = (uint8_t)len;
    } else {
        int count = len < 0x100 ? 1 : len < 0x10000 ? 2 : len < 0x1000000 ? 3 : 4;
        head[n++] = (uint8_t)(0x80 | count);
        while (count-- > 0)
            head[n++] = (uint8_t)(len >> (8 * count));
    }
    der_raw(o, head, n); /* makes room */
    memmove(o->bytes + mark + n, o->bytes + mark, len);
    memcpy(o->bytes + mark, head, n);
}

void der_element(struct der_out *o, unsigned tag, const void *contents, size_t len)
{
    size_t mark = der_begin(o, tag);

    der_raw(o, contents, len);
    der_end(o, mark);
}

void der_string(struct der_out *o, unsigned tag, const char *text)
{
    der_element(o, tag, text, strlen(text));
}

static void arc(struct der_out *o, unsigned long value)
{
    int shift = 0;

    while (value >> shift >= 0x80)
        shift += 7;
    for (; shift > 0; shift -= 7)
        octet(o, 0x80 | (unsigned)(value >> shift & 0x7f));
    octet(o, (unsigned)(value & 0x7f));
}

void der_oid(struct der_out *o, const char *dotted)
{
    size_t mark = der_begin(o, CUB_DER_OID);
    char *at;
    unsigned long first = strtoul(dotted, &at, 10);

    arc(o, first * 40 + strtoul(at + 1, &at, 10));
    while (*at == '.')
        arc(o, strtoul(at + 1, &at, 10));
    der_end(o, mark);
}

void der_unsigned(struct der_out *o, struct cub_view bytes)
{
    size_t mark = der_begin(o, CUB_DER_INTEGER);

    if (bytes.len == 0 || bytes.data[0] >= 0x80)
        octet(o, 0);
    der_raw(o, bytes.data, bytes.len);
    der_end(o, mark);
}

void der_small(struct der_out *o, uint32_t value)
{
    uint8_t bytes[4];
    size_t n = 0;

    for (int shift = 24; shift >= 0; shift -= 8)
        if (n || value >> shift)
            bytes[n++] = (uint8_t)(value >> shift);
    der_unsigned(o, (struct cub_view){bytes, n});
}

void der_boolean(struct der_out *o, int value)
{
    der_element(o, CUB_DER_BOOLEAN, value ? "\xff" : "\0", 1);
}

void der_bits(struct der_out *o, const void *bytes, size_t len)
{
    size_t mark = der_begin(o, CUB_DER_BIT_STRING);

    octet(o, 0);
    der_raw(o, bytes, len);
    der_end(o, mark);
}

void der_named_bits(struct der_out *o, unsigned tag, uint32_t bits)
{
    uint8_t contents[5] = {0};
    unsigned count = 0;

    for (unsigned i = 0; i < 32; i++) {
        if (bits >> i & 1) {
            contents[1 + i / 8] |= (uint8_t)(0x80 >> i % 8);
            count = i + 1;
        }
    }
    contents[0] = (uint8_t)((8 - count % 8) % 8);
    der_element(o, tag, contents, 1 + (count + 7) / 8);
}

void der_time(struct der_out *o, int64_t seconds)
{
    struct cub_calendar c = cub_time_civil(seconds);
    char text[40];

    snprintf(text, sizeof text, "%04d%02u%02u%02u%02u%02uZ", (int)c.year, c.month, c.day, c.hour,
             c.minute, c.second);
    if (c.year >= 1950 && c.year < 2050)
        der_string(o, CUB_DER_UTC_TIME, text + 2);
    else
        der_string(o, CUB_DER_GENERALIZED_TIME, text);
}

uint8_t *der_find(uint8_t *bytes, size_t len, const void *wanted, size_t wanted_len)
{
    for (size_t i = 0; i + wanted_len <= len; i++)
        if (memcmp(bytes + i, wanted, wanted_len) == 0)
            return bytes + i;
    cr_assert_fail("bytes to be changed are not there");
    return NULL;
}
