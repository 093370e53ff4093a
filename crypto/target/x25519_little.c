/*
 * BearSSL 0.6 takes the scalar of Curve25519 in little-endian order, as RFC 7748 writes it.
 */
#include <string.h>

#include "crypto/target/target.h"

void cub_target_x25519_scalar(uint8_t *out, const uint8_t *scalar)
{
    memcpy(out, scalar, 32);
}
