#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/cli/connection.h"
#include "api/cli/names.h"

/* The certificate to verify, and behind it everything a path may be built from. */
struct candidates {
    struct cub_bytes *list;
    size_t count;
    struct cub_bytes *own;       /* of FILE */
    struct cub_bytes *untrusted; /* of --untrusted */
};

static enum cli_status gather(const struct cli_options *options, struct candidates *all)
{
    size_t own = 0, untrusted = 0;
    enum cli_status status = cli_read_certs(options->args[0], &all->own, &own);

    if (status == CLI_DONE && options->untrusted != NULL)
        status = cli_read_certs(options->untrusted, &all->untrusted, &untrusted);
    if (status != CLI_DONE)
        return status;
    all->count = own + untrusted;
    all->list = cli_alloc(all->count * sizeof all->list[0]);
    memcpy(all->list, all->own, own * sizeof all->list[0]);
    if (untrusted > 0)
        memcpy(all->list + own, all->untrusted, untrusted * sizeof all->list[0]);
    return CLI_DONE;
}

static void print_path(const struct cub_bytes *path, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char subject[512];

        cli_format_subject(&path[i], subject, sizeof subject);
        printf("depth %zu: %s\n", i, subject);
    }
}

static enum cli_status verify(const struct cli_options *options, cub_context *context,
                              const struct candidates *all)
{
    enum cub_Purpose purpose =
        options->client_purpose ? CUB_Purpose_CLIENT_AUTH : CUB_Purpose_SERVER_AUTH;
    struct cub_error_details details;
    struct cub_bytes *path;
    size_t count;

    if (cub_context_verify_certs(context, all->list, all->count, purpose, options->hostname, &path,
                                 &count, &details) == CUB_OK) {
        print_path(path, count);
        cub_free(path);
        return CLI_DONE;
    }
    if (details.verify_code != 0)
        printf("error %d at depth %d: %s\n", details.verify_code, details.verify_depth,
               details.verify_message);
    return cli_report(&details, options->args[0]);
}

enum cli_status cli_verify(const struct cli_options *options)
{
    struct candidates all = {0};
    cub_context *context = NULL;
    enum cli_status status = gather(options, &all);

    if (status == CLI_DONE)
        status = cli_make_context(options, false, &context);
    if (status == CLI_DONE)
        status = verify(options, context, &all);
    cub_context_free(context);
    free(all.list);
    cub_free(all.own);
    cub_free(all.untrusted);
    return status;
}
