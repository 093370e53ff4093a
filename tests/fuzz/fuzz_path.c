/*
 * A set of certificates and CRLs for the path builder: flags, then items of one octet of kind (0:
 * the leaf, 1: a candidate, 2: trusted, 3: a CRL), two of length, and DER. All signatures are taken
 * for good.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "x509/path.h"

#define MAX_ITEMS 12

struct input {
    struct cub_path_cert certs[MAX_ITEMS];
    const struct cub_path_cert *candidates[MAX_ITEMS];
    const struct cub_path_cert *trusted[MAX_ITEMS];
    const struct cub_path_cert *leaf;
    struct cub_crl crls[MAX_ITEMS];
    size_t count, candidate_count, trusted_count, crl_count;
};

static enum cub_error accept(const struct cub_verify_scheme *scheme,
                             const struct cub_public_key *key, const uint8_t *digest,
                             size_t digest_len, const uint8_t *sig, size_t sig_len)
{
    (void)scheme, (void)key, (void)digest, (void)digest_len, (void)sig, (void)sig_len;
    return E_OK;
}

static const struct cub_path_cert *trusted(void *context, struct cub_view subject,
                                           const uint8_t digest[32], size_t n)
{
    const struct input *in = context;

    (void)subject;
    for (size_t i = 0; i < in->trusted_count; i++)
        if (memcmp(in->trusted[i]->subject_digest, digest, 32) == 0 && n-- == 0)
            return in->trusted[i];
    return NULL;
}

static const struct cub_crl *crl(void *context, struct cub_view issuer, const uint8_t digest[32],
                                 size_t n)
{
    const struct input *in = context;

    (void)issuer;
    for (size_t i = 0; i < in->crl_count; i++)
        if (memcmp(in->crls[i].issuer_digest, digest, 32) == 0 && n-- == 0)
            return &in->crls[i];
    return NULL;
}

static void take(struct input *in, unsigned kind, const uint8_t *der, size_t len)
{
    struct cub_path_cert *cert = &in->certs[in->count];

    if (kind == 3) {
        if (in->crl_count < MAX_ITEMS && cub_crl_parse(&in->crls[in->crl_count], der, len) == E_OK)
            in->crl_count++;
        return;
    }
    if (in->count == MAX_ITEMS || cub_path_cert_parse(cert, der, len) != E_OK)
        return;
    in->count++;
    if (kind == 0)
        in->leaf = cert;
    else if (kind == 1)
        in->candidates[in->candidate_count++] = cert;
    else
        in->trusted[in->trusted_count++] = cert;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const struct cub_verify_scheme scheme = {0x0403,      CUB_KEY_EC_P256, CUB_USE_ALL,
                                                    &cub_sha256, accept,          NULL};
    static const struct cub_verify_scheme *const schemes[] = {&scheme};
    static struct cub_path_builder builder;
    static struct input in;
    struct cub_path_result result;
    struct cub_path_store store = {trusted, crl, &in};
    struct cub_path_request q = {
        .store = &store, .schemes = {schemes, 1},
             .now = 1767225600
    };
    size_t at = 4;

    if (len < 4)
        return 0;
    in = (struct input){0};
    memcpy(&q.flags, data, 4);
    q.purpose = (uint8_t)(data[0] % 3);
    q.host = data[1] & 1 ? "server.example" : NULL;
    while (len - at >= 3) {
        size_t n = (size_t)data[at + 1] << 8 | data[at + 2];
        if (n > len - at - 3)
            n = len - at - 3;
        take(&in, data[at] & 3, data + at + 3, n);
        at += 3 + n;
    }
    q.leaf = in.leaf;
    q.candidates = in.candidates;
    q.candidate_count = in.candidate_count;
    if (q.leaf)
        (void)cub_path_build(&builder, &q, &result);
    return 0;
}
