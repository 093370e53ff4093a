/*
 * What a server tells beside a certificate of its own. Shared by settings.
 */
#ifndef CUB_API_STAPLE_H
#define CUB_API_STAPLE_H

#include "handshake/config.h"

struct cub_staple;

/* Copies both; NULL: out of memory. */
struct cub_staple *cub_staple_new(const struct cub_stapled *stapled);
/* NULL is fine for all of these. */
struct cub_staple *cub_staple_ref(struct cub_staple *staple);
void cub_staple_free(struct cub_staple *staple);
/* What it holds, as long as it lives; of NULL, nothing. */
struct cub_stapled cub_staple_view(const struct cub_staple *staple);

#endif
