/*
 * Certificate revocation lists [RFC5280-5]: parsing to borrowed views, and what one says of a
 * certificate.
 */
#ifndef CUB_X509_CRL_H
#define CUB_X509_CRL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "x509/algorithm.h"
#include "x509/cert.h"

#define CUB_CRL_MAX_SIZE (32u << 20) /* bytes of one list: E_CRL_TOO_LARGE */

/* ReasonFlags [RFC5280-4.2.1.13]; unspecified is bit 0, which the RFC calls unused. */
#define CUB_CRL_ALL_REASONS 0x1ffu

/* A list; every view points into the DER that was parsed. */
struct cub_crl {
    struct cub_view der;
    struct cub_view tbs;
    struct cub_view issuer; /* Name, whole */
    uint8_t issuer_digest[32];
    struct cub_view signature;
    struct cub_signature_algorithm algorithm;
    int64_t this_update;
    int64_t next_update;         /* INT64_MAX if the list does not tell */
    struct cub_view revoked;     /* contents of revokedCertificates */
    struct cub_view number;      /* cRLNumber */
    struct cub_view base_number; /* BaseCRLNumber of a delta list; len 0: it is complete */
    struct cub_view authority_key_id;
    struct cub_view distribution_point; /* contents of DistributionPointName, or empty */
    uint16_t reasons;                   /* those that the list covers, CUB_CRL_ALL_REASONS if all */
    uint8_t version;                    /* 1 or 2 */
    uint8_t is_delta;
    uint8_t has_number;
    uint8_t number_critical;
    uint8_t indirect; /* it has entries of other issuers */
    uint8_t only_user_certs;
    uint8_t only_ca_certs;
    uint8_t only_attribute_certs;
    uint8_t unknown_critical; /* an extension, of the list or of an entry */
};

/* Parses one CertificateList; der must hold it exactly and outlive the struct. */
enum cub_error cub_crl_parse(struct cub_crl *crl, const uint8_t *der, size_t len);

/* One entry. */
struct cub_crl_entry {
    struct cub_view serial;
    struct cub_view issuer; /* Name of the certificate's issuer, whole */
    int64_t revocation_date;
    uint8_t reason; /* CRLReason; 8: removeFromCRL */
};

/* Looks for a certificate, by its serial number and issuer. */
bool cub_crl_find(const struct cub_crl *crl, const struct cub_cert *cert,
                  struct cub_crl_entry *entry);

#endif
