/*
 * What certificates hold, as text: the names and forms that OpenSSL, and so Python, shows.
 */
#ifndef CUB_API_TEXT_H
#define CUB_API_TEXT_H

#include <stdint.h>

#include "api/memory.h"
#include "crypto/signature.h"
#include "x509/algorithm.h"

/* All results live in the pool; NULL only where it is out of memory. */

/* The long name of an attribute type, "commonName"; the dotted form of one that is not known. */
const char *cub_text_attribute(struct cub_pool *pool, struct cub_view oid);
/* "1.2.840.113549" */
const char *cub_text_oid(struct cub_pool *pool, struct cub_view oid);
/* The other way: its contents in at most size bytes; returns how many, 0: it is no OID, or too
 * long.
 */
size_t cub_oid_of_text(const char *text, uint8_t *out, size_t size);
/*
 * A string of any of ASN.1's types as UTF-8. What is not a character becomes U+FFFD, a zero
 * character "\x00", and a value that is no string "#" and its octets in hexadecimal.
 */
const char *cub_text_string(struct cub_pool *pool, unsigned tag, struct cub_view value);
/* Appends a string of any of ASN.1's types as UTF-8; false if memory ends. */
bool cub_text_utf8(struct cub_buffer *out, unsigned tag, struct cub_view value);
/* "192.0.2.1", "2001:DB8:0:0:0:0:0:1"; "<invalid>". */
const char *cub_text_ip(struct cub_pool *pool, struct cub_view address);
/* Contents of an INTEGER: "0A3F", "-01". */
const char *cub_text_serial(struct cub_pool *pool, struct cub_view serial);
/* "Jan  5 09:34:43 2018 GMT" */
const char *cub_text_time(struct cub_pool *pool, int64_t seconds);

/* "prime256v1", "rsaEncryption"; "" for a key of an unknown type. */
const char *cub_text_key(const struct cub_public_key *key);
/* "ecdsa-with-SHA256"; "" for an unknown algorithm. */
const char *cub_text_algorithm(const struct cub_signature_algorithm *algorithm);

#endif
