/*
 * SSLContext.load_dh_params: a server's own group for DHE.
 */
#include <string.h>

#include "api/context.h"
#include "api/file.h"
#include "api/memory.h"
#include "api/result.h"
#include "api/settings.h"
#include "x509/der.h"
#include "x509/pem.h"

/* DHParameter of PKCS #3, or the beginning of X9.42's DomainParameters: p and g. */
static enum cub_error parse(const uint8_t *der, size_t len, struct cub_view *p, struct cub_view *g)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(der, len, &error);
    struct cub_der sequence = cub_der_enter(&d, CUB_DER_SEQUENCE);

    *p = cub_der_unsigned(&sequence);
    *g = cub_der_unsigned(&sequence);
    while (cub_der_more(&sequence)) {
        unsigned tag;

        (void)cub_der_any(&sequence, &tag);
    }
    return cub_der_done(&d);
}

/* The first block of a file that holds parameters. */
static enum cub_error find(const struct cub_buffer *file, uint8_t *der, size_t max, size_t *len)
{
    struct cub_pem pem = {(const char *)file->data, (const char *)file->data + file->len};
    struct cub_pem_block block;
    enum cub_error error;

    do {
        error = cub_pem_next(&pem, &block);
        if (error != E_OK)
            return error == E_PEM_NO_START_LINE ? E_NO_DH_PARAMS : error;
    } while (!cub_pem_is(&block, "DH PARAMETERS") && !cub_pem_is(&block, "X9.42 DH PARAMETERS"));
    return cub_pem_decode(&block, der, max, len);
}

static enum cub_error load(const struct cub_buffer *file, unsigned min_bits,
                           struct cub_dh_params *out)
{
    uint8_t der[4 * CUB_DH_MAX_SIZE];
    struct cub_dh_group group;
    size_t len;
    enum cub_error error = find(file, der, sizeof der, &len);

    if (error == E_OK)
        error = parse(der, len, &group.p, &group.g);
    if (error == E_OK)
        error = cub_dh_check(&group, min_bits);
    if (error != E_OK)
        return error;
    memcpy(out->p, group.p.data, group.p.len);
    memcpy(out->g, group.g.data, group.g.len);
    out->p_len = group.p.len;
    out->g_len = group.g.len;
    return E_OK;
}

cub_result cub_context_load_dh_params(cub_context *context, const char *dhfile)
{
    struct cub_settings *s = cub_context_change(context);
    struct cub_buffer file = {0};
    enum cub_error error;

    if (!s)
        return context->details.result;
    if (cub_file_read(dhfile, &file, &context->details) != CUB_OK) {
        cub_buffer_free(&file);
        return context->details.result;
    }
    error = load(&file, s->client.dh_min_bits, &s->dh);
    cub_buffer_free(&file);
    return error != E_OK ? cub_context_fail(context, error) : cub_context_changed(context);
}
