/*
 * Raw public keys [RFC7250]: SubjectPublicKeyInfos in files, and those that a peer must have.
 */
#ifndef CUB_API_RAW_KEY_H
#define CUB_API_RAW_KEY_H

#include "api/cubtls.h"
#include "crypto/error.h"
#include "handshake/config.h"

/*
 * The public keys of a text, in PEM (PUBLIC KEY, or CERTIFICATE for the key in it) or one in DER.
 * The list is one piece of memory with what it refers to (cub_free). E_NO_RAW_KEY, E_MEMORY, or
 * what is wrong with one of them.
 */
enum cub_error cub_raw_keys_read(const void *text, size_t len, struct cub_bytes **keys,
                                 size_t *count);

/* What the engine asks: owner is the connection. */
enum cub_error cub_conn_on_raw_key(void *owner, struct cub_view *spki);

#endif
