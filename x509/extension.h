/*
 * Lists of extensions, as certificates, CRLs, their entries and OCSP responses have them.
 */
#ifndef CUB_X509_EXTENSION_H
#define CUB_X509_EXTENSION_H

#include <stdbool.h>

#include "x509/der.h"

struct cub_extension {
    struct cub_view oid;
    struct cub_view critical; /* empty: it is not */
    struct cub_view contents; /* of extnValue */
};
/* Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING } */
extern const struct cub_step cub_extension_steps[];

/* Enters Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension, the whole of what d holds. */
struct cub_der cub_extensions_open(struct cub_der *d);

/* One extension of the list. */
struct cub_extension cub_extension_read(struct cub_der *list);

/*
 * Whether an extension of this identifier stands in a list before the one that holds oid, up to
 * which the list is well-formed: "MUST NOT include more than one instance" [RFC5280-4.2].
 */
bool cub_extension_repeated(struct cub_view list, struct cub_view oid);

#endif
