/*
 * The smallest code for a fast long multiplication: P-256 of our own, at two thirds of the speed of
 * m31, and one generic field for the other curves of prime order.
 */
#include "crypto/p256.h"
#include "crypto/target/target.h"

const br_ec_impl *cub_target_x25519(void)
{
    return &br_ec_c25519_i31;
}

const br_ec_impl *cub_target_p256(void)
{
    return &cub_p256;
}

const br_ec_impl *cub_target_p384_p521(void)
{
    return &br_ec_prime_i31;
}
