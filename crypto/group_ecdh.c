#include <string.h>

#include "crypto/bytes.h"
#include "crypto/ec.h"
#include "crypto/group.h"
#include "crypto/target/curve.h"

/* ECDH on the curves of prime order [RFC8446-7.4.2]; impl is the curve. */

static enum cub_error generate(const struct cub_group *group, const struct cub_random *random,
                               uint8_t *private_value, uint8_t *share)
{
    const struct cub_curve *curve = group->impl;
    enum cub_error error = cub_ec_keygen(curve, random, private_value);

    if (!error)
        curve->impl()->mulgen(share, private_value, curve->size, curve->id);
    return error;
}

/*
 * The multiplication refuses what is not 0x04 followed by the coordinates of a point on the curve
 * [RFC8446-4.2.8.2]; on a curve of prime order its result is never the point at infinity. The
 * secret is the x coordinate at full width [RFC8446-7.4.2].
 */
static enum cub_error complete(const struct cub_group *group, const uint8_t *private_value,
                               const uint8_t *peer_response, size_t peer_len, uint8_t *secret)
{
    const struct cub_curve *curve = group->impl;
    uint8_t point[CUB_EC_MAX_POINT];
    uint32_t ok;

    if (peer_len != group->response_size)
        return E_CRYPTO_SHARE;
    memcpy(point, peer_response, peer_len);
    ok = curve->impl()->mul(point, peer_len, private_value, curve->size, curve->id);
    memcpy(secret, point + 1, curve->size);
    cub_wipe(point, sizeof point);
    return ok ? E_OK : E_CRYPTO_SHARE;
}

static enum cub_error respond(const struct cub_group *group, const struct cub_random *random,
                              const uint8_t *peer_share, size_t peer_len, uint8_t *response,
                              uint8_t *secret)
{
    uint8_t private_value[CUB_EC_MAX_SIZE];
    enum cub_error error = generate(group, random, private_value, response);

    if (!error)
        error = complete(group, private_value, peer_share, peer_len, secret);
    cub_wipe(private_value, sizeof private_value);
    return error;
}

const struct cub_group cub_group_secp256r1 = {
    BR_EC_secp256r1, 32, 65, 65, 32, 0, generate, respond, complete, &cub_curve_p256,
};
const struct cub_group cub_group_secp384r1 = {
    BR_EC_secp384r1, 48, 97, 97, 48, 0, generate, respond, complete, &cub_curve_p384,
};
const struct cub_group cub_group_secp521r1 = {
    BR_EC_secp521r1, 66, 133, 133, 66, 0, generate, respond, complete, &cub_curve_p521,
};
