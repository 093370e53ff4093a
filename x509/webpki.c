/*
 * The sections are those of the CA/Browser Forum's Baseline Requirements for TLS server
 * certificates, version 2.
 */
#include "x509/strict.h"

#include <string.h>

#include "x509/general_name.h"
#include "x509/hostname.h"
#include "x509/key.h"
#include "x509/name.h"

/* 7.1.2.1.3: a root names its own key, and nothing else. 7.1.2.1.2: and no purposes. */
static bool is_root_good(const struct cub_cert *cert)
{
    if (cub_cert_has(cert, CUB_EXT_EXTENDED_KEY_USAGE))
        return false;
    if (!cub_cert_has(cert, CUB_EXT_AUTHORITY_KEY_ID))
        return true;
    return cert->authority_key_id.len != 0 && cert->authority_issuer.len == 0 &&
           cert->authority_serial.len == 0 &&
           cub_view_equal(cert->authority_key_id, cert->subject_key_id);
}

static struct cub_view without_wildcard(struct cub_view name)
{
    if (name.len > 2 && name.data[0] == '*' && name.data[1] == '.')
        return (struct cub_view){name.data + 2, name.len - 2};
    return name;
}

/*
 * A common name against one subjectAltName: a copy of it, character for character, or the address
 * as text. That of a wildcard may be the domain alone, as many are.
 */
static bool is_same_name(const struct cub_attribute *cn, const struct cub_general_name *name)
{
    uint8_t ip[16];

    if (name->type == CUB_GN_DNS)
        return cub_view_equal(cn->value, name->value) ||
               cub_view_equal(cn->value, without_wildcard(name->value));
    return name->type == CUB_GN_IP &&
           cub_ip_is_canonical((const char *)cn->value.data, cn->value.len) &&
           cub_ip_parse((const char *)cn->value.data, cn->value.len, ip) == name->value.len &&
           memcmp(ip, name->value.data, name->value.len) == 0;
}

static bool is_in_alt_names(const struct cub_cert *cert, const struct cub_attribute *cn)
{
    enum cub_error error = E_OK;
    struct cub_der names =
        cub_general_names_open(cert->extension[CUB_EXT_SUBJECT_ALT_NAME], &error);

    while (cub_der_more(&names)) {
        struct cub_general_name name = cub_general_name_read(&names, false);
        if (is_same_name(cn, &name))
            return true;
    }
    return false;
}

/* 7.1.4.3: a common name is one of the subjectAltNames. */
static bool are_common_names_good(const struct cub_cert *cert)
{
    struct cub_name_walk walk;
    struct cub_attribute a;

    cub_name_walk(&walk, cert->subject);
    while (cub_name_next(&walk, &a))
        if (cub_attribute_is(&a, CUB_ATTRIBUTE_COMMON_NAME) && !is_in_alt_names(cert, &a))
            return false;
    return true;
}

/* 7.1.2.7: no CA; serverAuth is there, anyExtendedKeyUsage is not, and neither is critical. */
static bool is_subscriber_good(const struct cub_cert *cert)
{
    if (cert->is_ca || !cub_cert_has(cert, CUB_EXT_SUBJECT_ALT_NAME))
        return false;
    if (!(cert->extended_key_usage & CUB_EKU_SERVER_AUTH) ||
        (cert->extended_key_usage & CUB_EKU_ANY) ||
        cub_cert_critical(cert, CUB_EXT_EXTENDED_KEY_USAGE))
        return false;
    return are_common_names_good(cert);
}

/* 6.1.5: moduli of RSA have a number of bits that 8 divides. */
static bool is_key_good(const struct cub_cert *cert)
{
    return cert->key.modulus.len == 0 || cub_public_key_bits(&cert->key) % 8 == 0;
}

enum cub_error cub_check_webpki(const struct cub_cert *cert, bool leaf, bool anchor)
{
    if (!is_key_good(cert) || (anchor && !is_root_good(cert)) ||
        (leaf && !anchor && !is_subscriber_good(cert)))
        return E_X509_WEBPKI;
    return E_OK;
}
