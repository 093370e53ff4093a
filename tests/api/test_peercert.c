#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "tests/api/pair.h"

/* Extensions with everything that getpeercert shows. */
static void all_names(struct der_out *o, const struct pki_spec *spec)
{
    uint8_t bytes[1024];
    struct der_out names = {bytes, sizeof bytes, 0};
    size_t list = der_begin(&names, 0x30), mark;

    (void)spec;
    der_string(&names, 0x82, "a.example");
    der_string(&names, 0x81, "me@a.example");
    der_string(&names, 0x86, "https://a.example/");
    der_element(&names, 0x87, "\xc0\x00\x02\x01", 4);
    der_element(&names, 0x87, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
    der_element(&names, 0x88, "\x2a\x03\x04", 3);
    mark = der_begin(&names, 0xa4);
    pki_name(&names, "dir");
    der_end(&names, mark);
    mark = der_begin(&names, 0xa0);
    der_oid(&names, "1.2.3");
    der_element(&names, 0xa0, "\x0c\x01x", 3);
    der_end(&names, mark);
    der_end(&names, list);
    pki_extension(o, "2.5.29.17", 0, bytes, names.len);
}

static void authority_info(struct der_out *o)
{
    static const char *const rows[][2] = {
        {"1.3.6.1.5.5.7.48.1", "http://ocsp.example/1"   },
        {"1.3.6.1.5.5.7.48.2", "http://ca.example/ca.crt"},
        {"1.3.6.1.5.5.7.48.1", "http://ocsp.example/2"   },
    };
    uint8_t bytes[512];
    struct der_out d = {bytes, sizeof bytes, 0};
    size_t list = der_begin(&d, 0x30);

    for (size_t i = 0; i < 3; i++) {
        size_t mark = der_begin(&d, 0x30);
        der_oid(&d, rows[i][0]);
        der_string(&d, 0x86, rows[i][1]);
        der_end(&d, mark);
    }
    der_end(&d, list);
    pki_extension(o, "1.3.6.1.5.5.7.1.1", 0, bytes, d.len);
}

static void crl_points(struct der_out *o)
{
    uint8_t bytes[512];
    struct der_out d = {bytes, sizeof bytes, 0};
    size_t list = der_begin(&d, 0x30), point = der_begin(&d, 0x30), name = der_begin(&d, 0xa0),
           full = der_begin(&d, 0xa0);

    der_string(&d, 0x86, "http://crl.example/1");
    der_end(&d, full);
    der_end(&d, name);
    der_end(&d, point);
    der_end(&d, list);
    pki_extension(o, "2.5.29.31", 0, bytes, d.len);
}

static void everything(struct der_out *o, const struct pki_spec *spec)
{
    all_names(o, spec);
    authority_info(o);
    crl_points(o);
}

Test(peercert, shows_all_fields)
{
    static const char *const names[][2] = {
        {"DNS",           "a.example"           },
        {"email",         "me@a.example"        },
        {"URI",           "https://a.example/"  },
        {"IP Address",    "192.0.2.1"           },
        {"IP Address",    "2001:DB8:0:0:0:0:0:1"},
        {"Registered ID", "1.2.3.4"             },
        {"DirName",       NULL                  },
        {"othername",     "<unsupported>"       },
    };
    struct pki_cert cert;
    struct cub_cert_info *info;
    struct cub_error_details d;

    pki_issue(&cert, &(struct pki_spec){.subject = "subject",
                                        .key = PKI_KEY_P256,
                                        .issuer = pki_root(),
                                        .serial = 0xabcdef,
                                        .break_extensions = everything});
    cr_assert_eq(cub_cert_info_new(cert.der, cert.len, &info, &d), CUB_OK, "%s", d.message);
    cr_assert_eq(info->subject_count, 1);
    cr_assert_eq(info->subject[0].count, 1);
    cr_expect_str_eq(info->subject[0].attributes[0].name, "commonName");
    cr_expect_str_eq(info->subject[0].attributes[0].value, "subject");
    cr_expect_eq(info->issuer_count, 1);
    cr_expect_eq(info->version, 3);
    cr_expect_str_eq(info->serialNumber, "ABCDEF");
    cr_expect_str_eq(info->notBefore, "Jan  1 00:00:00 2020 GMT");
    cr_expect_str_eq(info->notAfter, "Dec 31 23:59:59 2048 GMT");
    cr_expect_eq(info->not_before, PKI_NOT_BEFORE);
    cr_expect_eq(info->not_after, PKI_NOT_AFTER);
    cr_assert_eq(info->subjectAltName_count, 8);
    for (size_t i = 0; i < 8; i++) {
        cr_expect_str_eq(info->subjectAltName[i].name, names[i][0]);
        if (names[i][1])
            cr_expect_str_eq(info->subjectAltName[i].value, names[i][1]);
    }
    cr_expect_null(info->subjectAltName[6].value);
    cr_assert_eq(info->subjectAltName[6].directory_count, 1);
    cr_expect_str_eq(info->subjectAltName[6].directory[0].attributes[0].value, "dir");
    cr_assert_eq(info->OCSP.count, 2);
    cr_expect_str_eq(info->OCSP.strings[1], "http://ocsp.example/2");
    cr_assert_eq(info->caIssuers.count, 1);
    cr_expect_str_eq(info->caIssuers.strings[0], "http://ca.example/ca.crt");
    cr_assert_eq(info->crlDistributionPoints.count, 1);
    cr_expect_str_eq(info->crlDistributionPoints.strings[0], "http://crl.example/1");
    cr_expect_str_eq(info->public_key, "prime256v1");
    cr_expect_eq(info->public_key_bits, 256);
    cr_expect_str_eq(info->signature_algorithm, "ecdsa-with-SHA256");
    cr_expect_eq(info->der.len, cert.len);
    cr_expect_arr_eq(info->der.data, cert.der, cert.len);
    cub_cert_info_free(info);
}

/* A certificate with next to nothing in it. */
Test(peercert, shows_what_little_there_is)
{
    struct pki_cert cert;
    struct cub_cert_info *info;

    pki_issue(&cert, &(struct pki_spec){.subject = NULL, .key = PKI_KEY_RSA2048, .version = 1});
    cr_assert_eq(cub_cert_info_new(cert.der, cert.len, &info, NULL), CUB_OK);
    cr_expect_eq(info->version, 1);
    cr_expect_eq(info->subject_count, 0);
    cr_expect_eq(info->subjectAltName_count, 0);
    cr_expect_eq(info->OCSP.count, 0);
    cr_expect_str_eq(info->public_key, "rsaEncryption");
    cr_expect_eq(info->public_key_bits, 2048);
    cub_cert_info_free(info);
}

static void odd_contents(struct der_out *o, const struct pki_spec *spec)
{
    static const char names[] = "\x30\x15\x87\x08\x01\x02\x03\x04\xff\xff\xff\0\x82\x09"
                                "a.example";

    (void)spec;
    pki_extension(o, "2.5.29.17", 0, names, sizeof names - 1);
    pki_extension(o, "2.5.29.15", 1, "\x03\x01\0", 3);       /* keyUsage without a bit */
    pki_extension(o, "2.5.29.31", 0, "nonsense", 8);         /* cRLDistributionPoints */
    pki_extension(o, "1.3.6.1.5.5.7.1.1", 0, "\x30\x80", 2); /* authorityInfoAccess */
}

static void no_list_of_names(struct der_out *o, const struct pki_spec *spec)
{
    (void)spec;
    pki_extension(o, "2.5.29.17", 0, "\x30\x06\x82\x01z\x9e\x01z", 8);
}

/* What would never be verified can be looked at, as with Python. */
Test(peercert, shows_what_is_malformed_inside)
{
    struct pki_spec spec = {.subject = "odd",
                            .key = PKI_KEY_RSA2048,
                            .break_extensions = odd_contents};
    struct pki_cert cert;
    struct cub_cert parsed;
    struct cub_cert_info *info;

    pki_issue(&cert, &spec);
    cr_assert_neq(cub_cert_parse(&parsed, cert.der, cert.len), E_OK);
    cr_assert_eq(cub_cert_info_new(cert.der, cert.len, &info, NULL), CUB_OK);
    cr_assert_eq(info->subjectAltName_count, 2);
    cr_expect_str_eq(info->subjectAltName[0].value, "<invalid>");
    cr_expect_str_eq(info->subjectAltName[1].value, "a.example");
    cr_expect_eq(info->crlDistributionPoints.count, 0);
    cr_expect_eq(info->OCSP.count, 0);
    cub_cert_info_free(info);

    spec.break_extensions = no_list_of_names;
    pki_issue(&cert, &spec);
    cr_assert_eq(cub_cert_info_new(cert.der, cert.len, &info, NULL), CUB_OK);
    cr_expect_eq(info->subjectAltName_count, 0);
    cub_cert_info_free(info);

    /* The key: a modulus that is no INTEGER. */
    cr_assert_eq(cub_cert_parse(&parsed, cert.der, cert.len), E_X509_GENERAL_NAME);
    spec.break_extensions = NULL;
    pki_issue(&cert, &spec);
    cr_assert_eq(cub_cert_parse(&parsed, cert.der, cert.len), E_OK);
    cert.der[parsed.key.modulus.data - cert.der - 5] ^=
        1; /* its tag, before three bytes of length and a 0 */
    cr_assert_neq(cub_cert_parse(&parsed, cert.der, cert.len), E_OK);
    cr_assert_eq(cub_cert_info_new(cert.der, cert.len, &info, NULL), CUB_OK);
    cr_expect_str_eq(info->public_key, "");
    cub_cert_info_free(info);
}

/* Whatever is damaged: shown or refused, and nothing worse. */
Test(peercert, every_prefix_and_change_is_survived)
{
    static uint8_t copy[4096];
    struct pki_cert cert;
    struct cub_cert_info *info;

    pki_issue(&cert, &(struct pki_spec){.subject = "subject",
                                        .key = PKI_KEY_P256,
                                        .issuer = pki_root(),
                                        .break_extensions = everything});
    for (size_t n = 0; n < cert.len; n++) {
        uint8_t *exact = malloc(n ? n : 1);
        cr_assert_not_null(exact);
        memcpy(exact, cert.der, n);
        cr_assert_neq(cub_cert_info_new(exact, n, &info, NULL), CUB_OK);
        free(exact);
    }
    for (size_t i = 0; i < cert.len; i++)
        for (unsigned flip = 1; flip < 256; flip = flip * 2 + 1) {
            memcpy(copy, cert.der, cert.len);
            copy[i] ^= (uint8_t)flip;
            if (cub_cert_info_new(copy, cert.len, &info, NULL) == CUB_OK)
                cub_cert_info_free(info);
        }
}

Test(peercert, refuses_what_does_not_parse)
{
    struct cub_cert_info *info;
    struct cub_error_details d;
    const struct pki_cert *root = pki_root();

    cr_expect_eq(cub_cert_info_new(root->der, root->len - 1, &info, &d), CUB_SSLError);
    cr_expect_null(info);
    cr_expect_str_eq(d.library, "ASN1");
    cr_expect_eq(cub_cert_info_new("", 0, &info, &d), CUB_SSLError);
    cub_cert_info_free(NULL);
}
