/*
 * Own certificates: a chain, and the key that belongs to it. Shared by contexts and connections.
 */
#ifndef CUB_API_IDENTITY_H
#define CUB_API_IDENTITY_H

#include "api/cubtls.h"
#include "handshake/config.h"

struct cub_identity;

/* Where the password of a key comes from: a text, else a function; neither: there is none. */
struct cub_password {
    const char *text;
    cub_password_callback *callback;
    void *arg;
};

/*
 * Reads chain and key from texts in PEM, or DER. key NULL: it is in cert. Checks that the key
 * belongs to the first certificate. details may be NULL.
 */
cub_result cub_identity_new(const void *cert, size_t cert_len, const void *key, size_t key_len,
                            const struct cub_password *password, struct cub_identity **identity,
                            struct cub_error_details *details);
/* The same with a key that lives elsewhere. */
cub_result cub_identity_new_sign(const void *cert, size_t cert_len, cub_sign_callback *sign,
                                 void *arg, struct cub_identity **identity,
                                 struct cub_error_details *details);
/* With a raw public key instead of certificates: the first of public_key. key NULL: it is there,
 * too.
 */
cub_result cub_identity_new_raw(const void *public_key, size_t public_key_len, const void *key,
                                size_t key_len, const struct cub_password *password,
                                struct cub_identity **identity, struct cub_error_details *details);
/* With the key that a delegated credential of the certificate is for [RFC9345]. */
cub_result cub_identity_new_delegated(const void *cert, size_t cert_len, const void *delegated,
                                      size_t delegated_len, const void *key, size_t key_len,
                                      const struct cub_password *password,
                                      struct cub_identity **identity,
                                      struct cub_error_details *details);
struct cub_identity *cub_identity_ref(struct cub_identity *identity);
/* Wipes the key with the last owner. */
void cub_identity_free(struct cub_identity *identity);

/* What the engine needs of it; valid as long as the identity. */
const struct cub_credential *cub_identity_credential(const struct cub_identity *identity);

#endif
