/*
 * The presentation language of TLS [RFC8446-3], as a reader and a writer that cannot overrun.
 *
 * A reader's error is sticky and shared with the readers of the vectors inside it: read everything,
 * then ask rd_done once. rd_vec(&r, 1, 0, 32) is what the RFC writes as <0..32>.
 */
#ifndef CUB_HANDSHAKE_WIRE_H
#define CUB_HANDSHAKE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/signature.h" /* struct cub_view */

struct rd {
    const uint8_t *p;
    const uint8_t *end;
    struct rd *root; /* whose bad is everybody's */
    bool bad;
};

#define rd_init  cub_rd_init
#define rd_uint  cub_rd_uint
#define rd_bytes cub_rd_bytes
#define rd_fail  cub_rd_fail
#define rd_done  cub_rd_done

void cub_rd_init(struct rd *r, const uint8_t *data, size_t len);
/* An unsigned integer of 1 to 4 bytes; 0 after an error. */
uint32_t cub_rd_uint(struct rd *r, unsigned width);
/* n bytes in place; NULL after an error. */
const uint8_t *cub_rd_bytes(struct rd *r, size_t n);
/* The width of a vector's length, and its bounds, in one number: less to pass. */
#define RD_VECTOR(width, min, max) ((width) | (uint32_t)(min) << 2 | (uint32_t)(max) << 8)
struct rd cub_rd_vec(struct rd *r, uint32_t vector);
struct cub_view cub_rd_view(struct rd *r, uint32_t vector);
/* Marks an error of the caller's finding. */
void cub_rd_fail(struct rd *r);
/* True if there was no error and nothing is left; what is left is an error for the root too. */
bool cub_rd_done(struct rd *r);

/* A vector with a length of 1 to 3 bytes, which must be in [min, max], min being less than 64: a
 * reader of its contents. */
static inline struct rd rd_vec(struct rd *r, unsigned width, uint32_t min, uint32_t max)
{
    return cub_rd_vec(r, RD_VECTOR(width, min, max));
}

/* The same as bytes in place. */
static inline struct cub_view rd_view(struct rd *r, unsigned width, uint32_t min, uint32_t max)
{
    return cub_rd_view(r, RD_VECTOR(width, min, max));
}

/* A vector of 16-bit values, at least one, in place. */
struct cub_view cub_rd_list16(struct rd *r, unsigned width);
#define rd_list16 cub_rd_list16

static inline uint8_t rd_u8(struct rd *r)
{
    return (uint8_t)cub_rd_uint(r, 1);
}

static inline uint16_t rd_u16(struct rd *r)
{
    return (uint16_t)cub_rd_uint(r, 2);
}

static inline uint32_t rd_u32(struct rd *r)
{
    return cub_rd_uint(r, 4);
}

/* Something is left to read, and there was no error. */
static inline bool rd_more(const struct rd *r)
{
    return !r->root->bad && r->p < r->end;
}

/* The rest, in place. */
static inline struct cub_view rd_rest(struct rd *r)
{
    struct cub_view view = {r->p, (size_t)(r->end - r->p)};

    r->p = r->end;
    return view;
}

/*
 * A writer counts all that is written and stores what falls into its window: size bytes behind the
 * first skip ones. A message longer than the window is written again for each part of it.
 */
struct wr {
    uint8_t *buffer;
    size_t size;
    size_t skip;
    size_t pos; /* bytes written, stored or not */
};

#define wr_init  cub_wr_init
#define wr_uint  cub_wr_uint
#define wr_bytes cub_wr_bytes
#define wr_view  cub_wr_view
#define wr_open  cub_wr_open
#define wr_close cub_wr_close

void cub_wr_init(struct wr *w, uint8_t *buffer, size_t size);
void cub_wr_uint(struct wr *w, unsigned width, uint32_t value);
void cub_wr_bytes(struct wr *w, const void *data, size_t len);
/* A vector: its length in width bytes, then its contents. */
void cub_wr_view(struct wr *w, unsigned width, struct cub_view view);
/*
 * Begins a vector of unknown length; returns the mark for wr_close. Until then its length reads as
 * all ones, so that an interrupted message is never taken for another. Only where skip is 0.
 */
size_t cub_wr_open(struct wr *w, unsigned width);
void cub_wr_close(struct wr *w, size_t mark, unsigned width);

static inline bool wr_overflow(const struct wr *w)
{
    return w->pos > w->skip + w->size;
}

/* Membership in a list of 8-bit or 16-bit values in wire form. */
bool cub_list8_has(struct cub_view list, uint8_t value);
bool cub_list16_has(struct cub_view list, uint16_t value);

#endif
