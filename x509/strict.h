/*
 * Rules of RFC 5280 for issuers of certificates, which a lenient verifier lets pass: what
 * VERIFY_X509_STRICT asks for, in the meaning of OpenSSL and a little beyond.
 */
#ifndef CUB_X509_STRICT_H
#define CUB_X509_STRICT_H

#include <stdbool.h>

#include "x509/cert.h"

/* leaf, anchor: whether the path begins with this certificate, and whether it ends with it. */
enum cub_error cub_check_strict(const struct cub_cert *cert, bool leaf, bool anchor);
/* Of these the one about the serial number: it is positive [RFC5280-4.1.2.2]; old roots have 0. */
enum cub_error cub_check_strict_serial(const struct cub_cert *cert, bool anchor);

/*
 * Rules of the CA/Browser Forum's Baseline Requirements for TLS server certificates that RFC 5280
 * does not have. For who wants to see the web's public PKI held to them; private PKIs mostly do
 * not.
 */
enum cub_error cub_check_webpki(const struct cub_cert *cert, bool leaf, bool anchor);

#endif
