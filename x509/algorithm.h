/*
 * AlgorithmIdentifiers: of signatures, and the parameters of RSASSA-PSS [RFC4055-3.1].
 */
#ifndef CUB_X509_ALGORITHM_H
#define CUB_X509_ALGORITHM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/hash.h"
#include "crypto/signature.h"
#include "x509/der.h"

enum cub_signature_kind {
    CUB_SIGNATURE_UNKNOWN,
    CUB_SIGNATURE_RSA_PKCS1,
    CUB_SIGNATURE_RSA_PSS,
    CUB_SIGNATURE_ECDSA,
    CUB_SIGNATURE_ED25519,
};

#define CUB_HASH_ID_MD5 1 /* recognised in order to be refused by name */

struct cub_signature_algorithm {
    uint8_t kind; /* enum cub_signature_kind */
    uint8_t hash; /* enum cub_hash_id, CUB_HASH_ID_MD5, or 0: none that is known */
};

/* RSASSA-PSS-params: hash 0 where hash, MGF or trailer are none that we do. */
struct cub_pss_parameters {
    uint8_t hash;
    uint16_t salt_len;
};

/* An AlgorithmIdentifier. */
struct cub_algorithm_id {
    struct cub_view parameters; /* one element as a rule, or none */
    struct cub_view oid;
};

/* Splits the contents of an AlgorithmIdentifier, which are in parameters at first. */
static inline enum cub_error cub_algorithm_id_split(struct cub_algorithm_id *id)
{
    return cub_der_next(&id->parameters, CUB_DER_OID, &id->oid);
}

/* A SubjectPublicKeyInfo. */
struct cub_key_info {
    struct cub_algorithm_id id;
    struct cub_view bits;
};

/* Whether parameters that nobody looks at are one element or none, else an error, or trailing. */
enum cub_error cub_algorithm_pass(struct cub_view parameters, enum cub_error trailing);

/* What is made of the AlgorithmIdentifiers of the kinds that a reader knows. */
struct cub_algorithm_reader {
    /* Of a signature: fills in algorithm, all zero before, unless it is none that it knows. */
    enum cub_error (*signature)(const struct cub_algorithm_id *id,
                                struct cub_signature_algorithm *algorithm);
    /*
     * Of a key, which is all zero. E_X509_KEY_UNSUPPORTED and E_X509_KEY_EXPLICIT_CURVE:
     * well-formed, but nothing that we verify with.
     */
    enum cub_error (*key)(const struct cub_key_info *info, struct cub_public_key *key);
};

extern const struct cub_algorithm_reader cub_algorithms_any;   /* RSA, ECDSA; Ed25519 by name */
extern const struct cub_algorithm_reader cub_algorithms_ecdsa; /* nothing else */

/*
 * Reads the AlgorithmIdentifier of a signature, its contents. One that is unknown leaves *algorithm
 * as it is, all zero; malformed parameters of a known one are E_X509_ALGORITHM_PARAMETERS.
 */
enum cub_error cub_signature_algorithm_decode(struct cub_view contents,
                                              const struct cub_algorithm_reader *reader,
                                              struct cub_signature_algorithm *algorithm);
/* The same from a reader, which is before the AlgorithmIdentifier. */
void cub_signature_algorithm_read(struct cub_der *d, const struct cub_algorithm_reader *reader,
                                  struct cub_signature_algorithm *algorithm);
/* The signature functions of the readers. */
enum cub_error cub_signature_any(const struct cub_algorithm_id *id,
                                 struct cub_signature_algorithm *algorithm);
enum cub_error cub_signature_ecdsa(const struct cub_algorithm_id *id,
                                   struct cub_signature_algorithm *algorithm);

/* Reads RSASSA-PSS-params from the reader of an AlgorithmIdentifier, after its OID. */
void cub_pss_parameters_read(struct cub_der *d, struct cub_pss_parameters *parameters);

/* The lists of schemes that a verifier accepts: only what stands in one is linked. */
struct cub_scheme_list {
    const struct cub_verify_scheme *const *schemes;
    size_t count;
};

/*
 * The implementation of the hash of an algorithm, NULL if no scheme of the list uses it, or if the
 * algorithm has none (Ed25519).
 */
const struct cub_hash *cub_scheme_hash(const struct cub_scheme_list *list,
                                       const struct cub_signature_algorithm *algorithm);

/*
 * The scheme of the list that verifies signatures of this algorithm by a key of this type, or NULL.
 * For ECDSA the hash is free: any hash of the list goes with any curve of the list.
 */
const struct cub_verify_scheme *cub_scheme_find(const struct cub_scheme_list *list,
                                                const struct cub_signature_algorithm *algorithm,
                                                unsigned key_type);

#endif
