#include <string.h>

#include "crypto/ecdsa.h"

/*
 * Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER } [RFC5480-A], in DER: one encoding for each
 * pair, so that no signature can be changed without breaking it.
 */
struct cursor {
    const uint8_t *p;
    const uint8_t *end;
};

/* Reads a positive INTEGER of at most size bytes, without needless leading zeros. */
static bool read_integer(struct cursor *c, size_t size, uint8_t *out)
{
    size_t len;

    if (c->end - c->p < 3 || c->p[0] != 0x02 || c->p[1] == 0 || c->p[1] > c->end - c->p - 2)
        return false;
    len = c->p[1];
    c->p += 2;
    if (c->p[0] & 0x80) /* negative */
        return false;
    if (c->p[0] == 0) {
        if (len == 1 || !(c->p[1] & 0x80)) /* zero, or a needless zero */
            return false;
        c->p++;
        len--;
    }
    if (len > size)
        return false;
    memset(out, 0, size - len);
    memcpy(out + size - len, c->p, len);
    c->p += len;
    return true;
}

bool cub_ecdsa_decode(const uint8_t *sig, size_t sig_len, size_t size, uint8_t *raw)
{
    struct cursor c = {sig, sig + sig_len};
    size_t len;

    /* The longest content is 138 bytes: a length of one byte, or 81 and one byte from 80 on. */
    if (sig_len < 3 || sig[0] != 0x30)
        return false;
    len = sig[1];
    c.p += 2;
    if (len == 0x81) {
        len = sig[2];
        c.p++;
        if (len < 0x80)
            return false;
    } else if (len >= 0x80) {
        return false;
    }
    return len == (size_t)(c.end - c.p) && read_integer(&c, size, raw) &&
           read_integer(&c, size, raw + size) && c.p == c.end;
}

static uint8_t *write_integer(const uint8_t *value, size_t size, uint8_t *p)
{
    while (size > 1 && *value == 0) {
        value++;
        size--;
    }
    *p++ = 0x02;
    *p++ = (uint8_t)(size + (*value >> 7));
    if (*value & 0x80)
        *p++ = 0;
    memcpy(p, value, size);
    return p + size;
}

size_t cub_ecdsa_encode(const uint8_t *raw, size_t size, uint8_t *sig)
{
    uint8_t content[CUB_ECDSA_MAX_DER];
    uint8_t *end = write_integer(raw, size, content);
    uint8_t *p = sig;
    size_t len;

    end = write_integer(raw + size, size, end);
    len = (size_t)(end - content);
    *p++ = 0x30;
    if (len >= 0x80)
        *p++ = 0x81;
    *p++ = (uint8_t)len;
    memcpy(p, content, len);
    return (size_t)(p - sig) + len;
}
