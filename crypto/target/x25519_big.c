/*
 * BearSSL after 0.6 (from December 2018, the version that brought the m62 implementation) takes the
 * scalar of Curve25519 in big-endian order, unlike RFC 7748.
 */
#include "crypto/target/target.h"

void cub_target_x25519_scalar(uint8_t *out, const uint8_t *scalar)
{
    for (size_t i = 0; i < 32; i++)
        out[i] = scalar[31 - i];
}
