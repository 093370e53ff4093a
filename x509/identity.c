#include "x509/identity.h"

#include <string.h>

#include "x509/general_name.h"
#include "x509/hostname.h"
#include "x509/name.h"
#include "x509/name_forms.h"
#include "x509/oid.h"

/* Local parts are compared with their case, hosts without [RFC5280-7.5]. */
static bool is_mailbox(struct cub_view presented, struct cub_view wanted)
{
    struct cub_view a_local, a_host, b_local, b_host;

    return cub_mailbox_split(presented, &a_local, &a_host) &&
           cub_mailbox_split(wanted, &b_local, &b_host) && cub_view_equal(a_local, b_local) &&
           cub_equal_folded(a_host, b_host);
}

/* Among subjectAltNames; *any tells whether one of them was an e-mail address. */
static bool find_in_alt_names(const struct cub_cert *cert, struct cub_view wanted, bool *any)
{
    enum cub_error error = E_OK;
    struct cub_der names;

    *any = false;
    if (!cub_cert_has(cert, CUB_EXT_SUBJECT_ALT_NAME))
        return false;
    names = cub_general_names_open(cert->extension[CUB_EXT_SUBJECT_ALT_NAME], &error);
    while (cub_der_more(&names)) {
        struct cub_general_name name = cub_general_name_read(&names, false);
        if (name.type != CUB_GN_EMAIL)
            continue;
        *any = true;
        if (is_mailbox(name.value, wanted))
            return true;
    }
    return false;
}

static bool find_in_subject(const struct cub_cert *cert, struct cub_view wanted)
{
    struct cub_name_walk walk;
    struct cub_attribute a;

    cub_name_walk(&walk, cert->subject);
    while (cub_name_next(&walk, &a))
        if (cub_oid_is(a.type, CUB_OID_EMAIL_ADDRESS) && is_mailbox(a.value, wanted))
            return true;
    return false;
}

enum cub_error cub_email_check(const struct cub_cert *cert, const char *address)
{
    struct cub_view wanted = {(const uint8_t *)address, strlen(address)};
    bool any;

    if (find_in_alt_names(cert, wanted, &any))
        return E_OK;
    return !any && find_in_subject(cert, wanted) ? E_OK : E_X509_EMAIL_MISMATCH;
}

bool cub_has_host_identity(const struct cub_cert *cert)
{
    enum cub_error error = E_OK;
    struct cub_der names;

    if (!cub_cert_has(cert, CUB_EXT_SUBJECT_ALT_NAME))
        return false;
    names = cub_general_names_open(cert->extension[CUB_EXT_SUBJECT_ALT_NAME], &error);
    while (cub_der_more(&names)) {
        struct cub_general_name name = cub_general_name_read(&names, false);
        if (name.type == CUB_GN_DNS || name.type == CUB_GN_IP)
            return true;
    }
    return false;
}

enum cub_error cub_common_name_check(const struct cub_cert *cert, const char *host)
{
    enum cub_error error = cub_hostname_check(cert, host);
    struct cub_name_walk walk;
    struct cub_attribute a;

    if (error != E_X509_HOSTNAME_MISMATCH || cub_has_host_identity(cert))
        return error;
    cub_name_walk(&walk, cert->subject);
    while (cub_name_next(&walk, &a))
        if (cub_attribute_is(&a, CUB_ATTRIBUTE_COMMON_NAME) &&
            cub_hostname_match(a.value, host, strlen(host)))
            return E_OK;
    return error;
}
