/*
 * The driver: takes rows of the protocol table, moves messages between records and actions, keeps
 * the transcript, installs keys. The files driver.c (rows and keys), input.c and output.c.
 */
#ifndef CUB_HANDSHAKE_DRIVER_H
#define CUB_HANDSHAKE_DRIVER_H

#include "handshake/handshake.h"

/* Bytes of handshake memory besides the messages. */
size_t cub_handshake_overhead(const struct cub_profile *profile);
/* Lays out the handshake memory; E_ENGINE_MEMORY if it is too small. */
enum cub_error cub_handshake_init(struct cub_engine *e, void *memory, size_t size);

/* Wipes what it holds besides messages; it is not used any more. */
void cub_handshake_wipe(struct cub_engine *e);

/* Goes as far as it can: until input, room for output or the owner is needed, or it fails. */
void cub_driver_run(struct cub_engine *e);
/* Records a failure and sends its alert; only the first one counts. */
void cub_driver_fail(struct cub_engine *e, enum cub_error error);

/* The row for a trigger in the present state; NULL: none. */
const struct cub_row *cub_driver_row(const struct cub_engine *e, enum cub_trigger on);
/* The row is done: new state, new keys. */
enum cub_error cub_driver_leave(struct cub_engine *e, const struct cub_row *row);

/* Takes one message, alert or other record; E_WAIT_INPUT: there is none. */
enum cub_error cub_input_next(struct cub_engine *e);
/* Drops the message that was being handled. */
void cub_input_release(struct cub_engine *e);
/* Handshake bytes of a record or message are there that no action has had. */
bool cub_input_buffered(const struct cub_engine *e);
/* Appends the message that is still missing in the transcript. */
void cub_input_join(struct cub_engine *e);

/* Calls the action of a STEP row and begins to send what it wrote. */
enum cub_error cub_output_step(struct cub_engine *e, const struct cub_row *row);
/* Goes on with it; E_WAIT_ROOM: sealed records must be sent first. */
enum cub_error cub_output_pump(struct cub_engine *e);
/* Sends the alert that is due, if there is room now. */
void cub_output_alert(struct cub_engine *e);

/* kind: enum cub_trace_kind, with OUTGOING where we send. */
#define OUTGOING 0x80u
void cub_trace_event(const struct cub_engine *e, unsigned kind, uint8_t type, size_t len);

#endif
