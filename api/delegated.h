/*
 * Delegated credentials [RFC9345] of servers, as they are loaded.
 */
#ifndef CUB_API_DELEGATED_H
#define CUB_API_DELEGATED_H

#include "crypto/signature.h"

/*
 * What a text has, PEM or the bytes as they are sent, in memory of its own, to be freed with
 * cub_free. E_NO_DELEGATED, E_PEM_*, E_MEMORY.
 */
enum cub_error cub_delegated_read(const void *text, size_t len, struct cub_view *delegated);
/*
 * Checks all that clients will check of it [RFC9345-4.1.3], and gives the key that it is for, views
 * into it. E_DC_*, E_DELEGATED_SCHEME.
 */
enum cub_error cub_delegated_check(struct cub_view delegated, struct cub_view leaf,
                                   struct cub_public_key *key);

#endif
