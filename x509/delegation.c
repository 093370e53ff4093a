#include "x509/delegation.h"

#include "x509/extension.h"
#include "x509/oid.h"

#define DELEGATION_USAGE "\x2b\x06\x01\x04\x01\x82\xda\x4b\x2c" /* 1.3.6.1.4.1.44363.44 */

/* The list in a TBSCertificate that was parsed before: behind all that is not [3]. */
static bool find_list(struct cub_der *tbs, struct cub_der *list)
{
    struct cub_der wrapped;

    while (cub_der_more(tbs)) {
        if (cub_der_optional(tbs, CUB_DER_CONSTRUCTED(3), &wrapped)) {
            *list = cub_extensions_open(&wrapped);
            return true;
        }
        (void)cub_der_element(tbs);
    }
    return false;
}

bool cub_cert_may_delegate(const struct cub_cert *cert)
{
    enum cub_error error = E_OK;
    struct cub_der whole = cub_der_open(cert->tbs.data, cert->tbs.len, &error);
    struct cub_der tbs = cub_der_enter(&whole, CUB_DER_SEQUENCE);
    struct cub_der list;

    if (!cub_cert_has(cert, CUB_EXT_KEY_USAGE) || !(cert->key_usage & CUB_KU_DIGITAL_SIGNATURE) ||
        !find_list(&tbs, &list))
        return false;
    while (cub_der_more(&list)) {
        struct cub_extension extension = cub_extension_read(&list);

        /* NULL, and not critical [RFC9345-4.2]. */
        if (cub_oid_is(extension.oid, DELEGATION_USAGE))
            return !extension.critical.len && extension.contents.len == 2 &&
                   extension.contents.data[0] == 0x05 && extension.contents.data[1] == 0;
    }
    return false;
}
