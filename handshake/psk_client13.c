/*
 * What a client of TLS 1.3 does with sessions and other pre-shared keys.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/psk.h"
#include "handshake/schedule13.h"

/* Keys of one hash can be offered while a suite with it can be: after a retry, the one suite. */
static bool hash_possible(const struct cub_engine *e, const struct cub_hash *hash)
{
    if (e->retried)
        return e->suite->hash == hash;
    for (const struct cub_suite *const *s = cub_suites_of(e); *s != NULL; s++) {
        if ((*s)->version == CUB_TLS1_3 && (*s)->hash == hash)
            return true;
    }
    return false;
}

/* The name that the session is for is the one that we connect to [RFC8446-4.6.1]. */
static bool same_name(const struct cub_session_state *session, const char *name)
{
    size_t i = 0;

    while (i < session->server_name.len && name != NULL && name[i] != 0 &&
           (uint8_t)name[i] == session->server_name.data[i])
        i++;
    return i == session->server_name.len && (name == NULL || name[i] == 0);
}

/* Whether e->session may be offered: decided once, as time goes on. */
static bool check_session(const struct cub_engine *e)
{
    uint64_t age;

    return e->session != NULL && e->session->ticket.len > 0 &&
           cub_session_usable(e, e->session, &age) && same_name(e->session, e->server_name);
}

/* The i-th of the keys that a ClientHello offers; false: there are not so many. */
static bool offered_psk(const struct cub_engine *e, unsigned i, struct cub_psk *psk)
{
    const struct cub_config *config = e->config;

    if (e->hs->session_offered) {
        *psk = cub_session_psk(e, e->session);
        if (hash_possible(e, psk->hash) && i-- == 0)
            return true;
    }
    for (unsigned j = 0; config->psk_to_offer != NULL; j++) {
        memset(psk, 0, sizeof *psk);
        psk->kind = CUB_PSK_EXTERNAL;
        if (!config->psk_to_offer(e->owner, j, psk))
            break;
        if (hash_possible(e, psk->hash) && i-- == 0)
            return true;
    }
    return false;
}

/* In ms, obfuscated [RFC8446-4.2.11.1]. */
static uint32_t obfuscated_age(const struct cub_engine *e, const struct cub_psk *psk)
{
    uint64_t now;

    if (psk->kind != CUB_PSK_RESUMPTION)
        return 0;
    now = e->config->now(e->owner);
    return (uint32_t)(now - e->session->issued) + e->session->age_add;
}

/* OfferedPsks, with zeros for binders: they cover what is not written yet. */
static void put_psks(struct wr *w, const void *context)
{
    static const uint8_t zeros[CUB_HASH_MAX_SIZE];
    const struct cub_engine *e = context;
    struct cub_psk psk;
    size_t list = wr_open(w, 2);

    for (unsigned i = 0; offered_psk(e, i, &psk); i++) {
        wr_view(w, 2, psk.identity);
        wr_uint(w, 4, obfuscated_age(e, &psk));
    }
    wr_close(w, list, 2);
    list = wr_open(w, 2);
    for (unsigned i = 0; offered_psk(e, i, &psk); i++)
        wr_view(w, 1, (struct cub_view){zeros, psk.hash->size});
    wr_close(w, list, 2);
}

static void offer(struct cub_engine *e, struct cub_client_hello *hello)
{
    static const uint8_t modes[] = {1, 0}; /* psk_dhe_ke, psk_ke [RFC8446-4.2.9] */
    bool has_groups = hello->supported_groups.len > 0;
    bool has_ke = (e->config->flags & CUB_FLAG_PSK_KE) != 0;
    struct cub_psk psk;

    if (!e->retried)
        e->hs->session_offered = check_session(e);
    hello->psk_key_exchange_modes.data = has_groups ? modes : modes + 1;
    hello->psk_key_exchange_modes.len = (size_t)has_groups + has_ke;
    if (hello->psk_key_exchange_modes.len == 0)
        return;
    /* Without a key to offer they tell which tickets are of use. */
    hello->present |= (uint32_t)EXT_BIT(EXT_PSK_KEY_EXCHANGE_MODES);
    if (!offered_psk(e, 0, &psk))
        return;
    hello->present |= (uint32_t)EXT_BIT(EXT_PRE_SHARED_KEY);
    hello->put_psks = put_psks;
    hello->put_psks_context = e;
    /* With the first key, and not after a retry [RFC8446-4.2.10]. */
    if (psk.kind == CUB_PSK_RESUMPTION && !e->retried && e->config->profile->offer_early_data)
        e->config->profile->offer_early_data(e, hello);
}

static void bind(struct cub_engine *e)
{
    struct wr *w = &e->reply.w;
    uint8_t early_secret[CUB_HASH_MAX_SIZE];
    uint8_t digest[CUB_HASH_MAX_SIZE];
    size_t binders = 2;
    struct cub_psk psk;
    size_t truncated, pos;

    if (wr_overflow(w))
        return; /* which the driver refuses */
    for (unsigned i = 0; offered_psk(e, i, &psk); i++)
        binders += 1 + (size_t)psk.hash->size;
    truncated = w->pos - binders;
    pos = truncated + 2;
    for (unsigned i = 0; offered_psk(e, i, &psk); i++) {
        cub_transcript_output_with(&e->hs->transcript, psk.hash, w->buffer, truncated, digest);
        cub_psk_binder(&psk, digest, early_secret, w->buffer + pos + 1);
        pos += 1 + (size_t)psk.hash->size;
    }
    cub_wipe(early_secret, sizeof early_secret);
}

/* A key was chosen: is it one that can be meant [RFC8446-4.2.11]? */
static enum cub_error check_choice(const struct cub_engine *e, const struct cub_server_hello *hello,
                                   struct cub_psk *psk)
{
    if (!offered_psk(e, hello->selected_identity, psk))
        return E_SH_PSK_IDENTITY;
    if (psk->hash != cub_hash_of(e))
        return E_SH_PSK_HASH;
    if (!(hello->present & EXT_BIT(EXT_KEY_SHARE)) && !(e->config->flags & CUB_FLAG_PSK_KE))
        return E_SH_PSK_NO_KEY_SHARE;
    return E_OK;
}

static enum cub_error accept(struct cub_engine *e, const struct cub_server_hello *hello)
{
    struct cub_psk psk;
    enum cub_error err;

    if (!(hello->present & EXT_BIT(EXT_PRE_SHARED_KEY)))
        return E_OK;
    err = check_choice(e, hello, &psk);
    if (err != E_OK)
        return err;
    cub_early_secret(psk.hash, psk.key.data, psk.key.len, e->hs->secret);
    e->psk = psk.kind;
    if (psk.kind == CUB_PSK_RESUMPTION)
        e->established = e->session->established;
    e->hs->proofs |= PROOF_PSK;
    return E_OK;
}

static void take_ticket(struct cub_engine *e, const struct cub_new_session_ticket *nst)
{
    const struct cub_config *config = e->config;
    uint8_t psk[CUB_HASH_MAX_SIZE];
    struct cub_session_state session;
    const char *name = e->server_name;

    /* A lifetime of zero: to be discarded at once [RFC8446-4.6.1]. */
    if (config->new_session == NULL || config->now == NULL || nst->ticket_lifetime == 0)
        return;
    session = cub_session_of(e);
    session.lifetime = nst->ticket_lifetime;
    if (session.lifetime > CUB_SESSION_MAX_LIFETIME)
        session.lifetime = CUB_SESSION_MAX_LIFETIME;
    session.age_add = nst->ticket_age_add;
    session.max_early_data = nst->max_early_data_size;
    session.record_size_limit = e->peer_record_limit;
    session.ticket = nst->ticket;
    session.server_name.data = (const uint8_t *)name;
    while (name != NULL && name[session.server_name.len] != 0)
        session.server_name.len++;
    cub_resumption_psk(cub_hash_of(e), e->resumption_secret, nst->ticket_nonce.data,
                       nst->ticket_nonce.len, psk);
    session.secret = (struct cub_view){psk, cub_hash_of(e)->size};
    config->new_session(e->owner, &session);
    cub_wipe(psk, sizeof psk);
}

const struct cub_psk_client cub_psk_client13 = {offer, bind, accept, take_ticket};
