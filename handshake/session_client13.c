/*
 * What a client of TLS 1.3 does with sessions: takes tickets, and offers them as keys.
 */
#include "crypto/bytes.h"
#include "handshake/psk.h"
#include "handshake/resume.h"
#include "handshake/schedule13.h"

static bool usable(const struct cub_engine *e)
{
    return e->session->ticket.len > 0 && cub_session_usable(e, e->session, CUB_TLS1_3) &&
           cub_session_names(e->session, e);
}

static void key(const struct cub_engine *e, struct cub_psk *psk)
{
    *psk = cub_session_psk(e, e->session);
    psk->age = (uint32_t)(e->config->now(e->owner) - e->session->issued) + e->session->age_add;
}

static void take_ticket(struct cub_engine *e, const struct cub_new_session_ticket *nst)
{
    const struct cub_config *config = e->config;
    uint8_t psk[CUB_HASH_MAX_SIZE];
    struct cub_session_state session;

    /* A lifetime of zero: to be discarded at once [RFC8446-4.6.1]. */
    if (config->new_session == NULL || config->now == NULL || nst->ticket_lifetime == 0)
        return;
    session = cub_session_of_client(e, nst->ticket_lifetime, CUB_SESSION_MAX_LIFETIME);
    session.age_add = nst->ticket_age_add;
    session.max_early_data = nst->max_early_data_size;
    session.ticket = nst->ticket;
    cub_resumption_psk(cub_hash_of(e), e->resumption_secret, nst->ticket_nonce.data,
                       nst->ticket_nonce.len, psk);
    session.secret = (struct cub_view){psk, cub_hash_of(e)->size};
    config->new_session(e->owner, &session);
    cub_wipe(psk, sizeof psk);
}

const struct cub_session_client cub_session_client13 = {usable, key, take_ticket};
