/*
 * What the server's files share among themselves.
 */
#ifndef CUB_HANDSHAKE_SERVER_H
#define CUB_HANDSHAKE_SERVER_H

#include "handshake/handshake.h"

/* Chooses an application protocol if both sides have any. E_NO_COMMON_ALPN. */
enum cub_error cub_choose_alpn(struct cub_engine *e, const struct cub_client_hello *hello);
/* Bytes of records to pass over when 0-RTT data is refused. */
uint32_t cub_early_skip(const struct cub_engine *e);

#endif
