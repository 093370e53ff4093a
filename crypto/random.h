/*
 * Randomness. The core asks for it through struct cub_random; struct cub_drbg is a generator that
 * the caller seeds and that can stand behind it.
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

#endif
