/*
 * GeneralNames [RFC5280-4.2.1.6]: the lists in subjectAltName, name constraints, distribution
 * points.
 */
#ifndef CUB_X509_GENERAL_NAME_H
#define CUB_X509_GENERAL_NAME_H

#include <stdbool.h>

#include "x509/der.h"

enum cub_general_name_type {
    CUB_GN_OTHER = CUB_DER_CONSTRUCTED(0),
    CUB_GN_EMAIL = CUB_DER_PRIMITIVE(1),
    CUB_GN_DNS = CUB_DER_PRIMITIVE(2),
    CUB_GN_X400 = CUB_DER_CONSTRUCTED(3),
    CUB_GN_DIRECTORY = CUB_DER_CONSTRUCTED(4),
    CUB_GN_EDI = CUB_DER_CONSTRUCTED(5),
    CUB_GN_URI = CUB_DER_PRIMITIVE(6),
    CUB_GN_IP = CUB_DER_PRIMITIVE(7),
    CUB_GN_REGISTERED_ID = CUB_DER_PRIMITIVE(8),
};

struct cub_general_name {
    unsigned type;         /* enum cub_general_name_type: the identifier octet */
    struct cub_view value; /* contents; of a directory name the Name within, whole */
};

/*
 * Takes the next GeneralName and checks its form: known tag, IA5 characters only, addresses of 4 or
 * 16 octets (or, for a constraint, 8 or 32). E_DER_STRING, E_X509_GENERAL_NAME.
 */
enum cub_error cub_general_name_take(struct cub_view *from, bool constraint,
                                     struct cub_general_name *name);
/* The same from a reader. */
struct cub_general_name cub_general_name_read(struct cub_der *d, bool constraint);

/* The GeneralNames that an extension holds; E_X509_SAN_EMPTY: there must be one. */
enum cub_error cub_general_names(struct cub_view extension, struct cub_view *names);
/* The same as a reader. */
struct cub_der cub_general_names_open(struct cub_view extension, enum cub_error *error);

#endif
