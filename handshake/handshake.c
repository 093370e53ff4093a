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

const struct cub_suite *cub_find_suite(const struct cub_engine *e, uint16_t version, uint16_t id)
{
    const struct cub_suite *const *suite = cub_suites_of(e);

    while (*suite != NULL && ((*suite)->id != id || (*suite)->version != version))
        suite++;
    return *suite;
}

/* Whether what is verified comes from a client of TLS 1.3. */
static bool from_client13(const struct cub_engine *e)
{
    return e->is_server && e->version == CUB_TLS1_3;
}

const struct cub_verify_scheme *cub_find_verify_scheme(const struct cub_engine *e, uint16_t id)
{
    const struct cub_verify_scheme *const *scheme = cub_verify_schemes_of(e);

    while (*scheme != NULL && (*scheme)->id != id)
        scheme++;
    if (*scheme != NULL && (*scheme)->use == CUB_USE_CLIENT13 && !from_client13(e))
        return NULL;
    return *scheme;
}

uint16_t cub_group_of_key(uint8_t key_type)
{
    switch (key_type) {
    case CUB_KEY_EC_P256:
        return 23;
    case CUB_KEY_EC_P384:
        return 24;
    case CUB_KEY_EC_P521:
        return 25;
    default:
        return 0;
    }
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

/* The table of a role and version; NULL: the profile has none. */
static const struct cub_protocol *protocol_of(const struct cub_profile *profile, bool is_server,
                                              uint16_t version)
{
    if (version == CUB_TLS1_3)
        return is_server ? profile->server : profile->client;
    if (version == CUB_TLS1_2)
        return is_server ? profile->server12 : profile->client12;
    return NULL;
}

const struct cub_protocol *cub_version_enabled(const struct cub_engine *e, uint16_t version)
{
    const struct cub_config *config = e->config;

    if (config->min_version > version ||
        (config->max_version != 0 && config->max_version < version))
        return NULL;
    return protocol_of(config->profile, e->is_server, version);
}

bool cub_asks_afterwards(const struct cub_engine *e)
{
    return e->version == CUB_TLS1_3 && e->config->profile->post_handshake_auth &&
           (e->config->flags & CUB_FLAG_POST_HANDSHAKE_AUTH);
}

bool cub_put_extension(struct cub_engine *e, struct wr *w, uint16_t type, cub_extension_body *put)
{
    size_t start = w->pos;

    wr_uint(w, 4, (uint32_t)type << 16 | 0xffff); /* and its length, open */
    if (put(e, w)) {
        wr_close(w, start + 4, 2);
        return true;
    }
    w->pos = start;
    return false;
}

void cub_reread(const struct cub_engine *e, struct rd *body)
{
    rd_init(body, e->message.unit.data + CUB_MESSAGE_HEADER,
            e->message.unit.len - CUB_MESSAGE_HEADER);
}

enum cub_error cub_take_record_size_limit(struct cub_engine *e, uint16_t limit)
{
    uint16_t content;

    /* Less than 64 is an error; more than the protocol allows means no limit [RFC8449-4]. */
    if (limit < 64)
        return E_RECORD_SIZE_LIMIT;
    e->peer_record_limit = limit;
    /* In TLS 1.3 it counts the type byte. */
    content = e->version == CUB_TLS1_3 ? (uint16_t)(limit - 1) : limit;
    if (e->out.limit > content)
        e->out.limit = content;
    return E_OK;
}

uint8_t cub_own_fragment_length(const struct cub_engine *e)
{
    uint8_t code = 0;

    /* The limit counts a type byte. */
    while (code < 4 && 512u << code < e->in.limit)
        code++;
    return e->in.limit > CUB_RECORD_MAX_PLAINTEXT ? 0 : code;
}

void cub_take_fragment_length(struct cub_engine *e, uint8_t code)
{
    e->hs->max_fragment_length = code;
    if (e->out.limit > 256u << code)
        e->out.limit = (uint16_t)(256u << code);
}

enum cub_error cub_take_limits(struct cub_engine *e, uint32_t present, uint16_t record_size_limit,
                               uint8_t max_fragment_length)
{
    if (present & EXT_BIT(EXT_RECORD_SIZE_LIMIT))
        return cub_take_record_size_limit(e, record_size_limit);
    if (!(present & EXT_BIT(EXT_MAX_FRAGMENT_LENGTH)))
        return E_OK;
    if (max_fragment_length < 1 || max_fragment_length > 4)
        return E_MAX_FRAGMENT_LENGTH;
    cub_take_fragment_length(e, max_fragment_length);
    return E_OK;
}

enum cub_error cub_sign(const struct cub_engine *e, const uint8_t *content, size_t len,
                        uint8_t *sig, size_t *sig_len)
{
    const struct cub_credential *credential = e->hs->credential;

    if (credential->sign != NULL)
        return credential->sign(credential->sign_context, e->hs->scheme->id, content, len, sig,
                                sig_len);
    return cub_sign_message(e->hs->scheme, credential->key, e->config->random, content, len, sig,
                            sig_len);
}
