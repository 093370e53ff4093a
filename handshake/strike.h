/*
 * A replay store of fixed size: the strike register of [RFC8446-8.2]. One process, one thread at a
 * time: who shares it between threads locks it around cub_strike_claim.
 *
 *     static struct cub_strike entries[1024];
 *     struct cub_strike_register strikes = {entries, 1024, now()};
 *     struct cub_replay_store store = {cub_strike_claim, &strikes};
 */
#ifndef CUB_HANDSHAKE_STRIKE_H
#define CUB_HANDSHAKE_STRIKE_H

#include "handshake/session.h"

#define CUB_STRIKE_WAYS 8 /* entries that are looked at for one flight */

struct cub_strike {
    uint64_t until; /* ms; 0: free */
    uint8_t id[16];
};

/*
 * size is a multiple of CUB_STRIKE_WAYS. It bounds the flights that are accepted within twice the
 * window: after size * 0.5 or so some are refused. since: when it began to record, in ms of
 * config->now; what could have come before is refused.
 */
struct cub_strike_register {
    struct cub_strike *entries;
    uint32_t size;
    uint64_t since;
};

/* The function of struct cub_replay_store; context is a struct cub_strike_register. */
enum cub_error cub_strike_claim(void *context, void *owner, const struct cub_first_flight *flight);

#endif
