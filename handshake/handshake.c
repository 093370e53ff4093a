#include "handshake/handshake.h"

#include "crypto/bytes.h"

const struct cub_suite *const *cub_suites_of(const struct cub_engine *e)
{
    return e->config->suites != NULL ? e->config->suites : e->config->profile->suites;
}

const struct cub_group *const *cub_groups_of(const struct cub_engine *e)
{
    return e->config->groups != NULL ? e->config->groups : e->config->profile->groups;
}

const struct cub_verify_scheme *const *cub_verify_schemes_of(const struct cub_engine *e)
{
    return e->config->verify_schemes != NULL ? e->config->verify_schemes
                                             : e->config->profile->verify_schemes;
}

const struct cub_group *cub_find_group(const struct cub_engine *e, uint16_t id)
{
    const struct cub_group *const *group = cub_groups_of(e);

    while (*group != NULL && (*group)->id != id)
        group++;
    return *group;
}

struct cub_view cub_scheme_list(const struct cub_engine *e, uint8_t *out, size_t size)
{
    struct cub_view list = {out, 0};

    for (const struct cub_verify_scheme *const *s = cub_verify_schemes_of(e); *s != NULL; s++) {
        if (list.len + 2 > size)
            break;
        cub_store_be16(out + list.len, (*s)->id);
        list.len += 2;
    }
    return list;
}

void cub_keylog(const struct cub_engine *e, const char *label, const uint8_t *secret)
{
    if (e->config->keylog != NULL)
        e->config->keylog(e->owner, label, e->hs->client_random, secret, cub_hash_of(e)->size);
}
