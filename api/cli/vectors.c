#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/cli/cli.h"
#include "vectors/vectors.h"

/* Bytes that are not UTF-8 cannot be a JSON string. */
static json_t *text(const char *value)
{
    json_t *string = json_string(value);

    return string != NULL ? string : json_null();
}

static void print_json(void *context, const struct cub_vectors_case *result)
{
    json_t *line = json_pack("{s:o, s:o, s:o, s:o, s:s, s:o}", "file", text(result->file), "id",
                             text(result->id), "expected", text(result->expected), "got",
                             text(result->got), "result", cub_vectors_result_name(result->result),
                             "reason", text(result->reason));

    (void)context;
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(line);
}

static void print_failure(void *context, const struct cub_vectors_case *result)
{
    (void)context;
    if (result->result != CUB_VECTORS_FAIL)
        return;
    printf("%s %s: expected %s, got %s%s%s\n", result->file, result->id, result->expected,
           result->got, *result->reason != '\0' ? ": " : "", result->reason);
}

static void print_counts(const char *name, const struct cub_vectors_counts *counts)
{
    printf("%s%s%zu passed, %zu failed, %zu skipped\n", name, *name != '\0' ? ": " : "",
           counts->passed, counts->failed, counts->skipped);
}

/* Runs one file; with JSON its lines are all there is. */
static enum cli_status run_file(const char *path, bool json, struct cub_vectors_counts *total)
{
    const char *slash = strrchr(path, '/');
    struct cub_vectors_counts counts = {0};
    const char *error = cub_vectors_run(path, json ? print_json : print_failure, NULL, &counts);

    if (error != NULL)
        return cli_fail(CLI_USAGE, "VECTORS", "UNREADABLE_FILE", "%s: %s", path, error);
    if (!json)
        print_counts(slash != NULL ? slash + 1 : path, &counts);
    fflush(stdout);
    total->passed += counts.passed;
    total->failed += counts.failed;
    total->skipped += counts.skipped;
    return CLI_DONE;
}

enum cli_status cli_vectors(const struct cli_options *options)
{
    struct cub_vectors_counts total = {0};
    enum cli_status worst = CLI_DONE;

    for (int i = 0; i < options->num_args; i++) {
        enum cli_status status = run_file(options->args[i], options->json, &total);

        if (status != CLI_DONE)
            worst = status;
    }
    if (!options->json)
        print_counts("", &total);
    if (worst != CLI_DONE)
        return worst;
    return total.failed > 0 ? CLI_TLS : CLI_DONE;
}
