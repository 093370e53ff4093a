#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <jansson.h>

#include "tests/support/vectors.h"
#include "vectors/format.h"

static void show(void *context, const struct cub_vectors_case *c)
{
    (void)context;
    if (c->result == CUB_VECTORS_FAIL)
        cr_log_error("%s: expected %s, got %s: %s", c->id, c->expected, c->got, c->reason);
}

/* The counts are those of the table in vectors/README.md. */
static void expect(const char *name, size_t passed, size_t skipped)
{
    struct cub_vectors_counts counts = {0};
    const char *problem = cub_vectors_run(test_repository_path(name), show, NULL, &counts);

    cr_assert_null(problem, "%s", problem);
    cr_assert_eq(counts.failed, 0);
    cr_assert_eq(counts.passed, passed, "%zu instead of %zu", counts.passed, passed);
    cr_assert_eq(counts.skipped, skipped, "%zu instead of %zu", counts.skipped, skipped);
}

Test(rfc, rfc5869_hkdf)
{
    expect("vectors/rfc5869.json", 14, 0);
}

Test(rfc, rfc8439_chacha20_poly1305)
{
    expect("vectors/rfc8439.json", 13, 19);
}

Test(rfc, tls12_key_schedule)
{
    expect("vectors/tls12.json", 13, 0);
}

/* A test alone, as a file has it; returns how many of its cases fail. */
static struct cub_vectors_counts run_alone(json_t *test)
{
    json_t *root = json_pack("{s:s, s:[O]}", "source", "RFC 0", "tests", test);
    struct cub_vectors_counts counts = {0};
    struct cub_vectors_run run = {"", NULL, NULL, &counts};

    cr_assert(cub_vectors_rfc.recognises(root));
    cub_vectors_rfc.run(&run, root);
    json_decref(root);
    return counts;
}

/* Every digit of every value, inputs and outputs, of every test that is run. */
Test(rfc, one_wrong_digit_is_noticed)
{
    static const char *const files[] = {"vectors/rfc5869.json", "vectors/rfc8439.json",
                                        "vectors/tls12.json"};

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        json_t *root = json_load_file(test_repository_path(files[i]), 0, NULL), *test, *value;
        const char *name;
        size_t n, changes = 0;

        json_array_foreach(json_object_get(root, "tests"), n, test)
        {
            if (run_alone(test).skipped > 0)
                continue;
            json_object_foreach(test, name, value)
            {
                char *digits;

                if (!json_is_string(value) || strcmp(name, "section") == 0)
                    continue;
                digits = strdup(json_string_value(value));
                for (char *c = digits; *c; c++, changes++) {
                    char before = *c;

                    *c = before == '0' ? '1' : '0';
                    json_string_set(value, digits);
                    cr_assert_gt(run_alone(test).failed, 0, "%s %s: digit %td", files[i], name,
                                 c - digits);
                    *c = before;
                }
                json_string_set(value, digits);
                free(digits);
            }
            cr_assert_eq(run_alone(test).failed, 0);
        }
        cr_assert_gt(changes, 1000);
        json_decref(root);
    }
}
