/*
 * What a client of TLS 1.2 does with sessions: those of tickets [RFC5077] and those of ids
 * [RFC5246-F.1.4].
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/actions.h"
#include "handshake/offers.h"
#include "handshake/resume.h"
#include "handshake/schedule12.h"

#define DEFAULT_LIFETIME 7200 /* seconds, where the server says nothing */
#define MESSAGE_ROOM     64   /* bytes of handshake memory that what follows a ticket may need */

/*
 * Whether e->session may be offered. One without extended master secret is not safe with a
 * certificate of ours, and is offered for the sake of old servers only [RFC7627-5.3].
 */
static bool check_session(const struct cub_engine *e)
{
    const struct cub_session_state *session = e->session;

    return session != NULL && (session->ticket.len > 0 || session->id.len > 0) &&
           cub_session_usable(e, session, CUB_TLS1_2) && cub_session_names(session, e) &&
           (session->extended_master_secret || e->config->num_credentials == 0);
}

/* With a ticket comes an id of ours, by whose echo the server shows that it took it [RFC5077-3.4].
 */
static enum cub_error set_id(struct cub_engine *e, struct cub_view id)
{
    struct cub_handshake *hs = e->hs;

    if (id.len > 0) {
        memcpy(hs->session_id, id.data, id.len);
        hs->session_id_len = (uint8_t)id.len;
        return E_OK;
    }
    /* In compatibility mode it is there. */
    if (hs->session_id_len > 0)
        return E_OK;
    hs->session_id_len = CUB_SESSION_ID_SIZE;
    return cub_random_fill(e->config->random, hs->session_id, CUB_SESSION_ID_SIZE);
}

static bool has_tickets(const struct cub_engine *e)
{
    return !(e->config->flags & CUB_FLAG_NO_TICKET);
}

/* Decides, before a first ClientHello, whether it offers the session. */
enum cub_error cub_prepare12(struct cub_engine *e)
{
    if (e->config->profile->session_client12 == NULL || !check_session(e) ||
        (!has_tickets(e) && e->session->id.len == 0))
        return E_OK;
    e->hs->session_offered12 = 1;
    return set_id(e, e->session->id);
}

/* The ticket, or an empty one to ask for one [RFC5077-3.2]. */
bool cub_put_session_ticket(struct cub_engine *e, struct wr *w)
{
    const struct cub_config *config = e->config;
    bool wants_one = has_tickets(e) && config->new_session != NULL && cub_has_sessions(e);

    if (config->profile->session_client12 == NULL)
        return false;
    if (!e->hs->session_offered12)
        return wants_one;
    wr_bytes(w, e->session->ticket.data, e->session->ticket.len);
    return wants_one || e->session->ticket.len > 0;
}

static enum cub_error resume(struct cub_engine *e, const struct cub_server_hello *hello)
{
    const struct cub_session_state *session = e->session;
    bool extended = (e->hs->answered & EXT_BIT(EXT_EXTENDED_MASTER_SECRET)) != 0;

    if (hello->cipher_suite != session->suite)
        return E_SH_SESSION_CIPHER;
    if (extended != session->extended_master_secret)
        return E_SH_SESSION_EMS;
    memcpy(e->master_secret, session->secret.data, CUB_MASTER_SECRET);
    e->psk = CUB_PSK_RESUMPTION;
    e->group = cub_find_group(e, session->group);
    cub_session_use(e, session);
    e->hs->proofs |= PROOF_PSK;
    return E_OK;
}

static void note_id(struct cub_engine *e, struct cub_view id)
{
    if (id.len > 0)
        memcpy(e->hs->session_id, id.data, id.len);
    e->hs->session_id_answer = (uint8_t)id.len;
}

const struct cub_session12_client cub_session_client12 = {resume, note_id};

/*
 * A ticket is not to be used before the server's Finished [RFC5077-3.3]. Until then it stays at the
 * end of the handshake memory, if it leaves enough for what follows.
 */
static void hold(struct cub_engine *e, struct cub_view ticket)
{
    struct cub_assembly *a = &e->assembly;

    if (ticket.len == 0 || a->size - a->len < ticket.len + MESSAGE_ROOM)
        return;
    a->size -= ticket.len;
    memcpy(a->buffer + a->size, ticket.data, ticket.len);
    e->hs->ticket = (struct cub_view){a->buffer + a->size, ticket.len};
}

enum cub_error cub_recv_new_session_ticket12(struct cub_engine *e)
{
    struct cub_view ticket;
    enum cub_error err =
        cub_new_session_ticket12_decode(&e->message.body, &e->hs->ticket_lifetime, &ticket);

    if (err == E_OK)
        hold(e, ticket);
    return err;
}

/* Gives the session to the owner, if there is anything new about it. */
enum cub_error cub_keep_session12(struct cub_engine *e)
{
    const struct cub_config *config = e->config;
    struct cub_handshake *hs = e->hs;
    uint32_t lifetime = hs->ticket_lifetime != 0 ? hs->ticket_lifetime : DEFAULT_LIFETIME;
    struct cub_session_state session;

    if (config->new_session != NULL && (hs->ticket.len > 0 || hs->session_id_answer > 0)) {
        session = cub_session_of_client(e, lifetime, CUB_SESSION_MAX_LIFETIME12);
        session.extended_master_secret = e->extended_master_secret;
        session.secret = (struct cub_view){e->master_secret, CUB_MASTER_SECRET};
        session.ticket = hs->ticket;
        /* A ticket takes the place of an id [RFC5077-3.4]. */
        if (hs->ticket.len == 0)
            session.id = (struct cub_view){hs->session_id, hs->session_id_answer};
        config->new_session(e->owner, &session);
    }
    e->assembly.size += hs->ticket.len;
    hs->ticket.len = 0;
    return E_OK;
}
