/*
 * A PKI for tests: builds and signs certificates with the library's own signing functions, so that
 * any certificate, however odd, can be had. Everything is deterministic but RSA-PSS signatures,
 * which are deterministic too as their salts come from a test's generator.
 */
#ifndef CUB_TESTS_SUPPORT_PKI_H
#define CUB_TESTS_SUPPORT_PKI_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/signature.h"
#include "tests/support/der_out.h"
#include "x509/cert.h"
#include "x509/chain.h"

/* The time at which the fixtures are valid: 2026-01-01T00:00:00Z. They run from 2020 to 2049. */
#define PKI_NOW        INT64_C(1767225600)
#define PKI_NOT_BEFORE INT64_C(1577836800) /* 2020-01-01T00:00:00Z */
#define PKI_NOT_AFTER  INT64_C(2493071999) /* 2048-12-31T23:59:59Z */

enum pki_key_id {
    PKI_KEY_ROOT, /* P-256 */
    PKI_KEY_CA,   /* P-256 */
    PKI_KEY_P256,
    PKI_KEY_P384,
    PKI_KEY_P521,
    PKI_KEY_RSA1024,
    PKI_KEY_RSA2048,
    PKI_KEY_RSA4096,
    PKI_KEY_RSA_PSS, /* 2048 bits, id-RSASSA-PSS without parameters */
    PKI_KEY_ED25519, /* of RFC 8410 section 10.3 */
    PKI_KEY_COUNT,
    PKI_KEY_MADE =
        PKI_KEY_COUNT, /* this and the next PKI_KEY_MADE_COUNT - 1: P-256, made when asked for */
};
#define PKI_KEY_MADE_COUNT 128

/* The private keys as PEM. */
extern const char *const pki_key_pems[PKI_KEY_COUNT];

struct pki_key {
    struct cub_private_key private_key;
    struct cub_public_key public_key;
    uint8_t der[2400]; /* what the views point into */
    size_t der_len;
};

/* One of the keys, decoded; it is kept for the life of the process. */
const struct pki_key *pki_key(enum pki_key_id id);

/* The schemes that sign and verify certificates with a key of this type, by their default hash. */
const struct cub_sign_scheme *pki_sign_scheme(unsigned key_type);
/* All schemes that a verifier of certificates may accept, SHA-1 not among them. */
extern const struct cub_scheme_list pki_schemes;

#define PKI_MAX_NAMES 4

/* What goes into a certificate. All zero but subject and key: an end entity of the usual kind. */
struct pki_spec {
    const char *subject; /* CN; NULL: empty name */
    enum pki_key_id key;
    const struct pki_cert *issuer;        /* NULL: signed by its own key */
    const struct cub_sign_scheme *scheme; /* NULL: the default of the issuer's key */
    int64_t not_before, not_after;        /* 0: PKI_NOT_BEFORE, PKI_NOT_AFTER */
    uint32_t serial;                      /* 0: 1 */
    struct cub_view wide_serial;          /* contents of the INTEGER instead, as they are */
    int ca;                               /* 1: CA with critical basicConstraints; -1: cA FALSE */
    int path_len;                         /* of a CA, plus 1; 0: none */
    unsigned key_usage;                   /* CUB_KU_*; 0: certSign and cRLSign of a CA, else none */
    const char *dns[PKI_MAX_NAMES];
    const char *email[PKI_MAX_NAMES];
    struct cub_view ip[PKI_MAX_NAMES];
    const char *eku[PKI_MAX_NAMES]; /* dotted OIDs */
    int no_key_ids;                 /* leave out SKI and AKI */
    struct cub_view more;           /* further Extensions, DER, appended as they are */
    /* Called for what the fields above cannot express. */
    void (*break_extensions)(struct der_out *extensions, const struct pki_spec *spec);
    const char *outer_algorithm;  /* dotted OID for the outer AlgorithmIdentifier */
    int version;                  /* 0: 3; 1: no version field, no extensions */
    int break_signature;          /* flip a bit of it */
    const struct pki_key *signer; /* NULL: the issuer's key */
    const char *algorithm;        /* dotted OID for both AlgorithmIdentifiers, NULL as parameter */
};

struct pki_cert {
    uint8_t der[4096];
    size_t len;
    struct cub_view subject; /* Name, in der */
    enum pki_key_id key;
};

/* Builds and signs. */
void pki_issue(struct pki_cert *cert, const struct pki_spec *spec);

/* What stands in a CRL. All zero but issuer: valid from a day before PKI_NOW to a day after, empty.
 */
struct pki_crl_spec {
    const struct pki_cert *issuer; /* gives the name */
    const struct pki_key *signer;  /* NULL: the issuer's key */
    int64_t this_update;
    int64_t next_update;     /* -1: the field is missing */
    uint32_t number;         /* 0: 1 */
    uint32_t base;           /* of a delta list; 0: it is complete */
    int version_1;           /* no version, no extensions */
    const uint32_t *serials; /* of revoked certificates */
    size_t serial_count;
    int reason;                          /* of all of them; 0: not told */
    const struct pki_cert *entry_issuer; /* certificateIssuer of the first entry */
    struct cub_view issuing_point;       /* contents of issuingDistributionPoint, DER */
    void (*break_extensions)(struct der_out *extensions, const struct pki_crl_spec *spec);
    void (*break_entry)(struct der_out *extensions, const struct pki_crl_spec *spec);
    int no_number;
    int break_signature;
};
/* Writes a CRL; returns its length. */
size_t pki_crl(uint8_t *out, size_t max, const struct pki_crl_spec *spec);

enum pki_ocsp_status { PKI_OCSP_GOOD, PKI_OCSP_REVOKED, PKI_OCSP_UNKNOWN, PKI_OCSP_NONSENSE };

/* What stands in an OCSP response. All zero: certificate 1 of the root is good, says the root, from
 * yesterday to tomorrow. */
struct pki_ocsp_spec {
    const struct pki_cert *issuer; /* NULL: the root */
    uint32_t serial;               /* of the certificate that is asked about; 0: 1 */
    enum pki_ocsp_status status;
    int response_status;             /* of the whole; other than 0, nothing follows it */
    const char *type;                /* dotted OID instead of id-pkix-ocsp-basic */
    int with_version;                /* v1, which DER leaves out */
    int by_name;                     /* ResponderID */
    const struct pki_cert *delegate; /* signs, and comes with the response */
    const struct pki_key *signer;    /* NULL: the delegate's or the issuer's key */
    const char *hash;                /* dotted OID instead of SHA-1 */
    int other_issuer;                /* 1: another name, 2: another key */
    int64_t this_update;             /* 0: a day before PKI_NOW */
    int64_t next_update;             /* 0: a day after PKI_NOW; -1: the field is missing */
    int critical; /* an unknown critical extension, 1: of the response, 2: of its entry */
    int break_signature;
};
/* Writes an OCSPResponse; returns its length. */
size_t pki_ocsp(uint8_t *out, size_t max, const struct pki_ocsp_spec *spec);

/* Writes an Extension; contents is what extnValue holds. */
void pki_extension(struct der_out *o, const char *oid, int critical, const void *contents,
                   size_t len);

/* Writes an AlgorithmIdentifier of a signature scheme, and a signature of tbs as BIT STRING. */
void pki_algorithm(struct der_out *o, const struct cub_sign_scheme *scheme);
void pki_sign(struct der_out *o, const struct cub_sign_scheme *scheme, const struct pki_key *key,
              const uint8_t *tbs, size_t len);
/* Writes a SubjectPublicKeyInfo. */
void pki_spki(struct der_out *o, const struct pki_key *key);
/* Writes a Name of one CN, or an empty one. */
void pki_name(struct der_out *o, const char *cn);

/* Ready chains. All are for server.example, *.wild.example, 127.0.0.1 and ::1 but where said. */
enum pki_fixture {
    PKI_P256, /* by the key of the leaf */
    PKI_P384,
    PKI_P521,
    PKI_RSA2048,
    PKI_RSA4096,
    PKI_RSA_PSS,
    PKI_ED25519,
    PKI_EXPIRED,
    PKI_NOT_YET_VALID,
    PKI_WRONG_EKU,      /* a server's certificate for clients only */
    PKI_NOT_CA,         /* the issuer has cA FALSE */
    PKI_CRITICAL,       /* an unknown critical extension */
    PKI_WRONG_NAME,     /* for other.example */
    PKI_CLIENT,         /* a client, client@client.example */
    PKI_SELF_SIGNED,    /* a leaf that signed itself */
    PKI_UNTRUSTED,      /* below a root that is no anchor */
    PKI_BAD_SIGNATURE,  /* of the intermediate under the leaf */
    PKI_NO_SIGNING,     /* keyUsage without digitalSignature */
    PKI_CLIENT_ED25519, /* PKI_CLIENT with a key of Ed25519 */
    PKI_RSA_DECRYPT,    /* RSA, keyEncipherment alone */
    PKI_FIXTURE_COUNT,
};

struct pki_chain {
    struct pki_cert certs[2]; /* leaf, intermediate */
    size_t count;
    const struct pki_key *key; /* the leaf's */
    enum pki_key_id key_id;
};

/* A chain; kept for the life of the process. */
const struct pki_chain *pki_chain(enum pki_fixture fixture);
/* The root that all chains but PKI_SELF_SIGNED and PKI_UNTRUSTED lead to. */
const struct pki_cert *pki_root(void);

/* Configuration of the chain verifier: that root, all schemes, time PKI_NOW. */
const struct cub_chain_config *pki_chain_config(void);

/* Appends a PEM block to a string that has room for max characters. */
void pki_pem(char *text, size_t max, const char *label, const uint8_t *der, size_t len);

#endif
