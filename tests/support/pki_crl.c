#include "tests/support/pki.h"

#define DAY 86400

/* reasonCode and certificateIssuer [RFC5280-5.3]. */
static void entry_extensions(struct der_out *o, const struct pki_crl_spec *spec, int first)
{
    uint8_t bytes[600];
    struct der_out c = {bytes, sizeof bytes, 0};
    size_t list, names, name;

    if (!spec->reason && !(first && spec->entry_issuer) && !spec->break_entry)
        return;
    list = der_begin(o, CUB_DER_SEQUENCE);
    if (spec->reason) {
        uint8_t reason = (uint8_t)spec->reason;
        der_element(&c, CUB_DER_ENUMERATED, &reason, 1);
        pki_extension(o, "2.5.29.21", 0, c.bytes, c.len);
    }
    if (first && spec->entry_issuer) {
        c.len = 0;
        names = der_begin(&c, CUB_DER_SEQUENCE);
        name = der_begin(&c, CUB_DER_CONSTRUCTED(4));
        der_raw(&c, spec->entry_issuer->subject.data, spec->entry_issuer->subject.len);
        der_end(&c, name);
        der_end(&c, names);
        pki_extension(o, "2.5.29.29", 1, c.bytes, c.len);
    }
    if (spec->break_entry)
        spec->break_entry(o, spec);
    der_end(o, list);
}

static void entries(struct der_out *o, const struct pki_crl_spec *spec)
{
    size_t list = der_begin(o, CUB_DER_SEQUENCE);

    for (size_t i = 0; i < spec->serial_count; i++) {
        size_t entry = der_begin(o, CUB_DER_SEQUENCE);
        der_small(o, spec->serials[i]);
        der_time(o, PKI_NOW - 30 * DAY);
        entry_extensions(o, spec, i == 0);
        der_end(o, entry);
    }
    der_end(o, list);
}

static void number_extension(struct der_out *o, const char *oid, int critical, uint32_t number)
{
    uint8_t bytes[8];
    struct der_out c = {bytes, sizeof bytes, 0};

    der_small(&c, number);
    pki_extension(o, oid, critical, c.bytes, c.len);
}

static void crl_extensions(struct der_out *o, const struct pki_crl_spec *spec)
{
    size_t field = der_begin(o, CUB_DER_CONSTRUCTED(0));
    size_t list = der_begin(o, CUB_DER_SEQUENCE);

    if (!spec->no_number)
        number_extension(o, "2.5.29.20", 0, spec->number ? spec->number : 1);
    if (spec->base)
        number_extension(o, "2.5.29.27", 1, spec->base);
    if (spec->issuing_point.len)
        pki_extension(o, "2.5.29.28", 1, spec->issuing_point.data, spec->issuing_point.len);
    if (spec->break_extensions)
        spec->break_extensions(o, spec);
    der_end(o, list);
    der_end(o, field);
}

static void tbs(struct der_out *o, const struct pki_crl_spec *spec,
                const struct cub_sign_scheme *scheme)
{
    size_t seq = der_begin(o, CUB_DER_SEQUENCE);

    if (!spec->version_1)
        der_small(o, 1);
    pki_algorithm(o, scheme);
    der_raw(o, spec->issuer->subject.data, spec->issuer->subject.len);
    der_time(o, spec->this_update ? spec->this_update : PKI_NOW - DAY);
    if (spec->next_update >= 0)
        der_time(o, spec->next_update ? spec->next_update : PKI_NOW + DAY);
    if (spec->serial_count)
        entries(o, spec);
    if (!spec->version_1)
        crl_extensions(o, spec);
    der_end(o, seq);
}

size_t pki_crl(uint8_t *out, size_t max, const struct pki_crl_spec *spec)
{
    const struct pki_key *key = spec->signer ? spec->signer : pki_key(spec->issuer->key);
    const struct cub_sign_scheme *scheme = pki_sign_scheme(key->public_key.type);
    uint8_t bytes[4000];
    struct der_out t = {bytes, sizeof bytes, 0};
    struct der_out o = {out, max, 0};
    size_t seq = der_begin(&o, CUB_DER_SEQUENCE);

    tbs(&t, spec, scheme);
    der_raw(&o, t.bytes, t.len);
    pki_algorithm(&o, scheme);
    pki_sign(&o, scheme, key, t.bytes, t.len);
    if (spec->break_signature)
        o.bytes[o.len - 1] ^= 1;
    der_end(&o, seq);
    return o.len;
}
