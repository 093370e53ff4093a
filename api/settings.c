#include "api/settings.h"

#include <string.h>

#include "api/compression.h"
#include "api/conn.h"
#include "api/entropy.h"
#include "api/memory.h"
#include "api/raw_key.h"
#include "api/shared_store.h"
#include "api/tickets.h"
#include "crypto/bytes.h"
#include "crypto/hash.h"

#define DEFAULT_OPTIONS                                                                            \
    (CUB_OP_ALL | CUB_OP_NO_SSLv3 | CUB_OP_CIPHER_SERVER_PREFERENCE | CUB_OP_SINGLE_DH_USE |       \
     CUB_OP_SINGLE_ECDH_USE | CUB_OP_NO_COMPRESSION | CUB_OP_ENABLE_MIDDLEBOX_COMPAT)

/* CPython's own default [PY_SSL_DEFAULT_CIPHERS], and OpenSSL's for TLS 1.3. */
static const char default_ciphers[] =
    "ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:DHE+AES:!aNULL:!eNULL:!aDSS:!SHA1:!AESCCM";
static const char default_ciphersuites[] =
    "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";

/* Sessions of TLS 1.2 that a server keeps for clients without tickets. */
#define OWN_SESSIONS 4096

#define DEFAULT_TICKETS      2
#define DEFAULT_RECORD_LIMIT 16384
#define DEFAULT_WINDOW       10 /* seconds [RFC8446-8.3] */

struct cub_settings *cub_settings_new(enum cub_SSLMethod protocol)
{
    struct cub_settings *s = cub_alloc(sizeof *s);
    bool client = protocol == CUB_PROTOCOL_TLS_CLIENT;

    if (!s)
        return NULL;
    atomic_init(&s->owners, 1);
    s->store = cub_store_new();
    s->tickets = s->store ? cub_tickets_new() : NULL;
    s->session_cache_size = OWN_SESSIONS;
    s->ids = s->tickets && !client ? cub_shared_new_in_memory(OWN_SESSIONS, 0, true) : NULL;
    if (!s->tickets || (!client && !s->ids)) {
        cub_tickets_free(s->tickets);
        cub_store_free(s->store);
        cub_free(s);
        return NULL;
    }
    s->options = DEFAULT_OPTIONS;
    s->verify_flags = CUB_VERIFY_X509_TRUSTED_FIRST;
    s->check_common_name = true;
    s->minimum_version = CUB_TLSVersion_TLSv1_2;
    if (protocol == CUB_PROTOCOL_TLSv1_2)
        s->maximum_version = CUB_TLSVersion_TLSv1_2;
    s->verify_mode = client ? CUB_CERT_REQUIRED : CUB_CERT_NONE;
    s->check_hostname = client;
    s->num_tickets = DEFAULT_TICKETS;
    s->security_level = 2;
    s->early_data_window = DEFAULT_WINDOW;
    (void)cub_suites_parse(default_ciphersuites, s->suites13);
    (void)cub_cipher_string_parse(default_ciphers, s->suites12, &s->security_level);
    s->record_size_limit = DEFAULT_RECORD_LIMIT;
    s->verify_time = INT64_MIN;
    s->expected.depth = -1;
    cub_settings_apply(s);
    return s;
}

struct cub_settings *cub_settings_copy(const struct cub_settings *settings)
{
    struct cub_settings *s = cub_memdup(settings, sizeof *s);

    if (!s)
        return NULL;
    if (s->alpn) {
        s->alpn = cub_memdup(settings->alpn, settings->alpn_len);
        if (!s->alpn) {
            cub_free(s);
            return NULL;
        }
    }
    if (s->raw_keys) {
        s->raw_keys = cub_memdup(settings->raw_keys, settings->raw_key_count * sizeof *s->raw_keys);
        if (!s->raw_keys) {
            cub_free(s->alpn);
            cub_free(s);
            return NULL;
        }
    }
    atomic_init(&s->owners, 1);
    (void)cub_store_ref(s->store);
    (void)cub_keylog_ref(s->keylog);
    (void)cub_tickets_ref(s->tickets);
    (void)cub_shared_ref(s->sessions);
    (void)cub_shared_ref(s->ids);
    (void)cub_shared_ref(s->replays);
    for (size_t i = 0; i < s->identity_count; i++) {
        (void)cub_identity_ref(s->identities[i]);
        (void)cub_staple_ref(s->staples[i]);
    }
    cub_settings_apply(s);
    return s;
}

struct cub_settings *cub_settings_ref(struct cub_settings *settings)
{
    atomic_fetch_add_explicit(&settings->owners, 1, memory_order_relaxed);
    return settings;
}

void cub_settings_free(struct cub_settings *s)
{
    if (!s || atomic_fetch_sub_explicit(&s->owners, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < s->identity_count; i++) {
        cub_identity_free(s->identities[i]);
        cub_staple_free(s->staples[i]);
    }
    cub_keylog_free(s->keylog);
    cub_tickets_free(s->tickets);
    cub_shared_free(s->sessions);
    cub_shared_free(s->ids);
    cub_shared_free(s->replays);
    cub_store_free(s->store);
    cub_free(s->alpn);
    cub_free(s->raw_keys);
    cub_free(s);
}

unsigned cub_settings_peer_types(const struct cub_settings *s)
{
    if (s->peer_types)
        return s->peer_types;
    return s->raw_key_count ? CUB_CERTIFICATE_TYPE_RAW_PUBLIC_KEY : CUB_CERTIFICATE_TYPE_X509;
}

bool cub_settings_versions(const struct cub_settings *s, uint16_t *least, uint16_t *most)
{
    static const struct {
        uint16_t version;
        uint64_t option;
    } versions[] = {
        {CUB_TLS1_2, CUB_OP_NO_TLSv1_2},
        {CUB_TLS1_3, CUB_OP_NO_TLSv1_3},
    };

    *least = *most = 0;
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        int version = versions[i].version;
        if ((s->minimum_version && version < s->minimum_version) ||
            (s->maximum_version && version > s->maximum_version) ||
            (s->options & versions[i].option))
            continue;
        if (!*least)
            *least = versions[i].version;
        *most = versions[i].version;
    }
    return *least != 0;
}

/* What OpenSSL's security levels ask of a suite: the bits of its key, and from 3 on forward
 * secrecy. */
static bool is_allowed(const struct cub_suite *suite, int level)
{
    static const int least[] = {0, 80, 112, 128, 192, 256};
    int bits = 8 * (suite->aead->key_size - suite->aead->mac_key_size);

    if (bits < least[level > 5 ? 5 : level])
        return false;
    if (level >= 4 && suite->aead->mac_key_size == cub_sha1.size)
        return false;
    return level < 3 || suite->version == CUB_TLS1_3 || suite->key_exchange == CUB_KX_ECDHE ||
           suite->key_exchange == CUB_KX_DHE;
}

uint16_t cub_level_bits(int level)
{
    static const uint16_t least[] = {1024, 1024, 2048, 3072, 7680, 15360};

    return least[level > 5 ? 5 : level];
}

const struct cub_suite *const *cub_settings_suites(const struct cub_settings *s, unsigned version)
{
    const struct cub_suite *const *list = version == CUB_TLS1_3 ? s->suites13 : s->suites12;

    return *list ? list : cub_profile_full.suites;
}

/* Appends the suites of one version that the security level allows. */
static size_t append_suites(struct cub_settings *s, size_t count, unsigned version)
{
    const struct cub_suite *const *list = cub_settings_suites(s, version);

    for (; *list && count < 2 * CUB_LIST_MAX - 1; list++)
        if ((*list)->version == version && is_allowed(*list, s->security_level))
            s->suites[count++] = *list;
    s->suites[count] = NULL;
    return count;
}

/*
 * All that decides whether a peer is accepted: a session is resumed only under the same. A client's
 * is also of the identity that it may have shown.
 */
static void bind_sessions(struct cub_settings *s)
{
    uint8_t text[4 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + CUB_STORE_DIGEST + 32];
    struct cub_hash_context hash;

    cub_store_be32(text, s->verify_flags);
    text[4] = s->check_hostname;
    text[5] = s->check_common_name;
    text[6] = (uint8_t)s->security_level;
    text[7] = s->status_mode;
    /* By whom else, or by what else, a peer may be accepted, and whether it need not show anything
     * in the handshake. */
    text[8] = (uint8_t)((s->verify_callback != NULL) | (s->psk_client_callback != NULL) << 1 |
                        (s->psk_server_callback != NULL) << 2 | s->post_handshake_auth << 3);
    text[9] = s->delegated_credentials;
    text[10] = (uint8_t)cub_settings_peer_types(s);
    cub_store_digest(s->store, text + 11);
    cub_hash_once(&cub_sha256, &s->expected, sizeof s->expected, text + 11 + CUB_STORE_DIGEST);
    cub_hash_init(&cub_sha256, &hash);
    cub_hash_update(&cub_sha256, &hash, text, sizeof text);
    for (size_t i = 0; i < s->raw_key_count; i++)
        cub_hash_update(&cub_sha256, &hash, s->raw_keys[i], sizeof s->raw_keys[i]);
    cub_hash_output(&cub_sha256, &hash, s->binding);
    cub_hash_init(&cub_sha256, &hash);
    cub_hash_update(&cub_sha256, &hash, s->binding, sizeof s->binding);
    for (size_t i = 0; i < s->identity_count; i++) {
        struct cub_view leaf = s->credentials[i].chain[0];

        cub_hash_update(&cub_sha256, &hash, leaf.data, leaf.len);
    }
    cub_hash_output(&cub_sha256, &hash, s->client_binding);
}

struct cub_shared *cub_settings_cache(const struct cub_settings *s)
{
    return s->sessions ? s->sessions : s->ids;
}

static struct cub_config configuration(const struct cub_settings *s)
{
    unsigned types = cub_settings_peer_types(s);
    struct cub_config c = {
        .profile = &cub_profile_all,
        .random = &cub_system_random,
        .verify_mode = s->verify_mode == CUB_CERT_NONE       ? CUB_VERIFY_NONE
                       : s->verify_mode == CUB_CERT_OPTIONAL ? CUB_VERIFY_OPTIONAL
                                                             : CUB_VERIFY_REQUIRED,
        .record_size_limit = (uint16_t)s->record_size_limit,
        .suites = s->suites,
        .groups = s->groups[0] ? s->groups : cub_profile_full.groups,
        .compressions = s->compression_list,
        .alpn = {s->alpn,    s->alpn_len      },
        .credentials = s->credentials,
        .num_credentials = s->identity_count,
        .verifier = types & CUB_CERTIFICATE_TYPE_X509 ? &cub_peer_verifier : NULL,
        .raw_public_key = types & CUB_CERTIFICATE_TYPE_RAW_PUBLIC_KEY ? cub_conn_on_raw_key : NULL,
        .now = cub_conn_on_now,
        .session_binding = {s->binding, sizeof s->binding},
        .new_session = cub_conn_on_new_session,
        .session_store = s->options & CUB_OP_NO_TICKET ? cub_shared_sessions(s->sessions)
                                                       : cub_tickets_store(s->tickets),
        .session_cache = cub_shared_cache(cub_settings_cache(s)),
        .replay_store = cub_shared_replays(s->replays),
        .early_data_window = (uint32_t)(s->early_data_window * 1000),
        .ticket_lifetime = s->session_timeout,
        .num_tickets = (uint8_t)(s->num_tickets < UINT8_MAX ? s->num_tickets : UINT8_MAX),
        .session_data = cub_conn_on_session_data,
        .resume = cub_conn_on_resume,
        .keylog = s->keylog ? cub_conn_on_keylog : NULL,
        .trace = s->trace_callback ? cub_conn_on_trace : NULL,
    };

    (void)cub_settings_versions(s, &c.min_version, &c.max_version);
    if (!(s->options & CUB_OP_CIPHER_SERVER_PREFERENCE))
        c.flags |= CUB_FLAG_CLIENT_PREFERENCE;
    if (!(s->options & CUB_OP_ENABLE_MIDDLEBOX_COMPAT))
        c.flags |= CUB_FLAG_NO_COMPAT;
    if (s->options & CUB_OP_NO_TICKET)
        c.flags |= CUB_FLAG_NO_TICKET;
    if (s->options & CUB_OP_ALLOW_NO_DHE_KEX)
        c.flags |= CUB_FLAG_PSK_KE;
    if (s->options & CUB_OP_LEGACY_SERVER_CONNECT)
        c.flags |= CUB_FLAG_LEGACY_SERVER;
    if (s->post_handshake_auth)
        c.flags |= CUB_FLAG_POST_HANDSHAKE_AUTH;
    if (s->delegated_credentials)
        c.flags |= CUB_FLAG_DELEGATED_CREDENTIALS;
    if (s->false_start != CUB_FALSE_START_OFF)
        c.flags |= CUB_FLAG_FALSE_START;
    if (s->false_start == CUB_FALSE_START_ANY)
        c.flags |= CUB_FLAG_FALSE_START_ANY;
    return c;
}

/* Who signs what a list says: its order, without what nobody here signs. */
static void find_signers(const struct cub_verify_scheme *const *schemes,
                         const struct cub_sign_scheme **list)
{
    size_t n = 0;

    for (; *schemes; schemes++) {
        const struct cub_sign_scheme *const *signer = cub_profile_all.sign_schemes;

        /* In TLS 1.2 keys of several curves can. */
        for (; *signer; signer++)
            if ((*signer)->id == (*schemes)->id)
                list[n++] = *signer;
    }
    list[n] = NULL;
}

/* A role's own list limits what it signs with. */
static void limit_signatures(struct cub_settings *s)
{
    find_signers(s->client_schemes, s->client_signers);
    find_signers(s->server_schemes, s->server_signers);
    for (size_t i = 0; i < s->identity_count; i++) {
        s->client_credentials[i] = s->credentials[i];
        if (s->client_schemes[0])
            s->client_credentials[i].sign_schemes = s->client_signers;
        if (s->server_schemes[0])
            s->credentials[i].sign_schemes = s->server_signers;
    }
}

static bool has_same_leaf(const struct cub_settings *s, size_t i, size_t j)
{
    struct cub_view a = cub_identity_credential(s->identities[i])->chain[0];
    struct cub_view b = cub_identity_credential(s->identities[j])->chain[0];

    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

/* What goes with a certificate, be it stapled to the other identity that has the same. */
static void apply_stapled(struct cub_settings *s, size_t i)
{
    const struct cub_stapled *own = s->credentials[i].stapled;
    const struct cub_staple *staple = s->staples[i];

    for (size_t j = 0; !staple && j < s->identity_count; j++)
        if (has_same_leaf(s, i, j))
            staple = s->staples[j];
    s->stapled[i] = cub_staple_view(staple);
    if (own)
        s->stapled[i].delegated = own->delegated;
    s->credentials[i].stapled = &s->stapled[i];
}

void cub_settings_apply(struct cub_settings *s)
{
    (void)append_suites(s, append_suites(s, 0, CUB_TLS1_3), CUB_TLS1_2);
    for (size_t i = 0; i < s->identity_count; i++) {
        s->credentials[i] = *cub_identity_credential(s->identities[i]);
        if (!s->credentials[i].is_raw)
            apply_stapled(s, i);
    }
    limit_signatures(s);
    cub_compressions_apply(s);
    s->dh_group = (struct cub_dh_group){
        .p = {s->dh.p, s->dh.p_len},
          .g = {s->dh.g, s->dh.g_len}
    };
    bind_sessions(s);
    s->client = s->server = configuration(s);
    s->client.credentials = s->client_credentials;
    s->client.session_binding = (struct cub_view){s->client_binding, sizeof s->client_binding};
    /* A client sends 0-RTT data if it is told to in so many words. */
    s->client.max_early_data = UINT32_MAX;
    s->server.max_early_data = s->max_early_data;
    /* Each role verifies what the other signs. */
    if (s->server_schemes[0])
        s->client.verify_schemes = s->server_schemes;
    if (s->client_schemes[0])
        s->server.verify_schemes = s->client_schemes;
    if (s->status_mode != CUB_STATUS_NONE && s->client.verifier)
        s->client.verifier = &cub_peer_verifier_status;
    s->client.take_scts = s->scts_requested ? cub_conn_on_scts : NULL;
    s->server.flags |= CUB_FLAG_HELLO_WAIT; /* for the sni_callback, and to see the client's list */
    s->server.flags |= CUB_FLAG_ALPN_OPTIONAL; /* selected_alpn_protocol() is None then */
    s->client.psk_to_offer = s->psk_client_callback ? cub_conn_on_psk_to_offer : NULL;
    s->server.psk_for_identity = s->psk_server_callback ? cub_conn_on_psk_for_identity : NULL;
    s->client.dh_min_bits = cub_level_bits(s->security_level);
    s->server.dh_params = s->dh.p_len ? &s->dh_group : NULL;
    s->server.psk_identity_hint =
        (struct cub_view){(const uint8_t *)s->psk_identity_hint, strlen(s->psk_identity_hint)};
}
