/*
 * Certificates [RFC5280-4.1] as borrowed views: everything that validation asks for. Parsing is
 * strict about encoding and form, and leaves judgement to check.h, path.h and chain.h.
 */
#ifndef CUB_X509_CERT_H
#define CUB_X509_CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/error.h"
#include "crypto/signature.h"
#include "x509/algorithm.h"

#define CUB_CERT_MAX_SIZE       65536 /* bytes of one certificate: E_X509_CERT_TOO_LARGE */
#define CUB_CERT_MAX_EXTENSIONS 48    /* in one certificate: E_X509_TOO_MANY_EXTENSIONS */
#define CUB_CERT_MAX_SERIAL     20    /* octets of a serial number [RFC5280-4.1.2.2] */

/* The extensions that are known here; index of cub_cert.extension and bit of the masks. */
enum cub_extension_id {
    CUB_EXT_SUBJECT_KEY_ID,
    CUB_EXT_KEY_USAGE,
    CUB_EXT_SUBJECT_ALT_NAME,
    CUB_EXT_ISSUER_ALT_NAME,
    CUB_EXT_BASIC_CONSTRAINTS,
    CUB_EXT_NAME_CONSTRAINTS,
    CUB_EXT_CRL_DISTRIBUTION,
    CUB_EXT_POLICIES,
    CUB_EXT_POLICY_MAPPINGS,
    CUB_EXT_AUTHORITY_KEY_ID,
    CUB_EXT_POLICY_CONSTRAINTS,
    CUB_EXT_EXTENDED_KEY_USAGE,
    CUB_EXT_FRESHEST_CRL,
    CUB_EXT_INHIBIT_ANY_POLICY,
    CUB_EXT_AUTHORITY_INFO,
    CUB_EXT_SUBJECT_INFO,
    CUB_EXT_TLS_FEATURE,
    CUB_EXT_OCSP_NO_CHECK,
    CUB_EXT_COUNT,
    CUB_EXT_UNKNOWN = CUB_EXT_COUNT, /* stands for all others in the masks */
};
#define CUB_EXT_BIT(id) (UINT32_C(1) << (id))

/* KeyUsage [RFC5280-4.2.1.3]. */
#define CUB_KU_DIGITAL_SIGNATURE 0x001u
#define CUB_KU_NON_REPUDIATION   0x002u
#define CUB_KU_KEY_ENCIPHERMENT  0x004u
#define CUB_KU_DATA_ENCIPHERMENT 0x008u
#define CUB_KU_KEY_AGREEMENT     0x010u
#define CUB_KU_KEY_CERT_SIGN     0x020u
#define CUB_KU_CRL_SIGN          0x040u
#define CUB_KU_ENCIPHER_ONLY     0x080u
#define CUB_KU_DECIPHER_ONLY     0x100u

/* KeyPurposeIds [RFC5280-4.2.1.12]: bit n is the n-th of id-kp. */
#define CUB_EKU_SERVER_AUTH  0x0002u
#define CUB_EKU_CLIENT_AUTH  0x0004u
#define CUB_EKU_OCSP_SIGNING 0x0200u
#define CUB_EKU_ANY          0x4000u
#define CUB_EKU_OTHER        0x8000u /* one or more that are not in id-kp, or above 13 there */

/*
 * A certificate; every view points into the DER that was parsed. The small things stand in front:
 * code that reaches them is shorter.
 */
struct cub_cert {
    uint8_t version; /* 1, 2 or 3 */
    uint8_t is_ca;   /* basicConstraints.cA */
    uint8_t has_path_len;
    uint16_t extended_key_usage; /* CUB_EKU_*, if CUB_EXT_EXTENDED_KEY_USAGE is present */
    uint16_t path_len;
    uint16_t key_usage;                       /* CUB_KU_*, if CUB_EXT_KEY_USAGE is present */
    struct cub_signature_algorithm algorithm; /* of who signed it */
    enum cub_error key_error; /* why key.type is CUB_KEY_NONE: not for us, but not malformed */
    uint32_t present;         /* CUB_EXT_BIT of each extension that is there */
    uint32_t critical;        /* of each that is there and critical */
    int64_t not_before;       /* seconds since 1970-01-01T00:00:00Z */
    int64_t not_after;
    struct cub_public_key key;
    struct cub_view der;    /* the whole Certificate */
    struct cub_view tbs;    /* TBSCertificate, the bytes that are signed */
    struct cub_view serial; /* contents of the INTEGER */
    struct cub_view issuer; /* Name, with its identifier and length */
    struct cub_view subject;
    struct cub_view spki; /* SubjectPublicKeyInfo, whole */
    struct cub_view signature;
    struct cub_view inner_algorithm; /* contents of the two AlgorithmIdentifiers */
    struct cub_view outer_algorithm;
    struct cub_view version_number;
    struct cub_view not_before_time;
    struct cub_view not_after_time;
    struct cub_view unique_id; /* of either */
    struct cub_view extensions;
    struct cub_view subject_key_id;
    struct cub_view authority_key_id;
    struct cub_view authority_issuer; /* contents of authorityCertIssuer */
    struct cub_view authority_serial;
    struct cub_view extension[CUB_EXT_COUNT]; /* contents of extnValue; empty where absent */
};

/*
 * Parses one certificate; der must hold it exactly and outlive the struct. An error tells the first
 * thing that is wrong with its form. Whether it can be trusted is another question: an unknown key,
 * algorithm or critical extension is noted, not refused.
 */
enum cub_error cub_cert_parse(struct cub_cert *cert, const uint8_t *der, size_t len);

/* The same for who needs less of it, so that the rest is not linked. */
struct cub_cert_reader {
    const struct cub_algorithm_reader *algorithms;
    /* Which extension it is: CUB_EXT_UNKNOWN for those that nobody asks for. */
    unsigned (*identify)(struct cub_view oid);
    /* Decodes the contents of the extensions that were found. */
    enum cub_error (*extensions)(struct cub_cert *cert);
    bool any_key; /* a malformed key is no failure but the certificate's key_error */
};

extern const struct cub_cert_reader cub_cert_any;
/* For who only looks: what stands in extensions and key may be anything. Never to be verified. */
extern const struct cub_cert_reader cub_cert_described;
/* ECDSA alone, and of the extensions those that limit what a certificate is good for. */
extern const struct cub_cert_reader cub_cert_ecdsa;

enum cub_error cub_cert_read(struct cub_cert *cert, const struct cub_cert_reader *reader,
                             struct cub_view der);

/* Whether an extension is there, and whether it is there and critical. */
static inline bool cub_cert_has(const struct cub_cert *cert, enum cub_extension_id id)
{
    return (cert->present & CUB_EXT_BIT(id)) != 0;
}

static inline bool cub_cert_critical(const struct cub_cert *cert, enum cub_extension_id id)
{
    return (cert->critical & CUB_EXT_BIT(id)) != 0;
}

#endif
