#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vectors/rfc8448.h"

/* Members that describe, point to others or tell what to do with the values beside them. */
static const char *const labels[] = {
    "section", "title",   "description",
    "step",    "side",    "action",
    "sender",  "same_as", "private_key_in_this_file",
};

/* Values that no function of the library takes or gives, by the last part of their path. */
static const struct {
    const char *name;
    const char *why;
} unused[] = {
    {"private_exponent", "private RSA keys compute with the factors and their exponents"},
};

static char *print_path(struct cub_rfc8448 *t, const char *format, va_list args)
{
    char path[128];

    vsnprintf(path, sizeof path, format, args);
    return cub_vectors_arena_print(t->arena, "%s", path);
}

void cub_rfc8448_note(struct cub_rfc8448 *t, const char *text, const char *path, ...)
{
    va_list args;

    va_start(args, path);
    json_object_set_new(t->computed, print_path(t, path, args), json_string(text));
    va_end(args);
}

void cub_rfc8448_put(struct cub_rfc8448 *t, const void *data, size_t len, const char *path, ...)
{
    const uint8_t *bytes = data;
    char *text = cub_vectors_arena_alloc(t->arena, 2 * len + 1);
    va_list args;

    *text = '\0';
    for (size_t i = 0; i < len; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    va_start(args, path);
    json_object_set_new(t->computed, print_path(t, path, args), json_string(text));
    va_end(args);
}

const char *cub_rfc8448_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

struct cub_view cub_rfc8448_bytes(struct cub_rfc8448 *t, const json_t *object, const char *name)
{
    struct cub_view bytes;

    if (!cub_vectors_unhex(t->arena, cub_rfc8448_text(object, name), &bytes))
        bytes.len = 0;
    return bytes;
}

struct cub_view cub_rfc8448_got(struct cub_rfc8448 *t, const char *path)
{
    return cub_rfc8448_bytes(t, t->computed, path);
}

static bool is_label(const char *name)
{
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (strcmp(labels[i], name) == 0)
            return true;
    return false;
}

static const char *why_unused(const char *name)
{
    for (size_t i = 0; i < sizeof unused / sizeof unused[0]; i++)
        if (strcmp(unused[i].name, name) == 0)
            return unused[i].why;
    return NULL;
}

/* A value as text; NULL if it is none. */
static const char *text_of(struct cub_rfc8448 *t, const json_t *value)
{
    if (json_is_integer(value))
        return cub_vectors_arena_print(t->arena, "%lld", (long long)json_integer_value(value));
    return json_string_value(value);
}

/* Compares one value of the file; where is what its path begins with in the report. */
static void judge(struct cub_vectors_run *run, struct cub_rfc8448 *t, const char *where,
                  const char *path, const char *name, const json_t *value)
{
    const char *id = cub_vectors_arena_print(t->arena, "%s.%s", where, path);
    const char *expected = text_of(t, value);
    const char *got = json_string_value(json_object_get(t->computed, path));
    const char *why_not = why_unused(name);

    if (!expected || is_label(name))
        return;
    if (why_not)
        cub_vectors_case(run, id, expected, "not used", CUB_VECTORS_SKIP, why_not);
    else if (!got)
        cub_vectors_case(run, id, expected, "nothing", CUB_VECTORS_FAIL, "nothing computes it");
    else if (strcmp(expected, got) != 0)
        cub_vectors_case(run, id, expected, got, CUB_VECTORS_FAIL, "differs");
    else
        cub_vectors_case(run, id, expected, got, CUB_VECTORS_PASS, "");
}

/* Compares all values in node, which stands under name and path. */
static void judge_all(struct cub_vectors_run *run, struct cub_rfc8448 *t, const char *where,
                      const char *path, const char *name, const json_t *node)
{
    const char *dot = *path ? "." : "";
    json_t *child;

    if (json_is_object(node)) {
        json_object_foreach((json_t *)node, name, child)
        {
            judge_all(run, t, where, cub_vectors_arena_print(t->arena, "%s%s%s", path, dot, name),
                      name, child);
        }
    } else if (json_is_array(node)) {
        for (size_t i = 0; i < json_array_size(node); i++)
            judge_all(run, t, where, cub_vectors_arena_print(t->arena, "%s%s%zu", path, dot, i),
                      name, json_array_get(node, i));
    } else {
        judge(run, t, where, path, name, node);
    }
}

static void run_trace(struct cub_vectors_run *run, struct cub_rfc8448 *t)
{
    json_int_t section = json_integer_value(json_object_get(t->trace, "section"));

    t->computed = json_object();
    cub_rfc8448_messages(t);
    cub_rfc8448_schedule(t);
    cub_rfc8448_records(t);
    cub_rfc8448_steps(t);
    judge_all(run, t, cub_vectors_arena_print(t->arena, "%d", (int)section), "", "", t->trace);
    json_decref(t->computed);
}

static void run(struct cub_vectors_run *r, const json_t *root)
{
    const json_t *traces = json_object_get(root, "traces");
    const json_t *rsa = json_object_get(root, "rsa_private_key");
    struct cub_rfc8448_file file = {0};
    struct cub_rfc8448 key = {.file = &file, .arena = &file.arena, .computed = json_object()};

    cub_rfc8448_read_key(&key, rsa);
    for (size_t i = 0; i < json_array_size(traces); i++) {
        struct cub_rfc8448 trace = {.file = &file,
                                    .arena = &file.arena,
                                    .trace = json_array_get(traces, i)};

        run_trace(r, &trace);
    }
    cub_rfc8448_judge_key(&key);
    judge_all(r, &key, "rsa_private_key", "", "", rsa);
    json_decref(key.computed);
    cub_vectors_arena_free(&file.arena);
}

static bool recognises(const json_t *root)
{
    return json_is_object(json_object_get(root, "rsa_private_key")) &&
           json_is_array(json_object_get(root, "traces"));
}

const struct cub_vectors_format cub_vectors_rfc8448 = {"RFC 8448", recognises, run};
