/*
 * Records from the peer: a buffer that bytes are received into, and the record at its head, opened
 * in place. The buffer may hold more than one record; its size bounds the records that can come.
 */
#ifndef CUB_RECORD_IN_H
#define CUB_RECORD_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/protect.h"

struct cub_record_in {
    uint8_t *buffer;
    size_t size;
    size_t head;      /* start of the record that is received or being consumed */
    size_t tail;      /* end of the bytes received */
    uint8_t *content; /* what is left of the opened record */
    size_t content_len;
    size_t record_len; /* whole opened record, header included; 0: none is open */
    uint16_t limit;    /* our record_size_limit: content and type byte [RFC8449-4] */
    uint8_t type;      /* of the opened record: enum cub_content_type */
    uint8_t skipping;  /* records that do not open are dropped: see cub_record_in_skip */
    uint16_t need;     /* bytes from head on without which there is nothing to open */
    uint32_t skip_left;
    struct cub_protection protection;
};

/* The content is not more than the limit allows, or E_RECORD_OVERFLOW: what formats of TLS 1.2 ask
 * when a record was opened [RFC8449-4]. */
static inline enum cub_error cub_record_within(const struct cub_record_in *in)
{
    return in->content_len > CUB_RECORD_MAX_PLAINTEXT || in->content_len > in->limit
               ? E_RECORD_OVERFLOW
               : E_OK;
}

/* in is all zero; buffer stays the caller's and holds one record of at most size bytes. */
void cub_record_in_init(struct cub_record_in *in, uint8_t *buffer, size_t size);

/* Where received bytes go, and how many fit; NULL while an open record must be consumed first. */
uint8_t *cub_record_in_space(struct cub_record_in *in, size_t *len);
/* len bytes were stored at cub_record_in_space. Returns whether it is worth while to go on: lines
 * that bring byte after byte do not tell anything new by most of them. */
bool cub_record_in_filled(struct cub_record_in *in, size_t len);

/*
 * Drops records of application data that do not open, until one does, or until a handshake record
 * comes in the clear: early data that is refused [RFC8446-4.2.10]. At most so many bytes, headers
 * included: E_RECORD_SKIPPED.
 */
void cub_record_in_skip(struct cub_record_in *in, uint32_t bytes);
/* To be asked then, with what cub_record_in_open said: E_OK, and no record open: one was dropped.
 */
enum cub_error cub_record_in_skipped(struct cub_record_in *in, enum cub_error err);

/*
 * Opens the record at the head, if none is open; E_WAIT_INPUT: it is not there whole yet. While a
 * record is open, what is left of it is at in->content: nothing from the start if it is application
 * data and empty. Errors: the section "record" of errors.def.
 */
enum cub_error cub_record_in_open(struct cub_record_in *in);
/* len bytes of the open record's content are used; a record that is used up is dropped, and so an
 * empty one by len 0. */
void cub_record_in_consume(struct cub_record_in *in, size_t len);

#endif
