#include <criterion/criterion.h>

#include <string.h>

#include "tests/support/graph.h"
#include "x509/ocsp.h"

#define DAY 86400

/* The certificate in question: number 1 of the root. */
struct scene {
    struct pki_cert leaf;
    struct cub_cert cert, issuer;
    struct cub_ocsp_request request;
};

static void open_scene(struct scene *s)
{
    pki_issue(&s->leaf,
              &(struct pki_spec){.subject = "x", .key = PKI_KEY_P256, .issuer = pki_root()});
    cr_assert_eq(cub_cert_parse(&s->cert, s->leaf.der, s->leaf.len), E_OK);
    cr_assert_eq(cub_cert_parse(&s->issuer, pki_root()->der, pki_root()->len), E_OK);
    s->request = (struct cub_ocsp_request){&s->cert, &s->issuer, pki_schemes, PKI_NOW, true};
}

static enum cub_error check(const struct pki_ocsp_spec *r)
{
    static struct scene s;
    static uint8_t bytes[8000];
    struct cub_ocsp_status status;

    open_scene(&s);
    return cub_ocsp_check(bytes, pki_ocsp(bytes, sizeof bytes, r), &s.request, &status);
}

Test(ocsp, by_the_issuer)
{
    static const struct {
        struct pki_ocsp_spec r;
        enum cub_error error;
    } cases[] = {
        {{0},                                              E_OK                     },
        {{.by_name = 1},                                   E_OK                     },
        {{.hash = "2.16.840.1.101.3.4.2.1"},               E_OK                     },
        {{.status = PKI_OCSP_REVOKED},                     E_OCSP_REVOKED           },
        {{.status = PKI_OCSP_UNKNOWN},                     E_OCSP_UNKNOWN           },
        {{.status = PKI_OCSP_NONSENSE},                    E_OCSP_MALFORMED         },
        {{.serial = 2},                                    E_OCSP_OTHER_CERT        },
        {{.other_issuer = 1},                              E_OCSP_OTHER_CERT        },
        {{.other_issuer = 2},                              E_OCSP_OTHER_CERT        },
        {{.hash = "1.2.840.113549.2.5"},                   E_OCSP_OTHER_CERT        }, /* MD5 */
        {{.this_update = PKI_NOW + 1},                     E_OCSP_NOT_YET_VALID     },
        {{.next_update = PKI_NOW - 1},                     E_OCSP_EXPIRED           },
        {{.next_update = PKI_NOW, .this_update = PKI_NOW}, E_OK                     },
        {{.next_update = -1},                              E_OK                     },
        {{.break_signature = 1},                           E_OCSP_SIGNATURE         },
        {{.response_status = 1},                           E_OCSP_UNSUCCESSFUL      },
        {{.response_status = 6},                           E_OCSP_UNSUCCESSFUL      },
        {{.type = "1.2.3"},                                E_OCSP_MALFORMED         },
        {{.with_version = 1},                              E_OCSP_MALFORMED         },
        {{.critical = 1},                                  E_OCSP_CRITICAL_EXTENSION},
        {{.critical = 2},                                  E_OCSP_CRITICAL_EXTENSION},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum cub_error error = check(&cases[i].r);
        cr_assert_eq(error, cases[i].error, "case %zu: %s", i, cub_error_info(error)->name);
    }
}

#define OCSP_SIGNING "1.3.6.1.5.5.7.3.9"

Test(ocsp, by_a_delegate)
{
    static const struct {
        struct pki_spec spec;
        bool of_another_ca;
        enum cub_error error;
    } cases[] = {
        {{.eku = {OCSP_SIGNING}},                                        false, E_OK            },
        {{.eku = {OCSP_SIGNING}, .key_usage = CUB_KU_DIGITAL_SIGNATURE}, false, E_OK            },
        {{.eku = {OCSP_SIGNING}, .key_usage = CUB_KU_KEY_AGREEMENT},     false, E_OCSP_RESPONDER},
        {{.eku = {"1.3.6.1.5.5.7.3.1"}},                                 false, E_OCSP_RESPONDER},
        {{.eku = {"2.5.29.37.0"}},                                       false, E_OCSP_RESPONDER}, /* any purpose is not that one */
        {{.eku = {NULL}},                                                false, E_OCSP_RESPONDER},
        {{.eku = {OCSP_SIGNING}, .not_after = PKI_NOW - 1},              false, E_OCSP_RESPONDER},
        {{.eku = {OCSP_SIGNING}, .break_signature = 1},                  false, E_OCSP_RESPONDER},
        {{.eku = {OCSP_SIGNING}},                                        true,  E_OCSP_RESPONDER},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pki_cert delegate;
        struct pki_spec spec = cases[i].spec;
        enum cub_error error;
        spec.subject = "Responder";
        spec.key = PKI_KEY_MADE;
        spec.issuer = cases[i].of_another_ca ? &pki_chain(PKI_P256)->certs[1] : pki_root();
        pki_issue(&delegate, &spec);
        error = check(&(struct pki_ocsp_spec){.delegate = &delegate});
        cr_assert_eq(error, cases[i].error, "case %zu: %s", i, cub_error_info(error)->name);
        error = check(&(struct pki_ocsp_spec){.delegate = &delegate, .by_name = 1});
        cr_assert_eq(error, cases[i].error, "case %zu, by name: %s", i,
                     cub_error_info(error)->name);
    }
}

Test(ocsp, signed_by_another_than_it_says)
{
    cr_assert_eq(check(&(struct pki_ocsp_spec){.signer = pki_key(PKI_KEY_MADE)}), E_OCSP_SIGNATURE);
}

Test(ocsp, every_prefix_and_change_is_survived)
{
    static struct scene s;
    uint8_t bytes[4000];
    struct cub_ocsp_status status;
    size_t len = pki_ocsp(bytes, sizeof bytes, &(struct pki_ocsp_spec){0});

    open_scene(&s);
    for (size_t n = 0; n < len; n++)
        cr_assert_neq(cub_ocsp_check(bytes, n, &s.request, &status), E_OK);
    for (size_t i = 0; i < len; i++) {
        bytes[i] ^= 0x20;
        cr_assert_neq(cub_ocsp_check(bytes, len, &s.request, &status), E_OK, "%zu", i);
        bytes[i] ^= 0x20;
    }
    cr_assert_eq(cub_ocsp_check(bytes, len, &s.request, &status), E_OK);
    cr_assert_eq(status.next_update, PKI_NOW + DAY);
}

Test(ocsp, in_a_path)
{
    struct graph *g = graph_new();
    static uint8_t bytes[4000];
    const struct pki_cert *leaf;

    g->certs[g->count] = *pki_root();
    cr_assert_eq(cub_path_cert_parse(&g->parsed[0], g->certs[0].der, g->certs[0].len), E_OK);
    g->count = 1;
    graph_trust(g, &g->certs[0]);
    leaf =
        graph_issue(g,
                    &(struct pki_spec){.subject = "x", .key = PKI_KEY_P256, .issuer = pki_root()});
    g->request.ocsp_response =
        (struct cub_view){bytes, pki_ocsp(bytes, sizeof bytes, &(struct pki_ocsp_spec){0})};
    cr_assert_eq(graph_build(g, leaf, 0), E_OK);
    g->request.ocsp_response.len =
        pki_ocsp(bytes, sizeof bytes, &(struct pki_ocsp_spec){.status = PKI_OCSP_REVOKED});
    cr_assert_eq(graph_build(g, leaf, 0), E_OCSP_REVOKED);
    g->request.ocsp_response.len =
        pki_ocsp(bytes, sizeof bytes, &(struct pki_ocsp_spec){.next_update = PKI_NOW - 1});
    cr_assert_eq(graph_build(g, leaf, 0), E_OCSP_EXPIRED);
    cr_assert_eq(graph_build(g, leaf, CUB_PATH_NO_CHECK_TIME), E_OK);
}

Test(ocsp, must_staple)
{
    static const struct {
        const char *bytes;
        size_t len;
        bool must;
    } cases[] = {
        {"\x30\x03\x02\x01\x05",             5, true },
        {"\x30\x06\x02\x01\x11\x02\x01\x05", 8, true },
        {"\x30\x03\x02\x01\x11",             5, false},
        {"\x30\x00",                         2, false},
        {"\x05\x00",                         2, true }, /* unreadable */
    };
    struct cub_cert cert = {0};

    cr_assert_not(cub_must_staple(&cert));
    cert.present = CUB_EXT_BIT(CUB_EXT_TLS_FEATURE);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cert.extension[CUB_EXT_TLS_FEATURE] =
            (struct cub_view){(const uint8_t *)cases[i].bytes, cases[i].len};
        cr_assert_eq(cub_must_staple(&cert), cases[i].must, "case %zu", i);
    }
}
