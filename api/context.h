/*
 * Contexts.
 */
#ifndef CUB_API_CONTEXT_H
#define CUB_API_CONTEXT_H

#include <stdatomic.h>

#include "api/cubtls.h"
#include "api/settings.h"
#include "crypto/error.h"

struct cub_context {
    atomic_uint owners;
    enum cub_SSLMethod protocol;
    struct cub_settings *settings; /* NULL: there was no memory for it */
    struct cub_error_details details;
    struct cub_error_details failure; /* why it could not be made; CUB_OK: it could */
    /* Handshakes begun and done well, of clients and of servers; of both, sessions resumed; of
     * servers, sessions that were not found, or too old. */
    atomic_ulong connects, good_connects, accepts, good_accepts, hits, misses, timeouts;
};

/*
 * The settings for a change: a copy if connections use them. NULL if memory ends, which is then the
 * context's error, or if the context could not be made. cub_context_changed ends the change.
 */
struct cub_settings *cub_context_change(cub_context *context);
cub_result cub_context_changed(cub_context *context);

/* Whether the context could not be made: then it only says why. */
bool cub_context_failed(const cub_context *context);

/* Notes a failure and returns its result class; of a context that could not be made, that stays. */
cub_result cub_context_fail(cub_context *context, enum cub_error error);

#endif
