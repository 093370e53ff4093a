/* What is behind struct cub_curve. */
#ifndef CUB_CRYPTO_TARGET_CURVE_H
#define CUB_CRYPTO_TARGET_CURVE_H

#include "crypto/ec.h"
#include "crypto/target/target.h"

struct cub_curve {
    uint8_t id;       /* NamedGroup [RFC8446-4.2.7]; BearSSL numbers its curves alike */
    uint8_t key_type; /* enum cub_key_type */
    uint8_t size;     /* bytes of a coordinate, and of the order */
    const br_ec_impl *(*impl)(void);
};

#endif
