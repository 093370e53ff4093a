#include "x509/cert.h"

#include "x509/der.h"
#include "x509/extension.h"
#include "x509/general_name.h"
#include "x509/key.h"
#include "x509/name.h"
#include "x509/oid.h"
#include "x509/time.h"

/* Fields of steps that begin with cert->der. */
#define FIELD(member)                                                                              \
    ((offsetof(struct cub_cert, member) - offsetof(struct cub_cert, der)) / sizeof(struct cub_view))

/* id-ce extensions by the last octet of their OID, in the order of enum cub_extension_id. */
static unsigned identify_ce(struct cub_view oid)
{
    static const uint8_t known[] = {14, 15, 17, 18, 19, 30, 31, 32, 33, 35, 36, 37, 46, 54};
    uint32_t tail = cub_oid_behind(oid, CUB_ARC_EXTENSION);
    unsigned i = 0;

    while (i < sizeof known && 0x100u + known[i] != tail)
        i++;
    return i < sizeof known ? i : CUB_EXT_UNKNOWN;
}

static unsigned identify_any(struct cub_view oid)
{
    switch (cub_oid_behind(oid, CUB_ARC_PKIX)) {
    case 0x10101:
        return CUB_EXT_AUTHORITY_INFO;
    case 0x1010b:
        return CUB_EXT_SUBJECT_INFO;
    case 0x10118:
        return CUB_EXT_TLS_FEATURE;
    case 0x1300105:
        return CUB_EXT_OCSP_NO_CHECK;
    default:
        return identify_ce(oid);
    }
}

/* The value of an INTEGER in 0..65535; -1 if it is none of these. Not inlined: there are two users.
 */
static __attribute__((noinline)) int32_t small_integer(const struct cub_view *v)
{
    const uint8_t *p = v->data;
    int32_t value = *p;

    if (value >= 0x80 || v->len > 3 || (v->len == 3 && value != 0))
        return -1;
    while (++p < v->data + v->len)
        value = value << 8 | *p;
    return value;
}

/* BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL } */
static enum cub_error read_basic_constraints(struct cub_cert *cert)
{
    struct constraints {
        struct cub_view ca;
        struct cub_view path_len;
    } c;
    static const struct cub_step steps[] = {
        {CUB_DER_SEQUENCE,                                       CUB_STEP_IN | CUB_STEP_PASS},
        { CUB_DER_BOOLEAN, CUB_STEP_OPTIONAL | CUB_STEP_FIELD(struct constraints,                         ca)},
        { CUB_DER_INTEGER, CUB_STEP_OPTIONAL | CUB_STEP_FIELD(struct constraints,                   path_len)},
        CUB_STEP_OUT,
    };
    enum cub_error error;
    int32_t path_len;

    c.ca.len = c.path_len.len = 0;
    error = cub_der_all(cert->extension[CUB_EXT_BASIC_CONSTRAINTS], steps, &c);
    if (error != E_OK)
        return error;
    cert->is_ca = c.ca.len != 0;
    if (!c.path_len.len)
        return E_OK;
    path_len = small_integer(&c.path_len);
    cert->has_path_len = 1;
    cert->path_len = (uint16_t)path_len;
    return path_len < 0 ? E_DER_INTEGER : E_OK;
}

static unsigned purpose(struct cub_view oid)
{
    uint32_t n = cub_oid_behind(oid, CUB_ARC_PURPOSE) - 0x100;

    if (n < 14)
        return 1u << n;
    /* anyExtendedKeyUsage is 2.5.29.37.0. */
    return cub_oid_behind(oid, CUB_ARC_EXTENSION) == 0x12500 ? CUB_EKU_ANY : CUB_EKU_OTHER;
}

/* ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId */
static enum cub_error read_extended_key_usage(struct cub_cert *cert)
{
    struct cub_view list, oid;
    enum cub_error error =
        cub_der_only(cert->extension[CUB_EXT_EXTENDED_KEY_USAGE], CUB_DER_SEQUENCE, &list);

    if (error == E_OK && !list.len)
        error = E_X509_EXTENSION;
    while (error == E_OK && list.len) {
        error = cub_der_next(&list, CUB_DER_OID, &oid);
        if (error == E_OK)
            cert->extended_key_usage |= (uint16_t)purpose(oid);
    }
    return error;
}

static enum cub_error read_key_usage(struct cub_cert *cert)
{
    struct cub_view contents = cert->extension[CUB_EXT_KEY_USAGE];
    struct cub_view bits;
    enum cub_error error = cub_der_only(contents, CUB_DER_ANY, &bits);

    if (error == E_OK && contents.data[0] != CUB_DER_BIT_STRING)
        error = E_DER_TAG;
    if (error == E_OK)
        error = cub_der_bits(&bits, &cert->key_usage);
    /* "at least one of the bits MUST be set to 1" [RFC5280-4.2.1.3] */
    return error == E_OK && cert->key_usage == 0 ? E_X509_EXTENSION : error;
}

/* What limits the use of a certificate. */
static enum cub_error limits(struct cub_cert *cert)
{
    enum cub_error error = E_OK;

    if (cub_cert_has(cert, CUB_EXT_KEY_USAGE))
        error = read_key_usage(cert);
    if (error == E_OK && cub_cert_has(cert, CUB_EXT_BASIC_CONSTRAINTS))
        error = read_basic_constraints(cert);
    if (error == E_OK && cub_cert_has(cert, CUB_EXT_EXTENDED_KEY_USAGE))
        error = read_extended_key_usage(cert);
    return error;
}

/*
 *   AuthorityKeyIdentifier ::= SEQUENCE {
 *       keyIdentifier             [0] KeyIdentifier           OPTIONAL,
 *       authorityCertIssuer       [1] GeneralNames            OPTIONAL,
 *       authorityCertSerialNumber [2] CertificateSerialNumber OPTIONAL }
 */
static enum cub_error read_authority_key_id(struct cub_cert *cert)
{
    static const struct cub_step steps[] = {
        {CUB_DER_SEQUENCE,       CUB_STEP_IN | CUB_STEP_PASS                },
        {CUB_DER_PRIMITIVE(0),   CUB_STEP_OPTIONAL | FIELD(authority_key_id)},
        {CUB_DER_CONSTRUCTED(1), CUB_STEP_OPTIONAL | FIELD(authority_issuer)},
        {CUB_DER_PRIMITIVE(2),   CUB_STEP_OPTIONAL | FIELD(authority_serial)},
        CUB_STEP_OUT,
    };

    return cub_der_all(cert->extension[CUB_EXT_AUTHORITY_KEY_ID], steps, &cert->der);
}

static enum cub_error read_alt_names(const struct cub_cert *cert)
{
    struct cub_general_name name;
    struct cub_view names;
    enum cub_error error = cub_general_names(cert->extension[CUB_EXT_SUBJECT_ALT_NAME], &names);

    while (error == E_OK && names.len)
        error = cub_general_name_take(&names, false, &name);
    return error;
}

/* All that is decoded at once; the rest is left to who applies it. */
static enum cub_error decode_extensions(struct cub_cert *cert)
{
    enum cub_error error = limits(cert);

    if (error == E_OK && cub_cert_has(cert, CUB_EXT_SUBJECT_KEY_ID))
        error = cub_der_only(cert->extension[CUB_EXT_SUBJECT_KEY_ID], CUB_DER_OCTET_STRING,
                             &cert->subject_key_id);
    if (error == E_OK && cub_cert_has(cert, CUB_EXT_SUBJECT_ALT_NAME))
        error = read_alt_names(cert);
    if (error == E_OK && cub_cert_has(cert, CUB_EXT_AUTHORITY_KEY_ID))
        error = read_authority_key_id(cert);
    return error;
}

static enum cub_error pass_over(struct cub_cert *cert)
{
    (void)cert;
    return E_OK;
}

const struct cub_cert_reader cub_cert_any = {&cub_algorithms_any, identify_any, decode_extensions,
                                             false};
const struct cub_cert_reader cub_cert_described = {&cub_algorithms_any, identify_any, pass_over,
                                                   true};
const struct cub_cert_reader cub_cert_ecdsa = {&cub_algorithms_ecdsa, identify_ce, limits, false};

/* Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension */
static enum cub_error read_extensions(struct cub_cert *cert, const struct cub_cert_reader *reader)
{
    struct cub_view list = cert->extensions;
    struct cub_extension e;
    enum cub_error error;
    unsigned count = 0;

    if (!list.data)
        return E_OK;
    if (!list.len)
        return E_X509_EXTENSION;
    do {
        unsigned id;
        e.critical.len = 0;
        error = cub_der_take(&list, cub_extension_steps, &e);
        if (error != E_OK)
            return error;
        if (++count > CUB_CERT_MAX_EXTENSIONS)
            return E_X509_TOO_MANY_EXTENSIONS;
        if (cub_extension_repeated(cert->extensions, e.oid))
            return E_X509_DUPLICATE_EXTENSION;
        id = reader->identify(e.oid);
        cert->present |= CUB_EXT_BIT(id);
        if (e.critical.len)
            cert->critical |= CUB_EXT_BIT(id);
        if (id != CUB_EXT_UNKNOWN)
            cert->extension[id] = e.contents;
    } while (list.len);
    return reader->extensions(cert);
}

/* Version, and the fields that it must be at least 2 or 3 for [RFC5280-4.1.2.1]. */
static enum cub_error read_version(struct cub_cert *cert)
{
    int32_t version = 0; /* the default, which is not encoded in DER */

    if (cert->version_number.len) {
        version = small_integer(&cert->version_number);
        if (version < 0)
            return E_DER_INTEGER;
        if (version < 1 || version > 2)
            return E_X509_VERSION;
    }
    cert->version = (uint8_t)(version + 1);
    if ((cert->unique_id.data && version < 1) || (cert->extensions.data && version < 2))
        return E_X509_VERSION;
    return E_OK;
}

static enum cub_error read_key(struct cub_cert *cert, const struct cub_cert_reader *reader)
{
    enum cub_error error = cub_public_key_read(&cert->key, reader->algorithms, cert->spki);

    if (error == E_X509_KEY_UNSUPPORTED || error == E_X509_KEY_EXPLICIT_CURVE || reader->any_key) {
        cert->key_error = error;
        error = E_OK;
    }
    return error;
}

/*
 *   Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }
 *   TBSCertificate ::= SEQUENCE {
 *       version [0] EXPLICIT, serialNumber, signature, issuer, validity, subject,
 *       subjectPublicKeyInfo, issuerUniqueID [1], subjectUniqueID [2], extensions [3] EXPLICIT }
 */
static const struct cub_step certificate[] = {
    {CUB_DER_SEQUENCE,       CUB_STEP_IN | CUB_STEP_PASS                    },
    {CUB_DER_SEQUENCE,       CUB_STEP_IN | CUB_STEP_WHOLE | FIELD(tbs)      },
    {CUB_DER_CONSTRUCTED(0), CUB_STEP_IN | CUB_STEP_OPTIONAL | CUB_STEP_PASS},
    {CUB_DER_INTEGER,        FIELD(version_number)                          },
    CUB_STEP_OUT,
    {CUB_DER_INTEGER,        FIELD(serial)                                  },
    {CUB_DER_SEQUENCE,       FIELD(inner_algorithm)                         },
    {CUB_DER_SEQUENCE,       CUB_STEP_WHOLE | FIELD(issuer)                 },
    {CUB_DER_SEQUENCE,       CUB_STEP_IN | CUB_STEP_PASS                    },
    {CUB_DER_ANY,            CUB_STEP_WHOLE | FIELD(not_before_time)        },
    {CUB_DER_ANY,            CUB_STEP_WHOLE | FIELD(not_after_time)         },
    CUB_STEP_OUT,
    {CUB_DER_SEQUENCE,       CUB_STEP_WHOLE | FIELD(subject)                },
    {CUB_DER_SEQUENCE,       CUB_STEP_WHOLE | FIELD(spki)                   },
    {CUB_DER_PRIMITIVE(1),   CUB_STEP_OPTIONAL | FIELD(unique_id)           },
    {CUB_DER_PRIMITIVE(2),   CUB_STEP_OPTIONAL | FIELD(unique_id)           },
    {CUB_DER_CONSTRUCTED(3), CUB_STEP_IN | CUB_STEP_OPTIONAL | CUB_STEP_PASS},
    {CUB_DER_SEQUENCE,       FIELD(extensions)                              },
    CUB_STEP_OUT,
    CUB_STEP_OUT,
    {CUB_DER_SEQUENCE,       FIELD(outer_algorithm)                         },
    {CUB_DER_BIT_STRING,     FIELD(signature)                               },
    CUB_STEP_OUT,
};

/* What the steps have found, from the front to the back. */
static enum cub_error read_fields(struct cub_cert *cert, const struct cub_cert_reader *reader)
{
    enum cub_error error = read_version(cert);

    if (error == E_OK)
        error = cub_name_check(cert->issuer);
    if (error == E_OK)
        error = cub_time_decode(&cert->not_before_time, &cert->not_before);
    if (error == E_OK)
        error = cub_time_decode(&cert->not_after_time, &cert->not_after);
    if (error == E_OK)
        error = cub_name_check(cert->subject);
    if (error == E_OK)
        error = read_key(cert, reader);
    if (error == E_OK)
        error = read_extensions(cert, reader);
    if (error == E_OK)
        error = cub_signature_algorithm_decode(cert->outer_algorithm, reader->algorithms,
                                               &cert->algorithm);
    return error;
}

enum cub_error cub_cert_read(struct cub_cert *cert, const struct cub_cert_reader *reader,
                             struct cub_view der)
{
    enum cub_error error;

    *cert = (struct cub_cert){0};
    if (der.len > CUB_CERT_MAX_SIZE)
        return E_X509_CERT_TOO_LARGE;
    cert->der = der;
    error = cub_der_all(der, certificate, &cert->der);
    return error == E_OK ? read_fields(cert, reader) : error;
}

enum cub_error cub_cert_parse(struct cub_cert *cert, const uint8_t *der, size_t len)
{
    return cub_cert_read(cert, &cub_cert_any, (struct cub_view){der, len});
}
