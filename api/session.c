#include "api/session.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "api/memory.h"
#include "api/result.h"
#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "x509/path.h"

struct cub_ssl_session {
    atomic_uint owners;
    atomic_bool forgotten;
    cub_context *context; /* NULL: loaded from bytes */
    int64_t time;         /* seconds since 1970 */
    uint8_t id[32];
    uint8_t id_len;
    struct cub_ticket *ticket;    /* that it was made from; NULL: it cannot be resumed */
    struct cub_ticket_pool *pool; /* TLS 1.3: tickets that can be offered; else NULL */
};

cub_session *cub_session_ref(cub_session *session)
{
    atomic_fetch_add_explicit(&session->owners, 1, memory_order_relaxed);
    return session;
}

void cub_session_free(cub_session *session)
{
    if (!session || atomic_fetch_sub_explicit(&session->owners, 1, memory_order_acq_rel) != 1)
        return;
    cub_ticket_free(session->ticket);
    cub_ticket_pool_free(session->pool);
    cub_context_free(session->context);
    cub_free(session);
}

cub_session *cub_session_without_ticket(cub_context *context)
{
    cub_session *session = cub_alloc(sizeof *session);

    if (!session)
        return NULL;
    atomic_init(&session->owners, 1);
    atomic_init(&session->forgotten, false);
    session->context = context ? cub_context_ref(context) : NULL;
    session->time = (int64_t)time(NULL);
    return session;
}

/* An identifier is made of the ticket, as OpenSSL does. */
static void take_id(cub_session *session, const struct cub_session_state *view)
{
    if (view->ticket.len) {
        cub_hash_once(&cub_sha256, view->ticket.data, view->ticket.len, session->id);
        session->id_len = sizeof session->id;
    } else if (view->id.len) {
        memcpy(session->id, view->id.data, view->id.len);
        session->id_len = (uint8_t)view->id.len;
    }
}

/*
 * Makes it a session of these bytes, which it takes over; tickets of TLS 1.3 go to the pool of the
 * family, or a new one.
 */
static enum cub_error take_bytes(cub_session *session, uint8_t *bytes, size_t len,
                                 const cub_session *family)
{
    enum cub_error error;
    const struct cub_session_state *view;

    session->ticket = cub_ticket_new(bytes, len, &error);
    if (!session->ticket)
        return error;
    view = cub_ticket_view(session->ticket);
    take_id(session, view);
    session->time = (int64_t)(view->issued / 1000);
    if (view->version != CUB_TLS1_3)
        return E_OK;
    session->pool =
        family && family->pool ? cub_ticket_pool_ref(family->pool) : cub_ticket_pool_new();
    if (!session->pool)
        return E_MEMORY;
    cub_ticket_pool_add(session->pool, session->ticket);
    return E_OK;
}

cub_session *cub_session_with_ticket(cub_context *context, const struct cub_session_state *engines,
                                     const struct cub_peer *peer, const cub_session *family)
{
    cub_session *session = cub_session_without_ticket(context);
    struct cub_session_state whole = *engines;
    struct cub_buffer certificates = {0};
    uint8_t *bytes = NULL;
    size_t len = 0;
    bool ok;

    if (session && cub_peer_save(peer, &certificates)) {
        whole.data = (struct cub_view){certificates.data, certificates.len};
        len = cub_session_size(&whole);
        bytes = cub_alloc(len);
    }
    ok = bytes && cub_session_encode(&whole, bytes, len, &len) == E_OK;
    if (!ok)
        cub_free_secret(bytes, len);
    ok = ok && take_bytes(session, bytes, len, family) == E_OK;
    cub_buffer_free(&certificates);
    if (ok)
        return session;
    cub_session_free(session);
    return NULL;
}

struct cub_ticket *cub_session_take(const cub_session *session, bool again)
{
    struct cub_ticket *ticket;

    if (!session || !session->ticket || atomic_load(&session->forgotten))
        return NULL;
    if (!session->pool)
        return cub_ticket_ref(session->ticket);
    ticket = cub_ticket_pool_take(session->pool);
    return ticket || !again ? ticket : cub_ticket_ref(session->ticket);
}

void cub_session_forget(cub_session *session)
{
    atomic_store(&session->forgotten, true);
}

const cub_context *cub_session_context(const cub_session *session)
{
    return session->context;
}

void cub_session_get_id(const cub_session *session, struct cub_bytes *id)
{
    *id = (struct cub_bytes){session->id, session->id_len};
}

int64_t cub_session_get_time(const cub_session *session)
{
    return session->time;
}

int64_t cub_session_get_timeout(const cub_session *session)
{
    return session->ticket ? cub_ticket_view(session->ticket)->lifetime : CUB_SESSION_MAX_LIFETIME;
}

int64_t cub_session_get_ticket_lifetime_hint(const cub_session *session)
{
    return cub_session_get_has_ticket(session) ? cub_session_get_timeout(session) : 0;
}

bool cub_session_get_has_ticket(const cub_session *session)
{
    return session->ticket && cub_ticket_view(session->ticket)->ticket.len > 0;
}

/* What of it can still be offered. NULL: nothing. */
static struct cub_ticket *unused(const cub_session *session)
{
    return session->pool ? cub_ticket_pool_look(session->pool) : cub_ticket_ref(session->ticket);
}

cub_result cub_session_save(const cub_session *session, uint8_t **bytes, size_t *len)
{
    struct cub_ticket *ticket = unused(session);
    struct cub_bytes whole;

    *bytes = NULL;
    *len = 0;
    if (!ticket)
        return cub_report(NULL, E_SESSION_NO_TICKET);
    whole = cub_ticket_bytes(ticket);
    *bytes = cub_memdup(whole.data, whole.len);
    cub_ticket_free(ticket);
    if (!*bytes)
        return CUB_MemoryError;
    *len = whole.len;
    return CUB_OK;
}

cub_result cub_session_load(const void *bytes, size_t len, cub_session **out)
{
    cub_session *session = cub_session_without_ticket(NULL);
    uint8_t *copy = session ? cub_memdup(bytes, len) : NULL;
    enum cub_error error = copy ? take_bytes(session, copy, len, NULL) : E_MEMORY;

    *out = NULL;
    if (error == E_OK)
        *out = session;
    else
        cub_session_free(session);
    return cub_report(NULL, error);
}

/* A list: a number of certificates, each behind its length in three bytes. */
static bool put_list(struct cub_buffer *out, const struct cub_bytes *list, size_t count)
{
    uint8_t head[3] = {(uint8_t)count};
    bool ok = cub_buffer_append(out, head, 1);

    for (size_t i = 0; ok && i < count; i++) {
        cub_store_be24(head, (uint32_t)list[i].len);
        ok = cub_buffer_append(out, head, 3) && cub_buffer_append(out, list[i].data, list[i].len);
    }
    return ok;
}

/* Reads a list's views into list, which has room for max. -1: it is none. */
static int take_list(struct cub_view *v, struct cub_bytes *list, unsigned max)
{
    unsigned count = v->len ? v->data[0] : max + 1;

    if (count > max)
        return -1;
    v->data++;
    v->len--;
    for (unsigned i = 0; i < count; i++) {
        size_t len = v->len < 3 ? SIZE_MAX : cub_load_be24(v->data);
        if (v->len < 3 || len > v->len - 3)
            return -1;
        list[i] = (struct cub_bytes){v->data + 3, len};
        v->data += 3 + len;
        v->len -= 3 + len;
    }
    return (int)count;
}

/* Tickets of more than this are a burden; then the leaf must do. */
#define SAVED_MAX 8000

static size_t total(const struct cub_bytes *list, size_t count)
{
    size_t sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += list[i].len;
    return sum;
}

bool cub_peer_save(const struct cub_peer *peer, struct cub_buffer *out)
{
    bool whole =
        total(peer->sent, peer->sent_count) + total(peer->path, peer->path_count) <= SAVED_MAX;

    return put_list(out, peer->sent, whole || !peer->sent_count ? peer->sent_count : 1) &&
           put_list(out, peer->path, whole || !peer->path_count ? peer->path_count : 1) &&
           put_list(out, &peer->raw_key, peer->raw_key.len > 0);
}

bool cub_peer_restore(struct cub_peer *peer, struct cub_view bytes)
{
    struct cub_bytes sent[CUB_PEER_MAX_CERTS], path[CUB_PATH_MAX], raw_key;
    int sent_count = take_list(&bytes, sent, CUB_PEER_MAX_CERTS);
    int path_count = sent_count < 0 ? -1 : take_list(&bytes, path, CUB_PATH_MAX);
    int raw_count = path_count < 0 ? -1 : take_list(&bytes, &raw_key, 1);

    cub_peer_free(peer);
    if (raw_count < 0 || bytes.len)
        return false;
    if (raw_count > 0)
        return cub_peer_set_raw_key(peer, raw_key.data, raw_key.len);
    for (int i = 0; i < sent_count; i++)
        if (cub_peer_verifier.certificate(peer, sent[i].data, sent[i].len) != E_OK)
            return false;
    if (path_count && !cub_peer_set_path(peer, path, (size_t)path_count))
        return false;
    peer->verified = path_count > 0;
    return true;
}
