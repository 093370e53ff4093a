#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "tests/support/vectors.h"

const char *test_vectors_find(const char *name)
{
    static char path[4096];
    const char *dir = getenv("CUB_VECTORS_DIR");
    const char *tests = strstr(__FILE__, "tests/support/");

    if (dir && *dir)
        snprintf(path, sizeof path, "%s/%s", dir, name);
    else
        snprintf(path, sizeof path, "%.*s../shared/vectors/%s", (int)(tests - __FILE__), __FILE__,
                 name);
    return access(path, R_OK) == 0 ? path : NULL;
}

const char *test_vectors_path(const char *name)
{
    const char *path = test_vectors_find(name);

    if (!path)
        cr_skip_test("%s is not here; set CUB_VECTORS_DIR to where it is", name);
    return path;
}
