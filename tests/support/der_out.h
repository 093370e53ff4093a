/*
 * A DER writer for tests. It writes what it is told, well-formed or not: lengths are right unless a
 * test breaks them afterwards.
 */
#ifndef CUB_TESTS_SUPPORT_DER_OUT_H
#define CUB_TESTS_SUPPORT_DER_OUT_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/signature.h"

struct der_out {
    uint8_t *bytes;
    size_t max; /* running over it aborts the test */
    size_t len;
};

/* Opens an element; der_end with the value returned closes it and puts in its length. */
size_t der_begin(struct der_out *o, unsigned tag);
void der_end(struct der_out *o, size_t mark);

void der_raw(struct der_out *o, const void *bytes, size_t len);
void der_element(struct der_out *o, unsigned tag, const void *contents, size_t len);
void der_string(struct der_out *o, unsigned tag, const char *text);
/* An object identifier in dotted form. */
void der_oid(struct der_out *o, const char *dotted);
/* INTEGER of a small number, and of big-endian bytes that are not negative. */
void der_small(struct der_out *o, uint32_t value);
void der_unsigned(struct der_out *o, struct cub_view bytes);
void der_boolean(struct der_out *o, int value);
/* BIT STRING of whole octets. */
void der_bits(struct der_out *o, const void *bytes, size_t len);
/* BIT STRING of named bits; bit 0 of the value is the first. */
void der_named_bits(struct der_out *o, unsigned tag, uint32_t bits);
/* UTCTime up to 2049, GeneralizedTime from 2050 on. */
void der_time(struct der_out *o, int64_t seconds);

/* Where some bytes first stand among others; fails the test if nowhere. */
uint8_t *der_find(uint8_t *bytes, size_t len, const void *wanted, size_t wanted_len);

#endif
