/*
 * Certificates made by the openssl program in the test's scratch directory.
 */
#ifndef CUB_TESTS_INTEROP_IDENTITY_H
#define CUB_TESTS_INTEROP_IDENTITY_H

#include "tests/support/process.h"

/* A certificate, its key, and for one that issues others the configuration of `openssl ca`. */
struct identity {
    char *cert; /* PEM, the certificate alone */
    char *key;
    char *chain; /* PEM, followed by those of its issuers, the root left out */
    char *config;
    char *database; /* of `openssl ca`: what was issued, and what revoked */
    bool pss;       /* the key signs with RSA-PSS alone */
};

/* What differs from an ordinary certificate; all-zero is one for localhost and 127.0.0.1, server
 * and client, with a P-256 key, valid from 2020 to 2099. */
struct identity_request {
    const char *key_type; /* a row of identity_key_types */
    const char
        *extensions;   /* lines of an OpenSSL extension section, instead of the ordinary ones */
    const char *start; /* YYYYMMDDHHMMSSZ */
    const char *end;
    const char *digest; /* signs it: sha256 */
    const char *subject;
};

/* Key types by name, and the options of `openssl genpkey` that make them. */
struct identity_key_type {
    const char *name;
    const char *options;
};
extern const struct identity_key_type identity_key_types[];
extern const size_t identity_key_type_count;

/* Makes a self-signed CA with a key of that type (NULL: P-256). Its files bear the name. */
void identity_root(struct identity *root, const char *name, const char *key_type);
/* Issues a certificate with a new key. */
void identity_issue(struct identity *issuer, struct identity *cert, const char *name,
                    const struct identity_request *request);
/* An intermediate CA, extensions included. */
void identity_intermediate(struct identity *issuer, struct identity *cert, const char *name,
                           const struct identity_request *request);

/* The issuer's word that a certificate is not valid any more; lists and responses made later tell.
 */
void identity_revoke(const struct identity *issuer, const struct identity *cert);
/* A revocation list of the issuer, PEM; good for two days. */
char *identity_crl(const struct identity *issuer, const char *name);
/* An OCSP response about a certificate, DER, signed by the issuer itself; good for two days. */
char *identity_ocsp(const struct identity *issuer, const struct identity *cert, const char *name);

#endif
