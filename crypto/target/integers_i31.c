/*
 * RSA and ECDSA with 31-bit words, for a fast 32 x 32 -> 64 multiplication.
 */
#include "crypto/ecdsa.h"
#include "crypto/target/target.h"

void cub_target_ecdsa_sign(const struct cub_curve *curve, const struct cub_hash *hash,
                           const uint8_t *digest, const uint8_t *x, uint8_t *raw)
{
    cub_ecdsa_sign_small(curve, hash, digest, x, raw);
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
