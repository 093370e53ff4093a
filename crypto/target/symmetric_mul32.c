/*
 * 32-bit processors whose long multiplication is missing or takes variable time (Cortex-M0, M3):
 * only 32 x 32 -> 32 is used.
 */
#include "crypto/target/target.h"

CUB_TARGET_SHA256(br_sha256_vtable);

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
    return &br_ghash_ctmul32;
}

br_chacha20_run cub_target_chacha20(void)
{
    return &br_chacha20_ct_run;
}

br_poly1305_run cub_target_poly1305(void)
{
    return &br_poly1305_ctmul32_run;
}
