#include <stdlib.h>
#include <string.h>

#include "shim.h"

static uint64_t read_clock(void *owner)
{
    return ((struct shim *)owner)->memory->now;
}

static void keep_session(void *owner, const struct cub_session_state *session)
{
    struct shim *s = owner;

    s->session_received = true;
    s->session_allows_early_data = session->max_early_data > 0;
    if (cub_session_encode(session, s->memory->session, MAX_SESSION, &s->memory->session_len) !=
        E_OK)
        die("the session is too long");
}

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
        if (s->options->no_ticket)
            return;
        s->config.session_store = &m->store;
        s->config.num_tickets = 2;
        return;
    }
    s->config.new_session = keep_session;
    if (!s->resuming)
        return;
    if (m->session_len == 0)
        die("there is no session to resume");
    memcpy(s->session_bytes, m->session, m->session_len);
    if (cub_session_decode(&s->session, s->session_bytes, m->session_len) != E_OK)
        die("the session cannot be read");
    setup->session = &s->session;
}

static const struct cub_group *find_group(int id)
{
    for (const struct cub_group *const *g = cub_profile_full.groups; *g != NULL; g++) {
        if ((*g)->id == id)
            return *g;
    }
    exit(EXIT_NOT_IMPLEMENTED);
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
    if (s->options->key_shares.count > 0)
        exit(EXIT_NOT_IMPLEMENTED);
}

static void set_verify_schemes(struct shim *s)
{
    static const struct list defaults = {
        {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601},
        8
    };
    const struct list *list =
        s->options->verify_prefs.count > 0 ? &s->options->verify_prefs : &defaults;

    for (size_t i = 0; i < list->count; i++) {
        const struct cub_verify_scheme *const *scheme = cub_profile_full.verify_schemes;

        while (*scheme != NULL && (*scheme)->id != list->items[i])
            scheme++;
        if (*scheme == NULL)
            exit(EXIT_NOT_IMPLEMENTED);
        s->verify_schemes[i] = *scheme;
    }
    s->config.verify_schemes = s->verify_schemes;
}

static void set_sign_schemes(struct shim *s)
{
    const struct list *list = &s->options->signing_prefs;

    if (list->count == 0)
        return;
    for (size_t i = 0; i < list->count; i++) {
        const struct cub_sign_scheme *const *scheme = cub_profile_full.sign_schemes;

        while (*scheme != NULL && (*scheme)->id != list->items[i])
            scheme++;
        if (*scheme == NULL)
            exit(EXIT_NOT_IMPLEMENTED);
        s->sign_schemes[i] = *scheme;
    }
    s->profile.sign_schemes = s->sign_schemes;
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

static void set_alpn(struct shim *s)
{
    const struct options *o = s->options;

    if (!o->server && o->advertise_alpn != NULL)
        s->config.alpn =
            (struct cub_view){(const uint8_t *)o->advertise_alpn, strlen(o->advertise_alpn)};
    if (o->server && o->select_alpn != NULL && o->select_alpn[0] != 0 && !o->decline_alpn) {
        size_t len = strlen(o->select_alpn);

        s->alpn[0] = (uint8_t)len;
        memcpy(s->alpn + 1, o->select_alpn, len);
        s->config.alpn = (struct cub_view){s->alpn, 1 + len};
    }
}

static void set_verification(struct shim *s)
{
    const struct options *o = s->options;

    s->config.verifier = &judge_verifier;
    s->config.verify_mode = o->server ? CUB_VERIFY_NONE : CUB_VERIFY_REQUIRED;
    if (o->server && o->verify_peer)
        s->config.verify_mode = CUB_VERIFY_OPTIONAL;
    if (o->require_any_client_certificate)
        s->config.verify_mode = CUB_VERIFY_REQUIRED;
    s->judge.refuse = o->verify_fail && (o->verify_peer || o->require_any_client_certificate);
    s->judge.refusal =
        o->use_custom_verify_callback ? E_X509_APPLICATION_UNKNOWN : E_X509_APPLICATION;
    s->judge.ask_again = o->async;
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

    s->profile = cub_profile_full;
    s->config.profile = &s->profile;
    s->config.random = &system_random;
    s->config.flags = CUB_FLAG_HELLO_WAIT | CUB_FLAG_LEGACY_SERVER;
    if (!o->server_preference)
        s->config.flags |= CUB_FLAG_CLIENT_PREFERENCE;
    set_versions(s);
    set_groups(s);
    set_verify_schemes(s);
    set_sign_schemes(s);
    set_alpn(s);
    set_verification(s);
    set_sessions(s, &setup);
    if (o->cert_file != NULL && o->key_file != NULL) {
        identity_load(&s->identity, o->cert_file, o->key_file);
        s->config.credentials = &s->identity.credential;
        s->config.num_credentials = 1;
    }
    if (cub_engine_start(&s->engine, &setup) != E_OK)
        die("cannot start");
    if (o->max_send_fragment > 0 && o->max_send_fragment < s->engine.out.limit)
        s->engine.out.limit = (uint16_t)o->max_send_fragment;
}
