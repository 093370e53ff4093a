#include "x509/general_name.h"

#include "x509/name.h"

static bool is_ia5(struct cub_view v)
{
    uint8_t all = 0;

    for (size_t i = 0; i < v.len; i++)
        all |= v.data[i];
    return all < 0x80;
}

static bool is_ip(struct cub_view v, bool constraint)
{
    return v.len == (constraint ? 8 : 4) || v.len == (constraint ? 32 : 16);
}

enum cub_error cub_general_name_take(struct cub_view *from, bool constraint,
                                     struct cub_general_name *name)
{
    const uint8_t *tag = from->data;
    enum cub_error error = cub_der_next(from, CUB_DER_ANY, &name->value);

    if (error != E_OK)
        return error;
    name->type = *tag;
    switch (name->type) {
    case CUB_GN_EMAIL:
    case CUB_GN_DNS:
    case CUB_GN_URI:
        return is_ia5(name->value) ? E_OK : E_DER_STRING;
    case CUB_GN_IP:
        return is_ip(name->value, constraint) ? E_OK : E_X509_GENERAL_NAME;
    case CUB_GN_DIRECTORY: /* EXPLICIT, as Name is a CHOICE */
        return cub_name_check(name->value);
    case CUB_GN_OTHER:
    case CUB_GN_X400:
    case CUB_GN_EDI:
    case CUB_GN_REGISTERED_ID:
        return E_OK;
    default:
        return E_X509_GENERAL_NAME;
    }
}

struct cub_general_name cub_general_name_read(struct cub_der *d, bool constraint)
{
    struct cub_view rest = cub_der_rest(d);
    struct cub_general_name name = {
        0, {NULL, 0}
    };
    enum cub_error error;

    if (!cub_der_ok(d))
        return name;
    error = cub_general_name_take(&rest, constraint, &name);
    cub_der_went(d, rest, error);
    return name;
}

enum cub_error cub_general_names(struct cub_view extension, struct cub_view *names)
{
    enum cub_error error = cub_der_only(extension, CUB_DER_SEQUENCE, names);

    return error == E_OK && !names->len ? E_X509_SAN_EMPTY : error;
}

struct cub_der cub_general_names_open(struct cub_view extension, enum cub_error *error)
{
    struct cub_view names = {NULL, 0};
    enum cub_error found = cub_general_names(extension, &names);

    if (*error == E_OK)
        *error = found;
    return cub_der_open(names.data, *error == E_OK ? names.len : 0, error);
}
