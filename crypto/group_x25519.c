#include <string.h>

#include "crypto/bytes.h"
#include "crypto/group.h"
#include "crypto/target/target.h"

#define SIZE 32

/* X25519 [RFC7748-5]: point = scalar * point. BearSSL clamps the scalar and masks the point. */
static void multiply(uint8_t *point, const uint8_t *scalar)
{
    uint8_t ordered[SIZE];

    cub_target_x25519_scalar(ordered, scalar);
    cub_target_x25519()->mul(point, SIZE, ordered, SIZE, BR_EC_curve25519);
    cub_wipe(ordered, sizeof ordered);
}

static enum cub_error generate(const struct cub_group *group, const struct cub_random *random,
                               uint8_t *private_value, uint8_t *share)
{
    static const uint8_t base[SIZE] = {9};
    enum cub_error error = cub_random_fill(random, private_value, SIZE);

    (void)group;
    if (error)
        return error;
    memcpy(share, base, SIZE);
    multiply(share, private_value);
    return E_OK;
}

static enum cub_error complete(const struct cub_group *group, const uint8_t *private_value,
                               const uint8_t *peer_response, size_t peer_len, uint8_t *secret)
{
    uint8_t any = 0;

    (void)group;
    if (peer_len != SIZE)
        return E_CRYPTO_SHARE;
    memcpy(secret, peer_response, SIZE);
    multiply(secret, private_value);
    /* MUST abort on the all-zero value, from a point of small order [RFC8446-7.4.2] [RFC7748-6.1].
     */
    for (size_t i = 0; i < SIZE; i++)
        any |= secret[i];
    return any ? E_OK : E_CRYPTO_SHARE;
}

static enum cub_error respond(const struct cub_group *group, const struct cub_random *random,
                              const uint8_t *peer_share, size_t peer_len, uint8_t *response,
                              uint8_t *secret)
{
    uint8_t private_value[SIZE];
    enum cub_error error = generate(group, random, private_value, response);

    if (!error)
        error = complete(group, private_value, peer_share, peer_len, secret);
    cub_wipe(private_value, sizeof private_value);
    return error;
}

const struct cub_group cub_group_x25519 = {
    BR_EC_curve25519, SIZE, SIZE, SIZE, SIZE, 0, generate, respond, complete, NULL,
};
