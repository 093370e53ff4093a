/* Randomness for tests: repeatable, and broken on demand. */
#ifndef CUB_TESTS_SUPPORT_RANDOM_H
#define CUB_TESTS_SUPPORT_RANDOM_H

#include "crypto/random.h"

struct test_random {
    uint64_t state;
    const uint8_t *fixed;             /* if not NULL, every request gets the bytes from here */
    int fail;                         /* if not 0, every request fails with E_CRYPTO_RANDOM */
    void (*taint)(void *p, size_t n); /* if not NULL, called with what was filled */
};

/* Stands behind struct cub_random; context is a struct test_random, zero at first. */
enum cub_error test_random_fill(void *context, uint8_t *out, size_t len);

#endif
