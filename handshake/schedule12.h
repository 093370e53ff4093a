/*
 * The key schedule of TLS 1.2: secrets from secrets, no connection in sight.
 */
#ifndef CUB_HANDSHAKE_SCHEDULE12_H
#define CUB_HANDSHAKE_SCHEDULE12_H

#include <stdbool.h>

#include "crypto/hash.h"

#define CUB_MASTER_SECRET 48
#define CUB_VERIFY_DATA12 12

/* master_secret from the two randoms [RFC5246-8.1], client's before server's. */
void cub_master_secret(const struct cub_hash *hash, const uint8_t *premaster, size_t premaster_len,
                       const uint8_t randoms[64], uint8_t *master);
/* The same from session_hash, hash->size bytes: extended master secret [RFC7627-4]. */
void cub_extended_master_secret(const struct cub_hash *hash, const uint8_t *premaster,
                                size_t premaster_len, const uint8_t *session_hash, uint8_t *master);
/* key_block [RFC5246-6.3]; randoms as above. */
void cub_key_block(const struct cub_hash *hash, const uint8_t *master, const uint8_t randoms[64],
                   uint8_t *block, size_t len);
/* verify_data of a Finished [RFC5246-7.4.9]; transcript is the hash of all before it. */
void cub_verify_data12(const struct cub_hash *hash, const uint8_t *master, bool by_client,
                       const uint8_t *transcript, uint8_t *verify_data);
/* Exporter [RFC5705-4]; context NULL: without one, which differs from an empty one. False if label
 * and context are too long. */
bool cub_export12(const struct cub_hash *hash, const uint8_t *master, const uint8_t randoms[64],
                  const char *label, const uint8_t *context, size_t context_len, uint8_t *out,
                  size_t out_len);

#endif
