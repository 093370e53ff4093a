/*
 * Rules about one certificate [RFC5280-6.1] that every verifier applies, wherever it stands in a
 * chain.
 */
#ifndef CUB_X509_CHECK_H
#define CUB_X509_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "x509/cert.h"

/* Form, beyond what parsing shows: agreement of the two algorithms, critical extensions, key. */
enum cub_error cub_check_form(const struct cub_cert *cert, uint32_t handled);

/* now in [notBefore, notAfter], both included. */
enum cub_error cub_check_validity(const struct cub_cert *cert, int64_t now);

/* The leaf's purpose: extendedKeyUsage, and keyUsage bits of which usage must be there. */
enum cub_error cub_check_purpose(const struct cub_cert *cert, bool server, unsigned usage);

/* A certificate that signed another: cA, keyCertSign, and EKU if it has any. below: certificates
 * under it that count against pathLenConstraint (not self-issued, not the leaf). */
enum cub_error cub_check_issuer(const struct cub_cert *cert, bool server, unsigned below);

/* Strength of the key: RSA modulus, curve. */
enum cub_error cub_check_key(const struct cub_cert *cert, unsigned min_rsa_bits);

#endif
