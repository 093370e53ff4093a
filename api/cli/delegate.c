/* cub delegate: a certificate's key says that another key may stand for it, for some hours. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/cli/connection.h"

#define MAX_FILE      (1u << 20)
#define DEFAULT_HOURS 24
#define MAX_HOURS     168 /* a week [RFC9345-3] */

static void put_base64(const uint8_t *bytes, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < len; i += 3) {
        unsigned n = (unsigned)bytes[i] << 16 | (i + 1 < len ? (unsigned)bytes[i + 1] << 8 : 0) |
                     (i + 2 < len ? bytes[i + 2] : 0);

        putchar(digits[n >> 18]);
        putchar(digits[n >> 12 & 63]);
        putchar(i + 1 < len ? digits[n >> 6 & 63] : '=');
        putchar(i + 2 < len ? digits[n & 63] : '=');
        if (i % 48 == 45 || i + 3 >= len)
            putchar('\n');
    }
}

static enum cli_status delegate(cub_context *context, const char *filename, uint32_t seconds)
{
    struct cub_delegated_credential credential;
    enum cli_status status = CLI_DONE;
    size_t len;
    char *key = cli_read_file(filename, MAX_FILE, &len);

    if (key == NULL)
        return cli_fail_os(CLI_USAGE, filename);
    if (cub_context_delegate(context, key, len, seconds, &credential) != CUB_OK) {
        cli_report(cub_last_error(context), filename);
        status = CLI_USAGE;
    } else {
        puts("-----BEGIN DELEGATED CREDENTIAL-----");
        put_base64(credential.bytes, credential.len);
        puts("-----END DELEGATED CREDENTIAL-----");
    }
    free(key);
    return status;
}

enum cli_status cli_delegate(const struct cli_options *options)
{
    int64_t hours = options->hours >= 0 ? options->hours : DEFAULT_HOURS;
    cub_context *context;
    enum cli_status status = CLI_USAGE;

    if (options->certfile == NULL)
        return cli_fail(CLI_USAGE, "USAGE", "MISSING_CERTIFICATE", "delegate needs --certfile");
    if (hours > MAX_HOURS)
        return cli_fail(CLI_USAGE, "USAGE", "BAD_ARGUMENT", "--hours is %d at most", MAX_HOURS);
    if (cub_context_new(CUB_PROTOCOL_TLS_SERVER, &context) != CUB_OK ||
        cub_context_load_cert_chain(context, options->certfile, options->keyfile,
                                    options->password) != CUB_OK)
        cli_report(cub_last_error(context), options->certfile);
    else
        status = delegate(context, options->args[0], (uint32_t)hours * 3600);
    cub_context_free(context);
    return status;
}
