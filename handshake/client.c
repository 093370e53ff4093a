/*
 * The client's part in the hellos, which all versions share.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/client.h"
#include "handshake/extras.h"
#include "handshake/psk.h"
#include "handshake/resume.h"

#define MAX_LIST 80 /* bytes of a list of groups or schemes: 40 entries */

enum cub_error cub_add_share(struct cub_engine *e, const struct cub_group *group, unsigned i)
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
static enum cub_error add_shares(struct cub_engine *e)
{
    const struct cub_group *const *named = e->config->share_groups;
    const struct cub_group *const *groups = cub_groups_of(e);
    const struct cub_group *const *g = named != NULL ? named : groups;
    enum cub_error err = E_OK;

    for (unsigned n = 0; err == E_OK && *g != NULL && n < CUB_MAX_KEY_SHARES; g++) {
        if (named == NULL && n > 0 && (*g)->post_quantum == groups[0]->post_quantum)
            continue;
        err = cub_add_share(e, *g, n++);
    }
    return err;
}

/* Random, session id and shares of a first ClientHello. */
static enum cub_error prepare(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    enum cub_error err = cub_random_fill(e->config->random, hs->client_random, 32);

    if (!cub_version_enabled(e, CUB_TLS1_3))
        return err;
    if (err == E_OK && !(e->config->flags & CUB_FLAG_NO_COMPAT)) {
        hs->session_id_len = 32;
        err = cub_random_fill(e->config->random, hs->session_id, 32);
    }
    return err == E_OK ? add_shares(e) : err;
}

/* Suites with pre-shared keys are for those who have some. */
static bool may_offer(const struct cub_engine *e, const struct cub_suite *suite)
{
    return cub_version_enabled(e, suite->version) &&
           (suite->authentication != CUB_AUTH_PSK || e->config->psk_to_offer != NULL);
}

/* The list may be long: it is made, from its end, at the end of where the message goes. */
static void put_suites(struct cub_engine *e, struct cub_client_hello *hello)
{
    const struct cub_suite *const *first = cub_suites_of(e), *const *s = first;
    struct wr *w = &e->reply.w;
    size_t end = w->size;

    while (*s != NULL)
        s++;
    /* Behind all suites [RFC7507-4]. */
    if ((e->config->flags & CUB_FLAG_FALLBACK) && w->size >= 2) {
        w->size -= 2;
        cub_store_be16(w->buffer + w->size, CUB_FALLBACK_SCSV);
    }
    while (s-- != first && w->size >= 2) {
        if (!may_offer(e, *s))
            continue;
        w->size -= 2;
        cub_store_be16(w->buffer + w->size, (*s)->id);
        if ((*s)->format->encrypt_then_mac != NULL)
            hello->present |= (uint32_t)EXT_BIT(EXT_ENCRYPT_THEN_MAC);
    }
    hello->cipher_suites = (struct cub_view){w->buffer + w->size, end - w->size};
}

static struct cub_view put_groups(const struct cub_engine *e, uint8_t *out)
{
    struct cub_view list = {out, 0};

    for (const struct cub_group *const *g = cub_groups_of(e); *g != NULL && list.len < MAX_LIST;
         g++) {
        if ((*g)->post_quantum && !cub_version_enabled(e, CUB_TLS1_3))
            continue;
        cub_store_be16(out + list.len, (*g)->id);
        list.len += 2;
    }
    return list;
}

/* Nothing but digits and dots, or with a colon: an address, or not a name at all. */
static bool is_address(struct cub_view name)
{
    bool numeric = true;

    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] == ':')
            return true;
        if (name.data[i] != '.' && (name.data[i] < '0' || name.data[i] > '9'))
            numeric = false;
    }
    return numeric;
}

/* The name to send: no literal addresses, no trailing dot [RFC6066-3]. */
static struct cub_view sni_of(const char *name)
{
    struct cub_view sni = {(const uint8_t *)name, name != NULL ? strlen(name) : 0};

    if (is_address(sni))
        sni.len = 0;
    if (sni.len > 0 && name[sni.len - 1] == '.')
        sni.len--;
    return sni;
}

/* An extension that is there if its list has something in it. */
static void offer(struct cub_client_hello *hello, unsigned extension, bool condition)
{
    if (condition)
        hello->present |= (uint32_t)EXT_BIT(extension);
}

static struct cub_view put_versions(const struct cub_engine *e, uint8_t *out)
{
    struct cub_view list = {out, 0};

    for (uint16_t version = CUB_TLS1_3; version >= CUB_TLS1_2; version--) {
        if (!cub_version_enabled(e, version))
            continue;
        cub_store_be16(out + list.len, version);
        list.len += 2;
    }
    return list;
}

/* Which of the extensions are sent: those that have something to say in an enabled version. */
static void choose_extensions(const struct cub_engine *e, struct cub_client_hello *hello)
{
    bool tls12 = cub_version_enabled(e, CUB_TLS1_2);
    bool tls13 = cub_version_enabled(e, CUB_TLS1_3);
    const struct cub_verifier *verifier = e->config->verifier;

    offer(hello, EXT_SERVER_NAME, hello->server_name.len > 0);
    offer(hello, EXT_EXTENDED_MASTER_SECRET, tls12);
    offer(hello, EXT_RENEGOTIATION_INFO, tls12);
    offer(hello, EXT_SUPPORTED_GROUPS, hello->supported_groups.len > 0);
    offer(hello, EXT_EC_POINT_FORMATS, tls12);
    offer(hello, EXT_SIGNATURE_ALGORITHMS, hello->signature_algorithms.len > 0);
    offer(hello, EXT_ALPN, hello->alpn.len > 0);
    offer(hello, EXT_KEY_SHARE, tls13 && hello->supported_groups.len > 0);
    offer(hello, EXT_SUPPORTED_VERSIONS, tls13);
    offer(hello, EXT_COOKIE, hello->cookie.len > 0);
    offer(hello, EXT_RECORD_SIZE_LIMIT, true);
    offer(hello, EXT_MAX_FRAGMENT_LENGTH, hello->max_fragment_length != 0);
    offer(hello, EXT_POST_HANDSHAKE_AUTH,
          tls13 && e->config->profile->post_handshake_auth &&
              (e->config->flags & CUB_FLAG_POST_HANDSHAKE_AUTH));
    offer(hello, EXT_STATUS_REQUEST, verifier != NULL && verifier->status != NULL);
    offer(hello, EXT_SIGNED_CERTIFICATE_TIMESTAMP, e->config->take_scts != NULL);
}

/* Not inlined: binders are made when its memory is free again, deep below. */
static __attribute__((noinline)) enum cub_error write_client_hello(struct cub_engine *e)
{
    static const uint8_t zero = 0; /* null compression, uncompressed points */
    const struct cub_psk_client *psk = e->config->profile->psk_client;
    const struct cub_session12_client *sessions = e->config->profile->session_client12;
    const struct cub_extras *extras = e->config->profile->extras;
    struct cub_handshake *hs = e->hs;
    uint8_t versions[4], groups[MAX_LIST], schemes[MAX_LIST];
    struct cub_client_hello hello = {.legacy_version = CUB_TLS1_2};
    enum cub_error err = E_OK;

    if (sessions != NULL && cub_version_enabled(e, CUB_TLS1_2))
        err = sessions->offer(e, &hello);
    hello.random = hs->client_random;
    hello.legacy_session_id = (struct cub_view){hs->session_id, hs->session_id_len};
    put_suites(e, &hello);
    hello.legacy_compression_methods = (struct cub_view){&zero, 1};
    hello.server_name = sni_of(e->server_name);
    hello.supported_groups = put_groups(e, groups);
    hello.ec_point_formats = (struct cub_view){&zero, 1};
    hello.signature_algorithms = cub_scheme_list(e, schemes, sizeof schemes);
    hello.alpn = e->config->alpn;
    hello.supported_versions = put_versions(e, versions);
    hello.key_shares = (struct cub_view){hs->shares, hs->shares_len};
    hello.cookie = hs->cookie;
    hello.record_size_limit = e->in.limit;
    /* For servers that do not know the other. */
    hello.max_fragment_length = cub_own_fragment_length(e);
    choose_extensions(e, &hello);
    if (psk != NULL && cub_version_enabled(e, CUB_TLS1_3))
        psk->offer(e, &hello);
    if (extras != NULL)
        extras->offer(e, &hello);
    hs->offered = hello.present;
    cub_client_hello_encode(&e->reply.w, &hello);
    return err;
}

enum cub_error cub_send_client_hello(struct cub_engine *e)
{
    enum cub_error err = e->retried ? E_OK : prepare(e);

    if (err == E_OK)
        err = write_client_hello(e);
    if (err == E_OK && (e->hs->offered & EXT_BIT(EXT_PRE_SHARED_KEY)))
        e->config->profile->psk_client->bind(e);
    return err;
}

/* The last 8 bytes of a random by which a server says that it could have done better
 * [RFC8446-4.1.3]. */
static bool is_downgrade(const uint8_t *random)
{
    return memcmp(random + 24, "DOWNGRD", 7) == 0 && random[31] <= 1;
}

/* What the ServerHellos of all versions and HelloRetryRequest have in common [RFC8446-4.1.3]. */
enum cub_error cub_check_server_hello(struct cub_engine *e, const struct cub_server_hello *hello)
{
    const struct cub_suite *suite = cub_find_suite(e, hello->version, hello->cipher_suite);

    /* supported_versions names TLS 1.3 or one that was offered and newer [RFC8446-4.2.1]. */
    if (hello->version_selected &&
        (hello->version < CUB_TLS1_3 || !cub_version_enabled(e, hello->version)))
        return E_SH_SELECTED_VERSION;
    if (!cub_version_enabled(e, hello->version))
        return E_SH_VERSION;
    if (hello->legacy_compression_method != 0)
        return E_SH_COMPRESSION;
    if (suite == NULL || !may_offer(e, suite))
        return E_SH_CIPHER_SUITE;
    if (e->retried && suite != e->suite)
        return E_SH_CIPHER_SUITE_CHANGED;
    e->suite = suite;
    return E_OK;
}

enum cub_error cub_recv_server_hello(struct cub_engine *e)
{
    struct cub_server_hello hello;
    enum cub_error err = cub_server_hello_decode(&e->message.body, &hello);

    if (err != E_OK)
        return err;
    if (hello.version < CUB_TLS1_3 && e->early != CUB_EARLY_NONE)
        return E_SH_EARLY_DATA;
    if (hello.version < CUB_TLS1_3 && cub_version_enabled(e, CUB_TLS1_3) &&
        is_downgrade(hello.random))
        return E_SH_DOWNGRADE;
    err = cub_check_server_hello(e, &hello);
    if (err == E_OK)
        e->version = hello.version;
    return err;
}
