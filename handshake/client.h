/*
 * What the client's files share among themselves.
 */
#ifndef CUB_HANDSHAKE_CLIENT_H
#define CUB_HANDSHAKE_CLIENT_H

#include "handshake/actions.h"
#include "handshake/server_hello.h"

/* Checks version, compression and suite, and takes the suite. E_SH_*. */
enum cub_error cub_check_server_hello(struct cub_engine *e, const struct cub_server_hello *hello);

#endif
