#include "handshake/negotiate.h"

#include <string.h>

#include "crypto/bytes.h"

/* A suite of TLS 1.3 with this hash. */
static bool suite_fits(const struct cub_suite *suite, const struct cub_hash *hash)
{
    return suite != NULL && suite->version == CUB_TLS1_3 && (hash == NULL || suite->hash == hash);
}

const struct cub_suite *cub_choose_suite(const struct cub_engine *e, struct cub_view offered,
                                         const struct cub_hash *hash)
{
    if (e->config->flags & CUB_FLAG_CLIENT_PREFERENCE) {
        for (size_t i = 0; i + 1 < offered.len; i += 2) {
            uint16_t id = (uint16_t)cub_load_be16(offered.data + i);
            const struct cub_suite *suite = cub_find_suite(e, CUB_TLS1_3, id);

            if (suite_fits(suite, hash))
                return suite;
        }
        return NULL;
    }
    for (const struct cub_suite *const *s = cub_suites_of(e); *s != NULL; s++) {
        if (suite_fits(*s, hash) && cub_list16_has(offered, (*s)->id))
            return *s;
    }
    return NULL;
}

static struct cub_view find_share(struct cub_view shares, uint16_t group)
{
    struct cub_key_share share;
    struct cub_view none = {NULL, 0};
    struct rd r;

    rd_init(&r, shares.data, shares.len);
    while (cub_key_share_next(&r, &share)) {
        if (share.group == group)
            return share.key_exchange;
    }
    return none;
}

const struct cub_group *cub_choose_group(const struct cub_engine *e, struct cub_view supported,
                                         struct cub_view shares, struct cub_view *share)
{
    const struct cub_group *first = NULL;

    for (const struct cub_group *const *g = cub_groups_of(e); *g != NULL; g++) {
        if (!cub_list16_has(supported, (*g)->id))
            continue;
        *share = find_share(shares, (*g)->id);
        if (share->len > 0 || (e->config->flags & CUB_FLAG_GROUP_PREFERENCE))
            return *g;
        if (first == NULL)
            first = *g;
    }
    share->len = 0;
    return first;
}

struct cub_view cub_find_protocol(struct cub_view ours, struct cub_view name)
{
    struct cub_view found;
    struct rd r;

    rd_init(&r, ours.data, ours.len);
    while (rd_more(&r)) {
        found = rd_view(&r, 1, 1, 255);
        if (found.len == name.len && memcmp(found.data, name.data, name.len) == 0)
            return found;
    }
    found.data = NULL;
    found.len = 0;
    return found;
}

struct cub_view cub_choose_protocol(struct cub_view ours, struct cub_view list)
{
    struct cub_view none = {NULL, 0};
    struct rd r;

    rd_init(&r, ours.data, ours.len);
    while (rd_more(&r)) {
        struct cub_view name = rd_view(&r, 1, 1, 255);

        if (cub_find_protocol(list, name).len > 0)
            return name;
    }
    return none;
}

/* PSS with a salt as long as the hash needs room in the modulus [RFC8017-9.1.1]. */
static bool fits_modulus(const struct cub_sign_scheme *scheme, const struct cub_private_key *key)
{
    bool is_rsa = key->type == CUB_KEY_RSA || key->type == CUB_KEY_RSA_PSS;

    return !is_rsa || ((size_t)key->modulus_bits + 6) / 8 >= 2 * (size_t)scheme->hash->size + 2;
}

static bool kind_fits(const struct cub_private_key *key, uint8_t authentication)
{
    bool is_rsa = key->type == CUB_KEY_RSA || key->type == CUB_KEY_RSA_PSS;

    if (authentication == CUB_AUTH_ANY)
        return true;
    return is_rsa ? authentication == CUB_AUTH_RSA : authentication == CUB_AUTH_ECDSA;
}

/* What the version allows: rsa_pkcs1_* in TLS 1.2 only [RFC8446-4.2.3]; there a client signs its
 * transcript, whose hash must run, with a key that is here. */
static bool version_allows(const struct cub_engine *e, const struct cub_credential *credential,
                           const struct cub_sign_scheme *scheme)
{
    /* For clients of TLS 1.3, and for keys that are said to need it [RFC9963-3]. */
    if (scheme->use == CUB_USE_CLIENT13)
        return e->version == CUB_TLS1_3 && !e->is_server && credential->sign_schemes != NULL;
    if (e->version == CUB_TLS1_3)
        return scheme->use == CUB_USE_ALL;
    return e->is_server ||
           (credential->sign == NULL &&
            cub_transcript_has(&e->hs->transcript, cub_signed_hash(e, scheme->hash)));
}

static bool can_sign(const struct cub_sign_scheme *scheme, const struct cub_private_key *key)
{
    if (scheme->key_type != key->type)
        return false;
    if (key->type == CUB_KEY_RSA_PSS && key->pss_hash != 0 && scheme->hash->id != key->pss_hash)
        return false;
    return fits_modulus(scheme, key);
}

/* The curve of an EC key has to be one of those that the client has [RFC8422-5.1]. */
static bool curve_fits(const struct cub_private_key *key, struct cub_view curves)
{
    uint16_t curve = cub_group_of_key(key->type);

    return curves.len == 0 || curve == 0 || cub_list16_has(curves, curve);
}

static bool credential_fits(const struct cub_engine *e, const struct cub_credential *credential,
                            struct cub_accepted *accepted)
{
    return kind_fits(credential->key, accepted->authentication) &&
           curve_fits(credential->key, accepted->curves) &&
           (credential->suits == NULL || credential->suits(e, credential, accepted));
}

bool cub_peer_takes(const struct cub_engine *e, const struct cub_credential *credential)
{
    return credential->is_raw ? e->hs->takes_raw : !e->hs->refuses_x509;
}

const struct cub_credential *cub_choose_credential(const struct cub_engine *e,
                                                   struct cub_accepted *accepted,
                                                   const struct cub_sign_scheme **scheme)
{
    struct cub_view schemes = accepted->schemes;

    for (size_t i = 0; i < e->config->num_credentials; i++) {
        const struct cub_credential *credential = &e->config->credentials[i];
        const struct cub_sign_scheme *const *s = credential->sign_schemes;

        accepted->schemes = schemes; /* a credential may have narrowed it */
        if (!cub_peer_takes(e, credential) || !credential_fits(e, credential, accepted))
            continue;
        for (s = s != NULL ? s : e->config->profile->sign_schemes; *s != NULL; s++) {
            if (can_sign(*s, credential->key) && version_allows(e, credential, *s) &&
                cub_list16_has(accepted->schemes, (*s)->id)) {
                *scheme = *s;
                return credential;
            }
        }
    }
    return NULL;
}
