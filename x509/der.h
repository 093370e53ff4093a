/*
 * Reader for DER [X.690], for what steps (element.h) do not describe. An error is sticky and shared
 * by a reader and all readers made from it: after the first failure every read yields zeros and
 * empty views, so a parser reads straight through and asks once, at the end. Nothing but DER is
 * accepted: definite and minimal lengths, one-byte tags, canonical booleans and integers.
 */
#ifndef CUB_X509_DER_H
#define CUB_X509_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/error.h"
#include "crypto/signature.h"
#include "x509/element.h"

struct cub_der {
    const uint8_t *at;
    const uint8_t *end;
    enum cub_error *error; /* shared with sub-readers; the first failure stays */
};

/* A reader of len bytes. *error is where failures go; it is not reset. */
struct cub_der cub_der_open(const uint8_t *data, size_t len, enum cub_error *error);
/* What a reader has not read yet. */
struct cub_view cub_der_rest(const struct cub_der *d);
/* A reader of a view's bytes that shares d's error. */
struct cub_der cub_der_sub(const struct cub_der *d, struct cub_view bytes);

/* Notes a failure, unless there was one before, and stops all reading. */
void cub_der_fail(struct cub_der *d, enum cub_error error);
/* A function read from cub_der_rest by itself: where it stopped, or how it failed. */
void cub_der_went(struct cub_der *d, struct cub_view rest, enum cub_error error);
/* Whether nothing has failed. */
bool cub_der_ok(const struct cub_der *d);
/* Whether there is more to read (false after a failure). */
bool cub_der_more(const struct cub_der *d);
/* The identifier octet of the next element, 0 if there is none. */
unsigned cub_der_peek(const struct cub_der *d);
/* The end of a reader: bytes left over are E_DER_TRAILING. Returns the shared error. */
enum cub_error cub_der_done(struct cub_der *d);

/* The contents of the next element, which must have this tag. */
struct cub_view cub_der_read(struct cub_der *d, unsigned tag);
/* The same as a reader. */
struct cub_der cub_der_enter(struct cub_der *d, unsigned tag);
/* If the next element has this tag: a reader of its contents in *inner, and true. */
bool cub_der_optional(struct cub_der *d, unsigned tag, struct cub_der *inner);
/* The next element whole, with identifier and length, whatever its tag. */
struct cub_view cub_der_element(struct cub_der *d);
/* The same for an element that must have this tag. */
struct cub_view cub_der_element_of(struct cub_der *d, unsigned tag);
/* The contents of the next element whatever its tag, which goes to *tag. */
struct cub_view cub_der_any(struct cub_der *d, unsigned *tag);

/* The next element by its steps (cub_der_take). */
void cub_der_take_from(struct cub_der *d, const struct cub_step *steps, void *fields);

/* BOOLEAN; only 00 and ff are DER. */
bool cub_der_boolean(struct cub_der *d);
/* BOOLEAN DEFAULT FALSE: absent is false, and an encoded FALSE is not DER [X.690-11.5]. */
bool cub_der_default_false(struct cub_der *d);
/* INTEGER of either sign: its minimal two's complement octets. */
struct cub_view cub_der_integer(struct cub_der *d);
/* INTEGER that must not be negative, without the leading zero octet; 0 is an empty view. */
struct cub_view cub_der_unsigned(struct cub_der *d);
/* INTEGER 0..max under this tag (CUB_DER_INTEGER or an implicit one). */
uint32_t cub_der_small(struct cub_der *d, unsigned tag, uint32_t max);
/* BIT STRING of whole octets: those octets. */
struct cub_view cub_der_octet_bits(struct cub_der *d);
/* BIT STRING of named bits under this tag (cub_der_bits). */
uint32_t cub_der_named_bits(struct cub_der *d, unsigned tag);
/* NULL. */
void cub_der_null(struct cub_der *d);
/* OBJECT IDENTIFIER: its contents, checked for minimal arcs. */
struct cub_view cub_der_oid(struct cub_der *d);

#endif
