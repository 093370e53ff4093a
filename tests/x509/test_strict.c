#include <criterion/criterion.h>

#include <string.h>

#include "tests/support/graph.h"
#include "x509/strict.h"

#define CRITICAL 1

/* Extensions of a certificate under test, written by hand. */
struct extension {
    const char *oid;
    int critical;
    const char *contents;
    size_t len;
};
#define BYTES(s) (s), sizeof(s) - 1

#define CA                                                                                         \
    {                                                                                              \
        "2.5.29.19", 1, BYTES("\x30\x03\x01\x01\xff")                                              \
    }
#define CA_WEAK                                                                                    \
    {                                                                                              \
        "2.5.29.19", 0, BYTES("\x30\x03\x01\x01\xff")                                              \
    }
#define CA_LEN                                                                                     \
    {                                                                                              \
        "2.5.29.19", 1, BYTES("\x30\x06\x01\x01\xff\x02\x01\x00")                                  \
    }
#define NO_CA_LEN                                                                                  \
    {                                                                                              \
        "2.5.29.19", 1, BYTES("\x30\x03\x02\x01\x00")                                              \
    }
#define CERT_SIGN                                                                                  \
    {                                                                                              \
        "2.5.29.15", 1, BYTES("\x03\x02\x02\x04")                                                  \
    }
#define CRL_SIGN                                                                                   \
    {                                                                                              \
        "2.5.29.15", 1, BYTES("\x03\x02\x01\x02")                                                  \
    }
#define SKI                                                                                        \
    {                                                                                              \
        "2.5.29.14", 0, BYTES("\x04\x01s")                                                         \
    }
#define SKI_CRIT                                                                                   \
    {                                                                                              \
        "2.5.29.14", 1, BYTES("\x04\x01s")                                                         \
    }
#define AKI                                                                                        \
    {                                                                                              \
        "2.5.29.35", 0, BYTES("\x30\x03\x80\x01s")                                                 \
    }
#define AKI_CRIT                                                                                   \
    {                                                                                              \
        "2.5.29.35", 1, BYTES("\x30\x03\x80\x01s")                                                 \
    }
#define AKI_SERIAL                                                                                 \
    {                                                                                              \
        "2.5.29.35", 0, BYTES("\x30\x03\x82\x01s")                                                 \
    }
#define AKI_BOTH                                                                                   \
    {                                                                                              \
        "2.5.29.35", 0, BYTES("\x30\x06\x80\x01s\x82\x01s")                                        \
    }
#define AKI_OTHER                                                                                  \
    {                                                                                              \
        "2.5.29.35", 0, BYTES("\x30\x03\x80\x01t")                                                 \
    }
#define SAN                                                                                        \
    {                                                                                              \
        "2.5.29.17", 0, BYTES("\x30\x03\x82\x01x")                                                 \
    }
#define SAN_CRIT                                                                                   \
    {                                                                                              \
        "2.5.29.17", 1, BYTES("\x30\x03\x82\x01x")                                                 \
    }
#define EKU                                                                                        \
    {                                                                                              \
        "2.5.29.37", 0, BYTES("\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01")                  \
    }
#define EKU_CRIT                                                                                   \
    {                                                                                              \
        "2.5.29.37", 1, BYTES("\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01")                  \
    }
#define EKU_ANY                                                                                    \
    {                                                                                              \
        "2.5.29.37", 0,                                                                            \
            BYTES("\x30\x10\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01\x06\x04\x55\x1d\x25\x00")      \
    }
#define PC_WEAK                                                                                    \
    {                                                                                              \
        "2.5.29.36", 0, BYTES("\x30\x03\x80\x01\x00")                                              \
    }
#define PC                                                                                         \
    {                                                                                              \
        "2.5.29.36", 1, BYTES("\x30\x03\x80\x01\x00")                                              \
    }
#define ANY_WEAK                                                                                   \
    {                                                                                              \
        "2.5.29.54", 0, BYTES("\x02\x01\x00")                                                      \
    }
#define NC                                                                                         \
    {                                                                                              \
        "2.5.29.30", 1, BYTES("\x30\x07\xa0\x05\x30\x03\x82\x01x")                                 \
    }
#define AIA                                                                                        \
    {                                                                                              \
        "1.3.6.1.5.5.7.1.1", 0, BYTES("\x30\x08\x30\x06\x06\x01\x2a\x86\x01x")                     \
    }
#define AIA_EMPTY                                                                                  \
    {                                                                                              \
        "1.3.6.1.5.5.7.1.1", 0, BYTES("\x30\x00")                                                  \
    }
#define AIA_BAD                                                                                    \
    {                                                                                              \
        "1.3.6.1.5.5.7.1.1", 0, BYTES("\x30\x05\x30\x03\x06\x01\x2a")                              \
    }
#define SIA_BAD                                                                                    \
    {                                                                                              \
        "1.3.6.1.5.5.7.1.11", 0, BYTES("\x30\x02\x05\x00")                                         \
    }

enum place { LEAF, INNER, ANCHOR };

static void make(struct cub_cert *cert, struct pki_cert *issued, const char *subject,
                 const struct extension *extensions, const char *serial)
{
    uint8_t bytes[512];
    struct der_out o = {bytes, sizeof bytes, 0};

    for (; extensions->oid; extensions++)
        pki_extension(&o, extensions->oid, extensions->critical, extensions->contents,
                      extensions->len);
    pki_issue(issued, &(struct pki_spec){
                          .subject = subject,
                          .key = PKI_KEY_P256,
                          .issuer = pki_root(),
                          .no_key_ids = 1,
                          .wide_serial = {(const uint8_t *)serial, 1    },
                          .more = {o.bytes,                 o.len}
    });
    cr_assert_eq(cub_cert_parse(cert, issued->der, issued->len), E_OK);
}

Test(strict, rules)
{
    static const struct {
        enum place place;
        const char *subject;
        enum cub_error error;
        struct extension extensions[7];
        const char *serial;
    } cases[] = {
        {LEAF,   "x",  E_OK,                             {SKI, AKI, SAN},                     NULL  },
        {LEAF,   NULL, E_OK,                             {SKI, AKI, SAN_CRIT},                NULL  },
        {LEAF,   NULL, E_X509_SAN_NOT_CRITICAL,          {SKI, AKI, SAN},                     NULL  },
        {LEAF,   NULL, E_X509_SUBJECT_EMPTY,             {SKI, AKI},                          NULL  },
        {LEAF,   "x",  E_X509_NO_AUTHORITY_KEY_ID,       {SKI, SAN},                          NULL  },
        {LEAF,   "x",  E_X509_NO_AUTHORITY_KEY_ID,       {SKI, AKI_SERIAL},                   NULL  },
        {LEAF,   "x",  E_X509_AUTHORITY_KEY_ID_CRITICAL, {SKI, AKI_CRIT},                     NULL  },
        {LEAF,   "x",  E_X509_SUBJECT_KEY_ID_CRITICAL,   {SKI_CRIT, AKI},                     NULL  },
        {LEAF,   "x",  E_X509_CERT_SIGN_NO_CA,           {AKI, CERT_SIGN},                    NULL  },
        {LEAF,   "x",  E_X509_PATH_LENGTH_NO_CA,         {AKI, NO_CA_LEN},                    NULL  },
        {LEAF,   "x",  E_X509_EXTENSION,                 {AKI, NC},                           NULL  },
        {LEAF,   "x",  E_OK,                             {AKI, AIA},                          NULL  },
        {LEAF,   "x",  E_X509_EXTENSION,                 {AKI, AIA_EMPTY},                    NULL  },
        {LEAF,   "x",  E_X509_EXTENSION,                 {AKI, AIA_BAD},                      NULL  },
        {LEAF,   "x",  E_X509_EXTENSION,                 {AKI, SIA_BAD},                      NULL  },
        {LEAF,   "x",  E_X509_SERIAL,                    {AKI},                               "\x00"},
        {LEAF,   "x",  E_X509_SERIAL,                    {AKI},                               "\x80"},
        {INNER,  "x",  E_X509_SERIAL,                    {CA, CERT_SIGN, SKI, AKI},           "\x00"},
        {ANCHOR, "x",  E_OK,                             {CA, CERT_SIGN, SKI, AKI},           "\x00"},
        {INNER,  "x",  E_OK,                             {CA, CERT_SIGN, SKI, AKI},           NULL  },
        {INNER,  "x",  E_OK,                             {CA_LEN, CERT_SIGN, SKI, AKI, NC},   NULL  },
        {INNER,  "x",  E_X509_CA_NOT_CRITICAL,           {CA_WEAK, CERT_SIGN, SKI, AKI},      NULL  },
        {INNER,  "x",  E_X509_CA_NO_KEY_USAGE,           {CA, SKI, AKI},                      NULL  },
        {INNER,  "x",  E_X509_PATH_LENGTH_NO_SIGN,       {CA_LEN, CRL_SIGN, SKI, AKI},        NULL  },
        {INNER,  "x",  E_X509_NO_SUBJECT_KEY_ID,         {CA, CERT_SIGN, AKI},                NULL  },
        {INNER,  "x",  E_X509_NO_AUTHORITY_KEY_ID,       {CA, CERT_SIGN, SKI},                NULL  },
        {ANCHOR, "x",  E_OK,                             {CA, CERT_SIGN, SKI},                NULL  },
        {INNER,  NULL, E_X509_SUBJECT_EMPTY,             {CA, CERT_SIGN, SKI, AKI, SAN_CRIT}, NULL  },
        {INNER,  "x",  E_OK,                             {CA, CERT_SIGN, SKI, AKI, PC},       NULL  },
        {INNER,  "x",  E_X509_EXTENSION,                 {CA, CERT_SIGN, SKI, AKI, PC_WEAK},  NULL  },
        {INNER,  "x",  E_X509_EXTENSION,                 {CA, CERT_SIGN, SKI, AKI, ANY_WEAK}, NULL  },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pki_cert issued;
        struct cub_cert cert;
        enum cub_error error;
        make(&cert, &issued, cases[i].subject, cases[i].extensions,
             cases[i].serial ? cases[i].serial : "\x01");
        error = cub_check_strict(&cert, cases[i].place == LEAF, cases[i].place == ANCHOR);
        cr_assert_eq(error, cases[i].error, "case %zu: %s", i, cub_error_info(error)->name);
    }
}

Test(strict, empty_issuer)
{
    struct pki_cert issued;
    struct cub_cert cert;

    pki_issue(&issued, &(struct pki_spec){.subject = NULL, .key = PKI_KEY_P256});
    cr_assert_eq(cub_cert_parse(&cert, issued.der, issued.len), E_OK);
    cr_assert_eq(cub_check_strict(&cert, true, true), E_X509_ISSUER_EMPTY);
}

Test(strict, rules_are_applied_along_the_path)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    const struct pki_cert *ca = graph_issue(g, &(struct pki_spec){.subject = "CA",
                                                                  .key = PKI_KEY_CA,
                                                                  .issuer = root,
                                                                  .ca = 1,
                                                                  .no_key_ids = 1});

    graph_offer(g, ca);
    cr_assert_eq(graph_build_under(g, ca, 0), E_OK);
    cr_assert_eq(graph_build_under(g, ca, CUB_PATH_STRICT), E_X509_NO_SUBJECT_KEY_ID);
    cr_assert_eq(g->result.error_depth, 1);
}

/* Strictness begins at two certificates; only the serial number is looked at before. */
Test(strict, a_leaf_that_is_trusted_itself)
{
    struct graph *g = graph_new();
    struct pki_spec spec = {.subject = "self", .key = PKI_KEY_P256, .ca = -1, .no_key_ids = 1};
    const struct pki_cert *leaf = graph_issue(g, &spec);

    graph_trust(g, leaf);
    cr_assert_eq(graph_build(g, leaf, CUB_PATH_STRICT), E_OK);
    spec.wide_serial = (struct cub_view){(const uint8_t *)"\xff", 1};
    leaf = graph_issue(g, &spec);
    graph_trust(g, leaf);
    cr_assert_eq(graph_build(g, leaf, CUB_PATH_STRICT), E_X509_SERIAL);
    cr_assert_eq(graph_build(g, leaf, 0), E_OK);
    spec.wide_serial = (struct cub_view){(const uint8_t *)"", 1}; /* 0, as old roots have */
    leaf = graph_issue(g, &spec);
    graph_trust(g, leaf);
    cr_assert_eq(graph_build(g, leaf, CUB_PATH_STRICT), E_OK);
}

Test(strict, webpki)
{
    static const struct {
        enum place place;
        const char *subject;
        bool good;
        struct extension extensions[7];
    } cases[] = {
        {LEAF,   "x",  true,  {EKU, SAN}                         },
        {LEAF,   NULL, true,  {EKU, SAN_CRIT}                    },
        {LEAF,   "y",  false, {EKU, SAN}                         },
        {LEAF,   "X",  false, {EKU, SAN}                         },
        {LEAF,   "x",  false, {EKU}                              },
        {LEAF,   "x",  false, {SAN}                              },
        {LEAF,   "x",  false, {EKU_CRIT, SAN}                    },
        {LEAF,   "x",  false, {EKU_ANY, SAN}                     },
        {LEAF,   "x",  false, {CA, CERT_SIGN, EKU, SAN}          },
        {ANCHOR, "y",  true,  {CA, CERT_SIGN, SKI, AKI}          },
        {ANCHOR, "y",  true,  {CA, CERT_SIGN, SKI}               },
        {ANCHOR, "y",  false, {CA, CERT_SIGN, SKI, AKI_OTHER}    },
        {ANCHOR, "y",  false, {CA, CERT_SIGN, SKI, AKI_SERIAL}   },
        {ANCHOR, "y",  false, {CA, CERT_SIGN, SKI, AKI_BOTH}     },
        {ANCHOR, "y",  false, {CA, CERT_SIGN, SKI, EKU}          },
        {INNER,  "y",  true,  {CA, CERT_SIGN, SKI, AKI_BOTH, EKU}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pki_cert issued;
        struct cub_cert cert;
        make(&cert, &issued, cases[i].subject, cases[i].extensions, "\x01");
        cr_assert_eq(cub_check_webpki(&cert, cases[i].place == LEAF, cases[i].place == ANCHOR),
                     cases[i].good ? E_OK : E_X509_WEBPKI, "case %zu", i);
    }
}

Test(strict, webpki_addresses)
{
    static const struct {
        const char *cn;
        bool good;
    } cases[] = {
        {"192.168.1.1",          true },
        {"192.168.001.001",      false},
        {"0xC0A80101",           false},
        {"2001:db8::1:0:0:1",    true },
        {"2001:db8:0:0:1:0:0:1", false},
        {"2001:DB8::1:0:0:1",    false},
        {"2001:db8::1:0:0:2",    false},
        {"2001:db8:0:0:1::1",    false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pki_cert issued;
        struct cub_cert cert;
        pki_issue(&issued,
                  &(struct pki_spec){
                      .subject = cases[i].cn,
                      .key = PKI_KEY_P256,
                      .issuer = pki_root(),
                      .eku = {"1.3.6.1.5.5.7.3.1"                                              },
                      .ip = { {(const uint8_t *)"\xc0\xa8\x01\x01", 4},
                              {(const uint8_t *)"\x20\x01\x0d\xb8\0\0\0\0\0\1\0\0\0\0\0\1", 16}}
        });
        cr_assert_eq(cub_cert_parse(&cert, issued.der, issued.len), E_OK);
        cr_assert_eq(cub_check_webpki(&cert, true, false), cases[i].good ? E_OK : E_X509_WEBPKI,
                     "%s", cases[i].cn);
    }
}
