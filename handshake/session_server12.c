/*
 * What a server of TLS 1.2 does with sessions: those that it seals into tickets [RFC5077], and
 * those that it keeps itself [RFC5246-F.1.4].
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/actions.h"
#include "handshake/resume.h"
#include "handshake/schedule12.h"

/* Where tickets come from; NULL: there are none. */
static const struct cub_session_store *store_of(const struct cub_engine *e)
{
    return (e->config->flags & CUB_FLAG_NO_TICKET) ? NULL : e->config->session_store;
}

/* The session that a ClientHello offers: E_OK; else E_SESSION_UNKNOWN, or a wait. */
static enum cub_error find_session(struct cub_engine *e, const struct cub_client_hello *hello,
                                   struct cub_session_state *session)
{
    const struct cub_session_store *store = store_of(e);
    const struct cub_session_cache *cache = e->config->session_cache;

    /* An id beside a ticket is not looked for [RFC5077-3.4]. */
    if (hello->session_ticket.len > 0 && store != NULL)
        return cub_session_find(e, store->open, store->context, hello->session_ticket, session);
    if (hello->session_ticket.len == 0 && hello->legacy_session_id.len > 0 && cache != NULL)
        return cub_session_find(e, cache->open, cache->context, hello->legacy_session_id, session);
    return E_SESSION_UNKNOWN;
}

/* [RFC7627-5.3] */
static enum cub_error check_extended(const struct cub_client_hello *hello,
                                     const struct cub_session_state *session)
{
    bool offered = (hello->present & EXT_BIT(EXT_EXTENDED_MASTER_SECRET)) != 0;

    if (session->extended_master_secret && !offered)
        return E_CH_SESSION_EMS;
    /* A session without is resumed only for clients that know no better. */
    if (!session->extended_master_secret && offered)
        return E_SESSION_UNKNOWN;
    return E_OK;
}

/* More than half of a ticket's life is over, so that who keeps coming gets a new one in time. */
static bool is_ageing(const struct cub_engine *e, const struct cub_session_state *session)
{
    uint64_t now = e->config->now(e->owner);

    return now > session->issued && now - session->issued > (uint64_t)session->lifetime * 500;
}

static enum cub_error use(struct cub_engine *e, const struct cub_client_hello *hello,
                          const struct cub_session_state *session)
{
    const struct cub_config *config = e->config;
    struct cub_handshake *hs = e->hs;
    enum cub_error err = check_extended(hello, session);

    /* The client must offer the suite too [RFC5246-7.4.1.2]. */
    if (err == E_OK && !cub_list16_has(hello->cipher_suites, session->suite))
        err = E_SESSION_UNKNOWN;
    if (err == E_OK && config->resume != NULL && !config->resume(e->owner, session))
        err = E_SESSION_UNKNOWN;
    if (err != E_OK)
        return err;
    if (hello->session_ticket.len > 0 && !is_ageing(e, session))
        hs->ticket_expected = 0;
    memcpy(e->master_secret, session->secret.data, CUB_MASTER_SECRET);
    e->psk = CUB_PSK_RESUMPTION;
    e->suite = cub_find_suite(e, CUB_TLS1_2, session->suite);
    e->group = cub_find_group(e, session->group);
    cub_session_use(e, session);
    hs->session_id_answer = hs->session_id_len;
    hs->proofs |= PROOF_PSK;
    return E_OK;
}

/* A new session that no ticket is going to hold gets an id. */
static enum cub_error name_session(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;

    if (e->config->session_cache == NULL || hs->ticket_expected)
        return E_OK;
    hs->session_id_answer = CUB_SESSION_ID_SIZE;
    return cub_random_fill(e->config->random, hs->session_id, CUB_SESSION_ID_SIZE);
}

enum cub_error cub_select_session12(struct cub_engine *e)
{
    struct cub_client_hello hello;
    struct cub_session_state session;
    struct rd body;
    enum cub_error err;

    cub_reread(e, &body);
    err = cub_client_hello_decode(&body, &hello);
    if (err != E_OK)
        return err;
    cub_session_note_name(e, hello.server_name);
    e->hs->ticket_expected =
        store_of(e) != NULL && (hello.present & EXT_BIT(EXT_SESSION_TICKET)) != 0;
    err = find_session(e, &hello, &session);
    if (err == E_OK) {
        err = use(e, &hello, &session);
        cub_session_wipe(&session);
    }
    if (err == E_OK || err == E_WAIT_SESSION || err == E_CH_SESSION_EMS)
        return err;
    return name_session(e);
}

static struct cub_session_state new_session(struct cub_engine *e)
{
    struct cub_session_state session = cub_session_of_server(e, CUB_SESSION_MAX_LIFETIME12);

    session.extended_master_secret = e->extended_master_secret;
    session.secret = (struct cub_view){e->master_secret, CUB_MASTER_SECRET};
    return session;
}

enum cub_error cub_send_new_session_ticket12(struct cub_engine *e)
{
    struct cub_session_state session = new_session(e);
    struct wr *w = &e->reply.w;
    size_t message = cub_message_open(w, CUB_NEW_SESSION_TICKET);
    size_t ticket, empty;

    wr_uint(w, 4, session.lifetime);
    ticket = wr_open(w, 2);
    empty = w->pos;
    /* It was promised: if it cannot be made, an empty one takes its place [RFC5077-3.3]. */
    if ((session.lifetime == 0 || cub_session_seal(e, &session) != E_OK) && !wr_overflow(w)) {
        cub_wipe(w->buffer + empty, w->size - empty);
        w->pos = empty;
    }
    wr_close(w, ticket, 2);
    cub_message_close(w, message);
    return E_OK;
}

/* What cannot be kept is not missed. */
enum cub_error cub_cache_session12(struct cub_engine *e)
{
    const struct cub_session_cache *cache = e->config->session_cache;
    uint8_t *spare = e->assembly.buffer + e->assembly.len;
    size_t size = e->assembly.size - e->assembly.len;
    struct cub_session_state session;
    size_t len;

    if (e->hs->session_id_answer == 0)
        return E_OK;
    session = new_session(e);
    if (cub_session_encode(&session, spare, size, &len) == E_OK)
        (void)cache->put(cache->context, e->owner, e->hs->session_id, spare, len);
    cub_wipe(spare, size);
    return E_OK;
}
