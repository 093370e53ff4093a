/*
 * SSLContext: tickets, caches of sessions, 0-RTT data.
 */
#include "api/context.h"

#include "api/shared_store.h"
#include "api/tickets.h"
#include "handshake/ticket_keys.h"

int cub_context_get_num_tickets(const cub_context *context)
{
    return context->settings->num_tickets;
}

cub_result cub_context_set_num_tickets(cub_context *context, int num_tickets)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (num_tickets < 0)
        return cub_context_fail(context, E_TICKETS_VALUE);
    if (context->protocol != CUB_PROTOCOL_TLS_SERVER)
        return cub_context_fail(context, E_TICKETS_CLIENT);
    s->num_tickets = num_tickets;
    return cub_context_changed(context);
}

bool cub_context_get_ticket_reuse(const cub_context *context)
{
    return context->settings->ticket_reuse;
}

cub_result cub_context_set_ticket_reuse(cub_context *context, bool reuse)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->ticket_reuse = reuse;
    return cub_context_changed(context);
}

cub_result cub_context_set_ticket_keys(cub_context *context, const void *keys, size_t len)
{
    struct cub_settings *s = cub_context_change(context);
    struct cub_tickets *tickets;

    if (!s)
        return context->details.result;
    if (len == 0 || len % CUB_TICKET_KEY_SIZE != 0 || len > CUB_TICKET_KEYS * CUB_TICKET_KEY_SIZE)
        return cub_context_fail(context, E_TICKET_KEYS_VALUE);
    tickets = cub_tickets_new();
    if (!tickets)
        return cub_context_fail(context, E_MEMORY);
    cub_tickets_set_keys(tickets, keys, len / CUB_TICKET_KEY_SIZE);
    cub_tickets_free(s->tickets);
    s->tickets = tickets;
    return cub_context_changed(context);
}

void cub_context_session_stats(const cub_context *context, struct cub_session_stats *stats)
{
    *stats = (struct cub_session_stats){
        .connect = atomic_load(&context->connects),
        .connect_good = atomic_load(&context->good_connects),
        .accept = atomic_load(&context->accepts),
        .accept_good = atomic_load(&context->good_accepts),
        .hits = atomic_load(&context->hits),
        .misses = atomic_load(&context->misses),
        .timeouts = atomic_load(&context->timeouts),
    };
    if (context->settings) {
        stats->number = cub_shared_number(context->settings->ids);
        stats->cache_full = cub_shared_pushed_out(context->settings->ids);
    }
}

int64_t cub_context_get_session_timeout(const cub_context *context)
{
    return context->settings->session_timeout;
}

cub_result cub_context_set_session_timeout(cub_context *context, int64_t seconds)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (seconds < 0 || seconds > CUB_SESSION_MAX_LIFETIME)
        return cub_context_fail(context, E_SESSION_TIMEOUT_VALUE);
    s->session_timeout = (uint32_t)seconds;
    return cub_context_changed(context);
}

size_t cub_context_get_session_cache_size(const cub_context *context)
{
    return context->settings->session_cache_size;
}

cub_result cub_context_set_session_cache_size(cub_context *context, size_t sessions)
{
    struct cub_settings *s = cub_context_change(context);
    struct cub_shared *ids = NULL;

    if (!s)
        return context->details.result;
    if (context->protocol != CUB_PROTOCOL_TLS_CLIENT && sessions) {
        ids = cub_shared_new_in_memory(sessions, 0, true);
        if (!ids)
            return cub_context_fail(context, E_MEMORY);
    }
    cub_shared_free(s->ids);
    s->ids = ids;
    s->session_cache_size = sessions;
    return cub_context_changed(context);
}

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
