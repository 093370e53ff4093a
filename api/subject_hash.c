#include "api/subject_hash.h"

#include <string.h>

#include "api/memory.h"
#include "api/text.h"
#include "crypto/hash.h"
#include "x509/der.h"
#include "x509/name.h"

/* Appends identifier and length. */
static bool put_header(struct cub_buffer *out, uint8_t tag, size_t len)
{
    uint8_t header[6] = {tag, (uint8_t)len};
    size_t n = 2;

    if (len >= 0x80) {
        unsigned octets = len < 0x100 ? 1 : len < 0x10000 ? 2 : 3;
        header[1] = (uint8_t)(0x80 | octets);
        for (unsigned i = octets; i-- > 0;)
            header[n++] = (uint8_t)(len >> (8 * i));
    }
    return cub_buffer_append(out, header, n);
}

static bool put_element(struct cub_buffer *out, uint8_t tag, const void *contents, size_t len)
{
    return put_header(out, tag, len) && cub_buffer_append(out, contents, len);
}

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Small letters, single inner spaces and none at the ends, in place; returns the new length. */
static size_t fold(uint8_t *s, size_t len)
{
    size_t used = 0;

    for (size_t i = 0; i < len; i++) {
        uint8_t c = s[i];
        if (is_space(c)) {
            if (used == 0 || s[used - 1] == ' ')
                continue;
            c = ' ';
        } else if (c >= 'A' && c <= 'Z') {
            c = (uint8_t)(c + 32);
        }
        s[used++] = c;
    }
    return used && s[used - 1] == ' ' ? used - 1 : used;
}

/* The types whose values OpenSSL folds (ASN1_MASK_CANON). */
static bool is_folded(unsigned tag)
{
    return tag == CUB_DER_UTF8_STRING || tag == CUB_DER_BMP_STRING ||
           tag == CUB_DER_UNIVERSAL_STRING || tag == CUB_DER_PRINTABLE_STRING ||
           tag == CUB_DER_TELETEX_STRING || tag == CUB_DER_IA5_STRING ||
           tag == CUB_DER_VISIBLE_STRING;
}

/* One AttributeTypeAndValue in canonical form. */
static bool put_attribute(struct cub_buffer *out, const struct cub_attribute *a)
{
    struct cub_buffer value = {0}, inner = {0};
    uint8_t tag = is_folded(a->tag) ? CUB_DER_UTF8_STRING : (uint8_t)a->tag;
    bool ok = is_folded(a->tag) ? cub_text_utf8(&value, a->tag, a->value)
                                : cub_buffer_append(&value, a->value.data, a->value.len);

    if (ok && is_folded(a->tag))
        value.len = fold(value.data, value.len);
    ok = ok && put_element(&inner, CUB_DER_OID, a->type.data, a->type.len) &&
         put_element(&inner, tag, value.data, value.len) &&
         put_element(out, CUB_DER_SEQUENCE, inner.data, inner.len);
    cub_buffer_free(&value);
    cub_buffer_free(&inner);
    return ok;
}

/* Attributes of one RDN: more than these are beyond what anybody issues. */
#define MAX_SET 16

struct rdn {
    struct cub_buffer bytes;   /* the attributes one after the other */
    size_t start[MAX_SET + 1]; /* where each begins */
    unsigned count;
};

/* Order of the elements of a SET OF: as octet strings, padded with zeros [X.690-11.6]. */
static int compare(const struct rdn *rdn, unsigned a, unsigned b)
{
    size_t a_len = rdn->start[a + 1] - rdn->start[a];
    size_t b_len = rdn->start[b + 1] - rdn->start[b];
    int order = memcmp(rdn->bytes.data + rdn->start[a], rdn->bytes.data + rdn->start[b],
                       a_len < b_len ? a_len : b_len);

    return order ? order : a_len < b_len ? -1 : a_len > b_len;
}

/* Ends an RDN: its attributes as a sorted SET. */
static bool put_rdn(struct cub_buffer *out, struct rdn *rdn)
{
    bool written[MAX_SET] = {false};
    bool ok = put_header(out, CUB_DER_SET, rdn->bytes.len);

    for (unsigned done = 0; done < rdn->count; done++) {
        unsigned least = MAX_SET;
        for (unsigned i = 0; i < rdn->count; i++)
            if (!written[i] && (least == MAX_SET || compare(rdn, i, least) < 0))
                least = i;
        written[least] = true;
        ok = ok && cub_buffer_append(out, rdn->bytes.data + rdn->start[least],
                                     rdn->start[least + 1] - rdn->start[least]);
    }
    rdn->bytes.len = 0;
    rdn->count = 0;
    return ok;
}

/* The canonical form: the SETs one after the other, without the SEQUENCE around them. */
static bool canonical(struct cub_view name, struct cub_buffer *out)
{
    struct cub_name_walk walk;
    struct cub_attribute a;
    struct rdn rdn = {0};
    unsigned current = 1;
    bool ok = true;

    cub_name_walk(&walk, name);
    while (ok && cub_name_next(&walk, &a)) {
        if (a.rdn != current)
            ok = put_rdn(out, &rdn);
        current = a.rdn;
        ok = ok && rdn.count < MAX_SET && put_attribute(&rdn.bytes, &a);
        if (ok)
            rdn.start[++rdn.count] = rdn.bytes.len;
    }
    if (ok && rdn.count)
        ok = put_rdn(out, &rdn);
    cub_buffer_free(&rdn.bytes);
    return ok;
}

bool cub_subject_hash(struct cub_view name, uint32_t *hash)
{
    struct cub_buffer bytes = {0};
    uint8_t digest[20];
    bool ok = canonical(name, &bytes);

    if (ok) {
        cub_hash_once(&cub_sha1, bytes.data, bytes.len, digest);
        *hash = (uint32_t)digest[3] << 24 | (uint32_t)digest[2] << 16 | (uint32_t)digest[1] << 8 |
                digest[0];
    }
    cub_buffer_free(&bytes);
    return ok;
}
