#include "x509/hostname.h"

#include <string.h>

/* The run of zero groups that "::" stands for: the longest, the first of equals, two at least. */
static void find_gap(const uint8_t ip[16], unsigned *start, unsigned *len)
{
    unsigned run = 0;

    *start = *len = 0;
    for (unsigned i = 0; i < 8; i++) {
        run = ip[2 * i] || ip[2 * i + 1] ? 0 : run + 1;
        if (run > *len && run > 1) {
            *len = run;
            *start = i + 1 - run;
        }
    }
}

static size_t put_group(char *out, unsigned value)
{
    static const char digits[] = "0123456789abcdef";
    size_t n = 0;

    for (int shift = 12; shift >= 0; shift -= 4)
        if (n || value >> shift || shift == 0)
            out[n++] = digits[value >> shift & 15];
    return n;
}

static size_t put_v6(const uint8_t ip[16], char out[40])
{
    unsigned start, len;
    size_t n = 0;

    find_gap(ip, &start, &len);
    for (unsigned i = 0; i < 8; i++) {
        if (len && i == start) {
            out[n++] = ':';
            i += len;
            if (i == 8)
                out[n++] = ':';
        }
        if (i == 8)
            break;
        if (i)
            out[n++] = ':';
        n += put_group(out + n, (unsigned)ip[2 * i] << 8 | ip[2 * i + 1]);
    }
    return n;
}

bool cub_ip_is_canonical(const char *text, size_t len)
{
    uint8_t ip[16];
    char again[40];

    switch (cub_ip_parse(text, len, ip)) {
    case 4:
        return true;
    case 16:
        return put_v6(ip, again) == len && memcmp(again, text, len) == 0;
    default:
        return false;
    }
}
