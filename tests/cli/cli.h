/*
 * The tool, started with arguments and judged by its exit status and by what it writes. $CUB_TOOL
 * is the program.
 */
#ifndef CUB_TESTS_CLI_CLI_H
#define CUB_TESTS_CLI_CLI_H

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <jansson.h>

#include "tests/support/pki.h"
#include "tests/support/process.h"

const char *cub(void);

/* The end of a run: exit status and what was written. */
struct run {
    int status;
    char *out;
    char *err;
};

/* Runs cub with these arguments, NULL behind the last; input (NULL: none) is its stdin. */
struct run run(const char *input, const char *const arguments[]);
void forget(struct run *r);

/* A PEM file in the test's directory, of certificates with NULL behind the last. The caller frees.
 */
char *write_certs(const char *name, const struct pki_cert *const certs[]);
/* The same of a fixture's chain, of the fixtures' root, and of a private key. */
char *write_chain(const char *name, enum pki_fixture fixture);
char *write_root(void);
char *write_key(const char *name, enum pki_fixture fixture);

/* Starts a cub server with these options (NULL: none) for server.example; the port. */
int start_server(struct process *p, const char *const options[]);
/* Runs a cub client for it that sends input. */
struct run run_client(int port, const char *input, const char *const options[]);

#define EXPECT_IN(text, part) cr_expect_not_null(strstr(text, part), "no \"%s\" in: %s", part, text)

#endif
