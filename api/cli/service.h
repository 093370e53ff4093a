/*
 * What a server's connection does once its handshake is over: a service says what to send, and gets
 * what came.
 */
#ifndef CUB_CLI_SERVICE_H
#define CUB_CLI_SERVICE_H

#include "api/cli/http.h"
#include "api/cubtls.h"

#define CLI_OUT_SIZE 65536

enum cli_step {
    CLI_STEP_SEND,  /* out holds out_len bytes to send; then call again */
    CLI_STEP_READ,  /* nothing to send: read more into in, then call again */
    CLI_STEP_CLOSE, /* all is said */
};

struct cli_exchange {
    cub_conn *conn;
    int root; /* the directory that is served */
    char peer[64];
    /* What was received and not used yet. */
    char in[CLI_HTTP_MAX_HEAD + 1];
    size_t in_len;
    bool in_ended; /* the peer has closed */
    /* What is to be sent. */
    char *out;
    size_t out_len;
    size_t out_at;
    /* HTTP: the response that is on its way. */
    int file; /* -1: none */
    int64_t file_left;
    bool close; /* behind this response */
};

typedef enum cli_step cli_service_step(struct cli_exchange *exchange);

cli_service_step cli_echo_step;
cli_service_step cli_www_step;
cli_service_step cli_root_step;

#endif
