#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "tests/support/pki.h"
#include "x509/cert.h"
#include "x509/general_name.h"
#include "x509/key.h"

static enum cub_error parse(struct cub_cert *cert, const struct pki_cert *issued)
{
    return cub_cert_parse(cert, issued->der, issued->len);
}

Test(cert, fields_of_a_leaf)
{
    const struct pki_chain *chain = pki_chain(PKI_P256);
    struct cub_cert cert;

    cr_assert_eq(parse(&cert, &chain->certs[0]), E_OK);
    cr_assert_eq(cert.version, 3);
    cr_assert(cub_view_equal(cert.issuer, chain->certs[1].subject));
    cr_assert_eq(cert.not_before, PKI_NOT_BEFORE);
    cr_assert_eq(cert.not_after, PKI_NOT_AFTER);
    cr_assert_eq(cert.key.type, CUB_KEY_EC_P256);
    cr_assert_eq(cert.algorithm.kind, CUB_SIGNATURE_ECDSA);
    cr_assert_eq(cert.algorithm.hash, CUB_HASH_SHA256);
    cr_assert(cub_view_equal(cert.inner_algorithm, cert.outer_algorithm));
    cr_assert_eq(cert.is_ca, 0);
    cr_assert_eq(cert.key_usage, CUB_KU_DIGITAL_SIGNATURE);
    cr_assert_eq(cert.extended_key_usage, CUB_EKU_SERVER_AUTH | CUB_EKU_CLIENT_AUTH);
    cr_assert(cub_cert_critical(&cert, CUB_EXT_BASIC_CONSTRAINTS));
    cr_assert_not(cub_cert_critical(&cert, CUB_EXT_SUBJECT_ALT_NAME));
    cr_assert(cert.serial.len == 2 && cert.serial.data[0] == 1 && cert.serial.data[1] == 44);
    cr_assert_eq(cert.subject_key_id.len, 20);
    cr_assert_eq(cert.authority_key_id.len, 20);
}

Test(cert, fields_of_a_ca)
{
    struct cub_cert cert;

    cr_assert_eq(parse(&cert, &pki_chain(PKI_P256)->certs[1]), E_OK);
    cr_assert(cert.is_ca && cert.has_path_len);
    cr_assert_eq(cert.path_len, 0);
    cr_assert_eq(cert.key_usage, CUB_KU_KEY_CERT_SIGN | CUB_KU_CRL_SIGN);
}

Test(cert, every_prefix_fails)
{
    const struct pki_cert *leaf = &pki_chain(PKI_RSA_PSS)->certs[0];
    struct cub_cert cert;

    for (size_t n = 0; n < leaf->len; n++)
        cr_assert_neq(cub_cert_parse(&cert, leaf->der, n), E_OK, "%zu", n);
}

/* A change anywhere is an error of form, or one that the signature shows; never a crash. */
Test(cert, every_changed_byte)
{
    struct pki_cert leaf = pki_chain(PKI_P256)->certs[0];
    struct cub_cert cert;

    for (size_t i = 0; i < leaf.len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            leaf.der[i] ^= (uint8_t)(1 << bit);
            (void)parse(&cert, &leaf);
            leaf.der[i] ^= (uint8_t)(1 << bit);
        }
    }
    cr_assert_eq(parse(&cert, &leaf), E_OK);
}

Test(cert, versions)
{
    struct pki_spec spec = {.subject = "x", .key = PKI_KEY_P256, .version = 1};
    struct pki_cert issued;
    struct cub_cert cert;

    pki_issue(&issued, &spec);
    cr_assert_eq(parse(&cert, &issued), E_OK);
    cr_assert_eq(cert.version, 1);
    spec.version = 2;
    pki_issue(&issued, &spec);
    cr_assert_eq(parse(&cert, &issued), E_OK);
    cr_assert_eq(cert.version, 2);
    spec.version = 4;
    pki_issue(&issued, &spec);
    cr_assert_eq(parse(&cert, &issued), E_X509_VERSION);
}

Test(cert, extensions_need_version_3)
{
    struct pki_cert issued;
    struct cub_cert cert;
    uint8_t *version;

    pki_issue(&issued, &(struct pki_spec){.subject = "x", .key = PKI_KEY_P256});
    version = der_find(issued.der, 32, "\xa0\x03\x02\x01\x02", 5);
    version[4] = 1;
    cr_assert_eq(parse(&cert, &issued), E_X509_VERSION);
}

Test(cert, too_large)
{
    static uint8_t bytes[CUB_CERT_MAX_SIZE + 1];
    struct cub_cert cert;

    cr_assert_eq(cub_cert_parse(&cert, bytes, sizeof bytes), E_X509_CERT_TOO_LARGE);
}

/* Extensions, whole lists of them, and what is wrong there. */
static struct cub_view more;
static void add_more(struct der_out *extensions, const struct pki_spec *spec)
{
    (void)spec;
    der_raw(extensions, more.data, more.len);
}

static enum cub_error parse_with(struct cub_cert *cert, const void *bytes, size_t len)
{
    static struct pki_cert issued;

    more = (struct cub_view){bytes, len};
    pki_issue(&issued, &(struct pki_spec){.subject = "x",
                                          .key = PKI_KEY_P256,
                                          .no_key_ids = 1,
                                          .break_extensions = add_more});
    return parse(cert, &issued);
}

static enum cub_error parse_extension(struct cub_cert *cert, const char *oid, const void *contents,
                                      size_t len)
{
    uint8_t bytes[512];
    struct der_out o = {bytes, sizeof bytes, 0};

    pki_extension(&o, oid, 0, contents, len);
    return parse_with(cert, o.bytes, o.len);
}

Test(cert, malformed_extensions)
{
    static const struct {
        const char *oid;
        const char *contents;
        size_t len;
        enum cub_error error;
    } cases[] = {
        {"2.5.29.15", "\x03\x02\x07\x80",             4, E_OK               },
        {"2.5.29.15", "\x03\x01\x00",                 3, E_X509_EXTENSION   }, /* no bit at all */
        {"2.5.29.15", "\x03\x02\x06\x80",             4, E_OK               },
        {"2.5.29.15", "\x03\x02\x07\x80\x00",         5, E_DER_TRAILING     },
        {"2.5.29.19", "\x30\x00",                     2, E_OK               },
        {"2.5.29.19", "\x30\x03\x01\x01\x00",         5, E_DER_BOOLEAN      }, /* the default, encoded */
        {"2.5.29.19", "\x30\x03\x02\x01\xff",         5, E_DER_INTEGER      },
        {"2.5.29.19", "\x30\x05\x02\x03\x01\x00\x00", 7, E_DER_INTEGER      },
        {"2.5.29.37", "\x30\x00",                     2, E_X509_EXTENSION   },
        {"2.5.29.14", "\x04\x01x",                    3, E_OK               },
        {"2.5.29.14", "\x04\x02x",                    3, E_DER_TRUNCATED    },
        {"2.5.29.17", "\x30\x00",                     2, E_X509_SAN_EMPTY   },
        {"2.5.29.17", "\x30\x03\x82\x01\x80",         5, E_DER_STRING       },
        {"2.5.29.17", "\x30\x05\x87\x03\x01\x02\x03", 7, E_X509_GENERAL_NAME},
        {"2.5.29.17", "\x30\x02\x8a\x00",             4, E_X509_GENERAL_NAME},
        {"2.5.29.17", "\x30\x02\xa4\x00",             4, E_DER_TRUNCATED    },
        {"2.5.29.17", "\x30\x04\xa4\x02\x30\x00",     6, E_OK               },
        {"2.5.29.35", "\x30\x00",                     2, E_OK               },
        {"2.5.29.35", "\x30\x02\x83\x00",             4, E_DER_TRAILING     },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cub_cert cert;
        enum cub_error error =
            parse_extension(&cert, cases[i].oid, cases[i].contents, cases[i].len);
        cr_assert_eq(error, cases[i].error, "case %zu: %s", i, cub_error_info(error)->name);
    }
}

Test(cert, duplicate_extensions)
{
    uint8_t bytes[256];
    struct der_out o = {bytes, sizeof bytes, 0};
    struct cub_cert cert;

    pki_extension(&o, "1.2.3.4", 0, "x", 1);
    pki_extension(&o, "1.2.3.5", 0, "x", 1);
    cr_assert_eq(parse_with(&cert, o.bytes, o.len), E_OK);
    cr_assert(cub_cert_has(&cert, CUB_EXT_UNKNOWN));
    cr_assert_not(cub_cert_critical(&cert, CUB_EXT_UNKNOWN));
    pki_extension(&o, "1.2.3.4", 1, "y", 1);
    cr_assert_eq(parse_with(&cert, o.bytes, o.len), E_X509_DUPLICATE_EXTENSION);
    o.len = 0;
    pki_extension(&o, "2.5.29.14", 0, "\x04\x00", 2);
    pki_extension(&o, "2.5.29.14", 0, "\x04\x00", 2);
    cr_assert_eq(parse_with(&cert, o.bytes, o.len), E_X509_DUPLICATE_EXTENSION);
}

Test(cert, too_many_extensions)
{
    uint8_t bytes[2048];
    struct der_out o = {bytes, sizeof bytes, 0};
    struct cub_cert cert;
    char oid[24];

    for (int i = 0; i < CUB_CERT_MAX_EXTENSIONS; i++) {
        snprintf(oid, sizeof oid, "1.2.3.%d", i);
        pki_extension(&o, oid, 0, "", 0);
    }
    cr_assert_eq(parse_with(&cert, o.bytes, o.len), E_OK);
    pki_extension(&o, "1.2.4", 0, "", 0);
    cr_assert_eq(parse_with(&cert, o.bytes, o.len), E_X509_TOO_MANY_EXTENSIONS);
}

Test(cert, no_extensions_in_the_field)
{
    struct cub_cert cert;

    cr_assert_eq(parse_with(&cert, "", 0), E_X509_EXTENSION);
}

/* Algorithm identifiers by themselves. */
static enum cub_error read_algorithm(const char *bytes, size_t len,
                                     struct cub_signature_algorithm *algorithm)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open((const uint8_t *)bytes, len, &error);

    cub_signature_algorithm_read(&d, &cub_algorithms_any, algorithm);
    return cub_der_done(&d);
}

Test(cert, algorithm_parameters)
{
    static const struct {
        const char *bytes;
        size_t len;
        enum cub_error error;
        uint8_t kind, hash;
    } cases[] = {
        {"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02",             12, E_OK,      CUB_SIGNATURE_ECDSA,
         CUB_HASH_SHA256                                                                                                        },
        {"\x30\x0c\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02\x05\x00",     14,
         E_X509_ALGORITHM_PARAMETERS,                                                   CUB_SIGNATURE_ECDSA,     CUB_HASH_SHA256},
        {"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c\x05\x00", 15, E_OK,
         CUB_SIGNATURE_RSA_PKCS1,                                                                                CUB_HASH_SHA384},
        {"\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d",         13, E_OK,      CUB_SIGNATURE_RSA_PKCS1,
         CUB_HASH_SHA512                                                                                                        },
        {"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x04\x00", 15, E_DER_TAG,
         CUB_SIGNATURE_RSA_PKCS1,                                                                                CUB_HASH_SHA256},
        {"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04\x05\x00", 15, E_OK,
         CUB_SIGNATURE_RSA_PKCS1,                                                                                CUB_HASH_ID_MD5},
        {"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x00", 15, E_OK,
         CUB_SIGNATURE_RSA_PSS,                                                                                  CUB_HASH_SHA1  },
        {"\x30\x05\x06\x03\x2b\x65\x70",                                 7,  E_OK,      CUB_SIGNATURE_ED25519,   0              },
        {"\x30\x07\x06\x03\x2b\x65\x71\x04\x00",                         9,  E_OK,      CUB_SIGNATURE_UNKNOWN,   0              },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cub_signature_algorithm algorithm;
        cr_assert_eq(read_algorithm(cases[i].bytes, cases[i].len, &algorithm), cases[i].error,
                     "case %zu", i);
        cr_assert(algorithm.kind == cases[i].kind && algorithm.hash == cases[i].hash, "case %zu",
                  i);
    }
}
