#include <stdio.h>
#include <string.h>

#include "api/cli/connection.h"
#include "api/cli/names.h"

/* The short forms of RFC 4514 section 3; other types keep their names. */
static const char *short_name(const char *name)
{
    static const char *const known[][2] = {
        {"commonName",             "CN"    },
        {"organizationName",       "O"     },
        {"organizationalUnitName", "OU"    },
        {"countryName",            "C"     },
        {"localityName",           "L"     },
        {"stateOrProvinceName",    "ST"    },
        {"streetAddress",          "STREET"},
        {"domainComponent",        "DC"    },
        {"userId",                 "UID"   },
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i][0], name) == 0)
            return known[i][1];
    return name;
}

static void append(char *text, size_t size, const char *more)
{
    size_t len = strlen(text);

    snprintf(text + len, size - len, "%s", more);
}

void cli_format_name(const struct cub_rdn *rdns, size_t count, char *text, size_t size)
{
    *text = '\0';
    for (size_t i = count; i-- > 0;)
        for (size_t j = 0; j < rdns[i].count; j++) {
            const struct cub_name_value *attribute = &rdns[i].attributes[j];

            if (*text != '\0')
                append(text, size, j > 0 ? "+" : ", ");
            append(text, size, short_name(attribute->name));
            append(text, size, "=");
            append(text, size, attribute->value);
        }
}

void cli_format_subject(const struct cub_bytes *certificate, char *text, size_t size)
{
    struct cub_cert_info *info;

    snprintf(text, size, "?");
    if (cub_cert_info_new(certificate->data, certificate->len, &info, NULL) != CUB_OK)
        return;
    cli_format_name(info->subject, info->subject_count, text, size);
    cub_cert_info_free(info);
}

bool cli_describe_chain(cub_conn *conn, char *text, size_t size)
{
    const struct cub_bytes *chain;
    size_t count = 0;

    if (cub_context_get_verify_mode(cub_conn_get_context(conn)) == CUB_CERT_NONE ||
        cub_conn_get_verified_chain(conn, &chain, &count) != CUB_OK || count == 0)
        return false;
    *text = '\0';
    for (size_t i = 0; i < count; i++) {
        char subject[128];

        cli_format_subject(&chain[i], subject, sizeof subject);
        append(text, size, i > 0 ? " < " : "");
        append(text, size, subject);
    }
    return true;
}
