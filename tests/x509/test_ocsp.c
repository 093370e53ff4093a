#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "crypto/hash.h"
#include "tests/support/graph.h"
#include "x509/ocsp.h"
#include "x509/time.h"

#define DAY 86400

enum status { GOOD, REVOKED, UNKNOWN, NONSENSE };

/* What stands in a response. All zero: good, signed by the root, of yesterday and tomorrow. */
struct response {
    int response_status;
    const char *type; /* dotted OID instead of id-pkix-ocsp-basic */
    int with_version;
    int by_name;
    const struct pki_cert *delegate; /* signs, and comes with the response */
    const struct pki_key *signer;
    enum status status;
    uint32_t serial;
    const char *hash; /* dotted OID instead of SHA-1 */
    int other_issuer; /* 1: another name, 2: another key */
    int64_t this_update, next_update;
    int critical; /* an unknown critical extension, 1: of the response, 2: of its entry */
    int break_signature;
};

static void time_field(struct der_out *o, int64_t seconds)
{
    struct cub_calendar c = cub_time_civil(seconds);
    char text[32];

    snprintf(text, sizeof text, "%04d%02u%02u%02u%02u%02uZ", (int)c.year, c.month, c.day, c.hour,
             c.minute, c.second);
    der_string(o, CUB_DER_GENERALIZED_TIME, text);
}

static void digest(struct der_out *o, const struct cub_hash *hash, const void *bytes, size_t len)
{
    uint8_t out[CUB_HASH_MAX_SIZE];

    cub_hash_once(hash, bytes, len, out);
    der_element(o, CUB_DER_OCTET_STRING, out, hash->size);
}

static void cert_id(struct der_out *o, const struct response *r)
{
    const struct cub_view point = pki_key(PKI_KEY_ROOT)->public_key.point;
    const struct cub_hash *hash = r->hash ? &cub_sha256 : &cub_sha1;
    size_t id = der_begin(o, CUB_DER_SEQUENCE);
    size_t algorithm = der_begin(o, CUB_DER_SEQUENCE);

    der_oid(o, r->hash ? r->hash : "1.3.14.3.2.26");
    der_element(o, CUB_DER_NULL, NULL, 0);
    der_end(o, algorithm);
    digest(o, hash, pki_root()->subject.data, pki_root()->subject.len - (r->other_issuer == 1));
    digest(o, hash, point.data, point.len - (r->other_issuer == 2));
    der_small(o, r->serial ? r->serial : 1);
    der_end(o, id);
}

static void critical_extension(struct der_out *o)
{
    size_t field = der_begin(o, CUB_DER_CONSTRUCTED(1));
    size_t list = der_begin(o, CUB_DER_SEQUENCE);

    pki_extension(o, "1.2.3", 1, "", 0);
    der_end(o, list);
    der_end(o, field);
}

static void single(struct der_out *o, const struct response *r)
{
    size_t seq = der_begin(o, CUB_DER_SEQUENCE);
    size_t mark;

    cert_id(o, r);
    mark = der_begin(o, r->status == GOOD      ? CUB_DER_PRIMITIVE(0)
                        : r->status == REVOKED ? CUB_DER_CONSTRUCTED(1)
                        : r->status == UNKNOWN ? CUB_DER_PRIMITIVE(2)
                                               : CUB_DER_PRIMITIVE(3));
    if (r->status == REVOKED)
        time_field(o, PKI_NOW - DAY);
    der_end(o, mark);
    time_field(o, r->this_update ? r->this_update : PKI_NOW - DAY);
    if (r->next_update >= 0) {
        mark = der_begin(o, CUB_DER_CONSTRUCTED(0));
        time_field(o, r->next_update ? r->next_update : PKI_NOW + DAY);
        der_end(o, mark);
    }
    if (r->critical == 2)
        critical_extension(o);
    der_end(o, seq);
}

static const struct pki_cert *signing_cert(const struct response *r)
{
    return r->delegate ? r->delegate : pki_root();
}

static void data(struct der_out *o, const struct response *r)
{
    const struct cub_view point = pki_key(signing_cert(r)->key)->public_key.point;
    size_t seq = der_begin(o, CUB_DER_SEQUENCE);
    size_t field;

    if (r->with_version) {
        field = der_begin(o, CUB_DER_CONSTRUCTED(0));
        der_small(o, 0);
        der_end(o, field);
    }
    field = der_begin(o, r->by_name ? CUB_DER_CONSTRUCTED(1) : CUB_DER_CONSTRUCTED(2));
    if (r->by_name)
        der_raw(o, signing_cert(r)->subject.data, signing_cert(r)->subject.len);
    else
        digest(o, &cub_sha1, point.data, point.len);
    der_end(o, field);
    time_field(o, PKI_NOW - DAY);
    field = der_begin(o, CUB_DER_SEQUENCE);
    single(o, &(struct response){.serial = 4711});
    single(o, r);
    der_end(o, field);
    if (r->critical == 1)
        critical_extension(o);
    der_end(o, seq);
}

static void basic(struct der_out *o, const struct response *r)
{
    const struct pki_key *key = r->signer ? r->signer : pki_key(signing_cert(r)->key);
    const struct cub_sign_scheme *scheme = pki_sign_scheme(key->public_key.type);
    uint8_t bytes[2000];
    struct der_out t = {bytes, sizeof bytes, 0};
    size_t seq = der_begin(o, CUB_DER_SEQUENCE);

    data(&t, r);
    der_raw(o, t.bytes, t.len);
    pki_algorithm(o, scheme);
    pki_sign(o, scheme, key, t.bytes, t.len);
    if (r->break_signature)
        o->bytes[o->len - 1] ^= 1;
    if (r->delegate) {
        size_t field = der_begin(o, CUB_DER_CONSTRUCTED(0));
        size_t list = der_begin(o, CUB_DER_SEQUENCE);
        der_raw(o, pki_chain(PKI_P256)->certs[0].der, pki_chain(PKI_P256)->certs[0].len);
        der_raw(o, r->delegate->der, r->delegate->len);
        der_end(o, list);
        der_end(o, field);
    }
    der_end(o, seq);
}

static size_t make(uint8_t *out, size_t max, const struct response *r)
{
    struct der_out o = {out, max, 0};
    uint8_t status = (uint8_t)r->response_status;
    size_t seq = der_begin(&o, CUB_DER_SEQUENCE);
    size_t field, bytes, octets;

    der_element(&o, CUB_DER_ENUMERATED, &status, 1);
    if (!status) {
        field = der_begin(&o, CUB_DER_CONSTRUCTED(0));
        bytes = der_begin(&o, CUB_DER_SEQUENCE);
        der_oid(&o, r->type ? r->type : "1.3.6.1.5.5.7.48.1.1");
        octets = der_begin(&o, CUB_DER_OCTET_STRING);
        basic(&o, r);
        der_end(&o, octets);
        der_end(&o, bytes);
        der_end(&o, field);
    }
    der_end(&o, seq);
    return o.len;
}

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

static enum cub_error check(const struct response *r)
{
    static struct scene s;
    static uint8_t bytes[8000];
    struct cub_ocsp_status status;

    open_scene(&s);
    return cub_ocsp_check(bytes, make(bytes, sizeof bytes, r), &s.request, &status);
}

Test(ocsp, by_the_issuer)
{
    static const struct {
        struct response r;
        enum cub_error error;
    } cases[] = {
        {{0},                                              E_OK                     },
        {{.by_name = 1},                                   E_OK                     },
        {{.hash = "2.16.840.1.101.3.4.2.1"},               E_OK                     },
        {{.status = REVOKED},                              E_X509_REVOKED           },
        {{.status = UNKNOWN},                              E_OCSP_UNKNOWN           },
        {{.status = NONSENSE},                             E_OCSP_MALFORMED         },
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
        error = check(&(struct response){.delegate = &delegate});
        cr_assert_eq(error, cases[i].error, "case %zu: %s", i, cub_error_info(error)->name);
        error = check(&(struct response){.delegate = &delegate, .by_name = 1});
        cr_assert_eq(error, cases[i].error, "case %zu, by name: %s", i,
                     cub_error_info(error)->name);
    }
}

Test(ocsp, signed_by_another_than_it_says)
{
    cr_assert_eq(check(&(struct response){.signer = pki_key(PKI_KEY_MADE)}), E_OCSP_SIGNATURE);
}

Test(ocsp, every_prefix_and_change_is_survived)
{
    static struct scene s;
    uint8_t bytes[4000];
    struct cub_ocsp_status status;
    size_t len = make(bytes, sizeof bytes, &(struct response){0});

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
        (struct cub_view){bytes, make(bytes, sizeof bytes, &(struct response){0})};
    cr_assert_eq(graph_build(g, leaf, 0), E_OK);
    g->request.ocsp_response.len = make(bytes, sizeof bytes, &(struct response){.status = REVOKED});
    cr_assert_eq(graph_build(g, leaf, 0), E_X509_REVOKED);
    g->request.ocsp_response.len =
        make(bytes, sizeof bytes, &(struct response){.next_update = PKI_NOW - 1});
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
