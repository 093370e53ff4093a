/*
 * Keccak-p[1600, 24] as a sponge [FIPS202]: SHAKE128, SHAKE256, SHA3-256, SHA3-512, by their rates
 * and suffixes. All-zero but for rate is a sponge that nothing was absorbed by.
 */
#ifndef CUB_CRYPTO_KECCAK_H
#define CUB_CRYPTO_KECCAK_H

#include <stddef.h>
#include <stdint.h>

/* Bytes per permutation. */
#define CUB_RATE_SHAKE128 168
#define CUB_RATE_SHAKE256 136
#define CUB_RATE_SHA3_256 136
#define CUB_RATE_SHA3_512 72

/* What is appended to the message, up to and with the first bit of the padding [FIPS202-B.2]. */
#define CUB_SUFFIX_SHA3  0x06
#define CUB_SUFFIX_SHAKE 0x1f

struct cub_keccak {
    uint64_t lane[25];
    uint8_t rate; /* CUB_RATE_* */
    uint8_t at;   /* bytes of the block that are absorbed, or squeezed out */
};

/* Takes len bytes more; not after cub_keccak_finish. */
void cub_keccak_absorb(struct cub_keccak *k, const void *data, size_t len);
/* The message is over. */
void cub_keccak_finish(struct cub_keccak *k, uint8_t suffix);
/* The next len bytes of output. */
void cub_keccak_squeeze(struct cub_keccak *k, uint8_t *out, size_t len);

#endif
