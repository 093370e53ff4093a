/*
 * Elliptic curves of prime order: P-256, P-384, P-521 [RFC5480-2.1.1.1]. Points are uncompressed,
 * 0x04 | x | y [RFC8446-4.2.8.2]; private values are big-endian.
 */
#ifndef CUB_CRYPTO_EC_H
#define CUB_CRYPTO_EC_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/error.h"
#include "crypto/random.h"

#define CUB_EC_MAX_SIZE  66  /* bytes of a coordinate and of a private value: P-521 */
#define CUB_EC_MAX_POINT 133 /* bytes of an uncompressed point */

struct cub_curve;

extern const struct cub_curve cub_curve_p256;
extern const struct cub_curve cub_curve_p384;
extern const struct cub_curve cub_curve_p521;

/* Bytes of a coordinate and of a private value: 32, 48 or 66. A point has 2 * size + 1. */
size_t cub_ec_size(const struct cub_curve *curve);

/*
 * Draws a private value in [1, n - 1] and writes it at full size. E_CRYPTO_RANDOM if random gives
 * no such value (it is broken), or its own error.
 */
enum cub_error cub_ec_keygen(const struct cub_curve *curve, const struct cub_random *random,
                             uint8_t *scalar);

/*
 * Writes the point of a private value of len bytes. E_CRYPTO_KEY unless the value is in [1, n - 1]
 * and len at most the curve's size.
 */
enum cub_error cub_ec_public(const struct cub_curve *curve, const uint8_t *scalar, size_t len,
                             uint8_t *point);

/*
 * Copies a private value of len bytes to full size (secret: the caller wipes it). E_CRYPTO_KEY as
 * above.
 */
enum cub_error cub_ec_load_scalar(const struct cub_curve *curve, const uint8_t *scalar, size_t len,
                                  uint8_t *out);

#endif
