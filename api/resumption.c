/*
 * What a context is told about sessions and 0-RTT data beyond Python's attributes.
 */
#include "api/context.h"
#include "api/shared_store.h"

/* Flights that a context remembers by itself: 100 KB, enough for a hundred in a second. */
#define OWN_CLAIMS 4096

uint32_t cub_context_get_max_early_data(const cub_context *context)
{
    return context->settings->max_early_data;
}

cub_result cub_context_set_max_early_data(cub_context *context, uint32_t bytes)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (bytes && !s->replays && context->protocol != CUB_PROTOCOL_TLS_CLIENT) {
        s->replays = cub_shared_new_in_memory(0, OWN_CLAIMS, true);
        if (!s->replays)
            return cub_context_fail(context, E_MEMORY);
    }
    s->max_early_data = bytes;
    return cub_context_changed(context);
}

double cub_context_get_early_data_window(const cub_context *context)
{
    return context->settings->early_data_window;
}

cub_result cub_context_set_early_data_window(cub_context *context, double seconds)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (!(seconds >= 0.001 && seconds <= 3600))
        return cub_context_fail(context, E_WINDOW_VALUE);
    s->early_data_window = seconds;
    return cub_context_changed(context);
}

/* Replaces a store by one of the application's; NULL: by fallback. */
static cub_result replace(cub_context *context, struct cub_shared **place,
                          const struct cub_shared_store *functions, struct cub_shared *fallback)
{
    struct cub_shared *shared = functions ? cub_shared_new(functions) : fallback;

    if (functions && !shared)
        return cub_context_fail(context, E_MEMORY);
    cub_shared_free(*place);
    *place = shared;
    return cub_context_changed(context);
}

cub_result cub_context_set_session_cache(cub_context *context, const struct cub_shared_store *store)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (store && (!store->put || !store->get))
        return cub_context_fail(context, E_STORE_VALUE);
    return replace(context, &s->sessions, store, NULL);
}

cub_result cub_context_set_replay_store(cub_context *context, const struct cub_shared_store *store)
{
    struct cub_settings *s = cub_context_change(context);
    struct cub_shared *own = NULL;

    if (!s)
        return context->details.result;
    if (store && !store->claim)
        return cub_context_fail(context, E_STORE_VALUE);
    if (!store && context->protocol != CUB_PROTOCOL_TLS_CLIENT) {
        own = cub_shared_new_in_memory(0, OWN_CLAIMS, false);
        if (!own)
            return cub_context_fail(context, E_MEMORY);
    }
    return replace(context, &s->replays, store, own);
}
