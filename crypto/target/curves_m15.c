/*
 * Curves with 15-bit words and special code for each field: constant-time where long multiplication
 * is not (Cortex-M0, M3).
 */
#include "crypto/target/target.h"

const br_ec_impl *cub_target_x25519(void)
{
    return &br_ec_c25519_m15;
}

const br_ec_impl *cub_target_p256(void)
{
    return &br_ec_p256_m15;
}

const br_ec_impl *cub_target_p384_p521(void)
{
    return &br_ec_prime_i15;
}
