#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "api/cli/cli.h"

enum cli_status cli_fail(enum cli_status status, const char *library, const char *reason,
                         const char *format, ...)
{
    char line[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    /* Some of it may come from the peer, which is not to steer the terminal. */
    for (char *c = line; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    fflush(stdout);
    fprintf(stderr, "cub: [%s: %s] %s\n", library, reason, line);
    return status;
}

enum cli_status cli_fail_os(enum cli_status status, const char *what)
{
    const char *name = strerrorname_np(errno);

    return cli_fail(status, "OS", name != NULL ? name : "UNKNOWN", "%s: %s", what, strerror(errno));
}

void *cli_alloc(size_t size)
{
    void *p = malloc(size);

    if (p == NULL) {
        fputs("cub: [OS: ENOMEM] out of memory\n", stderr);
        exit(CLI_USAGE);
    }
    return p;
}

/* Reads to the end of fd into a buffer that grows. */
static char *read_all(int fd, size_t max, size_t *len)
{
    size_t size = 65536;
    char *data = malloc(size);

    *len = 0;
    while (data != NULL) {
        ssize_t n = read(fd, data + *len, size - 1 - *len);

        if (n == 0) {
            data[*len] = '\0';
            return data;
        }
        if (n < 0 && errno == EINTR)
            continue;
        if (n > 0)
            *len += (size_t)n;
        if (n > 0 && *len > max)
            errno = EFBIG;
        if (n < 0 || *len > max)
            break;
        if (*len == size - 1) {
            char *more = realloc(data, size *= 2);

            if (more == NULL)
                break;
            data = more;
        }
    }
    free(data);
    return NULL;
}

char *cli_read_file(const char *path, size_t max, size_t *len)
{
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    char *data;

    if (fd < 0)
        return NULL;
    data = read_all(fd, max, len);
    if (fd != STDIN_FILENO) {
        int saved = errno;

        close(fd);
        errno = saved;
    }
    return data;
}

double cli_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
