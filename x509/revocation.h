/*
 * Revocation by CRLs [RFC5280-6.3]: complete and delta lists, direct and indirect, whole or parted
 * by distribution points and reasons.
 */
#ifndef CUB_X509_REVOCATION_H
#define CUB_X509_REVOCATION_H

#include "x509/path.h"

/*
 * Whether the certificate at index i of the path is good, by the CRLs of the store. Lists may be
 * signed by the certificate's issuer, or by another certificate with the name of the CRL's issuer
 * that somebody of the path has issued. E_X509_REVOKED, or E_CRL_* telling why nothing is known.
 */
enum cub_error cub_revocation_check(struct cub_path_builder *b, unsigned i);

#endif
