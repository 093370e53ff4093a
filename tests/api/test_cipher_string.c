#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/ciphers.h"
#include "tests/support/process.h"

/* The names of a list, with colons between them. */
static const char *names(const struct cub_suite *const *list)
{
    static char text[2000];

    text[0] = 0;
    for (; *list; list++) {
        struct cub_cipher_info info;
        cr_assert(cub_suite_describe(*list, &info));
        if (*text)
            strcat(text, ":");
        strcat(text, info.name);
    }
    return text;
}

Test(cipher_string, words_and_operators)
{
    static const struct {
        const char *string;
        const char *names;
    } rows[] = {
        {"ECDHE-RSA-AES128-GCM-SHA256",                                 "ECDHE-RSA-AES128-GCM-SHA256"                            },
        {"ECDHE+AESGCM+aRSA",                                           "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256"},
        {"ECDHE+CHACHA20 ECDHE+AESGCM",
         "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
         "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
         "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"                                                             },
        {"ECDHE+AESGCM:!ECDSA:ECDSA",                                   "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256"},
        {"ECDHE+AESGCM:-ECDSA:ECDSA+CHACHA20",
         "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:"
         "ECDHE-ECDSA-CHACHA20-POLY1305"                                                                                         },
        {"ECDHE+AESGCM+aRSA:+AES256",                                   "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384"},
        {"AES128+AESGCM+ECDHE+PSK:AES128+ECDHE+AESGCM+aRSA",            "ECDHE-RSA-AES128-GCM-SHA256"                            },
        {"ECDHE+AES128+AESGCM+aRSA:ECDHE+AES256+AESGCM+aRSA:@STRENGTH",
         "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256"                                                               },
        {"ECDHE+AESCCM8+AES128",                                        "ECDHE-ECDSA-AES128-CCM8"                                },
    };
    const struct cub_suite *list[CUB_LIST_MAX];
    int level = 2;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect_eq(cub_cipher_string_parse(rows[i].string, list, &level), E_OK, "%s",
                     rows[i].string);
        cr_expect_str_eq(names(list), rows[i].names, "%s gives %s", rows[i].string, names(list));
    }
    cr_expect_eq(level, 2);
    cr_expect_eq(cub_cipher_string_parse("ALL:@SECLEVEL=1", list, &level), E_OK);
    cr_expect_eq(level, 1);
}

Test(cipher_string, nothing_left)
{
    static const char *const strings[] = {"",     ":",       "RC4",  "nonsense",  "ALL:!ALL",
                                          "!ALL", "kDHEPSK", "+ALL", "@STRENGTH", "ECDHE+nonsense"};
    const struct cub_suite *list[CUB_LIST_MAX];
    int level = 2;

    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        cr_expect_eq(cub_cipher_string_parse(strings[i], list, &level), E_CIPHERS, "%s",
                     strings[i]);
}

/* The suites of RFC 8442, which OpenSSL does not have, leave the list. */
static void drop_unknown(const struct cub_suite **list)
{
    const struct cub_suite **to = list;

    for (; *list; list++)
        if ((*list)->id >> 8 != 0xd0)
            *to++ = *list;
    *to = NULL;
}

/* Whether one of our suites has this name. */
static bool is_ours(const char *name)
{
    const struct cub_suite *suite;

    for (size_t i = 0; (suite = cub_suite_get(i)) != NULL; i++) {
        struct cub_cipher_info info;
        if (cub_suite_describe(suite, &info) && strcmp(info.name, name) == 0)
            return true;
    }
    return false;
}

/* What OpenSSL selects, in its order, as far as we have it. */
Test(cipher_string, agrees_with_openssl)
{
    static const char *const strings[] = {
        "ALL",
        "DEFAULT",
        "HIGH",
        "COMPLEMENTOFDEFAULT",
        "ALL:!AESCCM",
        "ECDHE",
        "EECDH+AESGCM",
        "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AESCCM",
        "AES128:-AESCCM:CHACHA20",
        "ECDSA:@STRENGTH",
        "HIGH:!aRSA",
        "AESCCM",
        "PSK",
        "kECDHEPSK:aPSK+AES128",
        "ALL:!PSK",
        "kRSA",
        "RSA:ECDHE:!SHA1",
        "SHA1:SHA384",
        "SHA256+AES128:SHA",
        "AES256+SHA1:AES128:@STRENGTH",
        "SSLv3:TLSv1.0",
        "TLSv1:TLSv1.2",
        "AES:-kRSA:kRSA+AES256",
        "AESCCM8:AES",
        "aECDSA+AES256:aRSA",
        "CHACHA20:+ECDSA",
        "ALL:+AES256:+aRSA",
        "ECDHE+AESGCM:!AES128",
        "HIGH:!aNULL:!MD5:!3DES",
        "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:DHE-RSA-AES128-SHA",
        "@SECLEVEL=2:ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:DHE+AES:!aNULL:!eNULL:!aDSS:!SHA1:!AESCCM",
    };

    if (!find_program("openssl"))
        cr_skip_test("no openssl");
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        const struct cub_suite *list[CUB_LIST_MAX];
        struct process p;
        char expected[2000] = "", *theirs;
        int level = 2;
        cr_assert_eq(process_run(&p, "openssl", NULL, ARGV("openssl", "ciphers", strings[i])), 0);
        theirs = process_stdout(&p);
        for (char *name = strtok(theirs, ":\n"); name; name = strtok(NULL, ":\n")) {
            if (!is_ours(name) || strncmp(name, "TLS_", 4) == 0)
                continue;
            if (*expected)
                strcat(expected, ":");
            strcat(expected, name);
        }
        free(theirs);
        cr_expect_eq(cub_cipher_string_parse(strings[i], list, &level), E_OK);
        drop_unknown(list);
        cr_expect_str_eq(names(list), expected, "%s: %s instead of %s", strings[i], names(list),
                         expected);
    }
}
