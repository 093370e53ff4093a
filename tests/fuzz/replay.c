/*
 * Runs a fuzz target over the files of its corpus, without a fuzzer: what the normal test run does.
 * usage: replay FILE-OR-DIRECTORY...
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

static size_t ran;

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(1 << 20); /* of its own, so that sanitizers see its end */
    uint8_t *exact;
    size_t len;

    if (!file || !data) {
        fprintf(stderr, "%s: cannot be read\n", path);
        free(data);
        return 1;
    }
    len = fread(data, 1, 1 << 20, file);
    fclose(file);
    exact = realloc(data, len ? len : 1);
    if (exact)
        LLVMFuzzerTestOneInput(exact, len);
    free(exact);
    ran++;
    return 0;
}

static int run(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    int failed = 0;

    if (!dir)
        return run_file(path);
    while ((entry = readdir(dir)) != NULL) {
        char name[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        failed |= run_file(name);
    }
    closedir(dir);
    return failed;
}

/* As TAP, to the file that CUB_TAP names. */
static void report(int failed)
{
    const char *path = getenv("CUB_TAP");
    FILE *file = path ? fopen(path, "w") : NULL;

    printf("%zu inputs\n", ran);
    if (!file)
        return;
    fprintf(file, "1..1\n%s 1 - %zu inputs\n", failed ? "not ok" : "ok", ran);
    fclose(file);
}

int main(int argc, char **argv)
{
    int failed = 0;

    for (int i = 1; i < argc; i++)
        failed |= run(argv[i]);
    failed |= ran == 0;
    report(failed);
    return failed;
}
