/*
 * SSLContext: how the peer is judged.
 */
#include "api/context.h"

#include <string.h>

#include "api/text.h"
#include "x509/name_forms.h"

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

cub_result cub_context_set_verify_time(cub_context *context, int64_t seconds)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->verify_time = seconds;
    return cub_context_changed(context);
}

cub_result cub_context_set_verify_email(cub_context *context, const char *address)
{
    struct cub_settings *s = cub_context_change(context);
    size_t len = address ? strlen(address) : 0;
    struct cub_view local, host;

    if (!s)
        return context->details.result;
    if (address &&
        (len > CUB_EMAIL_MAX ||
         !cub_mailbox_split((struct cub_view){(const uint8_t *)address, len}, &local, &host)))
        return cub_context_fail(context, E_EMAIL_VALUE);
    memset(s->expected.email, 0, sizeof s->expected.email);
    memcpy(s->expected.email, address ? address : "", len);
    return cub_context_changed(context);
}

cub_result cub_context_set_verify_policies(cub_context *context, const char *const *oids,
                                           size_t count)
{
    struct cub_settings *s = cub_context_change(context);
    struct cub_expected expected;

    if (!s)
        return context->details.result;
    if (count > CUB_POLICIES)
        return cub_context_fail(context, E_POLICY_VALUE);
    expected = s->expected;
    memset(expected.policies, 0, sizeof expected.policies);
    memset(expected.policy_len, 0, sizeof expected.policy_len);
    expected.policy_count = (uint8_t)count;
    for (size_t i = 0; i < count; i++) {
        expected.policy_len[i] =
            (uint8_t)cub_oid_of_text(oids[i], expected.policies[i], CUB_POLICY_MAX);
        if (expected.policy_len[i] == 0)
            return cub_context_fail(context, E_POLICY_VALUE);
    }
    s->expected = expected;
    return cub_context_changed(context);
}

cub_result cub_context_set_verify_depth(cub_context *context, int depth)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->expected.depth = depth < 0 ? -1 : depth < UINT16_MAX ? depth : UINT16_MAX;
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

bool cub_context_get_delegated_credentials(const cub_context *context)
{
    return context->settings->delegated_credentials;
}

cub_result cub_context_set_delegated_credentials(cub_context *context, bool accepted)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    s->delegated_credentials = accepted;
    return cub_context_changed(context);
}
