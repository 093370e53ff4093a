/*
 * RSA with 62-bit words where the compiler has a 128-bit type; the rest with 31-bit words.
 */
#include "crypto/target/target.h"

br_ecdsa_sign cub_target_ecdsa_sign(void)
{
    return &br_ecdsa_i31_sign_raw;
}

br_rsa_public cub_target_rsa_public(void)
{
    br_rsa_public fast = br_rsa_i62_public_get(); /* needs a 128-bit type */

    return fast ? fast : &br_rsa_i31_public;
}

br_rsa_private cub_target_rsa_private(void)
{
    br_rsa_private fast = br_rsa_i62_private_get(); /* needs a 128-bit type */

    return fast ? fast : &br_rsa_i31_private;
}

br_rsa_compute_modulus cub_target_rsa_modulus(void)
{
    return &br_rsa_i31_compute_modulus;
}
