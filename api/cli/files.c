/* The files that cub server --root gives out. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/cli/http.h"

/* What a failed open means to the client. */
static int status_of(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
        return 404;
    case EACCES:
    case EPERM:
    case ELOOP: /* a symbolic link */
        return 403;
    default:
        return 500;
    }
}

/*
 * Goes one step down from the directory *at, which is closed. Each step is opened by itself and
 * without following links, so no name can lead out of the directory that was given.
 */
static int step(int at, const char *name, int flags)
{
    int next = openat(at, name, flags | O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int saved = errno;

    close(at);
    errno = saved;
    return next;
}

static int descend(int root, char *path)
{
    int at = fcntl(root, F_DUPFD_CLOEXEC, 0);
    char *rest = path;
    char *name = strsep(&rest, "/");

    while (at >= 0 && name != NULL) {
        if (strcmp(name, "..") == 0) {
            close(at);
            errno = EACCES;
            return -1;
        }
        if (*name != '\0' && strcmp(name, ".") != 0)
            at = step(at, name, 0);
        name = strsep(&rest, "/");
    }
    return at;
}

int cli_http_open(int root, const char *path, int64_t *size, int *status)
{
    char copy[CLI_HTTP_MAX_PATH];
    struct stat st;
    int fd;

    if (strlen(path) >= sizeof copy) {
        *status = 404;
        return -1;
    }
    strcpy(copy, path);
    fd = descend(root, copy);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
        fd = step(fd, "index.html", 0);
    if (fd < 0 || fstat(fd, &st) != 0) {
        *status = status_of(errno);
        return -1;
    }
    if (!S_ISREG(st.st_mode)) {
        close(fd);
        *status = 403;
        return -1;
    }
    *size = st.st_size;
    return fd;
}
