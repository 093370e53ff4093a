#include "x509/revocation.h"

#include <string.h>

#include "x509/check.h"
#include "x509/general_name.h"
#include "x509/name.h"
#include "x509/path_check.h"

#define MAX_SIGNERS 4

/* The search for the status of one certificate. */
struct search {
    struct cub_path_builder *b;
    const struct cub_cert *cert;
    unsigned first;   /* index in the path of the first certificate that may sign lists */
    bool direct;      /* lists are signed by certificates of the path alone */
    uint16_t reasons; /* for which the status is known so far */
    bool revoked;
    enum cub_error error;                             /* why the best of the lists was of no use */
    const struct cub_path_cert *signers[MAX_SIGNERS]; /* off the path, whose lists were used */
    unsigned signer_issuers[MAX_SIGNERS];             /* index in the path of who issued them */
    unsigned signer_count;
};

/* One distribution point; all views empty: that of the certificate's issuer [RFC5280-6.3.3]. */
struct point {
    struct cub_view name;   /* contents of DistributionPointName */
    struct cub_view issuer; /* contents of cRLIssuer, GeneralNames */
    uint16_t reasons;
};

static const struct cub_path_request *request(const struct search *s)
{
    return s->b->request;
}

/*
 *   DistributionPoint ::= SEQUENCE {
 *       distributionPoint [0] OPTIONAL, reasons [1] OPTIONAL, cRLIssuer [2] OPTIONAL }
 */
static void read_point(struct cub_der *list, struct point *p)
{
    struct cub_der seq = cub_der_enter(list, CUB_DER_SEQUENCE);

    *p = (struct point){.reasons = CUB_CRL_ALL_REASONS};
    if (cub_der_peek(&seq) == CUB_DER_CONSTRUCTED(0))
        p->name = cub_der_read(&seq, CUB_DER_CONSTRUCTED(0));
    if (cub_der_peek(&seq) == CUB_DER_PRIMITIVE(1))
        p->reasons =
            (uint16_t)(cub_der_named_bits(&seq, CUB_DER_PRIMITIVE(1)) & CUB_CRL_ALL_REASONS);
    if (cub_der_peek(&seq) == CUB_DER_CONSTRUCTED(2))
        p->issuer = cub_der_read(&seq, CUB_DER_CONSTRUCTED(2));
    (void)cub_der_done(&seq);
}

/* The directory name in contents of GeneralNames, or an empty view. */
static struct cub_view directory_name(struct cub_view names)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(names.data, names.len, &error);

    while (cub_der_more(&d)) {
        struct cub_general_name name = cub_general_name_read(&d, false);
        if (cub_der_ok(&d) && name.type == CUB_GN_DIRECTORY)
            return name.value;
    }
    return (struct cub_view){NULL, 0};
}

static bool general_name_equal(const struct cub_general_name *a, const struct cub_general_name *b)
{
    if (a->type != b->type)
        return false;
    return a->type == CUB_GN_DIRECTORY ? cub_name_equal(a->value, b->value)
                                       : cub_view_equal(a->value, b->value);
}

/* Whether two lists, contents of GeneralNames, have a name in common. */
static bool share_name(struct cub_view x, struct cub_view y)
{
    enum cub_error error = E_OK;
    struct cub_der a = cub_der_open(x.data, x.len, &error);

    while (cub_der_more(&a)) {
        struct cub_general_name p = cub_general_name_read(&a, false);
        struct cub_der b = cub_der_open(y.data, y.len, &error);
        while (cub_der_more(&b)) {
            struct cub_general_name q = cub_general_name_read(&b, false);
            if (error == E_OK && general_name_equal(&p, &q))
                return true;
        }
    }
    return false;
}

/* DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] RDN }
 */
struct point_name {
    struct cub_view full;
    struct cub_view relative;
};

static struct point_name open_point_name(struct cub_view v)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(v.data, v.len, &error);
    struct point_name n = {
        {NULL, 0},
        {NULL, 0}
    };
    unsigned tag;
    struct cub_view contents = cub_der_any(&d, &tag);

    if (cub_der_done(&d) == E_OK && tag == CUB_DER_CONSTRUCTED(0))
        n.full = contents;
    if (error == E_OK && tag == CUB_DER_CONSTRUCTED(1))
        n.relative = contents;
    return n;
}

/* Whether issuer, followed by the RDN whose attributes are relative, is one of the names. */
static bool relative_is_among(struct cub_view issuer, struct cub_view relative,
                              struct cub_view names)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(names.data, names.len, &error);

    while (cub_der_more(&d)) {
        struct cub_general_name name = cub_general_name_read(&d, false);
        if (cub_der_ok(&d) && name.type == CUB_GN_DIRECTORY &&
            cub_name_is_extended(name.value, issuer, relative))
            return true;
    }
    return false;
}

/* Whether the names of a distribution point and of a list's issuing distribution point agree. */
static bool point_names_agree(const struct search *s, const struct point *p,
                              const struct cub_crl *crl)
{
    struct point_name a = open_point_name(p->name);
    struct point_name b = open_point_name(crl->distribution_point);

    if (p->name.len == 0) /* the point's name is then that of its cRLIssuer */
        return b.full.len && share_name(p->issuer, b.full);
    if (a.full.len && b.full.len)
        return share_name(a.full, b.full);
    if (a.relative.len && b.relative.len)
        return cub_view_equal(a.relative, b.relative);
    if (a.relative.len && b.full.len)
        return relative_is_among(p->issuer.len ? directory_name(p->issuer) : s->cert->issuer,
                                 a.relative, b.full);
    return b.relative.len && relative_is_among(crl->issuer, b.relative, a.full);
}

/* Whether a list speaks of the certificate at all [RFC5280-6.3.3] (b). */
static bool in_scope(const struct search *s, const struct point *p, const struct cub_crl *crl)
{
    if (p->issuer.len && !crl->indirect)
        return false;
    if (crl->distribution_point.len && !(p->name.len || p->issuer.len))
        return false;
    if (crl->distribution_point.len && !point_names_agree(s, p, crl))
        return false;
    if (crl->only_attribute_certs || (crl->only_user_certs && s->cert->is_ca))
        return false;
    return !crl->only_ca_certs || s->cert->is_ca;
}

static enum cub_error check_form(const struct search *s, const struct cub_crl *crl)
{
    const struct cub_path_request *q = request(s);

    if (crl->unknown_critical) /* [RFC5280-5.2] */
        return E_CRL_CRITICAL_EXTENSION;
    if (!(q->flags & CUB_PATH_NO_CHECK_TIME) && q->now < crl->this_update)
        return E_CRL_NOT_YET_VALID;
    if (!(q->flags & CUB_PATH_NO_CHECK_TIME) && q->now > crl->next_update)
        return E_CRL_EXPIRED;
    if (!(q->flags & CUB_PATH_STRICT))
        return E_OK;
    if (crl->next_update == INT64_MAX) /* "MUST include the nextUpdate field" */
        return E_CRL_NEXT_UPDATE;
    /* In all CRLs of version 2, and not critical [RFC5280-5.2.3]. */
    return crl->version == 2 && (!crl->has_number || crl->number_critical) ? E_CRL_NUMBER : E_OK;
}

static bool key_id_fits(const struct cub_crl *crl, const struct cub_cert *signer)
{
    return crl->authority_key_id.len == 0 || signer->subject_key_id.len == 0 ||
           cub_view_equal(crl->authority_key_id, signer->subject_key_id);
}

/* Whether a certificate signed a list, and may. */
static enum cub_error verify_list(const struct search *s, const struct cub_crl *crl,
                                  const struct cub_cert *signer)
{
    enum cub_error error;

    if (!key_id_fits(crl, signer))
        return E_CRL_ISSUER;
    if (cub_check_usage(signer, CUB_KU_CRL_SIGN) != E_OK)
        return E_CRL_NO_SIGN;
    error = cub_path_verify(s->b, &crl->algorithm, crl->tbs, crl->signature, &signer->key);
    return error == E_X509_SIGNATURE ? E_CRL_SIGNATURE : error;
}

/* Signers that are part of the path. */
static enum cub_error verify_by_path(const struct search *s, const struct cub_crl *crl)
{
    enum cub_error error = E_CRL_ISSUER;

    for (unsigned j = s->first; j < s->b->count && error != E_OK; j++) {
        const struct cub_path_cert *c = s->b->frames[j].cert;
        if (memcmp(c->subject_digest, crl->issuer_digest, 32) == 0)
            error = verify_list(s, crl, &c->cert);
    }
    return error;
}

static bool is_signer(const struct search *s, const struct cub_path_cert *c)
{
    for (unsigned i = 0; i < s->signer_count; i++)
        if (s->signers[i] == c)
            return true;
    return false;
}

/*
 * A certificate off the path that signs lists must have been issued by somebody of the path.
 * Whether it has been revoked itself is asked afterwards.
 */
static enum cub_error take_signer(struct search *s, const struct cub_path_cert *signer)
{
    const struct cub_path_request *q = request(s);
    enum cub_error error = cub_check_form(&signer->cert);

    if (error == E_OK && !(q->flags & CUB_PATH_NO_CHECK_TIME))
        error = cub_check_validity(&signer->cert, q->now);
    if (error != E_OK)
        return error;
    for (unsigned j = s->first; j < s->b->count && s->signer_count < MAX_SIGNERS; j++) {
        const struct cub_path_cert *c = s->b->frames[j].cert;
        if (memcmp(c->subject_digest, signer->issuer_digest, 32) != 0 ||
            cub_path_verify(s->b, &signer->cert.algorithm, signer->cert.tbs, signer->cert.signature,
                            &c->cert.key) != E_OK)
            continue;
        s->signers[s->signer_count] = signer;
        s->signer_issuers[s->signer_count++] = j;
        return E_OK;
    }
    return E_CRL_ISSUER;
}

/* Signers among the candidates, for CAs that sign lists with a key of their own. */
static enum cub_error verify_by_others(struct search *s, const struct cub_crl *crl)
{
    const struct cub_path_request *q = request(s);
    enum cub_error error = E_CRL_ISSUER;

    for (size_t i = 0; i < q->candidate_count && error != E_OK; i++) {
        const struct cub_path_cert *c = q->candidates[i];
        if (memcmp(c->subject_digest, crl->issuer_digest, 32) != 0)
            continue;
        error = verify_list(s, crl, &c->cert);
        if (error == E_OK && !is_signer(s, c))
            error = take_signer(s, c);
    }
    return error;
}

static enum cub_error verify_somehow(struct search *s, const struct cub_crl *crl)
{
    enum cub_error error = verify_by_path(s, crl);
    enum cub_error other;

    if (error == E_OK || s->direct)
        return error;
    other = verify_by_others(s, crl);
    return other == E_CRL_ISSUER ? error : other;
}

/* Numbers as big-endian views without leading zeros. */
static int compare_numbers(struct cub_view a, struct cub_view b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return a.len ? memcmp(a.data, b.data, a.len) : 0;
}

/* Whether delta may be applied to a complete list [RFC5280-5.2.4]. */
static bool is_delta_of(const struct cub_crl *delta, const struct cub_crl *complete)
{
    return delta->is_delta && delta->reasons == complete->reasons &&
           delta->indirect == complete->indirect &&
           delta->only_user_certs == complete->only_user_certs &&
           delta->only_ca_certs == complete->only_ca_certs &&
           cub_view_equal(delta->distribution_point, complete->distribution_point) &&
           cub_view_equal(delta->authority_key_id, complete->authority_key_id) &&
           compare_numbers(delta->base_number, complete->number) <= 0 &&
           compare_numbers(delta->number, complete->number) > 0;
}

static const struct cub_crl *nth_crl(const struct search *s, struct cub_view issuer, size_t n)
{
    const struct cub_path_store *store = request(s)->store;
    uint8_t digest[32];

    if (!store->crl)
        return NULL;
    cub_name_digest(issuer, digest);
    return store->crl(store->context, issuer, digest, n);
}

/* removeFromCRL [RFC5280-5.3.1] */
#define REMOVED 8

/* What a complete list and the deltas to it say. */
static bool is_revoked(struct search *s, const struct cub_crl *complete)
{
    struct cub_crl_entry entry;
    bool revoked = cub_crl_find(complete, s->cert, &entry);
    const struct cub_crl *delta;
    const struct cub_crl *best = NULL;

    for (size_t n = 0; (delta = nth_crl(s, complete->issuer, n)) != NULL; n++) {
        if (!is_delta_of(delta, complete) || check_form(s, delta) != E_OK ||
            (best && compare_numbers(delta->number, best->number) <= 0))
            continue;
        if (verify_somehow(s, delta) == E_OK)
            best = delta;
    }
    if (best && cub_crl_find(best, s->cert, &entry))
        revoked = entry.reason != REMOVED;
    return revoked;
}

/* Asks one list. */
static void ask(struct search *s, const struct point *p, const struct cub_crl *crl)
{
    enum cub_error error = E_OK;

    if (crl->is_delta) /* says nothing by itself */
        return;
    if (!in_scope(s, p, crl))
        error = E_CRL_SCOPE;
    else if (!(crl->reasons & p->reasons & ~s->reasons))
        return; /* nothing new */
    else
        error = check_form(s, crl);
    if (error == E_OK)
        error = verify_somehow(s, crl);
    if (error != E_OK) {
        if (s->error == E_CRL_UNAVAILABLE || s->error == E_CRL_SCOPE)
            s->error = error;
        return;
    }
    s->revoked |= is_revoked(s, crl);
    s->reasons |= crl->reasons & p->reasons;
}

/* Asks all lists of a distribution point. */
static void ask_point(struct search *s, const struct point *p)
{
    struct cub_view issuer = p->issuer.len ? directory_name(p->issuer) : s->cert->issuer;
    const struct cub_crl *crl;

    for (size_t n = 0; !s->revoked && (crl = nth_crl(s, issuer, n)) != NULL; n++)
        ask(s, p, crl);
}

static enum cub_error search(struct search *s)
{
    const struct point own = {.reasons = CUB_CRL_ALL_REASONS};
    struct cub_view v = s->cert->extension[CUB_EXT_CRL_DISTRIBUTION];
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(v.data, v.len, &error);

    s->error = E_CRL_UNAVAILABLE;
    if (cub_cert_has(s->cert, CUB_EXT_CRL_DISTRIBUTION)) {
        struct cub_der list = cub_der_enter(&d, CUB_DER_SEQUENCE);
        while (cub_der_more(&list) && !s->revoked) {
            struct point p;
            read_point(&list, &p);
            if (cub_der_ok(&list))
                ask_point(s, &p);
        }
        if (error != E_OK)
            return E_X509_EXTENSION;
    }
    if (!s->revoked && s->reasons != CUB_CRL_ALL_REASONS)
        ask_point(s, &own);
    if (s->revoked)
        return E_X509_REVOKED;
    return s->reasons == CUB_CRL_ALL_REASONS ? E_OK : s->error;
}

enum cub_error cub_revocation_check(struct cub_path_builder *b, unsigned i)
{
    struct search s = {.b = b, .cert = &b->frames[i].cert->cert, .first = i + 1};
    enum cub_error error = search(&s);

    /* Who signed lists with a certificate of his own: has that been revoked by those of the path?
     */
    for (unsigned j = 0; j < s.signer_count && error == E_OK; j++) {
        struct search signer = {.b = b,
                                .cert = &s.signers[j]->cert,
                                .first = s.signer_issuers[j],
                                .direct = true};
        if (search(&signer) == E_X509_REVOKED)
            error = E_CRL_ISSUER;
    }
    return error;
}
