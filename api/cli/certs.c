/* The certificates of a file, for the commands that look at files. */
#include <stdlib.h>

#include "api/cli/connection.h"

#define MAX_FILE (64u << 20)

enum cli_status cli_read_certs(const char *filename, struct cub_bytes **certs, size_t *count)
{
    struct cub_error_details details;
    size_t len;
    char *data = cli_read_file(filename, MAX_FILE, &len);
    cub_result result;

    *certs = NULL;
    *count = 0;
    if (data == NULL)
        return cli_fail_os(CLI_USAGE, filename);
    result = cub_read_certs(data, len, certs, count, &details);
    free(data);
    if (result == CUB_OK)
        return CLI_DONE;
    cli_report(&details, filename);
    return CLI_USAGE;
}
