#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "tests/api/pair.h"

Test(certs, pem_and_der_of_all_lengths)
{
    for (size_t len = 1; len < 200; len++) {
        uint8_t der[200], *back;
        char *pem;
        size_t n;
        for (size_t i = 0; i < len; i++)
            der[i] = (uint8_t)(i * 11 + len);
        cr_assert_eq(cub_DER_cert_to_PEM_cert(der, len, &pem), CUB_OK);
        cr_assert_eq(strncmp(pem, "-----BEGIN CERTIFICATE-----\n", 28), 0);
        for (const char *line = pem, *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
            cr_assert_leq(end - line, 64, "%s", pem);
        cr_assert_eq(cub_PEM_cert_to_DER_cert(pem, &back, &n), CUB_OK, "%s", pem);
        cr_assert_eq(n, len);
        cr_assert_arr_eq(back, der, len);
        cub_free(pem);
        cub_free(back);
    }
}

Test(certs, pem_must_begin_with_its_header)
{
    static const char *const bad[] = {
        "", "MIIB", " -----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n",
        "-----BEGIN CERTIFICATE-----\nA*AA\n-----END CERTIFICATE-----\n"};
    uint8_t *der;
    size_t len;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_expect_eq(cub_PEM_cert_to_DER_cert(bad[i], &der, &len), CUB_ValueError, "%zu", i);
        cr_expect_null(der);
    }
}

Test(certs, reads_lists)
{
    const struct pki_chain *chain = pki_chain(PKI_P256);
    const char *pem = pair_chain_pem(PKI_P256);
    uint8_t both[2 * sizeof chain->certs[0].der];
    struct cub_bytes *certs;
    size_t count, len = chain->certs[0].len;

    cr_assert_eq(cub_read_certs(pem, strlen(pem), &certs, &count, NULL), CUB_OK);
    cr_assert_eq(count, 2);
    for (size_t i = 0; i < 2; i++) {
        cr_expect_eq(certs[i].len, chain->certs[i].len);
        cr_expect_arr_eq(certs[i].data, chain->certs[i].der, certs[i].len);
    }
    cub_free(certs);
    memcpy(both, chain->certs[0].der, len);
    memcpy(both + len, chain->certs[1].der, chain->certs[1].len);
    cr_assert_eq(cub_read_certs(both, len + chain->certs[1].len, &certs, &count, NULL), CUB_OK);
    cr_assert_eq(count, 2);
    cr_expect_eq(certs[1].len, chain->certs[1].len);
    cub_free(certs);
}

Test(certs, says_why_there_is_none)
{
    struct cub_error_details d;
    struct cub_bytes *certs;
    size_t count;

    cr_expect_eq(cub_read_certs("no", 2, &certs, &count, &d), CUB_SSLError);
    cr_expect_str_eq(d.reason, "NO_START_LINE");
    cr_expect_str_eq(d.library, "PEM");
    cr_expect_eq(cub_read_certs("", 0, &certs, &count, &d), CUB_SSLError);
    cr_expect_eq(cub_read_certs("\x30\x05\x01", 3, &certs, &count, &d), CUB_SSLError);
    cr_expect_str_eq(d.library, "ASN1");
    cr_expect_eq(cub_read_certs_file("/nonexistent/file", &certs, &count, &d), CUB_OSError);
    cr_expect_str_eq(d.message, "[Errno 2] No such file or directory");
    cr_expect_null(certs);
}

/* The cases of Python's test_ssl.BasicSocketTests.test_cert_time_*. */
Test(certs, times)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } good[] = {
        {"May  9 00:00:00 2007 GMT", 1178668800  },
        {"Jan  5 09:34:43 2018 GMT", 1515144883  },
        {"Feb 29 12:00:00 2000 GMT", 951825600   },
        {"Jan  1 00:00:00 1970 GMT", 0           },
        {"Dec 31 23:59:60 2008 GMT", 1230768000  },
        {"may 09 00:00:00 2007 GMT", 1178668800  },
        {"Dec 31 23:59:59 9999 GMT", 253402300799},
    };
    static const char *const bad[] = {"Jan  5 09:34:43 2018",      "Jan  5 09:34:43 2018 UTC",
                                      "Jan 35 09:34:43 2018 GMT",  "Jon  5 09:34:43 2018 GMT",
                                      "Jan  5 24:00:00 2018 GMT",  "Jan  5 09:60:43 2018 GMT",
                                      "anj  5 09:34:43 2018 GMT",  "",
                                      "Jan  5 09:34:43 2018 GMT x"};
    int64_t seconds;

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        cr_expect_eq(cub_cert_time_to_seconds(good[i].text, &seconds), CUB_OK, "%s", good[i].text);
        cr_expect_eq(seconds, good[i].seconds, "%s: %lld", good[i].text, (long long)seconds);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(cub_cert_time_to_seconds(bad[i], &seconds), CUB_ValueError, "%s", bad[i]);
}
