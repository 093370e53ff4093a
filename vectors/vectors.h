/*
 * Runs files of test vectors, plain or gzipped, against the library. Used by the tests and by
 * `cub vectors`.
 */
#ifndef CUB_VECTORS_VECTORS_H
#define CUB_VECTORS_VECTORS_H

#include <stddef.h>

enum cub_vectors_result {
    CUB_VECTORS_PASS,
    CUB_VECTORS_FAIL,
    CUB_VECTORS_SKIP, /* not run, for a reason that is told; never a failure in disguise */
};

/* One case. The strings live until the report returns; reason may be empty, the others never. */
struct cub_vectors_case {
    const char *file;     /* last part of the path */
    const char *id;       /* the case's name within its file */
    const char *expected; /* what the file says: valid, invalid, acceptable, SUCCESS, a value ... */
    const char *got;      /* what the library did */
    const char *reason;   /* why it failed or was skipped */
    enum cub_vectors_result result;
};

struct cub_vectors_counts {
    size_t passed;
    size_t failed;
    size_t skipped;
};

typedef void cub_vectors_report(void *context, const struct cub_vectors_case *result);

/* Lower-case name of a result: pass, fail, skip. */
const char *cub_vectors_result_name(enum cub_vectors_result result);

/*
 * Runs all cases of the file at path, whatever its format, and calls report for each (NULL: for
 * none). Adds to *counts. Returns NULL when the file was run; otherwise why it could not be: it
 * cannot be read, is not JSON, or is of no known format (static text, or owned by the next call).
 */
const char *cub_vectors_run(const char *path, cub_vectors_report *report, void *context,
                            struct cub_vectors_counts *counts);

#endif
