/*
 * What a client does with the messages of TLS 1.3.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/actions.h"
#include "handshake/negotiate.h"
#include "handshake/schedule13.h"
#include "handshake/server_hello.h"
#include "x509/hostname.h"

#define MAX_LIST 64 /* bytes of a list of suites, groups or schemes: 32 entries */

/* A fresh private value for a group, and its share at the end of the list. */
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

/* Random, session id and shares of a first ClientHello. */
static enum cub_error prepare(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    const struct cub_group *const *groups = cub_groups_of(e);
    unsigned wanted = e->config->key_shares > 0 ? e->config->key_shares : 1;
    enum cub_error err = cub_random_fill(e->config->random, hs->client_random, 32);

    if (err == E_OK && !(e->config->flags & CUB_FLAG_NO_COMPAT)) {
        hs->session_id_len = 32;
        err = cub_random_fill(e->config->random, hs->session_id, 32);
    }
    for (unsigned i = 0; err == E_OK && i < wanted && i < CUB_MAX_KEY_SHARES && groups[i] != NULL;
         i++)
        err = add_share(e, groups[i], i);
    return err;
}

static struct cub_view put_suites(const struct cub_engine *e, uint8_t *out)
{
    struct cub_view list = {out, 0};

    for (const struct cub_suite *const *s = cub_suites_of(e); *s != NULL && list.len < MAX_LIST;
         s++, list.len += 2)
        cub_store_be16(out + list.len, (*s)->id);
    return list;
}

static struct cub_view put_groups(const struct cub_engine *e, uint8_t *out)
{
    struct cub_view list = {out, 0};

    for (const struct cub_group *const *g = cub_groups_of(e); *g != NULL && list.len < MAX_LIST;
         g++, list.len += 2)
        cub_store_be16(out + list.len, (*g)->id);
    return list;
}

/* The name to send: no literal addresses, no trailing dot [RFC6066-3]. */
static struct cub_view sni_of(const char *name)
{
    struct cub_view sni = {(const uint8_t *)name, name != NULL ? strlen(name) : 0};
    uint8_t address[16];

    if (sni.len > 0 && cub_ip_parse(name, sni.len, address) > 0)
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

enum cub_error cub_send_client_hello(struct cub_engine *e)
{
    static const uint8_t null_compression = 0;
    static const uint8_t versions[] = {CUB_TLS1_3 >> 8, CUB_TLS1_3 & 0xff};
    struct cub_handshake *hs = e->hs;
    uint8_t suites[MAX_LIST], groups[MAX_LIST], schemes[MAX_LIST];
    struct cub_client_hello hello = {.legacy_version = CUB_TLS1_2};
    enum cub_error err = e->retried ? E_OK : prepare(e);

    if (err != E_OK)
        return err;
    hello.random = hs->client_random;
    hello.legacy_session_id = (struct cub_view){hs->session_id, hs->session_id_len};
    hello.cipher_suites = put_suites(e, suites);
    hello.legacy_compression_methods = (struct cub_view){&null_compression, 1};
    hello.server_name = sni_of(e->server_name);
    hello.supported_groups = put_groups(e, groups);
    hello.signature_algorithms = cub_scheme_list(e, schemes, sizeof schemes);
    hello.alpn = e->config->alpn;
    hello.supported_versions = (struct cub_view){versions, sizeof versions};
    hello.key_shares = (struct cub_view){hs->shares, hs->shares_len};
    hello.cookie = hs->cookie;
    hello.record_size_limit = e->in.limit;
    offer(&hello, EXT_SERVER_NAME, hello.server_name.len > 0);
    offer(&hello, EXT_SUPPORTED_GROUPS, true);
    offer(&hello, EXT_SIGNATURE_ALGORITHMS, true);
    offer(&hello, EXT_ALPN, hello.alpn.len > 0);
    offer(&hello, EXT_KEY_SHARE, true);
    offer(&hello, EXT_SUPPORTED_VERSIONS, true);
    offer(&hello, EXT_COOKIE, hello.cookie.len > 0);
    offer(&hello, EXT_RECORD_SIZE_LIMIT, true);
    hs->offered = hello.present;
    cub_client_hello_encode(&e->reply.w, &hello);
    return E_OK;
}

/* The last 8 bytes of a random by which a server says that it could have done better
 * [RFC8446-4.1.3]. */
static bool is_downgrade(const uint8_t *random)
{
    return memcmp(random + 24, "DOWNGRD", 7) == 0 && random[31] <= 1;
}

static const struct cub_suite *offered_suite(const struct cub_engine *e, uint16_t id)
{
    const struct cub_suite *const *suite = cub_suites_of(e);

    while (*suite != NULL && (*suite)->id != id)
        suite++;
    return *suite;
}

/* What ServerHello and HelloRetryRequest have in common [RFC8446-4.1.3], [RFC8446-4.1.4]. */
static enum cub_error check_hello(struct cub_engine *e, struct cub_server_hello *hello,
                                  uint8_t place)
{
    const struct cub_handshake *hs = e->hs;
    const struct cub_suite *suite = offered_suite(e, hello->cipher_suite);

    if (hello->version != CUB_TLS1_3)
        return is_downgrade(hello->random) && place == IN_SH ? E_SH_DOWNGRADE : E_SH_VERSION;
    if (hello->legacy_version != CUB_TLS1_2)
        return E_SH_LEGACY_VERSION;
    if (hello->legacy_session_id_echo.len != hs->session_id_len ||
        (hs->session_id_len > 0 &&
         memcmp(hello->legacy_session_id_echo.data, hs->session_id, hs->session_id_len) != 0))
        return E_SH_SESSION_ID_ECHO;
    if (hello->legacy_compression_method != 0)
        return E_SH_COMPRESSION;
    if (suite == NULL)
        return E_SH_CIPHER_SUITE;
    if (e->retried && suite != e->suite)
        return E_SH_CIPHER_SUITE_CHANGED;
    e->suite = suite;
    return cub_server_hello_extensions(hello, place, hs->offered);
}

enum cub_error cub_recv_hello_retry(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    struct cub_server_hello hello;
    const struct cub_group *group;
    enum cub_error err = cub_server_hello_decode(&e->message.body, &hello);

    if (err == E_OK)
        err = check_hello(e, &hello, IN_HRR);
    if (err != E_OK)
        return err;
    /* A retry that would change nothing is refused [RFC8446-4.1.4]. */
    if (!(hello.present & (EXT_BIT(EXT_KEY_SHARE) | EXT_BIT(EXT_COOKIE))))
        return E_HRR_NO_CHANGE;
    if (hello.present & EXT_BIT(EXT_KEY_SHARE)) {
        group = cub_find_group(e, hello.selected_group);
        if (group == NULL)
            return E_HRR_GROUP;
        /* We sent a share of it already [RFC8446-4.2.8]. */
        if (group == hs->share_group[0] || group == hs->share_group[1])
            return E_HRR_GROUP_OFFERED;
        hs->shares_len = 0;
        hs->share_group[1] = NULL;
        err = add_share(e, group, 0);
        if (err != E_OK)
            return err;
    }
    /* It stays where it is until the second ClientHello is written. */
    hs->cookie = hello.cookie;
    e->retried = 1;
    cub_transcript_select(&hs->transcript, e->suite->hash);
    return E_OK;
}

/* Completes the key exchange and takes its secret into the schedule. */
static enum cub_error use_share(struct cub_engine *e, const struct cub_key_share *share)
{
    struct cub_handshake *hs = e->hs;
    uint8_t secret[CUB_GROUP_MAX_SECRET];
    unsigned i = 0;
    enum cub_error err;

    while (i < CUB_MAX_KEY_SHARES &&
           (hs->share_group[i] == NULL || hs->share_group[i]->id != share->group))
        i++;
    if (i == CUB_MAX_KEY_SHARES)
        return E_SH_GROUP;
    e->group = hs->share_group[i];
    err = e->group->complete(e->group, hs->private_value[i], share->key_exchange.data,
                             share->key_exchange.len, secret);
    if (err != E_OK)
        return err;
    cub_early_secret(cub_hash_of(e), NULL, 0, hs->secret);
    cub_next_secret(cub_hash_of(e), hs->secret, secret, e->group->secret_size);
    cub_wipe(secret, sizeof secret);
    for (i = 0; i < CUB_MAX_KEY_SHARES; i++) {
        if (hs->share_group[i] != NULL)
            cub_wipe(hs->private_value[i], hs->share_group[i]->private_size);
    }
    return E_OK;
}

enum cub_error cub_recv_server_hello(struct cub_engine *e)
{
    struct cub_server_hello hello;
    enum cub_error err = cub_server_hello_decode(&e->message.body, &hello);

    if (err == E_OK)
        err = check_hello(e, &hello, IN_SH);
    if (err != E_OK)
        return err;
    if (!(hello.present & EXT_BIT(EXT_KEY_SHARE)))
        return E_SH_NO_KEY_SHARE;
    e->version = hello.version;
    cub_transcript_select(&e->hs->transcript, e->suite->hash);
    return use_share(e, &hello.key_share);
}

/* The peer's limit on what we put into a record counts the type byte [RFC8449-4]. */
enum cub_error cub_recv_encrypted_extensions(struct cub_engine *e)
{
    struct cub_encrypted_extensions ee;
    enum cub_error err = cub_encrypted_extensions_decode(&e->message.body, e->hs->offered, &ee);

    if (err != E_OK)
        return err;
    if (ee.present & EXT_BIT(EXT_ALPN)) {
        e->alpn = cub_find_protocol(e->config->alpn, ee.alpn);
        if (e->alpn.len == 0)
            return E_EE_ALPN;
    }
    if (ee.present & EXT_BIT(EXT_RECORD_SIZE_LIMIT)) {
        if (ee.record_size_limit < 64 || ee.record_size_limit > CUB_RECORD_MAX_PLAINTEXT + 1)
            return E_RECORD_SIZE_LIMIT;
        e->peer_record_limit = ee.record_size_limit;
        if (e->out.limit > ee.record_size_limit - 1)
            e->out.limit = (uint16_t)(ee.record_size_limit - 1);
    }
    return E_OK;
}

enum cub_error cub_recv_certificate_request(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    struct cub_certificate_request cr;
    enum cub_error err = cub_certificate_request_decode(&e->message.body, &cr);

    if (err != E_OK)
        return err;
    /* It is for post-handshake authentication only [RFC8446-4.3.2]. */
    if (cr.certificate_request_context.len != 0)
        return E_CR_CONTEXT;
    if (!(cr.present & EXT_BIT(EXT_SIGNATURE_ALGORITHMS)))
        return E_CR_NO_SIGNATURE_ALGORITHMS;
    hs->cert_requested = 1;
    hs->credential = cub_choose_credential(e, cr.signature_algorithms, &hs->selected_scheme);
    return E_OK;
}

enum cub_error cub_recv_new_session_ticket(struct cub_engine *e)
{
    struct cub_view body = {e->message.body.p, (size_t)(e->message.body.end - e->message.body.p)};
    struct cub_new_session_ticket nst;
    enum cub_error err = cub_new_session_ticket_decode(&e->message.body, &nst);

    if (err == E_OK && e->config->ticket != NULL)
        e->config->ticket(e->owner, body.data, body.len);
    return err;
}
