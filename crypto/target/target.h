/*
 * Which of BearSSL's implementations this build uses. Each file of crypto/target/ defines one group
 * of the functions below; a build takes one file of each group (target.cmake, or the choice of
 * whoever builds without CMake). A function that is not called is not linked, and with it the code
 * that it names. All implementations are constant-time; BearSSL's table-driven aes_big and
 * aes_small are never used.
 */
#ifndef CUB_CRYPTO_TARGET_TARGET_H
#define CUB_CRYPTO_TARGET_TARGET_H

#include <bearssl.h>

#include "crypto/hash.h"

/* symmetric_*.c; each defines cub_sha256 as well, by this. */
#define CUB_TARGET_SHA256(class)                                                                   \
    const struct cub_hash cub_sha256 = {                                                           \
        .id = CUB_HASH_SHA256,                                                                     \
        .size = br_sha256_SIZE,                                                                    \
        .block_size = 64,                                                                          \
        .context_size = sizeof(br_sha256_context),                                                 \
        .impl = &(class),                                                                          \
        .empty = cub_sha256_empty,                                                                 \
    }
extern const uint8_t cub_sha256_empty[br_sha256_SIZE]; /* hash.c */

const br_block_ctr_class *cub_target_aes_ctr(void);
const br_block_ctrcbc_class *cub_target_aes_ctrcbc(void);
const br_block_cbcenc_class *cub_target_aes_cbcenc(void);
const br_block_cbcdec_class *cub_target_aes_cbcdec(void);
br_ghash cub_target_ghash(void);
br_chacha20_run cub_target_chacha20(void);
br_poly1305_run cub_target_poly1305(void);

/* curves_*.c */
const br_ec_impl *cub_target_x25519(void);
const br_ec_impl *cub_target_p256(void);
const br_ec_impl *cub_target_p384_p521(void);

/* x25519_*.c: writes a scalar of RFC 7748, 32 bytes, in the order that this BearSSL wants. */
void cub_target_x25519_scalar(uint8_t *out, const uint8_t *scalar);

/* product_*.c: all of a product of two numbers of WORDS words, the low word first. */
#define CUB_TARGET_WORDS 8
void cub_target_product(uint32_t out[2 * CUB_TARGET_WORDS], const uint32_t a[CUB_TARGET_WORDS],
                        const uint32_t b[CUB_TARGET_WORDS]);

/*
 * integers_*.c. ECDSA signs a digest of hash with a private value x of full size in [1, n - 1]; the
 * signature is r | s.
 */
struct cub_curve;
void cub_target_ecdsa_sign(const struct cub_curve *curve, const struct cub_hash *hash,
                           const uint8_t *digest, const uint8_t *x, uint8_t *raw);
br_rsa_public cub_target_rsa_public(void);
br_rsa_private cub_target_rsa_private(void);
br_rsa_compute_modulus cub_target_rsa_modulus(void);

#endif
