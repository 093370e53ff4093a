#include "x509/path_check.h"

#include "x509/check.h"
#include "x509/constraints.h"
#include "x509/hostname.h"
#include "x509/identity.h"
#include "x509/ocsp.h"
#include "x509/revocation.h"
#include "x509/strict.h"

/* Critical extensions that are applied here, beside those of check.h. */
#define HANDLED                                                                                    \
    (CUB_CHECK_HANDLED | CUB_EXT_BIT(CUB_EXT_NAME_CONSTRAINTS) | CUB_EXT_BIT(CUB_EXT_POLICIES) |   \
     CUB_EXT_BIT(CUB_EXT_POLICY_MAPPINGS) | CUB_EXT_BIT(CUB_EXT_POLICY_CONSTRAINTS) |              \
     CUB_EXT_BIT(CUB_EXT_INHIBIT_ANY_POLICY) | CUB_EXT_BIT(CUB_EXT_CRL_DISTRIBUTION) |             \
     CUB_EXT_BIT(CUB_EXT_TLS_FEATURE))

static unsigned min_rsa_bits(const struct cub_path_request *q)
{
    return q->min_rsa_bits ? q->min_rsa_bits : 2048;
}

/* The rules for every certificate of a path. */
static enum cub_error check_any(const struct cub_path_request *q, const struct cub_cert *cert,
                                bool leaf, bool anchor)
{
    enum cub_error error = cub_check_critical(cert, HANDLED);

    if (error == E_OK && (leaf || !anchor))
        error = cub_check_form(cert);
    if (error == E_OK && !anchor)
        error = cub_check_digest(cert, (q->flags & CUB_PATH_ALLOW_SHA1) != 0);
    if (error == E_OK && q->purpose != CUB_PURPOSE_ANY)
        error = cub_check_purpose(cert, q->purpose == CUB_PURPOSE_SERVER);
    if (error == E_OK)
        error = cub_check_key(cert, leaf, min_rsa_bits(q));
    return error;
}

static enum cub_error check_time(const struct cub_path_request *q, const struct cub_cert *cert)
{
    return q->flags & CUB_PATH_NO_CHECK_TIME ? E_OK : cub_check_validity(cert, q->now);
}

/* Certificates of version 1 and 2 know no basicConstraints: as anchors they may do, unless strict.
 */
static bool is_old_anchor(const struct cub_path_request *q, const struct cub_cert *cert,
                          bool anchor)
{
    return anchor && cert->version < 3 && !(q->flags & CUB_PATH_STRICT);
}

enum cub_error cub_path_check_authority(const struct cub_path_request *request,
                                        const struct cub_cert *cert, unsigned below, bool anchor)
{
    enum cub_error error = check_any(request, cert, false, anchor);

    if (error == E_OK && !is_old_anchor(request, cert, anchor))
        error = cub_check_issuer(cert, below);
    if (error == E_OK && cub_cert_has(cert, CUB_EXT_NAME_CONSTRAINTS))
        error = cub_constraints_form(cert);
    return error == E_OK ? check_time(request, cert) : error;
}

static enum cub_error check_identity(const struct cub_path_request *q, const struct cub_cert *leaf)
{
    enum cub_error error = E_OK;

    if (q->host)
        error = q->flags & CUB_PATH_COMMON_NAME ? cub_common_name_check(leaf, q->host)
                                                : cub_hostname_check(leaf, q->host);
    if (error == E_OK && q->email)
        error = cub_email_check(leaf, q->email);
    return error;
}

static enum cub_error check_leaf(const struct cub_path_request *q, const struct cub_cert *leaf,
                                 bool anchor)
{
    enum cub_error error = check_any(q, leaf, true, anchor);

    if (error == E_OK)
        error = cub_check_usage(leaf, q->usage);
    if (error == E_OK)
        error = check_identity(q, leaf);
    return error == E_OK ? check_time(q, leaf) : error;
}

static const struct cub_cert *cert_at(const struct cub_path_builder *b, unsigned i)
{
    return &b->frames[i].cert->cert;
}

/* A leaf that is trusted itself is its own root, and most rules are about those of others: with
 * OpenSSL too, strictness begins at two certificates. */
static enum cub_error check_strictness(const struct cub_path_builder *b, unsigned *depth)
{
    enum cub_error error = E_OK;

    for (unsigned i = 0; i < b->count && error == E_OK; i++) {
        bool anchor = i + 1 == b->count;
        *depth = i;
        if (b->request->flags & CUB_PATH_STRICT)
            error = b->count > 1 ? cub_check_strict(cert_at(b, i), i == 0, anchor)
                                 : cub_check_strict_serial(cert_at(b, i), anchor);
        if (error == E_OK && (b->request->flags & CUB_PATH_WEBPKI))
            error = cub_check_webpki(cert_at(b, i), i == 0, anchor);
    }
    return error;
}

/* Each CA's constraints against each certificate under it, but self-issued ones [RFC5280-6.1.3]. */
static enum cub_error check_constraints(struct cub_path_builder *b, unsigned *depth)
{
    for (unsigned ca = b->count - 1; ca > 0; ca--) {
        if (!cub_cert_has(cert_at(b, ca), CUB_EXT_NAME_CONSTRAINTS))
            continue;
        for (unsigned i = 0; i < ca; i++) {
            bool common_name = i == 0 && (b->request->flags & CUB_PATH_COMMON_NAME);
            enum cub_error error;
            *depth = i;
            if (i > 0 && cub_cert_self_issued(cert_at(b, i)))
                continue;
            error = cub_constraints_check(cert_at(b, ca), cert_at(b, i), common_name,
                                          &b->result->comparisons, CUB_PATH_COMPARISONS);
            if (error != E_OK)
                return error;
        }
    }
    return E_OK;
}

static enum cub_error check_revocation(struct cub_path_builder *b, unsigned *depth)
{
    uint32_t flags = b->request->flags;
    enum cub_error error = E_OK;

    if (!(flags & CUB_PATH_CRL_CHECK))
        return E_OK;
    for (unsigned i = 0; i + 1 < b->count && error == E_OK; i++) {
        if (i > 0 && !(flags & (CUB_PATH_CRL_CHECK_ALL | CUB_PATH_CRL_SOFT)))
            break;
        *depth = i;
        error = cub_revocation_check(b, i);
        if (i > 0 && error == E_CRL_UNAVAILABLE && !(flags & CUB_PATH_CRL_CHECK_ALL))
            error = E_OK;
    }
    return error;
}

/*
 * The stapled response, if there is one, or must be. A responder's excuse says nothing of the
 * certificate: it counts as no response, where none is needed. Nobody vouches for an anchor.
 */
static enum cub_error check_status(struct cub_path_builder *b, unsigned *depth)
{
    const struct cub_path_request *q = b->request;
    bool must = q->status_required || (q->status_expected && cub_must_staple(cert_at(b, 0)));
    struct cub_ocsp_status status;
    struct cub_ocsp_request ocsp;
    enum cub_error error;

    *depth = 0;
    if (b->count < 2)
        return q->status_required ? E_OCSP_REQUIRED : E_OK;
    if (q->ocsp_response.len == 0)
        return must ? E_OCSP_REQUIRED : E_OK;
    ocsp = (struct cub_ocsp_request){
        .cert = cert_at(b, 0),
        .issuer = cert_at(b, 1),
        .schemes = q->schemes,
        .now = q->now,
        .check_time = !(q->flags & CUB_PATH_NO_CHECK_TIME),
    };
    error = cub_ocsp_check(q->ocsp_response.data, q->ocsp_response.len, &ocsp, &status);
    return error == E_OCSP_UNSUCCESSFUL && !must ? E_OK : error;
}

static enum cub_error check_policies(struct cub_path_builder *b, unsigned *depth)
{
    const struct cub_path_request *q = b->request;
    enum cub_error error = E_OK;

    *depth = 0;
    if (b->count == 1)
        return E_OK;
    cub_policies_start(&b->policies, b->count - 1, (q->flags & CUB_PATH_EXPLICIT_POLICY) != 0,
                       (q->flags & CUB_PATH_INHIBIT_ANY) != 0,
                       (q->flags & CUB_PATH_INHIBIT_MAP) != 0);
    for (unsigned i = b->count - 1; i-- > 0 && error == E_OK;) {
        *depth = i;
        error = cub_policies_certificate(&b->policies, cert_at(b, i), i == 0);
    }
    return error == E_OK ? cub_policies_finish(&b->policies, q->policies, q->policy_count) : error;
}

enum cub_error cub_path_check_whole(struct cub_path_builder *b, unsigned *depth)
{
    enum cub_error error = check_leaf(b->request, cert_at(b, 0), b->count == 1);

    *depth = 0;
    if (error == E_OK)
        error = check_strictness(b, depth);
    if (error == E_OK)
        error = check_revocation(b, depth);
    if (error == E_OK)
        error = check_status(b, depth);
    if (error == E_OK)
        error = check_constraints(b, depth);
    if (error == E_OK)
        error = check_policies(b, depth);
    return error;
}
