#include "api/shared_store.h"

#include <stdatomic.h>
#include <string.h>

#include "api/conn.h"
#include "api/entropy.h"
#include "api/memory.h"
#include "api/memory_store.h"
#include "api/tickets.h"
#include "crypto/bytes.h"

#define TICKET_SIZE 32

struct cub_shared {
    atomic_uint owners;
    struct cub_shared_store functions;
    cub_memory_store *own; /* NULL: the functions are the application's */
    bool first;            /* there was none before in this context */
    struct cub_session_store sessions;
    struct cub_session_cache cache;
    struct cub_replay_store replays;
};

/* A session is kept under a key that nobody can guess, which is all that the ticket has. */
static enum cub_error seal(void *context, void *owner, uint8_t *buffer, size_t *len, size_t size)
{
    struct cub_shared *shared = context;
    struct cub_session_state session;
    uint8_t ticket[TICKET_SIZE];
    enum cub_error error = cub_session_decode(&session, buffer, *len);

    (void)owner;
    if (error == E_OK)
        error = size < sizeof ticket ? E_SESSION_BUFFER : E_OK;
    if (error == E_OK)
        error = cub_random_fill(&cub_system_random, ticket, sizeof ticket);
    if (error == E_OK && !shared->functions.put(shared->functions.arg, ticket, sizeof ticket,
                                                buffer, *len, session.lifetime))
        error = E_SESSION_UNKNOWN;
    cub_wipe(buffer, *len);
    if (error != E_OK)
        return error;
    memcpy(buffer, ticket, sizeof ticket);
    *len = sizeof ticket;
    return E_OK;
}

/* *over: it was there, and is too old. */
static bool look_up(const struct cub_shared *shared, const uint8_t key[TICKET_SIZE], uint8_t *out,
                    size_t size, size_t *len, bool *over)
{
    const struct cub_shared_store *functions = &shared->functions;

    return shared->own ? cub_memory_store_get(shared->own, key, TICKET_SIZE, out, size, len, over)
                       : functions->get(functions->arg, key, TICKET_SIZE, out, size, len);
}

static enum cub_error open(void *context, void *owner, uint8_t *buffer, size_t *len, size_t size)
{
    uint8_t ticket[TICKET_SIZE];
    bool over = false, found = false;

    if (*len == sizeof ticket) {
        memcpy(ticket, buffer, sizeof ticket);
        found = look_up(context, ticket, buffer, size, len, &over);
    }
    if (over)
        cub_conn_count_timeout(owner);
    else
        cub_conn_count_lookup(owner, found ? buffer : NULL, *len);
    return found ? E_OK : E_SESSION_UNKNOWN;
}

/* Sessions of TLS 1.2, whose ids are the server's to choose: keys like the others. */
static enum cub_error put(void *context, void *owner, const uint8_t id[CUB_SESSION_ID_SIZE],
                          const uint8_t *bytes, size_t len)
{
    struct cub_shared *shared = context;
    struct cub_session_state session;
    enum cub_error error = cub_session_decode(&session, bytes, len);

    if (error != E_OK)
        return error;
    if (!shared->functions.put(shared->functions.arg, id, CUB_SESSION_ID_SIZE, bytes, len,
                               session.lifetime))
        return E_SESSION_UNKNOWN;
    cub_conn_note_session_id(owner, id);
    return E_OK;
}

static enum cub_error open_by_id(void *context, void *owner, uint8_t *buffer, size_t *len,
                                 size_t size)
{
    uint8_t id[CUB_SESSION_ID_SIZE];
    bool fits = *len == sizeof id;
    enum cub_error error;

    if (fits)
        memcpy(id, buffer, sizeof id);
    error = open(context, owner, buffer, len, size);
    if (error == E_OK)
        cub_conn_note_session_id(owner, id);
    return error;
}

void cub_shared_forget(const struct cub_shared *shared, const uint8_t id[CUB_SESSION_ID_SIZE])
{
    const struct cub_shared_store *functions = &shared->functions;

    /* Nothing, for no time, takes its place. */
    (void)functions->put(functions->arg, id, CUB_SESSION_ID_SIZE, "", 0, 0);
}

/*
 * Since when the store must remember everything. Where no ticket is older than the store, that is
 * so by itself.
 */
static int64_t since(const struct cub_shared *shared, const struct cub_settings *settings,
                     const struct cub_first_flight *flight)
{
    bool own_tickets =
        !(settings->options & CUB_OP_NO_TICKET) && !cub_tickets_given(settings->tickets);

    return shared->first && own_tickets ? (int64_t)flight->now : (int64_t)flight->from;
}

/* Seconds until then, rounded up. */
static unsigned seconds_until(const struct cub_first_flight *flight)
{
    return (unsigned)((flight->until - flight->now) / 1000 + 1);
}

static enum cub_error claim(void *context, void *owner, const struct cub_first_flight *flight)
{
    struct cub_shared *shared = context;
    const cub_conn *conn = owner;

    /* Who does not ask for 0-RTT data gets none. */
    if (!conn->reads_early_data)
        return E_EARLY_DATA_REFUSED;
    return shared->functions.claim(shared->functions.arg, flight->id.data, flight->id.len,
                                   since(shared, conn->settings, flight), seconds_until(flight))
               ? E_OK
               : E_EARLY_DATA_REFUSED;
}

struct cub_shared *cub_shared_new(const struct cub_shared_store *functions)
{
    struct cub_shared *shared = cub_alloc(sizeof *shared);

    if (!shared)
        return NULL;
    atomic_init(&shared->owners, 1);
    shared->functions = *functions;
    shared->sessions = (struct cub_session_store){seal, open, shared};
    shared->cache = (struct cub_session_cache){put, open_by_id, shared};
    shared->replays = (struct cub_replay_store){claim, shared};
    return shared;
}

struct cub_shared *cub_shared_new_in_memory(size_t sessions, size_t claims, bool first)
{
    struct cub_shared_store functions;
    struct cub_shared *shared;
    cub_memory_store *own;

    if (cub_memory_store_new(sessions, claims, &own) != CUB_OK)
        return NULL;
    functions = cub_memory_store_functions(own);
    shared = cub_shared_new(&functions);
    if (!shared) {
        cub_memory_store_free(own);
        return NULL;
    }
    shared->own = own;
    shared->first = first;
    return shared;
}

struct cub_shared *cub_shared_ref(struct cub_shared *shared)
{
    if (shared)
        atomic_fetch_add_explicit(&shared->owners, 1, memory_order_relaxed);
    return shared;
}

void cub_shared_free(struct cub_shared *shared)
{
    if (!shared || atomic_fetch_sub_explicit(&shared->owners, 1, memory_order_acq_rel) != 1)
        return;
    cub_memory_store_free(shared->own);
    cub_free(shared);
}

const struct cub_session_store *cub_shared_sessions(const struct cub_shared *shared)
{
    return shared ? &shared->sessions : NULL;
}

const struct cub_session_cache *cub_shared_cache(const struct cub_shared *shared)
{
    return shared ? &shared->cache : NULL;
}

const struct cub_replay_store *cub_shared_replays(const struct cub_shared *shared)
{
    return shared ? &shared->replays : NULL;
}

unsigned long cub_shared_number(const struct cub_shared *shared)
{
    return shared && shared->own ? cub_memory_store_number(shared->own) : 0;
}

unsigned long cub_shared_pushed_out(const struct cub_shared *shared)
{
    return shared && shared->own ? cub_memory_store_pushed_out(shared->own) : 0;
}
