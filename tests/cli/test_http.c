/*
 * The HTTP of the tool: heads of responses, and the chunked coding cut at every place.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "api/cli/http.h"

static bool read_response(const char *head, struct cli_http_response *response)
{
    char copy[1024];

    cr_assert_lt(strlen(head), sizeof copy);
    strcpy(copy, head);
    return cli_http_read_response(copy, strlen(head), response);
}

Test(http, responses)
{
    static const struct {
        const char *head;
        int status;
        const char *reason;
        int64_t length;
        bool chunked;
        bool keep_alive;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\n\r\n",                                                      200, "OK",        -1, false, true },
        {"HTTP/1.1 404 Not Found\r\nContent-Length: 12\r\n\r\n",                         404, "Not Found", 12, false, true },
        {"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",                                    200, "",          0,  false, true },
        {"HTTP/1.0 200 OK\r\n\r\n",                                                      200, "OK",        -1, false, false},
        {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n",                            200, "OK",        -1, false, true },
        {"HTTP/1.1 200 OK\r\nConnection: Upgrade, Close\r\n\r\n",                        200, "OK",        -1, false, false},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",                        200, "OK",        -1, true,  true },
        {"HTTP/1.1 200 OK\r\ncontent-length:\t7 \r\nTRANSFER-ENCODING: Chunked\r\n\r\n", 200, "OK",
         -1,                                                                                                   true,  true },
        {"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 7\r\n\r\n",            200, "OK",        7,  false,
         true                                                                                                              },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cli_http_response response;

        cr_assert(read_response(rows[i].head, &response), "%s", rows[i].head);
        cr_expect_eq(response.status, rows[i].status);
        cr_expect_str_eq(response.reason, rows[i].reason);
        cr_expect_eq(response.length, rows[i].length, "%s", rows[i].head);
        cr_expect_eq(response.chunked, rows[i].chunked, "%s", rows[i].head);
        cr_expect_eq(response.keep_alive, rows[i].keep_alive, "%s", rows[i].head);
    }
}

Test(http, location)
{
    struct cli_http_response response;

    cr_assert(
        read_response("HTTP/1.1 301 Moved\r\nLocation: https://example.com/\r\n\r\n", &response));
    cr_expect_str_eq(response.location, "https://example.com/");
}

Test(http, what_is_no_response)
{
    static const char *const heads[] = {
        "\r\n\r\n",
        "HTTP\r\n\r\n",
        "HTTP/1.\r\n\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 \r\n\r\n",
        "HTTP/1.1 20\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
        "HTTP/1.1 200 OK\r\nName : x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
    };
    struct cli_http_response response;

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        cr_expect_not(read_response(heads[i], &response), "%s", heads[i]);
}

Test(http, head_end)
{
    static const char head[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\nbody";

    for (size_t len = 0; len < sizeof head; len++)
        cr_expect_eq(cli_http_head_end(head, len), len < 27 ? 0 : 27);
}

/* Decodes text that comes in two pieces; -1 if it is refused. */
static int unchunk(const char *text, size_t first, char *out, bool *done)
{
    struct cli_http_chunks chunks = {0};
    size_t len = strlen(text);
    int64_t a, b;

    memcpy(out, text, first);
    a = cli_http_unchunk(&chunks, out, first);
    if (a < 0)
        return -1;
    memcpy(out + a, text + first, len - first);
    b = cli_http_unchunk(&chunks, out + a, len - first);
    *done = chunks.done;
    return b < 0 ? -1 : (int)(a + b);
}

Test(http, chunks)
{
    static const struct {
        const char *text;
        const char *content; /* NULL: refused */
        bool done;
    } rows[] = {
        {"0\r\n\r\n",                                     "",              true },
        {"3\r\nabc\r\n0\r\n\r\n",                         "abc",           true },
        {"3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",      "abc0123456789", true },
        {"00a;name=\"value\"\r\n0123456789\r\n0\r\n\r\n", "0123456789",    true },
        {"1\r\nx\r\n0\r\nTrailer: y\r\nOther: z\r\n\r\n", "x",             true },
        {"1\r\nx\r\n0\r\n\r\nmore",                       "x",             true },
        {"5\r\nabc",                                      "abc",           false},
        {"3\r\nabc\r\n0\r\n",                             "abc",           false},
        {"x\r\n",                                         NULL,            false},
        {"-1\r\n",                                        NULL,            false},
        {"\r\n",                                          NULL,            false},
        {"3x\r\nabc\r\n",                                 NULL,            false},
        {"1\r\nxy\r\n",                                   NULL,            false},
        {"ffffffffffffffff\r\n",                          NULL,            false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t first = 0; first <= strlen(rows[i].text); first++) {
            char out[128];
            bool done = false;
            int len = unchunk(rows[i].text, first, out, &done);

            if (rows[i].content == NULL) {
                cr_expect_eq(len, -1, "%s at %zu", rows[i].text, first);
                continue;
            }
            cr_assert_eq(len, (int)strlen(rows[i].content), "%s at %zu: %d", rows[i].text, first,
                         len);
            cr_expect_eq(memcmp(out, rows[i].content, (size_t)len), 0);
            cr_expect_eq(done, rows[i].done);
        }
}
