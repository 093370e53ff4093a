#include <stdio.h>
#include <stdlib.h>

#include "api/cli/connection.h"

static void list(const cub_context *context)
{
    size_t count = cub_context_get_ciphers(context, NULL, 0);
    struct cub_cipher_info *ciphers = cli_alloc((count + 1) * sizeof *ciphers);

    count = cub_context_get_ciphers(context, ciphers, count);
    for (size_t i = 0; i < count; i++) {
        const struct cub_cipher_info *cipher = &ciphers[i];

        printf("%-32s %-8s %3d bits  %s\n", cipher->name, cipher->protocol, cipher->strength_bits,
               cipher->symmetric);
    }
    free(ciphers);
}

enum cli_status cli_ciphers(const struct cli_options *options)
{
    struct cli_options with_string = *options;
    cub_context *context;
    enum cli_status status;

    if (options->num_args > 0)
        with_string.ciphers = options->args[0];
    status = cli_make_context(&with_string, true, &context);
    if (status == CLI_DONE)
        list(context);
    cub_context_free(context);
    return status;
}
