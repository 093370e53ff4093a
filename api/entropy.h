/*
 * The process's randomness: a generator of crypto/random.h, seeded by the operating system.
 */
#ifndef CUB_API_ENTROPY_H
#define CUB_API_ENTROPY_H

#include "crypto/random.h"

/* For any number of threads, and on both sides of a fork. E_CRYPTO_RANDOM if the system has none.
 */
extern const struct cub_random cub_system_random;

#endif
