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
const struct cub_row *cub_driver_row(const struct cub_engine *e, unsigned on);
/* The row is done: new state, new keys. */
enum cub_error cub_driver_leave(struct cub_engine *e, const struct cub_row *row);

/* Takes one message, alert or other record; E_WAIT_INPUT: there is none. */
enum cub_error cub_input_next(struct cub_engine *e);
/* Drops the message that was being handled. */
void cub_input_release(struct cub_engine *e);
/* Handshake bytes of a record or message are there that no action has had. */
bool cub_input_buffered(const struct cub_engine *e);
/* A part of a message is there, or of a Certificate: no other record may come now. */
static inline bool cub_amid_message(const struct cub_engine *e)
{
    return e->assembly.len > 0 || e->streaming;
}
/* Drops an alert that changes nothing. E_INTERLEAVED, E_TOO_MANY_WARNINGS. */
enum cub_error cub_input_warning(struct cub_engine *e);

/* Calls the action of a STEP row and begins to send what it wrote. */
enum cub_error cub_output_step(struct cub_engine *e, const struct cub_row *row);
/* Goes on with it, if there is a row in e->reply; E_WAIT_ROOM: sealed records must be sent first.
 */
enum cub_error cub_output_pump(struct cub_engine *e);
/* Sends the alert that is due, if there is room now. */
void cub_output_alert(struct cub_engine *e);

/*
 * For who wants to know (records.c). kind: enum cub_trace_kind, with OUTGOING where we send. what:
 * a message, an alert of 2 bytes, the row that is done for CUB_TRACE_STATE, NULL for CUB_TRACE_CCS.
 */
#define OUTGOING 0x80u
void cub_trace_event(const struct cub_engine *e, unsigned kind, const void *what);

/* Gives room to those hashes of the transcript that have none yet; returns where it ends. */
uintptr_t cub_place_hashes(struct cub_transcript *t, uintptr_t place);
/* Parts of the handshake memory begin where a processor can read them as what they are. */
#define CUB_ROUND8(n) (((n) + 7) & ~(size_t)7)

#endif
