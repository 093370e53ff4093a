/*
 * SSLContext: what lets others look on, logged secrets and a trace of messages.
 */
#include "api/context.h"

const char *cub_context_get_keylog_filename(const cub_context *context)
{
    return cub_keylog_filename(context->settings->keylog);
}

cub_result cub_context_set_keylog_filename(cub_context *context, const char *filename)
{
    struct cub_settings *s = cub_context_change(context);
    struct cub_keylog *keylog = NULL;
    cub_result result;

    if (!s)
        return context->details.result;
    result = filename ? cub_keylog_open(filename, &keylog, &context->details) : CUB_OK;
    if (result != CUB_OK)
        return result;
    cub_keylog_free(s->keylog);
    s->keylog = keylog;
    return cub_context_changed(context);
}

cub_result cub_context_set_trace_callback(cub_context *context, cub_trace_callback *callback,
                                          void *arg)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->trace_callback = callback;
    s->trace_arg = arg;
    return cub_context_changed(context);
}
