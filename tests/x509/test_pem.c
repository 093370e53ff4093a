#include <criterion/criterion.h>

#include <string.h>

#include "x509/pem.h"

static struct cub_pem open_text(const char *text)
{
    return (struct cub_pem){text, text + strlen(text)};
}

Test(pem, blocks_between_text)
{
    struct cub_pem pem = open_text("subject=x\n-----BEGIN A-----\nAAEC\n-----END A-----\nnoise\n"
                                   "-----BEGIN B C-----  \r\n\r\n QU\tI=\r\n-----END B C-----");
    struct cub_pem_block block;
    uint8_t out[8];
    size_t len;

    cr_assert_eq(cub_pem_next(&pem, &block), E_OK);
    cr_assert(cub_pem_is(&block, "A"));
    cr_assert_eq(cub_pem_decode(&block, out, sizeof out, &len), E_OK);
    cr_assert(len == 3 && memcmp(out, "\0\1\2", 3) == 0);
    cr_assert_eq(cub_pem_next(&pem, &block), E_OK);
    cr_assert(cub_pem_is(&block, "B C"));
    cr_assert_not(cub_pem_is(&block, "B"));
    cr_assert_eq(cub_pem_decode(&block, out, sizeof out, &len), E_OK);
    cr_assert(len == 2 && memcmp(out, "AB", 2) == 0);
    cr_assert_eq(cub_pem_next(&pem, &block), E_PEM_NO_START_LINE);
}

Test(pem, headers)
{
    struct cub_pem pem = open_text("-----BEGIN K-----\nProc-Type: 4,ENCRYPTED\n"
                                   "DEK-Info: AES-128-CBC,00\n\nQUI=\n-----END K-----\n");
    struct cub_pem_block block;
    uint8_t out[8];
    size_t len;

    cr_assert_eq(cub_pem_next(&pem, &block), E_OK);
    cr_assert_eq(memcmp(block.headers.data, "Proc-Type", 9), 0);
    cr_assert_eq(cub_pem_decode(&block, out, sizeof out, &len), E_OK);
    cr_assert(len == 2 && memcmp(out, "AB", 2) == 0);
}

Test(pem, broken_blocks)
{
    static const struct {
        const char *text;
        enum cub_error error;
    } cases[] = {
        {"",                                                              E_PEM_NO_START_LINE},
        {"-----BEGIN A----\nAA==\n-----END A-----\n",                     E_PEM_NO_START_LINE},
        {" -----BEGIN A-----\nAA==\n-----END A-----\n",                   E_PEM_NO_START_LINE},
        {"-----BEGIN A-----\nAA==\n",                                     E_PEM_BAD_END_LINE },
        {"-----BEGIN A-----\nAA==\n-----END B-----\n",                    E_PEM_BAD_END_LINE },
        {"-----BEGIN A-----\nAA==\n-----BEGIN A-----\n-----END A-----\n", E_PEM_BAD_END_LINE },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cub_pem pem = open_text(cases[i].text);
        struct cub_pem_block block;
        cr_assert_eq(cub_pem_next(&pem, &block), cases[i].error, "case %zu", i);
        cr_assert_eq(cub_pem_next(&pem, &block), E_PEM_NO_START_LINE, "case %zu", i);
    }
}

Test(pem, base64)
{
    static const struct {
        const char *text;
        enum cub_error error;
        const char *bytes;
    } cases[] = {
        {"",             E_OK,            ""            },
        {"Zg==",         E_OK,            "f"           },
        {"Zm8=",         E_OK,            "fo"          },
        {"Zm9v",         E_OK,            "foo"         },
        {"Zm9vYmFy",     E_OK,            "foobar"      },
        {"Z m\n9\tv",    E_OK,            "foo"         },
        {"+/+/",         E_OK,            "\xfb\xff\xbf"},
        {"Zg=",          E_PEM_BASE64,    NULL          },
        {"Zg",           E_PEM_BASE64,    NULL          },
        {"Z",            E_PEM_BASE64,    NULL          },
        {"Z===",         E_PEM_BASE64,    NULL          },
        {"====",         E_PEM_BASE64,    NULL          },
        {"Zg==Zg==",     E_PEM_BASE64,    NULL          },
        {"Zm9v=",        E_PEM_BASE64,    NULL          },
        {"Zm-v",         E_PEM_BASE64,    NULL          },
        {"Zm9@",         E_PEM_BASE64,    NULL          },
        {"Zm9[",         E_PEM_BASE64,    NULL          },
        {"Zm9`",         E_PEM_BASE64,    NULL          },
        {"Zm9{",         E_PEM_BASE64,    NULL          },
        {"Zm9vYmFyQUFB", E_PEM_TOO_LARGE, NULL          },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cub_pem_block block = {
            .body = {(const uint8_t *)cases[i].text, strlen(cases[i].text)}
        };
        uint8_t out[6];
        size_t len;
        cr_assert_eq(cub_pem_decode(&block, out, sizeof out, &len), cases[i].error, "%s",
                     cases[i].text);
        cr_assert_eq(len, cases[i].bytes ? strlen(cases[i].bytes) : 0, "%s", cases[i].text);
        cr_assert(len == 0 || memcmp(out, cases[i].bytes, len) == 0, "%s", cases[i].text);
    }
}

Test(pem, every_character)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (int c = 1; c < 256; c++) {
        uint8_t text[4] = {'A', 'A', 'A', (uint8_t)c};
        struct cub_pem_block block = {
            .body = {text, 4}
        };
        const char *at = strchr(alphabet, c);
        uint8_t out[3];
        size_t len;
        enum cub_error error = cub_pem_decode(&block, out, 3, &len);
        if (at)
            cr_assert(error == E_OK && out[2] == at - alphabet, "%d", c);
        else
            cr_assert_eq(error, c == '=' ? E_OK : E_PEM_BASE64, "%d", c);
    }
}

Test(pem, decodes_in_place)
{
    char text[] = "Zm9vYmFy";
    struct cub_pem_block block = {
        .body = {(const uint8_t *)text, 8}
    };
    size_t len;

    cr_assert_eq(cub_pem_decode(&block, (uint8_t *)text, 8, &len), E_OK);
    cr_assert_eq(memcmp(text, "foobar", 6), 0);
}
