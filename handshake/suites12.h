/*
 * How a suite of TLS 1.2 is written down.
 */
#ifndef CUB_HANDSHAKE_SUITES12_H
#define CUB_HANDSHAKE_SUITES12_H

#include "crypto/cbc.h"
#include "handshake/config.h"

#define TLS12(name, number, cipher, digest, record_format, iv, how, kx, auth)                      \
    const struct cub_suite cub_suite_##name = {                                                    \
        .id = number,                                                                              \
        .version = CUB_TLS1_2,                                                                     \
        .aead = &cub_##cipher,                                                                     \
        .hash = &cub_##digest,                                                                     \
        .format = &record_format,                                                                  \
        .exchange = &cub_exchange_##how,                                                           \
        .iv_size = iv,                                                                             \
        .key_exchange = CUB_KX_##kx,                                                               \
        .authentication = CUB_AUTH_##auth,                                                         \
    }

#endif
