/*
 * Sessions: what one connection leaves for later ones [RFC8446-2.2], and where a server keeps it.
 *
 * A session is a set of views; it is kept and moved as bytes. Those bytes hold a secret: whoever
 * has them can resume.
 */
#ifndef CUB_HANDSHAKE_SESSION_H
#define CUB_HANDSHAKE_SESSION_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/error.h"
#include "crypto/hash.h"
#include "crypto/signature.h" /* struct cub_view */

#define CUB_SESSION_MAX_LIFETIME 604800 /* seconds: 7 days [RFC8446-4.6.1] */
#define CUB_SESSION_MAX_LIFETIME12                                                                 \
    86400 /* seconds: 24 hours, as nothing fresh goes into the secret [RFC5246-F.1.4] */
#define CUB_SESSION_MAX_BINDING 64 /* bytes of struct cub_config.session_binding */
#define CUB_SESSION_ID_SIZE     32 /* bytes of an id that we make up */

struct cub_session_state {
    uint16_t version;               /* CUB_TLS1_3 ... */
    uint16_t suite;                 /* CipherSuite: its hash is the PSK's */
    uint16_t group;                 /* NamedGroup of its key exchange; 0: none */
    uint16_t scheme;                /* SignatureScheme by which the peer proved itself; 0: none */
    uint8_t verify_mode;            /* enum cub_verify_mode of then */
    uint8_t extended_master_secret; /* TLS 1.2: the secret is one [RFC7627] */
    uint32_t lifetime;              /* seconds after issued */
    uint32_t age_add;               /* ticket_age_add */
    uint32_t max_early_data;        /* bytes of 0-RTT data that may be sent; 0: none */
    uint16_t record_size_limit;     /* client: the server's [RFC8449]; 0: none */
    uint64_t issued;                /* when the ticket was issued or received: ms of config->now */
    uint64_t established;   /* when the peer last proved itself without a session: ms likewise */
    struct cub_view secret; /* the PSK, 32 or 48 bytes; in TLS 1.2 the master secret */
    struct cub_view ticket; /* the PSK's identity, or that of RFC 5077; a server leaves it empty */
    struct cub_view id;     /* TLS 1.2 client: the session id, where there is no ticket */
    struct cub_view alpn;   /* ProtocolName, empty: none */
    struct cub_view server_name; /* client: the name that it connected to; server: a hash of it */
    struct cub_view binding;     /* config->session_binding of then */
    struct cub_view data;        /* the application's */
};

#define CUB_PSK12_MAX 256 /* bytes of an external key in TLS 1.2 */

/* Pre-shared keys by their origin, which their binders tell apart [RFC8446-7.1], [RFC9258-5.2]. */
enum cub_psk_kind {
    CUB_PSK_NONE, /* certificates */
    CUB_PSK_RESUMPTION,
    CUB_PSK_EXTERNAL,
    CUB_PSK_IMPORTED,
};

/* A pre-shared key, be it from a session or from outside of TLS. */
struct cub_psk {
    struct cub_view identity;
    struct cub_view key;
    const struct cub_hash *hash; /* every PSK has one [RFC8446-4.2.11] */
    uint8_t kind;                /* enum cub_psk_kind */
    uint16_t suite;              /* the one to use it with if possible; 0: any */
    union {
        struct cub_view hint; /* TLS 1.2, client: the server's psk_identity_hint; empty: none */
        uint32_t age;         /* TLS 1.3, client: obfuscated_ticket_age; 0 but for sessions */
    };
};

/* Bytes that cub_session_encode writes. */
size_t cub_session_size(const struct cub_session_state *session);
/* Writes a session; *len is the size. E_SESSION_BUFFER if it has more than size bytes. */
enum cub_error cub_session_encode(const struct cub_session_state *session, uint8_t *out,
                                  size_t size, size_t *len);
/* Reads one; its views point into bytes. E_SESSION_FORM. */
enum cub_error cub_session_decode(struct cub_session_state *session, const uint8_t *bytes,
                                  size_t len);

/* Where a server's sessions are between connections. Both functions work in place in a buffer of
 * size bytes; owner is the connection's. */
struct cub_session_store {
    /* Replaces the *len bytes of a session by a ticket. After a failure none is issued. */
    enum cub_error (*seal)(void *context, void *owner, uint8_t *buffer, size_t *len, size_t size);
    /*
     * Replaces a ticket by its session. E_WAIT_SESSION: not yet, called again with the same ticket
     * after cub_engine_resume. Any other failure (E_SESSION_UNKNOWN) leads to a full handshake. A
     * ticket that was good before a HelloRetryRequest is asked for once more and must still be.
     */
    enum cub_error (*open)(void *context, void *owner, uint8_t *buffer, size_t *len, size_t size);
    void *context;
};

/*
 * Where a server of TLS 1.2 keeps sessions by their ids, for clients without tickets
 * [RFC5246-F.1.4]. It forgets them when it likes, and at the latest when they are too old to be
 * resumed.
 */
struct cub_session_cache {
    /* Keeps a session, which holds a secret. After a failure it cannot be resumed, no more. */
    enum cub_error (*put)(void *context, void *owner, const uint8_t id[CUB_SESSION_ID_SIZE],
                          const uint8_t *session, size_t len);
    /* Replaces an id of 1 to 32 bytes by its session, which stays; as struct cub_session_store's.
     */
    enum cub_error (*open)(void *context, void *owner, uint8_t *buffer, size_t *len, size_t size);
    void *context;
};

/* A ClientHello with 0-RTT data, as a server remembers it [RFC8446-8.2]. */
struct cub_first_flight {
    struct cub_view id; /* its binder: 32 or 48 bytes, unpredictable, not secret */
    /* ms of config->now: a copy may be taken for fresh from then until then. */
    uint64_t now, from, until;
};

/*
 * What keeps 0-RTT data from being accepted twice, shared by all servers that open each other's
 * tickets.
 */
struct cub_replay_store {
    /*
     * E_OK for a flight that was never claimed before, which it is from now on. E_WAIT_SESSION: not
     * known yet, called again with the same flight after cub_engine_resume. Anything else
     * (E_EARLY_DATA_REFUSED): the connection goes on without its 0-RTT data. It is to be refused
     * too if the store is full, or did not exist yet at flight->from.
     */
    enum cub_error (*claim)(void *context, void *owner, const struct cub_first_flight *flight);
    void *context;
};

#endif
