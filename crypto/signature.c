#include "crypto/signature.h"

enum cub_error cub_verify_message(const struct cub_verify_scheme *scheme,
                                  const struct cub_public_key *key, const uint8_t *message,
                                  size_t message_len, const uint8_t *sig, size_t sig_len)
{
    uint8_t digest[CUB_HASH_MAX_SIZE];

    if (!scheme->hash)
        return scheme->verify(scheme, key, message, message_len, sig, sig_len);
    cub_hash_once(scheme->hash, message, message_len, digest);
    return scheme->verify(scheme, key, digest, scheme->hash->size, sig, sig_len);
}

enum cub_error cub_sign_message(const struct cub_sign_scheme *scheme,
                                const struct cub_private_key *key, const struct cub_random *random,
                                const uint8_t *message, size_t message_len, uint8_t *sig,
                                size_t *sig_len)
{
    uint8_t digest[CUB_HASH_MAX_SIZE];

    if (!scheme->hash)
        return scheme->sign(scheme, key, random, message, message_len, sig, sig_len);
    cub_hash_once(scheme->hash, message, message_len, digest);
    return scheme->sign(scheme, key, random, digest, scheme->hash->size, sig, sig_len);
}
