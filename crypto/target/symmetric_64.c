/*
 * Any 64-bit processor with a full 64 x 64 multiplication.
 */
#include "crypto/target/target.h"

CUB_TARGET_SHA256(br_sha256_vtable);

const br_block_ctr_class *cub_target_aes_ctr(void)
{
    return &br_aes_ct64_ctr_vtable;
}

const br_block_ctrcbc_class *cub_target_aes_ctrcbc(void)
{
    return &br_aes_ct64_ctrcbc_vtable;
}

const br_block_cbcenc_class *cub_target_aes_cbcenc(void)
{
    return &br_aes_ct64_cbcenc_vtable;
}

const br_block_cbcdec_class *cub_target_aes_cbcdec(void)
{
    return &br_aes_ct64_cbcdec_vtable;
}

br_ghash cub_target_ghash(void)
{
    return &br_ghash_ctmul64;
}

br_chacha20_run cub_target_chacha20(void)
{
    return &br_chacha20_ct_run;
}

br_poly1305_run cub_target_poly1305(void)
{
    br_poly1305_run fast = br_poly1305_ctmulq_get(); /* needs a 128-bit type */

    return fast ? fast : &br_poly1305_ctmul_run;
}
