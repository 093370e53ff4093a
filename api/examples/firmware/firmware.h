/*
 * TLS on a bare board: what the examples in this folder share. A port supplies the functions
 * board_*, tests/embedded/board.c for instance, and the constants firmware_*.
 */
#ifndef CUB_EXAMPLES_FIRMWARE_FIRMWARE_H
#define CUB_EXAMPLES_FIRMWARE_FIRMWARE_H

#include "api/cub_engine.h"
#include "x509/chain.h"

/* Sends bytes; returns how many were taken, 0 if the line is dead. */
size_t board_send(const uint8_t *bytes, size_t len);
/* Waits for bytes; returns how many came, at most size, 0 if the line is dead. */
size_t board_receive(uint8_t *bytes, size_t size);
/* Seconds since 1970-01-01T00:00:00Z; E_X509_NO_TIME if the board does not know. */
enum cub_error board_time(void *context, int64_t *seconds);
/* Does something with what the peer sent. */
void board_take(const uint8_t *bytes, size_t len);
/* Fills bytes from a true random number generator; E_CRYPTO_RANDOM if it has failed. */
enum cub_error board_entropy(void *context, uint8_t *bytes, size_t len);

/* What outlasts sleep: reads what was written last, at most size bytes; returns how many. */
size_t board_flash_read(uint8_t *bytes, size_t size);
void board_flash_write(const uint8_t *bytes, size_t len);

/* The program of an image: client.c, resuming_client.c, psk_client.c and server.c each have one. */
enum cub_error firmware_run(void);

/* Client: who is connected to, and whom it trusts. */
extern const char firmware_server_name[];
extern const struct cub_anchor firmware_anchor;
/* PSK client: what it shares with its server. */
extern const struct cub_psk firmware_psk;
/* Server: its certificate and key. */
extern const struct cub_credential firmware_credential;

/* Moves bytes until the handshake is over: E_OK, or why it failed; the alert is sent then. */
enum cub_error firmware_handshake(struct cub_engine *engine);
/* Sends one record; len bytes must fit into it. */
enum cub_error firmware_write(struct cub_engine *engine, const void *data, size_t len);
/*
 * Moves bytes until data has come; NULL if none will: the connection is over. The data lies in the
 * record buffer until cub_engine_recvapp_ack.
 */
const uint8_t *firmware_read(struct cub_engine *engine, size_t *len);
/* Says goodbye and wipes the engine. */
void firmware_close(struct cub_engine *engine);

#endif
