#include <criterion/criterion.h>

#include <string.h>

#include "x509/hostname.h"
#include "x509/idna.h"

Test(idna, names)
{
    static const struct {
        const char *name;
        const char *ascii; /* NULL: refused */
    } cases[] = {
        {"example.com",                                                              "example.com"          },
        {"EXAMPLE.com.",                                                             "example.com."         },
        {"b\xc3\xbc"
         "cher.example",                                                    "xn--bcher-kva.example"},
        {"B\xc3\x9c"
         "CHER.example",                                                    "xn--bcher-kva.example"},
        {"xn--bcher-kva.example",                                                    "xn--bcher-kva.example"},
        {"fa\xc3\x9f.de",                                                            "xn--fa-hia.de"        },
        {"\xce\x9a\xce\xb1\xce\xbb\xce\xb7\xce\xbc\xce\xad\xcf\x81\xce\xb1.gr",
         "xn--ixahbwnhi5b.gr"                                                                               },
        {"\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.\xd1\x80\xd1\x84",
         "xn--e1afmkfd.xn--p1ai"                                                                            },
        {"\xd0\x9f\xd0\xa0\xd0\x98\xd0\x9c\xd0\x95\xd0\xa0.\xd0\xa0\xd0\xa4",
         "xn--e1afmkfd.xn--p1ai"                                                                            },
        {"\xe4\xbe\x8b\xe3\x81\x88\xe3\x80\x82\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88",
         "xn--r8jz45g.xn--zckzah"                                                                           },
        {"\xe2\x98\x83.net",                                                         "xn--n3h.net"          },
        {"\xf0\x9f\x92\xa9.la",                                                      "xn--ls8h.la"          },
        {"",                                                                         NULL                   },
        {".",                                                                        NULL                   },
        {"a..b",                                                                     NULL                   },
        {"a b",                                                                      NULL                   },
        {"\xc3",                                                                     NULL                   }, /* cut off */
        {"\xc0\xaf.example",                                                         NULL                   }, /* overlong */
        {"\xe0\x80\xaf.example",                                                     NULL                   }, /* overlong */
        {"\xed\xa0\x80.example",                                                     NULL                   }, /* surrogate */
        {"\xf4\x90\x80\x80.a",                                                       NULL                   }, /* beyond Unicode */
        {"\x80.example",                                                             NULL                   },
        {"1.2.3.4",                                                                  NULL                   },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[CUB_HOSTNAME_MAX + 2];
        enum cub_error error = cub_hostname_to_ascii(cases[i].name, out, sizeof out);
        cr_assert_eq(error, cases[i].ascii ? E_OK : E_X509_HOSTNAME_INVALID, "case %zu", i);
        cr_assert(!cases[i].ascii || strcmp(out, cases[i].ascii) == 0, "case %zu: %s", i, out);
    }
}

/* Section 7.1 of RFC 3492, in lower case: one label each. */
Test(idna, rfc3492)
{
    static const struct {
        const char *name;
        const char *ascii;
    } cases[] = {
        {"\xe4\xbb\x96\xe4\xbb\xac\xe4\xb8\xba\xe4\xbb\x80\xe4\xb9\x88\xe4\xb8\x8d\xe8\xaf\xb4\xe4"
         "\xb8"
         "\xad\xe6\x96\x87",                    "xn--ihqwcrb4cv8a8dqg056pqjye"},
        {                                   "pro\xc4\x8dprost\xc4\x9bnemluv\xc3\xad\xc4\x8d"
         "esky",                     "xn--proprostnemluvesky-uyb24dma41a"},
        {                                   "\xd7\x9c\xd7\x9e\xd7\x94\xd7\x94\xd7\x9d\xd7\xa4\xd7\xa9\xd7\x95\xd7\x98\xd7\x9c\xd7\x90"
         "\xd7"
         "\x9e\xd7\x93\xd7\x91\xd7\xa8\xd7\x99\xd7\x9d\xd7\xa2\xd7\x91\xd7\xa8\xd7\x99\xd7\xaa",                                    "xn--4dbcagdahymbxekheh6e0a7fei0b"},
        {     "3\xe5\xb9\xb4"
         "b\xe7\xb5\x84\xe9\x87\x91\xe5\x85\xab\xe5\x85\x88\xe7\x94\x9f","xn--3b-ww4c5e180e575a65lsy2b"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[CUB_HOSTNAME_MAX + 2];
        cr_assert_eq(cub_hostname_to_ascii(cases[i].name, out, sizeof out), E_OK, "case %zu", i);
        cr_assert_str_eq(out, cases[i].ascii);
    }
}

Test(idna, room)
{
    char out[64];
    char name[200];

    cr_assert_eq(cub_hostname_to_ascii("abc", out, 4), E_OK);
    cr_assert_eq(cub_hostname_to_ascii("abc", out, 3), E_X509_HOSTNAME_INVALID);
    cr_assert_eq(cub_hostname_to_ascii("abc", out, 0), E_X509_HOSTNAME_INVALID);
    memset(name, 'a', 64);
    name[64] = 0;
    cr_assert_eq(cub_hostname_to_ascii(name, out, sizeof out), E_X509_HOSTNAME_INVALID);
}
