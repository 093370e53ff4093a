#include "x509/name.h"

#include <string.h>

#include "crypto/hash.h"
#include "x509/oid.h"

/* A string as it counts in comparison: lower case, single inner spaces, none at the ends. */
struct folding {
    const uint8_t *at;
    const uint8_t *end;
};

static struct folding fold(struct cub_view v)
{
    struct folding f = {v.data, v.data + v.len};

    while (f.at != f.end && *f.at == ' ')
        f.at++;
    while (f.at != f.end && f.end[-1] == ' ')
        f.end--;
    return f;
}

/* The next octet, -1 at the end. */
static int fold_next(struct folding *f)
{
    uint8_t c;

    if (f->at == f->end)
        return -1;
    c = *f->at++;
    if (c == ' ')
        while (*f->at == ' ') /* the string does not end in a space */
            f->at++;
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* Whether values of a type are compared as folded strings; the rest is compared as bytes. */
static bool is_foldable(unsigned tag)
{
    return tag == CUB_DER_UTF8_STRING || tag == CUB_DER_PRINTABLE_STRING ||
           tag == CUB_DER_IA5_STRING;
}

static bool attribute_equal(const struct cub_attribute *a, const struct cub_attribute *b)
{
    struct folding x, y;
    int c;

    if (!cub_view_equal(a->type, b->type) || a->rdn != b->rdn)
        return false;
    if (a->tag == b->tag && cub_view_equal(a->value, b->value))
        return true;
    if (!is_foldable(a->tag) || !is_foldable(b->tag))
        return false;
    x = fold(a->value);
    y = fold(b->value);
    do {
        c = fold_next(&x);
        if (c != fold_next(&y))
            return false;
    } while (c >= 0);
    return true;
}

/* One attribute: SEQUENCE { type OBJECT IDENTIFIER, value ANY }. */
static void read_attribute(struct cub_der *set, struct cub_attribute *attribute)
{
    struct cub_der seq = cub_der_enter(set, CUB_DER_SEQUENCE);

    attribute->type = cub_der_oid(&seq);
    attribute->value = cub_der_any(&seq, &attribute->tag);
    (void)cub_der_done(&seq);
}

void cub_name_walk(struct cub_name_walk *walk, struct cub_view name)
{
    struct cub_der d;

    walk->error = E_OK;
    walk->rdn = 0;
    d = cub_der_open(name.data, name.len, &walk->error);
    walk->rdns = cub_der_enter(&d, CUB_DER_SEQUENCE);
    walk->set = cub_der_open(NULL, 0, &walk->error);
}

bool cub_name_next(struct cub_name_walk *walk, struct cub_attribute *attribute)
{
    if (!cub_der_more(&walk->set)) {
        if (!cub_der_more(&walk->rdns))
            return false;
        walk->set = cub_der_enter(&walk->rdns, CUB_DER_SET);
        walk->rdn++;
    }
    read_attribute(&walk->set, attribute);
    attribute->rdn = walk->rdn;
    return walk->error == E_OK;
}

bool cub_name_equal(struct cub_view a, struct cub_view b)
{
    struct cub_name_walk x, y;
    struct cub_attribute p, q;
    bool more;

    if (cub_view_equal(a, b))
        return true;
    cub_name_walk(&x, a);
    cub_name_walk(&y, b);
    do {
        more = cub_name_next(&x, &p);
        if (more != cub_name_next(&y, &q) || (more && !attribute_equal(&p, &q)))
            return false;
    } while (more);
    return x.error == E_OK && y.error == E_OK;
}

bool cub_name_within(struct cub_view name, struct cub_view prefix)
{
    struct cub_name_walk x, y;
    struct cub_attribute p, q;
    unsigned rdn = 0;

    cub_name_walk(&x, name);
    cub_name_walk(&y, prefix);
    while (cub_name_next(&y, &q)) {
        if (!cub_name_next(&x, &p) || !attribute_equal(&p, &q))
            return false;
        rdn = q.rdn;
    }
    /* The last RDN of the prefix must not be but a part of that of the name. */
    if (cub_name_next(&x, &p) && p.rdn == rdn)
        return false;
    return x.error == E_OK && y.error == E_OK;
}

bool cub_name_is_extended(struct cub_view name, struct cub_view issuer, struct cub_view rdn)
{
    enum cub_error error = E_OK;
    struct cub_der set = cub_der_open(rdn.data, rdn.len, &error);
    struct cub_name_walk x, y;
    struct cub_attribute p, q;

    cub_name_walk(&x, name);
    cub_name_walk(&y, issuer);
    while (cub_name_next(&y, &q))
        if (!cub_name_next(&x, &p) || !attribute_equal(&p, &q))
            return false;
    while (cub_der_more(&set)) {
        read_attribute(&set, &q);
        q.rdn = y.rdn + 1;
        if (!cub_name_next(&x, &p) || !attribute_equal(&p, &q))
            return false;
    }
    return !cub_name_next(&x, &p) && x.error == E_OK && y.error == E_OK && error == E_OK;
}

static void digest_value(void *context, const struct cub_attribute *a)
{
    struct folding f;
    uint8_t block[32];
    size_t n = 0;
    int c;

    if (!is_foldable(a->tag)) {
        cub_hash_update(&cub_sha256, context, a->value.data, a->value.len);
        return;
    }
    f = fold(a->value);
    while ((c = fold_next(&f)) >= 0) {
        block[n++] = (uint8_t)c;
        if (n == sizeof block) {
            cub_hash_update(&cub_sha256, context, block, n);
            n = 0;
        }
    }
    cub_hash_update(&cub_sha256, context, block, n);
}

/* The length of a value as it counts, so that the digest's input can be read in one way only. */
static uint32_t folded_length(const struct cub_attribute *a)
{
    struct folding f = fold(a->value);
    uint32_t n = 0;

    if (!is_foldable(a->tag))
        return (uint32_t)a->value.len;
    while (fold_next(&f) >= 0)
        n++;
    return n;
}

void cub_name_digest(struct cub_view name, uint8_t out[32])
{
    struct cub_hash_context context;
    struct cub_name_walk walk;
    struct cub_attribute a;

    cub_hash_init(&cub_sha256, &context);
    cub_name_walk(&walk, name);
    while (cub_name_next(&walk, &a)) {
        uint32_t n = folded_length(&a);
        uint8_t head[8] = {(uint8_t)a.rdn,
                           is_foldable(a.tag) ? CUB_DER_UTF8_STRING : (uint8_t)a.tag,
                           (uint8_t)(a.type.len >> 8),
                           (uint8_t)a.type.len,
                           (uint8_t)(n >> 24),
                           (uint8_t)(n >> 16),
                           (uint8_t)(n >> 8),
                           (uint8_t)n};
        cub_hash_update(&cub_sha256, &context, head, sizeof head);
        cub_hash_update(&cub_sha256, &context, a.type.data, a.type.len);
        digest_value(&context, &a);
    }
    cub_hash_output(&cub_sha256, &context, out);
}

bool cub_name_empty(struct cub_view name)
{
    return name.len <= 2;
}

/*
 *   Name ::= SEQUENCE OF RelativeDistinguishedName
 *   RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
 *   AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }
 */
enum cub_error cub_name_check(struct cub_view name)
{
    static const struct cub_step attribute[] = {
        {CUB_DER_SEQUENCE, CUB_STEP_IN | CUB_STEP_PASS},
        {CUB_DER_OID,      CUB_STEP_PASS              },
        {CUB_DER_ANY,      CUB_STEP_PASS              },
        CUB_STEP_OUT,
    };
    struct cub_view set = {NULL, 0};
    enum cub_error error = cub_der_only(name, CUB_DER_SEQUENCE, &name);

    while (error == E_OK && (set.len || name.len)) {
        if (set.len)
            error = cub_der_take(&set, attribute, NULL);
        else {
            error = cub_der_next(&name, CUB_DER_SET, &set);
            if (error == E_OK && !set.len)
                error = E_X509_NAME;
        }
    }
    return error;
}

struct cub_view cub_name_read(struct cub_der *d)
{
    struct cub_view name = cub_der_element(d);
    enum cub_error error = cub_der_ok(d) ? cub_name_check(name) : E_OK;

    if (error != E_OK) {
        cub_der_fail(d, error);
        name = (struct cub_view){NULL, 0};
    }
    return name;
}

bool cub_attribute_is(const struct cub_attribute *attribute, unsigned n)
{
    return cub_oid_under(attribute->type, CUB_ARC_ATTRIBUTE) == (int)n;
}
