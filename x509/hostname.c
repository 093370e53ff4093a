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

/*
 * Whether a presented name stands for a host, which is a DNS name. "*" is whole and left-most and
 * before two labels at least, or it is no wildcard [RFC9525-6.3]; the rest of the name is that of
 * the host, hence a DNS name too.
 */
static bool stands_for(struct cub_view presented, struct cub_view host)
{
    size_t label = 0; /* characters of the first label */
    unsigned dots = 0;

    if (presented.len < 2 || presented.data[0] != '*' || presented.data[1] != '.')
        return cub_equal_folded(presented, host);
    for (size_t i = host.len; i > 0; i--)
        if (host.data[i - 1] == '.') {
            label = i - 1;
            dots++;
        }
    return dots > 1 && cub_equal_folded((struct cub_view){presented.data + 1, presented.len - 1},
                                        (struct cub_view){host.data + label, host.len - label});
}

bool cub_hostname_match(struct cub_view presented, const char *host, size_t host_len)
{
    struct cub_view name = host_view(host, host_len);

    return cub_is_dns_name(name) && stands_for(presented, name);
}

/* Looks for a name of a type among the certificate's. */
static enum cub_error look_for(const struct cub_cert *cert, unsigned type, struct cub_view wanted,
                               bool (*match)(struct cub_view presented, struct cub_view wanted))
{
    struct cub_view names;
    struct cub_general_name name;
    enum cub_error error;

    if (!cub_cert_has(cert, CUB_EXT_SUBJECT_ALT_NAME))
        return E_X509_HOSTNAME_MISMATCH;
    error = cub_general_names(cert->extension[CUB_EXT_SUBJECT_ALT_NAME], &names);
    while (error == E_OK && names.len) {
        error = cub_general_name_take(&names, false, &name);
        if (error == E_OK && name.type == type && match(name.value, wanted))
            return E_OK;
    }
    return error == E_OK ? E_X509_HOSTNAME_MISMATCH : error;
}

enum cub_error cub_dns_name_check(const struct cub_cert *cert, const char *host)
{
    struct cub_view name = host_view(host, strlen(host));

    if (!cub_is_dns_name(name))
        return E_X509_HOSTNAME_INVALID;
    return look_for(cert, CUB_GN_DNS, name, stands_for);
}

enum cub_error cub_hostname_check(const struct cub_cert *cert, const char *host)
{
    uint8_t ip[16];
    struct cub_view wanted = {ip, cub_ip_parse(host, strlen(host), ip)};
    enum cub_error error;

    if (wanted.len == 0)
        return cub_dns_name_check(cert, host);
    error = look_for(cert, CUB_GN_IP, wanted, cub_view_equal);
    return error == E_X509_HOSTNAME_MISMATCH ? E_X509_IP_MISMATCH : error;
}
