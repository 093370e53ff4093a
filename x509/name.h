/*
 * Distinguished names: comparison [RFC5280-7.1] and a walk over their attributes. A name is handled
 * as the DER of its SEQUENCE, identifier and length included.
 */
#ifndef CUB_X509_NAME_H
#define CUB_X509_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "x509/der.h"

/* Attribute types of the form 2.5.4.n. */
#define CUB_ATTRIBUTE_COMMON_NAME 3

/*
 * Whether two names are the same: the same RDNs in the same order, attributes of the same type, and
 * values that are equal as bytes or as strings, where case of ASCII letters, leading, trailing and
 * repeated spaces, and the choice among PrintableString, UTF8String and IA5String do not count.
 */
bool cub_name_equal(struct cub_view a, struct cub_view b);

/* Whether the RDNs of name begin with all those of prefix [RFC5280-4.2.1.10]. */
bool cub_name_within(struct cub_view name, struct cub_view prefix);

/* Whether name is that of an issuer and one RDN more, whose attributes are given
 * [RFC5280-4.2.1.13]. */
bool cub_name_is_extended(struct cub_view name, struct cub_view issuer, struct cub_view rdn);

/* SHA-256 of a canonical form: equal for names that cub_name_equal holds equal. */
void cub_name_digest(struct cub_view name, uint8_t out[32]);

/* Whether a name has no RDN. */
bool cub_name_empty(struct cub_view name);

/* Checks the form of a Name. */
enum cub_error cub_name_check(struct cub_view name);
/* Reads a Name and checks its form; returns it whole. */
struct cub_view cub_name_read(struct cub_der *d);

/* A walk over the attributes of a name: start with cub_name_walk. */
struct cub_name_walk {
    struct cub_der rdns;
    struct cub_der set;
    enum cub_error error;
    unsigned rdn; /* number of the RDN that the attribute belongs to, from 1 */
};
struct cub_attribute {
    struct cub_view type;  /* contents of the OID */
    struct cub_view value; /* contents of the value */
    unsigned tag;          /* and its identifier */
    unsigned rdn;
};
/* Begins a walk over a name; the walk must not be moved. */
void cub_name_walk(struct cub_name_walk *walk, struct cub_view name);
bool cub_name_next(struct cub_name_walk *walk, struct cub_attribute *attribute);

/* Whether an attribute is of type 2.5.4.n. */
bool cub_attribute_is(const struct cub_attribute *attribute, unsigned n);

#endif
