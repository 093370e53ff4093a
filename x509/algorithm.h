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
 * What is made of an AlgorithmIdentifier of the kinds that a reader knows, after its OID. The
 * parameters that they leave unread are an error.
 */
struct cub_algorithm_reader {
    /* Of a signature: fills in algorithm, or returns false: none that it knows. */
    bool (*signature)(struct cub_der *id, struct cub_view oid,
                      struct cub_signature_algorithm *algorithm);
    /*
     * Of a key, whose bit string holds bits. E_X509_KEY_UNSUPPORTED and E_X509_KEY_EXPLICIT_CURVE:
     * well-formed, but nothing that we verify with.
     */
    enum cub_error (*key)(struct cub_der *id, struct cub_view oid, struct cub_view bits,
                          struct cub_public_key *key);
};

extern const struct cub_algorithm_reader cub_algorithms_any;   /* RSA, ECDSA; Ed25519 by name */
extern const struct cub_algorithm_reader cub_algorithms_ecdsa; /* nothing else */

/*
 * Reads the AlgorithmIdentifier of a signature. One that is unknown is noted as such; malformed
 * parameters of a known one are E_X509_ALGORITHM_PARAMETERS.
 */
void cub_signature_algorithm_read(struct cub_der *d, const struct cub_algorithm_reader *reader,
                                  struct cub_signature_algorithm *algorithm);
/* The signature functions of the readers. */
bool cub_signature_any(struct cub_der *id, struct cub_view oid,
                       struct cub_signature_algorithm *algorithm);
bool cub_signature_ecdsa(struct cub_der *id, struct cub_view oid,
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
