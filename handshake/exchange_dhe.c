/*
 * DHE over finite fields, signed by the server's certificate [RFC5246-7.4.3], with the groups of
 * [RFC7919] or the server's own.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "crypto/dh.h"
#include "handshake/exchange.h"
#include "handshake/negotiate.h"

#define DEFAULT_MIN_BITS 2048

/* What stands in hs->secret12. */
struct memory {
    uint8_t secret[CUB_DH_MAX_SIZE];
    uint8_t share[CUB_DH_MAX_SIZE]; /* ours */
    uint8_t exponent[CUB_DH_EXPONENT];
};

static struct memory *memory_of(const struct cub_engine *e)
{
    return (struct memory *)(void *)e->hs->secret12;
}

/* Leading zeros are no part of the premaster secret [RFC5246-8.1.2]. That their number shows by
 * time is harmless for a secret that no second connection has. */
static void strip_secret(struct cub_engine *e, size_t len)
{
    uint8_t *secret = memory_of(e)->secret;
    size_t zeros = 0;

    while (zeros < len && secret[zeros] == 0)
        zeros++;
    memmove(secret, secret + zeros, len - zeros);
    e->hs->premaster_len = (uint16_t)(len - zeros);
    cub_wipe(memory_of(e)->exponent, CUB_DH_EXPONENT);
}

/* Whether a client names groups of finite fields at all [RFC7919-4]. */
static bool names_groups(struct cub_view supported)
{
    for (size_t i = 0; i + 1 < supported.len; i += 2) {
        if (supported.data[i] == 1)
            return true;
    }
    return false;
}

/*
 * The first group of ours that the client names and that is not weaker than our key, or else the
 * last that it names. A client that names none gets our own, or the first.
 */
static const struct cub_dh_group *choose(const struct cub_engine *e,
                                         const struct cub_client_hello *hello)
{
    const struct cub_dh_group *const *group = e->config->profile->dh_groups;
    const struct cub_dh_group *found = NULL;
    size_t key_bits = e->hs->credential->key->modulus_bits;

    if (group == NULL || !names_groups(hello->supported_groups)) {
        if (e->config->dh_params != NULL)
            return e->config->dh_params;
        return group != NULL ? *group : NULL;
    }
    for (; *group != NULL && (found == NULL || 8 * found->p.len < key_bits); group++) {
        if (cub_list16_has(hello->supported_groups, (*group)->id))
            found = *group;
    }
    return found;
}

static bool possible(struct cub_engine *e, const struct cub_client_hello *hello)
{
    struct cub_handshake *hs = e->hs;
    struct cub_accepted accepted = {
        .schemes = hello->signature_algorithms,
        .authorities = hello->certificate_authorities,
        .authentication = e->suite->authentication,
    };

    e->group = NULL;
    hs->credential = cub_choose_credential(e, &accepted, &hs->scheme);
    if (hs->credential == NULL)
        return false;
    hs->dh_group = choose(e, hello);
    return hs->dh_group != NULL;
}

static enum cub_error put_params(struct cub_engine *e, struct wr *w)
{
    struct cub_handshake *hs = e->hs;
    const struct cub_dh_group *group = hs->dh_group;
    struct memory *m = memory_of(e);
    enum cub_error err = E_OK;

    if (hs->shares_len == 0)
        err = cub_dh_generate(group, e->config->random, m->exponent, m->share);
    if (err != E_OK)
        return err;
    hs->shares_len = group->p.len;
    wr_view(w, 2, group->p);
    wr_view(w, 2, group->g);
    wr_view(w, 2, (struct cub_view){m->share, group->p.len});
    return E_OK;
}

static enum cub_error take_params(const struct cub_engine *e, struct rd *r,
                                  struct cub_server_params *params)
{
    unsigned min_bits = e->config->dh_min_bits;
    struct cub_dh_group group;

    params->p = rd_view(r, 2, 1, 0xffff);
    params->g = rd_view(r, 2, 1, 0xffff);
    params->share = rd_view(r, 2, 1, 0xffff);
    if (r->root->bad)
        return E_OK;
    group = cub_dh_group_of(params->p, params->g);
    return cub_dh_check(&group, min_bits > 0 ? min_bits : DEFAULT_MIN_BITS);
}

static enum cub_error respond(struct cub_engine *e, const struct cub_server_params *params)
{
    struct cub_dh_group group = cub_dh_group_of(params->p, params->g);
    struct memory *m = memory_of(e);
    enum cub_error err = cub_dh_generate(&group, e->config->random, m->exponent, m->share);

    if (err == E_OK)
        err = cub_dh_complete(&group, m->exponent, params->share, m->secret);
    if (err != E_OK)
        return err;
    e->hs->shares_len = group.p.len;
    strip_secret(e, group.p.len);
    return E_OK;
}

static enum cub_error put_answer(struct cub_engine *e, struct wr *w)
{
    wr_view(w, 2, (struct cub_view){memory_of(e)->share, e->hs->shares_len});
    return E_OK;
}

static enum cub_error take_answer(struct cub_engine *e, struct rd *r)
{
    const struct cub_dh_group *group = e->hs->dh_group;
    struct memory *m = memory_of(e);
    struct cub_view share = rd_view(r, 2, 1, 0xffff);
    enum cub_error err;

    if (!rd_done(r))
        return E_DECODE_CLIENT_KEY_EXCHANGE;
    err = cub_dh_complete(group, m->exponent, share, m->secret);
    if (err == E_OK)
        strip_secret(e, group->p.len);
    return err;
}

const struct cub_exchange cub_exchange_dhe = {
    .is_signed = true,
    .memory = sizeof(struct memory),
    .possible = possible,
    .put_params = put_params,
    .take_params = take_params,
    .respond = respond,
    .put_answer = put_answer,
    .take_answer = take_answer,
};
