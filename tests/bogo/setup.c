#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/ciphers.h"
#include "handshake/certificate.h"
#include "handshake/import.h"
#include "handshake/delegated.h"
#include "shim.h"

static uint64_t read_clock(void *owner)
{
    return ((struct shim *)owner)->memory->now;
}

static void keep_session(void *owner, const struct cub_session_state *session)
{
    struct shim *s = owner;

    s->session_received = true;
    s->ticket_received = session->ticket.len > 0;
    s->session_allows_early_data = session->max_early_data > 0;
    if (cub_session_encode(session, s->memory->session, MAX_SESSION, &s->memory->session_len) !=
        E_OK)
        die("the session is too long");
}

static enum cub_error cache_put(void *context, void *owner, const uint8_t *id,
                                const uint8_t *session, size_t len)
{
    struct memory *m = ((struct shim *)owner)->memory;
    struct cached *cached = &m->cached[m->num_cached++ % MAX_CACHED];

    (void)context;
    if (len > sizeof cached->session)
        return E_SESSION_BUFFER;
    memcpy(cached->id, id, sizeof cached->id);
    memcpy(cached->session, session, len);
    cached->len = len;
    return E_OK;
}

static enum cub_error cache_open(void *context, void *owner, uint8_t *buffer, size_t *len,
                                 size_t size)
{
    struct memory *m = ((struct shim *)owner)->memory;

    (void)context;
    for (size_t i = 0; i < MAX_CACHED; i++) {
        struct cached *cached = &m->cached[i];

        if (cached->len == 0 || *len != sizeof cached->id || cached->len > size ||
            memcmp(cached->id, buffer, sizeof cached->id) != 0)
            continue;
        memcpy(buffer, cached->session, cached->len);
        *len = cached->len;
        return E_OK;
    }
    return E_SESSION_UNKNOWN;
}

const struct cub_session_cache shim_cache = {cache_put, cache_open, NULL};

static void set_sessions(struct shim *s, struct cub_engine_setup *setup)
{
    struct memory *m = s->memory;

    s->config.now = read_clock;
    if (s->options->enable_early_data) {
        s->config.max_early_data = MAX_EARLY_DATA;
        s->config.replay_store = &m->replay_store;
        s->config.early_data_window = 60000;
    }
    if (s->options->server) {
        s->config.session_cache = &shim_cache;
        if (s->options->no_ticket)
            return;
        s->config.session_store = &m->store;
        s->config.resume = judge_session;
        s->config.num_tickets = 2;
        return;
    }
    s->config.new_session = keep_session;
    if (s->options->no_ticket)
        s->config.flags |= CUB_FLAG_NO_TICKET;
    if (!s->resuming)
        return;
    if (m->session_len == 0)
        die("there is no session to resume");
    memcpy(s->session_bytes, m->session, m->session_len);
    if (cub_session_decode(&s->session, s->session_bytes, m->session_len) != E_OK)
        die("the session cannot be read");
    setup->session = &s->session;
}

/* Suites as BoringSSL has them: all of ours, those of pre-shared keys if there is such a key. */
static void set_suites(struct shim *s)
{
    const struct options *o = s->options;
    const struct cub_suite *chosen[CUB_LIST_MAX] = {NULL};
    const struct cub_suite *suite;
    size_t n = 0;
    int level = 0;

    s->suites[n++] = &cub_suite_aes_128_gcm_sha256;
    for (size_t i = 0; (suite = cub_suite_get(i)) != NULL; i++) {
        bool wanted =
            suite->version == CUB_TLS1_3 ||
            (o->cipher == NULL && (o->psk != NULL || suite->authentication != CUB_AUTH_PSK));

        if (wanted && suite != s->suites[0] && suite != &cub_suite_aes_128_ccm_8_sha256)
            s->suites[n++] = suite;
    }
    s->config.suites = s->suites;
    if (o->cipher == NULL)
        return;
    if (strstr(o->cipher, "TLS_") != NULL)
        n = suites_parse(s, n);
    else if (cub_cipher_string_parse(o->cipher, chosen, &level) != E_OK)
        exit(EXIT_NOT_IMPLEMENTED);
    for (size_t i = 0; chosen[i] != NULL; i++)
        s->suites[n++] = chosen[i];
    s->suites[n] = NULL;
    s->config.flags &= ~(uint32_t)CUB_FLAG_CLIENT_PREFERENCE;
}

static const struct cub_group *find_group(int id)
{
    for (const struct cub_group *const *g = cub_profile_all.groups; *g != NULL; g++) {
        if ((*g)->id == id)
            return *g;
    }
    exit(EXIT_NOT_IMPLEMENTED);
}

/* A share of the first of our groups that the server is believed to support, if there is one. */
static void predict_group(struct shim *s)
{
    const struct list *known = &s->options->server_groups;

    for (const struct cub_group *const *g = s->groups; *g != NULL; g++) {
        for (size_t i = 0; i < known->count; i++) {
            if (known->items[i] != (*g)->id)
                continue;
            s->share_groups[0] = *g;
            s->share_groups[1] = NULL;
            s->config.share_groups = s->share_groups;
            return;
        }
    }
}

static void set_groups(struct shim *s)
{
    static const struct list defaults = {
        {29, 23, 24},
        3
    };
    const struct list *list = s->options->curves.count > 0 ? &s->options->curves : &defaults;

    for (size_t i = 0; i < list->count; i++)
        s->groups[i] = find_group(list->items[i]);
    s->config.groups = s->groups;
    for (size_t i = 0; i < s->options->key_shares.count; i++)
        s->share_groups[i] = find_group(s->options->key_shares.items[i]);
    if (s->options->key_shares.count > 0 || s->options->no_key_shares)
        s->config.share_groups = s->share_groups;
    predict_group(s);
}

/* Those with SHA-1 and MD5: whoever has others too does well without [RFC9155]. */
static bool is_weak(int id)
{
    return id == 0x0201 || id == 0x0203 || id == 0xff01;
}

static const struct cub_verify_scheme *find_verify_scheme(int id)
{
    const struct cub_verify_scheme *const *s = cub_profile_all.verify_schemes;

    if (id == cub_verify_rsa_pkcs1_sha256_legacy.id)
        return &cub_verify_rsa_pkcs1_sha256_legacy;
    while (*s != NULL && (*s)->id != id)
        s++;
    if (*s == NULL)
        exit(EXIT_NOT_IMPLEMENTED);
    return *s;
}

static void set_verify_schemes(struct shim *s)
{
    static const struct list defaults = {
        {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601},
        8
    };
    const struct list *list =
        s->options->verify_prefs.count > 0 ? &s->options->verify_prefs : &defaults;
    size_t n = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (!is_weak(list->items[i]) || list->count == 1)
            s->verify_schemes[n++] = find_verify_scheme(list->items[i]);
    }
    /* A client has to have others. */
    if (!s->options->server && n == 1 && s->verify_schemes[0]->use == CUB_USE_CLIENT13)
        s->verify_schemes[n++] = &cub_verify_rsa_pss_rsae_sha256;
    s->config.verify_schemes = s->verify_schemes;
}

static const struct cub_sign_scheme *find_sign_scheme(int id)
{
    for (const struct cub_sign_scheme *const *s = cub_profile_all.sign_schemes; *s != NULL; s++) {
        if ((*s)->id == id)
            return *s;
    }
    exit(EXIT_NOT_IMPLEMENTED);
}

static struct cub_view view_of(struct blob blob)
{
    return (struct cub_view){blob.data, blob.len};
}

/* An OCSP callback decides for each connection whether there is a response. */
static bool staples(const struct options *o)
{
    return o->use_ocsp_callback ? !o->decline_ocsp_callback : true;
}

static bool delegated_and_issued(const struct cub_engine *e,
                                 const struct cub_credential *credential,
                                 struct cub_accepted *accepted)
{
    return cub_credential_is_issued_by(e, credential, accepted) &&
           cub_credential_delegated_suits(e, credential, accepted);
}

/* Its key must be the one that was delegated to. */
static void set_delegated(struct identity *identity, struct cub_credential *credential,
                          const struct credential_options *c)
{
    struct cub_delegated dc;
    struct cub_view spki;

    if (c->delegated.data == NULL)
        return;
    if (!cub_delegated_decode(view_of(c->delegated), &dc))
        die(":DECODE_ERROR:");
    if (!cub_delegated_allows(cub_delegated_scheme(&dc)))
        die(":INVALID_SIGNATURE_ALGORITHM:");
    spki = spki_encode(&identity->public_key);
    if (spki.len != dc.spki.len || memcmp(spki.data, dc.spki.data, spki.len) != 0)
        die(":KEY_VALUES_MISMATCH:");
    identity->stapled.delegated = view_of(c->delegated);
    credential->suits =
        c->must_match_issuer ? delegated_and_issued : cub_credential_delegated_suits;
}

static void add_credential(struct shim *s, const struct credential_options *c)
{
    struct identity *identity = &s->identities[s->config.num_credentials];
    struct cub_credential *credential = &s->credentials[s->config.num_credentials];
    size_t n = 0;

    if ((c->cert_file == NULL && !c->is_raw) || c->key_file == NULL)
        return;
    identity_load(identity, c->cert_file, c->key_file);
    *credential = identity->credential;
    for (size_t i = 0; i < c->signing_prefs.count; i++) {
        if (!is_weak(c->signing_prefs.items[i]))
            identity->sign_schemes[n++] = find_sign_scheme(c->signing_prefs.items[i]);
    }
    if (c->signing_prefs.count > 0) {
        if (n == 0)
            exit(EXIT_NOT_IMPLEMENTED);
        credential->sign_schemes = identity->sign_schemes;
    }
    if (staples(s->options))
        identity->stapled.ocsp_response = view_of(c->ocsp_response);
    if (c->must_match_issuer)
        credential->suits = cub_credential_is_issued_by;
    set_delegated(identity, credential, c);
    identity->stapled.put = cub_put_stapled;
    identity->stapled.scts = view_of(c->scts);
    credential->stapled = &identity->stapled;
    if (c->scts.data != NULL && cub_sct_list_check(c->scts.data, c->scts.len) != E_OK)
        die(":INVALID_SCT_LIST:");
    identity->index = (int)(c - s->options->credentials) - 1;
    s->config.num_credentials++;
}

static void import_psk(struct shim *s, const struct credential_options *c, uint16_t kdf)
{
    static const struct cub_hash *const hashes[] = {&cub_sha256, &cub_sha384};
    struct imported *imported = &s->psks[s->num_psks++];
    struct cub_psk *psk = &imported->psk;
    struct cub_imported_identity identity = {view_of(c->psk_identity), view_of(c->psk_context),
                                             CUB_TLS1_3, kdf};

    imported->index = (int)(c - s->options->credentials) - 1;
    psk->kind = CUB_PSK_IMPORTED;
    psk->hash = hashes[kdf - CUB_HKDF_SHA256];
    psk->identity.data = imported->identity;
    if (cub_imported_identity_encode(&identity, imported->identity, sizeof imported->identity,
                                     &psk->identity.len) != E_OK)
        die("the identity is too long");
    cub_import_psk(c->psk_sha384 ? &cub_sha384 : &cub_sha256, c->psk.data, c->psk.len,
                   psk->identity, psk->hash, imported->key);
    psk->key = (struct cub_view){imported->key, psk->hash->size};
}

static struct cub_view view_of_text(const char *text)
{
    return (struct cub_view){(const uint8_t *)text, text != NULL ? strlen(text) : 0};
}

/* The key of TLS 1.2, whose suites fix its hash. */
static struct cub_psk psk12(const struct options *o)
{
    struct cub_psk psk = {.kind = CUB_PSK_EXTERNAL, .hash = &cub_sha256};

    psk.identity = view_of_text(o->psk_identity != NULL ? o->psk_identity : "");
    psk.key = view_of_text(o->psk);
    return psk;
}

static bool psk_to_offer(void *owner, unsigned i, struct cub_psk *psk)
{
    struct shim *s = owner;

    if (i == s->num_psks && s->options->psk != NULL) {
        *psk = psk12(s->options);
        return true;
    }
    if (i >= s->num_psks)
        return false;
    s->psk = &s->psks[i];
    *psk = s->psk->psk;
    return true;
}

static enum cub_error psk_for_identity(void *owner, struct cub_view identity, struct cub_psk *psk)
{
    struct shim *s = owner;

    for (size_t i = 0; i < s->num_psks; i++) {
        const struct cub_psk *ours = &s->psks[i].psk;

        if (s->psks[i].index == s->psk_choice && ours->identity.len == identity.len &&
            memcmp(ours->identity.data, identity.data, identity.len) == 0) {
            s->psk = &s->psks[i];
            *psk = *ours;
            return E_OK;
        }
    }
    if (s->options->psk != NULL) {
        struct cub_psk ours = psk12(s->options);

        if (ours.identity.len == identity.len &&
            memcmp(ours.identity.data, identity.data, identity.len) == 0) {
            *psk = ours;
            return E_OK;
        }
    }
    return E_SESSION_UNKNOWN;
}

/* The place of a kind of certificate in the list of those to offer; all come alike without one. */
static size_t place_of(const struct list *types, bool is_raw)
{
    size_t i = 0;

    while (i < types->count && types->items[i] != (is_raw ? TYPE_RAW_KEY : TYPE_X509))
        i++;
    return types->count > 0 ? i : 0;
}

static bool suits_nobody(const struct cub_engine *e, const struct cub_credential *credential,
                         struct cub_accepted *accepted)
{
    (void)e, (void)credential, (void)accepted;
    return false;
}

/*
 * Credentials of the kinds to offer alone, kind by kind: the engine offers those that it has. One
 * that suits nobody stands for a kind that there is none of.
 */
static void order_credentials(struct shim *s)
{
    static const struct cub_private_key no_key;
    const struct list *types = &s->options->offered_types;
    struct cub_credential *sorted = s->sorted;
    size_t n = 0;

    if (s->config.num_credentials == 0)
        s->config.flags &= ~(uint32_t)CUB_FLAG_CERT_OR_FAIL;
    for (size_t i = 0; i < types->count; i++) {
        size_t before = n;

        for (size_t j = 0; j < s->config.num_credentials; j++) {
            if (place_of(types, s->credentials[j].is_raw) != i)
                continue;
            sorted[n] = s->credentials[j];
            s->order[n++] = j;
        }
        if (n == before)
            sorted[n++] = (struct cub_credential){.key = &no_key,
                                                  .suits = suits_nobody,
                                                  .is_raw = types->items[i] == TYPE_RAW_KEY};
        if (types->items[i] != TYPE_X509 && types->items[i] != TYPE_RAW_KEY)
            exit(EXIT_NOT_IMPLEMENTED);
    }
    if (types->count == 0)
        return;
    s->config.credentials = sorted;
    s->config.num_credentials = n;
}

static void set_credentials(struct shim *s)
{
    const struct options *o = s->options;

    for (size_t i = 1; i <= o->num_credentials; i++) {
        if (o->credentials[i].is_psk) {
            import_psk(s, &o->credentials[i], CUB_HKDF_SHA256);
            import_psk(s, &o->credentials[i], CUB_HKDF_SHA384);
        } else {
            add_credential(s, &o->credentials[i]);
        }
    }
    add_credential(s, &o->credentials[0]);
    s->config.credentials = s->credentials;
    order_credentials(s);
    if (s->num_psks == 0 && o->psk == NULL)
        return;
    s->config.psk_to_offer = psk_to_offer;
    s->config.psk_for_identity = psk_for_identity;
    s->config.psk_identity_hint = view_of_text(o->psk_identity);
    /* Who has keys and does not verify takes nothing else. */
    if (s->num_psks > 0 && !o->server && !o->verify_peer) {
        s->verify_schemes[0] = NULL;
        s->config.verifier = NULL;
        s->config.min_version = CUB_TLS1_3;
    }
}

static void set_versions(struct shim *s)
{
    const struct options *o = s->options;
    int min = o->min_version > CUB_TLS1_2 ? o->min_version : CUB_TLS1_2;
    int max = o->max_version > 0 ? o->max_version : CUB_TLS1_3;

    if (o->no_tls12 && min == CUB_TLS1_2)
        min = CUB_TLS1_3;
    if (o->no_tls13 && max == CUB_TLS1_3)
        max = CUB_TLS1_2;
    if (min > max)
        die(":NO_SUPPORTED_VERSIONS_ENABLED:");
    s->config.min_version = (uint16_t)min;
    s->config.max_version = (uint16_t)max;
}

static struct cub_view keep_unknown_alpn(void *owner, struct cub_view name)
{
    struct shim *s = owner;

    memcpy(s->alpn, name.data, name.len);
    return (struct cub_view){s->alpn, name.len};
}

static void set_alpn(struct shim *s)
{
    const struct options *o = s->options;

    if (!o->server && o->advertise_alpn != NULL)
        s->config.alpn =
            (struct cub_view){(const uint8_t *)o->advertise_alpn, strlen(o->advertise_alpn)};
    if (o->allow_unknown_alpn)
        s->config.unknown_alpn = keep_unknown_alpn;
    if (o->server && o->select_alpn != NULL && o->select_alpn[0] != 0 && !o->decline_alpn) {
        size_t len = strlen(o->select_alpn);

        s->alpn[0] = (uint8_t)len;
        memcpy(s->alpn + 1, o->select_alpn, len);
        s->config.alpn = (struct cub_view){s->alpn, 1 + len};
    }
}

static enum cub_error take_scts(void *owner, const uint8_t *list, size_t len)
{
    struct shim *s = owner;
    enum cub_error err = cub_sct_list_check(list, len);

    if (err != E_OK)
        return err;
    /* What comes with issuers is not wanted. */
    if (s->scts_taken)
        return E_OK;
    s->scts_taken = true;
    if (len > sizeof s->memory->scts)
        die("the list of SCTs is too long");
    memcpy(s->memory->scts, list, len);
    s->memory->scts_len = len;
    return E_OK;
}

/* A client that offers early data gets certificates only when it has been rejected. */
static const struct options *options_of_verification(const struct shim *s)
{
    bool early = s->resuming && !s->options->server && s->options->enable_early_data;

    return early ? s->retry_options : s->options;
}

static void set_verification(struct shim *s)
{
    const struct options *o = s->options;
    bool judges = o->verify_peer || o->require_any_client_certificate;

    s->config.verifier = o->enable_ocsp_stapling ? &judge_verifier_stapling : &judge_verifier;
    s->config.verify_mode = o->server ? CUB_VERIFY_NONE : CUB_VERIFY_REQUIRED;
    if (o->server && o->verify_peer)
        s->config.verify_mode = CUB_VERIFY_OPTIONAL;
    if (o->require_any_client_certificate)
        s->config.verify_mode = CUB_VERIFY_REQUIRED;
    if (o->enable_scts)
        s->config.take_scts = take_scts;
    s->refusal = o->use_custom_verify_callback ? E_X509_APPLICATION_UNKNOWN : E_X509_APPLICATION;
    s->judge.refusal = judges && options_of_verification(s)->verify_fail ? s->refusal : E_OK;
    if (!o->server && o->use_ocsp_callback && o->fail_ocsp_callback)
        s->judge.refusal = E_OCSP_UNSUCCESSFUL;
    s->judge.ask_again = o->async;
    s->judge.max_message = (size_t)o->max_cert_list;
    s->judge.ignores_usage = o->ignore_rsa_key_usage;
    s->judge.engine = &s->engine;
}

void set_up(struct shim *s)
{
    const struct options *o = s->options;
    struct cub_engine_setup setup = {
        .config = &s->config,
        .is_server = o->server,
        .server_name = o->host_name,
        .verifier_context = &s->judge,
        .owner = s,
        .in = s->in,
        .in_size = sizeof s->in,
        .out = s->out,
        .out_size = sizeof s->out,
        .handshake = s->handshake,
        .handshake_size = sizeof s->handshake,
    };

    s->profile = cub_profile_all;
    s->profile.groups = cub_profile_all.groups;
    s->config.profile = &s->profile;
    s->config.random = &system_random;
    s->config.trace = note_message;
    s->config.flags = CUB_FLAG_HELLO_WAIT | CUB_FLAG_LEGACY_SERVER | CUB_FLAG_CERT_OR_FAIL |
                      CUB_FLAG_GROUP_PREFERENCE | CUB_FLAG_ALWAYS_CCS | CUB_FLAG_PADDING;
    if (!o->server_preference)
        s->config.flags |= CUB_FLAG_CLIENT_PREFERENCE;
    if (o->false_start)
        s->config.flags |= CUB_FLAG_FALSE_START;
    if (o->false_start_without_alpn)
        s->config.flags |= CUB_FLAG_FALSE_START_ANY;
    if (o->fallback_scsv)
        s->config.flags |= CUB_FLAG_FALLBACK;
    set_versions(s);
    set_suites(s);
    set_groups(s);
    set_verify_schemes(s);
    set_alpn(s);
    set_verification(s);
    set_sessions(s, &setup);
    set_credentials(s);
    set_compression(s);
    set_raw_keys(s);
    if (o->client_ca_list != NULL)
        s->config.certificate_authorities =
            (struct cub_view){s->authorities, names_decode(o->client_ca_list, s->authorities,
                                                           sizeof s->authorities)};
    if (cub_engine_start(&s->engine, &setup) != E_OK)
        die("cannot start");
    if (o->max_send_fragment > 0 && o->max_send_fragment < s->engine.out.limit)
        s->engine.out.limit = (uint16_t)o->max_send_fragment;
}
