#include "api/tickets.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "api/conn.h"
#include "api/entropy.h"
#include "api/memory.h"
#include "crypto/bytes.h"
#include "handshake/ticket_keys.h"

/* Half a day; with three keys, tickets are good for a day at least. */
#define ROTATION_SECONDS 43200

struct cub_tickets {
    atomic_uint owners;
    pthread_mutex_t lock;
    struct cub_ticket_keys keys;
    struct cub_session_store store;
    bool given;        /* the keys are the application's */
    int64_t rotate_at; /* of cub_clock */
};

/* A new key, if it is time; the lock is held. */
static enum cub_error keep_fresh(struct cub_tickets *tickets)
{
    uint8_t key[CUB_TICKET_KEY_SIZE];
    int64_t now = cub_clock();
    enum cub_error error;

    if (tickets->given || (tickets->keys.count && now < tickets->rotate_at))
        return E_OK;
    error = cub_random_fill(&cub_system_random, key, sizeof key);
    if (error != E_OK)
        return error;
    cub_ticket_keys_rotate(&tickets->keys, key);
    tickets->rotate_at = now + ROTATION_SECONDS * INT64_C(1000000000);
    cub_wipe(key, sizeof key);
    return E_OK;
}

static enum cub_error seal(void *context, void *owner, uint8_t *buffer, size_t *len, size_t size)
{
    struct cub_tickets *tickets = context;
    enum cub_error error;

    (void)pthread_mutex_lock(&tickets->lock);
    error = keep_fresh(tickets);
    if (error == E_OK)
        error = cub_ticket_seal(&tickets->keys, owner, buffer, len, size);
    (void)pthread_mutex_unlock(&tickets->lock);
    return error;
}

static enum cub_error unseal(void *context, void *owner, uint8_t *buffer, size_t *len, size_t size)
{
    struct cub_tickets *tickets = context;
    enum cub_error error;

    (void)pthread_mutex_lock(&tickets->lock);
    error = cub_ticket_open(&tickets->keys, owner, buffer, len, size);
    (void)pthread_mutex_unlock(&tickets->lock);
    cub_conn_count_lookup(owner, error == E_OK ? buffer : NULL, *len);
    return error;
}

struct cub_tickets *cub_tickets_new(void)
{
    struct cub_tickets *tickets = cub_alloc(sizeof *tickets);

    if (tickets && pthread_mutex_init(&tickets->lock, NULL) != 0) {
        cub_free(tickets);
        return NULL;
    }
    if (!tickets)
        return NULL;
    atomic_init(&tickets->owners, 1);
    tickets->keys.aead = &cub_aes_256_gcm;
    tickets->keys.random = &cub_system_random;
    tickets->store = (struct cub_session_store){seal, unseal, tickets};
    return tickets;
}

struct cub_tickets *cub_tickets_ref(struct cub_tickets *tickets)
{
    atomic_fetch_add_explicit(&tickets->owners, 1, memory_order_relaxed);
    return tickets;
}

void cub_tickets_free(struct cub_tickets *tickets)
{
    if (!tickets || atomic_fetch_sub_explicit(&tickets->owners, 1, memory_order_acq_rel) != 1)
        return;
    (void)pthread_mutex_destroy(&tickets->lock);
    cub_free_secret(tickets, sizeof *tickets);
}

void cub_tickets_set_keys(struct cub_tickets *tickets, const uint8_t *keys, size_t count)
{
    (void)pthread_mutex_lock(&tickets->lock);
    tickets->given = true;
    tickets->keys.count = 0;
    /* Rotation puts each in front of those before. */
    for (size_t i = count < CUB_TICKET_KEYS ? count : CUB_TICKET_KEYS; i-- > 0;)
        cub_ticket_keys_rotate(&tickets->keys, keys + i * CUB_TICKET_KEY_SIZE);
    (void)pthread_mutex_unlock(&tickets->lock);
}

bool cub_tickets_given(struct cub_tickets *tickets)
{
    bool given;

    (void)pthread_mutex_lock(&tickets->lock);
    given = tickets->given;
    (void)pthread_mutex_unlock(&tickets->lock);
    return given;
}

const struct cub_session_store *cub_tickets_store(const struct cub_tickets *tickets)
{
    return &tickets->store;
}
