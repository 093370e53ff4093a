/*
 * SHA-256, AES, GHASH, ChaCha20 and Poly1305 in little code, for target/symmetric_small.c: each
 * does what BearSSL's of the same type does, in constant time, without multiplications that could
 * take variable time and without tables that secrets index.
 */
#ifndef CUB_CRYPTO_SMALL_H
#define CUB_CRYPTO_SMALL_H

#include <bearssl.h>
#include <stdint.h>

/* By n bits, 1 to 31. */
static inline uint32_t cub_rotate_right(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

/* Its running hash is a br_sha256_context. */
extern const br_hash_class cub_sha256_small;

/* AES with keys of 16, 24 or 32 bytes, in counter mode; its context is a br_aes_ct_ctr_keys. */
extern const br_block_ctr_class cub_aes_ctr_small;

/* y = (y + block) * h for each 16 bytes of data, the last ones padded with zeros. */
void cub_ghash_small(void *y, const void *h, const void *data, size_t len);

/* Key of 32 bytes, iv of 12; returns the counter behind the last block [RFC8439-2.4]. */
uint32_t cub_chacha20_small(const void *key, const void *iv, uint32_t counter, void *data,
                            size_t len);

/* AEAD_CHACHA20_POLY1305 with this ChaCha20 [RFC8439-2.8]; data is encrypted or decrypted in place,
 * tag is written. */
void cub_poly1305_small(const void *key, const void *iv, void *data, size_t len, const void *aad,
                        size_t aad_len, void *tag, br_chacha20_run chacha20, int encrypt);

#endif
