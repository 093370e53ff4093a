#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/cli/connection.h"

/* A mistake in what was given: the option's name, and the library's words. */
static enum cli_status refuse(cub_context *context, const char *option, const char *value)
{
    char what[400];

    snprintf(what, sizeof what, "--%s%s%s", option, value != NULL ? " " : "",
             value != NULL ? value : "");
    cli_report(cub_last_error(context), what);
    return CLI_USAGE;
}

/* The same of a certificate or public key; what is wrong may be its private key. */
static enum cli_status refuse_own(cub_context *context, const char *option, const char *value,
                                  const char *keyfile)
{
    char both[300];

    if (keyfile == NULL)
        return refuse(context, option, value);
    snprintf(both, sizeof both, "%s --keyfile %s", value, keyfile);
    return refuse(context, option, both);
}

/* Adds part (len bytes) to a list that is joined by colons. */
static void join(char *list, const char *part, size_t len)
{
    if (*list != '\0')
        strcat(list, ":");
    strncat(list, part, len);
}

/* OpenSSL has a list for TLS 1.3 and one for what is older; here the names tell which is meant. */
static enum cli_status set_ciphers(cub_context *context, const char *ciphers)
{
    size_t size = strlen(ciphers) + 2;
    char *suites = cli_alloc(size), *older = cli_alloc(size);
    enum cli_status status = CLI_DONE;

    *suites = *older = '\0';
    for (const char *at = ciphers; *at != '\0';) {
        size_t len = strcspn(at, ":, ");

        if (len > 0)
            join(strncmp(at, "TLS_", 4) == 0 ? suites : older, at, len);
        at += len + (at[len] != '\0');
    }
    if ((*suites != '\0' && cub_context_set_ciphersuites(context, suites) != CUB_OK) ||
        ((*older != '\0' || *suites == '\0') && cub_context_set_ciphers(context, older) != CUB_OK))
        status = refuse(context, "ciphers", ciphers);
    free(suites);
    free(older);
    return status;
}

#define MAX_LIST 32

/* Splits a list at its commas. The copy that the names stand in, to be freed; there may be more
 * names than there is room for. */
static char *split(const char *list, const char *names[MAX_LIST], size_t *count)
{
    char *copy = cli_alloc(strlen(list) + 1);
    char *save = NULL;

    *count = 0;
    strcpy(copy, list);
    for (char *name = strtok_r(copy, ",", &save); name != NULL; name = strtok_r(NULL, ",", &save))
        if ((*count)++ < MAX_LIST)
            names[*count - 1] = name;
    return copy;
}

static enum cli_status set_alpn(cub_context *context, const char *alpn)
{
    const char *names[MAX_LIST];
    size_t count;
    char *copy = split(alpn, names, &count);
    enum cli_status status = CLI_DONE;

    if (count > MAX_LIST)
        status =
            cli_fail(CLI_USAGE, "USAGE", "BAD_ARGUMENT", "--alpn takes %d names at most", MAX_LIST);
    else if (cub_context_set_alpn_protocols(context, names, count) != CUB_OK)
        status = refuse(context, "alpn", alpn);
    free(copy);
    return status;
}

/* Who names policies wants one of them. */
static enum cli_status set_policies(cub_context *context, const char *policies)
{
    unsigned flags = cub_context_get_verify_flags(context) | CUB_VERIFY_EXPLICIT_POLICY;
    const char *oids[MAX_LIST];
    size_t count;
    char *copy = split(policies, oids, &count);
    enum cli_status status = CLI_DONE;

    if (cub_context_set_verify_policies(context, oids, count) != CUB_OK ||
        cub_context_set_verify_flags(context, flags) != CUB_OK)
        status = refuse(context, "policies", policies);
    free(copy);
    return status;
}

/* What a certificate is to be for, besides a host. */
static enum cli_status set_expected(const struct cli_options *options, cub_context *context)
{
    int depth = options->depth > INT_MAX ? INT_MAX : (int)options->depth;

    if (options->email != NULL && cub_context_set_verify_email(context, options->email) != CUB_OK)
        return refuse(context, "email", options->email);
    if (cub_context_set_verify_depth(context, depth) != CUB_OK)
        return refuse(context, "depth", NULL);
    return options->policies != NULL ? set_policies(context, options->policies) : CLI_DONE;
}

/* Who gives revocation lists wants them looked at: of the leaf, unless flags ask for more. */
static enum cli_status set_revocation(const struct cli_options *options, cub_context *context)
{
    unsigned flags = cub_context_get_verify_flags(context);
    int mode = options->require_status ? CUB_STATUS_REQUIRED : options->status_mode;

    if (options->crl != NULL &&
        (cub_context_load_verify_locations(context, options->crl, NULL, NULL, 0) != CUB_OK ||
         cub_context_set_verify_flags(context, flags | CUB_VERIFY_CRL_CHECK_LEAF) != CUB_OK))
        return refuse(context, "crl", options->crl);
    if (mode >= 0 && cub_context_set_status_mode(context, (enum cub_StatusMode)mode) != CUB_OK)
        return refuse(context, "status-mode", NULL);
    return CLI_DONE;
}

static enum cli_status set_trust(const struct cli_options *options, bool is_server,
                                 cub_context *context)
{
    bool required = options->require_client_cert;
    int mode = required ? CUB_CERT_REQUIRED : options->verify_mode;
    int check = options->check_hostname;

    if (options->verify_flags >= 0 &&
        cub_context_set_verify_flags(context, (unsigned)options->verify_flags) != CUB_OK)
        return refuse(context, "verify-flags", NULL);
    if (options->attime >= 0 && cub_context_set_verify_time(context, options->attime) != CUB_OK)
        return refuse(context, "attime", NULL);
    /* Without verification there is no name to check. */
    if (!is_server && check < 0 && mode == CUB_CERT_NONE)
        check = 0;
    if (check >= 0 && cub_context_set_check_hostname(context, check == 1) != CUB_OK)
        return refuse(context, "check-hostname", NULL);
    if (mode >= 0 && cub_context_set_verify_mode(context, (enum cub_VerifyMode)mode) != CUB_OK)
        return refuse(context, "verify-mode", NULL);
    if (options->peer_raw_key != NULL &&
        cub_context_load_peer_raw_keys(context, options->peer_raw_key) != CUB_OK)
        return refuse(context, "peer-raw-key", options->peer_raw_key);
    return CLI_DONE;
}

static enum cli_status set_delegated(const struct cli_options *options, cub_context *context)
{
    if (options->delegated_keyfile == NULL)
        return cli_fail(CLI_USAGE, "USAGE", "MISSING_KEY",
                        "--delegated-credential needs --delegated-keyfile");
    return cub_context_load_delegated_credential(context, options->certfile,
                                                 options->delegated_credential,
                                                 options->delegated_keyfile,
                                                 options->password) == CUB_OK
               ? CLI_DONE
               : refuse(context, "delegated-credential", options->delegated_credential);
}

static enum cli_status set_identity(const struct cli_options *options, cub_context *context)
{
    enum cli_status status = CLI_DONE;

    if (options->dhfile != NULL && cub_context_load_dh_params(context, options->dhfile) != CUB_OK)
        return refuse(context, "dhfile", options->dhfile);
    if (options->raw_public_key != NULL &&
        cub_context_load_raw_key(context, options->raw_public_key, options->keyfile,
                                 options->password) != CUB_OK)
        return refuse_own(context, "raw-public-key", options->raw_public_key, options->keyfile);
    if (options->certfile == NULL)
        return CLI_DONE;
    if (options->delegated_credential != NULL)
        status = set_delegated(options, context);
    if (status != CLI_DONE)
        return status;
    if ((options->delegated_credential == NULL || options->keyfile != NULL) &&
        cub_context_load_cert_chain(context, options->certfile, options->keyfile,
                                    options->password) != CUB_OK)
        return refuse_own(context, "certfile", options->certfile, options->keyfile);
    if (options->ocsp_response != NULL &&
        cub_context_load_ocsp_response(context, options->ocsp_response) != CUB_OK)
        return refuse(context, "ocsp-response", options->ocsp_response);
    return CLI_DONE;
}

/* A client with a certificate lets itself be asked for it at any time. */
static enum cli_status set_post_handshake_auth(const struct cli_options *options, bool is_server,
                                               cub_context *context)
{
    bool on = is_server ? options->post_handshake_auth
                        : options->certfile != NULL || options->raw_public_key != NULL;

    if (is_server && on && cub_context_get_verify_mode(context) == CUB_CERT_NONE &&
        cub_context_set_verify_mode(context, CUB_CERT_OPTIONAL) != CUB_OK)
        return refuse(context, "post-handshake-auth", NULL);
    return cub_context_set_post_handshake_auth(context, on) == CUB_OK
               ? CLI_DONE
               : refuse(context, "post-handshake-auth", NULL);
}

/* A role's own list says what it signs with, the other's what it accepts. */
static enum cli_status set_sigalgs(cub_context *context, const char *sigalgs)
{
    if (cub_context_set_client_sigalgs(context, sigalgs) != CUB_OK ||
        cub_context_set_server_sigalgs(context, sigalgs) != CUB_OK)
        return refuse(context, "sigalgs", sigalgs);
    return CLI_DONE;
}

static enum cli_status set_protocol(const struct cli_options *options, cub_context *context)
{
    if (options->minimum_version >= 0 &&
        cub_context_set_minimum_version(context, options->minimum_version) != CUB_OK)
        return refuse(context, "minimum-version", NULL);
    if (options->maximum_version >= 0 &&
        cub_context_set_maximum_version(context, options->maximum_version) != CUB_OK)
        return refuse(context, "maximum-version", NULL);
    if (options->groups != NULL && cub_context_set_groups(context, options->groups) != CUB_OK)
        return refuse(context, "groups", options->groups);
    if (options->record_size_limit >= 0 &&
        cub_context_set_record_size_limit(context, (size_t)options->record_size_limit) != CUB_OK)
        return refuse(context, "record-size-limit", NULL);
    if (options->keylog_filename != NULL &&
        cub_context_set_keylog_filename(context, options->keylog_filename) != CUB_OK)
        return refuse(context, "keylog-filename", options->keylog_filename);
    return CLI_DONE;
}

static enum cli_status set_sessions(const struct cli_options *options, bool is_server,
                                    cub_context *context)
{
    uint64_t cub_options = cub_context_get_options(context);

    if (options->psk_ke &&
        cub_context_set_options(context, cub_options | CUB_OP_ALLOW_NO_DHE_KEX) != CUB_OK)
        return refuse(context, "psk-ke", NULL);
    if (options->num_tickets >= 0 &&
        cub_context_set_num_tickets(context, options->num_tickets > INT_MAX
                                                 ? -1
                                                 : (int)options->num_tickets) != CUB_OK)
        return refuse(context, "num-tickets", NULL);
    return options->psk != NULL ? cli_set_psk(options, is_server, context) : CLI_DONE;
}

static enum cli_status set_lists(const struct cli_options *options, cub_context *context)
{
    enum cli_status status = CLI_DONE;

    if (options->ciphers != NULL)
        status = set_ciphers(context, options->ciphers);
    if (status == CLI_DONE && options->sigalgs != NULL)
        status = set_sigalgs(context, options->sigalgs);
    if (status == CLI_DONE && options->alpn != NULL)
        status = set_alpn(context, options->alpn);
    return status;
}

static enum cli_status set_extras(const struct cli_options *options, cub_context *context)
{
    if (options->cert_compression && cli_set_cert_compression(context) != CUB_OK)
        return refuse(context, "cert-compression", NULL);
    if (options->accept_delegated && cub_context_set_delegated_credentials(context, true) != CUB_OK)
        return refuse(context, "accept-delegated", NULL);
    if (options->max_early_data < 0)
        return CLI_DONE;
    if (options->max_early_data > 16384)
        return cli_fail(CLI_USAGE, "USAGE", "BAD_ARGUMENT", "--max-early-data is 16384 at most");
    return cub_context_set_max_early_data(context, (uint32_t)options->max_early_data) == CUB_OK
               ? CLI_DONE
               : refuse(context, "max-early-data", NULL);
}

static enum cli_status set_up(const struct cli_options *options, bool is_server,
                              cub_context *context)
{
    enum cli_status status = set_trust(options, is_server, context);

    if (status == CLI_DONE)
        status = set_revocation(options, context);
    if (status == CLI_DONE)
        status = set_expected(options, context);
    /* First the lists: the security level is among them. */
    if (status == CLI_DONE)
        status = set_lists(options, context);
    if (status == CLI_DONE)
        status = set_identity(options, context);
    if (status == CLI_DONE)
        status = set_post_handshake_auth(options, is_server, context);
    if (status == CLI_DONE)
        status = set_protocol(options, context);
    if (status == CLI_DONE)
        status = set_extras(options, context);
    if (status == CLI_DONE)
        status = set_sessions(options, is_server, context);
    return status;
}

enum cli_status cli_make_context(const struct cli_options *options, bool is_server,
                                 cub_context **context)
{
    enum cub_Purpose purpose = is_server ? CUB_Purpose_CLIENT_AUTH : CUB_Purpose_SERVER_AUTH;
    enum cli_status status = CLI_DONE;

    if (options->keyfile != NULL && options->certfile == NULL && options->raw_public_key == NULL) {
        *context = NULL;
        return cli_fail(CLI_USAGE, "USAGE", "MISSING_CERTIFICATE",
                        "--keyfile needs --certfile or --raw-public-key");
    }
    if (cub_create_default_context(purpose, options->cafile, options->capath, NULL, 0, context) !=
        CUB_OK) {
        status = options->cafile != NULL ? refuse(*context, "cafile", options->cafile)
                                         : refuse(*context, "capath", options->capath);
    } else {
        status = set_up(options, is_server, *context);
    }
    if (status != CLI_DONE) {
        cub_context_free(*context);
        *context = NULL;
    }
    return status;
}
