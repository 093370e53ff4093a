/*
 * Stores that servers share (struct cub_shared_store of cubtls.h), as the engine wants them, and
 * one in memory.
 */
#ifndef CUB_API_SHARED_STORE_H
#define CUB_API_SHARED_STORE_H

#include "api/cubtls.h"
#include "handshake/config.h"

struct cub_shared;

/* Takes the functions over, or makes a store in memory for so many sessions and claims; first: the
 * context had none before. NULL: out of memory. */
struct cub_shared *cub_shared_new(const struct cub_shared_store *functions);
struct cub_shared *cub_shared_new_in_memory(size_t sessions, size_t claims, bool first);
struct cub_shared *cub_shared_ref(struct cub_shared *shared); /* NULL gives NULL */
void cub_shared_free(struct cub_shared *shared);

/*
 * What the engine's configuration points to, valid as long as the store; NULL gives NULL. The
 * session store keeps sessions in it under random tickets.
 */
const struct cub_session_store *cub_shared_sessions(const struct cub_shared *shared);
const struct cub_replay_store *cub_shared_replays(const struct cub_shared *shared);

/* The same for sessions of TLS 1.2 by their ids. */
const struct cub_session_cache *cub_shared_cache(const struct cub_shared *shared);
/* Forgets one of those; shared must not be NULL. */
void cub_shared_forget(const struct cub_shared *shared, const uint8_t id[CUB_SESSION_ID_SIZE]);

/* Of a store in memory: sessions that are in it, and those that were pushed out before their time.
 * Of others, and NULL: 0. */
unsigned long cub_shared_number(const struct cub_shared *shared);
unsigned long cub_shared_pushed_out(const struct cub_shared *shared);

#endif
