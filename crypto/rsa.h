/*
 * RSA [RFC8017]: signatures by PKCS #1 v1.5 and PSS. Keys have 1024 to 4096 bits and a public
 * exponent of at most 64 bits: what is larger serves nobody and costs the verifier dearly.
 */
#ifndef CUB_CRYPTO_RSA_H
#define CUB_CRYPTO_RSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/signature.h"

#define CUB_RSA_MIN_BITS 1024
#define CUB_RSA_MAX_BITS 4096
#define CUB_RSA_MAX_SIZE 512 /* bytes of the largest modulus */

#define CUB_RSA_PREMASTER 48 /* bytes of a premaster secret that RSA carries */

/* Exact bits of a modulus without leading zeros. */
unsigned cub_rsa_bits(struct cub_view modulus);

/*
 * Whether a public key can be used at all: E_OK, E_CRYPTO_RSA_SMALL, E_CRYPTO_RSA_LARGE,
 * E_CRYPTO_RSA_MODULUS or E_CRYPTO_RSA_EXPONENT. Every operation below checks this first.
 */
enum cub_error cub_rsa_check(struct cub_view modulus, struct cub_view exponent);

/*
 * RSAVP1 [RFC8017-5.2.2]: writes sig ^ exponent, modulus.len bytes. E_CRYPTO_SIGNATURE if sig is
 * not as long as the modulus or not below it.
 */
enum cub_error cub_rsa_public(struct cub_view modulus, struct cub_view exponent, const uint8_t *sig,
                              size_t sig_len, uint8_t *out);

/*
 * RSASP1 [RFC8017-5.2.1] on key->modulus.len bytes at in (below the modulus), result to out, which
 * may not overlap in. The result is raised to the public exponent and compared before it leaves, so
 * that a fault in one half of the computation does not give the factors away; that costs 8 % for
 * 2048 bits. E_CRYPTO_KEY if they differ: the key is broken.
 */
enum cub_error cub_rsa_private(const struct cub_private_key *key, const uint8_t *in, uint8_t *out);

/*
 * RSAES-PKCS1-v1_5 of a premaster secret [RFC5246-7.4.7.1]: writes key->modulus.len bytes.
 * Errors of cub_rsa_check and random.
 */
enum cub_error cub_rsa_encrypt_premaster(const struct cub_public_key *key,
                                         const struct cub_random *random,
                                         const uint8_t premaster[CUB_RSA_PREMASTER], uint8_t *out);
/*
 * Decrypts one: premaster, which comes as random bytes, becomes what len bytes at in hold, or stays
 * as it is if they hold no such thing. Neither time nor addresses nor the result tell which: the
 * caller goes on, and the handshake fails at its end. E_CRYPTO_KEY: the key cannot decrypt at all.
 */
enum cub_error cub_rsa_decrypt_premaster(const struct cub_private_key *key, const uint8_t *in,
                                         size_t len, uint8_t premaster[CUB_RSA_PREMASTER]);

/*
 * Whether key's factors make its modulus (E_OK) or not (E_CRYPTO_KEY). What signing finds out, but
 * cheap: for keys that have just been loaded.
 */
enum cub_error cub_rsa_check_private(const struct cub_private_key *key);

/*
 * RSASSA-PKCS1-v1_5 [RFC8017-8.2]. digest has hash->size bytes. Only the encoding with
 * the NULL parameter is accepted, and every byte of it is compared. E_CRYPTO_SIGNATURE if it does
 * not match.
 */
enum cub_error cub_rsa_pkcs1_verify(const struct cub_public_key *key, const struct cub_hash *hash,
                                    const uint8_t *digest, const uint8_t *sig, size_t sig_len);

/* Writes key->modulus.len bytes. E_CRYPTO_KEY if the modulus is too short for the hash. */
enum cub_error cub_rsa_pkcs1_sign(const struct cub_private_key *key, const struct cub_hash *hash,
                                  const uint8_t *digest, uint8_t *sig);

/*
 * RSASSA-PSS [RFC8017-8.1] with MGF1 over mgf_hash and a salt of exactly salt_len bytes.
 * E_CRYPTO_SIGNATURE if the signature does not match.
 */
enum cub_error cub_rsa_pss_verify(const struct cub_public_key *key, const struct cub_hash *hash,
                                  const struct cub_hash *mgf_hash, size_t salt_len,
                                  const uint8_t *digest, const uint8_t *sig, size_t sig_len);

/* Writes key->modulus.len bytes. E_CRYPTO_KEY if the modulus is too short for hash and salt. */
enum cub_error cub_rsa_pss_sign(const struct cub_private_key *key, const struct cub_hash *hash,
                                const struct cub_hash *mgf_hash, size_t salt_len,
                                const struct cub_random *random, const uint8_t *digest,
                                uint8_t *sig);

#endif
