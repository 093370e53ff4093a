/*
 * What a format of test vectors needs: one struct cub_vectors_format, named in the table of
 * vectors.c, and the tools below.
 */
#ifndef CUB_VECTORS_FORMAT_H
#define CUB_VECTORS_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "crypto/signature.h"
#include "vectors/vectors.h"

/* One file being run. */
struct cub_vectors_run {
    const char *file;
    cub_vectors_report *report;
    void *context;
    struct cub_vectors_counts *counts;
};

struct cub_vectors_format {
    const char *name;
    bool (*recognises)(const json_t *root);
    void (*run)(struct cub_vectors_run *run, const json_t *root);
};

extern const struct cub_vectors_format cub_vectors_wycheproof;
extern const struct cub_vectors_format cub_vectors_limbo;
extern const struct cub_vectors_format cub_vectors_rfc8448;
extern const struct cub_vectors_format cub_vectors_rfc;

/* Counts a case and reports it. */
void cub_vectors_case(struct cub_vectors_run *run, const char *id, const char *expected,
                      const char *got, enum cub_vectors_result result, const char *reason);

/* Memory that is given back all at once; all-zero is an empty one. It ends the program if it fails.
 */
struct cub_vectors_arena {
    struct cub_vectors_arena_chunk *chunks;
};
void *cub_vectors_arena_alloc(struct cub_vectors_arena *arena, size_t size);
char *cub_vectors_arena_print(struct cub_vectors_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void cub_vectors_arena_free(struct cub_vectors_arena *arena);

/* Decodes hexadecimal text into the arena; false if it is none. */
bool cub_vectors_unhex(struct cub_vectors_arena *arena, const char *hex, struct cub_view *out);

#endif
