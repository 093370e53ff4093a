#include <criterion/criterion.h>

#include <arpa/inet.h>
#include <string.h>

#include "tests/support/pki.h"
#include "x509/hostname.h"

static struct cub_view view(const char *text)
{
    return (struct cub_view){(const uint8_t *)text, strlen(text)};
}

Test(hostname, match)
{
    static const struct {
        const char *presented;
        const char *host;
        bool match;
    } cases[] = {
        {"example.com",           "example.com",           true },
        {"EXAMPLE.com",           "example.COM",           true },
        {"example.com",           "example.com.",          true },
        {"example.com.",          "example.com",           false},
        {"example.com",           "www.example.com",       false},
        {"www.example.com",       "example.com",           false},
        {"*.example.com",         "foo.example.com",       true },
        {"*.EXAMPLE.com",         "foo.example.com",       true },
        {"*.example.com",         "example.com",           false},
        {"*.example.com",         ".example.com",          false},
        {"*.example.com",         "a.b.example.com",       false},
        {"*.example.com",         "*.example.com",         false},
        {"*.com",                 "example.com",           false},
        {"*",                     "localhost",             false},
        {"*.*.com",               "a.b.com",               false},
        {"f*.example.com",        "foo.example.com",       false},
        {"*oo.example.com",       "foo.example.com",       false},
        {"foo.*.com",             "foo.example.com",       false},
        {"**.example.com",        "foo.example.com",       false},
        {"xn--*.example.com",     "xn--foo.example.com",   false},
        {"*.example.com",         "xn--foo.example.com",   true },
        {"xn--bcher-kva.example", "XN--BCHER-KVA.example", true },
        {"foo_bar.example.com",   "foo_bar.example.com",   true },
        {"",                      "example.com",           false},
        {"1.2.3.4",               "1.2.3.4",               false},
        {"*.2.3.4",               "1.2.3.4",               false},
        {"a..b",                  "a..b",                  false},
        {"-a.example",            "-a.example",            false},
        {"a-.example",            "a-.example",            false},
        {"localhost",             "localhost",             true },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_assert_eq(cub_hostname_match(view(cases[i].presented), cases[i].host,
                                        strlen(cases[i].host)),
                     cases[i].match, "%s against %s", cases[i].presented, cases[i].host);
}

Test(hostname, lengths)
{
    char name[300];

    memset(name, 'a', sizeof name);
    cr_assert(cub_hostname_valid(name, 63));
    cr_assert_not(cub_hostname_valid(name, 64));
    for (size_t i = 50; i < sizeof name; i += 51)
        name[i] = '.';
    cr_assert(cub_hostname_valid(name, 253));
    cr_assert_not(cub_hostname_valid(name, 254));
    cr_assert_not(cub_hostname_valid("", 0));
    cr_assert_not(cub_hostname_valid(".", 1));
    cr_assert_not(cub_hostname_valid("a\0b", 3));
}

/* The C library parses addresses too; both must agree on these. */
Test(hostname, ip_like_inet_pton)
{
    static const char *const cases[] = {
        "1.2.3.4",
        "0.0.0.0",
        "255.255.255.255",
        "256.1.1.1",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1..3.4",
        "0x1.2.3.4",
        "1.2.3.",
        "::",
        "::1",
        "1::",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        ":1",
        "1:",
        ":::",
        "1:::2",
        "12345::",
        "::ffff:1.2.3.4",
        "1:2:3:4:5:6:1.2.3.4",
        "1:2:3:4:5:6:7:1.2.3.4",
        "::1.2.3",
        "::1.2.3.4:5",
        "fe80::1%eth0",
        "[::1]",
        "::g",
        "ABCD:ef::1",
        "0:0:0:0:0:0:0:0",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8",
        "",
        ":",
        "::1.2.3.256",
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t ours[16] = {0};
        uint8_t theirs[16] = {0};
        size_t len = cub_ip_parse(cases[i], strlen(cases[i]), ours);
        size_t expected = inet_pton(AF_INET, cases[i], theirs) == 1    ? 4
                          : inet_pton(AF_INET6, cases[i], theirs) == 1 ? 16
                                                                       : 0;
        cr_assert_eq(len, expected, "%s", cases[i]);
        cr_assert(len == 0 || memcmp(ours, theirs, len) == 0, "%s", cases[i]);
    }
}

Test(hostname, check_certificate)
{
    static const struct {
        const char *host;
        enum cub_error error;
    } cases[] = {
        {"server.example",  E_OK                    },
        {"server.example.", E_OK                    },
        {"a.wild.example",  E_OK                    },
        {"wild.example",    E_X509_HOSTNAME_MISMATCH},
        {"localhost",       E_OK                    },
        {"127.0.0.1",       E_OK                    },
        {"::1",             E_OK                    },
        {"127.0.0.2",       E_X509_IP_MISMATCH      },
        {"::2",             E_X509_IP_MISMATCH      },
        {"other.example",   E_X509_HOSTNAME_MISMATCH},
        {"exa mple",        E_X509_HOSTNAME_INVALID },
        {"",                E_X509_HOSTNAME_INVALID },
        {"127.0.0.256",     E_X509_HOSTNAME_INVALID },
    };
    const struct pki_chain *chain = pki_chain(PKI_P256);
    struct cub_cert cert;

    cr_assert_eq(cub_cert_parse(&cert, chain->certs[0].der, chain->certs[0].len), E_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_assert_eq(cub_hostname_check(&cert, cases[i].host), cases[i].error, "%s", cases[i].host);
}

/* The subject is never looked at, whatever stands there [RFC9525-2]. */
Test(hostname, common_name_is_no_identity)
{
    struct pki_cert issued;
    struct cub_cert cert;

    pki_issue(&issued, &(struct pki_spec){.subject = "cn.example", .key = PKI_KEY_P256});
    cr_assert_eq(cub_cert_parse(&cert, issued.der, issued.len), E_OK);
    cr_assert_eq(cub_hostname_check(&cert, "cn.example"), E_X509_HOSTNAME_MISMATCH);
}
