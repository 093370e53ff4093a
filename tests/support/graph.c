#include "tests/support/graph.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const struct cub_path_cert *trusted(void *context, struct cub_view subject,
                                           const uint8_t digest[32], size_t n)
{
    const struct graph *g = context;

    (void)subject;
    for (size_t i = 0; i < g->trusted_count; i++)
        if (memcmp(g->trusted[i]->subject_digest, digest, 32) == 0 && n-- == 0)
            return g->trusted[i];
    return NULL;
}

static const struct cub_crl *crl(void *context, struct cub_view issuer, const uint8_t digest[32],
                                 size_t n)
{
    const struct graph *g = context;

    (void)issuer;
    for (size_t i = 0; i < g->crl_count; i++)
        if (memcmp(g->crls[i].issuer_digest, digest, 32) == 0 && n-- == 0)
            return &g->crls[i];
    return NULL;
}

struct graph *graph_new(void)
{
    static struct graph *last; /* one a test: it would be a leak otherwise */

    free(last);
    last = calloc(1, sizeof *last);
    cr_assert_not_null(last);
    last->store = (struct cub_path_store){trusted, crl, last};
    last->request = (struct cub_path_request){
        .store = &last->store,
        .schemes = pki_schemes,
        .now = PKI_NOW,
        .purpose = CUB_PURPOSE_SERVER,
        .flags = CUB_PATH_TRUSTED_FIRST,
    };
    return last;
}

const struct pki_cert *graph_issue(struct graph *g, const struct pki_spec *spec)
{
    struct pki_cert *cert = &g->certs[g->count];
    enum cub_error error;

    cr_assert_lt(g->count, GRAPH_MAX);
    pki_issue(cert, spec);
    error = cub_path_cert_parse(&g->parsed[g->count], cert->der, cert->len);
    cr_assert_eq(error, E_OK, "%s", cub_error_info(error)->name);
    g->count++;
    return cert;
}

static const struct cub_path_cert *parsed(const struct graph *g, const struct pki_cert *cert)
{
    return &g->parsed[cert - g->certs];
}

void graph_trust(struct graph *g, const struct pki_cert *cert)
{
    g->trusted[g->trusted_count++] = parsed(g, cert);
}

void graph_offer(struct graph *g, const struct pki_cert *cert)
{
    g->candidates[g->candidate_count++] = parsed(g, cert);
}

const struct pki_cert *graph_ca(struct graph *g, const char *name, enum pki_key_id key,
                                const struct pki_cert *issuer)
{
    const struct pki_cert *cert =
        graph_issue(g, &(struct pki_spec){.subject = name, .key = key, .issuer = issuer, .ca = 1});

    graph_offer(g, cert);
    return cert;
}

const struct pki_cert *graph_root(struct graph *g, const char *name, enum pki_key_id key)
{
    const struct pki_cert *cert =
        graph_issue(g, &(struct pki_spec){.subject = name, .key = key, .ca = 1});

    graph_trust(g, cert);
    return cert;
}

void graph_crl(struct graph *g, const struct pki_crl_spec *spec)
{
    uint8_t *der = g->crl_der[g->crl_count];
    size_t len = pki_crl(der, sizeof g->crl_der[0], spec);
    enum cub_error error = cub_crl_parse(&g->crls[g->crl_count++], der, len);

    cr_assert_eq(error, E_OK, "%s", cub_error_info(error)->name);
}

enum cub_error graph_build(struct graph *g, const struct pki_cert *leaf, uint32_t flags)
{
    static struct cub_path_builder builder;
    struct cub_path_request q = g->request;

    q.leaf = parsed(g, leaf);
    q.candidates = g->candidates;
    q.candidate_count = g->candidate_count;
    q.flags |= flags;
    return cub_path_build(&builder, &q, &g->result);
}

enum cub_error graph_build_under(struct graph *g, const struct pki_cert *issuer, uint32_t flags)
{
    return graph_build(g,
                       graph_issue(g, &(struct pki_spec){.subject = "leaf",
                                                         .key = PKI_KEY_P256,
                                                         .issuer = issuer}),
                       flags);
}
