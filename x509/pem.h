/*
 * PEM [RFC7468], as lax as OpenSSL's files need: text between blocks is skipped, lines may have any
 * length and any white space, old headers (Proc-Type, DEK-Info) are kept for who decrypts.
 */
#ifndef CUB_X509_PEM_H
#define CUB_X509_PEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/error.h"
#include "crypto/signature.h"

/* Where reading stands in a text. Start with {text, text + len}. */
struct cub_pem {
    const char *at;
    const char *end;
};

/* One block, as views into the text. */
struct cub_pem_block {
    struct cub_view label;   /* what stands after BEGIN: "CERTIFICATE" */
    struct cub_view headers; /* the lines before the first empty one, if they are headers */
    struct cub_view body;    /* base64 with its white space */
};

/*
 * Finds the next block. E_PEM_NO_START_LINE: there is none; E_PEM_BAD_END_LINE: it has no matching
 * end. After either of them reading is over.
 */
enum cub_error cub_pem_next(struct cub_pem *pem, struct cub_pem_block *block);

/* Whether the block has this label. */
bool cub_pem_is(const struct cub_pem_block *block, const char *label);

/* Bytes that are enough for the decoded body. */
size_t cub_pem_decoded_max(const struct cub_pem_block *block);

/*
 * Decodes the body into out, which has room for max bytes, and tells their number; in constant
 * time per character, for bodies may be private keys. out may be the body's own memory.
 * E_PEM_BASE64, E_PEM_TOO_LARGE.
 */
enum cub_error cub_pem_decode(const struct cub_pem_block *block, uint8_t *out, size_t max,
                              size_t *len);

#endif
