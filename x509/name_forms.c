#include "x509/name_forms.h"

#include "x509/hostname.h"

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

bool cub_bytes_folded(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
    bool equal = a_len == b_len;

    for (size_t i = 0; equal && i < a_len; i++)
        equal = lower(a[i]) == lower(b[i]);
    return equal;
}

static bool is_letter(uint8_t c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

bool cub_is_dns_text(const uint8_t *name, size_t len)
{
    size_t n = 0; /* characters of the label so far */
    bool numeric = true;

    if (len > CUB_HOSTNAME_MAX)
        return false;
    for (size_t i = 0;; i++) {
        if (i == len || name[i] == '.') {
            if (n == 0 || n > 63 || name[i - 1] == '-')
                return false;
            if (i == len)
                return !numeric; /* or it would be an address */
            n = 0;
            numeric = true;
            continue;
        }
        if (!is_digit(name[i])) {
            if (!is_letter(name[i]) && name[i] != '_' && (n == 0 || name[i] != '-'))
                return false;
            numeric = false;
        }
        n++;
    }
}

bool cub_is_dns_pattern(struct cub_view name)
{
    if (name.len > 2 && name.data[0] == '*' && name.data[1] == '.')
        name = (struct cub_view){name.data + 2, name.len - 2};
    return cub_is_dns_name(name);
}

/* Dot-atom characters [RFC5322-3.2.3], the dot included. */
static bool is_local_char(uint8_t c)
{
    static const char special[] = "!#$%&'*+-/=?^_`{|}~.";

    for (const char *p = special; *p; p++)
        if (c == (uint8_t)*p)
            return true;
    return is_letter(c) || is_digit(c);
}

static bool is_local_part(struct cub_view v)
{
    for (size_t i = 0; i < v.len; i++)
        if (!is_local_char(v.data[i]) ||
            (v.data[i] == '.' && (i == 0 || i + 1 == v.len || v.data[i + 1] == '.')))
            return false;
    return v.len != 0;
}

bool cub_mailbox_split(struct cub_view mailbox, struct cub_view *local, struct cub_view *host)
{
    size_t at = 0;

    while (at < mailbox.len && mailbox.data[at] != '@')
        at++;
    if (at == mailbox.len)
        return false;
    *local = (struct cub_view){mailbox.data, at};
    *host = (struct cub_view){mailbox.data + at + 1, mailbox.len - at - 1};
    return is_local_part(*local) && cub_is_dns_name(*host);
}

bool cub_is_mailbox(struct cub_view mailbox)
{
    struct cub_view local, host;

    return cub_mailbox_split(mailbox, &local, &host);
}

/* Where one of some characters first stands at or after from; the length if nowhere. */
static size_t find_any(struct cub_view v, size_t from, const char *chars)
{
    for (; from < v.len; from++)
        for (const char *p = chars; *p; p++)
            if (v.data[from] == (uint8_t)*p)
                return from;
    return v.len;
}

bool cub_uri_host(struct cub_view uri, struct cub_view *host)
{
    size_t colon = find_any(uri, 0, ":/?#");
    size_t start = colon + 3;
    size_t end, at;

    /* scheme "://" [userinfo "@"] host [":" port] and then path, query or fragment */
    if (colon == 0 || start > uri.len || uri.data[colon] != ':' || uri.data[colon + 1] != '/' ||
        uri.data[colon + 2] != '/')
        return false;
    end = find_any(uri, start, "/?#");
    at = find_any((struct cub_view){uri.data, end}, start, "@");
    if (at != end)
        start = at + 1;
    end = find_any((struct cub_view){uri.data, end}, start, ":");
    *host = (struct cub_view){uri.data + start, end - start};
    return cub_is_dns_name(*host);
}
