/* Names in certificates, for people. */
#ifndef CUB_CLI_NAMES_H
#define CUB_CLI_NAMES_H

#include <stddef.h>

#include "api/cubtls.h"

/* "CN=localhost, O=Example", the most particular part first; what does not fit is cut off. */
void cli_format_name(const struct cub_rdn *rdns, size_t count, char *text, size_t size);
/* The same of a certificate's subject; "?" if it cannot be read. */
void cli_format_subject(const struct cub_bytes *certificate, char *text, size_t size);

#endif
