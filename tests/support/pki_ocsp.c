/*
 * OCSP responses for tests, right or wrong.
 */
#include <stdio.h>

#include "crypto/hash.h"
#include "tests/support/pki.h"
#include "x509/time.h"

#define DAY 86400

static const struct pki_cert *issuer_of(const struct pki_ocsp_spec *r)
{
    return r->issuer ? r->issuer : pki_root();
}

static void time_field(struct der_out *o, int64_t seconds)
{
    struct cub_calendar c = cub_time_civil(seconds);
    char text[32];

    snprintf(text, sizeof text, "%04d%02u%02u%02u%02u%02uZ", (int)c.year, c.month, c.day, c.hour,
             c.minute, c.second);
    der_string(o, CUB_DER_GENERALIZED_TIME, text);
}

static void digest(struct der_out *o, const struct cub_hash *hash, const void *bytes, size_t len)
{
    uint8_t out[CUB_HASH_MAX_SIZE];

    cub_hash_once(hash, bytes, len, out);
    der_element(o, CUB_DER_OCTET_STRING, out, hash->size);
}

static void cert_id(struct der_out *o, const struct pki_ocsp_spec *r)
{
    const struct pki_cert *issuer = issuer_of(r);
    const struct cub_view point = pki_key(issuer->key)->public_key.point;
    const struct cub_hash *hash = r->hash ? &cub_sha256 : &cub_sha1;
    size_t id = der_begin(o, CUB_DER_SEQUENCE);
    size_t algorithm = der_begin(o, CUB_DER_SEQUENCE);

    der_oid(o, r->hash ? r->hash : "1.3.14.3.2.26");
    der_element(o, CUB_DER_NULL, NULL, 0);
    der_end(o, algorithm);
    digest(o, hash, issuer->subject.data, issuer->subject.len - (r->other_issuer == 1));
    digest(o, hash, point.data, point.len - (r->other_issuer == 2));
    der_small(o, r->serial ? r->serial : 1);
    der_end(o, id);
}

static void critical_extension(struct der_out *o)
{
    size_t field = der_begin(o, CUB_DER_CONSTRUCTED(1));
    size_t list = der_begin(o, CUB_DER_SEQUENCE);

    pki_extension(o, "1.2.3", 1, "", 0);
    der_end(o, list);
    der_end(o, field);
}

static void single(struct der_out *o, const struct pki_ocsp_spec *r)
{
    size_t seq = der_begin(o, CUB_DER_SEQUENCE);
    size_t mark;

    cert_id(o, r);
    mark = der_begin(o, r->status == PKI_OCSP_GOOD      ? CUB_DER_PRIMITIVE(0)
                        : r->status == PKI_OCSP_REVOKED ? CUB_DER_CONSTRUCTED(1)
                        : r->status == PKI_OCSP_UNKNOWN ? CUB_DER_PRIMITIVE(2)
                                                        : CUB_DER_PRIMITIVE(3));
    if (r->status == PKI_OCSP_REVOKED)
        time_field(o, PKI_NOW - DAY);
    der_end(o, mark);
    time_field(o, r->this_update ? r->this_update : PKI_NOW - DAY);
    if (r->next_update >= 0) {
        mark = der_begin(o, CUB_DER_CONSTRUCTED(0));
        time_field(o, r->next_update ? r->next_update : PKI_NOW + DAY);
        der_end(o, mark);
    }
    if (r->critical == 2)
        critical_extension(o);
    der_end(o, seq);
}

static const struct pki_cert *signing_cert(const struct pki_ocsp_spec *r)
{
    return r->delegate ? r->delegate : issuer_of(r);
}

static void data(struct der_out *o, const struct pki_ocsp_spec *r)
{
    const struct cub_view point = pki_key(signing_cert(r)->key)->public_key.point;
    size_t seq = der_begin(o, CUB_DER_SEQUENCE);
    size_t field;

    if (r->with_version) {
        field = der_begin(o, CUB_DER_CONSTRUCTED(0));
        der_small(o, 0);
        der_end(o, field);
    }
    field = der_begin(o, r->by_name ? CUB_DER_CONSTRUCTED(1) : CUB_DER_CONSTRUCTED(2));
    if (r->by_name)
        der_raw(o, signing_cert(r)->subject.data, signing_cert(r)->subject.len);
    else
        digest(o, &cub_sha1, point.data, point.len);
    der_end(o, field);
    time_field(o, PKI_NOW - DAY);
    field = der_begin(o, CUB_DER_SEQUENCE);
    single(o, &(struct pki_ocsp_spec){.issuer = r->issuer, .serial = 4711});
    single(o, r);
    der_end(o, field);
    if (r->critical == 1)
        critical_extension(o);
    der_end(o, seq);
}

static void basic(struct der_out *o, const struct pki_ocsp_spec *r)
{
    const struct pki_key *key = r->signer ? r->signer : pki_key(signing_cert(r)->key);
    const struct cub_sign_scheme *scheme = pki_sign_scheme(key->public_key.type);
    uint8_t bytes[2000];
    struct der_out t = {bytes, sizeof bytes, 0};
    size_t seq = der_begin(o, CUB_DER_SEQUENCE);

    data(&t, r);
    der_raw(o, t.bytes, t.len);
    pki_algorithm(o, scheme);
    pki_sign(o, scheme, key, t.bytes, t.len);
    if (r->break_signature)
        o->bytes[o->len - 1] ^= 1;
    if (r->delegate) {
        size_t field = der_begin(o, CUB_DER_CONSTRUCTED(0));
        size_t list = der_begin(o, CUB_DER_SEQUENCE);
        der_raw(o, pki_chain(PKI_P256)->certs[0].der, pki_chain(PKI_P256)->certs[0].len);
        der_raw(o, r->delegate->der, r->delegate->len);
        der_end(o, list);
        der_end(o, field);
    }
    der_end(o, seq);
}

size_t pki_ocsp(uint8_t *out, size_t max, const struct pki_ocsp_spec *r)
{
    struct der_out o = {out, max, 0};
    uint8_t status = (uint8_t)r->response_status;
    size_t seq = der_begin(&o, CUB_DER_SEQUENCE);
    size_t field, bytes, octets;

    der_element(&o, CUB_DER_ENUMERATED, &status, 1);
    if (!status) {
        field = der_begin(&o, CUB_DER_CONSTRUCTED(0));
        bytes = der_begin(&o, CUB_DER_SEQUENCE);
        der_oid(&o, r->type ? r->type : "1.3.6.1.5.5.7.48.1.1");
        octets = der_begin(&o, CUB_DER_OCTET_STRING);
        basic(&o, r);
        der_end(&o, octets);
        der_end(&o, bytes);
        der_end(&o, field);
    }
    der_end(&o, seq);
    return o.len;
}
