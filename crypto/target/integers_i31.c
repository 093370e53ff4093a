/*
 * RSA and ECDSA with 31-bit words, for a fast 32 x 32 -> 64 multiplication.
 */
#include "crypto/target/target.h"

br_ecdsa_sign cub_target_ecdsa_sign(void)
{
    return &br_ecdsa_i31_sign_raw;
}

br_rsa_public cub_target_rsa_public(void)
{
    return &br_rsa_i31_public;
}

br_rsa_private cub_target_rsa_private(void)
{
    return &br_rsa_i31_private;
}

br_rsa_compute_modulus cub_target_rsa_modulus(void)
{
    return &br_rsa_i31_compute_modulus;
}
