/* --cert-compression: certificates through zlib [RFC8879]. */
#include <stdint.h>
#include <zlib.h>

#include "api/cli/connection.h"

static size_t compress_zlib(void *arg, const void *in, size_t len, void *out, size_t size)
{
    uLongf written = (uLongf)size;

    (void)arg;
    return compress2(out, &written, in, (uLong)len, Z_BEST_COMPRESSION) == Z_OK ? written : 0;
}

/* zlib stops where out ends, so what claims to be short cannot become long. */
static bool decompress_zlib(void *arg, const void *in, size_t in_len, void *out, size_t len)
{
    uLongf written = (uLongf)len;
    uLong taken = (uLong)in_len;

    (void)arg;
    return uncompress2(out, &written, in, &taken) == Z_OK && written == len && taken == in_len;
}

cub_result cli_set_cert_compression(cub_context *context)
{
    const struct cub_cert_compression zlib = {1, compress_zlib, decompress_zlib, NULL};

    return cub_context_set_cert_compression(context, &zlib, 1);
}
