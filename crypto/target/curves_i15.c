/*
 * The smallest code where long multiplication is not constant-time: one generic field for all
 * curves of prime order, several times slower than m15.
 */
#include "crypto/target/target.h"

const br_ec_impl *cub_target_x25519(void)
{
    return &br_ec_c25519_i15;
}

const br_ec_impl *cub_target_p256(void)
{
    return &br_ec_prime_i15;
}

const br_ec_impl *cub_target_p384_p521(void)
{
    return &br_ec_prime_i15;
}
