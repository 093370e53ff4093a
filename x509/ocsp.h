/*
 * OCSP responses [RFC6960]: what a response that came with a handshake says of a certificate.
 */
#ifndef CUB_X509_OCSP_H
#define CUB_X509_OCSP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "x509/algorithm.h"
#include "x509/cert.h"

#define CUB_OCSP_MAX_CERTS 8 /* certificates in a response that are looked at */

/* Whose status is asked, and under which rules. */
struct cub_ocsp_request {
    const struct cub_cert *cert;
    const struct cub_cert *issuer;
    struct cub_scheme_list schemes;
    int64_t now;     /* seconds since 1970-01-01T00:00:00Z */
    bool check_time; /* thisUpdate and nextUpdate are compared with it */
};

/* What a good response said. */
struct cub_ocsp_status {
    int64_t this_update;
    int64_t next_update; /* INT64_MAX if it does not tell */
};

/*
 * Verifies a response, signed by the issuer or by a responder to whom the issuer has delegated it,
 * and looks for the certificate in it. E_OK: it is good. E_OCSP_REVOKED, E_OCSP_UNKNOWN: what the
 * responder says. E_OCSP_* and errors of form: the response is of no use.
 */
enum cub_error cub_ocsp_check(const uint8_t *response, size_t len,
                              const struct cub_ocsp_request *request,
                              struct cub_ocsp_status *status);

/* Whether a certificate demands a stapled response: TLS feature status_request [RFC7633]. */
bool cub_must_staple(const struct cub_cert *cert);

#endif
