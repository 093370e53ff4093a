#include "api/compression.h"

#include "api/conn.h"
#include "api/context.h"
#include "api/memory.h"

static uint8_t *get_memory(void *context, void *owner, size_t len)
{
    cub_conn *conn = owner;

    (void)context;
    cub_free(conn->certificate);
    conn->certificate = cub_alloc(len ? len : 1);
    return conn->certificate;
}

static struct cub_view compress(void *context, void *owner, const uint8_t *message, size_t len)
{
    const struct cub_cert_compression *c = context;
    cub_conn *conn = owner;
    struct cub_view view = {NULL, 0};

    cub_free(conn->compressed);
    conn->compressed = cub_alloc(len);
    if (conn->compressed)
        view = (struct cub_view){conn->compressed,
                                 c->compress(c->arg, message, len, conn->compressed, len)};
    return view;
}

static bool decompress(void *context, void *owner, struct cub_view in, uint8_t *message, size_t len)
{
    const struct cub_cert_compression *c = context;

    (void)owner;
    return c->decompress(c->arg, in.data, in.len, message, len);
}

void cub_compressions_apply(struct cub_settings *s)
{
    for (size_t i = 0; i < s->compression_count; i++) {
        struct cub_cert_compression *c = &s->compressions[i];

        s->engine_compressions[i] = (struct cub_compression){
            .algorithm = c->algorithm,
            .memory = get_memory,
            .compress = c->compress ? compress : NULL,
            .decompress = c->decompress ? decompress : NULL,
            .context = c,
        };
        s->compression_list[i] = &s->engine_compressions[i];
    }
    s->compression_list[s->compression_count] = NULL;
}

cub_result cub_context_set_cert_compression(cub_context *context,
                                            const struct cub_cert_compression *list, size_t count)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (count > CUB_MAX_COMPRESSIONS)
        return cub_context_fail(context, E_COMPRESSION_VALUE);
    for (size_t i = 0; i < count; i++)
        if (!list[i].compress && !list[i].decompress)
            return cub_context_fail(context, E_COMPRESSION_VALUE);
    s->compression_count = count;
    for (size_t i = 0; i < count; i++)
        s->compressions[i] = list[i];
    return cub_context_changed(context);
}
