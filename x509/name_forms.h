/*
 * The forms of the names that certificates carry as text: DNS names, mailboxes, URIs.
 */
#ifndef CUB_X509_NAME_FORMS_H
#define CUB_X509_NAME_FORMS_H

#include <stdbool.h>

#include "crypto/signature.h"

/* Equality without regard to the case of ASCII letters. */
bool cub_bytes_folded(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len);
static inline bool cub_equal_folded(struct cub_view a, struct cub_view b)
{
    return cub_bytes_folded(a.data, a.len, b.data, b.len);
}

/*
 * A DNS name: labels of 1 to 63 letters, digits, hyphens and underscores, 253 characters at most,
 * no trailing dot, the last label not a number.
 */
bool cub_is_dns_text(const uint8_t *name, size_t len);
static inline bool cub_is_dns_name(struct cub_view name)
{
    return cub_is_dns_text(name.data, name.len);
}

/* The same, or with "*" as the whole left-most label before at least one other. */
bool cub_is_dns_pattern(struct cub_view name);

/* Splits a mailbox [RFC5280-4.2.1.6] into local part and host; false if it is not well-formed. */
bool cub_mailbox_split(struct cub_view mailbox, struct cub_view *local, struct cub_view *host);
bool cub_is_mailbox(struct cub_view mailbox);

/* The host of a URI's authority [RFC3986-3.2.2], if it is a DNS name. */
bool cub_uri_host(struct cub_view uri, struct cub_view *host);

#endif
