/*
 * RSA and ECDSA with 15-bit words: constant-time where long multiplication is not.
 */
#include "crypto/target/target.h"

br_ecdsa_sign cub_target_ecdsa_sign(void)
{
    return &br_ecdsa_i15_sign_raw;
}

br_rsa_public cub_target_rsa_public(void)
{
    return &br_rsa_i15_public;
}

br_rsa_private cub_target_rsa_private(void)
{
    return &br_rsa_i15_private;
}

br_rsa_compute_modulus cub_target_rsa_modulus(void)
{
    return &br_rsa_i15_compute_modulus;
}
