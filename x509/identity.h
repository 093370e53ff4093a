/*
 * Identities beyond those of hostname.h: e-mail addresses, and the common name where a caller
 * insists on it.
 */
#ifndef CUB_X509_IDENTITY_H
#define CUB_X509_IDENTITY_H

#include <stdbool.h>

#include "x509/cert.h"

/*
 * Looks for an e-mail address among subjectAltNames, or, where there is none of that type, in the
 * emailAddress attributes of the subject. E_X509_EMAIL_MISMATCH.
 */
enum cub_error cub_email_check(const struct cub_cert *cert, const char *address);

/* Whether the certificate has a subjectAltName of type DNS or IP. */
bool cub_has_host_identity(const struct cub_cert *cert);

/*
 * cub_hostname_check, and where it finds no DNS or IP name at all the common names of the subject.
 * What OpenSSL did for long; not asked for by default [RFC9525-2].
 */
enum cub_error cub_common_name_check(const struct cub_cert *cert, const char *host);

#endif
