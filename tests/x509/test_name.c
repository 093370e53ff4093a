#include <criterion/criterion.h>

#include <string.h>

#include "tests/support/der_out.h"
#include "x509/name.h"

/* Names of up to three attributes; "+" before a type puts it into the RDN before. */
struct part {
    const char *oid;
    unsigned tag;
    const char *value;
};
struct name {
    uint8_t bytes[256];
    struct cub_view view;
};

static void make(struct name *n, const struct part *parts)
{
    struct der_out o = {n->bytes, sizeof n->bytes, 0};
    size_t seq = der_begin(&o, CUB_DER_SEQUENCE);
    size_t set = 0;

    for (int i = 0; parts[i].oid; i++) {
        bool same = parts[i].oid[0] == '+';
        size_t attribute;
        if (!same) {
            if (set)
                der_end(&o, set);
            set = der_begin(&o, CUB_DER_SET);
        }
        attribute = der_begin(&o, CUB_DER_SEQUENCE);
        der_oid(&o, parts[i].oid + same);
        der_string(&o, parts[i].tag, parts[i].value);
        der_end(&o, attribute);
    }
    if (set)
        der_end(&o, set);
    der_end(&o, seq);
    n->view = (struct cub_view){n->bytes, o.len};
}

#define CN "2.5.4.3"
#define O  "2.5.4.10"
#define P  CUB_DER_PRINTABLE_STRING
#define U  CUB_DER_UTF8_STRING

Test(name, equality)
{
    static const struct {
        struct part a[4], b[4];
        bool equal;
    } cases[] = {
        {{{CN, P, "a"}},                      {{CN, P, "a"}},                      true },
        {{{CN, P, "Good CA"}},                {{CN, U, "gOOD  ca "}},              true },
        {{{CN, P, "  a   b "}},               {{CN, P, "a b"}},                    true },
        {{{CN, P, "ab"}},                     {{CN, P, "a b"}},                    false},
        {{{CN, P, "a"}},                      {{O, P, "a"}},                       false},
        {{{CN, P, "a"}},                      {{CN, P, "b"}},                      false},
        {{{CN, P, "a"}},                      {{CN, P, "aa"}},                     false},
        {{{CN, P, ""}},                       {{CN, P, "  "}},                     true },
        {{{CN, P, "a"}, {O, P, "b"}},         {{CN, P, "a"}},                      false},
        {{{CN, P, "a"}, {O, P, "b"}},         {{O, P, "b"}, {CN, P, "a"}},         false},
        {{{CN, P, "a"}, {O, P, "b"}},         {{CN, P, "a"}, {"+" O, P, "b"}},     false},
        {{{CN, P, "a"}, {"+" O, P, "b"}},     {{CN, U, "A"}, {"+" O, U, "B"}},     true },
        {{{CN, CUB_DER_TELETEX_STRING, "a"}}, {{CN, P, "a"}},                      false},
        {{{CN, CUB_DER_TELETEX_STRING, "a"}}, {{CN, CUB_DER_TELETEX_STRING, "A"}}, false},
        {{{CN, CUB_DER_TELETEX_STRING, "a"}}, {{CN, CUB_DER_TELETEX_STRING, "a"}}, true },
        {{{NULL, 0, NULL}},                   {{NULL, 0, NULL}},                   true },
        {{{NULL, 0, NULL}},                   {{CN, P, "a"}},                      false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct name a, b;
        uint8_t x[32], y[32];
        make(&a, cases[i].a);
        make(&b, cases[i].b);
        cr_assert_eq(cub_name_equal(a.view, b.view), cases[i].equal, "case %zu", i);
        cr_assert_eq(cub_name_equal(b.view, a.view), cases[i].equal, "case %zu", i);
        cub_name_digest(a.view, x);
        cub_name_digest(b.view, y);
        cr_assert_eq(memcmp(x, y, 32) == 0, cases[i].equal, "case %zu", i);
    }
}

Test(name, within)
{
    static const struct {
        struct part name[4], prefix[4];
        bool within;
    } cases[] = {
        {{{O, P, "x"}, {CN, P, "a"}},     {{O, P, "X"}},               true },
        {{{O, P, "x"}, {CN, P, "a"}},     {{O, P, "x"}, {CN, U, "A"}}, true },
        {{{O, P, "x"}},                   {{O, P, "x"}, {CN, P, "a"}}, false},
        {{{O, P, "x"}, {CN, P, "a"}},     {{CN, P, "a"}},              false},
        {{{O, P, "x"}, {CN, P, "a"}},     {{NULL, 0, NULL}},           true },
        {{{O, P, "x"}, {"+" CN, P, "a"}}, {{O, P, "x"}},               false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct name name, prefix;
        make(&name, cases[i].name);
        make(&prefix, cases[i].prefix);
        cr_assert_eq(cub_name_within(name.view, prefix.view), cases[i].within, "case %zu", i);
    }
}

Test(name, long_values_are_digested_whole)
{
    struct part parts[2] = {
        {CN, U, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}
    };
    struct name a, b;
    uint8_t x[32], y[32];

    make(&a, parts);
    parts[0].value = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
    make(&b, parts);
    cub_name_digest(a.view, x);
    cub_name_digest(b.view, y);
    cr_assert_neq(memcmp(x, y, 32), 0);
}

Test(name, malformed)
{
    static const struct {
        const char *bytes;
        size_t len;
        enum cub_error error;
    } cases[] = {
        {"\x30\x00",                                                     2,  E_OK           },
        {"\x31\x00",                                                     2,  E_DER_TAG      },
        {"\x30\x02\x31\x00",                                             4,  E_X509_NAME    }, /* empty RDN */
        {"\x30\x04\x31\x02\x30\x00",                                     6,  E_DER_TRUNCATED}, /* empty attribute */
        {"\x30\x09\x31\x07\x30\x05\x06\x03\x55\x04\x03",                 11, E_DER_TRUNCATED}, /* no value */
        {"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x13\x00\x05\x00", 15, E_DER_TRAILING },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum cub_error error = E_OK;
        struct cub_der d = cub_der_open((const uint8_t *)cases[i].bytes, cases[i].len, &error);
        (void)cub_name_read(&d);
        cr_assert_eq(cub_der_done(&d), cases[i].error, "case %zu: %s", i,
                     cub_error_info(error)->name);
    }
}

Test(name, attributes)
{
    struct name n;
    struct cub_name_walk walk;
    struct cub_attribute a;

    make(&n, (const struct part[]){
                 {O,     P, "x" },
                 {CN,    U, "y" },
                 {"+" O, P, "z" },
                 {NULL,  0, NULL}
    });
    cub_name_walk(&walk, n.view);
    cr_assert(cub_name_next(&walk, &a));
    cr_assert(!cub_attribute_is(&a, CUB_ATTRIBUTE_COMMON_NAME) && a.rdn == 1);
    cr_assert(cub_name_next(&walk, &a));
    cr_assert(cub_attribute_is(&a, CUB_ATTRIBUTE_COMMON_NAME) && a.rdn == 2 && a.tag == U);
    cr_assert(a.value.len == 1 && a.value.data[0] == 'y');
    cr_assert(cub_name_next(&walk, &a));
    cr_assert(a.rdn == 2 && a.value.data[0] == 'z');
    cr_assert_not(cub_name_next(&walk, &a));
}
