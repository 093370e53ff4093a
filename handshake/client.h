/*
 * What the client's files share among themselves.
 */
#ifndef CUB_HANDSHAKE_CLIENT_H
#define CUB_HANDSHAKE_CLIENT_H

#include "handshake/actions.h"
#include "handshake/server_hello.h"

/* Checks legacy_compression_method, and takes a suite of this version. E_SH_*. */
enum cub_error cub_take_suite(struct cub_engine *e, const struct cub_server_hello *hello,
                              uint16_t version);

#endif
