/*
 * Everything that can go wrong, once. The rows are in errors.def; the alert that a failure sends is
 * a function of its row and is never chosen where the failure happens.
 */
#ifndef CUB_CRYPTO_ERROR_H
#define CUB_CRYPTO_ERROR_H

#include <stdint.h>

enum cub_error {
/* Where an alert's rows begin, besides the rows. */
#define CUB_ALERT(section, alert)                                                                  \
    ERROR_##section##_##alert, BEFORE_##section##_##alert = ERROR_##section##_##alert - 1,
#define CUB_ERROR(name, alert, class, library, reason, verify_code, rfc, text) E_##name,
#include "crypto/errors.def"
#undef CUB_ALERT
#undef CUB_ERROR
    CUB_ERROR_COUNT
};

/* AlertDescription [RFC8446-6]. */
enum cub_alert {
    ALERT_CLOSE_NOTIFY = 0,
    ALERT_UNEXPECTED_MESSAGE = 10,
    ALERT_BAD_RECORD_MAC = 20,
    ALERT_RECORD_OVERFLOW = 22,
    ALERT_HANDSHAKE_FAILURE = 40,
    ALERT_BAD_CERTIFICATE = 42,
    ALERT_UNSUPPORTED_CERTIFICATE = 43,
    ALERT_CERTIFICATE_REVOKED = 44,
    ALERT_CERTIFICATE_EXPIRED = 45,
    ALERT_CERTIFICATE_UNKNOWN = 46,
    ALERT_ILLEGAL_PARAMETER = 47,
    ALERT_UNKNOWN_CA = 48,
    ALERT_ACCESS_DENIED = 49,
    ALERT_DECODE_ERROR = 50,
    ALERT_DECRYPT_ERROR = 51,
    ALERT_PROTOCOL_VERSION = 70,
    ALERT_INSUFFICIENT_SECURITY = 71,
    ALERT_INTERNAL_ERROR = 80,
    ALERT_INAPPROPRIATE_FALLBACK = 86,
    ALERT_USER_CANCELED = 90,
    ALERT_NO_RENEGOTIATION = 100,
    ALERT_MISSING_EXTENSION = 109,
    ALERT_UNSUPPORTED_EXTENSION = 110,
    ALERT_CERTIFICATE_UNOBTAINABLE = 111,
    ALERT_UNRECOGNIZED_NAME = 112,
    ALERT_BAD_CERTIFICATE_STATUS_RESPONSE = 113,
    ALERT_BAD_CERTIFICATE_HASH_VALUE = 114,
    ALERT_UNKNOWN_PSK_IDENTITY = 115,
    ALERT_CERTIFICATE_REQUIRED = 116,
    ALERT_NO_APPLICATION_PROTOCOL = 120,
    ALERT_NONE = 255, /* the failure is told to nobody */
};

/* Classes of failure: Python's exceptions. */
enum cub_error_class {
    CLASS_NONE,
    CLASS_SSL,
    CLASS_CERT_VERIFICATION,
    CLASS_ZERO_RETURN,
    CLASS_WANT_READ,
    CLASS_WANT_WRITE,
    CLASS_SYSCALL,
    CLASS_EOF,
    CLASS_VALUE, /* a ValueError or TypeError in Python: the caller's arguments */
    CLASS_MEMORY,
    CLASS_OS,
    CLASS_TIMEOUT,
    CLASS_NOT_IMPLEMENTED,
};

/* The alert to send for a failure, or ALERT_NONE. */
enum cub_alert cub_error_alert(enum cub_error error);

/* What is told to people: linked only where somebody asks. */
struct cub_error_info {
    const char *name;    /* as in errors.def */
    const char *library; /* SSL, X509, PEM ... */
    const char *reason;  /* where CPython has a reason for the situation, that name */
    const char *rfc;     /* the rule that was broken, RFCxxxx-section, or "" */
    const char *text;    /* one clause, lower case, no full stop */
    uint8_t error_class; /* enum cub_error_class */
    uint8_t verify_code; /* OpenSSL's X509_V_ERR number, or 0 */
};
const struct cub_error_info *cub_error_info(enum cub_error error);

#endif
