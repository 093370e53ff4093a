/*
 * Certificate policies [RFC5280-6.1], with the policy tree in the form of a set of pairs, which
 * does not grow without bound [RFC9618].
 */
#ifndef CUB_X509_POLICIES_H
#define CUB_X509_POLICIES_H

#include <stdbool.h>
#include <stddef.h>

#include "x509/cert.h"

#define CUB_POLICIES_MAX 128 /* pairs: E_X509_BUDGET_POLICIES */

/* A policy that is still valid: by the name that the first CA gave it, and by the present one. */
struct cub_policy_pair {
    struct cub_view origin;
    struct cub_view expected;
};

/* The state of section 6.1.2 as far as it concerns policies. */
struct cub_policies {
    struct cub_policy_pair pairs[CUB_POLICIES_MAX];
    size_t count;
    bool any; /* anyPolicy is valid at this depth */
    unsigned explicit_policy;
    unsigned inhibit_any;
    unsigned policy_mapping;
};

/*
 * Begins a path of depth certificates, the anchor not counted. The flags are the inputs of section
 * 6.1.1: initial-explicit-policy, initial-any-policy-inhibit, initial-policy-mapping-inhibit.
 */
void cub_policies_start(struct cub_policies *p, size_t depth, bool explicit_policy,
                        bool inhibit_any, bool inhibit_map);

/* The next certificate, from the one under the anchor to the leaf, for which last is true. */
enum cub_error cub_policies_certificate(struct cub_policies *p, const struct cub_cert *cert,
                                        bool last);

/* The end: whether a policy of the user's set (count 0: any) is left, if one is needed. */
enum cub_error cub_policies_finish(struct cub_policies *p, const struct cub_view *user,
                                   size_t count);

#endif
