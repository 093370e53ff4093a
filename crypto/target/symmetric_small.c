/*
 * The smallest code, on any processor: SHA-256, AES in counter mode, GHASH, ChaCha20 and Poly1305
 * of our own, half of BearSSL's code. GHASH and Poly1305 take up to three times as long, the others
 * little longer.
 */
#include "crypto/small.h"
#include "crypto/target/target.h"

CUB_TARGET_SHA256(cub_sha256_small);

const br_block_ctr_class *cub_target_aes_ctr(void)
{
    return &cub_aes_ctr_small;
}

const br_block_ctrcbc_class *cub_target_aes_ctrcbc(void)
{
    return &br_aes_ct_ctrcbc_vtable;
}

const br_block_cbcenc_class *cub_target_aes_cbcenc(void)
{
    return &br_aes_ct_cbcenc_vtable;
}

const br_block_cbcdec_class *cub_target_aes_cbcdec(void)
{
    return &br_aes_ct_cbcdec_vtable;
}

br_ghash cub_target_ghash(void)
{
    return &cub_ghash_small;
}

br_chacha20_run cub_target_chacha20(void)
{
    return &cub_chacha20_small;
}

br_poly1305_run cub_target_poly1305(void)
{
    return &cub_poly1305_small;
}
