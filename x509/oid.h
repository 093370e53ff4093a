/*
 * Object identifiers, as the contents octets of their encoding.
 */
#ifndef CUB_X509_OID_H
#define CUB_X509_OID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "crypto/signature.h"

/* Arcs: what an OID begins with. */
#define CUB_ARC_ATTRIBUTE "\x55\x04"                         /* 2.5.4 */
#define CUB_ARC_EXTENSION "\x55\x1d"                         /* 2.5.29 */
#define CUB_ARC_PKIX      "\x2b\x06\x01\x05\x05\x07"         /* 1.3.6.1.5.5.7 */
#define CUB_ARC_PURPOSE   "\x2b\x06\x01\x05\x05\x07\x03"     /* 1.3.6.1.5.5.7.3 */
#define CUB_ARC_PKCS1     "\x2a\x86\x48\x86\xf7\x0d\x01\x01" /* 1.2.840.113549.1.1 */
#define CUB_ARC_X962      "\x2a\x86\x48\xce\x3d"             /* 1.2.840.10045 */
#define CUB_ARC_SHA2      "\x60\x86\x48\x01\x65\x03\x04\x02" /* 2.16.840.1.101.3.4.2 */
#define CUB_ARC_PKCS5     "\x2a\x86\x48\x86\xf7\x0d\x01\x05" /* 1.2.840.113549.1.5 */
#define CUB_ARC_DIGEST    "\x2a\x86\x48\x86\xf7\x0d\x02"     /* 1.2.840.113549.2 */
#define CUB_ARC_AES       "\x60\x86\x48\x01\x65\x03\x04\x01" /* 2.16.840.1.101.3.4.1 */
#define CUB_ARC_SECG      "\x2b\x81\x04\x00"                 /* 1.3.132.0 */

/* Whole identifiers. */
#define CUB_OID_ANY_POLICY    "\x55\x1d\x20\x00"                 /* 2.5.29.32.0 */
#define CUB_OID_EC_PUBLIC_KEY "\x2a\x86\x48\xce\x3d\x02\x01"     /* 1.2.840.10045.2.1 */
#define CUB_OID_PRIME256V1    "\x2a\x86\x48\xce\x3d\x03\x01\x07" /* 1.2.840.10045.3.1.7 */
#define CUB_OID_SECP384R1     CUB_ARC_SECG "\x22"
#define CUB_OID_SECP521R1     CUB_ARC_SECG "\x23"
#define CUB_OID_ED25519       "\x2b\x65\x70"                         /* 1.3.101.112 */
#define CUB_OID_EMAIL_ADDRESS "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01" /* 1.2.840.113549.1.9.1 */
#define CUB_OID_SHA1          "\x2b\x0e\x03\x02\x1a"                 /* 1.3.14.3.2.26 */
#define CUB_OID_MGF1          CUB_ARC_PKCS1 "\x08"
#define CUB_OID_OCSP_BASIC    CUB_ARC_PKIX "\x30\x01\x01"
#define CUB_OID_OCSP_NO_CHECK CUB_ARC_PKIX "\x30\x01\x05"

static inline bool cub_oid_equal(struct cub_view oid, const char *bytes, size_t len)
{
    return oid.len == len && memcmp(oid.data, bytes, len) == 0;
}

/* The octet after an arc, if the identifier is that arc and one octet more; else -1. */
static inline int cub_oid_after(struct cub_view oid, const char *arc, size_t len)
{
    return oid.len == len + 1 && memcmp(oid.data, arc, len) == 0 ? oid.data[len] : -1;
}

/*
 * What stands behind an arc: a one, and then the one to three octets, as a number in base 256, so
 * that 2.5.29.37 is 0x125 behind 2.5.29, and 2.5.29.37.0 is 0x12500. 0 for all other identifiers.
 */
uint32_t cub_oid_tail(const uint8_t *oid, size_t oid_len, const char *arc, size_t len);

/* With one of the strings above. */
#define cub_oid_behind(oid, literal)                                                               \
    cub_oid_tail((oid).data, (oid).len, literal, sizeof(literal) - 1)
#define cub_oid_is(oid, literal)    cub_oid_equal(oid, literal, sizeof(literal) - 1)
#define cub_oid_under(oid, literal) cub_oid_after(oid, literal, sizeof(literal) - 1)

#endif
