/*
 * Curves with 64-bit words, of a BearSSL later than 0.6, on a compiler with a 128-bit type.
 */
#include "crypto/target/target.h"

const br_ec_impl *cub_target_x25519(void)
{
    return &br_ec_c25519_m64;
}

const br_ec_impl *cub_target_p256(void)
{
    return &br_ec_p256_m64;
}

const br_ec_impl *cub_target_p384_p521(void)
{
    return &br_ec_prime_i31;
}
