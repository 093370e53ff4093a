/*
 * Sessions in use: what all versions do with them (resume.c), and a client of TLS 1.2
 * (session_client12.c). What a server of TLS 1.2 does is in session_server12.c; TLS 1.3 takes them
 * for pre-shared keys (psk.h).
 */
#ifndef CUB_HANDSHAKE_RESUME_H
#define CUB_HANDSHAKE_RESUME_H

#include "handshake/handshake.h"
#include "handshake/messages12.h"

/*
 * Whether a session is of use now: not too old, of this version, from the same settings, with a
 * suite that is enabled. Names and tickets are the roles' affair.
 */
bool cub_session_usable(const struct cub_engine *e, const struct cub_session_state *session,
                        uint16_t version);
/* Client: whether the session is for the name that we connect to [RFC8446-4.6.1]. */
bool cub_session_names(const struct cub_session_state *session, const struct cub_engine *e);
/* What a connection inherits from the session that it resumes. */
void cub_session_use(struct cub_engine *e, const struct cub_session_state *session);

/*
 * What this connection leaves for others, but for its secret, and a client's ticket. A client tells
 * how long the server said that the session is good for, and how long any may be, in seconds; a
 * server the latter, counted from where the first of a chain of sessions began.
 */
struct cub_session_state cub_session_of_client(struct cub_engine *e, uint32_t lifetime,
                                               uint32_t most);
struct cub_session_state cub_session_of_server(struct cub_engine *e, uint32_t most);

/* Server: keeps the client's name for it as sessions remember it. */
void cub_session_note_name(struct cub_engine *e, struct cub_view name);
/*
 * Server: the session behind a ticket or id, from a store's open, if it may be resumed here. Its
 * views are in the memory behind the ClientHello: a ticket that does not fit there is of no use,
 * like all that are not ours. To be forgotten in the end. E_SESSION_UNKNOWN, E_SESSION_FORM,
 * E_WAIT_SESSION.
 */
enum cub_error cub_session_find(struct cub_engine *e,
                                enum cub_error (*open)(void *context, void *owner, uint8_t *buffer,
                                                       size_t *len, size_t size),
                                void *context, struct cub_view ticket,
                                struct cub_session_state *session);
/* Server: wipes the secret of a session that was found so, or of one that is all zero. */
void cub_session_wipe(const struct cub_session_state *session);
/* Server: writes a session's ticket where e->reply.w stands. E_SESSION_BUFFER, what seal says. */
enum cub_error cub_session_seal(struct cub_engine *e, const struct cub_session_state *session);

/*
 * What a client of TLS 1.2 does about them, as functions of the profile: the actions are the same
 * with and without.
 */
struct cub_session12_client {
    /* The server has answered with the id of our offer. E_SH_SESSION_*. */
    enum cub_error (*resume)(struct cub_engine *e, const struct cub_server_hello *hello);
    /* It has not, but named its own session; len 0: it has none. */
    void (*note_id)(struct cub_engine *e, struct cub_view id);
};

#endif
