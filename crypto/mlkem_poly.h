/*
 * Polynomials of 256 coefficients modulo q = 3329, for ML-KEM [FIPS203-4]. Nothing branches on
 * coefficients, indexes memory by them or divides them.
 */
#ifndef CUB_CRYPTO_MLKEM_POLY_H
#define CUB_CRYPTO_MLKEM_POLY_H

#include <stdint.h>

#include "crypto/keccak.h"

struct cub_poly {
    uint16_t c[256]; /* below q */
};

/* In place, to NTT form and back [FIPS203-4.3]. */
void cub_poly_ntt(struct cub_poly *f);
void cub_poly_inverse(struct cub_poly *f);

/* r = r + a * b, all in NTT form. */
void cub_poly_multiply_add(struct cub_poly *r, const struct cub_poly *a, const struct cub_poly *b);
void cub_poly_add(struct cub_poly *r, const struct cub_poly *a);
/* r = a - r */
void cub_poly_subtract_from(struct cub_poly *r, const struct cub_poly *a);

/* Compress and Decompress to d bits, in place; d is less than 12 [FIPS203-4.2.1]. */
void cub_poly_compress(struct cub_poly *f, unsigned d);
void cub_poly_decompress(struct cub_poly *f, unsigned d);

/* ByteEncode and ByteDecode: 32 * d bytes [FIPS203-4.2.1]; coefficients of 12 bits are not reduced.
 */
void cub_poly_encode(uint8_t *out, const struct cub_poly *f, unsigned d);
void cub_poly_decode(struct cub_poly *f, const uint8_t *in, unsigned d);

/* SampleNTT: public, in variable time. SamplePolyCBD with eta = 2 [FIPS203-4.2.2]. Both take their
 * bytes from a sponge that was finished. */
void cub_poly_sample_uniform(struct cub_poly *f, struct cub_keccak *k);
void cub_poly_sample_noise(struct cub_poly *f, struct cub_keccak *k);

#endif
