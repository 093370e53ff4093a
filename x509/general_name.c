#include "x509/general_name.h"

#include "x509/name.h"

static bool is_ia5(struct cub_view v)
{
    uint8_t all = 0;

    for (size_t i = 0; i < v.len; i++)
        all |= v.data[i];
    return all < 0x80;
}

static bool has_ip_size(size_t len, bool constraint)
{
    return constraint ? len == 8 || len == 32 : len == 4 || len == 16;
}

/* directoryName [4] EXPLICIT, as Name is a CHOICE. */
static struct cub_view inner_name(struct cub_der *d, struct cub_view contents)
{
    struct cub_der inner = cub_der_sub(d, contents);
    struct cub_view name = cub_name_read(&inner);

    (void)cub_der_done(&inner);
    return name;
}

struct cub_general_name cub_general_name_read(struct cub_der *d, bool constraint)
{
    struct cub_general_name name = {
        0, {NULL, 0}
    };

    name.value = cub_der_any(d, &name.type);
    if (!cub_der_ok(d))
        return name;
    switch (name.type) {
    case CUB_GN_EMAIL:
    case CUB_GN_DNS:
    case CUB_GN_URI:
        if (!is_ia5(name.value))
            cub_der_fail(d, E_DER_STRING);
        break;
    case CUB_GN_IP:
        if (!has_ip_size(name.value.len, constraint))
            cub_der_fail(d, E_X509_GENERAL_NAME);
        break;
    case CUB_GN_DIRECTORY:
        name.value = inner_name(d, name.value);
        break;
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

struct cub_der cub_general_names_open(struct cub_view extension, enum cub_error *error)
{
    struct cub_der d = cub_der_open(extension.data, extension.len, error);
    struct cub_der names = cub_der_enter(&d, CUB_DER_SEQUENCE);

    (void)cub_der_done(&d);
    if (cub_der_ok(&names) && !cub_der_more(&names))
        cub_der_fail(&names, E_X509_SAN_EMPTY);
    return names;
}
