/*
 * Certificates as getpeercert() shows them.
 */
#include "api/cubtls.h"

#include <string.h>

#include "api/memory.h"
#include "api/result.h"
#include "api/text.h"
#include "x509/cert.h"
#include "x509/general_name.h"
#include "x509/key.h"
#include "x509/name.h"
#include "x509/oid.h"

#define AD_OCSP       (CUB_ARC_PKIX "\x30\x01")
#define AD_CA_ISSUERS (CUB_ARC_PKIX "\x30\x02")

struct cert_info {
    struct cub_cert_info public; /* the first member: what callers see */
    struct cub_pool pool;
};

/* How many RDNs and attributes a name has. */
static void count_name(struct cub_view name, size_t *rdns, size_t *attributes)
{
    struct cub_name_walk walk;
    struct cub_attribute attribute = {0};

    *attributes = 0;
    cub_name_walk(&walk, name);
    while (cub_name_next(&walk, &attribute))
        ++*attributes;
    *rdns = attribute.rdn;
}

static void describe_name(struct cub_pool *pool, struct cub_view name, const struct cub_rdn **out,
                          size_t *out_count)
{
    struct cub_name_walk walk;
    struct cub_attribute a;
    size_t count, total, used = 0;
    struct cub_rdn *rdns;
    struct cub_name_value *values;

    count_name(name, &count, &total);
    rdns = cub_pool_alloc(pool, count * sizeof *rdns);
    values = cub_pool_alloc(pool, total * sizeof *values);
    if (!rdns || !values)
        return;
    cub_name_walk(&walk, name);
    for (; used < total && cub_name_next(&walk, &a); used++) {
        struct cub_rdn *rdn = &rdns[a.rdn - 1];
        if (!rdn->count++)
            rdn->attributes = &values[used];
        values[used].name = cub_text_attribute(pool, a.type);
        values[used].value = cub_text_string(pool, a.tag, a.value);
    }
    *out = rdns;
    *out_count = count;
}

static void describe_alt_name(struct cub_pool *pool, const struct cub_general_name *name,
                              struct cub_alt_name *out)
{
    out->value = "<unsupported>";
    switch (name->type) {
    case CUB_GN_DNS:
    case CUB_GN_EMAIL:
    case CUB_GN_URI:
        out->name = name->type == CUB_GN_DNS ? "DNS" : name->type == CUB_GN_EMAIL ? "email" : "URI";
        out->value = cub_text_string(pool, CUB_DER_UTF8_STRING, name->value);
        break;
    case CUB_GN_IP:
        out->name = "IP Address";
        out->value = cub_text_ip(pool, name->value);
        break;
    case CUB_GN_REGISTERED_ID:
        out->name = "Registered ID";
        out->value = cub_text_oid(pool, name->value);
        break;
    case CUB_GN_DIRECTORY:
        out->name = "DirName";
        out->value = NULL;
        describe_name(pool, name->value, &out->directory, &out->directory_count);
        break;
    default:
        out->name = name->type == CUB_GN_X400  ? "X400Name"
                    : name->type == CUB_GN_EDI ? "EdiPartyName"
                                               : "othername";
    }
}

/*
 * A GeneralName as it stands, even if its contents are not what they should be: such certificates
 * are not verified, but looked at.
 */
static struct cub_general_name read_alt_name(struct cub_der *d)
{
    struct cub_general_name name;
    struct cub_der inner;

    name.value = cub_der_any(d, &name.type);
    switch (name.type) {
    case CUB_GN_DIRECTORY:
        inner = cub_der_sub(d, name.value);
        name.value = cub_name_read(&inner);
        (void)cub_der_done(&inner);
        break;
    case CUB_GN_EMAIL:
    case CUB_GN_DNS:
    case CUB_GN_URI:
    case CUB_GN_IP:
    case CUB_GN_OTHER:
    case CUB_GN_X400:
    case CUB_GN_EDI:
    case CUB_GN_REGISTERED_ID:
        break;
    default:
        cub_der_fail(d, E_X509_GENERAL_NAME);
    }
    return name;
}

static void describe_alt_names(struct cub_pool *pool, struct cub_view extension,
                               struct cub_cert_info *info)
{
    enum cub_error error = E_OK;
    struct cub_der names = cub_general_names_open(extension, &error);
    struct cub_der counted = names;
    struct cub_alt_name *list;
    size_t count = 0;

    for (; cub_der_more(&counted); count++)
        (void)read_alt_name(&counted);
    if (error != E_OK)
        return; /* as Python: what is no list of names has none */
    list = cub_pool_alloc(pool, count * sizeof *list);
    for (size_t i = 0; list && i < count; i++) {
        struct cub_general_name name = read_alt_name(&names);
        describe_alt_name(pool, &name, &list[i]);
    }
    info->subjectAltName = list;
    info->subjectAltName_count = list ? count : 0;
}

/* Strings that are collected one by one. */
struct strings {
    struct cub_pool *pool;
    const char **strings;
    size_t count;
};

/* Adds a GeneralName if it is a URI; others are passed over, as Python does. */
static void add_uri(struct strings *s, const struct cub_general_name *name)
{
    const char **larger;

    if (name->type != CUB_GN_URI)
        return;
    larger = cub_pool_alloc(s->pool, (s->count + 1) * sizeof *larger);
    if (!larger)
        return;
    if (s->count)
        memcpy(larger, s->strings, s->count * sizeof *larger);
    larger[s->count++] = cub_text_string(s->pool, CUB_DER_UTF8_STRING, name->value);
    s->strings = larger;
}

/* More URIs than this in one extension are not shown: a list grows by copying. */
#define MAX_URIS 64

/* AuthorityInfoAccessSyntax ::= SEQUENCE OF SEQUENCE { accessMethod, accessLocation } */
static struct cub_string_list describe_access(struct cub_pool *pool, struct cub_view extension,
                                              const char *method)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(extension.data, extension.len, &error);
    struct cub_der list = cub_der_enter(&d, CUB_DER_SEQUENCE);
    struct strings found = {.pool = pool};

    while (cub_der_more(&list) && found.count < MAX_URIS) {
        struct cub_der seq = cub_der_enter(&list, CUB_DER_SEQUENCE);
        struct cub_view oid = cub_der_oid(&seq);
        struct cub_general_name name = read_alt_name(&seq);
        if (cub_der_ok(&seq) && cub_oid_equal(oid, method, strlen(method)))
            add_uri(&found, &name);
    }
    return (struct cub_string_list){found.strings, found.count};
}

/*
 * CRLDistributionPoints ::= SEQUENCE OF SEQUENCE {
 *     distributionPoint [0] CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] }
 *         OPTIONAL, reasons [1] OPTIONAL, cRLIssuer [2] OPTIONAL }
 */
static struct cub_string_list describe_crl_points(struct cub_pool *pool, struct cub_view extension)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(extension.data, extension.len, &error);
    struct cub_der list = cub_der_enter(&d, CUB_DER_SEQUENCE);
    struct strings found = {.pool = pool};

    while (cub_der_more(&list)) {
        struct cub_der point = cub_der_enter(&list, CUB_DER_SEQUENCE);
        struct cub_der name, names;
        if (!cub_der_optional(&point, CUB_DER_CONSTRUCTED(0), &name) ||
            !cub_der_optional(&name, CUB_DER_CONSTRUCTED(0), &names))
            continue;
        while (cub_der_more(&names) && found.count < MAX_URIS) {
            struct cub_general_name full = read_alt_name(&names);
            if (cub_der_ok(&names))
                add_uri(&found, &full);
        }
    }
    return (struct cub_string_list){found.strings, found.count};
}

static void describe(struct cert_info *info, const struct cub_cert *cert)
{
    struct cub_cert_info *p = &info->public;
    struct cub_pool *pool = &info->pool;

    describe_name(pool, cert->subject, &p->subject, &p->subject_count);
    describe_name(pool, cert->issuer, &p->issuer, &p->issuer_count);
    p->version = cert->version;
    p->serialNumber = cub_text_serial(pool, cert->serial);
    p->not_before = cert->not_before;
    p->not_after = cert->not_after;
    p->notBefore = cub_text_time(pool, cert->not_before);
    p->notAfter = cub_text_time(pool, cert->not_after);
    if (cub_cert_has(cert, CUB_EXT_SUBJECT_ALT_NAME))
        describe_alt_names(pool, cert->extension[CUB_EXT_SUBJECT_ALT_NAME], p);
    p->OCSP = describe_access(pool, cert->extension[CUB_EXT_AUTHORITY_INFO], AD_OCSP);
    p->caIssuers = describe_access(pool, cert->extension[CUB_EXT_AUTHORITY_INFO], AD_CA_ISSUERS);
    p->crlDistributionPoints = describe_crl_points(pool, cert->extension[CUB_EXT_CRL_DISTRIBUTION]);
    p->der = (struct cub_bytes){cert->der.data, cert->der.len};
    p->public_key = cub_text_key(&cert->key);
    p->public_key_bits = (int)cub_public_key_bits(&cert->key);
    p->signature_algorithm = cub_text_algorithm(&cert->algorithm);
}

cub_result cub_cert_info_new(const void *der, size_t len, struct cub_cert_info **out,
                             struct cub_error_details *details)
{
    struct cub_pool pool = {0};
    struct cert_info *info = cub_pool_alloc(&pool, sizeof *info);
    uint8_t *copy = cub_pool_alloc(&pool, len);
    enum cub_error error = E_MEMORY;

    *out = NULL;
    if (info && copy) {
        struct cub_cert cert;
        memcpy(copy, der, len);
        info->pool = pool;
        error = cub_cert_read(&cert, &cub_cert_described, (struct cub_view){copy, len});
        if (error == E_OK)
            describe(info, &cert);
        if (info->pool.failed)
            error = E_MEMORY;
        pool = info->pool;
    }
    if (error != E_OK)
        cub_pool_free(&pool);
    else
        *out = &info->public;
    return cub_report(details, error);
}

void cub_cert_info_free(struct cub_cert_info *info)
{
    if (info) {
        /* The struct itself lives in the pool that it describes. */
        struct cub_pool pool = ((struct cert_info *)(void *)info)->pool;
        cub_pool_free(&pool);
    }
}
