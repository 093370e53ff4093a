/*
 * DER [X.690] by description: what is expected is written down as steps, in the order and nesting
 * of the ASN.1 module, and one function reads by them. Nothing but DER is accepted: definite and
 * minimal lengths, one-byte tags, canonical contents.
 */
#ifndef CUB_X509_ELEMENT_H
#define CUB_X509_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/error.h"
#include "crypto/signature.h"

/* Identifier octets. */
#define CUB_DER_BOOLEAN          0x01
#define CUB_DER_INTEGER          0x02
#define CUB_DER_BIT_STRING       0x03
#define CUB_DER_OCTET_STRING     0x04
#define CUB_DER_NULL             0x05
#define CUB_DER_OID              0x06
#define CUB_DER_ENUMERATED       0x0a
#define CUB_DER_UTF8_STRING      0x0c
#define CUB_DER_NUMERIC_STRING   0x12
#define CUB_DER_PRINTABLE_STRING 0x13
#define CUB_DER_TELETEX_STRING   0x14
#define CUB_DER_IA5_STRING       0x16
#define CUB_DER_UTC_TIME         0x17
#define CUB_DER_GENERALIZED_TIME 0x18
#define CUB_DER_VISIBLE_STRING   0x1a
#define CUB_DER_UNIVERSAL_STRING 0x1c
#define CUB_DER_BMP_STRING       0x1e
#define CUB_DER_SEQUENCE         0x30
#define CUB_DER_SET              0x31
#define CUB_DER_PRIMITIVE(n)     (0x80 | (n)) /* [n] IMPLICIT of a primitive type */
#define CUB_DER_CONSTRUCTED(n)   (0xa0 | (n)) /* [n] EXPLICIT, or IMPLICIT of a constructed type */

#define CUB_DER_ANY 0xff /* stands for every tag */

/*
 * Reads the next element of *from, which must have a tag, and goes behind it. Its contents must be
 * canonical: an INTEGER minimal, an OBJECT IDENTIFIER of minimal arcs, a BIT STRING of whole octets
 * (which then are the contents), a BOOLEAN true: as DEFAULT FALSE it is absent else [X.690-11.5].
 * CUB_DER_ANY takes all tags and contents. E_DER_*.
 */
enum cub_error cub_der_next(struct cub_view *from, unsigned tag, struct cub_view *contents);
/* The same for bytes that must hold this one element and nothing else: E_DER_TRAILING. */
enum cub_error cub_der_only(struct cub_view from, unsigned tag, struct cub_view *contents);
/* The check of contents alone. */
enum cub_error cub_der_contents(unsigned type, struct cub_view *contents);

/*
 * The contents of a BIT STRING of named bits: bit 0 of the string is bit 0 of *named; bits after
 * the sixteenth are ignored. Trailing zero bits, which DER leaves out [X.690-11.2.2], are let pass:
 * roots that everybody trusts have them, and they mean nothing.
 */
enum cub_error cub_der_bits(const struct cub_view *contents, uint16_t *named);

/* One element: its tag, and what to do with it: the flags below, and the field that keeps it. */
struct cub_step {
    uint8_t tag;
    uint8_t what;
};

#define CUB_STEP_OPTIONAL 0x80 /* it may be absent; its field stays as it is then */
#define CUB_STEP_WHOLE    0x40 /* kept with identifier and length, not the contents alone */
#define CUB_STEP_IN       0x20 /* what follows is in it, up to CUB_STEP_OUT */
#define CUB_STEP_PASS     0x1f /* no field keeps it */
/* The field: a struct cub_view among the first 31 things of a struct, which are all of them. */
#define CUB_STEP_FIELD(type, member) (offsetof(type, member) / sizeof(struct cub_view))
/* The end of the element that was gone into: nothing may be left in it (E_DER_TRAILING). */
#define CUB_STEP_OUT                                                                               \
    {                                                                                              \
        0, 0                                                                                       \
    }

#define CUB_STEP_DEPTH 4 /* elements within each other */

/*
 * Reads one element by its steps into the fields of a struct; all that optional steps lead into is
 * left out with them, where nothing optional is nested. Afterwards *from is what follows it.
 */
enum cub_error cub_der_take(struct cub_view *from, const struct cub_step *steps, void *fields);
/* The same for bytes that must hold this one element and nothing else. */
enum cub_error cub_der_all(struct cub_view from, const struct cub_step *steps, void *fields);

/* Whether two views hold the same bytes. */
bool cub_bytes_equal(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len);
static inline bool cub_view_equal(struct cub_view a, struct cub_view b)
{
    return cub_bytes_equal(a.data, a.len, b.data, b.len);
}
/* Whether a byte occurs in a view. */
bool cub_view_has(struct cub_view v, uint8_t byte);

#endif
