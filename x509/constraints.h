/*
 * Name constraints [RFC5280-4.2.1.10]: DNS names, IP addresses, e-mail addresses, directory names
 * and URIs; permitted and excluded.
 */
#ifndef CUB_X509_CONSTRAINTS_H
#define CUB_X509_CONSTRAINTS_H

#include <stdbool.h>

#include "x509/cert.h"

/* A certificate has nameConstraints. Checks their form: E_X509_CONSTRAINT_*. */
enum cub_error cub_constraints_form(const struct cub_cert *ca);

/*
 * Whether all names of a certificate below keep the constraints of ca, whose form has been checked.
 * common_name: its subject's CN is used as a DNS name too. *comparisons is counted up, one for each
 * name against each constraint, and E_X509_BUDGET_CONSTRAINTS ends the work at max.
 * E_X509_PERMITTED, E_X509_EXCLUDED, E_X509_CONSTRAINTS_UNSUPPORTED for a name of a type whose
 * constraints we cannot apply, E_X509_NAME_SYNTAX for a name that is malformed.
 */
enum cub_error cub_constraints_check(const struct cub_cert *ca, const struct cub_cert *below,
                                     bool common_name, unsigned *comparisons, unsigned max);

#endif
