/*
 * Randomness. The core asks for it through struct cub_random. Two generators can stand behind it,
 * which the caller seeds: struct cub_drbg, fast, and struct cub_hmac_drbg, of NIST SP 800-90A,
 * which adds the least code to a program that has HMAC anyway. Both forget: who reads the state
 * learns nothing of what was drawn before.
 */
#ifndef CUB_CRYPTO_RANDOM_H
#define CUB_CRYPTO_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/error.h"

struct cub_random {
    /* Fills out with len unpredictable bytes. Anything but E_OK ends what asked for them. */
    enum cub_error (*fill)(void *context, uint8_t *out, size_t len);
    void *context;
};

static inline enum cub_error cub_random_fill(const struct cub_random *random, uint8_t *out,
                                             size_t len)
{
    return random->fill(random->context, out, len);
}

/*
 * ChaCha20 with fast key erasure: each request replaces the key by the first bytes of its own
 * stream. All-zero is a generator without seed. Copying one (fork does) copies its future: seed one
 * of the two again. Not for several threads at once.
 */
struct cub_drbg {
    uint8_t key[32];
    uint8_t seeded;
};

/*
 * Mixes len bytes into the state; the first call seeds it. The result is unpredictable if one of
 * the seeds was: 32 bytes from a good source are enough.
 */
void cub_drbg_update(struct cub_drbg *drbg, const void *seed, size_t len);

/* Has the shape of cub_random.fill; context is a struct cub_drbg. E_CRYPTO_RANDOM without seed. */
enum cub_error cub_drbg_fill(void *context, uint8_t *out, size_t len);

/* HMAC_DRBG over SHA-256 [SP800-90A-10.1.2], used as struct cub_drbg is. */
struct cub_hmac_drbg {
    uint8_t key[32];
    uint8_t v[32];
    uint8_t seeded;
};

/* The first call instantiates with the seed (entropy and nonce together), the others reseed. */
void cub_hmac_drbg_update(struct cub_hmac_drbg *drbg, const void *seed, size_t len);
enum cub_error cub_hmac_drbg_fill(void *context, uint8_t *out, size_t len);

#endif
