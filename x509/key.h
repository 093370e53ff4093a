/*
 * Keys in their containers: SubjectPublicKeyInfo [RFC5280-4.1.2.7], and private keys as PKCS #1
 * [RFC8017-A.1.2], SEC 1 [RFC5915] and PKCS #8 [RFC5958], decoded in place to borrowed views.
 */
#ifndef CUB_X509_KEY_H
#define CUB_X509_KEY_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/error.h"
#include "crypto/signature.h"

/*
 * Decodes a SubjectPublicKeyInfo. E_X509_KEY_UNSUPPORTED and E_X509_KEY_EXPLICIT_CURVE:
 * well-formed, but nothing that we verify with (key->type is CUB_KEY_NONE). Errors of form are
 * those of der.h and E_X509_KEY_MALFORMED. Points are checked for their length and form, not for
 * being on the curve, which is for who uses the key.
 */
enum cub_error cub_public_key_decode(struct cub_public_key *key, const uint8_t *der, size_t len);

/* The same by a reader that knows some algorithms only: all others are unsupported. */
struct cub_algorithm_reader;
enum cub_error cub_public_key_read(struct cub_public_key *key,
                                   const struct cub_algorithm_reader *reader, struct cub_view der);

/* Bits of the modulus, or of the field of the curve: what strength is judged by. */
unsigned cub_public_key_bits(const struct cub_public_key *key);

/*
 * Decodes an unencrypted private key in any of the three containers, told apart by their contents.
 * The views of *key point into der, which its owner keeps and wipes. What the container tells of
 * the public key goes to *public_key (type CUB_KEY_NONE if nothing; may be NULL).
 */
enum cub_error cub_private_key_decode(struct cub_private_key *key,
                                      struct cub_public_key *public_key, const uint8_t *der,
                                      size_t len);

#endif
