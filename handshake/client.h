/*
 * What the client's files share among themselves.
 */
#ifndef CUB_HANDSHAKE_CLIENT_H
#define CUB_HANDSHAKE_CLIENT_H

#include "handshake/actions.h"
#include "handshake/server_hello.h"

/* Makes a fresh private value for a group, number i, and puts its share at the end of the list. */
enum cub_error cub_add_share(struct cub_engine *e, const struct cub_group *group, unsigned i);

/* Checks version, compression and suite, and takes the suite. E_SH_*. */
enum cub_error cub_check_server_hello(struct cub_engine *e, const struct cub_server_hello *hello);

#endif
