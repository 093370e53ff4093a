#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "tests/support/vectors.h"
#include "tests/vectors/limbo.h"
#include "vectors/vectors.h"

/* The cases that may fail, each with its reason in the list; they must be there and fail. */
static const char *const known[] = {
#define LIMBO_KNOWN(id, reason) id,
#include "vectors/limbo_known.def"
#undef LIMBO_KNOWN
};

struct seen {
    size_t known;
    size_t unknown;
};

static bool is_known(const char *id)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i], id) == 0)
            return true;
    return false;
}

static void report(void *context, const struct cub_vectors_case *c)
{
    struct seen *seen = context;

    if (c->result == CUB_VECTORS_PASS)
        return;
    if (c->result == CUB_VECTORS_FAIL && is_known(c->id)) {
        seen->known++;
        return;
    }
    seen->unknown++;
    cr_log_error("%s: expected %s, %s: %s", c->id, c->expected, c->got, c->reason);
}

void limbo_run(const char *file, size_t expected_known, size_t at_least)
{
    struct cub_vectors_counts counts = {0};
    struct seen seen = {0, 0};
    const char *problem = cub_vectors_run(test_vectors_path(file), report, &seen, &counts);

    cr_assert_null(problem, "%s: %s", file, problem);
    cr_assert_eq(seen.unknown, 0);
    cr_assert_eq(seen.known, expected_known);
    cr_assert_geq(counts.passed, at_least);
}
