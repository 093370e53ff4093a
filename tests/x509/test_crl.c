#include <criterion/criterion.h>

#include <string.h>

#include "tests/support/graph.h"
#include "x509/crl.h"

#define DAY 86400

static enum cub_error parse(const struct pki_crl_spec *spec, struct cub_crl *crl)
{
    static uint8_t der[4096];

    return cub_crl_parse(crl, der, pki_crl(der, sizeof der, spec));
}

Test(crl, fields)
{
    const uint32_t serials[] = {7, 300};
    struct cub_crl crl;
    struct cub_cert cert = {0};
    struct cub_crl_entry entry;

    cr_assert_eq(parse(&(struct pki_crl_spec){.issuer = pki_root(),
                                              .serials = serials,
                                              .serial_count = 2,
                                              .reason = 1,
                                              .number = 9},
                       &crl),
                 E_OK);
    cr_assert(cub_view_equal(crl.issuer, pki_root()->subject));
    cr_assert(crl.this_update == PKI_NOW - DAY && crl.next_update == PKI_NOW + DAY);
    cr_assert(crl.version == 2 && !crl.is_delta && crl.has_number);
    cr_assert(crl.number.len == 1 && crl.number.data[0] == 9);
    cert.issuer = crl.issuer;
    cert.serial = (struct cub_view){(const uint8_t *)"\x01\x2c", 2};
    cr_assert(cub_crl_find(&crl, &cert, &entry));
    cr_assert(entry.reason == 1 && entry.revocation_date == PKI_NOW - 30 * DAY);
    cert.serial.len = 1;
    cr_assert_not(cub_crl_find(&crl, &cert, &entry));
    cert.serial = (struct cub_view){(const uint8_t *)"\x07", 1};
    cert.issuer = pki_chain(PKI_P256)->certs[1].subject;
    cr_assert_not(cub_crl_find(&crl, &cert, &entry));
}

Test(crl, version_1_and_without_next_update)
{
    struct cub_crl crl;

    cr_assert_eq(
        parse(&(struct pki_crl_spec){.issuer = pki_root(), .version_1 = 1, .next_update = -1},
              &crl),
        E_OK);
    cr_assert(crl.version == 1 && crl.next_update == INT64_MAX && crl.number.len == 0);
}

Test(crl, every_prefix_and_change_is_survived)
{
    const uint32_t serials[] = {7, 300};
    uint8_t der[2048];
    size_t len = pki_crl(der, sizeof der,
                         &(struct pki_crl_spec){.issuer = pki_root(),
                                                .serials = serials,
                                                .serial_count = 2,
                                                .reason = 1});
    struct cub_crl crl;

    for (size_t n = 0; n < len; n++)
        cr_assert_neq(cub_crl_parse(&crl, der, n), E_OK);
    for (size_t i = 0; i < len; i++) {
        der[i] ^= 0x41;
        (void)cub_crl_parse(&crl, der, len);
        der[i] ^= 0x41;
    }
    cr_assert_eq(cub_crl_parse(&crl, der, len), E_OK);
    cr_assert_eq(cub_crl_parse(&crl, der, CUB_CRL_MAX_SIZE + 1), E_CRL_TOO_LARGE);
}

Test(crl, malformed)
{
    struct cub_crl crl;
    uint8_t der[1024];
    size_t len = pki_crl(der, sizeof der, &(struct pki_crl_spec){.issuer = pki_root()});
    uint8_t *version = der_find(der, len, "\x02\x01\x01\x30", 4);
    struct pki_crl_spec spec = {
        .issuer = pki_root(),
        .issuing_point = {(const uint8_t *)"\x30\x06\x81\x01\xff\x82\x01\xff", 8}
    };

    version[2] = 2;
    cr_assert_eq(cub_crl_parse(&crl, der, len), E_CRL_MALFORMED);
    version[2] = 1;
    /* the algorithm inside is another than outside */
    der_find(der, len, "\x2a\x86\x48\xce\x3d\x04\x03\x02", 8)[7] = 3;
    cr_assert_eq(cub_crl_parse(&crl, der, len), E_X509_ALGORITHM_INCONSISTENT);
    /* for users only, and for CAs only */
    cr_assert_eq(parse(&spec, &crl), E_CRL_MALFORMED);
    spec.issuing_point = (struct cub_view){(const uint8_t *)"\x30\x03\x81\x01\x01", 5};
    cr_assert_eq(parse(&spec, &crl), E_DER_BOOLEAN);
}

static void unknown_extension(struct der_out *o, const struct pki_crl_spec *spec)
{
    (void)spec;
    pki_extension(o, "1.2.3", 1, "", 0);
}

static void number_again(struct der_out *o, const struct pki_crl_spec *spec)
{
    (void)spec;
    pki_extension(o, "2.5.29.20", 0, "\x02\x01\x05", 3);
}

static void critical_number(struct der_out *o, const struct pki_crl_spec *spec)
{
    (void)spec;
    pki_extension(o, "2.5.29.20", 1, "\x02\x01\x05", 3);
}

static void other_key_id(struct der_out *o, const struct pki_crl_spec *spec)
{
    (void)spec;
    pki_extension(o, "2.5.29.35", 0, "\x30\x03\x80\x01x", 5);
}

Test(crl, repeated_extension)
{
    struct cub_crl crl;

    cr_assert_eq(
        parse(&(struct pki_crl_spec){.issuer = pki_root(), .break_extensions = number_again}, &crl),
        E_X509_DUPLICATE_EXTENSION);
}

/* Root and leaf 1, or root, CA 5 and leaf 1; all that a test wants to know is what a list does. */
struct scene {
    struct graph *g;
    const struct pki_cert *root, *leaf;
};

static struct scene open_scene(void)
{
    struct scene s = {.g = graph_new()};

    s.root = graph_root(s.g, "Root", PKI_KEY_ROOT);
    s.leaf =
        graph_issue(s.g, &(struct pki_spec){.subject = "x", .key = PKI_KEY_P256, .issuer = s.root});
    return s;
}

static enum cub_error with_list(const struct pki_crl_spec *spec, uint32_t flags)
{
    struct scene s = open_scene();
    struct pki_crl_spec copy = *spec;

    copy.issuer = s.root;
    graph_crl(s.g, &copy);
    return graph_build(s.g, s.leaf, CUB_PATH_CRL_CHECK | flags);
}

Test(crl, one_list)
{
    const uint32_t revoked[] = {1};
    const uint32_t others[] = {2, 3};
    static const struct {
        struct pki_crl_spec spec;
        uint32_t flags;
        enum cub_error error;
    } cases[] = {
        {{0},                                                   0,                      E_OK                    },
        {{0},                                                   CUB_PATH_STRICT,        E_OK                    },
        {{.this_update = PKI_NOW + 1},                          0,                      E_CRL_NOT_YET_VALID     },
        {{.next_update = PKI_NOW - 1},                          0,                      E_CRL_EXPIRED           },
        {{.next_update = PKI_NOW - 1},                          CUB_PATH_NO_CHECK_TIME, E_OK                    },
        {{.next_update = PKI_NOW, .this_update = PKI_NOW},      0,                      E_OK                    },
        {{.next_update = -1},                                   0,                      E_OK                    },
        {{.next_update = -1},                                   CUB_PATH_STRICT,        E_CRL_NEXT_UPDATE       },
        {{.no_number = 1, .break_extensions = critical_number}, 0,                      E_OK                    },
        {{.no_number = 1, .break_extensions = critical_number}, CUB_PATH_STRICT,        E_CRL_NUMBER            },
        {{.no_number = 1, .break_extensions = other_key_id},    CUB_PATH_STRICT,        E_CRL_NUMBER            },
        {{.break_extensions = other_key_id},                    0,                      E_CRL_ISSUER            },
        {{.break_extensions = unknown_extension},               0,                      E_CRL_CRITICAL_EXTENSION},
        {{.break_signature = 1},                                0,                      E_CRL_SIGNATURE         },
        {{.base = 1, .number = 2},                              0,                      E_CRL_UNAVAILABLE       }, /* a delta to nothing */
    };
    struct pki_crl_spec spec = {.serials = revoked, .serial_count = 1};

    cr_assert_eq(with_list(&spec, 0), E_X509_REVOKED);
    spec.break_entry = unknown_extension;
    cr_assert_eq(with_list(&spec, 0), E_CRL_CRITICAL_EXTENSION);
    spec = (struct pki_crl_spec){.serials = others, .serial_count = 2};
    cr_assert_eq(with_list(&spec, 0), E_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum cub_error error = with_list(&cases[i].spec, cases[i].flags);
        cr_assert_eq(error, cases[i].error, "case %zu: %s", i, cub_error_info(error)->name);
    }
}

Test(crl, no_list)
{
    struct scene s = open_scene();

    cr_assert_eq(graph_build(s.g, s.leaf, 0), E_OK);
    cr_assert_eq(graph_build(s.g, s.leaf, CUB_PATH_CRL_CHECK), E_CRL_UNAVAILABLE);
    s.g->store.crl = NULL;
    cr_assert_eq(graph_build(s.g, s.leaf, CUB_PATH_CRL_CHECK), E_CRL_UNAVAILABLE);
}

Test(crl, whole_chain)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    const struct pki_cert *ca = graph_issue(g, &(struct pki_spec){.subject = "CA",
                                                                  .key = PKI_KEY_CA,
                                                                  .issuer = root,
                                                                  .ca = 1,
                                                                  .serial = 5});
    const uint32_t serial[] = {5};
    const uint32_t all = CUB_PATH_CRL_CHECK | CUB_PATH_CRL_CHECK_ALL;

    graph_offer(g, ca);
    graph_crl(g, &(struct pki_crl_spec){.issuer = ca});
    cr_assert_eq(graph_build_under(g, ca, CUB_PATH_CRL_CHECK), E_OK);
    cr_assert_eq(graph_build_under(g, ca, all), E_CRL_UNAVAILABLE);
    cr_assert_eq(g->result.error_depth, 1);
    cr_assert_eq(graph_build_under(g, ca, CUB_PATH_CRL_CHECK | CUB_PATH_CRL_SOFT), E_OK);
    graph_crl(g, &(struct pki_crl_spec){.issuer = root, .serials = serial, .serial_count = 1});
    cr_assert_eq(graph_build_under(g, ca, CUB_PATH_CRL_CHECK), E_OK);
    cr_assert_eq(graph_build_under(g, ca, all), E_X509_REVOKED);
    cr_assert_eq(g->result.error_depth, 1);
    cr_assert_eq(graph_build_under(g, ca, CUB_PATH_CRL_CHECK | CUB_PATH_CRL_SOFT), E_X509_REVOKED);
}

Test(crl, issuer_without_the_right)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    const struct pki_cert *ca =
        graph_issue(g, &(struct pki_spec){.subject = "CA",
                                          .key = PKI_KEY_CA,
                                          .issuer = root,
                                          .ca = 1,
                                          .key_usage = CUB_KU_KEY_CERT_SIGN});

    graph_offer(g, ca);
    graph_crl(g, &(struct pki_crl_spec){.issuer = ca});
    cr_assert_eq(graph_build_under(g, ca, CUB_PATH_CRL_CHECK), E_CRL_NO_SIGN);
}

/* A CA that signs its lists with a key of their own. */
Test(crl, separate_key)
{
    struct scene s = open_scene();
    const struct pki_cert *signer =
        graph_issue(s.g, &(struct pki_spec){.subject = "Root",
                                            .key = PKI_KEY_MADE,
                                            .issuer = s.root,
                                            .serial = 77,
                                            .key_usage = CUB_KU_CRL_SIGN});
    const uint32_t serial[] = {77};

    graph_crl(s.g, &(struct pki_crl_spec){.issuer = s.root, .signer = pki_key(PKI_KEY_MADE)});
    cr_assert_eq(graph_build(s.g, s.leaf, CUB_PATH_CRL_CHECK), E_CRL_SIGNATURE);
    graph_offer(s.g, signer);
    cr_assert_eq(graph_build(s.g, s.leaf, CUB_PATH_CRL_CHECK), E_OK);
    /* which has been revoked by a list that the CA signed itself */
    graph_crl(s.g,
              &(struct pki_crl_spec){
                  .issuer = s.root,
                  .serials = serial,
                  .serial_count = 1,
                  .issuing_point = {(const uint8_t *)"\x30\x03\x82\x01\xff", 5}
    }); /* CAs only */
    cr_assert_eq(graph_build(s.g, s.leaf, CUB_PATH_CRL_CHECK), E_OK);
    s.g->crl_count--;
    graph_crl(s.g, &(struct pki_crl_spec){.issuer = s.root,
                                          .serials = serial,
                                          .serial_count = 1,
                                          .next_update = PKI_NOW});
    cr_assert_eq(graph_build(s.g, s.leaf, CUB_PATH_CRL_CHECK), E_CRL_ISSUER);
}

/* The signer of a list must come from the same CA, not from just anywhere. */
Test(crl, separate_key_of_a_stranger)
{
    struct scene s = open_scene();
    const struct pki_cert *other =
        graph_issue(s.g, &(struct pki_spec){.subject = "Other", .key = PKI_KEY_CA, .ca = 1});

    graph_offer(s.g, graph_issue(s.g, &(struct pki_spec){.subject = "Root",
                                                         .key = PKI_KEY_MADE,
                                                         .issuer = other,
                                                         .key_usage = CUB_KU_CRL_SIGN}));
    graph_crl(s.g, &(struct pki_crl_spec){.issuer = s.root, .signer = pki_key(PKI_KEY_MADE)});
    cr_assert_eq(graph_build(s.g, s.leaf, CUB_PATH_CRL_CHECK), E_CRL_SIGNATURE);
}

Test(crl, deltas)
{
    const uint32_t one[] = {1};
    static const struct {
        uint32_t base, number;
        int revoked, reason; /* in the delta */
        int held;            /* in the complete list, whose number is 5 */
        enum cub_error error;
    } cases[] = {
        {5, 6, 0, 0, 0, E_OK          },
        {5, 6, 1, 1, 0, E_X509_REVOKED},
        {4, 6, 1, 1, 0, E_X509_REVOKED},
        {6, 7, 1, 1, 0, E_OK          }, /* begins after the complete list */
        {4, 5, 1, 1, 0, E_OK          }, /* is not newer than it */
        {5, 6, 1, 8, 1, E_OK          }, /* removed */
        {5, 6, 0, 0, 1, E_X509_REVOKED},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scene s = open_scene();
        enum cub_error error;
        graph_crl(s.g, &(struct pki_crl_spec){.issuer = s.root,
                                              .number = 5,
                                              .serials = one,
                                              .serial_count = cases[i].held ? 1 : 0,
                                              .reason = 6});
        graph_crl(s.g, &(struct pki_crl_spec){.issuer = s.root,
                                              .number = cases[i].number,
                                              .base = cases[i].base,
                                              .serials = one,
                                              .serial_count = cases[i].revoked ? 1 : 0,
                                              .reason = cases[i].reason});
        error = graph_build(s.g, s.leaf, CUB_PATH_CRL_CHECK);
        cr_assert_eq(error, cases[i].error, "case %zu: %s", i, cub_error_info(error)->name);
    }
}

/* A leaf that names distribution points (contents of CRLDistributionPoints), and one list. */
static enum cub_error with_point(const char *points, size_t points_len, const char *issuing,
                                 size_t issuing_len, bool revoked)
{
    const uint32_t one[] = {1};
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    uint8_t bytes[128];
    struct der_out o = {bytes, sizeof bytes, 0};

    if (points_len)
        pki_extension(&o, "2.5.29.31", 0, points, points_len);
    graph_crl(g, &(struct pki_crl_spec){
                     .issuer = root,
                     .serials = one,
                     .serial_count = revoked ? 1 : 0,
                     .issuing_point = {(const uint8_t *)issuing, issuing_len}
    });
    return graph_build(g,
                       graph_issue(g,
                                   &(struct pki_spec){
                                       .subject = "x",
                                       .key = PKI_KEY_P256,
                                       .issuer = root,
                                       .more = {o.bytes, o.len}
    }),
                       CUB_PATH_CRL_CHECK);
}

#define BYTES(s) (s), sizeof(s) - 1
/* fullName of one URI, "a" or "b"; nameRelativeToCRLIssuer CN=a */
#define POINT_A     "\x30\x09\x30\x07\xa0\x05\xa0\x03\x86\x01\x61"
#define POINT_B     "\x30\x09\x30\x07\xa0\x05\xa0\x03\x86\x01\x62"
#define POINT_REL   "\x30\x12\x30\x10\xa0\x0e\xa1\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x03\x61\x61\x61"
#define ISSUING_A   "\x30\x07\xa0\x05\xa0\x03\x86\x01\x61"
#define ISSUING_REL "\x30\x10\xa0\x0e\xa1\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x03\x61\x61\x61"

Test(crl, distribution_points)
{
    static const struct {
        const char *points;
        size_t points_len;
        const char *issuing;
        size_t issuing_len;
        bool revoked;
        enum cub_error error;
    } cases[] = {
        {BYTES(POINT_A),            BYTES(""),                         false, E_OK             },
        {BYTES(POINT_A),            BYTES(""),                         true,  E_X509_REVOKED   },
        {BYTES(POINT_A),            BYTES(ISSUING_A),                  false, E_OK             },
        {BYTES(POINT_A),            BYTES(ISSUING_A),                  true,  E_X509_REVOKED   },
        {BYTES(POINT_B),            BYTES(ISSUING_A),                  true,  E_CRL_SCOPE      },
        {BYTES(""),                 BYTES(ISSUING_A),                  true,  E_CRL_SCOPE      },
        {BYTES(POINT_REL),          BYTES(ISSUING_REL),                true,  E_X509_REVOKED   },
        {BYTES(POINT_REL),          BYTES(ISSUING_A),                  true,  E_CRL_SCOPE      },
        {BYTES(""),                 BYTES("\x30\x03\x81\x01\xff"),     true,  E_X509_REVOKED   }, /* users */
        {BYTES(""),                 BYTES("\x30\x03\x82\x01\xff"),     true,  E_CRL_SCOPE      }, /* CAs */
        {BYTES(""),                 BYTES("\x30\x03\x85\x01\xff"),     true,  E_CRL_SCOPE      }, /* attributes */
        {BYTES(""),                 BYTES("\x30\x04\x83\x02\x06\x40"), false, E_CRL_UNAVAILABLE}, /* one reason */
        {BYTES(""),                 BYTES("\x30\x04\x83\x02\x06\x40"), true,  E_X509_REVOKED   },
        {BYTES(""),                 BYTES("\x30\x03\x84\x01\xff"),     true,  E_X509_REVOKED   }, /* indirect */
        {BYTES("\x30\x02\x05\x00"), BYTES(""),                         false, E_X509_EXTENSION },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum cub_error error = with_point(cases[i].points, cases[i].points_len, cases[i].issuing,
                                          cases[i].issuing_len, cases[i].revoked);
        cr_assert_eq(error, cases[i].error, "case %zu: %s", i, cub_error_info(error)->name);
    }
}

/* A relative name stands for the issuer's name and one RDN more. */
Test(crl, relative_and_full_names_meet)
{
    uint8_t full[128], issuing[128];
    struct der_out o = {full, sizeof full, 0};
    struct der_out i = {issuing, sizeof issuing, 0};
    size_t seq = der_begin(&i, CUB_DER_SEQUENCE);
    size_t point = der_begin(&i, CUB_DER_CONSTRUCTED(0));
    size_t names = der_begin(&i, CUB_DER_CONSTRUCTED(0));
    size_t dir = der_begin(&i, CUB_DER_CONSTRUCTED(4));
    uint8_t *rdns;

    /* CN=Root followed by CN=aaa: two names, joined */
    pki_name(&o, "Root");
    rdns = full + 2;
    {
        size_t name = der_begin(&i, CUB_DER_SEQUENCE);
        der_raw(&i, rdns, o.len - 2);
        o.len = 0;
        pki_name(&o, "aaa");
        der_raw(&i, rdns, o.len - 2);
        der_end(&i, name);
    }
    der_end(&i, dir);
    der_end(&i, names);
    der_end(&i, point);
    der_end(&i, seq);
    cr_assert_eq(with_point(BYTES(POINT_REL), (const char *)issuing, i.len, true), E_X509_REVOKED);
    der_find(issuing, i.len, "aaa", 3)[0] = 'b';
    cr_assert_eq(with_point(BYTES(POINT_REL), (const char *)issuing, i.len, true), E_CRL_SCOPE);
}

/* cRLIssuer: another CA's list speaks of this one's certificates, if it says so. */
Test(crl, indirect)
{
    const uint32_t one[] = {1};
    const struct cub_view indirect = {(const uint8_t *)"\x30\x03\x84\x01\xff", 5};

    for (int variant = 0; variant < 4; variant++) {
        struct graph *g = graph_new();
        const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
        const struct pki_cert *signer = graph_ca(g, "Lists", PKI_KEY_MADE, root);
        uint8_t bytes[256];
        struct der_out o = {bytes, sizeof bytes, 0};
        struct der_out c = {bytes + 128, 128, 0};
        size_t list = der_begin(&c, CUB_DER_SEQUENCE);
        size_t point = der_begin(&c, CUB_DER_SEQUENCE);
        size_t names = der_begin(&c, CUB_DER_CONSTRUCTED(2));
        size_t dir = der_begin(&c, CUB_DER_CONSTRUCTED(4));
        struct pki_crl_spec spec = {.issuer = signer,
                                    .serials = one,
                                    .serial_count = 1,
                                    .issuing_point = indirect,
                                    .entry_issuer = root};
        static const enum cub_error expected[] = {E_X509_REVOKED, E_OK, E_CRL_SCOPE, E_CRL_SCOPE};
        enum cub_error error;
        der_raw(&c, signer->subject.data, signer->subject.len);
        der_end(&c, dir);
        der_end(&c, names);
        der_end(&c, point);
        der_end(&c, list);
        pki_extension(&o, "2.5.29.31", 0, c.bytes, c.len);
        if (variant == 1) /* the entry is about another CA's certificate */
            spec.entry_issuer = signer;
        if (variant == 2) /* a list that does not say that it is indirect */
            spec.issuing_point.len = 0;
        if (variant == 3) /* nobody has such a list, and the issuer's is for CAs */
            spec.issuer = root;
        if (variant == 3)
            spec.issuing_point = (struct cub_view){(const uint8_t *)"\x30\x03\x82\x01\xff", 5};
        graph_crl(g, &spec);
        error = graph_build(g,
                            graph_issue(g,
                                        &(struct pki_spec){
                                            .subject = "x",
                                            .key = PKI_KEY_P256,
                                            .issuer = root,
                                            .more = {o.bytes, o.len}
        }),
                            CUB_PATH_CRL_CHECK);
        cr_assert_eq(error, expected[variant], "variant %d: %s", variant,
                     cub_error_info(error)->name);
    }
}
