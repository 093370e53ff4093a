/*
 * Diffie-Hellman over finite fields, for TLS 1.2 alone [RFC5246-8.1.2]. Numbers are big-endian.
 */
#ifndef CUB_CRYPTO_DH_H
#define CUB_CRYPTO_DH_H

#include "crypto/error.h"
#include "crypto/random.h"
#include "crypto/signature.h" /* struct cub_view */

#define CUB_DH_MIN_BITS 1024
#define CUB_DH_MAX_SIZE 512 /* bytes of the largest modulus */
/* Bytes of a private exponent: of twice the strength that the largest modulus has, and more. */
#define CUB_DH_EXPONENT 64

struct cub_dh_group {
    uint16_t id;       /* NamedGroup [RFC7919-2]; 0: none */
    struct cub_view p; /* without leading zeros */
    struct cub_view g;
};

extern const struct cub_dh_group cub_dh_ffdhe2048;
extern const struct cub_dh_group cub_dh_ffdhe3072;
extern const struct cub_dh_group cub_dh_ffdhe4096;

/* The group without leading zeros, which peers may send. */
struct cub_dh_group cub_dh_group_of(struct cub_view p, struct cub_view g);
/*
 * Whether a group can be used at all: at least min_bits (0: CUB_DH_MIN_BITS), p odd, g in
 * [2, p - 2]. Whether p is prime is not looked at: who signs a group could as well give the secret
 * away. E_CRYPTO_DH_SMALL, E_CRYPTO_DH_LARGE, E_CRYPTO_DH_GROUP.
 */
enum cub_error cub_dh_check(const struct cub_dh_group *group, unsigned min_bits);
/* Makes an exponent and its share, group->p.len bytes. Errors of random. */
enum cub_error cub_dh_generate(const struct cub_dh_group *group, const struct cub_random *random,
                               uint8_t exponent[CUB_DH_EXPONENT], uint8_t *share);
/*
 * The shared secret, group->p.len bytes with leading zeros. E_CRYPTO_DH_VALUE: the peer's share is
 * not in [2, p - 2] [RFC7919-5.1].
 */
enum cub_error cub_dh_complete(const struct cub_dh_group *group,
                               const uint8_t exponent[CUB_DH_EXPONENT], struct cub_view share,
                               uint8_t *secret);

#endif
