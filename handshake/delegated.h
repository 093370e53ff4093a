/*
 * Delegated credentials [RFC9345]: what those who check, show and make them share.
 *
 *     struct {
 *         uint32 valid_time;
 *         SignatureScheme dc_cert_verify_algorithm;
 *         opaque ASN1_subjectPublicKeyInfo<1..2^24-1>;
 *     } Credential;
 *
 *     struct {
 *         Credential cred;
 *         SignatureScheme algorithm;
 *         opaque signature<1..2^16-1>;
 *     } DelegatedCredential;
 */
#ifndef CUB_HANDSHAKE_DELEGATED_H
#define CUB_HANDSHAKE_DELEGATED_H

#include "handshake/wire.h"
#include "x509/cert.h"

#define CUB_DELEGATED_MAX_VALIDITY 604800 /* seconds: 7 days [RFC9345-3] */

struct cub_delegated {
    struct cub_view cred;    /* as it is signed */
    uint32_t valid_time;     /* seconds, from the certificate's notBefore */
    struct cub_view schemes; /* a list of one: dc_cert_verify_algorithm */
    struct cub_view spki;
    uint16_t algorithm;
    struct cub_view signature;
};

/* dc_cert_verify_algorithm. */
uint16_t cub_delegated_scheme(const struct cub_delegated *dc);
/* Takes a DelegatedCredential apart; views into it. False: it is malformed. */
bool cub_delegated_decode(struct cub_view body, struct cub_delegated *dc);
/* Whether a scheme for CertificateVerify is one for keys of delegated credentials too:
 * rsa_pss_rsae_* are not [RFC9345-4]. */
bool cub_delegated_allows(uint16_t scheme);
/* Whether at now, in seconds since 1970, it is not over, and not valid for longer than allowed
 * [RFC9345-4.1.3]. */
bool cub_delegated_is_timely(const struct cub_delegated *dc, const struct cub_cert *leaf,
                             int64_t now);
/* Writes what is signed: the certificate, the credential and the algorithm, behind a text that
 * nothing else begins with [RFC9345-4]. */
void cub_delegated_content(struct wr *w, struct cub_view leaf, struct cub_view cred,
                           uint16_t algorithm);

#endif
