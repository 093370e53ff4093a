#include "x509/policies.h"

#include <stdint.h>

#include "x509/check.h"
#include "x509/der.h"
#include "x509/oid.h"

void cub_policies_start(struct cub_policies *p, size_t depth, bool explicit_policy,
                        bool inhibit_any, bool inhibit_map)
{
    unsigned never = (unsigned)depth + 1;

    p->count = 0;
    p->any = true;
    p->explicit_policy = explicit_policy ? 0 : never;
    p->inhibit_any = inhibit_any ? 0 : never;
    p->policy_mapping = inhibit_map ? 0 : never;
}

/* Adds a pair, unless it is among those from an index on. */
static enum cub_error add(struct cub_policies *p, size_t from, struct cub_view origin,
                          struct cub_view expected)
{
    for (size_t i = from; i < p->count; i++)
        if (cub_view_equal(p->pairs[i].origin, origin) &&
            cub_view_equal(p->pairs[i].expected, expected))
            return E_OK;
    if (p->count == CUB_POLICIES_MAX)
        return E_X509_BUDGET_POLICIES;
    p->pairs[p->count++] = (struct cub_policy_pair){origin, expected};
    return E_OK;
}

/* certificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation */
static struct cub_der open_list(const struct cub_cert *cert, enum cub_extension_id id,
                                enum cub_error *error)
{
    struct cub_view v = cert->extension[id];
    struct cub_der d = cub_der_open(v.data, v.len, error);
    struct cub_der list = cub_der_enter(&d, CUB_DER_SEQUENCE);

    (void)cub_der_done(&d);
    if (cub_der_ok(&list) && !cub_der_more(&list))
        cub_der_fail(&list, E_X509_POLICY_EXTENSION);
    return list;
}

/* PolicyInformation ::= SEQUENCE { policyIdentifier, policyQualifiers SEQUENCE OPTIONAL } */
static struct cub_view next_policy(struct cub_der *list)
{
    struct cub_der seq = cub_der_enter(list, CUB_DER_SEQUENCE);
    struct cub_view oid = cub_der_oid(&seq);

    if (cub_der_more(&seq))
        (void)cub_der_read(&seq, CUB_DER_SEQUENCE);
    (void)cub_der_done(&seq);
    return oid;
}

/* Whether a list has a policy; the reader is a copy, so that it can be asked again. */
static bool has_policy(struct cub_der list, struct cub_view oid)
{
    while (cub_der_more(&list))
        if (cub_view_equal(next_policy(&list), oid))
            return true;
    return false;
}

static bool is_any(struct cub_view oid)
{
    return cub_oid_is(oid, CUB_OID_ANY_POLICY);
}

static bool is_expected(const struct cub_policies *p, size_t count, struct cub_view oid)
{
    for (size_t i = 0; i < count; i++)
        if (cub_view_equal(p->pairs[i].expected, oid))
            return true;
    return false;
}

/* "A certificate policy OID MUST NOT appear more than once" [RFC5280-4.2.1.4] */
static void check_policies(struct cub_der *list)
{
    const struct cub_der all = *list;
    struct cub_der rest = *list;
    size_t count = 0;

    while (cub_der_more(&rest)) {
        struct cub_der before = all;
        struct cub_view oid = next_policy(&rest);
        if (++count > CUB_POLICIES_MAX)
            cub_der_fail(list, E_X509_BUDGET_POLICIES);
        while (cub_der_more(&before)) {
            struct cub_view other = next_policy(&before);
            if (other.data == oid.data)
                break;
            if (cub_view_equal(other, oid))
                cub_der_fail(list, E_X509_POLICY_EXTENSION);
        }
    }
}

/* Section 6.1.3 (d): what is left of the valid policies. */
static enum cub_error intersect(struct cub_policies *p, const struct cub_cert *cert,
                                bool any_counts)
{
    enum cub_error error = E_OK;
    enum cub_error failed = E_OK;
    struct cub_der list = open_list(cert, CUB_EXT_POLICIES, &error);
    const struct cub_der all = list;
    const struct cub_view any_oid = {(const uint8_t *)CUB_OID_ANY_POLICY, 4};
    size_t before = p->count;
    size_t kept = 0;
    bool any;

    check_policies(&list);
    any = has_policy(all, any_oid) && any_counts;
    while (p->any && failed == E_OK && cub_der_more(&list)) {
        struct cub_view oid = next_policy(&list);
        if (!is_any(oid) && !is_expected(p, before, oid))
            failed = add(p, before, oid, oid);
    }
    for (size_t i = 0; i < p->count; i++)
        if (i >= before || any || has_policy(all, p->pairs[i].expected))
            p->pairs[kept++] = p->pairs[i];
    p->count = kept;
    p->any = p->any && any;
    return error != E_OK ? error : failed;
}

/* One mapping; section 6.1.4 (b). */
static enum cub_error map(struct cub_policies *p, size_t before, struct cub_view issuer,
                          struct cub_view subject)
{
    enum cub_error error = E_OK;
    bool found = false;

    for (size_t i = 0; i < before && error == E_OK; i++) {
        if (!cub_view_equal(p->pairs[i].expected, issuer))
            continue;
        found = true;
        error = add(p, before, p->pairs[i].origin, subject);
    }
    return error == E_OK && !found && p->any ? add(p, before, issuer, subject) : error;
}

/* The next of PolicyMappings ::= SEQUENCE OF SEQUENCE { issuerDomainPolicy, subjectDomainPolicy }
 */
static struct cub_view next_mapping(struct cub_der *list, struct cub_view *subject)
{
    struct cub_der seq = cub_der_enter(list, CUB_DER_SEQUENCE);
    struct cub_view issuer = cub_der_oid(&seq);

    *subject = cub_der_oid(&seq);
    (void)cub_der_done(&seq);
    if (is_any(issuer) || is_any(*subject)) /* section 6.1.4 (a) */
        cub_der_fail(list, E_X509_POLICY_EXTENSION);
    return issuer;
}

static bool is_mapped(struct cub_der list, struct cub_view oid)
{
    struct cub_view subject;

    while (cub_der_more(&list))
        if (cub_view_equal(next_mapping(&list, &subject), oid))
            return true;
    return false;
}

/* Section 6.1.4 (a) and (b): pairs go over to what their policies are mapped to, or away. */
static enum cub_error apply_mappings(struct cub_policies *p, const struct cub_cert *cert)
{
    enum cub_error error = E_OK;
    enum cub_error failed = E_OK;
    struct cub_der list = open_list(cert, CUB_EXT_POLICY_MAPPINGS, &error);
    const struct cub_der all = list;
    size_t before = p->count;
    size_t kept = 0;
    size_t count = 0;

    while (cub_der_more(&list) && failed == E_OK) {
        struct cub_view subject;
        struct cub_view issuer = next_mapping(&list, &subject);
        if (++count > CUB_POLICIES_MAX)
            failed = E_X509_BUDGET_POLICIES;
        else if (cub_der_ok(&list) && p->policy_mapping > 0)
            failed = map(p, before, issuer, subject);
    }
    for (size_t i = 0; i < p->count; i++)
        if (i >= before || !is_mapped(all, p->pairs[i].expected))
            p->pairs[kept++] = p->pairs[i];
    p->count = kept;
    return error != E_OK ? error : failed;
}

static void lower_to(unsigned *counter, uint32_t value)
{
    if (value < *counter)
        *counter = value;
}

/* PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0], inhibitPolicyMapping [1] } */
static enum cub_error read_constraints(const struct cub_cert *cert, uint32_t *require,
                                       uint32_t *inhibit)
{
    enum cub_error error = E_OK;
    struct cub_der seq = open_list(cert, CUB_EXT_POLICY_CONSTRAINTS, &error);

    *require = *inhibit = UINT32_MAX;
    if (cub_der_peek(&seq) == CUB_DER_PRIMITIVE(0))
        *require = cub_der_small(&seq, CUB_DER_PRIMITIVE(0), UINT32_MAX);
    if (cub_der_peek(&seq) == CUB_DER_PRIMITIVE(1))
        *inhibit = cub_der_small(&seq, CUB_DER_PRIMITIVE(1), UINT32_MAX);
    return cub_der_done(&seq);
}

/* InhibitAnyPolicy ::= INTEGER (0..MAX) */
static enum cub_error read_inhibit_any(const struct cub_cert *cert, uint32_t *skip)
{
    struct cub_view v = cert->extension[CUB_EXT_INHIBIT_ANY_POLICY];
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(v.data, v.len, &error);

    *skip = cub_der_small(&d, CUB_DER_INTEGER, UINT32_MAX);
    return cub_der_done(&d);
}

static void count_down(unsigned *counter)
{
    if (*counter > 0)
        --*counter;
}

/* Section 6.1.4 (h) to (j), for a certificate that is not the last. */
static enum cub_error prepare_next(struct cub_policies *p, const struct cub_cert *cert)
{
    uint32_t require, inhibit;
    enum cub_error error = E_OK;

    if (!cub_cert_self_issued(cert)) {
        count_down(&p->explicit_policy);
        count_down(&p->policy_mapping);
        count_down(&p->inhibit_any);
    }
    if (cub_cert_has(cert, CUB_EXT_POLICY_CONSTRAINTS)) {
        error = read_constraints(cert, &require, &inhibit);
        lower_to(&p->explicit_policy, require);
        lower_to(&p->policy_mapping, inhibit);
    }
    if (error == E_OK && cub_cert_has(cert, CUB_EXT_INHIBIT_ANY_POLICY)) {
        error = read_inhibit_any(cert, &inhibit);
        lower_to(&p->inhibit_any, inhibit);
    }
    return error;
}

/* Section 6.1.5 (a) and (b), for the last. */
static enum cub_error wrap_up(struct cub_policies *p, const struct cub_cert *cert)
{
    uint32_t require, inhibit;
    enum cub_error error;

    count_down(&p->explicit_policy);
    if (!cub_cert_has(cert, CUB_EXT_POLICY_CONSTRAINTS))
        return E_OK;
    error = read_constraints(cert, &require, &inhibit);
    if (require == 0)
        p->explicit_policy = 0;
    return error;
}

static bool is_malformed(enum cub_error error)
{
    return error != E_OK && error != E_X509_BUDGET_POLICIES;
}

enum cub_error cub_policies_certificate(struct cub_policies *p, const struct cub_cert *cert,
                                        bool last)
{
    bool any_counts = p->inhibit_any > 0 || (!last && cub_cert_self_issued(cert));
    enum cub_error error = E_OK;

    if (cub_cert_has(cert, CUB_EXT_POLICIES)) {
        error = intersect(p, cert, any_counts);
    } else { /* 6.1.3 (e) */
        p->count = 0;
        p->any = false;
    }
    if (error == E_OK && p->explicit_policy == 0 && p->count == 0 && !p->any) /* 6.1.3 (f) */
        return E_X509_NO_EXPLICIT_POLICY;
    if (error == E_OK && !last && cub_cert_has(cert, CUB_EXT_POLICY_MAPPINGS))
        error = apply_mappings(p, cert);
    if (error == E_OK)
        error = last ? wrap_up(p, cert) : prepare_next(p, cert);
    return is_malformed(error) ? E_X509_POLICY_EXTENSION : error;
}

enum cub_error cub_policies_finish(struct cub_policies *p, const struct cub_view *user,
                                   size_t count)
{
    if (p->explicit_policy > 0 || p->any || (count == 0 && p->count > 0))
        return E_OK;
    for (size_t i = 0; i < p->count; i++)
        for (size_t j = 0; j < count; j++)
            if (cub_view_equal(p->pairs[i].origin, user[j]) || is_any(user[j]))
                return E_OK;
    return E_X509_NO_EXPLICIT_POLICY;
}
