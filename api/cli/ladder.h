/*
 * The handshake as a ladder: time runs down, the client is on the left and the server on the right,
 * each message is a rung.
 */
#ifndef CUB_CLI_LADDER_H
#define CUB_CLI_LADDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "api/cubtls.h"

struct cli_ladder {
    FILE *out;
    bool is_server;      /* whose ladder it is: we are on that side */
    bool begun;          /* the heading is there */
    char keys[2][16];    /* what protects what we receive, and what we send */
    unsigned updates[2]; /* how often the application keys changed */
};

/* A ladder of nothing yet. */
void cli_ladder_init(struct cli_ladder *ladder, FILE *out, bool is_server);
/* Draws what an event of the connection adds. */
void cli_ladder_event(struct cli_ladder *ladder, const struct cub_trace_event *event);
/* Draws len bytes of application data, in this state of the connection. */
void cli_ladder_data(struct cli_ladder *ladder, const char *state, bool outgoing, size_t len);

#endif
