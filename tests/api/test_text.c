#include <criterion/criterion.h>

#include <string.h>

#include "api/text.h"
#include "x509/der.h"
#include "x509/oid.h"

static struct cub_pool pool;

#define VIEW(literal) ((struct cub_view){(const uint8_t *)(literal), sizeof(literal) - 1})

Test(text, oids)
{
    cr_expect_str_eq(cub_text_oid(&pool, VIEW("\x2a\x86\x48\x86\xf7\x0d")), "1.2.840.113549");
    cr_expect_str_eq(cub_text_oid(&pool, VIEW("\x88\x37\x03")), "2.999.3");
    cr_expect_str_eq(cub_text_oid(&pool, VIEW("\x55")), "2.5");
    cr_expect_str_eq(cub_text_oid(&pool, VIEW("\x2atttttttttttttttt")),
                     "1.2.116.116.116.116.116.116.116.116.116.116.116.116.116.116.116.116");
    cr_expect_str_eq(cub_text_oid(&pool, VIEW("\x81\xff\xff\xff\xff\xff\xff\xff\xff\x7f")),
                     "2.18446744073709551535", "as large as fits");
    cr_expect_str_eq(cub_text_attribute(&pool, VIEW(CUB_ARC_ATTRIBUTE "\x03")), "commonName");
    cr_expect_str_eq(cub_text_attribute(&pool, VIEW(CUB_ARC_ATTRIBUTE "\x7f")), "2.5.4.127");
    cr_expect_str_eq(cub_text_attribute(&pool, VIEW("\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19")),
                     "domainComponent");
    cub_pool_free(&pool);
}

Test(text, strings_become_utf8)
{
    static const struct {
        unsigned tag;
        struct cub_view value;
        const char *text;
    } rows[] = {
        {CUB_DER_UTF8_STRING,
         {(const uint8_t *)"z\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 10},
         "z\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"                                               },
        {CUB_DER_UTF8_STRING,
         {(const uint8_t *)"a\xff"
                           "b\xc3",
          4},
         "a\xef\xbf\xbd"
         "b\xef\xbf\xbd"                                                                       },
        {CUB_DER_UTF8_STRING,      {(const uint8_t *)"\xc0\x80", 2},         "\xef\xbf\xbd"    }, /* overlong */
        {CUB_DER_UTF8_STRING,      {(const uint8_t *)"\xed\xa0\x80", 3},     "\xef\xbf\xbd"    }, /* surrogate */
        {CUB_DER_UTF8_STRING,      {(const uint8_t *)"\xf4\x90\x80\x80", 4}, "\xef\xbf\xbd"    },
        {CUB_DER_IA5_STRING,       {(const uint8_t *)"a\0b", 3},             "a\\x00b"         },
        {CUB_DER_TELETEX_STRING,   {(const uint8_t *)"M\xfcller", 6},        "M\xc3\xbcller"   },
        {CUB_DER_BMP_STRING,       {(const uint8_t *)"\x20\xac\0x", 4},      "\xe2\x82\xacx"   },
        {CUB_DER_BMP_STRING,       {(const uint8_t *)"\0a\0", 3},            "a\xef\xbf\xbd"   },
        {CUB_DER_UNIVERSAL_STRING, {(const uint8_t *)"\0\1\xf6\0", 4},       "\xf0\x9f\x98\x80"},
        {CUB_DER_OCTET_STRING,     {(const uint8_t *)"\1\xab", 2},           "#01AB"           },
        {CUB_DER_PRINTABLE_STRING, {(const uint8_t *)"", 0},                 ""                },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cub_buffer out = {0};
        const char *text = cub_text_string(&pool, rows[i].tag, rows[i].value);
        cr_expect_str_eq(text, rows[i].text, "%zu: %s", i, text);
        cr_expect(cub_text_utf8(&out, rows[i].tag, rows[i].value));
        cub_buffer_free(&out);
    }
    cub_pool_free(&pool);
}

Test(text, addresses)
{
    cr_expect_str_eq(cub_text_ip(&pool, VIEW("\xc0\x00\x02\x01")), "192.0.2.1");
    cr_expect_str_eq(cub_text_ip(&pool, VIEW("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\xff\xff")),
                     "2001:DB8:0:0:0:0:0:FFFF");
    cr_expect_str_eq(cub_text_ip(&pool, VIEW("\x01\x02")), "<invalid>");
    cub_pool_free(&pool);
}

Test(text, serial_numbers)
{
    cr_expect_str_eq(cub_text_serial(&pool, VIEW("\x00\xa5\x01")), "A501");
    cr_expect_str_eq(cub_text_serial(&pool, VIEW("\x00")), "00");
    cr_expect_str_eq(cub_text_serial(&pool, VIEW("\xff")), "-01");
    cr_expect_str_eq(cub_text_serial(&pool, VIEW("\xff\x00")), "-0100");
    cr_expect_str_eq(cub_text_serial(&pool, VIEW("\x80")), "-80");
    cr_expect_str_eq(cub_text_serial(&pool, VIEW("\x01\x02\x03")), "010203");
    cub_pool_free(&pool);
}

Test(text, times)
{
    cr_expect_str_eq(cub_text_time(&pool, 1515144883), "Jan  5 09:34:43 2018 GMT");
    cr_expect_str_eq(cub_text_time(&pool, 0), "Jan  1 00:00:00 1970 GMT");
    cr_expect_str_eq(cub_text_time(&pool, 253402300799), "Dec 31 23:59:59 9999 GMT");
    cub_pool_free(&pool);
}

Test(text, keys_and_algorithms)
{
    cr_expect_str_eq(cub_text_key(&(struct cub_public_key){.type = CUB_KEY_EC_P256}), "prime256v1");
    cr_expect_str_eq(cub_text_key(&(struct cub_public_key){.type = 99}), "");
    cr_expect_str_eq(cub_text_algorithm(&(struct cub_signature_algorithm){CUB_SIGNATURE_RSA_PKCS1,
                                                                          CUB_HASH_SHA384}),
                     "sha384WithRSAEncryption");
    cr_expect_str_eq(cub_text_algorithm(
                         &(struct cub_signature_algorithm){CUB_SIGNATURE_UNKNOWN, 0}),
                     "");
}

Test(text, oids_of_text)
{
    static const char *const good[] = {"0.0",     "1.2.840.113549.1.9.1", "2.5.29.32.0",
                                       "2.999.3", "2.23.140.1.2.1",       "1.39.4294967215"};
    static const char *const bad[] = {"",
                                      "1",
                                      "1.",
                                      "1.2.",
                                      "1..2",
                                      ".1.2",
                                      "3.1",
                                      "1.40.1",
                                      "1.2.x",
                                      "1.2 ",
                                      "-1.2",
                                      "a",
                                      "1.2.+3",
                                      "0x1.2",
                                      "1.2.4294967295",
                                      "1.2.99999999999999999999"};
    uint8_t oid[16];
    size_t len;

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        len = cub_oid_of_text(good[i], oid, sizeof oid);
        cr_assert_gt(len, 0, "%s", good[i]);
        cr_expect_str_eq(cub_text_oid(&pool, (struct cub_view){oid, len}), good[i]);
        cr_expect_eq(cub_oid_of_text(good[i], oid, len - 1), 0, "no room");
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(cub_oid_of_text(bad[i], oid, sizeof oid), 0, "%s", bad[i]);
    cub_pool_free(&pool);
}
