#include "x509/hostname.h"

#include <string.h>

#include "x509/general_name.h"

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool is_label_char(uint8_t c)
{
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Bytes of the label at name, 0 if it is empty, too long or of other characters. */
static size_t label_length(const uint8_t *name, size_t len)
{
    size_t n = 0;

    while (n < len && is_label_char(name[n]))
        n++;
    if (n > 63 || (n < len && name[n] != '.') || (n && (name[0] == '-' || name[n - 1] == '-')))
        return 0;
    return n;
}

static bool is_numeric(const uint8_t *label, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (label[i] < '0' || label[i] > '9')
            return false;
    return true;
}

/* Labels separated by single dots. The last is not a number, or the name would be an address. */
static bool is_dns_name(const uint8_t *name, size_t len)
{
    size_t at = 0;

    if (len == 0 || len > CUB_HOSTNAME_MAX)
        return false;
    for (;;) {
        size_t n = label_length(name + at, len - at);
        if (n == 0)
            return false;
        if (at + n == len)
            return !is_numeric(name + at, n);
        at += n + 1;
    }
}

/* A trailing dot says that a name is complete, which all names here are. */
static size_t without_trailing_dot(const char *name, size_t len)
{
    return len && name[len - 1] == '.' ? len - 1 : len;
}

bool cub_hostname_valid(const char *name, size_t len)
{
    return is_dns_name((const uint8_t *)name, without_trailing_dot(name, len));
}

static bool equal_folded(const uint8_t *a, const uint8_t *b, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

/* "*." and at least two labels: "*" is whole and left-most, or it is no wildcard [RFC9525-6.3]. */
static bool is_wildcard(struct cub_view name)
{
    return name.len > 2 && name.data[0] == '*' && name.data[1] == '.' &&
           is_dns_name(name.data + 2, name.len - 2) &&
           cub_view_has((struct cub_view){name.data + 2, name.len - 2}, '.');
}

bool cub_hostname_match(struct cub_view presented, const char *host, size_t host_len)
{
    const uint8_t *name = (const uint8_t *)host;
    size_t len = without_trailing_dot(host, host_len);
    size_t first;

    if (!is_dns_name(name, len))
        return false;
    if (!is_wildcard(presented))
        return presented.len == len && equal_folded(presented.data, name, len);
    first = label_length(name, len);
    return len - first == presented.len - 1 &&
           equal_folded(presented.data + 1, name + first, len - first);
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

enum cub_error cub_hostname_check(const struct cub_cert *cert, const char *host)
{
    struct identity wanted = {host, strlen(host), {0}, 0};
    enum cub_error error = E_OK;
    struct cub_der names;

    wanted.ip_len = cub_ip_parse(host, wanted.host_len, wanted.ip);
    if (!wanted.ip_len && !cub_hostname_valid(host, wanted.host_len))
        return E_X509_HOSTNAME_INVALID;
    if (cub_cert_has(cert, CUB_EXT_SUBJECT_ALT_NAME)) {
        names = cub_general_names_open(cert->extension[CUB_EXT_SUBJECT_ALT_NAME], &error);
        while (cub_der_more(&names)) {
            struct cub_general_name name = cub_general_name_read(&names, false);
            if (cub_der_ok(&names) && stands_for(&name, &wanted))
                return E_OK;
        }
    }
    if (error != E_OK)
        return error;
    return wanted.ip_len ? E_X509_IP_MISMATCH : E_X509_HOSTNAME_MISMATCH;
}
