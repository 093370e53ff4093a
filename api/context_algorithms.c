/*
 * SSLContext: its suites, groups and signatures.
 */
#include "api/context.h"

#include <stdio.h>
#include <string.h>

#include "api/result.h"

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

/* What is for clients alone is no matter to servers [RFC9963-3]. */
static enum cub_error drop_clients_own(const struct cub_verify_scheme **list)
{
    size_t kept = 0;

    for (size_t i = 0; list[i]; i++)
        if (list[i]->use != CUB_USE_CLIENT13)
            list[kept++] = list[i];
    list[kept] = NULL;
    return kept ? E_OK : E_SIGALGS;
}

/* One of the two lists of signature schemes. */
static cub_result set_schemes(cub_context *context, const char *names, bool server)
{
    struct cub_settings *s = cub_context_change(context);
    const struct cub_verify_scheme *list[CUB_LIST_MAX];
    enum cub_error error = cub_schemes_parse(names, list);

    if (!s)
        return context->details.result;
    if (error == E_OK && server)
        error = drop_clients_own(list);
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

size_t cub_get_sigalgs(const char **list, size_t max)
{
    const struct cub_verify_scheme *const *scheme = cub_profile_full.verify_schemes;
    size_t count = 0;

    for (; *scheme; scheme++)
        if (count++ < max)
            list[count - 1] = cub_scheme_name((*scheme)->id);
    return count;
}
