/*
 * ECDHE, signed by the server's certificate [RFC8422-2].
 */
#include "crypto/bytes.h"
#include "handshake/exchange.h"
#include "handshake/negotiate.h"

/* Whether the client has a group of ours; one that names none has none, though RFC 8422-4 lets
 * servers guess. Curves alone are for TLS 1.2. */
static bool client_has(const struct cub_client_hello *hello, const struct cub_group *group)
{
    if (group->post_quantum)
        return false;
    return cub_list16_has(hello->supported_groups, group->id);
}

/* Our first such group. */
bool cub_ecdhe_choose_group(struct cub_engine *e, const struct cub_client_hello *hello)
{
    const struct cub_group *const *group = cub_groups_of(e);

    while (*group != NULL && !client_has(hello, *group))
        group++;
    e->group = *group;
    return *group != NULL;
}

enum cub_error cub_ecdhe_put_params(struct cub_engine *e, struct wr *w)
{
    const struct cub_group *group = e->group;
    struct cub_handshake *hs = e->hs;
    enum cub_error err = E_OK;

    /* A signature that comes late is asked for again over the same share. */
    if (hs->shares_len == 0)
        err = group->generate(group, e->config->random, hs->private_value[0], hs->shares);
    if (err != E_OK)
        return err;
    hs->shares_len = group->share_size;
    cub_ecdh_params_put(w, group->id, (struct cub_view){hs->shares, group->share_size});
    return E_OK;
}

enum cub_error cub_ecdhe_take_params(const struct cub_engine *e, struct rd *r,
                                     struct cub_server_params *params)
{
    enum cub_error err = cub_ecdh_params_read(r, params);
    const struct cub_group *group;

    if (err != E_OK || r->root->bad)
        return err;
    group = cub_find_group(e, params->group);
    return group != NULL && !group->post_quantum ? E_OK : E_SKE_GROUP;
}

/* Our share is made while the server's is at hand, and sent in ClientKeyExchange. */
enum cub_error cub_ecdhe_respond(struct cub_engine *e, const struct cub_server_params *params,
                                 uint8_t *secret)
{
    e->group = cub_find_group(e, params->group);
    return e->group->respond(e->group, e->config->random, params->share.data, params->share.len,
                             e->hs->shares, secret);
}

void cub_ecdhe_put_answer(const struct cub_engine *e, struct wr *w)
{
    wr_view(w, 1, (struct cub_view){e->hs->shares, e->group->response_size});
}

enum cub_error cub_ecdhe_take_answer(struct cub_engine *e, struct cub_view point, uint8_t *secret)
{
    uint8_t *private_value = e->hs->private_value[0];
    enum cub_error err = e->group->complete(e->group, private_value, point.data, point.len, secret);

    cub_wipe(private_value, e->group->private_size);
    return err;
}

static bool possible(struct cub_engine *e, const struct cub_client_hello *hello)
{
    struct cub_handshake *hs = e->hs;
    struct cub_accepted accepted = {.schemes = hello->signature_algorithms,
                                    .authorities = hello->certificate_authorities,
                                    .curves = hello->supported_groups,
                                    .authentication = e->suite->authentication};

    if (!cub_ecdhe_choose_group(e, hello))
        return false;
    hs->credential = cub_choose_credential(e, &accepted, &hs->scheme);
    return hs->credential != NULL;
}

static enum cub_error respond(struct cub_engine *e, const struct cub_server_params *params)
{
    enum cub_error err = cub_ecdhe_respond(e, params, e->hs->secret12);

    e->hs->premaster_len = e->group->secret_size;
    return err;
}

static enum cub_error put_answer(struct cub_engine *e, struct wr *w)
{
    cub_ecdhe_put_answer(e, w);
    return E_OK;
}

static enum cub_error take_answer(struct cub_engine *e, struct rd *r)
{
    struct cub_view point = rd_view(r, 1, 1, 255);

    if (!rd_done(r))
        return E_DECODE_CLIENT_KEY_EXCHANGE;
    e->hs->premaster_len = e->group->secret_size;
    return cub_ecdhe_take_answer(e, point, e->hs->secret12);
}

const struct cub_exchange cub_exchange_ecdhe = {
    .is_signed = true,
    .memory = CUB_GROUP_MAX_SECRET,
    .possible = possible,
    .put_params = cub_ecdhe_put_params,
    .take_params = cub_ecdhe_take_params,
    .respond = respond,
    .put_answer = put_answer,
    .take_answer = take_answer,
};
