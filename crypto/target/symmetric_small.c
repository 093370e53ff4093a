/*
 * The smallest code, on any processor: SHA-256, GHASH, ChaCha20 and Poly1305 of our own, which take
 * a third of BearSSL's code. GHASH takes three times as long, Poly1305 too, SHA-256 a fifth longer.
 */
#include "crypto/small.h"
#include "crypto/target/target.h"

CUB_TARGET_SHA256(cub_sha256_small);

const br_block_ctr_class *cub_target_aes_ctr(void)
{
    return &br_aes_ct_ctr_vtable;
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
