#include "api/ticket_pool.h"

#include <pthread.h>
#include <stdatomic.h>

#include "api/memory.h"

#define POOL_MAX 8

struct cub_ticket {
    atomic_uint owners;
    uint8_t *bytes; /* secret */
    size_t len;
    struct cub_session_state view; /* into bytes */
};

struct cub_ticket_pool {
    atomic_uint owners;
    pthread_mutex_t lock;
    struct cub_ticket *tickets[POOL_MAX]; /* oldest first */
    unsigned count;
};

struct cub_ticket *cub_ticket_new(uint8_t *bytes, size_t len, enum cub_error *error)
{
    struct cub_ticket *ticket = cub_alloc(sizeof *ticket);

    *error = ticket ? cub_session_decode(&ticket->view, bytes, len) : E_MEMORY;
    if (*error != E_OK) {
        cub_free_secret(bytes, len);
        cub_free(ticket);
        return NULL;
    }
    atomic_init(&ticket->owners, 1);
    ticket->bytes = bytes;
    ticket->len = len;
    return ticket;
}

struct cub_ticket *cub_ticket_ref(struct cub_ticket *ticket)
{
    if (ticket)
        atomic_fetch_add_explicit(&ticket->owners, 1, memory_order_relaxed);
    return ticket;
}

void cub_ticket_free(struct cub_ticket *ticket)
{
    if (!ticket || atomic_fetch_sub_explicit(&ticket->owners, 1, memory_order_acq_rel) != 1)
        return;
    cub_free_secret(ticket->bytes, ticket->len);
    cub_free(ticket);
}

const struct cub_session_state *cub_ticket_view(const struct cub_ticket *ticket)
{
    return &ticket->view;
}

struct cub_bytes cub_ticket_bytes(const struct cub_ticket *ticket)
{
    return (struct cub_bytes){ticket->bytes, ticket->len};
}

struct cub_ticket_pool *cub_ticket_pool_new(void)
{
    struct cub_ticket_pool *pool = cub_alloc(sizeof *pool);

    if (pool && pthread_mutex_init(&pool->lock, NULL) != 0) {
        cub_free(pool);
        return NULL;
    }
    if (pool)
        atomic_init(&pool->owners, 1);
    return pool;
}

struct cub_ticket_pool *cub_ticket_pool_ref(struct cub_ticket_pool *pool)
{
    atomic_fetch_add_explicit(&pool->owners, 1, memory_order_relaxed);
    return pool;
}

void cub_ticket_pool_free(struct cub_ticket_pool *pool)
{
    if (!pool || atomic_fetch_sub_explicit(&pool->owners, 1, memory_order_acq_rel) != 1)
        return;
    for (unsigned i = 0; i < pool->count; i++)
        cub_ticket_free(pool->tickets[i]);
    (void)pthread_mutex_destroy(&pool->lock);
    cub_free(pool);
}

void cub_ticket_pool_add(struct cub_ticket_pool *pool, struct cub_ticket *ticket)
{
    (void)pthread_mutex_lock(&pool->lock);
    if (pool->count == POOL_MAX) {
        cub_ticket_free(pool->tickets[0]);
        pool->count--;
        for (unsigned i = 0; i < pool->count; i++)
            pool->tickets[i] = pool->tickets[i + 1];
    }
    pool->tickets[pool->count++] = cub_ticket_ref(ticket);
    (void)pthread_mutex_unlock(&pool->lock);
}

struct cub_ticket *cub_ticket_pool_take(struct cub_ticket_pool *pool)
{
    struct cub_ticket *ticket = NULL;

    (void)pthread_mutex_lock(&pool->lock);
    if (pool->count > 0)
        ticket = pool->tickets[--pool->count];
    (void)pthread_mutex_unlock(&pool->lock);
    return ticket;
}

struct cub_ticket *cub_ticket_pool_look(struct cub_ticket_pool *pool)
{
    struct cub_ticket *ticket = NULL;

    (void)pthread_mutex_lock(&pool->lock);
    if (pool->count > 0)
        ticket = cub_ticket_ref(pool->tickets[pool->count - 1]);
    (void)pthread_mutex_unlock(&pool->lock);
    return ticket;
}
