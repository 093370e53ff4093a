#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "tests/support/vectors.h"

static char path[4096];

const char *test_repository_path(const char *name)
{
    const char *tests = strstr(__FILE__, "tests/support/");

    snprintf(path, sizeof path, "%.*s%s", (int)(tests - __FILE__), __FILE__, name);
    return path;
}

const char *test_vectors_find(const char *name)
{
    const char *dir = getenv("CUB_VECTORS_DIR");

    if (dir && *dir) {
        snprintf(path, sizeof path, "%s/%s", dir, name);
    } else {
        test_repository_path("../shared/vectors/");
        strncat(path, name, sizeof path - strlen(path) - 1);
    }
    return access(path, R_OK) == 0 ? path : NULL;
}

const char *test_vectors_path(const char *name)
{
    const char *found = test_vectors_find(name);

    if (!found)
        cr_skip_test("%s is not here; set CUB_VECTORS_DIR to where it is", name);
    return found;
}
