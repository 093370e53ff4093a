/* --early-data: a file that goes out with the first flight, if it may. */
#include <stdlib.h>

#include "api/cli/connection.h"

#define MAX_FILE (1u << 20)

enum cli_status cli_early_load(const struct cli_options *options, struct cli_early *early)
{
    *early = (struct cli_early){0};
    if (options->early_data == NULL)
        return CLI_DONE;
    early->data = cli_read_file(options->early_data, MAX_FILE, &early->len);
    return early->data != NULL ? CLI_DONE : cli_fail_os(CLI_USAGE, options->early_data);
}

cub_result cli_early_send(struct cli_early *early, cub_conn *conn)
{
    if (early->data == NULL)
        return CUB_OK;
    return cub_conn_write_early_data(conn, early->data, early->len, &early->sent);
}

cub_result cli_early_repeat(struct cli_early *early, cub_conn *conn)
{
    if (early->data == NULL)
        return CUB_OK;
    if (cub_conn_get_early_data(conn) != CUB_EARLY_DATA_ACCEPTED)
        early->sent = 0;
    return cub_conn_sendall(conn, early->data + early->sent, early->len - early->sent);
}
