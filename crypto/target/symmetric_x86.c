/*
 * x86-64: AES-NI and PCLMULQDQ where the processor has them, 64-bit code where it has not, SSE2
 * always. The processor is asked once, by the compiler's start-up code: CPUID itself costs several
 * microseconds under a hypervisor, more than a whole record.
 */
#include "crypto/target/target.h"

CUB_TARGET_SHA256(br_sha256_vtable);

static int has_aes(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("aes") && __builtin_cpu_supports("sse4.1");
}

const br_block_ctr_class *cub_target_aes_ctr(void)
{
    return has_aes() ? &br_aes_x86ni_ctr_vtable : &br_aes_ct64_ctr_vtable;
}

const br_block_ctrcbc_class *cub_target_aes_ctrcbc(void)
{
    return has_aes() ? &br_aes_x86ni_ctrcbc_vtable : &br_aes_ct64_ctrcbc_vtable;
}

const br_block_cbcenc_class *cub_target_aes_cbcenc(void)
{
    return has_aes() ? &br_aes_x86ni_cbcenc_vtable : &br_aes_ct64_cbcenc_vtable;
}

const br_block_cbcdec_class *cub_target_aes_cbcdec(void)
{
    return has_aes() ? &br_aes_x86ni_cbcdec_vtable : &br_aes_ct64_cbcdec_vtable;
}

br_ghash cub_target_ghash(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("pclmul") ? &br_ghash_pclmul : &br_ghash_ctmul64;
}

br_chacha20_run cub_target_chacha20(void)
{
    return &br_chacha20_sse2_run;
}

br_poly1305_run cub_target_poly1305(void)
{
    return &br_poly1305_ctmulq_run;
}
