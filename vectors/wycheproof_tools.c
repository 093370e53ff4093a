#include <stdio.h>
#include <string.h>

#include "vectors/wycheproof.h"

static const json_t *member_of(const json_t *object, const char *path)
{
    char name[32];
    const char *dot = strchr(path, '.');

    if (!dot)
        return json_object_get(object, path);
    snprintf(name, sizeof name, "%.*s", (int)(dot - path), path);
    return json_object_get(json_object_get(object, name), dot + 1);
}

static const json_t *member(struct cub_wycheproof_test *t, const char *path)
{
    const json_t *value = member_of(t->test, path);

    if (!value)
        value = member_of(t->group, path);
    return value ? value : member_of(t->root, path);
}

static void missing(struct cub_wycheproof_test *t, const char *path)
{
    if (!t->missing)
        t->missing = path;
}

struct cub_view cub_wycheproof_bytes(struct cub_wycheproof_test *t, const char *path)
{
    const char *hex = json_string_value(member(t, path));
    struct cub_view view = {(const uint8_t *)"", 0};

    if (!hex || !cub_vectors_unhex(t->arena, hex, &view))
        missing(t, path);
    return view;
}

struct cub_view cub_wycheproof_integer(struct cub_wycheproof_test *t, const char *path)
{
    struct cub_view view = cub_wycheproof_bytes(t, path);

    while (view.len > 0 && view.data[0] == 0) {
        view.data++;
        view.len--;
    }
    return view;
}

const char *cub_wycheproof_text(struct cub_wycheproof_test *t, const char *path)
{
    const char *text = json_string_value(member(t, path));

    if (!text)
        missing(t, path);
    return text ? text : "";
}

size_t cub_wycheproof_number(struct cub_wycheproof_test *t, const char *path)
{
    const json_t *value = member(t, path);

    if (!json_is_integer(value) || json_integer_value(value) < 0) {
        missing(t, path);
        return 0;
    }
    return (size_t)json_integer_value(value);
}

const struct cub_hash *cub_wycheproof_hash(const char *name)
{
    if (strcmp(name, "SHA-1") == 0)
        return &cub_sha1;
    if (strcmp(name, "SHA-256") == 0)
        return &cub_sha256;
    if (strcmp(name, "SHA-384") == 0)
        return &cub_sha384;
    if (strcmp(name, "SHA-512") == 0)
        return &cub_sha512;
    return NULL;
}

struct cub_outcome cub_wycheproof_unsupported(struct cub_wycheproof_test *t, const char *what,
                                              const char *which)
{
    const char *text = cub_vectors_arena_print(t->arena, "not supported: %s%s", what, which);

    return (struct cub_outcome){CUB_UNSUPPORTED, text};
}

struct cub_outcome cub_wycheproof_error(enum cub_error error)
{
    if (error)
        return (struct cub_outcome){CUB_REFUSED, cub_error_info(error)->name};
    return (struct cub_outcome){CUB_ACCEPTED, ""};
}
