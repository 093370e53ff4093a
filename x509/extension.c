#include "x509/extension.h"

#define FIELD(member) CUB_STEP_FIELD(struct cub_extension, member)

const struct cub_step cub_extension_steps[] = {
    {CUB_DER_SEQUENCE,     CUB_STEP_IN | CUB_STEP_PASS        },
    {CUB_DER_OID,          FIELD(oid)                         },
    {CUB_DER_BOOLEAN,      CUB_STEP_OPTIONAL | FIELD(critical)},
    {CUB_DER_OCTET_STRING, FIELD(contents)                    },
    CUB_STEP_OUT,
};

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
    struct cub_extension e = {0};

    cub_der_take_from(list, cub_extension_steps, &e);
    return cub_der_ok(list) ? e : (struct cub_extension){0};
}

bool cub_extension_repeated(struct cub_view list, struct cub_view oid)
{
    struct cub_extension other;

    do {
        (void)cub_der_take(&list, cub_extension_steps, &other);
    } while (!cub_view_equal(other.oid, oid));
    return other.oid.data != oid.data;
}
