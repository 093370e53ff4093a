#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "tests/support/graph.h"
#include "x509/policies.h"

/*
 * A path in short: a line a certificate, from the one under the anchor to the leaf. P lists
 * policies by number (0: anyPolicy), M mappings, E requireExplicitPolicy, I inhibitPolicyMapping, A
 * inhibitAnyPolicy, S: self-issued.
 */
static void oid(struct der_out *o, int number)
{
    char text[24];

    if (number == 0)
        snprintf(text, sizeof text, "2.5.29.32.0");
    else
        snprintf(text, sizeof text, "1.3.6.1.4.%d", number);
    der_oid(o, text);
}

struct line {
    uint8_t bytes[400];
    struct cub_cert cert;
};

static void put(struct line *l, struct der_out *o, size_t from, enum cub_extension_id id)
{
    l->cert.present |= CUB_EXT_BIT(id);
    l->cert.extension[id] = (struct cub_view){o->bytes + from, o->len - from};
}

static void read_policies(struct line *l, struct der_out *o, const char **p)
{
    size_t from = o->len;
    size_t list = der_begin(o, CUB_DER_SEQUENCE);

    while (**p >= '0' && **p <= '9') {
        size_t info = der_begin(o, CUB_DER_SEQUENCE);
        oid(o, *(*p)++ - '0');
        der_end(o, info);
    }
    der_end(o, list);
    put(l, o, from, CUB_EXT_POLICIES);
}

static void read_mappings(struct line *l, struct der_out *o, const char **p)
{
    size_t from = o->len;
    size_t list = der_begin(o, CUB_DER_SEQUENCE);

    while (**p >= '0' && **p <= '9') {
        size_t pair = der_begin(o, CUB_DER_SEQUENCE);
        oid(o, *(*p)++ - '0');
        oid(o, *(*p)++ - '0');
        der_end(o, pair);
    }
    der_end(o, list);
    put(l, o, from, CUB_EXT_POLICY_MAPPINGS);
}

static void read_number(struct line *l, struct der_out *o, char what, const char **p)
{
    uint8_t value = (uint8_t)(*(*p)++ - '0');
    size_t from = o->len;
    size_t seq;

    if (what == 'A') {
        der_small(o, value);
        put(l, o, from, CUB_EXT_INHIBIT_ANY_POLICY);
        return;
    }
    seq = der_begin(o, CUB_DER_SEQUENCE);
    der_element(o, CUB_DER_PRIMITIVE(what == 'E' ? 0 : 1), &value, 1);
    der_end(o, seq);
    put(l, o, from, CUB_EXT_POLICY_CONSTRAINTS);
}

static void read_line(struct line *l, const char **p)
{
    struct der_out o = {l->bytes, sizeof l->bytes, 0};

    l->cert = (struct cub_cert){0};
    l->cert.subject = l->cert.issuer = (struct cub_view){(const uint8_t *)"\x30\x00", 2};
    l->cert.issuer =
        (struct cub_view){(const uint8_t *)"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03"
                                           "\x0c\x02xx",
                          15};
    for (; **p && **p != '\n'; (*p)++) {
        char what = **p;
        if (what == ' ')
            continue;
        if (what == 'S') {
            l->cert.issuer = l->cert.subject;
            continue;
        }
        (*p)++;
        if (what == 'P')
            read_policies(l, &o, p);
        else if (what == 'M')
            read_mappings(l, &o, p);
        else
            read_number(l, &o, what, p);
        (*p)--;
    }
}

enum { EXPLICIT = 1, NO_ANY = 2, NO_MAP = 4 };

static enum cub_error run(const char *path, int flags, const char *user)
{
    static struct cub_policies policies;
    static struct line lines[8]; /* the policies are views into them */
    struct cub_view set[8];
    uint8_t bytes[8][16];
    size_t depth = 1;
    enum cub_error error = E_OK;

    for (const char *p = path; *p; p++)
        depth += *p == '\n';
    cub_policies_start(&policies, depth, flags & EXPLICIT, flags & NO_ANY, flags & NO_MAP);
    for (const char *p = path; error == E_OK; p++) {
        struct line *line = &lines[--depth];
        read_line(line, &p);
        error = cub_policies_certificate(&policies, &line->cert, *p == 0);
        if (*p == 0)
            break;
    }

    for (size_t i = 0; user[i]; i++) {
        struct der_out o = {bytes[i], sizeof bytes[i], 0};
        oid(&o, user[i] - '0');
        set[i] = (struct cub_view){bytes[i] + 2, o.len - 2};
    }
    return error == E_OK ? cub_policies_finish(&policies, set, strlen(user)) : error;
}

Test(policies, paths)
{
    static const struct {
        const char *path;
        int flags;
        const char *user;
        enum cub_error error;
    } cases[] = {
#define OK   E_OK
#define NONE E_X509_NO_EXPLICIT_POLICY
        {"P1\nP1",                EXPLICIT,          "",   OK                     },
        {"P1\nP1",                EXPLICIT,          "1",  OK                     },
        {"P1\nP1",                EXPLICIT,          "2",  NONE                   },
        {"P1\nP1",                EXPLICIT,          "21", OK                     },
        {"P1\nP1",                EXPLICIT,          "0",  OK                     },
        {"P1\nP2",                EXPLICIT,          "",   NONE                   },
        {"P1\nP2",                0,                 "",   OK                     },
        {"P12\nP23",              EXPLICIT,          "2",  OK                     },
        {"P12\nP23",              EXPLICIT,          "1",  NONE                   },
        {"\nP1",                  EXPLICIT,          "",   NONE                   },
        {"P1\n",                  EXPLICIT,          "",   NONE                   },
        {"\n",                    0,                 "1",  OK                     },
 /* anyPolicy */
        {"P0\nP1",                EXPLICIT,          "1",  OK                     },
        {"P1\nP0",                EXPLICIT,          "1",  OK                     },
        {"P1\nP0",                EXPLICIT,          "2",  NONE                   },
        {"P0\nP0",                EXPLICIT,          "5",  OK                     },
        {"P0\nP1",                EXPLICIT | NO_ANY, "",   NONE                   },
        {"P1\nP0",                EXPLICIT | NO_ANY, "",   NONE                   },
        {"P01\nP1",               EXPLICIT | NO_ANY, "",   OK                     },
        {"P0 A0\nP0\nP1",         EXPLICIT,          "",   NONE                   },
        {"P0 A1\nP0\nP1",         EXPLICIT,          "",   OK                     },
        {"P0 A1\nP0\nP0\nP1",     EXPLICIT,          "",   NONE                   },
        {"P0 A0\nP0 S\nP1",       EXPLICIT,          "",   OK                     }, /* self-issued: any still counts there */
        {"P0 A0\nP0 S",           EXPLICIT,          "",   NONE                   }, /* but not in the leaf */
  /* requireExplicitPolicy, by certificates alone */
        {"P1 E0\nP2",             0,                 "",   NONE                   },
        {"P1 E0\nP1",             0,                 "",   OK                     },
        {"P1 E1\nP2",             0,                 "",   NONE                   },
        {"P1 E2\nP2",             0,                 "",   OK                     },
        {"P1 E3\nP2",             0,                 "",   OK                     },
        {"P1\nP2 E0",             0,                 "",   NONE                   },
        {"P1\nP2 E1",             0,                 "",   OK                     },
        {"P1 E2\nP1 S\nP2",       0,                 "",   OK                     },
        {"P1 E1\nP1 S\nP1 S\nP2", 0,                 "",   NONE                   },
        {"P1 E2\nP1\nP2",         0,                 "",   NONE                   },
 /* mappings */
        {"P1 M12\nP2",            EXPLICIT,          "1",  OK                     },
        {"P1 M12\nP2",            EXPLICIT,          "2",  NONE                   },
        {"P1 M12\nP1",            EXPLICIT,          "",   NONE                   },
        {"P1 M12\nP2",            EXPLICIT | NO_MAP, "",   NONE                   },
        {"P1 M12\nP1",            EXPLICIT | NO_MAP, "",   NONE                   },
        {"P1 M1213\nP3",          EXPLICIT,          "1",  OK                     },
        {"P12 M1323\nP3",         EXPLICIT,          "2",  OK                     },
        {"P1 M12\nP2 M23\nP3",    EXPLICIT,          "1",  OK                     },
        {"P1 I0\nP1 M12\nP2",     EXPLICIT,          "",   NONE                   },
        {"P1 I1\nP1 M12\nP2",     EXPLICIT,          "",   OK                     },
        {"P0 M12\nP2",            EXPLICIT,          "1",  OK                     },
        {"P0 M12\nP2",            EXPLICIT,          "2",  NONE                   },
        {"P12 M1221\nP1",         EXPLICIT,          "2",  OK                     },
        {"P12 M1221\nP1",         EXPLICIT,          "1",  NONE                   },
        {"P1 M10\nP1",            0,                 "",   E_X509_POLICY_EXTENSION},
        {"P1 M01\nP1",            0,                 "",   E_X509_POLICY_EXTENSION},
        {"P1\nP1 M10",            0,                 "",   OK                     }, /* of the leaf they are not looked at */
  /* malformed */
        {"P\nP1",                 0,                 "",   E_X509_POLICY_EXTENSION},
        {"P11\nP1",               0,                 "",   E_X509_POLICY_EXTENSION},
        {"P1 M\nP1",              0,                 "",   E_X509_POLICY_EXTENSION},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum cub_error error = run(cases[i].path, cases[i].flags, cases[i].user);
        cr_assert_eq(error, cases[i].error, "%s, flags %d, user %s: %s", cases[i].path,
                     cases[i].flags, cases[i].user, cub_error_info(error)->name);
    }
}

Test(policies, malformed_extensions)
{
    static const struct {
        enum cub_extension_id id;
        const char *bytes;
        size_t len;
    } cases[] = {
        {CUB_EXT_POLICIES,           "\x30\x02\x05\x00",                 4},
        {CUB_EXT_POLICIES,           "\x30\x06\x30\x04\x06\x00\x30\x00", 8},
        {CUB_EXT_POLICY_CONSTRAINTS, "\x30\x00",                         2},
        {CUB_EXT_POLICY_CONSTRAINTS, "\x30\x03\x80\x01\xff",             5},
        {CUB_EXT_INHIBIT_ANY_POLICY, "\x02\x01\xff",                     3},
        {CUB_EXT_INHIBIT_ANY_POLICY, "\x02\x01\x00\x00",                 4},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static struct cub_policies policies;
        struct line line;
        const char *text = "";
        read_line(&line, &text);
        line.cert.present = CUB_EXT_BIT(cases[i].id);
        line.cert.extension[cases[i].id] =
            (struct cub_view){(const uint8_t *)cases[i].bytes, cases[i].len};
        cub_policies_start(&policies, 2, false, false, false);
        cr_assert_eq(cub_policies_certificate(&policies, &line.cert, false),
                     E_X509_POLICY_EXTENSION, "case %zu", i);
    }
}

/* Policies, or mappings of all to all, beyond the bound end in an error and not in their product.
 */
Test(policies, budget)
{
    static struct cub_policies policies;
    static uint8_t bytes[4000], maps[8000];
    struct der_out o = {bytes, sizeof bytes, 0};
    struct der_out m = {maps, sizeof maps, 0};
    size_t list = der_begin(&o, CUB_DER_SEQUENCE);
    size_t pairs = der_begin(&m, CUB_DER_SEQUENCE);
    struct line line;
    const char *text = "";

    read_line(&line, &text);
    for (int i = 1; i <= CUB_POLICIES_MAX; i++) {
        size_t info = der_begin(&o, CUB_DER_SEQUENCE);
        oid(&o, i);
        der_end(&o, info);
        info = der_begin(&m, CUB_DER_SEQUENCE);
        oid(&m, 1);
        oid(&m, i + 1);
        der_end(&m, info);
    }
    der_end(&m, pairs);
    line.cert.present = CUB_EXT_BIT(CUB_EXT_POLICIES);
    line.cert.extension[CUB_EXT_POLICY_MAPPINGS] = (struct cub_view){maps, m.len};
    der_end(&o, list);
    line.cert.extension[CUB_EXT_POLICIES] = (struct cub_view){bytes, o.len};
    cub_policies_start(&policies, 2, true, false, false);
    cr_assert_eq(cub_policies_certificate(&policies, &line.cert, false), E_OK);
    line.cert.present |= CUB_EXT_BIT(CUB_EXT_POLICY_MAPPINGS);
    cub_policies_start(&policies, 2, true, false, false);
    cr_assert_eq(cub_policies_certificate(&policies, &line.cert, false), E_X509_BUDGET_POLICIES);
    line.cert.present = CUB_EXT_BIT(CUB_EXT_POLICIES);
    o.len = 0;
    list = der_begin(&o, CUB_DER_SEQUENCE);
    for (int i = 0; i <= CUB_POLICIES_MAX; i++) {
        size_t info = der_begin(&o, CUB_DER_SEQUENCE);
        oid(&o, i + 1);
        der_end(&o, info);
    }
    der_end(&o, list);
    line.cert.extension[CUB_EXT_POLICIES] = (struct cub_view){bytes, o.len};
    cub_policies_start(&policies, 2, true, false, false);
    cr_assert_eq(cub_policies_certificate(&policies, &line.cert, false), E_X509_BUDGET_POLICIES);
}

Test(policies, flags_of_a_path)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    uint8_t bytes[64], contents[32];
    struct der_out o = {bytes, sizeof bytes, 0};
    struct der_out c = {contents, sizeof contents, 0};
    size_t list = der_begin(&c, CUB_DER_SEQUENCE);
    size_t info = der_begin(&c, CUB_DER_SEQUENCE);
    const struct pki_cert *leaf;

    oid(&c, 0);
    der_end(&c, info);
    der_end(&c, list);
    pki_extension(&o, "2.5.29.32", 1, c.bytes, c.len);
    leaf = graph_issue(
        g, &(struct pki_spec){
               .subject = "x", .key = PKI_KEY_P256, .issuer = root, .more = {o.bytes, o.len}
    });
    cr_assert_eq(graph_build(g, leaf, CUB_PATH_EXPLICIT_POLICY), E_OK);
    cr_assert_eq(graph_build(g, leaf, CUB_PATH_EXPLICIT_POLICY | CUB_PATH_INHIBIT_ANY),
                 E_X509_NO_EXPLICIT_POLICY);
    cr_assert_eq(graph_build_under(g, root, CUB_PATH_EXPLICIT_POLICY), E_X509_NO_EXPLICIT_POLICY);
    cr_assert_eq(graph_build_under(g, root, CUB_PATH_INHIBIT_MAP), E_OK);
}
