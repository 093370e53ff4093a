#include "api/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/result.h"

/* The rest of an open file: 0, an errno, or -1 where memory ended. */
static int read_rest(int fd, struct cub_buffer *out)
{
    for (;;) {
        uint8_t *room = cub_buffer_reserve(out, 16384);
        ssize_t n;
        if (!room)
            return -1;
        n = read(fd, room, out->capacity - out->len);
        if (n == 0)
            return 0;
        if (n > 0)
            out->len += (size_t)n;
        else if (errno != EINTR)
            return errno;
    }
}

cub_result cub_file_read(const char *path, struct cub_buffer *out,
                         struct cub_error_details *details)
{
    struct stat status;
    int error = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return cub_report_os(details, errno);
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
        !cub_buffer_reserve(out, (size_t)status.st_size + 1))
        error = -1;
    if (!error)
        error = read_rest(fd, out);
    if (!error && !out->data && !cub_buffer_reserve(out, 1))
        error = -1;
    (void)close(fd);
    if (error > 0)
        return cub_report_os(details, error);
    return cub_report(details, error ? E_MEMORY : E_OK);
}

bool cub_file_exists(const char *path, bool directory)
{
    struct stat status;

    return stat(path, &status) == 0 && !S_ISDIR(status.st_mode) == !directory &&
           access(path, R_OK) == 0;
}
