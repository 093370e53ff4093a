#include "x509/strict.h"

#include "x509/check.h"
#include "x509/general_name.h"
#include "x509/name.h"

/* A CA: basicConstraints critical, keyUsage and subjectKeyIdentifier there. */
static enum cub_error check_ca(const struct cub_cert *cert)
{
    bool usage = cub_cert_has(cert, CUB_EXT_KEY_USAGE);

    if (!cub_cert_critical(cert, CUB_EXT_BASIC_CONSTRAINTS)) /* [RFC5280-4.2.1.9] */
        return E_X509_CA_NOT_CRITICAL;
    if (!usage) /* [RFC5280-4.2.1.3] */
        return E_X509_CA_NO_KEY_USAGE;
    if (cert->has_path_len && !(cert->key_usage & CUB_KU_KEY_CERT_SIGN))
        return E_X509_PATH_LENGTH_NO_SIGN;
    if (cert->subject_key_id.len == 0) /* [RFC5280-4.2.1.2] */
        return E_X509_NO_SUBJECT_KEY_ID;
    return E_OK;
}

/* No CA: no marks of one. */
static enum cub_error check_end_entity(const struct cub_cert *cert)
{
    if (cert->has_path_len) /* [RFC5280-4.2.1.9] */
        return E_X509_PATH_LENGTH_NO_CA;
    if (cub_cert_has(cert, CUB_EXT_KEY_USAGE) && (cert->key_usage & CUB_KU_KEY_CERT_SIGN))
        return E_X509_CERT_SIGN_NO_CA;
    /* "MUST be used only in a CA certificate" [RFC5280-4.2.1.10] */
    return cub_cert_has(cert, CUB_EXT_NAME_CONSTRAINTS) ? E_X509_EXTENSION : E_OK;
}

static enum cub_error check_names(const struct cub_cert *cert)
{
    bool alt = cub_cert_has(cert, CUB_EXT_SUBJECT_ALT_NAME);

    if (cub_name_empty(cert->issuer)) /* [RFC5280-4.1.2.4] */
        return E_X509_ISSUER_EMPTY;
    if (!cub_name_empty(cert->subject))
        return E_OK;
    if (cert->is_ca || !alt) /* [RFC5280-4.1.2.6] */
        return E_X509_SUBJECT_EMPTY;
    return cub_cert_critical(cert, CUB_EXT_SUBJECT_ALT_NAME) ? E_OK : E_X509_SAN_NOT_CRITICAL;
}

static enum cub_error check_key_ids(const struct cub_cert *cert, bool anchor)
{
    if (cub_cert_critical(cert, CUB_EXT_AUTHORITY_KEY_ID)) /* [RFC5280-4.2.1.1] */
        return E_X509_AUTHORITY_KEY_ID_CRITICAL;
    if (cub_cert_critical(cert, CUB_EXT_SUBJECT_KEY_ID)) /* [RFC5280-4.2.1.2] */
        return E_X509_SUBJECT_KEY_ID_CRITICAL;
    /* An anchor is trusted as it is: nobody looks for its issuer. */
    if (cert->authority_key_id.len == 0 && !anchor)
        return E_X509_NO_AUTHORITY_KEY_ID;
    return E_OK;
}

/* Extensions that "MUST be critical" [RFC5280-4.2.1.11] [RFC5280-4.2.1.14]. */
static enum cub_error check_criticality(const struct cub_cert *cert)
{
    const uint32_t always =
        CUB_EXT_BIT(CUB_EXT_POLICY_CONSTRAINTS) | CUB_EXT_BIT(CUB_EXT_INHIBIT_ANY_POLICY);

    return (cert->present & always & ~cert->critical) ? E_X509_EXTENSION : E_OK;
}

/* AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { OID, GeneralName } */
static enum cub_error check_info_access(const struct cub_cert *cert, enum cub_extension_id id)
{
    struct cub_view v = cert->extension[id];
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(v.data, v.len, &error);
    struct cub_der list;

    if (!cub_cert_has(cert, id))
        return E_OK;
    list = cub_der_enter(&d, CUB_DER_SEQUENCE);
    (void)cub_der_done(&d);
    if (!cub_der_more(&list))
        return E_X509_EXTENSION;
    while (cub_der_more(&list)) {
        struct cub_der description = cub_der_enter(&list, CUB_DER_SEQUENCE);
        (void)cub_der_oid(&description);
        (void)cub_general_name_read(&description, false);
        (void)cub_der_done(&description);
    }
    return error == E_OK ? E_OK : E_X509_EXTENSION;
}

enum cub_error cub_check_strict_serial(const struct cub_cert *cert, bool anchor)
{
    struct cub_view serial = cert->serial;
    bool negative = serial.data[0] >= 0x80;
    bool zero = serial.len == 1 && serial.data[0] == 0;

    return cert->version >= 3 && (negative || (zero && !anchor)) ? E_X509_SERIAL : E_OK;
}

enum cub_error cub_check_strict(const struct cub_cert *cert, bool leaf, bool anchor)
{
    enum cub_error error = check_names(cert);

    if (error != E_OK || cert->version < 3)
        return error;
    error = cert->is_ca ? check_ca(cert) : check_end_entity(cert);
    if (error == E_OK)
        error = check_key_ids(cert, anchor);
    if (error == E_OK)
        error = check_criticality(cert);
    if (error == E_OK)
        error = check_info_access(cert, CUB_EXT_AUTHORITY_INFO);
    if (error == E_OK)
        error = check_info_access(cert, CUB_EXT_SUBJECT_INFO);
    if (error == E_OK && (leaf || !anchor))
        error = cub_check_strict_serial(cert, anchor);
    return error;
}
