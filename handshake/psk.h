/*
 * Pre-shared keys of TLS 1.3 [RFC8446-4.2.11], which is what sessions are in it too: what both
 * roles have (psk13.c), the client's part (psk_client13.c), the server's (psk_server13.c).
 */
#ifndef CUB_HANDSHAKE_PSK_H
#define CUB_HANDSHAKE_PSK_H

#include "handshake/handshake.h"
#include "handshake/server_hello.h"

/*
 * What a client does about them, as functions of the profile: the actions are the same with and
 * without.
 */
struct cub_psk_client {
    /* The i-th of the keys that a ClientHello offers; false: there are not so many. */
    bool (*offered)(const struct cub_engine *e, unsigned i, struct cub_psk *psk);
    /* Fills in the binders of the ClientHello that e->reply holds. */
    void (*bind)(struct cub_engine *e);
    /* Takes what ServerHello says: the Early Secret is in hs->secret if a key was chosen. E_SH_*.
     */
    enum cub_error (*accept)(struct cub_engine *e);
};

/* What it does about sessions, whose tickets are keys that it offers first. */
struct cub_session_client {
    /* Whether e->session may be offered: asked once, as time goes on. */
    bool (*usable)(const struct cub_engine *e);
    /* The session as a key, with its age in ms, obfuscated [RFC8446-4.2.11.1]. */
    void (*key)(const struct cub_engine *e, struct cub_psk *psk);
    /* Hands a ticket to the owner. */
    void (*take_ticket)(struct cub_engine *e, const struct cub_new_session_ticket *nst);
};

/* The session as a key, its identity being the ticket. */
struct cub_psk cub_session_psk(const struct cub_engine *e, const struct cub_session_state *session);
/*
 * Early Secret and binder [RFC8446-4.2.11.2]; transcript is the hash of the truncated ClientHello.
 * Both results take psk->hash->size bytes.
 */
void cub_psk_binder(const struct cub_psk *psk, const uint8_t *transcript, uint8_t *early_secret,
                    uint8_t *binder);

#endif
