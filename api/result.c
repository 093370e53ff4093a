#include "api/result.h"

#include <stdio.h>
#include <string.h>

static const struct {
    uint8_t alert;
    const char *name;   /* as the RFCs spell it */
    const char *reason; /* of an error that says that the peer sent it, as OpenSSL 3 spells it */
} alerts[] = {
    {0,   "close_notify",                    "TLSV1_ALERT_CLOSE_NOTIFY"             },
    {10,  "unexpected_message",              "SSLV3_ALERT_UNEXPECTED_MESSAGE"       },
    {20,  "bad_record_mac",                  "SSLV3_ALERT_BAD_RECORD_MAC"           },
    {21,  "decryption_failed",               "TLSV1_ALERT_DECRYPTION_FAILED"        },
    {22,  "record_overflow",                 "TLSV1_ALERT_RECORD_OVERFLOW"          },
    {30,  "decompression_failure",           "SSLV3_ALERT_DECOMPRESSION_FAILURE"    },
    {40,  "handshake_failure",               "SSLV3_ALERT_HANDSHAKE_FAILURE"        },
    {41,  "no_certificate",                  "SSLV3_ALERT_NO_CERTIFICATE"           },
    {42,  "bad_certificate",                 "SSLV3_ALERT_BAD_CERTIFICATE"          },
    {43,  "unsupported_certificate",         "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE"  },
    {44,  "certificate_revoked",             "SSLV3_ALERT_CERTIFICATE_REVOKED"      },
    {45,  "certificate_expired",             "SSLV3_ALERT_CERTIFICATE_EXPIRED"      },
    {46,  "certificate_unknown",             "SSLV3_ALERT_CERTIFICATE_UNKNOWN"      },
    {47,  "illegal_parameter",               "SSLV3_ALERT_ILLEGAL_PARAMETER"        },
    {48,  "unknown_ca",                      "TLSV1_ALERT_UNKNOWN_CA"               },
    {49,  "access_denied",                   "TLSV1_ALERT_ACCESS_DENIED"            },
    {50,  "decode_error",                    "TLSV1_ALERT_DECODE_ERROR"             },
    {51,  "decrypt_error",                   "TLSV1_ALERT_DECRYPT_ERROR"            },
    {60,  "export_restriction",              "TLSV1_ALERT_EXPORT_RESTRICTION"       },
    {70,  "protocol_version",                "TLSV1_ALERT_PROTOCOL_VERSION"         },
    {71,  "insufficient_security",           "TLSV1_ALERT_INSUFFICIENT_SECURITY"    },
    {80,  "internal_error",                  "TLSV1_ALERT_INTERNAL_ERROR"           },
    {86,  "inappropriate_fallback",          "TLSV1_ALERT_INAPPROPRIATE_FALLBACK"   },
    {90,  "user_canceled",                   "TLSV1_ALERT_USER_CANCELLED"           },
    {100, "no_renegotiation",                "TLSV1_ALERT_NO_RENEGOTIATION"         },
    {109, "missing_extension",               "TLSV13_ALERT_MISSING_EXTENSION"       },
    {110, "unsupported_extension",           "TLSV1_UNSUPPORTED_EXTENSION"          },
    {111, "certificate_unobtainable",        "TLSV1_CERTIFICATE_UNOBTAINABLE"       },
    {112, "unrecognized_name",               "TLSV1_UNRECOGNIZED_NAME"              },
    {113, "bad_certificate_status_response", "TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE"},
    {114, "bad_certificate_hash_value",      "TLSV1_BAD_CERTIFICATE_HASH_VALUE"     },
    {115, "unknown_psk_identity",            "TLSV1_ALERT_UNKNOWN_PSK_IDENTITY"     },
    {116, "certificate_required",            "TLSV13_ALERT_CERTIFICATE_REQUIRED"    },
    {120, "no_application_protocol",         "TLSV1_ALERT_NO_APPLICATION_PROTOCOL"  },
};

/* Index into the table above, its size if the alert is none of ours. */
static size_t find_alert(int alert)
{
    size_t i = 0;

    while (i < sizeof alerts / sizeof alerts[0] && alerts[i].alert != alert)
        i++;
    return i;
}

const char *cub_alert_name(int alert)
{
    size_t i = find_alert(alert);

    return i < sizeof alerts / sizeof alerts[0] ? alerts[i].name : "unknown";
}

const char *cub_result_name(cub_result result)
{
    switch (result) {
    case CUB_OK:
        return "OK";
    case CUB_SSLError:
        return "SSLError";
    case CUB_SSLWantReadError:
        return "SSLWantReadError";
    case CUB_SSLWantWriteError:
        return "SSLWantWriteError";
    case CUB_SSLSyscallError:
        return "SSLSyscallError";
    case CUB_SSLZeroReturnError:
        return "SSLZeroReturnError";
    case CUB_SSLEOFError:
        return "SSLEOFError";
    case CUB_SSLCertVerificationError:
        return "SSLCertVerificationError";
    case CUB_OSError:
        return "OSError";
    case CUB_TimeoutError:
        return "TimeoutError";
    case CUB_ValueError:
        return "ValueError";
    case CUB_MemoryError:
        return "MemoryError";
    case CUB_NotImplementedError:
        return "NotImplementedError";
    }
    return "unknown";
}

/* Result and SSLError.errno of each class of failure. */
static const struct {
    uint8_t result;
    uint8_t number;
} classes[] = {
    [CLASS_NONE] = {CUB_OK,                       CUB_SSL_ERROR_NONE       },
    [CLASS_SSL] = {CUB_SSLError,                 CUB_SSL_ERROR_SSL        },
    [CLASS_CERT_VERIFICATION] = {CUB_SSLCertVerificationError, CUB_SSL_ERROR_SSL        },
    [CLASS_ZERO_RETURN] = {CUB_SSLZeroReturnError,       CUB_SSL_ERROR_ZERO_RETURN},
    [CLASS_WANT_READ] = {CUB_SSLWantReadError,         CUB_SSL_ERROR_WANT_READ  },
    [CLASS_WANT_WRITE] = {CUB_SSLWantWriteError,        CUB_SSL_ERROR_WANT_WRITE },
    [CLASS_SYSCALL] = {CUB_SSLSyscallError,          CUB_SSL_ERROR_SYSCALL    },
    [CLASS_EOF] = {CUB_SSLEOFError,              CUB_SSL_ERROR_EOF        },
    [CLASS_VALUE] = {CUB_ValueError,               CUB_SSL_ERROR_NONE       },
    [CLASS_MEMORY] = {CUB_MemoryError,              CUB_SSL_ERROR_NONE       },
    [CLASS_OS] = {CUB_OSError,                  CUB_SSL_ERROR_NONE       },
    [CLASS_TIMEOUT] = {CUB_TimeoutError,             CUB_SSL_ERROR_NONE       },
    [CLASS_NOT_IMPLEMENTED] = {CUB_NotImplementedError,      CUB_SSL_ERROR_NONE       },
};

/* Appends to the message what fits. */
static void say(struct cub_error_details *d, const char *text)
{
    size_t used = strlen(d->message);

    (void)snprintf(d->message + used, sizeof d->message - used, "%s", text);
}

/* A reason as OpenSSL's texts have it: small letters, and spaces. */
static void say_reason(struct cub_error_details *d, const char *reason)
{
    char *p = d->message + strlen(d->message);

    say(d, reason);
    for (; *p; p++)
        *p = (char)(*p == '_' ? ' ' : *p >= 'A' && *p <= 'Z' ? *p + ('a' - 'A') : *p);
}

/* "[SSL: BAD_SIGNATURE] bad signature"; of a certificate also why. What ours know besides, is in
 * text. */
static void say_ssl_error(struct cub_error_details *d, const char *text)
{
    if (!*d->reason) {
        say(d, text);
        return;
    }
    say(d, "[");
    say(d, d->library);
    say(d, ": ");
    say(d, d->reason);
    say(d, "] ");
    say_reason(d, d->reason);
    if (d->result == CUB_SSLCertVerificationError) {
        say(d, ": ");
        say(d, text);
    }
}

/* str(exception), as CPython's _ssl.c words it. */
static void say_message(struct cub_error_details *d, unsigned error_class, const char *text)
{
    switch (error_class) {
    case CLASS_WANT_READ:
        say(d, "The operation did not complete (read)");
        break;
    case CLASS_WANT_WRITE:
        say(d, "The operation did not complete (write)");
        break;
    case CLASS_ZERO_RETURN:
        say(d, "TLS/SSL connection has been closed (EOF)");
        break;
    case CLASS_EOF:
        say(d, "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol");
        break;
    case CLASS_SSL:
    case CLASS_CERT_VERIFICATION:
        say_ssl_error(d, text);
        break;
    default:
        say(d, text);
    }
}

cub_result cub_report_text(struct cub_error_details *d, enum cub_error error, const char *text)
{
    const struct cub_error_info *info = cub_error_info(error);
    cub_result result = (cub_result)classes[info->error_class].result;

    if (!d)
        return result;
    *d = (struct cub_error_details){
        .result = result,
        .number = classes[info->error_class].number,
        .library = info->library,
        .reason = info->reason,
        .name = info->name,
        .text = info->text,
        .rfc = info->rfc,
        .verify_code = info->verify_code,
        .verify_depth = -1,
        .alert_sent = -1,
        .alert_received = -1,
    };
    if (!*info->reason && info->error_class == CLASS_SSL)
        d->number = CUB_SSL_ERROR_NONE; /* raised with a text alone */
    if (info->error_class == CLASS_CERT_VERIFICATION)
        (void)snprintf(d->verify_message, sizeof d->verify_message, "%s", text);
    if (error != E_OK)
        say_message(d, info->error_class, text);
    return result;
}

cub_result cub_report(struct cub_error_details *details, enum cub_error error)
{
    return cub_report_text(details, error, cub_error_info(error)->text);
}

cub_result cub_report_verify(struct cub_error_details *details, enum cub_error error,
                             const char *hostname)
{
    char text[sizeof details->verify_message];
    const char *what = error == E_X509_HOSTNAME_MISMATCH ? "Hostname mismatch"
                       : error == E_X509_IP_MISMATCH     ? "IP address mismatch"
                                                         : NULL;

    if (!what || !hostname)
        return cub_report(details, error);
    (void)snprintf(text, sizeof text, "%s, certificate is not valid for '%s'.", what, hostname);
    return cub_report_text(details, error, text);
}

cub_result cub_report_alert(struct cub_error_details *d, int alert)
{
    size_t i = find_alert(alert);
    cub_result result = cub_report(d, E_ALERT_RECEIVED);

    if (!d)
        return result;
    d->alert_received = alert;
    if (i == sizeof alerts / sizeof alerts[0])
        return result;
    d->reason = alerts[i].reason;
    d->message[0] = 0;
    say(d, "[SSL: ");
    say(d, d->reason);
    say(d, "] ");
    say_reason(d, d->reason);
    return result;
}

void cub_os_text(int os_errno, char *buffer, size_t size)
{
    if (strerror_r(os_errno, buffer, size) != 0)
        (void)snprintf(buffer, size, "Unknown error %d", os_errno);
}

cub_result cub_report_os(struct cub_error_details *d, int os_errno)
{
    char text[128];

    if (!d)
        return cub_report(NULL, E_OS);
    cub_os_text(os_errno, text, sizeof text);
    (void)cub_report_text(d, E_OS, "");
    d->os_errno = os_errno;
    (void)snprintf(d->message, sizeof d->message, "[Errno %d] %s", os_errno, text);
    return d->result;
}
