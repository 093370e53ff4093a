/*
 * What both roles do with pre-shared keys and sessions of TLS 1.3.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/actions.h"
#include "handshake/psk.h"
#include "handshake/schedule13.h"

#define MAX_SKEW 10000 /* ms by which the clocks of servers that share tickets may differ */

bool cub_using_psk(const struct cub_engine *e)
{
    return e->psk != CUB_PSK_NONE;
}

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

bool cub_session_usable(const struct cub_engine *e, const struct cub_session_state *session,
                        uint64_t *age)
{
    uint64_t now;

    if (e->config->now == NULL)
        return false;
    now = e->config->now(e->owner);
    *age = now > session->issued ? now - session->issued : 0;
    /* No chain of resumptions lives longer than one ticket may [RFC8446-4.6.1]. */
    return within(session->issued, now, session->lifetime) &&
           within(session->issued, now, CUB_SESSION_MAX_LIFETIME) &&
           within(session->established, now, CUB_SESSION_MAX_LIFETIME) &&
           session->version == CUB_TLS1_3 &&
           cub_find_suite(e, CUB_TLS1_3, session->suite) != NULL &&
           cub_find_suite(e, CUB_TLS1_3, session->suite)->hash->size == session->secret.len &&
           session->verify_mode == e->config->verify_mode &&
           same(session->binding, e->config->session_binding);
}

struct cub_psk cub_session_psk(const struct cub_engine *e, const struct cub_session_state *session)
{
    struct cub_psk psk = {
        .identity = session->ticket,
        .key = session->secret,
        .hash = cub_find_suite(e, CUB_TLS1_3, session->suite)->hash,
        .kind = CUB_PSK_RESUMPTION,
        .suite = session->suite,
    };

    return psk;
}

void cub_psk_binder(const struct cub_psk *psk, const uint8_t *transcript, uint8_t *early_secret,
                    uint8_t *binder)
{
    static const char *const labels[] = {
        [CUB_PSK_RESUMPTION] = "res binder",
        [CUB_PSK_EXTERNAL] = "ext binder",
        [CUB_PSK_IMPORTED] = "imp binder", /* [RFC9258-5.2] */
    };
    uint8_t binder_key[CUB_HASH_MAX_SIZE];

    cub_early_secret(psk->hash, psk->key.data, psk->key.len, early_secret);
    cub_derive_secret_empty(psk->hash, early_secret, labels[psk->kind], binder_key);
    cub_finished_mac(psk->hash, binder_key, transcript, binder);
    cub_wipe(binder_key, sizeof binder_key);
}

struct cub_session_state cub_session_of(struct cub_engine *e)
{
    struct cub_session_state session = {
        .version = e->version,
        .suite = e->suite->id,
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
