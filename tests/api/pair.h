/*
 * Contexts over the PKI of the tests, and pairs of connections that talk over memory.
 */
#ifndef CUB_TESTS_API_PAIR_H
#define CUB_TESTS_API_PAIR_H

#include "api/cubtls.h"
#include "tests/support/pki.h"

/* A chain, leaf first, as PEM; a static buffer for each fixture. */
const char *pair_chain_pem(enum pki_fixture fixture);
const char *pair_key_pem(enum pki_fixture fixture);

/* A client's context that trusts the PKI's root, at PKI_NOW. */
cub_context *pair_client_context(void);
/* A server's context with a chain and its key, at PKI_NOW. */
cub_context *pair_server_context(enum pki_fixture fixture);
/* Gives a context a chain and its key. */
void pair_load(cub_context *context, enum pki_fixture fixture);

/* A client and a server over two memory BIOs. */
struct pair {
    cub_context *client_context; /* NULL before pair_open: the default ones */
    cub_context *server_context;
    const char *host; /* NULL: server.example */
    cub_bio *to_client;
    cub_bio *to_server;
    cub_conn *client;
    cub_conn *server;
    cub_result client_result; /* of the handshake */
    cub_result server_result;
};

/* Makes the connections. The contexts are owned by the pair. */
void pair_open(struct pair *pair);
/* Goes on with both handshakes until neither moves. */
void pair_handshake(struct pair *pair);
/* Both, and checks that they succeed. */
void pair_connect(struct pair *pair);
void pair_close(struct pair *pair);

/* Checks that a string of data gets through. */
void pair_echo(cub_conn *from, cub_conn *to, const char *data);

/* The error's message, result class and all, for failed expectations. */
const char *pair_message(const cub_conn *conn);

#endif
