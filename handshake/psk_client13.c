/*
 * What a client of TLS 1.3 does with pre-shared keys; those of sessions come from
 * session_client13.c.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/offers.h"
#include "handshake/psk.h"
#include "handshake/resume.h"
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

static bool offered(const struct cub_engine *e, unsigned i, struct cub_psk *psk)
{
    const struct cub_config *config = e->config;

    if (e->hs->session_offered) {
        config->profile->session_client->key(e, psk);
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

/* One external key, of the hash that all suites have. */
static bool offered_alone(const struct cub_engine *e, unsigned i, struct cub_psk *psk)
{
    const struct cub_config *config = e->config;

    memset(psk, 0, sizeof *psk);
    psk->kind = CUB_PSK_EXTERNAL;
    return i == 0 && config->psk_to_offer != NULL && config->psk_to_offer(e->owner, 0, psk);
}

bool cub_put_psk_modes(struct cub_engine *e, struct wr *w)
{
    const struct cub_profile *profile = e->config->profile;
    size_t list = wr_open(w, 1);

    if (profile->psk_client == NULL)
        return false;
    if (!e->retried && e->session != NULL && profile->session_client != NULL)
        e->hs->session_offered = profile->session_client->usable(e);
    /* Without a key to offer they tell which tickets are of use. */
    if (*cub_groups_of(e) != NULL)
        wr_uint(w, 1, 1); /* psk_dhe_ke [RFC8446-4.2.9] */
    if (e->config->flags & CUB_FLAG_PSK_KE)
        wr_uint(w, 1, 0); /* psk_ke */
    wr_close(w, list, 1);
    return w->pos > list;
}

bool cub_put_psk_ke(struct cub_engine *e, struct wr *w)
{
    wr_uint(w, 2, 0x0100); /* psk_ke [RFC8446-4.2.9] */
    return (e->config->flags & CUB_FLAG_PSK_KE) != 0;
}

/* OfferedPsks, with room for binders: they cover what is not written yet. */
bool cub_put_pre_shared_key(struct cub_engine *e, struct wr *w)
{
    const struct cub_psk_client *keys = e->config->profile->psk_client;
    size_t list = wr_open(w, 2), binders = 0;
    struct cub_psk psk;

    if (!(e->hs->offered & EXT_BIT(EXT_PSK_KEY_EXCHANGE_MODES)))
        return false;
    for (unsigned i = 0; keys->offered(e, i, &psk); i++) {
        wr_view(w, 2, psk.identity);
        wr_uint(w, 4, psk.age);
        binders += 1u + psk.hash->size;
    }
    wr_close(w, list, 2);
    e->hs->truncated_len = (uint32_t)w->pos;
    wr_uint(w, 2, (uint32_t)binders);
    w->pos += binders;
    return binders > 0;
}

enum cub_error cub_take_psk_identity(struct cub_engine *e, struct rd *r, uint8_t place)
{
    (void)place;
    e->hs->psk_identity = rd_u16(r);
    return E_OK;
}

static void bind(struct cub_engine *e)
{
    const struct cub_psk_client *keys = e->config->profile->psk_client;
    const struct wr *w = &e->reply.w;
    size_t truncated = e->hs->truncated_len;
    uint8_t *binder = w->buffer + truncated + 2;
    uint8_t early_secret[CUB_HASH_MAX_SIZE];
    uint8_t digest[CUB_HASH_MAX_SIZE];
    struct cub_psk psk;

    if (wr_overflow(w))
        return; /* which the driver refuses */
    for (unsigned i = 0; keys->offered(e, i, &psk); i++) {
        *binder++ = psk.hash->size;
        cub_transcript_output_with(&e->hs->transcript, psk.hash, w->buffer, truncated, digest);
        cub_psk_binder(&psk, digest, early_secret, binder);
        binder += psk.hash->size;
    }
    cub_wipe(early_secret, sizeof early_secret);
}

/* A key was chosen: is it one that can be meant [RFC8446-4.2.11]? */
static enum cub_error check_choice(const struct cub_engine *e, struct cub_psk *psk)
{
    if (!e->config->profile->psk_client->offered(e, e->hs->psk_identity, psk))
        return E_SH_PSK_IDENTITY;
    if (psk->hash != cub_hash_of(e))
        return E_SH_PSK_HASH;
    if (!(e->hs->answered & EXT_BIT(EXT_KEY_SHARE)) && !(e->config->flags & CUB_FLAG_PSK_KE))
        return E_SH_PSK_NO_KEY_SHARE;
    return E_OK;
}

static enum cub_error accept(struct cub_engine *e)
{
    struct cub_psk psk;
    enum cub_error err;

    if (!(e->hs->answered & EXT_BIT(EXT_PRE_SHARED_KEY)))
        return E_OK;
    err = check_choice(e, &psk);
    if (err != E_OK)
        return err;
    cub_early_secret(psk.hash, psk.key.data, psk.key.len, e->hs->secret);
    e->psk = psk.kind;
    if (psk.kind == CUB_PSK_RESUMPTION)
        cub_session_use(e, e->session);
    e->hs->proofs |= PROOF_PSK;
    return E_OK;
}

const struct cub_psk_client cub_psk_client13 = {offered, bind, accept};
const struct cub_psk_client cub_psk_client13_alone = {offered_alone, bind, accept};
