/*
 * Key exchange groups, in the shape of a key encapsulation: who speaks first generates a share, who
 * answers responds with a share of its own and has the secret, and the first completes.
 * Diffie-Hellman groups and (hybrid) KEMs have this shape alike.
 */
#ifndef CUB_CRYPTO_GROUP_H
#define CUB_CRYPTO_GROUP_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/error.h"
#include "crypto/random.h"

#define CUB_GROUP_MAX_PRIVATE 96   /* X25519MLKEM768 */
#define CUB_GROUP_MAX_SHARE   1568 /* ML-KEM-1024; of curves: CUB_EC_MAX_POINT (ec.h) */
#define CUB_GROUP_MAX_SECRET  66   /* P-521 */

struct cub_group {
    uint16_t id;            /* NamedGroup [RFC8446-4.2.7] */
    uint16_t private_size;  /* bytes that the first speaker keeps */
    uint16_t share_size;    /* bytes of the first speaker's share */
    uint16_t response_size; /* bytes of the answer's share */
    uint16_t secret_size;   /* bytes of the shared secret */
    uint8_t post_quantum;   /* 1: ML-KEM is in it, and it is for TLS 1.3 alone */
    /* Makes a private value and the share to send. */
    enum cub_error (*generate)(const struct cub_group *group, const struct cub_random *random,
                               uint8_t *private_value, uint8_t *share);
    /* Answers the peer's share: writes response and secret. E_CRYPTO_SHARE if the share is bad. */
    enum cub_error (*respond)(const struct cub_group *group, const struct cub_random *random,
                              const uint8_t *peer_share, size_t peer_len, uint8_t *response,
                              uint8_t *secret);
    /* The secret from our private value and the peer's answer. E_CRYPTO_SHARE if that is bad. */
    enum cub_error (*complete)(const struct cub_group *group, const uint8_t *private_value,
                               const uint8_t *peer_response, size_t peer_len, uint8_t *secret);
    const void *impl; /* what the functions above need of BearSSL */
};

extern const struct cub_group cub_group_x25519;
extern const struct cub_group cub_group_secp256r1;
extern const struct cub_group cub_group_secp384r1;
extern const struct cub_group cub_group_secp521r1;
extern const struct cub_group cub_group_x25519mlkem768; /* [draft-ietf-tls-ecdhe-mlkem] */
extern const struct cub_group cub_group_mlkem1024;

#endif
