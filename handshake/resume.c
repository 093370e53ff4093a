#include "handshake/resume.h"

#include <string.h>

#include "crypto/bytes.h"
#include "handshake/actions.h"

#define MAX_SKEW         10000 /* ms by which the clocks of servers that share tickets may differ */
#define DEFAULT_LIFETIME 7200  /* seconds */

static bool same(struct cub_view a, struct cub_view b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Within lifetime seconds of then. */
static bool within(uint64_t then, uint64_t now, uint32_t lifetime)
{
    if (then > now)
        return then - now <= MAX_SKEW;
    return now - then < (uint64_t)lifetime * 1000;
}

/* No chain of resumptions lives longer than one session may [RFC8446-4.6.1]. */
static bool is_fresh(const struct cub_session_state *session, uint64_t now, uint32_t most)
{
    return within(session->issued, now, session->lifetime) && within(session->issued, now, most) &&
           within(session->established, now, most);
}

bool cub_has_sessions(const struct cub_engine *e)
{
    return e->config->now != NULL;
}

bool cub_session_usable(const struct cub_engine *e, const struct cub_session_state *session,
                        uint16_t version)
{
    const struct cub_suite *suite = cub_find_suite(e, version, session->suite);
    bool is_psk = version == CUB_TLS1_3;

    return e->config->now != NULL && session->version == version && suite != NULL &&
           session->secret.len == (is_psk ? suite->hash->size : CUB_MAX_SECRET) &&
           session->verify_mode == e->config->verify_mode &&
           same(session->binding, e->config->session_binding) &&
           is_fresh(session, e->config->now(e->owner),
                    is_psk ? CUB_SESSION_MAX_LIFETIME : CUB_SESSION_MAX_LIFETIME12);
}

static struct cub_view view_of(const char *name)
{
    return (struct cub_view){(const uint8_t *)name, name != NULL ? strlen(name) : 0};
}

bool cub_session_names(const struct cub_session_state *session, const struct cub_engine *e)
{
    return same(session->server_name, view_of(e->server_name));
}

void cub_session_use(struct cub_engine *e, const struct cub_session_state *session)
{
    e->established = session->established;
    e->peer_scheme = session->scheme;
}

static struct cub_session_state session_of(struct cub_engine *e)
{
    struct cub_session_state session = {
        .version = e->version,
        .suite = e->suite->id,
        .group = e->group != NULL ? e->group->id : 0,
        .scheme = e->peer_scheme,
        .verify_mode = e->config->verify_mode,
        .alpn = e->alpn,
        .binding = e->config->session_binding,
        .issued = e->config->now(e->owner),
    };

    if (e->established == 0)
        e->established = session.issued;
    session.established = e->established;
    return session;
}

struct cub_session_state cub_session_of_client(struct cub_engine *e, uint32_t lifetime,
                                               uint32_t most)
{
    struct cub_session_state session = session_of(e);

    session.lifetime = lifetime < most ? lifetime : most;
    session.record_size_limit = e->peer_record_limit;
    session.server_name = view_of(e->server_name);
    return session;
}

/* No longer than what the session descends from [RFC8446-4.6.1]. */
static uint32_t lifetime_of(const struct cub_engine *e, const struct cub_session_state *session,
                            uint32_t most)
{
    uint64_t age = session->issued - session->established;
    uint32_t lifetime = e->config->ticket_lifetime;
    uint32_t left;

    /* The clock of the server where it began may be ahead. */
    if (session->established > session->issued)
        age = 0;
    if (age >= (uint64_t)most * 1000)
        return 0;
    left = most - (uint32_t)age / 1000;
    if (lifetime == 0)
        lifetime = DEFAULT_LIFETIME;
    return lifetime < left ? lifetime : left;
}

struct cub_session_state cub_session_of_server(struct cub_engine *e, uint32_t most)
{
    struct cub_session_state session = session_of(e);

    session.lifetime = lifetime_of(e, &session, most);
    session.server_name = (struct cub_view){e->hs->name_hash, e->hs->name_hash_len};
    if (e->config->session_data != NULL)
        session.data = e->config->session_data(e->owner);
    return session;
}

/* By its hash, which is of one size. The hash is the profile's first, as the suite is not known
 * yet. */
void cub_session_note_name(struct cub_engine *e, struct cub_view name)
{
    struct cub_handshake *hs = e->hs;
    uint8_t digest[CUB_HASH_MAX_SIZE];

    hs->name_hash_len = name.len > 0 ? sizeof hs->name_hash : 0;
    if (name.len == 0)
        return;
    cub_hash_once(e->config->profile->suites[0]->hash, name.data, name.len, digest);
    memcpy(hs->name_hash, digest, sizeof hs->name_hash);
}

enum cub_error cub_session_find(struct cub_engine *e,
                                enum cub_error (*open)(void *context, void *owner, uint8_t *buffer,
                                                       size_t *len, size_t size),
                                void *context, struct cub_view ticket,
                                struct cub_session_state *session)
{
    uint8_t *spare = e->assembly.buffer + e->assembly.len;
    size_t size = e->assembly.size - e->assembly.len;
    struct cub_view name = {e->hs->name_hash, e->hs->name_hash_len};
    size_t len = ticket.len;
    enum cub_error err;

    if (len > size)
        return E_SESSION_UNKNOWN;
    memcpy(spare, ticket.data, len);
    err = open(context, e->owner, spare, &len, size);
    if (err != E_OK)
        return err;
    err = cub_session_decode(session, spare, len);
    if (err == E_OK &&
        (!cub_session_usable(e, session, e->version) || !same(session->server_name, name)))
        err = E_SESSION_UNKNOWN;
    if (err != E_OK)
        cub_wipe(spare, len);
    return err;
}

void cub_session_wipe(const struct cub_session_state *session)
{
    cub_wipe((uint8_t *)(uintptr_t)session->secret.data, session->secret.len);
}

enum cub_error cub_session_seal(struct cub_engine *e, const struct cub_session_state *session)
{
    const struct cub_session_store *store = e->config->session_store;
    struct wr *w = &e->reply.w;
    uint8_t *p = w->buffer + w->pos;
    size_t size = w->size > w->pos ? w->size - w->pos : 0;
    size_t len, encoded;
    enum cub_error err = cub_session_encode(session, p, size, &len);

    encoded = len;
    if (err == E_OK)
        err = store->seal(store->context, e->owner, p, &len, size);
    if (err != E_OK)
        return err;
    /* What is longer than its ticket stands behind that. */
    if (encoded > len)
        cub_wipe(p + len, encoded - len);
    w->pos += len;
    return E_OK;
}
