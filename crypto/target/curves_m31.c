/*
 * Curves with 31-bit words and special code for each field, for a fast 32 x 32 -> 64
 * multiplication.
 */
#include "crypto/target/target.h"

const br_ec_impl *cub_target_x25519(void)
{
    return &br_ec_c25519_m31;
}

const br_ec_impl *cub_target_p256(void)
{
    return &br_ec_p256_m31;
}

const br_ec_impl *cub_target_p384_p521(void)
{
    return &br_ec_prime_i31;
}
