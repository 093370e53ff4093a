#include <criterion/criterion.h>

#include <string.h>

#include "tests/support/der_out.h"
#include "tests/support/graph.h"
#include "x509/constraints.h"
#include "x509/general_name.h"

#define EMAIL CUB_GN_EMAIL
#define DNS   CUB_GN_DNS
#define URI   CUB_GN_URI
#define IP    CUB_GN_IP
#define DIR   CUB_GN_DIRECTORY
#define OTHER CUB_GN_OTHER

struct name {
    unsigned type;
    const char *bytes; /* of a directory name the CN */
    size_t len;
};
#define N(type, s)                                                                                 \
    {                                                                                              \
        type, s, sizeof(s) - 1                                                                     \
    }

static void put_name(struct der_out *o, const struct name *n)
{
    size_t mark = der_begin(o, n->type);

    if (n->type == DIR)
        pki_name(o, n->bytes);
    else
        der_raw(o, n->bytes, n->len);
    der_end(o, mark);
}

static void put_subtrees(struct der_out *o, unsigned tag, const struct name *names)
{
    size_t list;

    if (!names->type)
        return;
    list = der_begin(o, tag);
    for (; names->type; names++) {
        size_t subtree = der_begin(o, CUB_DER_SEQUENCE);
        put_name(o, names);
        der_end(o, subtree);
    }
    der_end(o, list);
}

/* CA and leaf as far as constraints look at them. */
struct pair {
    uint8_t nc[512], san[512], subject[128];
    struct cub_cert ca, leaf;
};

static void make(struct pair *p, const struct name *permitted, const struct name *excluded,
                 const struct name *names, const char *cn)
{
    struct der_out nc = {p->nc, sizeof p->nc, 0};
    struct der_out san = {p->san, sizeof p->san, 0};
    struct der_out subject = {p->subject, sizeof p->subject, 0};
    size_t seq = der_begin(&nc, CUB_DER_SEQUENCE);

    put_subtrees(&nc, CUB_DER_CONSTRUCTED(0), permitted);
    put_subtrees(&nc, CUB_DER_CONSTRUCTED(1), excluded);
    der_end(&nc, seq);
    seq = der_begin(&san, CUB_DER_SEQUENCE);
    for (const struct name *n = names; n->type; n++)
        put_name(&san, n);
    der_end(&san, seq);
    pki_name(&subject, cn);
    p->ca = (struct cub_cert){.present = CUB_EXT_BIT(CUB_EXT_NAME_CONSTRAINTS)};
    p->ca.extension[CUB_EXT_NAME_CONSTRAINTS] = (struct cub_view){p->nc, nc.len};
    p->leaf = (struct cub_cert){
        .subject = {p->subject, subject.len}
    };
    if (names->type)
        p->leaf.present = CUB_EXT_BIT(CUB_EXT_SUBJECT_ALT_NAME);
    p->leaf.extension[CUB_EXT_SUBJECT_ALT_NAME] = (struct cub_view){p->san, san.len};
}

static enum cub_error check(struct pair *p, bool common_name)
{
    unsigned comparisons = 0;
    enum cub_error error = cub_constraints_form(&p->ca);

    return error != E_OK ? error
                         : cub_constraints_check(&p->ca, &p->leaf, common_name, &comparisons, 1000);
}

Test(constraints, one_name_against_one_base)
{
    static const struct {
        struct name base;
        struct name name;
        enum cub_error permitted; /* when the base is permitted */
        enum cub_error excluded;  /* when it is excluded */
    }
    /* clang-format off */
    cases[] = {
#define IN  E_OK, E_X509_EXCLUDED
#define OUT E_X509_PERMITTED, E_OK
#define BAD E_X509_NAME_SYNTAX, E_X509_NAME_SYNTAX
        {N(DNS, "example.com"), N(DNS, "example.com"), IN},
        {N(DNS, "example.com"), N(DNS, "EXAMPLE.com"), IN},
        {N(DNS, "example.com"), N(DNS, "a.b.example.com"), IN},
        {N(DNS, "example.com"), N(DNS, "notexample.com"), OUT},
        {N(DNS, "example.com"), N(DNS, "com"), OUT},
        {N(DNS, ""), N(DNS, "anything.example"), IN},
        {N(DNS, "example.com"), N(DNS, "*.example.com"), IN},
        {N(DNS, "example.com"), N(DNS, "*.com"), E_X509_PERMITTED, E_X509_EXCLUDED},
        {N(DNS, "foo.example.com"), N(DNS, "*.example.com"), E_X509_PERMITTED, E_X509_EXCLUDED},
        {N(DNS, "foo.example.com"), N(DNS, "*.example.org"), OUT},
        {N(DNS, "example.com"), N(DNS, ".example.com"), BAD},
        {N(DNS, "example.com"), N(DNS, "a..example.com"), BAD},
        {N(DNS, "example.com"), N(DNS, "a*.example.com"), BAD},
        {N(DNS, "example.com"), N(DNS, "example.com."), BAD},
        {N(DNS, "example.com"), N(DNS, "127.0.0.1"), BAD},
        {N(IP, "\xc0\0\2\0\xff\xff\xff\0"), N(IP, "\xc0\0\2\1"), IN},
        {N(IP, "\xc0\0\2\0\xff\xff\xff\0"), N(IP, "\xc0\0\3\1"), OUT},
        {N(IP, "\0\0\0\0\0\0\0\0"), N(IP, "\1\2\3\4"), IN},
        {N(IP, "\0\0\0\0\0\0\0\0"), N(IP, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"), OUT},
        {N(EMAIL, "example.com"), N(EMAIL, "a@example.com"), IN},
        {N(EMAIL, "example.com"), N(EMAIL, "a@EXAMPLE.com"), IN},
        {N(EMAIL, "example.com"), N(EMAIL, "a@b.example.com"), OUT},
        {N(EMAIL, ".example.com"), N(EMAIL, "a@b.example.com"), IN},
        {N(EMAIL, ".example.com"), N(EMAIL, "a@example.com"), OUT},
        {N(EMAIL, "a@example.com"), N(EMAIL, "a@example.COM"), IN},
        {N(EMAIL, "a@example.com"), N(EMAIL, "A@example.com"), OUT},
        {N(EMAIL, "**@example.com"), N(EMAIL, "**@example.com"), IN},
        {N(EMAIL, "**@example.com"), N(EMAIL, "*@example.com"), OUT},
        {N(EMAIL, "example.com"), N(EMAIL, "a@b@example.com"), BAD},
        {N(EMAIL, "example.com"), N(EMAIL, "example.com"), BAD},
        {N(EMAIL, "example.com"), N(EMAIL, "@example.com"), BAD},
        {N(URI, "example.com"), N(URI, "https://example.com/x"), IN},
        {N(URI, "example.com"), N(URI, "https://a@EXAMPLE.com:8443?x"), IN},
        {N(URI, "example.com"), N(URI, "https://b.example.com"), OUT},
        {N(URI, ".example.com"), N(URI, "https://b.example.com#x"), IN},
        {N(URI, ".example.com"), N(URI, "https://example.com"), OUT},
        {N(URI, "example.com"), N(URI, "urn:example.com"), BAD},
        {N(URI, "example.com"), N(URI, "https://127.0.0.1/"), BAD},
        {N(URI, "example.com"), N(URI, "https://[::1]/"), BAD},
        {N(URI, "example.com"), N(URI, "//example.com"), BAD},
        {N(DIR, "a"), N(DIR, "A"), IN},
        {N(DIR, "a"), N(DIR, "b"), OUT},
        {N(OTHER, "\x06\x01\x2a\xa0\x02\x05\x00"), N(OTHER, "\x06\x01\x2a\xa0\x02\x05\x00"),
         E_X509_CONSTRAINTS_UNSUPPORTED, E_X509_CONSTRAINTS_UNSUPPORTED},
        /* another type of name is no business of a constraint */
        {N(DNS, "example.com"), N(IP, "\1\2\3\4"), E_OK, E_OK},
        {N(OTHER, "\x06\x01\x2a\xa0\x02\x05\x00"), N(DNS, "example.com"), E_OK, E_OK},
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct name base[2] = {
            cases[i].base, {0, NULL, 0}
        };
        const struct name name[2] = {
            cases[i].name, {0, NULL, 0}
        };
        const struct name none[1] = {
            {0, NULL, 0}
        };
        struct pair p;
        enum cub_error error;
        make(&p, base, none, name, NULL);
        error = check(&p, false);
        cr_assert_eq(error, cases[i].permitted, "case %zu, permitted: %s", i,
                     cub_error_info(error)->name);
        make(&p, none, base, name, NULL);
        error = check(&p, false);
        cr_assert_eq(error, cases[i].excluded, "case %zu, excluded: %s", i,
                     cub_error_info(error)->name);
    }
}

Test(constraints, several)
{
    const struct name permitted[] = {
        N(DNS, "a.example"), N(DNS, "b.example"), {0, NULL, 0}
    };
    const struct name excluded[] = {
        N(DNS, "x.a.example"), {0, NULL, 0}
    };
    const struct name good[] = {
        N(DNS, "a.example"), N(DNS, "www.b.example"), {0, NULL, 0}
    };
    const struct name outside[] = {
        N(DNS, "a.example"), N(DNS, "c.example"), {0, NULL, 0}
    };
    const struct name inside[] = {
        N(DNS, "a.example"), N(DNS, "y.x.a.example"), {0, NULL, 0}
    };
    struct pair p;

    make(&p, permitted, excluded, good, NULL);
    cr_assert_eq(check(&p, false), E_OK);
    make(&p, permitted, excluded, outside, NULL);
    cr_assert_eq(check(&p, false), E_X509_PERMITTED);
    make(&p, permitted, excluded, inside, NULL);
    cr_assert_eq(check(&p, false), E_X509_EXCLUDED);
}

Test(constraints, names_in_the_subject)
{
    const struct name none[] = {
        {0, NULL, 0}
    };
    const struct name dir[] = {
        N(DIR, "good"), {0, NULL, 0}
    };
    const struct name dns[] = {
        N(DNS, "a.example"), {0, NULL, 0}
    };
    const struct name other[] = {
        N(DNS, "a.example"), {0, NULL, 0}
    };
    struct pair p;

    make(&p, dir, none, none, "good");
    cr_assert_eq(check(&p, false), E_OK);
    make(&p, dir, none, none, "bad");
    cr_assert_eq(check(&p, false), E_X509_PERMITTED);
    make(&p, dir, none, none, NULL);
    cr_assert_eq(check(&p, false), E_OK);
    /* the common name counts where it is used as a DNS name, and nowhere else */
    make(&p, dns, none, none, "b.example");
    cr_assert_eq(check(&p, false), E_OK);
    cr_assert_eq(check(&p, true), E_X509_PERMITTED);
    make(&p, dns, none, none, "A name");
    cr_assert_eq(check(&p, true), E_OK);
    make(&p, dns, none, other, "b.example");
    cr_assert_eq(check(&p, true), E_OK);
}

Test(constraints, email_in_the_subject)
{
    const struct name none[] = {
        {0, NULL, 0}
    };
    const struct name host[] = {
        N(EMAIL, "a.example"), {0, NULL, 0}
    };
    struct pair p;
    struct der_out o = {p.subject, sizeof p.subject, 0};
    size_t name, set, attribute;

    make(&p, host, none, none, NULL);
    name = der_begin(&o, CUB_DER_SEQUENCE);
    set = der_begin(&o, CUB_DER_SET);
    attribute = der_begin(&o, CUB_DER_SEQUENCE);
    der_oid(&o, "1.2.840.113549.1.9.1");
    der_string(&o, CUB_DER_IA5_STRING, "me@b.example");
    der_end(&o, attribute);
    der_end(&o, set);
    der_end(&o, name);
    p.leaf.subject = (struct cub_view){p.subject, o.len};
    cr_assert_eq(check(&p, false), E_X509_PERMITTED);
    der_find(p.subject, o.len, "b.example", 9)[0] = 'a';
    cr_assert_eq(check(&p, false), E_OK);
}

Test(constraints, malformed)
{
    static const struct {
        const char *bytes;
        size_t len;
        enum cub_error error;
    }
    /* clang-format off */
    cases[] = {
#define C(s, error) {s, sizeof(s) - 1, error}
        C("\x30\x07\xa0\x05\x30\x03\x82\x01x", E_OK),
        C("\x30\x00", E_X509_CONSTRAINT_SYNTAX),
        C("\x30\x02\xa0\x00", E_X509_CONSTRAINT_SYNTAX),
        C("\x30\x02\xa1\x00", E_X509_CONSTRAINT_SYNTAX),
        C("\x30\x04\xa0\x00\xa1\x00", E_X509_CONSTRAINT_SYNTAX),
        C("\x30\x0b\xa0\x07\x30\x05\x82\x01x\x81\x00", E_DER_TRUNCATED),
        C("\x30\x0a\xa0\x08\x30\x06\x82\x01x\x81\x01\x01", E_X509_CONSTRAINT_MINMAX),
        C("\x30\x0a\xa0\x08\x30\x06\x82\x01x\x80\x01\x00", E_X509_CONSTRAINT_MINMAX),
        C("\x30\x08\xa0\x06\x30\x04\x82\x02.x", E_X509_CONSTRAINT_SYNTAX),
        C("\x30\x08\xa0\x06\x30\x04\x82\x02*x", E_X509_CONSTRAINT_SYNTAX),
        C("\x30\x09\xa0\x07\x30\x05\x81\x03@@x", E_X509_CONSTRAINT_SYNTAX),
        C("\x30\x06\xa0\x04\x30\x02\x86\x00", E_X509_CONSTRAINT_SYNTAX),
        C("\x30\x0a\xa0\x08\x30\x06\x87\x04\1\2\3\4", E_X509_GENERAL_NAME),
        C("\x30\x0e\xa0\x0c\x30\x0a\x87\x08\1\2\3\4\xff\0\xff\0", E_X509_CONSTRAINT_SYNTAX),
        C("\x30\x07\xa2\x05\x30\x03\x82\x01x", E_X509_CONSTRAINT_SYNTAX),
        C("\x31\x07\xa0\x05\x30\x03\x82\x01x", E_DER_TAG),
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cub_cert ca = {0};
        enum cub_error error;
        ca.extension[CUB_EXT_NAME_CONSTRAINTS] =
            (struct cub_view){(const uint8_t *)cases[i].bytes, cases[i].len};
        error = cub_constraints_form(&ca);
        cr_assert_eq(error, cases[i].error, "case %zu: %s", i, cub_error_info(error)->name);
    }
}

/* Thousands of names against thousands of constraints end at the budget. */
Test(constraints, budget)
{
    static uint8_t nc[40000], san[20000];
    struct der_out o = {nc, sizeof nc, 0};
    struct der_out s = {san, sizeof san, 0};
    struct cub_cert ca = {0}, leaf = {0};
    size_t seq = der_begin(&o, CUB_DER_SEQUENCE);
    size_t list = der_begin(&o, CUB_DER_CONSTRUCTED(1));
    size_t names = der_begin(&s, CUB_DER_SEQUENCE);
    unsigned comparisons = 0;

    for (int i = 0; i < 5000; i++)
        der_raw(&o, "\x30\x03\x82\x01x", 5);
    der_end(&o, list);
    der_end(&o, seq);
    for (int i = 0; i < 5000; i++)
        der_raw(&s, "\x82\x01y", 3);
    der_end(&s, names);
    ca.extension[CUB_EXT_NAME_CONSTRAINTS] = (struct cub_view){nc, o.len};
    leaf.extension[CUB_EXT_SUBJECT_ALT_NAME] = (struct cub_view){san, s.len};
    leaf.present = CUB_EXT_BIT(CUB_EXT_SUBJECT_ALT_NAME);
    leaf.subject = (struct cub_view){(const uint8_t *)"\x30\x00", 2};
    cr_assert_eq(cub_constraints_check(&ca, &leaf, false, &comparisons, 100000),
                 E_X509_BUDGET_CONSTRAINTS);
    cr_assert_eq(comparisons, 100001);
}

static struct cub_view more(uint8_t *bytes, size_t max, const char *base)
{
    struct der_out o = {bytes, max, 0};
    struct der_out c = {bytes + max / 2, max / 2, 0};
    size_t seq = der_begin(&c, CUB_DER_SEQUENCE);
    size_t list = der_begin(&c, CUB_DER_CONSTRUCTED(0));
    size_t subtree = der_begin(&c, CUB_DER_SEQUENCE);

    der_string(&c, CUB_DER_PRIMITIVE(2), base);
    der_end(&c, subtree);
    der_end(&c, list);
    der_end(&c, seq);
    pki_extension(&o, "2.5.29.30", 1, c.bytes, c.len);
    return (struct cub_view){bytes, o.len};
}

/* Constraints bind all that is under them, the self-issued excepted, the leaf included. */
Test(constraints, along_the_path)
{
    struct graph *g = graph_new();
    uint8_t bytes[128];
    const struct pki_cert *root =
        graph_issue(g, &(struct pki_spec){.subject = "Root",
                                          .key = PKI_KEY_ROOT,
                                          .ca = 1,
                                          .more = more(bytes, sizeof bytes, "a.example")});
    const struct pki_cert *self = graph_issue(g, &(struct pki_spec){.subject = "Root",
                                                                    .key = PKI_KEY_MADE,
                                                                    .issuer = root,
                                                                    .ca = 1,
                                                                    .dns = {"b.example"}});
    const struct pki_cert *ca = graph_issue(g, &(struct pki_spec){.subject = "CA",
                                                                  .key = PKI_KEY_CA,
                                                                  .issuer = root,
                                                                  .ca = 1,
                                                                  .dns = {"b.example"}});
    struct pki_spec leaf = {.subject = "x", .key = PKI_KEY_P256, .dns = {"a.example"}};

    graph_trust(g, root);
    graph_offer(g, self);
    graph_offer(g, ca);
    leaf.issuer = root;
    cr_assert_eq(graph_build(g, graph_issue(g, &leaf), 0), E_OK);
    leaf.issuer = self;
    cr_assert_eq(graph_build(g, graph_issue(g, &leaf), 0), E_OK);
    leaf.issuer = ca;
    cr_assert_eq(graph_build(g, graph_issue(g, &leaf), 0), E_X509_PERMITTED);
    cr_assert_eq(g->result.error_depth, 1);
    leaf.issuer = root;
    leaf.dns[0] = "b.example";
    cr_assert_eq(graph_build(g, graph_issue(g, &leaf), 0), E_X509_PERMITTED);
    cr_assert_eq(g->result.error_depth, 0);
}
