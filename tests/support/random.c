#include "tests/support/random.h"

enum cub_error test_random_fill(void *context, uint8_t *out, size_t len)
{
    struct test_random *random = context;

    if (random->fail)
        return E_CRYPTO_RANDOM;
    for (size_t i = 0; i < len; i++) {
        random->state = random->state * 6364136223846793005u + 1442695040888963407u;
        out[i] = random->fixed ? random->fixed[i] : (uint8_t)(random->state >> 56);
    }
    if (random->taint)
        random->taint(out, len);
    return E_OK;
}
