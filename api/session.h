/*
 * Sessions: what a connection leaves for later ones.
 */
#ifndef CUB_API_SESSION_H
#define CUB_API_SESSION_H

#include "api/cubtls.h"
#include "api/peer.h"
#include "api/ticket_pool.h"
#include "handshake/config.h"

/*
 * The session of a connection that has no ticket for it, or not yet: it tells of the connection and
 * cannot be resumed. NULL: out of memory.
 */
cub_session *cub_session_without_ticket(cub_context *context);
/*
 * A session that can be resumed, with what is known of the peer; made from what the engine tells.
 * Its ticket is also one of family's, if that is not NULL: the session that was resumed, or an
 * earlier one of the same connection. NULL: out of memory.
 */
cub_session *cub_session_with_ticket(cub_context *context, const struct cub_session_state *session,
                                     const struct cub_peer *peer, const cub_session *family);

/*
 * What a connection is to offer, the caller's to free: in TLS 1.3 a ticket that nobody offers
 * again; if there is none left, one that was, but only with again. NULL: nothing; session may be
 * NULL.
 */
struct cub_ticket *cub_session_take(const cub_session *session, bool again);
/* It cannot be resumed any more; any thread may say so. */
void cub_session_forget(cub_session *session);
/* The context that it was made in; NULL if it was loaded from bytes. */
const cub_context *cub_session_context(const cub_session *session);

/* The peer's certificates as bytes, for a session to keep; false: out of memory. */
bool cub_peer_save(const struct cub_peer *peer, struct cub_buffer *out);
/* The other way, for a peer that has resumed; false if the bytes are none, or memory ends. */
bool cub_peer_restore(struct cub_peer *peer, struct cub_view bytes);

#endif
