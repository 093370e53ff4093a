#include "x509/constraints.h"

#include <string.h>

#include "x509/general_name.h"
#include "x509/hostname.h"
#include "x509/name.h"
#include "x509/name_forms.h"
#include "x509/oid.h"

/*
 *   NameConstraints ::= SEQUENCE {
 *       permittedSubtrees [0] GeneralSubtrees OPTIONAL,
 *       excludedSubtrees  [1] GeneralSubtrees OPTIONAL }
 *   GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree
 *   GeneralSubtree ::= SEQUENCE {
 *       base GeneralName, minimum [0] DEFAULT 0, maximum [1] OPTIONAL }
 */
struct subtrees {
    struct cub_der permitted;
    struct cub_der excluded;
};

static void open_subtrees(const struct cub_cert *ca, struct subtrees *s, enum cub_error *error)
{
    struct cub_view v = ca->extension[CUB_EXT_NAME_CONSTRAINTS];
    struct cub_der d = cub_der_open(v.data, v.len, error);
    struct cub_der seq = cub_der_enter(&d, CUB_DER_SEQUENCE);
    bool any;

    s->permitted = s->excluded = cub_der_open(NULL, 0, error);
    any = cub_der_optional(&seq, CUB_DER_CONSTRUCTED(0), &s->permitted);
    if (any && !cub_der_more(&s->permitted))
        cub_der_fail(&seq, E_X509_CONSTRAINT_SYNTAX);
    if (cub_der_optional(&seq, CUB_DER_CONSTRUCTED(1), &s->excluded)) {
        any = true;
        if (!cub_der_more(&s->excluded))
            cub_der_fail(&seq, E_X509_CONSTRAINT_SYNTAX);
    }
    if (!any) /* "MUST NOT be an empty sequence" */
        cub_der_fail(&seq, E_X509_CONSTRAINT_SYNTAX);
    (void)cub_der_done(&seq);
    (void)cub_der_done(&d);
}

/* The base of the next subtree. */
static struct cub_general_name next_base(struct cub_der *list)
{
    struct cub_der subtree = cub_der_enter(list, CUB_DER_SEQUENCE);
    struct cub_general_name base = cub_general_name_read(&subtree, true);

    /* minimum is 0, which DER does not write, and maximum absent [RFC5280-4.2.1.10]. */
    if (cub_der_more(&subtree))
        cub_der_fail(&subtree, E_X509_CONSTRAINT_MINMAX);
    return base;
}

/* Network masks are contiguous [RFC4632]. */
static bool is_mask(const uint8_t *mask, size_t len)
{
    bool zero_seen = false;

    for (size_t i = 0; i < len * 8; i++) {
        bool bit = (mask[i / 8] >> (7 - i % 8) & 1) != 0;
        if (bit && zero_seen)
            return false;
        zero_seen |= !bit;
    }
    return true;
}

/* A host, or with a leading dot all hosts below one. */
static bool is_host_constraint(struct cub_view v)
{
    if (v.len && v.data[0] == '.')
        v = (struct cub_view){v.data + 1, v.len - 1};
    return cub_is_dns_name(v);
}

static bool is_well_formed(const struct cub_general_name *base)
{
    switch (base->type) {
    case CUB_GN_DNS: /* without leading dot; the empty one stands for all names */
        return base->value.len == 0 || cub_is_dns_name(base->value);
    case CUB_GN_IP:
        return is_mask(base->value.data + base->value.len / 2, base->value.len / 2);
    case CUB_GN_EMAIL:
        return cub_is_mailbox(base->value) || is_host_constraint(base->value);
    case CUB_GN_URI:
        return is_host_constraint(base->value);
    default:
        return true;
    }
}

static void check_list(struct cub_der *list)
{
    while (cub_der_more(list)) {
        struct cub_general_name base = next_base(list);
        if (cub_der_ok(list) && !is_well_formed(&base))
            cub_der_fail(list, E_X509_CONSTRAINT_SYNTAX);
    }
}

enum cub_error cub_constraints_form(const struct cub_cert *ca)
{
    enum cub_error error = E_OK;
    struct subtrees s;

    open_subtrees(ca, &s, &error);
    check_list(&s.permitted);
    check_list(&s.excluded);
    return error;
}

static struct cub_view tail(struct cub_view v, size_t from)
{
    return (struct cub_view){v.data + from, v.len - from};
}

/* Whether a name is base, or ends in a dot and base. */
static bool is_dns_within(struct cub_view name, struct cub_view base)
{
    if (base.len == 0)
        return true;
    if (name.len < base.len || !cub_equal_folded(tail(name, name.len - base.len), base))
        return false;
    return name.len == base.len || name.data[name.len - base.len - 1] == '.';
}

/* "*.b" stands for names below b: it meets an excluded subtree if one of them may lie in it. */
static bool dns_matches(struct cub_view name, struct cub_view base, bool excluded)
{
    if (name.len > 2 && name.data[0] == '*' && excluded && is_dns_within(base, tail(name, 2)))
        return true;
    return is_dns_within(name, base);
}

static bool ip_matches(struct cub_view address, struct cub_view base)
{
    const uint8_t *mask = base.data + address.len;

    if (base.len != 2 * address.len)
        return false;
    for (size_t i = 0; i < address.len; i++)
        if ((address.data[i] ^ base.data[i]) & mask[i])
            return false;
    return true;
}

/* A host against "host" or ".domain", the form in constraints of e-mail and URI. */
static bool host_matches(struct cub_view host, struct cub_view base)
{
    if (base.len && base.data[0] == '.')
        return host.len > base.len && cub_equal_folded(tail(host, host.len - base.len), base);
    return cub_equal_folded(host, base);
}

/* A mailbox against a mailbox, whose local part counts with its case, or a host, or a domain. */
static bool email_matches(struct cub_view address, struct cub_view base)
{
    struct cub_view local, host, base_local, base_host;

    if (!cub_mailbox_split(address, &local, &host))
        return false;
    if (!cub_mailbox_split(base, &base_local, &base_host))
        return host_matches(host, base);
    return cub_view_equal(local, base_local) && cub_equal_folded(host, base_host);
}

static bool uri_matches(struct cub_view uri, struct cub_view base)
{
    struct cub_view host;

    return cub_uri_host(uri, &host) && host_matches(host, base);
}

static bool matches(const struct cub_general_name *name, const struct cub_general_name *base,
                    bool excluded)
{
    switch (name->type) {
    case CUB_GN_DNS:
        return dns_matches(name->value, base->value, excluded);
    case CUB_GN_IP:
        return ip_matches(name->value, base->value);
    case CUB_GN_EMAIL:
        return email_matches(name->value, base->value);
    case CUB_GN_URI:
        return uri_matches(name->value, base->value);
    default:
        return cub_name_within(name->value, base->value);
    }
}

static bool is_supported(unsigned type)
{
    return type == CUB_GN_DNS || type == CUB_GN_IP || type == CUB_GN_EMAIL || type == CUB_GN_URI ||
           type == CUB_GN_DIRECTORY;
}

/* A name that a constraint is applied to must have the form that the comparison relies on. */
static bool is_comparable(const struct cub_general_name *name)
{
    struct cub_view host;

    switch (name->type) {
    case CUB_GN_DNS:
        return cub_is_dns_pattern(name->value);
    case CUB_GN_EMAIL:
        return cub_is_mailbox(name->value);
    case CUB_GN_URI: /* it must have a host that is a name [RFC5280-4.2.1.10] */
        return cub_uri_host(name->value, &host);
    default:
        return true;
    }
}

/* One check of the names of a certificate. */
struct check {
    struct subtrees subtrees;
    unsigned *comparisons;
    unsigned max;
};

/* Whether some base of a list, among those of the name's type (*any), matches. */
static enum cub_error search(struct check *c, struct cub_der list,
                             const struct cub_general_name *name, bool excluded, bool *any,
                             bool *found)
{
    *any = *found = false;
    while (cub_der_more(&list) && !*found) {
        struct cub_general_name base = next_base(&list);
        if (++*c->comparisons > c->max)
            return E_X509_BUDGET_CONSTRAINTS;
        if (base.type != name->type)
            continue;
        *any = true;
        if (!is_supported(name->type))
            return E_X509_CONSTRAINTS_UNSUPPORTED;
        if (!is_comparable(name))
            return E_X509_NAME_SYNTAX;
        *found = matches(name, &base, excluded);
    }
    return *list.error;
}

static enum cub_error check_name(struct check *c, const struct cub_general_name *name)
{
    bool any, found;
    enum cub_error error = search(c, c->subtrees.excluded, name, true, &any, &found);

    if (error == E_OK && found)
        error = E_X509_EXCLUDED;
    if (error == E_OK)
        error = search(c, c->subtrees.permitted, name, false, &any, &found);
    if (error == E_OK && any && !found)
        error = E_X509_PERMITTED;
    return error;
}

/* subjectAltName; *seen gets a bit for each kind of name that the subject could stand in for. */
enum { SEEN_EMAIL = 1, SEEN_DNS_OR_IP = 2 };
static enum cub_error check_alt_names(struct check *c, const struct cub_cert *cert, unsigned *seen)
{
    enum cub_error error = E_OK;
    enum cub_error failed = E_OK;
    struct cub_der names;

    if (!cub_cert_has(cert, CUB_EXT_SUBJECT_ALT_NAME))
        return E_OK;
    names = cub_general_names_open(cert->extension[CUB_EXT_SUBJECT_ALT_NAME], &error);
    while (cub_der_more(&names) && failed == E_OK) {
        struct cub_general_name name = cub_general_name_read(&names, false);
        if (name.type == CUB_GN_EMAIL)
            *seen |= SEEN_EMAIL;
        if (name.type == CUB_GN_DNS || name.type == CUB_GN_IP)
            *seen |= SEEN_DNS_OR_IP;
        if (cub_der_ok(&names))
            failed = check_name(c, &name);
    }
    return error != E_OK ? error : failed;
}

/* Attributes of the subject that stand for names where subjectAltName has none of that kind. */
static enum cub_error check_attributes(struct check *c, const struct cub_cert *cert, unsigned kinds)
{
    enum cub_error error = E_OK;
    struct cub_name_walk walk;
    struct cub_attribute a;

    cub_name_walk(&walk, cert->subject);
    while (error == E_OK && cub_name_next(&walk, &a)) {
        struct cub_general_name name = {0, a.value};
        if ((kinds & SEEN_EMAIL) && cub_oid_is(a.type, CUB_OID_EMAIL_ADDRESS))
            name.type = CUB_GN_EMAIL;
        if ((kinds & SEEN_DNS_OR_IP) && cub_attribute_is(&a, CUB_ATTRIBUTE_COMMON_NAME) &&
            cub_is_dns_pattern(a.value))
            name.type = CUB_GN_DNS;
        if (name.type)
            error = check_name(c, &name);
    }
    return error;
}

enum cub_error cub_constraints_check(const struct cub_cert *ca, const struct cub_cert *below,
                                     bool common_name, unsigned *comparisons, unsigned max)
{
    struct cub_general_name subject = {CUB_GN_DIRECTORY, below->subject};
    enum cub_error error = E_OK;
    enum cub_error failed = E_OK;
    struct check c = {.comparisons = comparisons, .max = max};
    unsigned seen = common_name ? 0 : SEEN_DNS_OR_IP;

    open_subtrees(ca, &c.subtrees, &error);
    if (error == E_OK && !cub_name_empty(below->subject))
        failed = check_name(&c, &subject);
    if (failed == E_OK)
        failed = check_alt_names(&c, below, &seen);
    if (failed == E_OK)
        failed = check_attributes(&c, below, ~seen);
    return error != E_OK ? error : failed;
}
