/*
 * Pre-shared keys [RFC4279-2], alone and with ECDHE [RFC5489-2]. The key comes by the same hooks as
 * those of TLS 1.3.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/exchange.h"

static enum cub_error use(struct cub_engine *e, const struct cub_psk *psk, size_t other_len)
{
    struct cub_handshake *hs = e->hs;
    uint8_t *out = hs->secret12;

    if (psk->key.len > CUB_PSK12_MAX)
        return E_PSK_LENGTH;
    /* Without another secret, as many zeros as the key is long stand for it. */
    if (other_len == 0) {
        other_len = psk->key.len;
        memset(out + 2, 0, other_len);
    }
    cub_store_be16(out, (uint32_t)other_len);
    cub_store_be16(out + 2 + other_len, (uint32_t)psk->key.len);
    memcpy(out + 4 + other_len, psk->key.data, psk->key.len);
    hs->premaster_len = (uint16_t)(4 + other_len + psk->key.len);
    /* The peer's Finished will show that it has the key. */
    e->psk = CUB_PSK_EXTERNAL;
    hs->proofs |= PROOF_PSK;
    return E_OK;
}

/* Client: the key for the server that gave this hint. Imported keys are for TLS 1.3 [RFC9258-3]. */
static enum cub_error choose_key(struct cub_engine *e, struct cub_view hint, size_t other_len)
{
    struct cub_psk psk;
    unsigned i = 0;

    do {
        memset(&psk, 0, sizeof psk);
        psk.kind = CUB_PSK_EXTERNAL;
        psk.hint = hint;
        if (!e->config->psk_to_offer(e->owner, i++, &psk))
            return E_NO_PSK;
    } while (psk.kind != CUB_PSK_EXTERNAL);
    e->hs->psk_name = psk.identity;
    return use(e, &psk, other_len);
}

/* Server: the key with this identity. */
static enum cub_error find_key(struct cub_engine *e, struct cub_view identity, size_t other_len)
{
    struct cub_psk psk;
    enum cub_error err;

    memset(&psk, 0, sizeof psk);
    psk.kind = CUB_PSK_EXTERNAL;
    err = e->config->psk_for_identity(e->owner, identity, &psk);
    if (err == E_WAIT_SESSION)
        return err;
    /* This could be hidden by going on to a wrong Finished, but not by how long it takes. */
    if (err != E_OK || psk.kind != CUB_PSK_EXTERNAL)
        return E_PSK_IDENTITY;
    return use(e, &psk, other_len);
}

static bool possible(struct cub_engine *e, const struct cub_client_hello *hello)
{
    (void)hello;
    e->group = NULL;
    e->hs->credential = NULL;
    return e->config->psk_for_identity != NULL;
}

static enum cub_error put_params(struct cub_engine *e, struct wr *w)
{
    wr_view(w, 2, e->config->psk_identity_hint);
    return E_OK;
}

static enum cub_error take_params(const struct cub_engine *e, struct rd *r,
                                  struct cub_server_params *params)
{
    (void)e;
    params->hint = rd_view(r, 2, 0, 0xffff);
    return E_OK;
}

static enum cub_error respond(struct cub_engine *e, const struct cub_server_params *params)
{
    return choose_key(e, params->hint, 0);
}

static enum cub_error put_answer(struct cub_engine *e, struct wr *w)
{
    static const struct cub_view no_hint;
    enum cub_error err = E_OK;

    /* There was no ServerKeyExchange. */
    if (e->hs->premaster_len == 0)
        err = choose_key(e, no_hint, 0);
    if (err == E_OK)
        wr_view(w, 2, e->hs->psk_name);
    return err;
}

static enum cub_error take_answer(struct cub_engine *e, struct rd *r)
{
    struct cub_view identity = rd_view(r, 2, 0, 0xffff);

    return rd_done(r) ? find_key(e, identity, 0) : E_DECODE_CLIENT_KEY_EXCHANGE;
}

const struct cub_exchange cub_exchange_psk = {
    .memory = 4 + 2 * CUB_PSK12_MAX,
    .possible = possible,
    .put_params = put_params,
    .take_params = take_params,
    .respond = respond,
    .put_answer = put_answer,
    .take_answer = take_answer,
};

/* With ECDHE, whose secret stands before the key. */

static bool ecdhe_possible(struct cub_engine *e, const struct cub_client_hello *hello)
{
    return possible(e, hello) && cub_ecdhe_choose_group(e, hello);
}

static enum cub_error ecdhe_put_params(struct cub_engine *e, struct wr *w)
{
    wr_view(w, 2, e->config->psk_identity_hint);
    return cub_ecdhe_put_params(e, w);
}

static enum cub_error ecdhe_take_params(const struct cub_engine *e, struct rd *r,
                                        struct cub_server_params *params)
{
    params->hint = rd_view(r, 2, 0, 0xffff);
    return cub_ecdhe_take_params(e, r, params);
}

static enum cub_error ecdhe_respond(struct cub_engine *e, const struct cub_server_params *params)
{
    enum cub_error err = cub_ecdhe_respond(e, params, e->hs->secret12 + 2);

    return err != E_OK ? err : choose_key(e, params->hint, e->group->secret_size);
}

static enum cub_error ecdhe_put_answer(struct cub_engine *e, struct wr *w)
{
    wr_view(w, 2, e->hs->psk_name);
    cub_ecdhe_put_answer(e, w);
    return E_OK;
}

static enum cub_error ecdhe_take_answer(struct cub_engine *e, struct rd *r)
{
    struct cub_view identity = rd_view(r, 2, 0, 0xffff);
    struct cub_view point = rd_view(r, 1, 1, 255);
    enum cub_error err;

    if (!rd_done(r))
        return E_DECODE_CLIENT_KEY_EXCHANGE;
    /* The key first: it may be waited for, and the private value serves only once. */
    err = find_key(e, identity, e->group->secret_size);
    return err != E_OK ? err : cub_ecdhe_take_answer(e, point, e->hs->secret12 + 2);
}

const struct cub_exchange cub_exchange_ecdhe_psk = {
    .memory = 4 + CUB_GROUP_MAX_SECRET + CUB_PSK12_MAX,
    .possible = ecdhe_possible,
    .put_params = ecdhe_put_params,
    .take_params = ecdhe_take_params,
    .respond = ecdhe_respond,
    .put_answer = ecdhe_put_answer,
    .take_answer = ecdhe_take_answer,
};
