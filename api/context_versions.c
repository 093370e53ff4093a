/*
 * SSLContext: the protocol, its versions and options.
 */
#include "api/context.h"

#include <stdio.h>

#include "api/result.h"

enum cub_SSLMethod cub_context_get_protocol(const cub_context *context)
{
    return context->protocol;
}

static bool is_known_version(int version)
{
    return version == CUB_TLSVersion_MINIMUM_SUPPORTED ||
           version == CUB_TLSVersion_MAXIMUM_SUPPORTED ||
           (version >= CUB_TLSVersion_SSLv3 && version <= CUB_TLSVersion_TLSv1_3);
}

/* Whether the two bounds may be moved, and to this version. */
static cub_result check_version(cub_context *context, int version)
{
    char text[64];

    if (context->protocol == CUB_PROTOCOL_TLSv1_2)
        return cub_context_fail(context, E_VERSION_FIXED);
    if (is_known_version(version))
        return CUB_OK;
    (void)snprintf(text, sizeof text, "Unsupported TLS/SSL version 0x%x", (unsigned)version);
    return cub_report_text(&context->details, E_VERSION_VALUE, text);
}

int cub_context_get_minimum_version(const cub_context *context)
{
    int version = context->settings->minimum_version;

    if (context->protocol == CUB_PROTOCOL_TLSv1_2)
        return CUB_TLSVersion_MINIMUM_SUPPORTED;
    return version ? version : CUB_TLSVersion_MINIMUM_SUPPORTED;
}

cub_result cub_context_set_minimum_version(cub_context *context, int version)
{
    struct cub_settings *s = cub_context_change(context);
    cub_result result;

    if (!s)
        return context->details.result;
    result = check_version(context, version);
    if (result != CUB_OK)
        return result;
    s->minimum_version = version == CUB_TLSVersion_MINIMUM_SUPPORTED   ? 0
                         : version == CUB_TLSVersion_MAXIMUM_SUPPORTED ? CUB_TLSVersion_TLSv1_3
                                                                       : version;
    return cub_context_changed(context);
}

int cub_context_get_maximum_version(const cub_context *context)
{
    int version = context->settings->maximum_version;

    if (context->protocol == CUB_PROTOCOL_TLSv1_2)
        return CUB_TLSVersion_MAXIMUM_SUPPORTED;
    return version ? version : CUB_TLSVersion_MAXIMUM_SUPPORTED;
}

cub_result cub_context_set_maximum_version(cub_context *context, int version)
{
    struct cub_settings *s = cub_context_change(context);
    cub_result result;

    if (!s)
        return context->details.result;
    result = check_version(context, version);
    if (result != CUB_OK)
        return result;
    s->maximum_version = version == CUB_TLSVersion_MAXIMUM_SUPPORTED   ? 0
                         : version == CUB_TLSVersion_MINIMUM_SUPPORTED ? CUB_TLSVersion_TLSv1_2
                                                                       : version;
    return cub_context_changed(context);
}

uint64_t cub_context_get_options(const cub_context *context)
{
    return context->settings->options;
}

cub_result cub_context_set_options(cub_context *context, uint64_t options)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->options = options;
    return cub_context_changed(context);
}

cub_result cub_context_set_record_size_limit(cub_context *context, size_t limit)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (limit < 64 || limit > 16384)
        return cub_context_fail(context, E_RECORD_LIMIT_VALUE);
    s->record_size_limit = limit;
    return cub_context_changed(context);
}

enum cub_FalseStart cub_context_get_false_start(const cub_context *context)
{
    return (enum cub_FalseStart)context->settings->false_start;
}

cub_result cub_context_set_false_start(cub_context *context, enum cub_FalseStart mode)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (mode != CUB_FALSE_START_OFF && mode != CUB_FALSE_START_ALPN && mode != CUB_FALSE_START_ANY)
        return cub_context_fail(context, E_FALSE_START_VALUE);
    s->false_start = (uint8_t)mode;
    return cub_context_changed(context);
}
