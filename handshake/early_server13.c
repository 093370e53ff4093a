/*
 * 0-RTT data as a server accepts or refuses it.
 */
#include "handshake/actions.h"
#include "handshake/server.h"

#define DEFAULT_WINDOW 10000 /* ms that a first flight may be early or late [RFC8446-8.3] */
#define DEFAULT_SKIP   16384 /* bytes */

uint32_t cub_early_skip(const struct cub_engine *e)
{
    uint32_t most = e->config->max_early_data;

    /* What may have been allowed, and a quarter more for the records around it. */
    if (most > UINT32_MAX / 2)
        return UINT32_MAX;
    return DEFAULT_SKIP + most + most / 4;
}

bool cub_early_possible(const struct cub_engine *e)
{
    return e->early == CUB_EARLY_NONE && !e->retried && (e->hs->offered & EXT_BIT(EXT_EARLY_DATA));
}

/* The first key was taken, it allows 0-RTT data, and all is as it was [RFC8446-4.2.10]. */
static bool is_eligible(const struct cub_engine *e)
{
    const struct cub_handshake *hs = e->hs;

    return e->config->max_early_data > 0 && e->config->replay_store != NULL &&
           e->psk == CUB_PSK_RESUMPTION && hs->psk_identity == 0 && e->early_left > 0 &&
           e->suite->id == hs->early_suite && e->alpn.data == hs->early_alpn;
}

/* Asks the replay store, whose key is the binder that was verified [RFC8446-8.2]. */
static enum cub_error claim(struct cub_engine *e)
{
    const struct cub_replay_store *store = e->config->replay_store;
    uint64_t arrival = e->hs->early_arrival;
    uint32_t window = e->config->early_data_window;
    struct cub_client_hello hello;
    struct cub_first_flight flight;
    struct rd body;

    if (window == 0)
        window = DEFAULT_WINDOW;
    flight.now = e->config->now(e->owner);
    flight.from = arrival > window ? arrival - window : 0;
    flight.until = arrival + window;
    cub_reread(e, &body);
    if (flight.now < flight.from || flight.now > flight.until ||
        cub_client_hello_decode(&body, &hello) != E_OK)
        return E_EARLY_DATA_REFUSED;
    flight.id.data = hello.psk_binders.data + 1;
    flight.id.len = hello.psk_binders.data[0];
    return store->claim(store->context, e->owner, &flight);
}

enum cub_error cub_consider_early_data(struct cub_engine *e)
{
    enum cub_error err = is_eligible(e) ? claim(e) : E_EARLY_DATA_REFUSED;

    if (err == E_WAIT_SESSION)
        return err;
    e->early = err == E_OK ? CUB_EARLY_ACCEPTED : CUB_EARLY_REJECTED;
    if (err == E_OK)
        e->in.skipping = 0;
    return E_OK;
}

/* It is empty, and the driver sees to that. */
enum cub_error cub_recv_end_of_early_data(struct cub_engine *e)
{
    (void)e;
    return E_OK;
}
