/*
 * Tables of what a peer does wrong, one hook a row, and what comes of it.
 */
#ifndef CUB_TESTS_HANDSHAKE_MISDEEDS_H
#define CUB_TESTS_HANDSHAKE_MISDEEDS_H

#include "tests/support/peer.h"

struct misdeed {
    const char *name;
    peer_hook *hook;
    enum cub_error error;
    enum cub_alert alert; /* that the victim sends; ALERT_NONE: none */
    /* Prepares peer and victim; NULL: nothing. */
    void (*prepare)(struct peer *p);
};

/* Does each of them to a victim of this role: it must fail with that error, tell the peer by that
 * alert, once and fatal, and be dead then. */
void do_misdeeds(const struct misdeed *rows, size_t count, bool victim_is_server);

#define DO_MISDEEDS(rows, victim_is_server)                                                        \
    do_misdeeds(rows, sizeof(rows) / sizeof *(rows), victim_is_server)

/* A hook that does something at one moment: MISDEED(name, PEER_SERVER_HELLO, PEER_BEFORE) { ... }
 */
#define MISDEED(name, ...) MISDEED_AT(name, __VA_ARGS__)
#define MISDEED_AT(name, when, where)                                                              \
    static void name##_act(struct peer *p);                                                        \
    static void name(struct peer *p, enum peer_step step, enum peer_moment moment)                 \
    {                                                                                              \
        if (step == (when) && moment == (where))                                                   \
            name##_act(p);                                                                         \
    }                                                                                              \
    static void name##_act(struct peer *p)

/* Usual preparations. */
void with_retry(struct peer *p);
void with_cookie(struct peer *p);
void with_client_auth(struct peer *p);

/* What no engine minds: the connection comes about, and data passes. */
struct harmless {
    const char *name;
    peer_hook *hook;
    void (*prepare)(struct peer *p);
};
void do_harmless(const struct harmless *rows, size_t count, bool victim_is_server);

#define DO_HARMLESS(rows, victim_is_server)                                                        \
    do_harmless(rows, sizeof(rows) / sizeof *(rows), victim_is_server)

#endif
