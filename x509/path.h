/*
 * The path builder: finds, among candidates in no order, a path from a leaf to a trust anchor that
 * keeps all rules of RFC 5280 section 6. It is iterative, allocates nothing and has a budget for
 * each kind of work, so that no set of certificates costs more than a bounded time. When no path is
 * good, the error is that of the one that came farthest.
 */
#ifndef CUB_X509_PATH_H
#define CUB_X509_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "x509/algorithm.h"
#include "x509/cert.h"
#include "x509/crl.h"
#include "x509/policies.h"

#define CUB_PATH_MAX         32     /* certificates in a path, leaf and anchor included */
#define CUB_PATH_SIGNATURES  128    /* signature checks: E_X509_BUDGET_SIGNATURES */
#define CUB_PATH_STEPS       100000 /* issuers looked at: E_X509_BUDGET_STEPS */
#define CUB_PATH_COMPARISONS 250000 /* names against constraints: E_X509_BUDGET_CONSTRAINTS */
#define CUB_PATH_CACHE       256    /* signature results that are remembered */

/* A certificate that a path may use, parsed and digested once by whoever keeps it. */
struct cub_path_cert {
    struct cub_cert cert;
    uint8_t subject_digest[32]; /* of names in canonical form: see cub_name_digest */
    uint8_t issuer_digest[32];
    uint8_t key_digest[32]; /* SHA-256 of the SubjectPublicKeyInfo */
};

/* Parses a certificate, which must outlive the struct. */
enum cub_error cub_path_cert_parse(struct cub_path_cert *cert, const uint8_t *der, size_t len);

/* Where trust comes from. Answers must stay valid until the builder returns. */
struct cub_path_store {
    /*
     * The n-th (from 0) trusted certificate with this subject, or NULL. subject is the Name, digest
     * its canonical digest. The order must not change within one build.
     */
    const struct cub_path_cert *(*trusted)(void *context, struct cub_view subject,
                                           const uint8_t digest[32], size_t n);
    /* The n-th CRL of this issuer, or NULL; the member is NULL if there are none. */
    const struct cub_crl *(*crl)(void *context, struct cub_view issuer, const uint8_t digest[32],
                                 size_t n);
    void *context;
};

/* Flags: the numbers of Python's VERIFY_* and OpenSSL's X509_V_FLAG_*. */
#define CUB_PATH_CRL_CHECK       0x4u  /* of the leaf */
#define CUB_PATH_CRL_CHECK_ALL   0x8u  /* of the whole chain, together with the former */
#define CUB_PATH_STRICT          0x20u /* VERIFY_X509_STRICT */
#define CUB_PATH_EXPLICIT_POLICY 0x100u
#define CUB_PATH_INHIBIT_ANY     0x200u
#define CUB_PATH_INHIBIT_MAP     0x400u
#define CUB_PATH_TRUSTED_FIRST   0x8000u  /* VERIFY_X509_TRUSTED_FIRST */
#define CUB_PATH_PARTIAL_CHAIN   0x80000u /* a trusted certificate need not be self-signed */
#define CUB_PATH_NO_CHECK_TIME   0x200000u
/* Ours, above those of OpenSSL. */
#define CUB_PATH_WEBPKI 0x20000000u /* rules of the CA/Browser Forum, see strict.h */
#define CUB_PATH_CRL_SOFT                                                                          \
    0x10000000u /* with CRL_CHECK: the rest of the chain by those CRLs that are there */
#define CUB_PATH_ALLOW_SHA1  0x40000000u
#define CUB_PATH_COMMON_NAME 0x80000000u /* hostname_checks_common_name */

enum cub_path_purpose {
    CUB_PURPOSE_ANY,
    CUB_PURPOSE_SERVER,
    CUB_PURPOSE_CLIENT,
};

struct cub_path_request {
    const struct cub_path_cert *leaf;
    const struct cub_path_cert *const *candidates; /* untrusted, in any order */
    size_t candidate_count;
    const struct cub_path_store *store;
    struct cub_scheme_list schemes;
    int64_t now; /* seconds since 1970-01-01T00:00:00Z */
    uint32_t flags;
    uint8_t purpose;       /* enum cub_path_purpose */
    uint16_t usage;        /* CUB_KU_* bits that the leaf's keyUsage must have */
    uint16_t min_rsa_bits; /* 0: 2048 */
    uint8_t has_max_depth;
    uint16_t max_depth; /* intermediates between leaf and anchor, self-issued not counted */
    const char *host;   /* DNS name or IP literal to match; NULL: none */
    const char *email;  /* address to match; NULL: none */
    const struct cub_view *policies; /* user-initial-policy-set: contents of OIDs */
    size_t policy_count;             /* 0: any policy */
    uint8_t status_expected;         /* an OCSP response was asked for: must-staple applies */
    uint8_t status_required;         /* no path is good without a good OCSP response */
    struct cub_view ocsp_response;   /* stapled to the leaf, or empty */
};

struct cub_path_result {
    const struct cub_path_cert
        *path[CUB_PATH_MAX]; /* leaf first; on failure the one that came far */
    unsigned count;
    unsigned error_depth; /* on failure, index in path of the certificate that is at fault */
    unsigned signatures;  /* checks made */
    unsigned steps;
    unsigned comparisons;
};

/* One certificate of the path that is being tried, and how far the search above it has come. */
struct cub_path_frame {
    const struct cub_path_cert *cert;
    size_t next;        /* index of the next issuer to look at */
    uint8_t stage;      /* where issuers are being looked for */
    uint8_t from_store; /* it is trusted */
    uint16_t below;     /* CA certificates under it that are not self-issued */
};

/* A signature that has been checked. */
struct cub_path_checked {
    const struct cub_path_cert *child;
    const struct cub_path_cert *issuer; /* or any other with the same key */
    enum cub_error error;
};

/* The builder's memory, some 15 KB; its contents do not matter to the caller. */
struct cub_path_builder {
    const struct cub_path_request *request;
    struct cub_path_result *result;
    struct cub_path_frame frames[CUB_PATH_MAX];
    unsigned count;
    unsigned rank; /* how far the path came whose error is kept; 0: none is */
    enum cub_error error;
    enum cub_error fatal; /* a budget that was used up */
    struct cub_path_checked cache[CUB_PATH_CACHE];
    struct cub_policies policies;
};

/*
 * Builds and validates. On E_OK result->path ends in the anchor. Every error is told with the path
 * that it belongs to and the depth.
 */
enum cub_error cub_path_build(struct cub_path_builder *builder,
                              const struct cub_path_request *request,
                              struct cub_path_result *result);

#endif
