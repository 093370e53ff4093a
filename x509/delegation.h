/*
 * Certificates whose keys may sign delegated credentials [RFC9345-4.2].
 */
#ifndef CUB_X509_DELEGATION_H
#define CUB_X509_DELEGATION_H

#include <stdbool.h>

#include "x509/cert.h"

/* Whether the certificate has the DelegationUsage extension, and a key for signatures. */
bool cub_cert_may_delegate(const struct cub_cert *cert);

#endif
