/*
 * The smallest code for a fast long multiplication: one generic field for all curves of prime
 * order, several times slower than m31.
 */
#include "crypto/target/target.h"

const br_ec_impl *cub_target_x25519(void)
{
    return &br_ec_c25519_i31;
}

const br_ec_impl *cub_target_p256(void)
{
    return &br_ec_prime_i31;
}

const br_ec_impl *cub_target_p384_p521(void)
{
    return &br_ec_prime_i31;
}
