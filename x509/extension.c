#include "x509/extension.h"

struct cub_der cub_extensions_open(struct cub_der *d)
{
    struct cub_der list = cub_der_enter(d, CUB_DER_SEQUENCE);

    (void)cub_der_done(d);
    if (cub_der_ok(&list) && !cub_der_more(&list))
        cub_der_fail(&list, E_X509_EXTENSION);
    return list;
}

struct cub_extension cub_extension_read(struct cub_der *list)
{
    struct cub_der seq = cub_der_enter(list, CUB_DER_SEQUENCE);
    struct cub_extension e;

    e.oid = cub_der_oid(&seq);
    e.critical = cub_der_default_false(&seq);
    e.contents = cub_der_read(&seq, CUB_DER_OCTET_STRING);
    (void)cub_der_done(&seq);
    return e;
}

bool cub_extension_repeated(struct cub_der beginning, struct cub_view oid)
{
    while (cub_der_more(&beginning)) {
        struct cub_der seq = cub_der_enter(&beginning, CUB_DER_SEQUENCE);
        struct cub_view other = cub_der_oid(&seq);
        if (other.data == oid.data)
            return false;
        if (cub_view_equal(other, oid))
            return true;
    }
    return false;
}
