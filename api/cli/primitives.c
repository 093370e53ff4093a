#include <string.h>

#include "api/cli/primitives.h"
#include "api/cubtls.h"
#include "crypto/bytes.h"
#include "crypto/group.h"
#include "crypto/hash.h"
#include "crypto/signature.h"

void cli_sha256(const void *data, size_t len, uint8_t out[32])
{
    cub_hash_once(&cub_sha256, data, len, out);
}

static enum cub_error fill(void *context, uint8_t *out, size_t len)
{
    (void)context;
    return cub_RAND_bytes(out, len) == CUB_OK ? E_OK : E_CRYPTO_RANDOM;
}

static const struct cub_random system_random = {.fill = fill};

bool cli_p256_generate(uint8_t scalar[32], uint8_t point[65])
{
    return cub_group_secp256r1.generate(&cub_group_secp256r1, &system_random, scalar, point) ==
           E_OK;
}

bool cli_p256_sign(const uint8_t scalar[32], const void *message, size_t len,
                   uint8_t signature[CLI_SIGNATURE_SIZE], size_t *signature_len)
{
    const struct cub_private_key key = {
        .type = CUB_KEY_EC_P256,
        .scalar = {.data = scalar, .len = 32},
    };
    uint8_t sig[CUB_SIGNATURE_MAX_SIZE];

    if (cub_sign_message(&cub_sign_ecdsa_secp256r1_sha256, &key, &system_random, message, len, sig,
                         signature_len) != E_OK ||
        *signature_len > CLI_SIGNATURE_SIZE)
        return false;
    memcpy(signature, sig, *signature_len);
    return true;
}

void cli_wipe(void *p, size_t len)
{
    cub_wipe(p, len);
}
