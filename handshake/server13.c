/*
 * What a server does with the messages of TLS 1.3.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/actions.h"
#include "handshake/extras.h"
#include "handshake/negotiate.h"
#include "handshake/schedule13.h"
#include "handshake/server.h"
#include "handshake/server_hello.h"

/* Extensions that must come, or come together [RFC8446-9.2]. */
static enum cub_error check_mandatory(const struct cub_client_hello *hello)
{
    uint32_t present = hello->present;
    bool groups = (present & EXT_BIT(EXT_SUPPORTED_GROUPS)) != 0;
    bool shares = (present & EXT_BIT(EXT_KEY_SHARE)) != 0;
    bool psks = (present & EXT_BIT(EXT_PRE_SHARED_KEY)) != 0;

    if (!psks && !(present & EXT_BIT(EXT_SIGNATURE_ALGORITHMS)))
        return E_CH_NO_SIGNATURE_ALGORITHMS;
    if (groups != shares || (!psks && !groups))
        return E_CH_NO_KEY_SHARE;
    if (psks && !(present & EXT_BIT(EXT_PSK_KEY_EXCHANGE_MODES)))
        return E_CH_NO_PSK_MODES;
    return E_OK;
}

/*
 * One share a group, and only of groups that the client supports [RFC8446-4.2.8]. Those of groups
 * that we do not have are no matter, so that a long list costs no more than its length.
 */
static enum cub_error check_shares(const struct cub_engine *e, const struct cub_client_hello *hello)
{
    for (const struct cub_group *const *group = cub_groups_of(e); *group != NULL; group++) {
        struct cub_key_share share;
        unsigned count = 0;
        struct rd r;

        rd_init(&r, hello->key_shares.data, hello->key_shares.len);
        while (cub_key_share_next(&r, &share))
            count += share.group == (*group)->id;
        if (count > 1)
            return E_CH_SHARE_TWICE;
        if (count > 0 && !cub_list16_has(hello->supported_groups, (*group)->id))
            return E_CH_SHARE_GROUP;
    }
    return E_OK;
}

/* What must be the same in the second ClientHello [RFC8446-4.1.2]. */
static enum cub_error check_again(const struct cub_engine *e, const struct cub_client_hello *hello)
{
    const struct cub_handshake *hs = e->hs;

    if (memcmp(hello->random, hs->client_random, 32) != 0 ||
        hello->legacy_session_id.len != hs->session_id_len ||
        (hs->session_id_len > 0 &&
         memcmp(hello->legacy_session_id.data, hs->session_id, hs->session_id_len) != 0))
        return E_CH_AGAIN_CHANGED;
    if (hello->cookie.len != hs->cookie.len ||
        (hs->cookie.len > 0 && memcmp(hello->cookie.data, hs->cookie.data, hs->cookie.len) != 0))
        return E_CH_AGAIN_COOKIE;
    return E_OK;
}

/* What a ClientHello must be for TLS 1.3. */
static enum cub_error check_hello13(const struct cub_engine *e,
                                    const struct cub_client_hello *hello)
{
    enum cub_error err;

    /* Exactly one byte of zero [RFC8446-4.1.2]. */
    if (hello->legacy_compression_methods.len != 1 ||
        hello->legacy_compression_methods.data[0] != 0)
        return E_CH_COMPRESSION;
    err = check_mandatory(hello);
    if (err == E_OK)
        err = check_shares(e, hello);
    if (err == E_OK && !e->retried && (hello->present & EXT_BIT(EXT_COOKIE)))
        err = E_CH_COOKIE;
    return err;
}

enum cub_error cub_recv_client_hello_again(struct cub_engine *e)
{
    struct cub_client_hello hello;
    enum cub_error err = cub_client_hello_decode(&e->message.body, &hello);

    if (err == E_OK && !cub_list16_has(hello.supported_versions, CUB_TLS1_3))
        err = E_CH_VERSION;
    e->hs->offered = hello.present;
    e->psk = CUB_PSK_NONE; /* to be selected again, by new binders */
    return err != E_OK ? err : check_again(e, &hello);
}

/* A pre-shared key has brought its suite; a retry has fixed one [RFC8446-4.1.4]. */
static enum cub_error choose_cipher(struct cub_engine *e, const struct cub_client_hello *hello)
{
    if (cub_using_psk(e))
        return E_OK;
    if (e->retried)
        return cub_list16_has(hello->cipher_suites, e->suite->id) ? E_OK : E_CH_AGAIN_SHARE;
    e->suite = cub_choose_suite(e, hello->cipher_suites, NULL);
    return e->suite != NULL ? E_OK : E_NO_COMMON_CIPHER;
}

static enum cub_error choose_group(struct cub_engine *e, const struct cub_client_hello *hello)
{
    struct cub_handshake *hs = e->hs;
    const struct cub_group *group =
        cub_choose_group(e, hello->supported_groups, hello->key_shares, &hs->peer_share);
    bool has_dhe = !cub_using_psk(e) || (hs->psk_modes & PSK_DHE_KE);

    /* A pre-shared key can do without [RFC8446-4.2.9]. */
    if (!e->retried && cub_using_psk(e) && (hs->psk_modes & PSK_KE) && (!has_dhe || group == NULL))
        return E_OK;
    if (group == NULL)
        return E_NO_COMMON_GROUP;
    /* The second ClientHello brings the share that was asked for [RFC8446-4.1.4]. */
    if (e->retried && (group != e->group || hs->peer_share.len == 0))
        return E_CH_AGAIN_SHARE;
    e->group = group;
    return E_OK;
}

static enum cub_error choose_credential(struct cub_engine *e, const struct cub_client_hello *hello)
{
    struct cub_handshake *hs = e->hs;
    bool has_psks = (hello->present & EXT_BIT(EXT_PRE_SHARED_KEY)) != 0;
    struct cub_accepted accepted = {.schemes = hello->signature_algorithms,
                                    .authorities = hello->certificate_authorities};

    if (e->config->num_credentials == 0) {
        if (!has_psks)
            return E_NO_CREDENTIAL;
        return hs->psk_modes == 0 ? E_NO_COMMON_PSK_MODE : E_NO_COMMON_PSK;
    }
    if (!(hello->present & EXT_BIT(EXT_SIGNATURE_ALGORITHMS)))
        return E_CH_NO_SIGNATURE_ALGORITHMS;
    hs->credential = cub_choose_credential(e, &accepted, &hs->scheme);
    if (hs->credential == NULL)
        return E_NO_COMMON_SIGNATURE;
    hs->cert_requested = e->config->verify_mode != CUB_VERIFY_NONE && !cub_asks_afterwards(e);
    return E_OK;
}

enum cub_error cub_negotiate(struct cub_engine *e)
{
    struct cub_client_hello hello;
    struct rd body;
    enum cub_error err;

    cub_reread(e, &body);
    err = cub_client_hello_decode(&body, &hello);
    if (err == E_OK)
        err = check_hello13(e, &hello);
    if (err == E_OK)
        err = choose_cipher(e, &hello);
    if (err == E_OK)
        err = choose_group(e, &hello);
    if (err == E_OK)
        err = cub_choose_alpn(e, &hello);
    if (err == E_OK)
        err = cub_take_limits(e, hello.present, hello.record_size_limit, hello.max_fragment_length);
    if (err == E_OK && e->config->profile->extras != NULL)
        err = e->config->profile->extras->take_hello(e);
    if (err == E_OK && !cub_using_psk(e))
        err = choose_credential(e, &hello);
    if (err == E_OK)
        cub_transcript_select(&e->hs->transcript, e->suite->hash);
    /* Refused until it is accepted; none may come after a retry [RFC8446-4.2.10]. */
    if ((hello.present & EXT_BIT(EXT_EARLY_DATA)) && !e->retried)
        cub_record_in_skip(&e->in, cub_early_skip(e));
    return err;
}

bool cub_needs_retry(const struct cub_engine *e)
{
    return e->group != NULL && e->hs->peer_share.len == 0;
}

enum cub_error cub_send_hello_retry(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    enum cub_error err = E_OK;

    if (e->config->flags & CUB_FLAG_COOKIE) {
        /* Its value proves that our retry was seen; shares' memory is the client's to use, so free.
         */
        hs->cookie = (struct cub_view){hs->shares, 32};
        err = cub_random_fill(e->config->random, hs->shares, 32);
    }
    e->retried = 1;
    cub_put_hello_retry(e);
    cub_join_client_hello(e);
    cub_transcript_collapse(&hs->transcript); /* [RFC8446-4.4.1] */
    return err;
}

/* The key exchange, whose secret goes into the schedule: with our share, if there is one at all. */
static enum cub_error respond(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    uint8_t secret[CUB_GROUP_MAX_SECRET];
    enum cub_error err;

    if (e->group == NULL) {
        cub_next_secret(cub_hash_of(e), hs->secret, NULL, 0);
        return E_OK;
    }
    err = e->group->respond(e->group, e->config->random, hs->peer_share.data, hs->peer_share.len,
                            hs->shares, secret);
    if (err != E_OK)
        return err;
    cub_next_secret(cub_hash_of(e), hs->secret, secret, e->group->secret_size);
    cub_wipe(secret, sizeof secret);
    return E_OK;
}

enum cub_error cub_send_server_hello(struct cub_engine *e)
{
    uint8_t random[32];
    enum cub_error err = cub_random_fill(e->config->random, random, sizeof random);

    /* With a pre-shared key the Early Secret is there. */
    if (!cub_using_psk(e))
        cub_early_secret(cub_hash_of(e), NULL, 0, e->hs->secret);
    if (err == E_OK)
        err = respond(e);
    if (err != E_OK)
        return err;
    cub_put_server_hello13(e, random);
    cub_join_client_hello(e);
    return E_OK;
}

enum cub_error cub_send_encrypted_extensions(struct cub_engine *e)
{
    cub_put_encrypted_extensions(e);
    return E_OK;
}

enum cub_error cub_send_certificate_request(struct cub_engine *e)
{
    uint8_t schemes[64];
    struct cub_certificate_request cr = {0};

    cr.signature_algorithms = cub_scheme_list(e, schemes, sizeof schemes);
    cr.certificate_authorities = e->config->certificate_authorities;
    if (e->config->profile->extras != NULL)
        e->config->profile->extras->request(e, &cr);
    cub_certificate_request_encode(&e->reply.w, &cr);
    return E_OK;
}
