#include <string.h>

#include "crypto/bytes.h"
#include "crypto/ec.h"
#include "crypto/signature.h"
#include "crypto/target/curve.h"

const struct cub_curve cub_curve_p256 = {BR_EC_secp256r1, CUB_KEY_EC_P256, 32, cub_target_p256};
const struct cub_curve cub_curve_p384 = {BR_EC_secp384r1, CUB_KEY_EC_P384, 48,
                                         cub_target_p384_p521};
const struct cub_curve cub_curve_p521 = {BR_EC_secp521r1, CUB_KEY_EC_P521, 66,
                                         cub_target_p384_p521};

size_t cub_ec_size(const struct cub_curve *curve)
{
    return curve->size;
}

/* 1 if 0 < scalar < n, else 0. Both have size bytes; only the result may be branched on. */
static uint32_t in_range(const uint8_t *scalar, const uint8_t *n, size_t size)
{
    uint32_t any = 0;
    uint32_t borrow = 0;

    for (size_t i = size; i-- > 0;) {
        any |= scalar[i];
        borrow = (uint32_t)(scalar[i] - n[i] - borrow) >> 31;
    }
    return borrow & ~cub_ct_mask_eq(any, 0) & 1u;
}

static const uint8_t *order_of(const struct cub_curve *curve)
{
    size_t len;

    return curve->impl()->order(curve->id, &len);
}

enum cub_error cub_ec_keygen(const struct cub_curve *curve, const struct cub_random *random,
                             uint8_t *scalar)
{
    const uint8_t *n = order_of(curve);
    /* The order of P-521 begins with 0x01, the others with 0xff: candidates are as long as that. */
    uint8_t mask = n[0];

    /* All orders are close below a power of two: one candidate in 2^32 or less is refused. */
    for (int tries = 0; tries < 16; tries++) {
        enum cub_error error = cub_random_fill(random, scalar, curve->size);

        if (error)
            return error;
        scalar[0] &= mask;
        if (in_range(scalar, n, curve->size))
            return E_OK;
    }
    return E_CRYPTO_RANDOM;
}

enum cub_error cub_ec_load_scalar(const struct cub_curve *curve, const uint8_t *scalar, size_t len,
                                  uint8_t *out)
{
    if (len > curve->size)
        return E_CRYPTO_KEY;
    memset(out, 0, curve->size - len);
    memcpy(out + curve->size - len, scalar, len);
    return in_range(out, order_of(curve), curve->size) ? E_OK : E_CRYPTO_KEY;
}

enum cub_error cub_ec_public(const struct cub_curve *curve, const uint8_t *scalar, size_t len,
                             uint8_t *point)
{
    uint8_t full[CUB_EC_MAX_SIZE];
    enum cub_error error = cub_ec_load_scalar(curve, scalar, len, full);

    if (!error)
        curve->impl()->mulgen(point, full, curve->size, curve->id);
    cub_wipe(full, sizeof full);
    return error;
}
