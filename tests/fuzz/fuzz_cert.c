/* A certificate: parsed, then judged by everything that judges one certificate. */
#include "tests/fuzz/fuzz.h"
#include "x509/check.h"
#include "x509/constraints.h"
#include "x509/hostname.h"
#include "x509/identity.h"
#include "x509/name.h"
#include "x509/ocsp.h"
#include "x509/policies.h"
#include "x509/strict.h"

static void judge(const struct cub_cert *cert)
{
    unsigned comparisons = 0;

    (void)cub_check_form(cert);
    (void)cub_check_key(cert, true, 2048);
    (void)cub_check_issuer(cert, 1);
    (void)cub_check_strict(cert, true, false);
    (void)cub_check_strict(cert, false, true);
    (void)cub_check_webpki(cert, true, false);
    (void)cub_check_webpki(cert, false, true);
    (void)cub_common_name_check(cert, "example.com");
    (void)cub_hostname_check(cert, "::1");
    (void)cub_email_check(cert, "a@example.com");
    (void)cub_must_staple(cert);
    if (cub_cert_has(cert, CUB_EXT_NAME_CONSTRAINTS) && cub_constraints_form(cert) == E_OK)
        (void)cub_constraints_check(cert, cert, true, &comparisons, 10000);
}

static void walk(const struct cub_cert *cert)
{
    static struct cub_policies policies;
    struct cub_name_walk name;
    struct cub_attribute attribute;
    uint8_t digest[32];

    cub_name_walk(&name, cert->subject);
    while (cub_name_next(&name, &attribute))
        (void)cub_attribute_is(&attribute, CUB_ATTRIBUTE_COMMON_NAME);
    cub_name_digest(cert->subject, digest);
    (void)cub_name_within(cert->subject, cert->issuer);
    cub_policies_start(&policies, 2, true, false, false);
    (void)cub_policies_certificate(&policies, cert, false);
    (void)cub_policies_certificate(&policies, cert, true);
    (void)cub_policies_finish(&policies, NULL, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct cub_cert cert;

    if (cub_cert_parse(&cert, data, len) != E_OK)
        return 0;
    judge(&cert);
    walk(&cert);
    return 0;
}
