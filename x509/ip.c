#include "x509/hostname.h"

/* A decimal number 0..255 without leading zeros; *at goes behind it. -1 if there is none. */
static int decimal_octet(const char **at, const char *end)
{
    const char *p = *at;
    int value = 0;
    int n = 0;

    for (; p != end && *p >= '0' && *p <= '9' && n < 4; p++, n++)
        value = value * 10 + (*p - '0');
    if (n == 0 || n > 3 || value > 255 || (n > 1 && **at == '0'))
        return -1;
    *at = p;
    return value;
}

static bool parse_v4(const char *at, const char *end, uint8_t out[4])
{
    for (int i = 0; i < 4; i++) {
        int octet;
        if (i > 0 && (at == end || *at++ != '.'))
            return false;
        octet = decimal_octet(&at, end);
        if (octet < 0)
            return false;
        out[i] = (uint8_t)octet;
    }
    return at == end;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One to four hexadecimal digits. */
static bool hex_group(const char **at, const char *end, uint8_t out[2])
{
    unsigned value = 0;
    int n = 0;

    for (; *at != end && n < 5; (*at)++, n++) {
        int digit = hex_digit(**at);
        if (digit < 0)
            break;
        value = value << 4 | (unsigned)digit;
    }
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
    return n >= 1 && n <= 4;
}

struct v6 {
    uint8_t *out;
    size_t len;
    size_t gap; /* where "::" stands, 16 if nowhere */
};

/* The groups up to the end; a dotted IPv4 address may be the last of them. */
static bool parse_groups(struct v6 *v, const char *at, const char *end)
{
    while (v->len < 16) {
        const char *start = at;
        if (!hex_group(&at, end, v->out + v->len))
            return false;
        if (at != end && *at == '.') {
            bool fits = v->len <= 12 && parse_v4(start, end, v->out + v->len);
            v->len += 4;
            return fits;
        }
        v->len += 2;
        if (at == end)
            return true;
        if (*at++ != ':')
            return false;
        if (at != end && *at == ':') {
            if (v->gap != 16)
                return false;
            v->gap = v->len;
            if (++at == end)
                return true;
        }
    }
    return false;
}

static bool parse_v6(const char *at, const char *end, uint8_t out[16])
{
    struct v6 v = {out, 0, 16};
    size_t tail;

    if (end - at >= 2 && at[0] == ':' && at[1] == ':') {
        v.gap = 0;
        at += 2;
    }
    if (!(v.gap == 0 && at == end) && !parse_groups(&v, at, end))
        return false;
    if (v.gap == 16)
        return v.len == 16;
    if (v.len > 14) /* "::" stands for one group at least [RFC4291-2.2] */
        return false;
    tail = v.len - v.gap;
    for (size_t i = 0; i < tail; i++)
        out[15 - i] = out[v.len - 1 - i];
    for (size_t i = v.gap; i < 16 - tail; i++)
        out[i] = 0;
    return true;
}

size_t cub_ip_parse(const char *text, size_t len, uint8_t out[16])
{
    if (parse_v4(text, text + len, out))
        return 4;
    return parse_v6(text, text + len, out) ? 16 : 0;
}
