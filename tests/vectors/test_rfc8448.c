#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <jansson.h>

#include "tests/support/vectors.h"
#include "vectors/format.h"

#define FILE_NAME "vectors/rfc8448.json"

/* What a report said of the cases whose names begin with some prefix. */
struct tally {
    const char *prefix;
    size_t passed, skipped;
};

static void count(void *context, const struct cub_vectors_case *c)
{
    struct tally *tally = context;
    size_t len = strlen(tally->prefix);

    cr_assert_neq(c->result, CUB_VECTORS_FAIL, "%s: expected %s, got %s: %s", c->id, c->expected,
                  c->got, c->reason);
    if (strncmp(c->id, tally->prefix, len) != 0 || c->id[len] != '.')
        return;
    tally->passed += c->result == CUB_VECTORS_PASS;
    tally->skipped += c->result == CUB_VECTORS_SKIP;
}

/* The counts are those of the table in vectors/README.md. */
static void expect(const char *prefix, size_t passed, size_t skipped)
{
    struct tally tally = {prefix, 0, 0};
    struct cub_vectors_counts counts = {0};
    const char *problem = cub_vectors_run(test_repository_path(FILE_NAME), count, &tally, &counts);

    cr_assert_null(problem, "%s", problem);
    cr_assert_eq(tally.passed, passed, "%zu values instead of %zu", tally.passed, passed);
    cr_assert_eq(tally.skipped, skipped, "%zu skipped instead of %zu", tally.skipped, skipped);
}

Test(rfc8448, section_2_rsa_key)
{
    expect("rsa_private_key", 7, 1);
}

Test(rfc8448, section_3_simple_1rtt)
{
    expect("3", 215, 0);
}

Test(rfc8448, section_4_resumed_0rtt)
{
    expect("4", 234, 0);
}

Test(rfc8448, section_5_hello_retry_request)
{
    expect("5", 206, 0);
}

Test(rfc8448, section_6_client_authentication)
{
    expect("6", 194, 0);
}

Test(rfc8448, section_7_compatibility_mode)
{
    expect("7", 194, 0);
}

/* Every single value, changed by one digit, must be noticed. */

struct names {
    char **passed;
    size_t count;
};

static void collect(void *context, const struct cub_vectors_case *c)
{
    struct names *names = context;

    if (c->result != CUB_VECTORS_PASS)
        return;
    names->passed = realloc(names->passed, (names->count + 1) * sizeof *names->passed);
    cr_assert_not_null(names->passed);
    names->passed[names->count++] = strdup(c->id);
}

/* The traces that a case needs: its own, and the first, which signs and is resumed. */
static json_t *excerpt(json_t *root, json_int_t section)
{
    json_t *part = json_object(), *wanted = json_array(), *trace;
    size_t i;

    json_array_foreach(json_object_get(root, "traces"), i, trace)
    {
        json_int_t number = json_integer_value(json_object_get(trace, "section"));

        if (number == section || number == 3)
            json_array_append(wanted, trace);
    }
    json_object_set(part, "rsa_private_key", json_object_get(root, "rsa_private_key"));
    json_object_set_new(part, "traces", wanted);
    return part;
}

/* The value that a case is about. */
static json_t *find(json_t *part, json_int_t section, const char *path)
{
    json_t *traces = json_object_get(part, "traces");
    json_t *node = section ? json_array_get(traces, json_array_size(traces) - 1)
                           : json_object_get(part, "rsa_private_key");
    char copy[128], *rest = copy, *name;

    cr_assert_lt(strlen(path), sizeof copy);
    strcpy(copy, path);
    while (node && (name = strsep(&rest, ".")) != NULL)
        node = json_is_array(node) ? json_array_get(node, strtoul(name, NULL, 10))
                                   : json_object_get(node, name);
    cr_assert_not_null(node, "%s", path);
    return node;
}

/* Changes a number by one, a text in one character; n says in which. */
static void change(json_t *value, size_t n)
{
    char text[4096], *c;
    size_t len;

    if (json_is_integer(value)) {
        json_integer_set(value, json_integer_value(value) + 1);
        return;
    }
    len = json_string_length(value);
    cr_assert_lt(len, sizeof text);
    if (len == 0)
        strcpy(text, "00");
    else
        memcpy(text, json_string_value(value), len + 1);
    c = &text[len ? n % len : 0];
    *c = *c == '0' ? '1' : '0';
    json_string_set(value, text);
}

Test(rfc8448, one_wrong_digit_in_any_value_is_noticed, .timeout = 600)
{
    json_t *root = json_load_file(test_repository_path(FILE_NAME), 0, NULL);
    struct names names = {0};
    struct cub_vectors_counts counts = {0};
    struct cub_vectors_run all = {"", collect, &names, &counts};
    json_int_t last = -1;

    cr_assert_not_null(root);
    cr_assert(cub_vectors_rfc8448.recognises(root));
    cub_vectors_rfc8448.run(&all, root);
    cr_assert_eq(names.count, 1050);
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.passed[i];
        json_int_t section = strtol(name, NULL, 10); /* 0: the RSA key */
        json_t *part = excerpt(root, section);
        json_t *value = find(part, section, strchr(name, '.') + 1);
        json_t *before = json_deep_copy(value);
        struct cub_vectors_run quiet = {"", NULL, NULL, &counts};

        counts = (struct cub_vectors_counts){0};
        if (section != last)
            cub_vectors_rfc8448.run(&quiet, part);
        cr_assert_eq(counts.failed, 0, "%s", name);
        last = section;
        change(value, i * 7);
        cub_vectors_rfc8448.run(&quiet, part);
        cr_assert_gt(counts.failed, 0, "%s was changed, and nobody noticed", name);
        if (json_is_integer(value))
            json_integer_set(value, json_integer_value(before));
        else
            json_string_set(value, json_string_value(before));
        json_decref(before);
        json_decref(part);
        free(names.passed[i]);
    }
    counts = (struct cub_vectors_counts){0};
    cub_vectors_rfc8448.run(&(struct cub_vectors_run){"", NULL, NULL, &counts}, root);
    cr_assert_eq(counts.failed, 0, "a value was not put back");
    free(names.passed);
    json_decref(root);
}

/* Without some of its parts, what needs them fails, and nothing worse. */
Test(rfc8448, missing_parts_fail)
{
    static const char *const members[] = {"messages", "ephemeral_keys", "records", "certificates"};

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_t *root = json_load_file(test_repository_path(FILE_NAME), 0, NULL), *trace;
        struct cub_vectors_counts counts = {0};
        size_t n;

        json_array_foreach(json_object_get(root, "traces"), n, trace)
        {
            json_object_del(trace, members[i]);
        }
        cub_vectors_rfc8448.run(&(struct cub_vectors_run){"", NULL, NULL, &counts}, root);
        cr_assert_gt(counts.failed, 0, "%s", members[i]);
        json_decref(root);
    }
}
