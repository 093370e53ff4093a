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

/*
 * Reads the AlgorithmIdentifier of a signature. One that is unknown is noted as such; malformed
 * parameters of a known one are E_X509_ALGORITHM_PARAMETERS.
 */
void cub_signature_algorithm_read(struct cub_der *d, struct cub_signature_algorithm *algorithm);

/* Reads RSASSA-PSS-params from the reader of an AlgorithmIdentifier, after its OID. */
void cub_pss_parameters_read(struct cub_der *d, struct cub_pss_parameters *parameters);

/* The lists of schemes that a verifier accepts: only what stands in one is linked. */
struct cub_scheme_list {
    const struct cub_verify_scheme *const *schemes;
    size_t count;
};

/* The implementation of the hash of an algorithm, NULL if no scheme of the list uses it. */
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
