/* Runs a file of the limbo format. */
#ifndef CUB_TESTS_VECTORS_LIMBO_H
#define CUB_TESTS_VECTORS_LIMBO_H

#include <stddef.h>

/* The cases listed in vectors/limbo_known.def */
#define LIMBO_KNOWN_CASES 1

/*
 * Fails unless expected_known cases fail, all of them listed in limbo_known.def, and at_least cases
 * pass.
 */
void limbo_run(const char *file, size_t expected_known, size_t at_least);

#endif
