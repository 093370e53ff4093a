#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "vectors/format.h"

/* One row a format. */
static const struct cub_vectors_format *const formats[] = {
    &cub_vectors_wycheproof,
    &cub_vectors_limbo,
    &cub_vectors_rfc8448,
    &cub_vectors_rfc,
};

const char *cub_vectors_result_name(enum cub_vectors_result result)
{
    static const char *const names[] = {"pass", "fail", "skip"};

    return names[result];
}

void cub_vectors_case(struct cub_vectors_run *run, const char *id, const char *expected,
                      const char *got, enum cub_vectors_result result, const char *reason)
{
    const struct cub_vectors_case c = {run->file, id, expected, got, reason, result};
    size_t *const counts[] = {&run->counts->passed, &run->counts->failed, &run->counts->skipped};

    ++*counts[result];
    if (run->report)
        run->report(run->context, &c);
}

/* All of a file, unpacked if it is gzipped; NULL if it cannot be read. The caller frees it. */
static char *load(const char *path, size_t *len)
{
    gzFile file = gzopen(path, "rb");
    size_t size = 1 << 20;
    char *text = malloc(size);
    int n = -1;

    *len = 0;
    while (file && text && (n = gzread(file, text + *len, (unsigned)(size - *len))) > 0) {
        *len += (size_t)n;
        if (*len == size) {
            char *more = realloc(text, size *= 2);

            if (!more)
                free(text);
            text = more;
        }
    }
    if (file)
        gzclose(file);
    if (n < 0) {
        free(text);
        return NULL;
    }
    return text;
}

const char *cub_vectors_run(const char *path, cub_vectors_report *report, void *context,
                            struct cub_vectors_counts *counts)
{
    static char message[JSON_ERROR_TEXT_LENGTH + 64];
    const char *slash = strrchr(path, '/');
    struct cub_vectors_run run = {slash ? slash + 1 : path, report, context, counts};
    json_error_t error;
    size_t len;
    char *text = load(path, &len);
    json_t *root;

    if (!text)
        return "cannot be read";
    root = json_loadb(text, len, 0, &error);
    free(text);
    if (!root) {
        snprintf(message, sizeof message, "not JSON: line %d: %s", error.line, error.text);
        return message;
    }
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (formats[i]->recognises(root)) {
            formats[i]->run(&run, root);
            json_decref(root);
            return NULL;
        }
    }
    json_decref(root);
    return "of no known format";
}
