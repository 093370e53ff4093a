/*
 * Records to the peer: sealed records that wait to be sent, and behind them one record that is
 * being filled.
 */
#ifndef CUB_RECORD_OUT_H
#define CUB_RECORD_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/protect.h"

struct cub_record_out {
    uint8_t *buffer;
    size_t size;
    size_t head;    /* start of the bytes to send */
    size_t tail;    /* end of the sealed records */
    size_t filled;  /* content of the record that is being filled behind tail */
    uint16_t limit; /* most content in one record */
    uint8_t type;   /* of the record that is being filled */
    struct cub_protection protection;
};

/* out is all zero; buffer stays the caller's. */
void cub_record_out_init(struct cub_record_out *out, uint8_t *buffer, size_t size);

/*
 * Where content of this type goes, and how much fits into the record that is being filled; a record
 * of another type is sealed first. NULL while sealed records must be sent first.
 */
uint8_t *cub_record_out_space(struct cub_record_out *out, uint8_t type, size_t *len);
/* len bytes were stored at cub_record_out_space. */
void cub_record_out_filled(struct cub_record_out *out, size_t len);
/* Seals what is being filled, if anything. */
void cub_record_out_flush(struct cub_record_out *out);
/* Appends a ChangeCipherSpec, which is never protected [RFC8446-5]. False if there is no room
 * before something was sent. */
bool cub_record_out_ccs(struct cub_record_out *out);

/* Sealed bytes that wait to be sent; NULL if none. */
uint8_t *cub_record_out_pending(const struct cub_record_out *out, size_t *len);
/* len of them were sent. */
void cub_record_out_sent(struct cub_record_out *out, size_t len);

#endif
