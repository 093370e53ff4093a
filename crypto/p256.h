/*
 * P-256 in little code and little memory [RFC5480-2.1.1.1]; BearSSL's are several times as large,
 * or several times as slow.
 */
#ifndef CUB_CRYPTO_P256_H
#define CUB_CRYPTO_P256_H

#include <bearssl.h>

/*
 * In the shape of BearSSL's curves, for BR_EC_secp256r1 alone. Multipliers have at most 32 bytes;
 * any value will do, but the result of mul is worthless for multiples of the order. Constant time
 * in the multipliers. All of it takes 1.2 KB of stack.
 */
extern const br_ec_impl cub_p256;

#endif
