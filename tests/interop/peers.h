/*
 * The two sides of a test: cub as client or server, and openssl's s_server and s_client.
 */
#ifndef CUB_TESTS_INTEROP_PEERS_H
#define CUB_TESTS_INTEROP_PEERS_H

#include <jansson.h>

#include "tests/interop/identity.h"

/* The cub program: $CUB_TOOL. */
const char *cub(void);

/* The last JSON object that a cub --json wrote to stderr; the test fails without one. */
json_t *cub_json(const struct process *p);
/* A string of it; "" if it is null or not there. */
const char *json_text(const json_t *object, const char *key);

/* Starts cub server --json on a free port with these further arguments, waits until it listens, and
 * returns the port. */
int cub_server_start(struct process *p, const struct identity *server, const char *const options[]);
/* Runs cub client --json against localhost:port; input goes to the server. Exit status. */
int cub_client(struct process *p, int port, const char *cafile, const char *input,
               const char *const options[]);

/* Starts openssl s_server -tls1_3 (or -tls1_2, if that is among the options) -rev (sends back each
 * line reversed); the port. */
int openssl_server(struct process *p, const struct identity *server, const char *const options[]);
/* The same without -rev: what is written to it goes to the client. */
int openssl_server_plain(struct process *p, const struct identity *server,
                         const char *const options[]);
/* openssl s_client -tls1_3 (or -tls1_2) -brief: connects, sends line, waits for answer, closes.
 * Exit status, 0 if the server's certificate was verified and the answer came. */
int openssl_client(struct process *p, int port, const char *cafile, const char *line,
                   const char *answer, const char *const options[]);

#endif
