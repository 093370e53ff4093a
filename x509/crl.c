#include "x509/crl.h"

#include "x509/extension.h"
#include "x509/general_name.h"
#include "x509/name.h"
#include "x509/oid.h"
#include "x509/time.h"

/* ReasonFlags that a list or a distribution point may name [RFC5280-4.2.1.13]. */
static uint16_t read_reasons(struct cub_der *d, unsigned tag)
{
    return (uint16_t)(cub_der_named_bits(d, tag) & CUB_CRL_ALL_REASONS);
}

static uint8_t read_flag(struct cub_der *d, unsigned tag)
{
    struct cub_view v;

    if (cub_der_peek(d) != tag)
        return 0;
    v = cub_der_read(d, tag);
    if (v.len != 1 || v.data[0] != 0xff) /* FALSE is the default, and not written */
        cub_der_fail(d, E_DER_BOOLEAN);
    return cub_der_ok(d);
}

/*
 *   IssuingDistributionPoint ::= SEQUENCE {
 *       distributionPoint [0] OPTIONAL, onlyContainsUserCerts [1] DEFAULT FALSE,
 *       onlyContainsCACerts [2] DEFAULT FALSE, onlySomeReasons [3] OPTIONAL,
 *       indirectCRL [4] DEFAULT FALSE, onlyContainsAttributeCerts [5] DEFAULT FALSE }
 */
static void read_issuing_point(struct cub_der *d, struct cub_crl *crl)
{
    struct cub_der seq = cub_der_enter(d, CUB_DER_SEQUENCE);

    if (cub_der_peek(&seq) == CUB_DER_CONSTRUCTED(0))
        crl->distribution_point = cub_der_read(&seq, CUB_DER_CONSTRUCTED(0));
    crl->only_user_certs = read_flag(&seq, CUB_DER_PRIMITIVE(1));
    crl->only_ca_certs = read_flag(&seq, CUB_DER_PRIMITIVE(2));
    if (cub_der_peek(&seq) == CUB_DER_PRIMITIVE(3))
        crl->reasons = read_reasons(&seq, CUB_DER_PRIMITIVE(3));
    crl->indirect = read_flag(&seq, CUB_DER_PRIMITIVE(4));
    crl->only_attribute_certs = read_flag(&seq, CUB_DER_PRIMITIVE(5));
    (void)cub_der_done(&seq);
    if (cub_der_ok(d) && crl->only_user_certs + crl->only_ca_certs + crl->only_attribute_certs > 1)
        cub_der_fail(d, E_CRL_MALFORMED); /* [RFC5280-5.2.5] */
}

static void read_authority_key_id(struct cub_der *d, struct cub_crl *crl)
{
    struct cub_der seq = cub_der_enter(d, CUB_DER_SEQUENCE);

    if (cub_der_peek(&seq) == CUB_DER_PRIMITIVE(0))
        crl->authority_key_id = cub_der_read(&seq, CUB_DER_PRIMITIVE(0));
    while (cub_der_more(&seq)) /* issuer and serial number */
        (void)cub_der_element(&seq);
}

/* One extension of the list [RFC5280-5.2]. */
static void take_extension(struct cub_crl *crl, const struct cub_extension *e,
                           enum cub_error *error)
{
    struct cub_der d = cub_der_open(e->contents.data, e->contents.len, error);

    switch (cub_oid_under(e->oid, CUB_ARC_EXTENSION)) {
    case 20:
        crl->number = cub_der_unsigned(&d);
        crl->has_number = true;
        crl->number_critical = e->critical.len != 0;
        break;
    case 27:
        crl->base_number = cub_der_unsigned(&d);
        crl->is_delta = true;
        break;
    case 28:
        read_issuing_point(&d, crl);
        break;
    case 35:
        read_authority_key_id(&d, crl);
        break;
    default:
        crl->unknown_critical |= e->critical.len != 0;
        return;
    }
    (void)cub_der_done(&d);
}

static void read_extensions(struct cub_der *field, struct cub_crl *crl)
{
    struct cub_der list = cub_extensions_open(field);
    const struct cub_view beginning = cub_der_rest(&list);
    unsigned count = 0;

    while (cub_der_more(&list)) {
        struct cub_extension e = cub_extension_read(&list);
        if (++count > CUB_CERT_MAX_EXTENSIONS)
            cub_der_fail(&list, E_X509_TOO_MANY_EXTENSIONS);
        if (cub_der_ok(&list) && cub_extension_repeated(beginning, e.oid))
            cub_der_fail(&list, E_X509_DUPLICATE_EXTENSION);
        if (cub_der_ok(&list))
            take_extension(crl, &e, list.error);
    }
}

/* CertificateIssuer ::= GeneralNames: the directory name among them. */
static struct cub_view read_certificate_issuer(struct cub_view contents, enum cub_error *error)
{
    struct cub_der names = cub_general_names_open(contents, error);
    struct cub_view issuer = {NULL, 0};

    while (cub_der_more(&names)) {
        struct cub_general_name name = cub_general_name_read(&names, false);
        if (name.type == CUB_GN_DIRECTORY)
            issuer = name.value;
    }
    return issuer;
}

/* What entries have beside serial number and date [RFC5280-5.3]; true if an unknown one is
 * critical. */
static bool read_entry_extensions(struct cub_der *seq, struct cub_crl_entry *entry)
{
    struct cub_der list = cub_extensions_open(seq);
    bool unknown = false;

    while (cub_der_more(&list)) {
        struct cub_extension e = cub_extension_read(&list);
        struct cub_der d = cub_der_sub(&list, e.contents);
        switch (cub_oid_under(e.oid, CUB_ARC_EXTENSION)) {
        case 21:
            entry->reason = (uint8_t)cub_der_small(&d, CUB_DER_ENUMERATED, 10);
            (void)cub_der_done(&d);
            break;
        case 29:
            entry->issuer = read_certificate_issuer(e.contents, list.error);
            break;
        default:
            unknown |= e.critical.len != 0;
        }
    }
    return unknown;
}

/* The next of revokedCertificates; its issuer stays that of the entry before, unless it tells. */
static bool next_entry(struct cub_der *revoked, struct cub_crl_entry *entry)
{
    struct cub_der seq = cub_der_enter(revoked, CUB_DER_SEQUENCE);
    bool unknown = false;

    entry->serial = cub_der_integer(&seq);
    entry->revocation_date = cub_time_read(&seq);
    entry->reason = 0;
    if (cub_der_more(&seq))
        unknown = read_entry_extensions(&seq, entry);
    return unknown;
}

/* All entries are read once, so that later the list can be searched without looking for errors. */
static void check_entries(struct cub_der *tbs, struct cub_crl *crl)
{
    struct cub_der revoked = cub_der_sub(tbs, crl->revoked);
    struct cub_crl_entry entry = {.issuer = crl->issuer};

    while (cub_der_more(&revoked))
        crl->unknown_critical |= next_entry(&revoked, &entry);
}

static uint8_t read_version(struct cub_der *tbs)
{
    if (cub_der_peek(tbs) != CUB_DER_INTEGER)
        return 1;
    if (cub_der_small(tbs, CUB_DER_INTEGER, UINT8_MAX) != 1)
        cub_der_fail(tbs, E_CRL_MALFORMED);
    return 2;
}

static bool is_time(const struct cub_der *d)
{
    return cub_der_peek(d) == CUB_DER_UTC_TIME || cub_der_peek(d) == CUB_DER_GENERALIZED_TIME;
}

/*
 *   TBSCertList ::= SEQUENCE {
 *       version OPTIONAL, signature, issuer, thisUpdate, nextUpdate OPTIONAL,
 *       revokedCertificates SEQUENCE OF ... OPTIONAL, crlExtensions [0] EXPLICIT OPTIONAL }
 */
static struct cub_view read_tbs(struct cub_der *d, struct cub_crl *crl)
{
    struct cub_der tbs = cub_der_enter(d, CUB_DER_SEQUENCE);
    struct cub_view algorithm;
    struct cub_der field;

    crl->version = read_version(&tbs);
    algorithm = cub_der_element_of(&tbs, CUB_DER_SEQUENCE);
    crl->issuer = cub_name_read(&tbs);
    crl->this_update = cub_time_read(&tbs);
    crl->next_update = is_time(&tbs) ? cub_time_read(&tbs) : INT64_MAX;
    if (cub_der_peek(&tbs) == CUB_DER_SEQUENCE)
        crl->revoked = cub_der_read(&tbs, CUB_DER_SEQUENCE);
    check_entries(&tbs, crl);
    if (cub_der_optional(&tbs, CUB_DER_CONSTRUCTED(0), &field)) {
        read_extensions(&field, crl);
        if (crl->version < 2)
            cub_der_fail(&tbs, E_CRL_MALFORMED);
    }
    (void)cub_der_done(&tbs);
    return algorithm;
}

enum cub_error cub_crl_parse(struct cub_crl *crl, const uint8_t *der, size_t len)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(der, len, &error);
    struct cub_der seq, outer;
    struct cub_view inner;

    *crl = (struct cub_crl){.reasons = CUB_CRL_ALL_REASONS};
    if (len > CUB_CRL_MAX_SIZE)
        return E_CRL_TOO_LARGE;
    crl->der = (struct cub_view){der, len};
    seq = cub_der_enter(&d, CUB_DER_SEQUENCE);
    (void)cub_der_done(&d);
    crl->tbs.data = seq.at;
    inner = read_tbs(&seq, crl);
    crl->tbs.len = (size_t)(seq.at - crl->tbs.data);
    outer = seq;
    cub_signature_algorithm_read(&seq, &cub_algorithms_any, &crl->algorithm);
    crl->signature = cub_der_octet_bits(&seq);
    if (cub_der_done(&seq) != E_OK)
        return error;
    if (!cub_view_equal(inner, cub_der_element_of(&outer, CUB_DER_SEQUENCE)))
        return E_X509_ALGORITHM_INCONSISTENT; /* [RFC5280-5.1.1.2] */
    cub_name_digest(crl->issuer, crl->issuer_digest);
    return E_OK;
}

bool cub_crl_find(const struct cub_crl *crl, const struct cub_cert *cert,
                  struct cub_crl_entry *entry)
{
    enum cub_error error = E_OK;
    struct cub_der revoked = cub_der_open(crl->revoked.data, crl->revoked.len, &error);

    *entry = (struct cub_crl_entry){.issuer = crl->issuer};
    while (cub_der_more(&revoked)) {
        (void)next_entry(&revoked, entry);
        if (cub_view_equal(entry->serial, cert->serial) &&
            cub_name_equal(entry->issuer, cert->issuer))
            return true;
    }
    return false;
}
