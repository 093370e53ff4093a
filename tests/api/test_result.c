#include <criterion/criterion.h>

#include <errno.h>
#include <string.h>

#include "api/result.h"

/* What Python prints, without its source's name and line. */
Test(result, messages_are_pythons)
{
    struct cub_error_details d;

    cr_expect_eq(cub_report(&d, E_X509_SELF_SIGNED_LEAF), CUB_SSLCertVerificationError);
    cr_expect_str_eq(d.message, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
                                "self-signed certificate");
    cr_expect_str_eq(d.library, "SSL");
    cr_expect_str_eq(d.reason, "CERTIFICATE_VERIFY_FAILED");
    cr_expect_str_eq(d.verify_message, "self-signed certificate");
    cr_expect_eq(d.verify_code, 18);
    cr_expect_eq(d.number, CUB_SSL_ERROR_SSL);
    cr_expect_str_eq(d.name, "X509_SELF_SIGNED_LEAF");

    cr_expect_eq(cub_report_verify(&d, E_X509_HOSTNAME_MISMATCH, "a.example"),
                 CUB_SSLCertVerificationError);
    cr_expect_str_eq(d.message,
                     "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname "
                     "mismatch, certificate is not valid for 'a.example'.");
    cr_expect_eq(d.verify_code, 62);
    (void)cub_report_verify(&d, E_X509_IP_MISMATCH, "192.0.2.1");
    cr_expect_str_eq(d.verify_message,
                     "IP address mismatch, certificate is not valid for '192.0.2.1'.");

    cr_expect_eq(cub_report(&d, E_WANT_READ), CUB_SSLWantReadError);
    cr_expect_str_eq(d.message, "The operation did not complete (read)");
    cr_expect_eq(cub_report(&d, E_WANT_WRITE), CUB_SSLWantWriteError);
    cr_expect_str_eq(d.message, "The operation did not complete (write)");
    cr_expect_eq(cub_report(&d, E_ZERO_RETURN), CUB_SSLZeroReturnError);
    cr_expect_str_eq(d.message, "TLS/SSL connection has been closed (EOF)");
    cr_expect_eq(d.number, CUB_SSL_ERROR_ZERO_RETURN);
    cr_expect_eq(cub_report(&d, E_EOF), CUB_SSLEOFError);
    cr_expect_str_eq(d.message,
                     "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol");
    cr_expect_eq(cub_report(&d, E_TIMEOUT_READ), CUB_TimeoutError);
    cr_expect_str_eq(d.message, "The read operation timed out");
    cr_expect_eq(cub_report(&d, E_RECORD_VERSION), CUB_SSLError);
    cr_expect_str_eq(d.message, "[SSL: WRONG_VERSION_NUMBER] wrong version number");
    cr_expect_str_eq(d.text, "what the peer sends is not TLS");
    cr_expect_eq(cub_report(&d, E_BIO_EOF_WRITTEN), CUB_SSLError);
    cr_expect_str_eq(d.message, "cannot write() after write_eof()");
    cr_expect_eq(cub_report(&d, E_OK), CUB_OK);
    cr_expect_str_eq(d.message, "");
}

Test(result, tells_errno)
{
    struct cub_error_details d;

    cr_expect_eq(cub_report_os(&d, ENOENT), CUB_OSError);
    cr_expect_str_eq(d.message, "[Errno 2] No such file or directory");
    cr_expect_eq(d.os_errno, ENOENT);
    cr_expect_eq(cub_report_os(NULL, ENOENT), CUB_OSError);
}

Test(result, tells_alerts)
{
    struct cub_error_details d;

    cr_expect_eq(cub_report_alert(&d, 40), CUB_SSLError);
    cr_expect_str_eq(d.message,
                     "[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure");
    cr_expect_str_eq(d.reason, "SSLV3_ALERT_HANDSHAKE_FAILURE");
    cr_expect_eq(d.alert_received, 40);
    (void)cub_report_alert(&d, 48);
    cr_expect_str_eq(d.reason, "TLSV1_ALERT_UNKNOWN_CA");
    (void)cub_report_alert(&d, 77);
    cr_expect_str_eq(d.reason, "ALERT_RECEIVED", "an alert that nobody knows");
    cr_expect_str_eq(cub_alert_name(116), "certificate_required");
    cr_expect_str_eq(cub_alert_name(-1), "unknown");
}

/* Every row fits its fields and says something. */
Test(result, every_row_can_be_told)
{
    for (int i = 1; i < CUB_ERROR_COUNT; i++) {
        struct cub_error_details d;
        cub_result result = cub_report(&d, (enum cub_error)i);
        cr_expect_neq(result, CUB_OK, "%s", d.name);
        cr_expect_eq(result, d.result);
        cr_expect(*d.message || i == E_OS, "%s", d.name);
        cr_expect_lt(strlen(d.message), sizeof d.message - 1, "%s is cut", d.name);
        cr_expect_lt(strlen(cub_error_info((enum cub_error)i)->text), sizeof d.verify_message);
        cr_expect_neq(strcmp(cub_result_name(result), "unknown"), 0);
    }
    cr_expect_str_eq(cub_result_name(CUB_SSLWantReadError), "SSLWantReadError");
    cr_expect_str_eq(cub_result_name((cub_result)99), "unknown");
}
