/*
 * The transcript hash [RFC8446-4.4.1]. Until the cipher suite is known, every hash that it might
 * need runs along.
 */
#ifndef CUB_HANDSHAKE_TRANSCRIPT_H
#define CUB_HANDSHAKE_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/hash.h"

/* SHA-256 and SHA-384 for the suites; for CertificateVerify in TLS 1.2 SHA-512 and the recorder. */
#define CUB_TRANSCRIPT_HASHES 4

struct cub_transcript {
    const struct cub_hash *hash[CUB_TRANSCRIPT_HASHES]; /* NULL: not running */
    void *context[CUB_TRANSCRIPT_HASHES];
};

/* Adds a hash to those that are to run, if it is not there and there is room. */
void cub_transcript_add(struct cub_transcript *t, const struct cub_hash *hash);
/* Sets the i-th of them going. context: hash->context_size bytes, aligned to 8. */
void cub_transcript_begin(struct cub_transcript *t, unsigned i, void *context);
/* Goes on with one of them alone. */
void cub_transcript_select(struct cub_transcript *t, const struct cub_hash *hash);
/* Goes on with all of them; the output is that of this one. */
void cub_transcript_prefer(struct cub_transcript *t, const struct cub_hash *hash);
/* Whether a hash is running; NULL never is. */
bool cub_transcript_has(const struct cub_transcript *t, const struct cub_hash *hash);
/* The context of a hash that is running. */
const void *cub_transcript_context(const struct cub_transcript *t, const struct cub_hash *hash);
void cub_transcript_update(struct cub_transcript *t, const void *data, size_t len);
/* Transcript-Hash so far, of the hash that was selected or preferred. */
void cub_transcript_output(const struct cub_transcript *t, uint8_t *out);
/*
 * The same as if len bytes more had been added; hash need not be the selected one but must be
 * running. Binders cover a part of a ClientHello in this way [RFC8446-4.2.11.2].
 */
void cub_transcript_output_with(const struct cub_transcript *t, const struct cub_hash *hash,
                                const void *data, size_t len, uint8_t *out);
/* Replaces all so far by a message_hash message [RFC8446-4.4.1]. */
void cub_transcript_collapse(struct cub_transcript *t);

#endif
