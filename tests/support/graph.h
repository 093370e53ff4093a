/*
 * Sets of certificates for the path builder: who is trusted, who is merely there, which CRLs.
 */
#ifndef CUB_TESTS_SUPPORT_GRAPH_H
#define CUB_TESTS_SUPPORT_GRAPH_H

#include "tests/support/pki.h"
#include "x509/path.h"

#define GRAPH_MAX 136

struct graph {
    struct pki_cert certs[GRAPH_MAX]; /* as issued */
    struct cub_path_cert parsed[GRAPH_MAX];
    size_t count;
    const struct cub_path_cert *trusted[8];
    size_t trusted_count;
    const struct cub_path_cert *candidates[GRAPH_MAX];
    size_t candidate_count;
    uint8_t crl_der[8][1024];
    struct cub_crl crls[8];
    size_t crl_count;
    struct cub_path_store store;
    struct cub_path_request request; /* of graph_build; a test may change it before */
    struct cub_path_result result;
};

/* An empty graph, in memory of its own that is kept to the end; time PKI_NOW, purpose server. */
struct graph *graph_new(void);

/* Issues a certificate; it takes no part yet. */
const struct pki_cert *graph_issue(struct graph *g, const struct pki_spec *spec);

/* Puts a certificate that was issued here into the store, or among the candidates. */
void graph_trust(struct graph *g, const struct pki_cert *cert);
void graph_offer(struct graph *g, const struct pki_cert *cert);

/* Issues a CA certificate and offers it. */
const struct pki_cert *graph_ca(struct graph *g, const char *name, enum pki_key_id key,
                                const struct pki_cert *issuer);
/* Issues a root and trusts it. */
const struct pki_cert *graph_root(struct graph *g, const char *name, enum pki_key_id key);

void graph_crl(struct graph *g, const struct pki_crl_spec *spec);

/* Builds a path from a leaf; flags are added to those of the request. */
enum cub_error graph_build(struct graph *g, const struct pki_cert *leaf, uint32_t flags);

/* The same for a plain leaf with the key PKI_KEY_P256 under an issuer. */
enum cub_error graph_build_under(struct graph *g, const struct pki_cert *issuer, uint32_t flags);

#endif
