/*
 * The attributes of contexts, with Python's rules about what goes with what.
 */
#include "api/context.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/memory.h"
#include "api/result.h"
#include "api/tickets.h"
#include "handshake/ticket_keys.h"

enum cub_SSLMethod cub_context_get_protocol(const cub_context *context)
{
    return context->protocol;
}

static bool is_known_version(int version)
{
    return version == CUB_TLSVersion_MINIMUM_SUPPORTED ||
           version == CUB_TLSVersion_MAXIMUM_SUPPORTED ||
           (version >= CUB_TLSVersion_SSLv3 && version <= CUB_TLSVersion_TLSv1_3);
}

/* Whether the two bounds may be moved, and to this version. */
static cub_result check_version(cub_context *context, int version)
{
    char text[64];

    if (context->protocol == CUB_PROTOCOL_TLSv1_2)
        return cub_context_fail(context, E_VERSION_FIXED);
    if (is_known_version(version))
        return CUB_OK;
    (void)snprintf(text, sizeof text, "Unsupported TLS/SSL version 0x%x", (unsigned)version);
    return cub_report_text(&context->details, E_VERSION_VALUE, text);
}

int cub_context_get_minimum_version(const cub_context *context)
{
    int version = context->settings->minimum_version;

    if (context->protocol == CUB_PROTOCOL_TLSv1_2)
        return CUB_TLSVersion_MINIMUM_SUPPORTED;
    return version ? version : CUB_TLSVersion_MINIMUM_SUPPORTED;
}

cub_result cub_context_set_minimum_version(cub_context *context, int version)
{
    struct cub_settings *s = cub_context_change(context);
    cub_result result;

    if (!s)
        return context->details.result;
    result = check_version(context, version);
    if (result != CUB_OK)
        return result;
    s->minimum_version = version == CUB_TLSVersion_MINIMUM_SUPPORTED   ? 0
                         : version == CUB_TLSVersion_MAXIMUM_SUPPORTED ? CUB_TLSVersion_TLSv1_3
                                                                       : version;
    return cub_context_changed(context);
}

int cub_context_get_maximum_version(const cub_context *context)
{
    int version = context->settings->maximum_version;

    if (context->protocol == CUB_PROTOCOL_TLSv1_2)
        return CUB_TLSVersion_MAXIMUM_SUPPORTED;
    return version ? version : CUB_TLSVersion_MAXIMUM_SUPPORTED;
}

cub_result cub_context_set_maximum_version(cub_context *context, int version)
{
    struct cub_settings *s = cub_context_change(context);
    cub_result result;

    if (!s)
        return context->details.result;
    result = check_version(context, version);
    if (result != CUB_OK)
        return result;
    s->maximum_version = version == CUB_TLSVersion_MAXIMUM_SUPPORTED   ? 0
                         : version == CUB_TLSVersion_MINIMUM_SUPPORTED ? CUB_TLSVersion_TLSv1_2
                                                                       : version;
    return cub_context_changed(context);
}

enum cub_VerifyMode cub_context_get_verify_mode(const cub_context *context)
{
    return (enum cub_VerifyMode)context->settings->verify_mode;
}

cub_result cub_context_set_verify_mode(cub_context *context, enum cub_VerifyMode mode)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (mode != CUB_CERT_NONE && mode != CUB_CERT_OPTIONAL && mode != CUB_CERT_REQUIRED)
        return cub_context_fail(context, E_VERIFY_MODE_VALUE);
    if (mode == CUB_CERT_NONE && s->check_hostname)
        return cub_context_fail(context, E_VERIFY_MODE_HOSTNAME);
    s->verify_mode = (uint8_t)mode;
    return cub_context_changed(context);
}

bool cub_context_get_check_hostname(const cub_context *context)
{
    return context->settings->check_hostname;
}

cub_result cub_context_set_check_hostname(cub_context *context, bool check)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->check_hostname = check;
    if (check && s->verify_mode == CUB_CERT_NONE)
        s->verify_mode = CUB_CERT_REQUIRED;
    return cub_context_changed(context);
}

unsigned cub_context_get_verify_flags(const cub_context *context)
{
    return context->settings->verify_flags;
}

cub_result cub_context_set_verify_flags(cub_context *context, unsigned flags)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->verify_flags = flags;
    return cub_context_changed(context);
}

uint64_t cub_context_get_options(const cub_context *context)
{
    return context->settings->options;
}

cub_result cub_context_set_options(cub_context *context, uint64_t options)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->options = options;
    return cub_context_changed(context);
}

int cub_context_get_num_tickets(const cub_context *context)
{
    return context->settings->num_tickets;
}

cub_result cub_context_set_num_tickets(cub_context *context, int num_tickets)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (num_tickets < 0)
        return cub_context_fail(context, E_TICKETS_VALUE);
    if (context->protocol != CUB_PROTOCOL_TLS_SERVER)
        return cub_context_fail(context, E_TICKETS_CLIENT);
    s->num_tickets = num_tickets;
    return cub_context_changed(context);
}

bool cub_context_get_post_handshake_auth(const cub_context *context)
{
    return context->settings->post_handshake_auth;
}

cub_result cub_context_set_post_handshake_auth(cub_context *context, bool on)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->post_handshake_auth = on;
    return cub_context_changed(context);
}

bool cub_context_get_hostname_checks_common_name(const cub_context *context)
{
    return context->settings->check_common_name;
}

cub_result cub_context_set_hostname_checks_common_name(cub_context *context, bool check)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->check_common_name = check;
    return cub_context_changed(context);
}

const char *cub_context_get_keylog_filename(const cub_context *context)
{
    return cub_keylog_filename(context->settings->keylog);
}

cub_result cub_context_set_keylog_filename(cub_context *context, const char *filename)
{
    struct cub_settings *s = cub_context_change(context);
    struct cub_keylog *keylog = NULL;
    cub_result result;

    if (!s)
        return context->details.result;
    result = filename ? cub_keylog_open(filename, &keylog, &context->details) : CUB_OK;
    if (result != CUB_OK)
        return result;
    cub_keylog_free(s->keylog);
    s->keylog = keylog;
    return cub_context_changed(context);
}

cub_result cub_context_set_alpn_protocols(cub_context *context, const char *const *protocols,
                                          size_t count)
{
    struct cub_settings *s = cub_context_change(context);
    struct cub_buffer list = {0};
    bool ok = s != NULL;

    if (!ok)
        return context->details.result;
    for (size_t i = 0; ok && i < count; i++) {
        size_t len = strlen(protocols[i]);
        uint8_t len_byte = (uint8_t)len;
        if (len == 0 || len > 255 || list.len + len + 1 > UINT16_MAX) {
            cub_buffer_free(&list);
            return cub_context_fail(context, E_ALPN_VALUE);
        }
        ok = cub_buffer_append(&list, &len_byte, 1) && cub_buffer_append(&list, protocols[i], len);
    }
    if (!ok) {
        cub_buffer_free(&list);
        return cub_context_fail(context, E_MEMORY);
    }
    cub_free(s->alpn);
    s->alpn = list.data;
    s->alpn_len = list.len;
    return cub_context_changed(context);
}

cub_result cub_context_set_ciphersuites(cub_context *context, const char *ciphersuites)
{
    struct cub_settings *s = cub_context_change(context);
    const struct cub_suite *list[CUB_LIST_MAX];
    enum cub_error error = cub_suites_parse(ciphersuites, list);

    if (!s)
        return context->details.result;
    if (error != E_OK)
        return cub_context_fail(context, error);
    memcpy(s->suites13, list, sizeof list);
    return cub_context_changed(context);
}

cub_result cub_context_set_ciphers(cub_context *context, const char *ciphers)
{
    struct cub_settings *s = cub_context_change(context);
    const struct cub_suite *list[CUB_LIST_MAX];
    int level;
    enum cub_error error;

    if (!s)
        return context->details.result;
    level = s->security_level;
    error = cub_cipher_string_parse(ciphers, list, &level);
    if (error != E_OK)
        return cub_context_fail(context, error);
    s->security_level = level;
    memcpy(s->suites12, list, sizeof list);
    return cub_context_changed(context);
}

int cub_context_get_security_level(const cub_context *context)
{
    return context->settings->security_level;
}

cub_result cub_context_set_groups(cub_context *context, const char *groups)
{
    struct cub_settings *s = cub_context_change(context);
    const struct cub_group *list[CUB_LIST_MAX];
    enum cub_error error = cub_groups_parse(groups, list);

    if (!s)
        return context->details.result;
    if (error != E_OK)
        return cub_context_fail(context, error);
    memcpy(s->groups, list, sizeof list);
    return cub_context_changed(context);
}

cub_result cub_context_set_ecdh_curve(cub_context *context, const char *curve)
{
    char text[96];
    cub_result result = strchr(curve, ':') ? CUB_SSLError : cub_context_set_groups(context, curve);

    if (result != CUB_SSLError)
        return result;
    (void)snprintf(text, sizeof text, "unknown elliptic curve name '%s'", curve);
    return cub_report_text(&context->details, E_CURVE, text);
}

/* One of the two lists of signature schemes. */
static cub_result set_schemes(cub_context *context, const char *names, bool server)
{
    struct cub_settings *s = cub_context_change(context);
    const struct cub_verify_scheme *list[CUB_LIST_MAX];
    enum cub_error error = cub_schemes_parse(names, list);

    if (!s)
        return context->details.result;
    if (error != E_OK)
        return cub_context_fail(context, error);
    memcpy(server ? s->server_schemes : s->client_schemes, list, sizeof list);
    return cub_context_changed(context);
}

cub_result cub_context_set_client_sigalgs(cub_context *context, const char *sigalgs)
{
    return set_schemes(context, sigalgs, false);
}

cub_result cub_context_set_server_sigalgs(cub_context *context, const char *sigalgs)
{
    return set_schemes(context, sigalgs, true);
}

size_t cub_context_get_ciphers(const cub_context *context, struct cub_cipher_info *list, size_t max)
{
    static const unsigned versions[] = {CUB_TLS1_3, CUB_TLS1_2};
    size_t count = 0;

    /* As OpenSSL lists them: the security level has its say when they are used. */
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        const struct cub_suite *const *suite = cub_settings_suites(context->settings, versions[i]);

        for (; *suite; suite++) {
            struct cub_cipher_info info;
            if ((*suite)->version == versions[i] && cub_suite_describe(*suite, &info) &&
                count++ < max)
                list[count - 1] = info;
        }
    }
    return count;
}

size_t cub_context_get_groups(const cub_context *context, const char **list, size_t max)
{
    const struct cub_group *const *group =
        context->settings->groups[0] ? context->settings->groups : cub_profile_full.groups;
    size_t count = 0;

    for (; *group; group++)
        if (count++ < max)
            list[count - 1] = cub_group_name((*group)->id);
    return count;
}

cub_result cub_context_set_sni_callback(cub_context *context, cub_sni_callback *callback, void *arg)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->sni_callback = callback;
    s->sni_arg = arg;
    return cub_context_changed(context);
}

cub_result cub_context_set_psk_client_callback(cub_context *context,
                                               cub_psk_client_callback *callback, void *arg)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (context->protocol == CUB_PROTOCOL_TLS_SERVER)
        return cub_context_fail(context, E_PSK_CLIENT_ROLE);
    s->psk_client_callback = callback;
    s->psk_client_arg = arg;
    return cub_context_changed(context);
}

cub_result cub_context_set_psk_server_callback(cub_context *context,
                                               cub_psk_server_callback *callback,
                                               const char *identity_hint, void *arg)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (context->protocol == CUB_PROTOCOL_TLS_CLIENT)
        return cub_context_fail(context, E_PSK_SERVER_ROLE);
    if (identity_hint && strlen(identity_hint) > CUB_PSK_HINT_MAX)
        return cub_context_fail(context, E_PSK_HINT_VALUE);
    strcpy(s->psk_identity_hint, identity_hint ? identity_hint : "");
    s->psk_server_callback = callback;
    s->psk_server_arg = arg;
    return cub_context_changed(context);
}

cub_result cub_context_set_verify_callback(cub_context *context, cub_verify_callback *callback,
                                           void *arg)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->verify_callback = callback;
    s->verify_arg = arg;
    return cub_context_changed(context);
}

cub_result cub_context_set_servername_callback(cub_context *context, cub_sni_callback *callback,
                                               void *arg)
{
    return cub_context_set_sni_callback(context, callback, arg);
}

cub_result cub_context_set_npn_protocols(cub_context *context, const char *const *protocols,
                                         size_t count)
{
    (void)protocols;
    (void)count;
    return cub_context_fail(context, E_NO_NPN);
}

cub_result cub_context_set_record_size_limit(cub_context *context, size_t limit)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (limit < 64 || limit > 16384)
        return cub_context_fail(context, E_RECORD_LIMIT_VALUE);
    s->record_size_limit = limit;
    return cub_context_changed(context);
}

cub_result cub_context_set_ticket_keys(cub_context *context, const void *keys, size_t len)
{
    struct cub_settings *s = cub_context_change(context);
    struct cub_tickets *tickets;

    if (!s)
        return context->details.result;
    if (len == 0 || len % CUB_TICKET_KEY_SIZE != 0 || len > CUB_TICKET_KEYS * CUB_TICKET_KEY_SIZE)
        return cub_context_fail(context, E_TICKET_KEYS_VALUE);
    tickets = cub_tickets_new();
    if (!tickets)
        return cub_context_fail(context, E_MEMORY);
    cub_tickets_set_keys(tickets, keys, len / CUB_TICKET_KEY_SIZE);
    cub_tickets_free(s->tickets);
    s->tickets = tickets;
    return cub_context_changed(context);
}

cub_result cub_context_set_verify_time(cub_context *context, int64_t seconds)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->verify_time = seconds;
    return cub_context_changed(context);
}

cub_result cub_context_set_trace_callback(cub_context *context, cub_trace_callback *callback,
                                          void *arg)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->trace_callback = callback;
    s->trace_arg = arg;
    return cub_context_changed(context);
}

/* The variable that asks for secrets to be logged: not for programs with foreign rights. */
static const char *keylog_variable(void)
{
    const char *filename =
        getuid() == geteuid() && getgid() == getegid() ? getenv("SSLKEYLOGFILE") : NULL;

    return filename && *filename ? filename : NULL;
}

cub_result cub_create_default_context(enum cub_Purpose purpose, const char *cafile,
                                      const char *capath, const void *cadata, size_t cadata_len,
                                      cub_context **out)
{
    bool to_server = purpose == CUB_Purpose_SERVER_AUTH;
    cub_result result =
        cub_context_new(to_server ? CUB_PROTOCOL_TLS_CLIENT : CUB_PROTOCOL_TLS_SERVER, out);
    cub_context *context = *out;
    const char *keylog = keylog_variable();

    if (result != CUB_OK)
        return result;
    result = cub_context_set_verify_flags(context, cub_context_get_verify_flags(context) |
                                                       CUB_VERIFY_X509_PARTIAL_CHAIN |
                                                       CUB_VERIFY_X509_STRICT);
    if (result == CUB_OK && (cafile || capath || cadata))
        result = cub_context_load_verify_locations(context, cafile, capath, cadata, cadata_len);
    else if (result == CUB_OK && to_server)
        result = cub_context_load_default_certs(context, purpose);
    if (result == CUB_OK && to_server)
        result = cub_context_set_status_mode(context, CUB_STATUS_OPTIONAL);
    if (result == CUB_OK && keylog)
        result = cub_context_set_keylog_filename(context, keylog);
    return result;
}
