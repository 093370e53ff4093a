/*
 * A client that comes back: two ends with a clock, tickets and a place for sessions.
 */
#ifndef CUB_TESTS_HANDSHAKE_RETURNING_H
#define CUB_TESTS_HANDSHAKE_RETURNING_H

#include "handshake/server_hello.h"
#include "handshake/ticket_keys.h"
#include "tests/support/pump.h"

#define RETURNING_SESSIONS 8
#define RETURNING_NOW      UINT64_C(1767225600000) /* ms */

/* What the tests change and look at; the callbacks of both ends use it too. */
extern struct returning {
    struct pump pump;
    uint64_t now[2]; /* of the client, of the server */
    struct test_random random_state;
    struct cub_random random;
    struct cub_ticket_keys keys;
    struct cub_session_store store;
    uint8_t sessions[RETURNING_SESSIONS][4096]; /* the client's, as bytes, in the order they came */
    size_t session_lens[RETURNING_SESSIONS];
    unsigned count;
    struct cub_session_state offered; /* setup.session of the client */
    uint8_t connections;
    /* What the hooks below do. */
    void (*change_client)(struct cub_client_hello *hello);
    void (*change_server)(struct cub_server_hello *hello);
} returning;

/* Both ends; the server issues two tickets. */
void returning_init(void);
/* Ends again as returning_init makes them, but for the configurations, which stay; the client will
 * offer the session that came last. */
void returning_again(void);
/* The session that will be offered. */
void returning_offer(unsigned number);
/* Connects and checks that this is how the ends know each other; then data goes both ways. */
void returning_connect(enum cub_psk_kind kind);
/* Connects and checks that this end fails, and that its alert tells the other. */
void returning_fail(enum pump_side side, enum cub_error expected);
/* returning_init, a first connection, returning_again. */
void returning_first(void);

/* Whether this end saw a message, going out or coming in. */
bool returning_saw(enum pump_side side, uint8_t type, bool outgoing);

/*
 * Handshake messages on their way, to be changed in a hook: the message in a record of its own, at
 * bytes + 5, with its header.
 */
bool returning_is(const struct pump_record *record, uint8_t type);
/* Replaces the message. */
void returning_replace(struct pump_record *record, const uint8_t *message, size_t len);
/* Hooks: the hellos, decoded and encoded again after returning.change_client, change_server. */
pump_hook returning_edit_client_hello, returning_edit_server_hello;

#endif
