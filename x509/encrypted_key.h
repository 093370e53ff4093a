/*
 * Private keys under a password: PKCS #8 with PBES2 [RFC8018-6.2], and the encrypted PEM of OpenSSL
 * of old (DEK-Info) with AES.
 */
#ifndef CUB_X509_ENCRYPTED_KEY_H
#define CUB_X509_ENCRYPTED_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "x509/pem.h"

#define CUB_KDF_MAX_ITERATIONS 10000000u /* of PBKDF2: E_KEY_KDF_LIMIT */

/* Whether a PEM block is a private key of any kind, and whether it takes a password to read it. */
bool cub_pem_is_private_key(const struct cub_pem_block *block);
bool cub_pem_is_encrypted(const struct cub_pem_block *block);

/*
 * Decrypts the decoded contents of an encrypted block, len bytes, in place. *plain is where the key
 * stands in them, ready for cub_private_key_decode. E_KEY_WRONG_PASSWORD: the password is wrong, as
 * far as that can be told from damage. E_KEY_ENCRYPTION: a cipher or key derivation that is not
 * supported. The owner of data wipes it, failures included.
 */
enum cub_error cub_pem_key_decrypt(const struct cub_pem_block *block, uint8_t *data, size_t len,
                                   const uint8_t *password, size_t password_len,
                                   struct cub_view *plain);

/* The same for an EncryptedPrivateKeyInfo [RFC5958-3] that did not come as PEM. */
enum cub_error cub_pkcs8_decrypt(uint8_t *data, size_t len, const uint8_t *password,
                                 size_t password_len, struct cub_view *plain);

#endif
