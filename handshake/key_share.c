#include "handshake/key_share.h"

#include "crypto/bytes.h"
#include "handshake/actions.h"
#include "handshake/schedule13.h"

/* Makes a fresh private value for a group, number i, and puts its share at the end of the list. */
static enum cub_error add_share(struct cub_engine *e, const struct cub_group *group, unsigned i)
{
    struct cub_handshake *hs = e->hs;
    uint8_t *p = hs->shares + hs->shares_len;

    cub_store_be16(p, group->id);
    cub_store_be16(p + 2, group->share_size);
    hs->share_group[i] = group;
    hs->shares_len += 4 + (size_t)group->share_size;
    return group->generate(group, e->config->random, hs->private_value[i], p + 4);
}

/*
 * Shares of the groups that are named; or else of the first and of the first of the other kind,
 * post-quantum or not, for servers that know the one kind alone.
 */
static enum cub_error make_shares(struct cub_engine *e)
{
    const struct cub_group *const *named = e->config->share_groups;
    const struct cub_group *const *groups = cub_groups_of(e);
    const struct cub_group *const *g = named != NULL ? named : groups;
    enum cub_error err = E_OK;

    for (unsigned n = 0; err == E_OK && *g != NULL && n < CUB_MAX_KEY_SHARES; g++) {
        if (named == NULL && n > 0 && (*g)->post_quantum == groups[0]->post_quantum)
            continue;
        err = add_share(e, *g, n++);
    }
    return err;
}

enum cub_error cub_prepare13(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    enum cub_error err = E_OK;

    /* The legacy_session_id of middlebox compatibility mode [RFC8446-D.4]. */
    if (!(e->config->flags & CUB_FLAG_NO_COMPAT)) {
        hs->session_id_len = sizeof hs->session_id;
        err = cub_random_fill(e->config->random, hs->session_id, sizeof hs->session_id);
    }
    return err == E_OK ? make_shares(e) : err;
}

static enum cub_error change(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    const struct cub_group *group = cub_find_group(e, hs->peer_group);

    if (group == NULL)
        return E_HRR_GROUP;
    /* We sent a share of it already [RFC8446-4.2.8]. */
    if (group == hs->share_group[0] || group == hs->share_group[1])
        return E_HRR_GROUP_OFFERED;
    hs->shares_len = 0;
    hs->share_group[1] = NULL;
    return add_share(e, group, 0);
}

/* Completes the key exchange and takes its secret into the schedule. */
static enum cub_error complete(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    uint8_t secret[CUB_GROUP_MAX_SECRET];
    unsigned i = 0;
    enum cub_error err;

    while (i < CUB_MAX_KEY_SHARES &&
           (hs->share_group[i] == NULL || hs->share_group[i]->id != hs->peer_group))
        i++;
    if (i == CUB_MAX_KEY_SHARES)
        return E_SH_GROUP;
    e->group = hs->share_group[i];
    err = e->group->complete(e->group, hs->private_value[i], hs->peer_share.data,
                             hs->peer_share.len, secret);
    if (err != E_OK)
        return err;
    if (!cub_using_psk(e))
        cub_early_secret(cub_hash_of(e), NULL, 0, hs->secret);
    cub_next_secret(cub_hash_of(e), hs->secret, secret, e->group->secret_size);
    cub_wipe(secret, sizeof secret);
    for (i = 0; i < CUB_MAX_KEY_SHARES; i++) {
        if (hs->share_group[i] != NULL)
            cub_wipe(hs->private_value[i], hs->share_group[i]->private_size);
    }
    return E_OK;
}

const struct cub_key_shares cub_key_shares = {change, complete};
