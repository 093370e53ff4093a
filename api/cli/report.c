/* What is told about connections and failures: the error line, and the JSON object. */
#define _GNU_SOURCE
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/cli/connection.h"
#include "api/cli/primitives.h"

enum cli_status cli_status_of(const struct cub_error_details *details)
{
    switch (details->result) {
    case CUB_OK:
        return CLI_DONE;
    case CUB_OSError:
    case CUB_TimeoutError:
    case CUB_SSLSyscallError:
        return CLI_NETWORK;
    case CUB_ValueError:
    case CUB_NotImplementedError:
        return CLI_USAGE;
    default:
        return CLI_TLS;
    }
}

/* The text behind the brackets. Python's str(exception) has them itself, or an errno's. */
static const char *text_of(const struct cub_error_details *details)
{
    const char *message = details->message;

    if (*message == '[') {
        const char *end = strstr(message, "] ");

        if (end != NULL)
            return end + 2;
    }
    return *message != '\0' ? message : details->text;
}

/* What is known beyond that text, where the class is one whose text is its reason alone. */
static const char *more_of(const struct cub_error_details *details)
{
    bool told = details->result != CUB_SSLError || *details->reason == '\0' ||
                details->alert_received >= 0 || strcmp(text_of(details), details->text) == 0;

    return told ? "" : details->text;
}

/* What stands in the brackets, where the library names nothing itself as Python does not. */
static void name_failure(const struct cub_error_details *details, const char **library,
                         const char **reason)
{
    *library = *details->library != '\0' ? details->library : "SSL";
    *reason = *details->reason != '\0' ? details->reason : details->name;
    if (*details->reason != '\0')
        return;
    switch (details->result) {
    case CUB_OSError:
        *library = "OS";
        *reason = strerrorname_np(details->os_errno);
        if (details->os_errno == 0 || *reason == NULL)
            *reason = "NAME_NOT_RESOLVED";
        break;
    case CUB_TimeoutError:
        *library = "OS";
        *reason = "ETIMEDOUT";
        break;
    case CUB_ValueError:
    case CUB_NotImplementedError:
        *library = "USAGE";
        break;
    default:
        break;
    }
}

enum cli_status cli_report(const struct cub_error_details *details, const char *what)
{
    const char *library, *reason;
    char alert[64] = "";

    name_failure(details, &library, &reason);
    if (details->alert_sent > CUB_ALERT_DESCRIPTION_CLOSE_NOTIFY)
        snprintf(alert, sizeof alert, " (alert sent: %s)", cub_alert_name(details->alert_sent));
    return cli_fail(cli_status_of(details), library, reason, "%s%s%s%s%s%s",
                    what != NULL ? what : "", what != NULL ? ": " : "", text_of(details),
                    *more_of(details) ? ": " : "", more_of(details), alert);
}

/* A string, or null for none. */
static json_t *text_or_null(const char *text)
{
    json_t *value = text != NULL && *text != '\0' ? json_string(text) : NULL;

    return value != NULL ? value : json_null();
}

static json_t *alert_or_null(int alert)
{
    return alert >= 0 ? json_string(cub_alert_name(alert)) : json_null();
}

/* Of a certificate, or a raw public key; null for neither. */
static json_t *fingerprint(cub_conn *conn, cub_result (*get)(cub_conn *conn, struct cub_bytes *der))
{
    struct cub_bytes der = {NULL, 0};
    uint8_t hash[32];
    char hex[65];

    if (get(conn, &der) != CUB_OK || der.len == 0)
        return json_null();
    cli_sha256(der.data, der.len, hash);
    for (size_t i = 0; i < sizeof hash; i++)
        snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    return json_string(hex);
}

/* Whether the peer showed a certificate and a path from it to a trust anchor was found, or a key
 * that it may have. */
static bool is_verified(cub_conn *conn)
{
    const struct cub_bytes *chain;
    struct cub_bytes key = {NULL, 0};
    size_t count = 0;

    if (cub_context_get_verify_mode(cub_conn_get_context(conn)) == CUB_CERT_NONE)
        return false;
    return (cub_conn_get_peer_raw_key(conn, &key) == CUB_OK && key.len > 0) ||
           (cub_conn_get_verified_chain(conn, &chain, &count) == CUB_OK && count > 0);
}

/* Whether the server stapled one. */
static bool has_ocsp_response(cub_conn *conn)
{
    struct cub_bytes response;

    return cub_conn_get_ocsp_response(conn, &response) == CUB_OK && response.len > 0;
}

static void set_outcome(json_t *object, cub_conn *conn, const struct cub_error_details *details)
{
    bool failed = details->result != CUB_OK && details->result != CUB_SSLWantReadError &&
                  details->result != CUB_SSLWantWriteError;
    /* OpenSSL's X509_V_OK, and its words, stand for a certificate that was verified. */
    bool unverified = failed && details->verify_code != 0;
    bool verified = !failed && is_verified(conn);

    json_object_set_new(object, "verified", json_boolean(verified));
    json_object_set_new(object, "verify_code",
                        verified     ? json_integer(0)
                        : unverified ? json_integer(details->verify_code)
                                     : json_null());
    json_object_set_new(object, "verify_message",
                        verified     ? json_string("ok")
                        : unverified ? text_or_null(details->verify_message)
                                     : json_null());
    json_object_set_new(object, "ocsp_response", json_boolean(has_ocsp_response(conn)));
    json_object_set_new(object, "peer_cert_sha256", fingerprint(conn, cub_conn_getpeercert_der));
    json_object_set_new(object, "peer_key_sha256", fingerprint(conn, cub_conn_get_peer_raw_key));
    json_object_set_new(object, "error",
                        failed ? json_string(cub_result_name(details->result)) : json_null());
    json_object_set_new(object, "reason", failed ? text_or_null(details->reason) : json_null());
    json_object_set_new(object, "alert_sent",
                        failed ? alert_or_null(details->alert_sent) : json_null());
    json_object_set_new(object, "alert_received",
                        failed ? alert_or_null(details->alert_received) : json_null());
}

static json_t *describe(cub_conn *conn, const struct cub_error_details *details)
{
    static const char *const early_data[] = {"not_sent", "pending", "accepted", "rejected"};
    json_t *object = json_object();
    struct cub_cipher cipher = {NULL, NULL, 0};

    cub_conn_cipher(conn, &cipher);
    json_object_set_new(object, "version", text_or_null(cub_conn_version(conn)));
    json_object_set_new(object, "cipher", text_or_null(cipher.name));
    json_object_set_new(object, "group", text_or_null(cub_conn_group(conn)));
    json_object_set_new(object, "signature", text_or_null(cub_conn_server_sigalg(conn)));
    json_object_set_new(object, "delegated_credential",
                        json_boolean(cub_conn_get_delegated_credential(conn)));
    json_object_set_new(object, "alpn", text_or_null(cub_conn_selected_alpn_protocol(conn)));
    json_object_set_new(object, "server_hostname",
                        text_or_null(cub_conn_get_server_hostname(conn)));
    json_object_set_new(object, "session_reused", json_boolean(cub_conn_get_session_reused(conn)));
    json_object_set_new(object, "early_data",
                        json_string(early_data[cub_conn_get_early_data(conn)]));
    set_outcome(object, conn, details);
    return object;
}

void cli_report_json(const struct cli_options *options, cub_conn *conn)
{
    struct cub_error_details details;
    json_t *object;
    char *text;

    if (!options->json || conn == NULL)
        return;
    /* Asking the connection for something is a call like others, and may fail in its own way. */
    details = *cub_conn_error(conn);
    object = describe(conn, &details);
    text = json_dumps(object, JSON_COMPACT);
    if (text != NULL)
        fprintf(stderr, "%s\n", text);
    free(text);
    json_decref(object);
}

enum cli_status cli_report_failure(const struct cli_options *options, cub_conn *conn,
                                   const char *what)
{
    enum cli_status status = cli_report(cub_conn_error(conn), what);

    cli_report_json(options, conn);
    return status;
}
