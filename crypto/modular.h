/*
 * Numbers modulo the order of a curve, for ECDSA.
 */
#ifndef CUB_CRYPTO_MODULAR_H
#define CUB_CRYPTO_MODULAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/ec.h"

/*
 * The low word first, with room for at least a bit more than the modulus has. Operands of one
 * function have the same number of words.
 */
struct cub_number {
    unsigned words;
    uint32_t word[CUB_EC_MAX_SIZE / 4 + 1];
};

/* The number that the first of len big-endian bytes are, size of them at most; as a number among
 * those of a modulus of size bytes. */
struct cub_number cub_number_load(const uint8_t *bytes, size_t len, size_t size);
/* The lowest size bytes, big-endian. */
void cub_number_store(const struct cub_number *a, uint8_t *bytes, size_t size);

/* Time and addresses of these depend on no value: */

bool cub_number_is_zero(const struct cub_number *a);
/* a -= n if a is not less than n; whether that is so. */
bool cub_number_reduce(struct cub_number *a, const struct cub_number *n);
/* a = a + b mod n and a = a b mod n; a and b are below n, and b is not a for the product. */
void cub_number_add(struct cub_number *a, const struct cub_number *b, const struct cub_number *n);
void cub_number_multiply(struct cub_number *a, const struct cub_number *b,
                         const struct cub_number *n);
/* a /= 2 */
void cub_number_halve(struct cub_number *a);

/*
 * y / x modulo a prime n, size bytes; x is not 0 and both are below n. For public numbers: it takes
 * the time that they take.
 */
void cub_number_divide(const struct cub_number *y, const struct cub_number *x,
                       const struct cub_number *n, uint8_t *out, size_t size);

#endif
