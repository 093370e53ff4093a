/*
 * ML-KEM, a key encapsulation that is believed to withstand quantum computers [FIPS203]. Private
 * keys are kept as their 64-byte seeds, from which all else is computed again when it is needed.
 * Constant-time but for the public matrix. Encapsulating needs 2.8 KB of stack, decapsulating
 * 4.3 KB.
 */
#ifndef CUB_CRYPTO_MLKEM_H
#define CUB_CRYPTO_MLKEM_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/error.h"

#define CUB_MLKEM_SEED    64 /* d | z */
#define CUB_MLKEM_MESSAGE 32 /* randomness of an encapsulation */
#define CUB_MLKEM_SECRET  32

#define CUB_MLKEM_MAX_PUBLIC     1568
#define CUB_MLKEM_MAX_CIPHERTEXT 1568

/* A parameter set [FIPS203-8]. */
struct cub_mlkem {
    uint8_t k, du, dv;
    uint16_t public_size; /* bytes of an encapsulation key */
    uint16_t ciphertext_size;
};

extern const struct cub_mlkem cub_mlkem_768;
extern const struct cub_mlkem cub_mlkem_1024;

/* The encapsulation key of a seed, p->public_size bytes; a random seed makes a new key pair. */
void cub_mlkem_public(const struct cub_mlkem *p, const uint8_t seed[CUB_MLKEM_SEED],
                      uint8_t *public_key);

/*
 * Encapsulates: writes p->ciphertext_size bytes and the secret. message must be random.
 * E_CRYPTO_SHARE if the encapsulation key is not of the right length or not reduced
 * [FIPS203-7.2].
 */
enum cub_error cub_mlkem_encapsulate(const struct cub_mlkem *p, const uint8_t *public_key,
                                     size_t public_len, const uint8_t message[CUB_MLKEM_MESSAGE],
                                     uint8_t *ciphertext, uint8_t secret[CUB_MLKEM_SECRET]);

/*
 * Decapsulates. E_CRYPTO_SHARE if the ciphertext is not of the right length [FIPS203-7.3]; one that
 * was made otherwise than by encapsulating gives a secret that nobody knows.
 */
enum cub_error cub_mlkem_decapsulate(const struct cub_mlkem *p, const uint8_t seed[CUB_MLKEM_SEED],
                                     const uint8_t *ciphertext, size_t len,
                                     uint8_t secret[CUB_MLKEM_SECRET]);

/*
 * Likewise with a decapsulation key as FIPS 203 writes it. E_CRYPTO_KEY if that is not of the right
 * length or its hash is not that of the encapsulation key in it [FIPS203-7.3].
 */
enum cub_error cub_mlkem_decapsulate_expanded(const struct cub_mlkem *p, const uint8_t *key,
                                              size_t key_len, const uint8_t *ciphertext, size_t len,
                                              uint8_t secret[CUB_MLKEM_SECRET]);

#endif
