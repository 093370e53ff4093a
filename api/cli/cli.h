/*
 * The tool cub: what its commands share. Everything named cub_ is the library's public API,
 * everything named cli_ is the tool's own.
 */
#ifndef CUB_CLI_H
#define CUB_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/cli/options.h"

/* How the tool ends. */
enum cli_status {
    CLI_DONE = 0,
    CLI_TLS = 1,     /* TLS or verification failed, or a vector was not met */
    CLI_USAGE = 2,   /* wrong options, or files that cannot be used */
    CLI_NETWORK = 3, /* no connection, or an answer that says no */
};

struct cli_command {
    const char *name;
    const char *args;    /* what follows the options, for people: "HOST:PORT" */
    const char *summary; /* one line of the overview */
    const char *text;    /* the rest of its --help */
    unsigned bit;        /* which options of options.c are for it */
    int min_args;
    int max_args;
    enum cli_status (*run)(const struct cli_options *options);
};

enum cli_status cli_demo(const struct cli_options *options);
enum cli_status cli_client(const struct cli_options *options);
enum cli_status cli_server(const struct cli_options *options);
enum cli_status cli_get(const struct cli_options *options);
enum cli_status cli_verify(const struct cli_options *options);
enum cli_status cli_x509(const struct cli_options *options);
enum cli_status cli_anchors(const struct cli_options *options);
enum cli_status cli_delegate(const struct cli_options *options);
enum cli_status cli_ciphers(const struct cli_options *options);
enum cli_status cli_vectors(const struct cli_options *options);
enum cli_status cli_speed(const struct cli_options *options);

/*
 * The one line of an error: "cub: [LIBRARY: REASON] text" on stderr, text made as by printf.
 * Returns status, so that a command can end with it.
 */
enum cli_status cli_fail(enum cli_status status, const char *library, const char *reason,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The same for a failed system call on something, from errno: [OS: ECONNREFUSED] what: text. */
enum cli_status cli_fail_os(enum cli_status status, const char *what);

/* A whole file, "-" for stdin, terminated by a zero byte that len does not count; free it. NULL
 * with errno; EFBIG if it is longer than max bytes. */
char *cli_read_file(const char *path, size_t max, size_t *len);
/* malloc that ends the program instead of failing. */
void *cli_alloc(size_t size);
/* Seconds, from a clock that only goes forward. */
double cli_now(void);

#endif
