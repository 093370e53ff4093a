#include <jansson.h>
#include <stdio.h>

#include "api/cli/connection.h"

/* Certificates may hold bytes that are not UTF-8; what cannot be a JSON string is null. */
static json_t *text(const char *value)
{
    json_t *string = value != NULL ? json_string(value) : NULL;

    return string != NULL ? string : json_null();
}

static json_t *pair(const struct cub_name_value *value)
{
    return json_pack("[o, o]", text(value->name), text(value->value));
}

static json_t *pairs(const struct cub_name_value *values, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, pair(&values[i]));
    return list;
}

static json_t *name(const struct cub_rdn *rdns, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, pairs(rdns[i].attributes, rdns[i].count));
    return list;
}

/* A DirName's value is a name, all others are strings. */
static json_t *alt_names(const struct cub_alt_name *names, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        json_t *value = names[i].value != NULL ? text(names[i].value)
                                               : name(names[i].directory, names[i].directory_count);

        json_array_append_new(list, json_pack("[o, o]", text(names[i].name), value));
    }
    return list;
}

/* Like Python's dictionary, the object has these only if there are any. */
static void set_strings(json_t *object, const char *key, const struct cub_string_list *list)
{
    json_t *array;

    if (list->count == 0)
        return;
    array = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(array, text(list->strings[i]));
    json_object_set_new(object, key, array);
}

static json_t *describe(const struct cub_cert_info *info)
{
    json_t *object = json_object();

    json_object_set_new(object, "subject", name(info->subject, info->subject_count));
    json_object_set_new(object, "issuer", name(info->issuer, info->issuer_count));
    json_object_set_new(object, "version", json_integer(info->version));
    json_object_set_new(object, "serialNumber", text(info->serialNumber));
    json_object_set_new(object, "notBefore", text(info->notBefore));
    json_object_set_new(object, "notAfter", text(info->notAfter));
    if (info->subjectAltName_count > 0)
        json_object_set_new(object, "subjectAltName",
                            alt_names(info->subjectAltName, info->subjectAltName_count));
    set_strings(object, "OCSP", &info->OCSP);
    set_strings(object, "caIssuers", &info->caIssuers);
    set_strings(object, "crlDistributionPoints", &info->crlDistributionPoints);
    return object;
}

/* The array for all certificates; a certificate that cannot be read is an error and left out. */
static enum cli_status describe_all(const struct cub_bytes *certs, size_t count, const char *file,
                                    json_t *array)
{
    enum cli_status status = CLI_DONE;

    for (size_t i = 0; i < count; i++) {
        struct cub_error_details details;
        struct cub_cert_info *info;
        char what[300];

        if (cub_cert_info_new(certs[i].data, certs[i].len, &info, &details) == CUB_OK) {
            json_array_append_new(array, describe(info));
            cub_cert_info_free(info);
            continue;
        }
        snprintf(what, sizeof what, "%s, certificate %zu", file, i + 1);
        cli_report(&details, what);
        status = CLI_TLS;
    }
    return status;
}

enum cli_status cli_x509(const struct cli_options *options)
{
    struct cub_bytes *certs;
    size_t count;
    enum cli_status status = cli_read_certs(options->args[0], &certs, &count);
    json_t *array;

    if (status != CLI_DONE)
        return status;
    array = json_array();
    status = describe_all(certs, count, options->args[0], array);
    if (json_dumpf(array, stdout, JSON_INDENT(2)) == 0)
        putchar('\n');
    json_decref(array);
    cub_free(certs);
    return status;
}
