#include "x509/hostname.h"

#include <string.h>

#include "x509/general_name.h"
#include "x509/name_forms.h"

/* A host without the trailing dot, which says that a name is complete, as all names here are. */
static struct cub_view host_view(const char *name, size_t len)
{
    return (struct cub_view){(const uint8_t *)name, len && name[len - 1] == '.' ? len - 1 : len};
}

bool cub_hostname_valid(const char *name, size_t len)
{
    return cub_is_dns_name(host_view(name, len));
}

/* What follows the first label, its dot included. */
static struct cub_view behind_label(struct cub_view name)
{
    while (name.len && name.data[0] != '.') {
        name.data++;
        name.len--;
    }
    return name;
}

/* "*." and at least two labels: "*" is whole and left-most, or it is no wildcard [RFC9525-6.3]. */
static bool is_wildcard(struct cub_view name)
{
    if (name.len <= 2 || name.data[0] != '*' || name.data[1] != '.')
        return false;
    name = (struct cub_view){name.data + 2, name.len - 2};
    return cub_is_dns_name(name) && cub_view_has(name, '.');
}

bool cub_hostname_match(struct cub_view presented, const char *host, size_t host_len)
{
    struct cub_view name = host_view(host, host_len);

    if (!cub_is_dns_name(name))
        return false;
    if (!is_wildcard(presented))
        return cub_equal_folded(presented, name);
    return cub_equal_folded(behind_label(presented), behind_label(name));
}

/* What is looked for among the names. */
struct identity {
    const char *host;
    size_t host_len;
    uint8_t ip[16];
    size_t ip_len; /* 0: it is a DNS name */
};

static bool stands_for(const struct cub_general_name *name, const struct identity *wanted)
{
    if (wanted->ip_len)
        return name->type == CUB_GN_IP && name->value.len == wanted->ip_len &&
               memcmp(name->value.data, wanted->ip, wanted->ip_len) == 0;
    return name->type == CUB_GN_DNS &&
           cub_hostname_match(name->value, wanted->host, wanted->host_len);
}

static enum cub_error look_for(const struct cub_cert *cert, const struct identity *wanted)
{
    enum cub_error error = E_OK;
    struct cub_der names;

    if (cub_cert_has(cert, CUB_EXT_SUBJECT_ALT_NAME)) {
        names = cub_general_names_open(cert->extension[CUB_EXT_SUBJECT_ALT_NAME], &error);
        while (cub_der_more(&names)) {
            struct cub_general_name name = cub_general_name_read(&names, false);
            if (cub_der_ok(&names) && stands_for(&name, wanted))
                return E_OK;
        }
    }
    if (error != E_OK)
        return error;
    return wanted->ip_len ? E_X509_IP_MISMATCH : E_X509_HOSTNAME_MISMATCH;
}

enum cub_error cub_dns_name_check(const struct cub_cert *cert, const char *host)
{
    struct identity wanted = {.host = host, .host_len = strlen(host)};

    if (!cub_hostname_valid(host, wanted.host_len))
        return E_X509_HOSTNAME_INVALID;
    return look_for(cert, &wanted);
}

enum cub_error cub_hostname_check(const struct cub_cert *cert, const char *host)
{
    struct identity wanted = {.host = host, .host_len = strlen(host)};

    wanted.ip_len = cub_ip_parse(host, wanted.host_len, wanted.ip);
    return wanted.ip_len ? look_for(cert, &wanted) : cub_dns_name_check(cert, host);
}
