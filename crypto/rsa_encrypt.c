#include <string.h>

#include "crypto/bytes.h"
#include "crypto/rsa.h"

#define OVERHEAD 3 /* 0, 2, padding, 0, message [RFC8017-7.2.1] */

/* Padding bytes are anything but 0. Two random bytes make one of 1 to 255, in constant time and
 * uniform up to one part in 2^16. */
static enum cub_error put_padding(const struct cub_random *random, uint8_t *out, size_t len)
{
    uint8_t draw[2];
    enum cub_error error = E_OK;

    for (size_t i = 0; i < len && error == E_OK; i++) {
        error = cub_random_fill(random, draw, sizeof draw);
        out[i] = (uint8_t)(1 + (cub_load_be16(draw) * 255 >> 16));
    }
    return error;
}

enum cub_error cub_rsa_encrypt_premaster(const struct cub_public_key *key,
                                         const struct cub_random *random,
                                         const uint8_t premaster[CUB_RSA_PREMASTER], uint8_t *out)
{
    uint8_t message[CUB_RSA_MAX_SIZE];
    size_t len = key->modulus.len;
    enum cub_error error = cub_rsa_check(key->modulus, key->exponent);
    size_t padding = len - OVERHEAD - CUB_RSA_PREMASTER;

    if (error)
        return error;
    message[0] = 0;
    message[1] = 2;
    error = put_padding(random, message + 2, padding);
    message[2 + padding] = 0;
    memcpy(message + OVERHEAD + padding, premaster, CUB_RSA_PREMASTER);
    if (error == E_OK)
        error = cub_rsa_public(key->modulus, key->exponent, message, len, out);
    cub_wipe(message, sizeof message);
    return error;
}
