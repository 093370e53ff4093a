/*
 * Tickets of servers: sessions sealed under keys that are replaced by themselves, or that the
 * application gives, for servers that share them.
 */
#ifndef CUB_API_TICKETS_H
#define CUB_API_TICKETS_H

#include "api/cubtls.h"
#include "crypto/error.h"
#include "handshake/config.h"

struct cub_tickets;

struct cub_tickets *cub_tickets_new(void); /* NULL: out of memory */
struct cub_tickets *cub_tickets_ref(struct cub_tickets *tickets);
/* Wipes the keys with the last owner. */
void cub_tickets_free(struct cub_tickets *tickets);

/*
 * Keys of the application, CUB_TICKET_KEY_SIZE bytes each, the first to seal with; they are not
 * replaced any more.
 */
void cub_tickets_set_keys(struct cub_tickets *tickets, const uint8_t *keys, size_t count);

/* Whether such keys were given. */
bool cub_tickets_given(struct cub_tickets *tickets);

/* What the engine's configuration points to; valid as long as the tickets. */
const struct cub_session_store *cub_tickets_store(const struct cub_tickets *tickets);

#endif
