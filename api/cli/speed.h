/*
 * Measuring: an operation is repeated until enough time has passed.
 */
#ifndef CUB_CLI_SPEED_H
#define CUB_CLI_SPEED_H

#include <stddef.h>

/* Does the operation once. */
typedef void cli_operation(void *arg);

/* Seconds that one operation takes: the best of three rounds, which others on the machine disturb
 * least. */
double cli_measure(cli_operation *operation, void *arg);

/* Prints the primitives of crypto/, a line each. */
void cli_speed_primitives(void);

#endif
