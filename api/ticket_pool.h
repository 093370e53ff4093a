/*
 * What a client has to resume with. Each ticket of TLS 1.3 is offered in one connection only, for
 * two with the same one would be known as one client's by whoever watches [RFC8446-C.4]; so a
 * session is as many connections as it has tickets. Those that come in connections that it has led
 * to are its own, too.
 */
#ifndef CUB_API_TICKET_POOL_H
#define CUB_API_TICKET_POOL_H

#include "api/cubtls.h"
#include "handshake/session.h"

/* A session as the engine knows it, in memory of its own; shared, and never changed. */
struct cub_ticket;

/* Takes bytes over, which are memory of cub_alloc, whatever comes of it. NULL: out of memory, or
 * they are no session; *error says which. */
struct cub_ticket *cub_ticket_new(uint8_t *bytes, size_t len, enum cub_error *error);
struct cub_ticket *cub_ticket_ref(struct cub_ticket *ticket); /* NULL gives NULL */
void cub_ticket_free(struct cub_ticket *ticket);
/* Views into it. */
const struct cub_session_state *cub_ticket_view(const struct cub_ticket *ticket);
struct cub_bytes cub_ticket_bytes(const struct cub_ticket *ticket);

/* Tickets that were not offered yet; any thread may use it. */
struct cub_ticket_pool;

struct cub_ticket_pool *cub_ticket_pool_new(void); /* NULL: out of memory */
struct cub_ticket_pool *cub_ticket_pool_ref(struct cub_ticket_pool *pool);
void cub_ticket_pool_free(struct cub_ticket_pool *pool);
/* Adds one, which goes first from now on; too many push out the oldest. */
void cub_ticket_pool_add(struct cub_ticket_pool *pool, struct cub_ticket *ticket);
/* The newest, out of the pool or left in it; the caller's to free. NULL: there is none left. */
struct cub_ticket *cub_ticket_pool_take(struct cub_ticket_pool *pool);
struct cub_ticket *cub_ticket_pool_look(struct cub_ticket_pool *pool);

#endif
