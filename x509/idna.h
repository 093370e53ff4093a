/*
 * International host names: from what people write to what DNS and certificates have [RFC5890].
 */
#ifndef CUB_X509_IDNA_H
#define CUB_X509_IDNA_H

#include <stddef.h>

#include "crypto/error.h"

/*
 * Converts a host name in UTF-8 to A-labels in lower case: each label that is not ASCII becomes
 * "xn--" and its Punycode [RFC3492]. Letters of the Latin, Greek and Cyrillic blocks are lowered;
 * what else registries map or forbid is not known here, and the name must be composed (NFC)
 * already. out takes max bytes with the final NUL; a name has at most CUB_HOSTNAME_MAX.
 * E_X509_HOSTNAME_INVALID.
 */
enum cub_error cub_hostname_to_ascii(const char *name, char *out, size_t max);

#endif
