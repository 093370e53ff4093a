/*
 * A transcript that keeps what it gets instead of a digest, in the shape of a hash function whose
 * output is empty: for signatures of TLS 1.2 over the messages themselves [RFC8422-5.10].
 */
#ifndef CUB_CRYPTO_RECORDER_H
#define CUB_CRYPTO_RECORDER_H

#include "crypto/hash.h"
#include "crypto/signature.h"

#define CUB_RECORDER_SIZE 16384 /* bytes of a running one, messages included */

extern const struct cub_hash cub_recorder;

/* All that a running one got; data is NULL if that was too much. */
struct cub_view cub_recorder_view(const void *context);

#endif
