/*
 * The names that OpenSSL gives to files in a directory of certificates.
 */
#ifndef CUB_API_SUBJECT_HASH_H
#define CUB_API_SUBJECT_HASH_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/signature.h"

/*
 * OpenSSL's hash of a Name (its DER, whole), which `openssl x509 -subject_hash` shows: the first
 * four octets, little-endian, of SHA-1 over the name in a canonical form. False if memory ends.
 */
bool cub_subject_hash(struct cub_view name, uint32_t *hash);

#endif
