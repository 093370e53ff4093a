/*
 * RSA with 62-bit words where the compiler has a 128-bit type; the rest with 31-bit words.
 */
#include "crypto/hash.h"
#include "crypto/target/curve.h"

void cub_target_ecdsa_sign(const struct cub_curve *curve, const struct cub_hash *hash,
                           const uint8_t *digest, const uint8_t *x, uint8_t *raw)
{
    const br_ec_private_key key = {curve->id, (unsigned char *)x, curve->size};

    (void)br_ecdsa_i31_sign_raw(curve->impl(), hash->impl, digest, &key, raw);
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
