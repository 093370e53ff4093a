#include "x509/cert.h"

#include "x509/der.h"
#include "x509/extension.h"
#include "x509/general_name.h"
#include "x509/key.h"
#include "x509/name.h"
#include "x509/oid.h"
#include "x509/time.h"

/* id-ce and id-pe extensions by the last octet of their OID; CUB_EXT_UNKNOWN for all others. */
static unsigned identify(struct cub_view oid)
{
    static const struct {
        uint8_t arc; /* 0: id-ce, 1: id-pe */
        uint8_t last;
        uint8_t id;
    } known[] = {
        {0, 14, CUB_EXT_SUBJECT_KEY_ID    },
        {0, 15, CUB_EXT_KEY_USAGE         },
        {0, 17, CUB_EXT_SUBJECT_ALT_NAME  },
        {0, 18, CUB_EXT_ISSUER_ALT_NAME   },
        {0, 19, CUB_EXT_BASIC_CONSTRAINTS },
        {0, 30, CUB_EXT_NAME_CONSTRAINTS  },
        {0, 31, CUB_EXT_CRL_DISTRIBUTION  },
        {0, 32, CUB_EXT_POLICIES          },
        {0, 33, CUB_EXT_POLICY_MAPPINGS   },
        {0, 35, CUB_EXT_AUTHORITY_KEY_ID  },
        {0, 36, CUB_EXT_POLICY_CONSTRAINTS},
        {0, 37, CUB_EXT_EXTENDED_KEY_USAGE},
        {0, 46, CUB_EXT_FRESHEST_CRL      },
        {0, 54, CUB_EXT_INHIBIT_ANY_POLICY},
        {1, 1,  CUB_EXT_AUTHORITY_INFO    },
        {1, 11, CUB_EXT_SUBJECT_INFO      },
        {1, 24, CUB_EXT_TLS_FEATURE       },
    };
    int ce = cub_oid_under(oid, CUB_ARC_EXTENSION);
    int pe = cub_oid_under(oid, CUB_ARC_PKIX "\x01");

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].last == (known[i].arc ? pe : ce))
            return known[i].id;
    return cub_oid_is(oid, CUB_OID_OCSP_NO_CHECK) ? CUB_EXT_OCSP_NO_CHECK : CUB_EXT_UNKNOWN;
}

/* BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL } */
static void read_basic_constraints(struct cub_der *d, struct cub_cert *cert)
{
    struct cub_der seq = cub_der_enter(d, CUB_DER_SEQUENCE);

    cert->is_ca = cub_der_default_false(&seq);
    if (cub_der_more(&seq)) {
        cert->has_path_len = 1;
        cert->path_len = (uint16_t)cub_der_small(&seq, CUB_DER_INTEGER, UINT16_MAX);
    }
    (void)cub_der_done(&seq);
}

/* ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId */
static void read_extended_key_usage(struct cub_der *d, struct cub_cert *cert)
{
    struct cub_der seq = cub_der_enter(d, CUB_DER_SEQUENCE);

    if (cub_der_ok(&seq) && !cub_der_more(&seq))
        cub_der_fail(&seq, E_X509_EXTENSION);
    while (cub_der_more(&seq)) {
        struct cub_view oid = cub_der_oid(&seq);
        switch (cub_oid_under(oid, CUB_ARC_PURPOSE)) {
        case 1:
            cert->extended_key_usage |= CUB_EKU_SERVER_AUTH;
            break;
        case 2:
            cert->extended_key_usage |= CUB_EKU_CLIENT_AUTH;
            break;
        case 9:
            cert->extended_key_usage |= CUB_EKU_OCSP_SIGNING;
            break;
        default:
            cert->extended_key_usage |=
                cub_oid_is(oid, CUB_OID_ANY_PURPOSE) ? CUB_EKU_ANY : CUB_EKU_OTHER;
        }
    }
}

/*
 *   AuthorityKeyIdentifier ::= SEQUENCE {
 *       keyIdentifier             [0] KeyIdentifier           OPTIONAL,
 *       authorityCertIssuer       [1] GeneralNames            OPTIONAL,
 *       authorityCertSerialNumber [2] CertificateSerialNumber OPTIONAL }
 */
static void read_authority_key_id(struct cub_der *d, struct cub_cert *cert)
{
    struct cub_der seq = cub_der_enter(d, CUB_DER_SEQUENCE);

    if (cub_der_peek(&seq) == CUB_DER_PRIMITIVE(0))
        cert->authority_key_id = cub_der_read(&seq, CUB_DER_PRIMITIVE(0));
    if (cub_der_peek(&seq) == CUB_DER_CONSTRUCTED(1))
        cert->authority_issuer = cub_der_read(&seq, CUB_DER_CONSTRUCTED(1));
    if (cub_der_peek(&seq) == CUB_DER_PRIMITIVE(2))
        cert->authority_serial = cub_der_read(&seq, CUB_DER_PRIMITIVE(2));
    (void)cub_der_done(&seq);
}

static void read_alt_names(struct cub_der *d, struct cub_view contents)
{
    struct cub_der names = cub_general_names_open(contents, d->error);

    while (cub_der_more(&names))
        (void)cub_general_name_read(&names, false);
    d->at = d->end;
}

static void read_key_usage(struct cub_der *d, struct cub_cert *cert)
{
    cert->key_usage = (uint16_t)cub_der_named_bits(d, CUB_DER_BIT_STRING);
    /* "at least one of the bits MUST be set to 1" [RFC5280-4.2.1.3] */
    if (cub_der_ok(d) && cert->key_usage == 0)
        cub_der_fail(d, E_X509_EXTENSION);
}

/* What limits the use of a certificate. */
static void limits(struct cub_cert *cert, unsigned id, struct cub_view contents,
                   enum cub_error *error)
{
    struct cub_der d = cub_der_open(contents.data, contents.len, error);

    if (id == CUB_EXT_KEY_USAGE)
        read_key_usage(&d, cert);
    else if (id == CUB_EXT_BASIC_CONSTRAINTS)
        read_basic_constraints(&d, cert);
    else if (id == CUB_EXT_EXTENDED_KEY_USAGE)
        read_extended_key_usage(&d, cert);
    else
        return;
    (void)cub_der_done(&d);
}

/* All that is decoded at once; the rest is left to who applies it. */
static void decode_extension(struct cub_cert *cert, unsigned id, struct cub_view contents,
                             enum cub_error *error)
{
    struct cub_der d = cub_der_open(contents.data, contents.len, error);

    switch (id) {
    case CUB_EXT_SUBJECT_KEY_ID:
        cert->subject_key_id = cub_der_read(&d, CUB_DER_OCTET_STRING);
        break;
    case CUB_EXT_SUBJECT_ALT_NAME:
        read_alt_names(&d, contents);
        break;
    case CUB_EXT_AUTHORITY_KEY_ID:
        read_authority_key_id(&d, cert);
        break;
    default:
        limits(cert, id, contents, error);
        return;
    }
    (void)cub_der_done(&d);
}

static void pass_over(struct cub_cert *cert, unsigned id, struct cub_view contents,
                      enum cub_error *error)
{
    (void)cert, (void)id, (void)contents, (void)error;
}

const struct cub_cert_reader cub_cert_any = {&cub_algorithms_any, decode_extension, false};
const struct cub_cert_reader cub_cert_described = {&cub_algorithms_any, pass_over, true};
const struct cub_cert_reader cub_cert_ecdsa = {&cub_algorithms_ecdsa, limits, false};

static void take_extension(struct cub_cert *cert, const struct cub_cert_reader *reader,
                           const struct cub_extension *e, enum cub_error *error)
{
    unsigned id = identify(e->oid);

    cert->present |= CUB_EXT_BIT(id);
    if (e->critical)
        cert->critical |= CUB_EXT_BIT(id);
    if (id != CUB_EXT_UNKNOWN) {
        cert->extension[id] = e->contents;
        reader->extension(cert, id, e->contents, error);
    }
}

/* extensions [3] EXPLICIT SEQUENCE SIZE (1..MAX) OF Extension */
static void read_extensions(struct cub_der *field, struct cub_cert *cert,
                            const struct cub_cert_reader *reader)
{
    struct cub_der list = cub_extensions_open(field);
    const struct cub_der beginning = list;
    unsigned count = 0;

    while (cub_der_more(&list)) {
        struct cub_extension e = cub_extension_read(&list);
        if (++count > CUB_CERT_MAX_EXTENSIONS)
            cub_der_fail(&list, E_X509_TOO_MANY_EXTENSIONS);
        if (cub_der_ok(&list) && cub_extension_repeated(beginning, e.oid))
            cub_der_fail(&list, E_X509_DUPLICATE_EXTENSION);
        if (cub_der_ok(&list))
            take_extension(cert, reader, &e, list.error);
    }
}

/* version [0] EXPLICIT INTEGER DEFAULT v1; the default is not encoded in DER. */
static uint8_t read_version(struct cub_der *tbs)
{
    struct cub_der field;
    uint32_t version;

    if (!cub_der_optional(tbs, CUB_DER_CONSTRUCTED(0), &field))
        return 1;
    version = cub_der_small(&field, CUB_DER_INTEGER, UINT8_MAX - 1);
    (void)cub_der_done(&field);
    if (cub_der_ok(tbs) && (version < 1 || version > 2))
        cub_der_fail(tbs, E_X509_VERSION);
    return (uint8_t)(version + 1);
}

static void read_validity(struct cub_der *tbs, struct cub_cert *cert)
{
    struct cub_der seq = cub_der_enter(tbs, CUB_DER_SEQUENCE);

    cert->not_before = cub_time_read(&seq);
    cert->not_after = cub_time_read(&seq);
    (void)cub_der_done(&seq);
}

static void read_spki(struct cub_der *tbs, struct cub_cert *cert,
                      const struct cub_cert_reader *reader)
{
    enum cub_error error;

    cert->spki = cub_der_element_of(tbs, CUB_DER_SEQUENCE);
    if (!cub_der_ok(tbs))
        return;
    error = cub_public_key_read(&cert->key, reader->algorithms, cert->spki);
    if (error == E_X509_KEY_UNSUPPORTED || error == E_X509_KEY_EXPLICIT_CURVE || reader->any_key)
        cert->key_error = error;
    else if (error != E_OK)
        cub_der_fail(tbs, error);
}

/* What follows the key: unique identifiers, for versions 2 and 3, and extensions, for version 3. */
static void read_optional_fields(struct cub_der *tbs, struct cub_cert *cert,
                                 const struct cub_cert_reader *reader)
{
    struct cub_der field;
    unsigned needed = 1;

    if (cub_der_optional(tbs, CUB_DER_PRIMITIVE(1), &field))
        needed = 2;
    if (cub_der_optional(tbs, CUB_DER_PRIMITIVE(2), &field))
        needed = 2;
    if (cub_der_optional(tbs, CUB_DER_CONSTRUCTED(3), &field)) {
        needed = 3;
        read_extensions(&field, cert, reader);
    }
    if (cub_der_ok(tbs) && cert->version < needed)
        cub_der_fail(tbs, E_X509_VERSION);
}

/*
 *   TBSCertificate ::= SEQUENCE {
 *       version [0] EXPLICIT, serialNumber, signature, issuer, validity, subject,
 *       subjectPublicKeyInfo, issuerUniqueID [1], subjectUniqueID [2], extensions [3] }
 */
static struct cub_view read_tbs(struct cub_der *d, struct cub_cert *cert,
                                const struct cub_cert_reader *reader)
{
    struct cub_der tbs = cub_der_enter(d, CUB_DER_SEQUENCE);
    struct cub_view algorithm;

    cert->version = read_version(&tbs);
    cert->serial = cub_der_integer(&tbs);
    algorithm = cub_der_element_of(&tbs, CUB_DER_SEQUENCE);
    cert->issuer = cub_name_read(&tbs);
    read_validity(&tbs, cert);
    cert->subject = cub_name_read(&tbs);
    read_spki(&tbs, cert, reader);
    read_optional_fields(&tbs, cert, reader);
    (void)cub_der_done(&tbs);
    return algorithm;
}

enum cub_error cub_cert_read(struct cub_cert *cert, const struct cub_cert_reader *reader,
                             struct cub_view der)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(der.data, der.len, &error);
    struct cub_der seq, outer_algorithm;
    struct cub_view inner_algorithm;

    *cert = (struct cub_cert){0};
    if (der.len > CUB_CERT_MAX_SIZE)
        return E_X509_CERT_TOO_LARGE;
    cert->der = der;
    seq = cub_der_enter(&d, CUB_DER_SEQUENCE);
    (void)cub_der_done(&d);
    cert->tbs.data = seq.at;
    inner_algorithm = read_tbs(&seq, cert, reader);
    cert->tbs.len = (size_t)(seq.at - cert->tbs.data);
    outer_algorithm = seq;
    cub_signature_algorithm_read(&seq, reader->algorithms, &cert->algorithm);
    cert->algorithms_agree =
        cub_view_equal(inner_algorithm, cub_der_element_of(&outer_algorithm, CUB_DER_SEQUENCE));
    cert->signature = cub_der_octet_bits(&seq);
    return cub_der_done(&seq);
}

enum cub_error cub_cert_parse(struct cub_cert *cert, const uint8_t *der, size_t len)
{
    return cub_cert_read(cert, &cub_cert_any, (struct cub_view){der, len});
}
