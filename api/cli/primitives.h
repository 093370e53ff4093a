/*
 * The few things that the tool needs from below the public API, which reads certificates but writes
 * none: SHA-256, and a P-256 key that signs. primitives.c and speed_primitives.c are the only files
 * of the tool that look under it.
 */
#ifndef CUB_CLI_PRIMITIVES_H
#define CUB_CLI_PRIMITIVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLI_SIGNATURE_SIZE 80 /* ECDSA-Sig-Value of P-256 at most, and some room */

void cli_sha256(const void *data, size_t len, uint8_t out[32]);
/* A new key: its secret scalar and its uncompressed point. false: no randomness. */
bool cli_p256_generate(uint8_t scalar[32], uint8_t point[65]);
/* Signs a message: ecdsa-with-SHA256, DER [RFC5480]. */
bool cli_p256_sign(const uint8_t scalar[32], const void *message, size_t len,
                   uint8_t signature[CLI_SIGNATURE_SIZE], size_t *signature_len);
/* Overwrites a secret in a way that compilers keep. */
void cli_wipe(void *p, size_t len);

#endif
