/*
 * As much HTTP/1.1 [RFC9112] as cub get, --www and --root need: heads of requests and responses,
 * and the chunked coding.
 */
#ifndef CUB_CLI_HTTP_H
#define CUB_CLI_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLI_HTTP_MAX_HEAD 16384 /* bytes of a request's or response's head */
#define CLI_HTTP_MAX_PATH 4096

/*
 * How many of the len bytes in data are the head, with the empty line that ends it; 0: that has not
 * come yet.
 */
size_t cli_http_head_end(const char *data, size_t len);

struct cli_http_request {
    bool head;                    /* HEAD, else GET */
    bool keep_alive;              /* the connection may serve another request */
    char path[CLI_HTTP_MAX_PATH]; /* begins with /, decoded, without the query */
};

/*
 * Reads the head of a request (len bytes, the empty line included; they are written to). Returns 0,
 * or the status to answer with; after that the connection must close.
 */
int cli_http_read_request(char *head, size_t len, struct cli_http_request *request);

struct cli_http_response {
    int status;
    bool keep_alive;
    bool chunked;
    int64_t length; /* of the body; -1: not told */
    char reason[64];
    char location[512]; /* "": none */
};

/* Reads the head of a response; false if it is not HTTP/1.x. */
bool cli_http_read_response(char *head, size_t len, struct cli_http_response *response);

/* A body in the chunked coding [RFC9112-7.1], on its way. All-zero before it begins. */
struct cli_http_chunks {
    int state;
    int64_t left; /* bytes of this chunk that are still to come */
    bool done;    /* the last chunk and its trailer have come */
};

/*
 * Takes len bytes and moves the content among them to the front of data. Returns how many bytes of
 * content there are; -1 if the coding is wrong. Bytes behind the end are dropped.
 */
int64_t cli_http_unchunk(struct cli_http_chunks *chunks, char *data, size_t len);

/* "Not Found" for 404. */
const char *cli_http_reason(int status);
/* The media type that a file's name suggests. */
const char *cli_http_type(const char *path);

/*
 * Opens a file for reading below the directory root. path is that of a request; a directory stands
 * for its index.html. Symbolic links are not followed, and nothing but plain files is opened.
 * Returns the file and its size, or -1 with the status to answer with in *status.
 */
int cli_http_open(int root, const char *path, int64_t *size, int *status);

#endif
