/*
 * The search is depth first, without recursion: frames[] is the path that is being tried, leaf
 * first, and each frame knows where the search for its issuer stands. An issuer joins the path when
 * all that can be judged about it alone and about its signature is in order; rules about whole
 * paths are applied when an anchor has been reached (path_check.c).
 */
#include "x509/path.h"

#include <string.h>

#include "crypto/hash.h"
#include "x509/check.h"
#include "x509/name.h"
#include "x509/path_check.h"

enum cub_error cub_path_cert_parse(struct cub_path_cert *cert, const uint8_t *der, size_t len)
{
    enum cub_error error = cub_cert_parse(&cert->cert, der, len);

    if (error != E_OK)
        return error;
    cub_name_digest(cert->cert.subject, cert->subject_digest);
    cub_name_digest(cert->cert.issuer, cert->issuer_digest);
    cub_hash_once(&cub_sha256, cert->cert.spki.data, cert->cert.spki.len, cert->key_digest);
    return E_OK;
}

static bool same_subject(const struct cub_path_cert *a, const struct cub_path_cert *b)
{
    return memcmp(a->subject_digest, b->subject_digest, 32) == 0;
}

static bool same_key(const struct cub_path_cert *a, const struct cub_path_cert *b)
{
    return memcmp(a->key_digest, b->key_digest, 32) == 0;
}

static bool is_self_issued(const struct cub_path_cert *c)
{
    return memcmp(c->subject_digest, c->issuer_digest, 32) == 0;
}

/* Keeps an error with its path, if that came farther than the ones before. */
static void note(struct cub_path_builder *b, unsigned rank, enum cub_error error, unsigned depth,
                 const struct cub_path_cert *above)
{
    struct cub_path_result *r = b->result;

    if (rank <= b->rank)
        return;
    b->rank = rank;
    b->error = error;
    r->error_depth = depth;
    r->count = b->count;
    for (unsigned i = 0; i < b->count; i++)
        r->path[i] = b->frames[i].cert;
    if (above && r->count < CUB_PATH_MAX)
        r->path[r->count++] = above;
}

/* Ranks: no issuer known; an issuer that is not good; a path that is whole but not good. */
static unsigned rank_no_issuer(const struct cub_path_builder *b)
{
    return 2 * b->count;
}

static unsigned rank_bad_issuer(const struct cub_path_builder *b)
{
    return 2 * b->count + 1;
}

static unsigned rank_bad_path(const struct cub_path_builder *b)
{
    return 2 * CUB_PATH_MAX + 2 + b->count;
}

static void push(struct cub_path_builder *b, const struct cub_path_cert *cert, bool from_store)
{
    struct cub_path_frame *f = &b->frames[b->count];
    unsigned below = 0;

    if (b->count > 1)
        below = f[-1].below + !is_self_issued(f[-1].cert);
    *f = (struct cub_path_frame){cert, 0, 0, from_store, (uint16_t)below};
    b->count++;
}

/* The store's certificates come first, or last; either way those first whose key identifier fits.
 */
static bool stage_is_store(const struct cub_path_builder *b, unsigned stage)
{
    bool trusted_first = (b->request->flags & CUB_PATH_TRUSTED_FIRST) != 0;

    return (stage < 2) == trusted_first;
}

#define STAGES 4

/* The n-th certificate of a stage's source whatever its key identifier, or NULL. */
static const struct cub_path_cert *nth(const struct cub_path_builder *b,
                                       const struct cub_path_frame *f)
{
    const struct cub_path_request *q = b->request;

    if (stage_is_store(b, f->stage))
        return q->store->trusted(q->store->context, f->cert->cert.issuer, f->cert->issuer_digest,
                                 f->next);
    return f->next < q->candidate_count ? q->candidates[f->next] : NULL;
}

static bool key_id_fits(const struct cub_cert *child, const struct cub_cert *issuer)
{
    return child->authority_key_id.len == 0 || issuer->subject_key_id.len == 0 ||
           cub_view_equal(child->authority_key_id, issuer->subject_key_id);
}

/* The next certificate that bears the name of the frame's issuer; NULL when there is no more. */
static const struct cub_path_cert *next_issuer(struct cub_path_builder *b, struct cub_path_frame *f)
{
    while (f->stage < STAGES) {
        const struct cub_path_cert *c = nth(b, f);
        if (!c) {
            f->stage++;
            f->next = 0;
            continue;
        }
        f->next++;
        if (++b->result->steps > CUB_PATH_STEPS) {
            b->fatal = E_X509_BUDGET_STEPS;
            return NULL;
        }
        if (memcmp(c->subject_digest, f->cert->issuer_digest, 32) == 0 &&
            key_id_fits(&f->cert->cert, &c->cert) == (f->stage % 2 == 0))
            return c;
    }
    return NULL;
}

/* Whether name and key are in the path already: to go round adds nothing [RFC4158-2.4.2]. */
static bool is_loop(const struct cub_path_builder *b, const struct cub_path_cert *c)
{
    for (unsigned i = 0; i < b->count; i++)
        if (same_subject(b->frames[i].cert, c) && same_key(b->frames[i].cert, c))
            return true;
    return false;
}

enum cub_error cub_path_verify(struct cub_path_builder *b,
                               const struct cub_signature_algorithm *algorithm,
                               struct cub_view data, struct cub_view signature,
                               const struct cub_public_key *key)
{
    if (++b->result->signatures > CUB_PATH_SIGNATURES) {
        b->fatal = E_X509_BUDGET_SIGNATURES;
        return b->fatal;
    }
    return cub_check_signature(&b->request->schemes, algorithm, data, signature, key);
}

/* Whether issuer signed child; from memory if the pair of certificate and key has been seen before.
 */
static enum cub_error verify_once(struct cub_path_builder *b, const struct cub_path_cert *child,
                                  const struct cub_path_cert *issuer)
{
    unsigned slot = ((unsigned)((uintptr_t)child >> 4) ^ issuer->key_digest[0]) % CUB_PATH_CACHE;
    struct cub_path_checked *c = &b->cache[slot];

    if (c->child != child || !same_key(c->issuer, issuer)) {
        enum cub_error error = cub_path_verify(b, &child->cert.algorithm, child->cert.tbs,
                                               child->cert.signature, &issuer->cert.key);
        *c = (struct cub_path_checked){child, issuer, error};
    }
    return c->error;
}

/* Whether a certificate of the store ends the path. */
static bool is_anchor(const struct cub_path_builder *b, const struct cub_path_cert *c)
{
    return (b->request->flags & CUB_PATH_PARTIAL_CHAIN) || is_self_issued(c);
}

/* Whether an issuer may stand above the path as it is: first what costs little, then the signature.
 */
static enum cub_error consider(struct cub_path_builder *b, const struct cub_path_cert *issuer,
                               bool anchor)
{
    const struct cub_path_request *q = b->request;
    const struct cub_path_frame *top = &b->frames[b->count - 1];
    unsigned below = b->count > 1 ? top->below + !is_self_issued(top->cert) : 0;
    enum cub_error error = E_OK;

    if (b->count == CUB_PATH_MAX ||
        (q->has_max_depth && !anchor && below + !is_self_issued(issuer) > q->max_depth))
        return E_X509_CHAIN_TOO_LONG;
    error = cub_path_check_authority(q, &issuer->cert, below, anchor);
    return error == E_OK ? verify_once(b, top->cert, issuer) : error;
}

/* A path that ends in an anchor. */
static bool is_good(struct cub_path_builder *b)
{
    unsigned depth = 0;
    enum cub_error error = cub_path_check_whole(b, &depth);

    if (error == E_OK)
        return true;
    note(b, rank_bad_path(b), error, depth, NULL);
    return false;
}

/* Nobody has issued the top of the path. */
static void note_no_issuer(struct cub_path_builder *b)
{
    const struct cub_path_frame *top = &b->frames[b->count - 1];
    enum cub_error error = top->from_store ? E_X509_NO_ISSUER_OF_TRUSTED : E_X509_NO_ISSUER;

    if (is_self_issued(top->cert))
        error = b->count == 1 ? E_X509_SELF_SIGNED_LEAF : E_X509_SELF_SIGNED_IN_CHAIN;
    note(b, rank_no_issuer(b), error, b->count - 1, NULL);
}

/* One step of the search; true when a good path has been found. */
static bool step(struct cub_path_builder *b)
{
    struct cub_path_frame *top = &b->frames[b->count - 1];
    const struct cub_path_cert *issuer = next_issuer(b, top);
    bool from_store, anchor;
    enum cub_error error;

    if (!issuer) {
        note_no_issuer(b);
        b->count--;
        return false;
    }
    from_store = stage_is_store(b, top->stage);
    anchor = from_store && is_anchor(b, issuer);
    if (is_loop(b, issuer))
        return false;
    error = consider(b, issuer, anchor);
    if (error != E_OK) {
        note(b, rank_bad_issuer(b), error, b->count, issuer);
        return false;
    }
    push(b, issuer, from_store);
    if (!anchor)
        return false;
    if (is_good(b))
        return true;
    b->count--;
    return false;
}

/* Whether the leaf itself is in the store. */
static bool leaf_is_trusted(const struct cub_path_builder *b)
{
    const struct cub_path_request *q = b->request;
    const struct cub_path_cert *c;

    if (!is_anchor(b, q->leaf))
        return false;
    for (size_t n = 0; (c = q->store->trusted(q->store->context, q->leaf->cert.subject,
                                              q->leaf->subject_digest, n)) != NULL;
         n++)
        if (cub_view_equal(c->cert.der, q->leaf->cert.der))
            return true;
    return false;
}

static void succeed(struct cub_path_builder *b)
{
    b->result->count = b->count;
    b->result->error_depth = 0;
    for (unsigned i = 0; i < b->count; i++)
        b->result->path[i] = b->frames[i].cert;
}

enum cub_error cub_path_build(struct cub_path_builder *builder,
                              const struct cub_path_request *request,
                              struct cub_path_result *result)
{
    struct cub_path_builder *b = builder;

    memset(b, 0, sizeof *b);
    memset(result, 0, sizeof *result);
    b->request = request;
    b->result = result;
    push(b, request->leaf, false);
    if (leaf_is_trusted(b)) {
        b->frames[0].from_store = true;
        if (is_good(b)) {
            succeed(b);
            return E_OK;
        }
        return b->error;
    }
    while (b->count > 0 && b->fatal == E_OK) {
        if (step(b)) {
            succeed(b);
            return E_OK;
        }
    }
    return b->fatal != E_OK ? b->fatal : b->error;
}
