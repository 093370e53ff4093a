/*
 * Rules about one certificate [RFC5280-6.1] that every verifier applies, wherever it stands in a
 * chain. The short ones are here, so that verifiers become one function of them.
 */
#ifndef CUB_X509_CHECK_H
#define CUB_X509_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "x509/cert.h"

/* Critical extensions that the rules below honour; a verifier adds those that it applies itself. */
#define CUB_CHECK_HANDLED                                                                          \
    (CUB_EXT_BIT(CUB_EXT_KEY_USAGE) | CUB_EXT_BIT(CUB_EXT_SUBJECT_ALT_NAME) |                      \
     CUB_EXT_BIT(CUB_EXT_BASIC_CONSTRAINTS) | CUB_EXT_BIT(CUB_EXT_EXTENDED_KEY_USAGE))

/*
 * Form, of a certificate that is not an anchor: both algorithm identifiers agree, and the serial
 * number is one.
 */
static inline enum cub_error cub_check_form(const struct cub_cert *cert)
{
    if (!cub_view_equal(cert->inner_algorithm, cert->outer_algorithm)) /* [RFC5280-4.1.1.2] */
        return E_X509_ALGORITHM_INCONSISTENT;
    /* 20 octets at most [RFC5280-4.1.2.2]; that it is positive is one of the strict rules. */
    if (cert->serial.len > CUB_CERT_MAX_SERIAL)
        return E_X509_SERIAL;
    return E_OK;
}

/* No critical extension but those of handled, a mask of CUB_EXT_BIT. */
static inline enum cub_error cub_check_critical(const struct cub_cert *cert, uint32_t handled)
{
    return (cert->critical & ~handled) != 0 ? E_X509_CRITICAL_EXTENSION : E_OK;
}

/* now lies in notBefore to notAfter, both included [RFC5280-4.1.2.5]. */
static inline enum cub_error cub_check_validity(const struct cub_cert *cert, int64_t now)
{
    if (now < cert->not_before)
        return E_X509_NOT_YET_VALID;
    return now > cert->not_after ? E_X509_EXPIRED : E_OK;
}

/* A key that is supported, and RSA of at least min_rsa_bits. */
enum cub_error cub_check_key(const struct cub_cert *cert, bool leaf, unsigned min_rsa_bits);

/* A hash that is not broken: neither MD5 nor, unless allowed, SHA-1. */
enum cub_error cub_check_digest(const struct cub_cert *cert, bool allow_sha1);

/* extendedKeyUsage, if there is one, allows to be a server (or else a client) [RFC5280-4.2.1.12].
 */
static inline enum cub_error cub_check_purpose(const struct cub_cert *cert, bool server)
{
    unsigned wanted = CUB_EKU_ANY | (server ? CUB_EKU_SERVER_AUTH : CUB_EKU_CLIENT_AUTH);

    if (cub_cert_has(cert, CUB_EXT_EXTENDED_KEY_USAGE) && !(cert->extended_key_usage & wanted))
        return E_X509_PURPOSE;
    return E_OK;
}

/* keyUsage, if there is one, has all bits of usage. */
enum cub_error cub_check_usage(const struct cub_cert *cert, unsigned usage);

/*
 * A certificate that signed another one may do so: cA, keyCertSign, pathLenConstraint. below is the
 * number of CA certificates under it in the chain that are not self-issued.
 */
static inline enum cub_error cub_check_issuer(const struct cub_cert *cert, unsigned below)
{
    if (!cert->is_ca)
        return E_X509_INVALID_CA;
    if (cub_cert_has(cert, CUB_EXT_KEY_USAGE) && !(cert->key_usage & CUB_KU_KEY_CERT_SIGN))
        return E_X509_NO_CERT_SIGN;
    return cert->has_path_len && below > cert->path_len ? E_X509_PATH_LENGTH : E_OK;
}

/*
 * Whether a key made a signature over data. E_X509_SIGNATURE_ALGORITHM: no scheme of the list has
 * its hash; E_X509_ALGORITHM_KEY_MISMATCH: none its kind with this type of key; E_X509_SIGNATURE.
 */
enum cub_error cub_check_signature(const struct cub_scheme_list *schemes,
                                   const struct cub_signature_algorithm *algorithm,
                                   struct cub_view data, struct cub_view signature,
                                   const struct cub_public_key *key);

/* Whether issuer and subject are the same name [RFC5280-3.2]. */
bool cub_cert_self_issued(const struct cub_cert *cert);

#endif
