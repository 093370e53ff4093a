/*
 * What the server's files share among themselves.
 */
#ifndef CUB_HANDSHAKE_SERVER_H
#define CUB_HANDSHAKE_SERVER_H

#include "handshake/handshake.h"
#include "handshake/server_hello.h"

/* Chooses an application protocol if both sides have any. E_NO_COMMON_ALPN. */
enum cub_error cub_choose_alpn(struct cub_engine *e, const struct cub_client_hello *hello);
/* The ClientHello joins the transcript, for it is answered. */
void cub_join_client_hello(struct cub_engine *e);
/* answers.c: whole messages, from what was negotiated. The share of ServerHello is in hs->shares,
 * the cookie of HelloRetryRequest, if there is one, in hs->cookie; random has 32 bytes. */
void cub_put_hello_retry(struct cub_engine *e);
void cub_put_server_hello13(struct cub_engine *e, const uint8_t *random);
void cub_put_server_hello12(struct cub_engine *e);
void cub_put_encrypted_extensions(struct cub_engine *e);
/* Bytes of records to pass over when 0-RTT data is refused. */
uint32_t cub_early_skip(const struct cub_engine *e);

#endif
