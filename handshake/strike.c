#include "handshake/strike.h"

#include <string.h>

#include "crypto/bytes.h"

enum cub_error cub_strike_claim(void *context, void *owner, const struct cub_first_flight *flight)
{
    const struct cub_strike_register *strikes = context;
    struct cub_strike *set, *place = NULL;

    (void)owner;
    /* A copy may have been accepted before we could record it [RFC8446-8.2]. */
    if (flight->from < strikes->since || flight->id.len < sizeof set->id)
        return E_EARLY_DATA_REFUSED;
    /* Identifiers are output of HMAC: their bytes are as good a hash as any. */
    set = strikes->entries +
          cub_load_be32(flight->id.data) % (strikes->size / CUB_STRIKE_WAYS) * CUB_STRIKE_WAYS;
    for (unsigned i = 0; i < CUB_STRIKE_WAYS; i++) {
        if (set[i].until < flight->now)
            place = &set[i];
        else if (memcmp(set[i].id, flight->id.data, sizeof set[i].id) == 0)
            return E_EARLY_DATA_REFUSED;
    }
    if (place == NULL)
        return E_EARLY_DATA_REFUSED;
    place->until = flight->until;
    memcpy(place->id, flight->id.data, sizeof place->id);
    return E_OK;
}
