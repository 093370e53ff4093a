#include "x509/idna.h"

#include <stdbool.h>
#include <stdint.h>

#include "x509/hostname.h"

#define MAX_LABEL 63 /* code points of a label, and octets of what it becomes [RFC1035-2.3.4] */

/* Parameters of Punycode [RFC3492-5]. */
enum { BASE = 36, TMIN = 1, TMAX = 26, SKEW = 38, DAMP = 700, INITIAL_BIAS = 72, INITIAL_N = 128 };

struct out {
    char *at;
    size_t left; /* without the final NUL */
    bool full;
};

static void put(struct out *o, uint32_t c)
{
    if (o->left == 0) {
        o->full = true;
        return;
    }
    *o->at++ = (char)c;
    o->left--;
}

/* The next code point of a NUL-terminated text in UTF-8 [RFC3629]; false if it is malformed. */
static bool next_code_point(const char **text, uint32_t *c)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    uint8_t first = (uint8_t) * (*text)++;
    int more = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;

    if (more < 0 || first > 0xf4)
        return false;
    *c = more ? first & (0x3fu >> more) : first;
    for (int i = 0; i < more; i++) {
        uint8_t next = (uint8_t) * *text;
        if ((next & 0xc0) != 0x80)
            return false;
        (*text)++;
        *c = *c << 6 | (next & 0x3f);
    }
    return *c >= least[more] && *c <= 0x10ffff && (*c < 0xd800 || *c > 0xdfff);
}

static uint32_t lower(uint32_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ||
        (c >= 0x391 && c <= 0x3a9 && c != 0x3a2) || (c >= 0x410 && c <= 0x42f))
        return c + 32;
    if (c >= 0x400 && c <= 0x40f)
        return c + 80;
    /* Latin Extended-A: pairs, with the capital first */
    if ((c >= 0x100 && c <= 0x137 && c != 0x130) || (c >= 0x14a && c <= 0x177))
        return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
        return c + (c & 1);
    return c;
}

/* Dots, of which some scripts have their own [RFC3490-3.1]. */
static bool is_dot(uint32_t c)
{
    return c == '.' || c == 0x3002 || c == 0xff0e || c == 0xff61;
}

static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
    uint32_t k = 0;

    delta = first ? delta / DAMP : delta / 2;
    delta += delta / points;
    for (; delta > (BASE - TMIN) * TMAX / 2; k += BASE)
        delta /= BASE - TMIN;
    return k + (BASE - TMIN + 1) * delta / (delta + SKEW);
}

static void put_digit(struct out *o, uint32_t d)
{
    put(o, d < 26 ? 'a' + d : '0' + d - 26);
}

/* A number as generalised variable-length integer [RFC3492-3.3]. */
static void put_number(struct out *o, uint32_t q, uint32_t bias)
{
    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = k <= bias ? TMIN : k >= bias + TMAX ? TMAX : k - bias;
        if (q < t)
            break;
        put_digit(o, t + (q - t) % (BASE - t));
        q = (q - t) / (BASE - t);
    }
    put_digit(o, q);
}

/* The least code point of a label that is n or more. */
static uint32_t least_from(const uint32_t *label, size_t len, uint32_t n)
{
    uint32_t least = UINT32_MAX;

    for (size_t i = 0; i < len; i++)
        if (label[i] >= n && label[i] < least)
            least = label[i];
    return least;
}

/* Section 6.3 of RFC 3492. With labels of 63 code points nothing can overflow 32 bits. */
static void put_punycode(struct out *o, const uint32_t *label, size_t len)
{
    uint32_t n = INITIAL_N, delta = 0, bias = INITIAL_BIAS;
    uint32_t handled = 0, basic = 0;

    for (size_t i = 0; i < len; i++) {
        if (label[i] < 0x80) {
            put(o, label[i]);
            basic++;
        }
    }
    if (basic)
        put(o, '-');
    for (handled = basic; handled < len;) {
        uint32_t m = least_from(label, len, n);
        delta += (m - n) * (handled + 1);
        n = m;
        for (size_t i = 0; i < len; i++) {
            if (label[i] < n)
                delta++;
            if (label[i] != n)
                continue;
            put_number(o, delta, bias);
            bias = adapt(delta, handled + 1, handled == basic);
            delta = 0;
            handled++;
        }
        delta++;
        n++;
    }
}

static void put_label(struct out *o, const uint32_t *label, size_t len)
{
    bool ascii = true;

    for (size_t i = 0; i < len; i++)
        ascii = ascii && label[i] < 0x80;
    for (const char *p = ascii ? "" : "xn--"; *p; p++)
        put(o, (uint32_t)*p);
    if (!ascii) {
        put_punycode(o, label, len);
        return;
    }
    for (size_t i = 0; i < len; i++)
        put(o, label[i]);
}

enum cub_error cub_hostname_to_ascii(const char *name, char *out, size_t max)
{
    struct out o = {out, max ? max - 1 : 0, max == 0};
    uint32_t label[MAX_LABEL];
    size_t len = 0;
    uint32_t c;

    while (*name) {
        if (!next_code_point(&name, &c))
            return E_X509_HOSTNAME_INVALID;
        if (is_dot(c)) {
            put_label(&o, label, len);
            put(&o, '.');
            len = 0;
        } else if (len == MAX_LABEL) {
            return E_X509_HOSTNAME_INVALID;
        } else {
            label[len++] = lower(c);
        }
    }
    put_label(&o, label, len);
    if (o.full)
        return E_X509_HOSTNAME_INVALID;
    *o.at = 0;
    return cub_hostname_valid(out, (size_t)(o.at - out)) ? E_OK : E_X509_HOSTNAME_INVALID;
}
