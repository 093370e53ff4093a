/*
 * cub server --www and --root, and cub get from them.
 */
#define _GNU_SOURCE
#include "tests/cli/cli.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct run get(int port, const char *path)
{
    char *root = write_root();
    char url[256];
    struct run r;

    snprintf(url, sizeof url, "https://127.0.0.1:%d%s", port, path);
    r = run(NULL, ARGV("get", "--cafile", root, "--server-hostname", "server.example", url));
    free(root);
    return r;
}

Test(service, www)
{
    struct process server;
    int port = start_server(&server, ARGV("--www"));
    struct run r = get(port, "/a%3Cb?query");

    cr_expect_eq(r.status, 0, "%s", r.err);
    EXPECT_IN(r.out, "TLSv1.3");
    EXPECT_IN(r.out, "<td>/a&lt;b</td>");
    forget(&r);
    process_stop(&server);
}

/* A directory to serve: files, a directory with and one without index, and a way out of it. */
static char *make_site(void)
{
    char *site = scratch_path("site");
    char path[600];

    cr_assert_eq(mkdir(site, 0777), 0);
    snprintf(path, sizeof path, "%s/with", site);
    cr_assert_eq(mkdir(path, 0777), 0);
    snprintf(path, sizeof path, "%s/without", site);
    cr_assert_eq(mkdir(path, 0777), 0);
    free(scratch_file("site/file.txt", "what is in the file\n"));
    free(scratch_file("site/empty", ""));
    free(scratch_file("site/with/index.html", "<p>index\n"));
    free(scratch_file("secret", "not for you\n"));
    snprintf(path, sizeof path, "%s/link", site);
    cr_assert_eq(symlink("../secret", path), 0);
    snprintf(path, sizeof path, "%s/up", site);
    cr_assert_eq(symlink("..", path), 0);
    return site;
}

Test(service, files)
{
    static const struct {
        const char *path;
        const char *body;
    } good[] = {
        {"/file.txt",       "what is in the file\n"},
        {"/%66ile.txt?a=b", "what is in the file\n"},
        {"/empty",          ""                     },
        {"/with/",          "<p>index\n"           },
        {"/with",           "<p>index\n"           },
    };
    static const struct {
        const char *path;
        const char *reason;
    } bad[] = {
        {"/nothing",             "404"},
        {"/without/",            "404"},
        {"/link",                "403"},
        {"/up/secret",           "403"},
        {"/with/../file.txt",    "403"},
        {"/../secret",           "403"},
        {"/%2e%2e/secret",       "403"},
        {"/with/%2e./../secret", "403"},
        {"/%00",                 "400"},
        {"/%zz",                 "400"},
    };
    struct process server;
    char *site = make_site();
    int port = start_server(&server, ARGV("--root", site));

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct run r = get(port, good[i].path);

        cr_expect_eq(r.status, 0, "%s: %s", good[i].path, r.err);
        cr_expect_str_eq(r.out, good[i].body);
        forget(&r);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct run r = get(port, bad[i].path);
        char line[32];

        snprintf(line, sizeof line, "cub: [HTTP: %s] ", bad[i].reason);
        cr_expect_eq(r.status, 3, "%s: %s", bad[i].path, r.err);
        EXPECT_IN(r.err, line);
        cr_expect_null(strstr(r.out, "not for you"));
        forget(&r);
    }
    free(site);
    process_stop(&server);
}

/* Requests by hand: what comes back, from the status line to the end of the connection. */
static void check_http(int port, const char *request, const char *const parts[])
{
    struct run r = run_client(port, request, NULL);
    const char *at = r.out;

    cr_expect_eq(r.status, 0, "%s: %s", request, r.err);
    for (size_t i = 0; parts[i] != NULL; i++) {
        const char *found = strstr(at, parts[i]);

        cr_expect_not_null(found, "%s: no \"%s\" in %s", request, parts[i], at);
        at = found != NULL ? found + strlen(parts[i]) : at;
    }
    forget(&r);
}

#define HOST "Host: server.example\r\n"

Test(service, http)
{
    struct process server;
    char *site = make_site();
    int port = start_server(&server, ARGV("--root", site));

    check_http(port, "GET /file.txt HTTP/1.1\r\n" HOST "\r\n",
               ARGV("HTTP/1.1 200 OK\r\n", "Content-Type: text/plain", "Content-Length: 20\r\n",
                    "\r\nwhat is in the file\n"));
    /* The connection goes on after an answer, and after one without a body. */
    check_http(port,
               "HEAD /file.txt HTTP/1.1\r\n" HOST "\r\n"
               "GET /nothing HTTP/1.1\r\n" HOST "\r\n"
               "GET /file.txt HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"
               "GET /file.txt HTTP/1.1\r\n" HOST "\r\n",
               ARGV("HTTP/1.1 200 OK\r\n", "Content-Length: 20\r\n\r\nHTTP/1.1 404 Not Found\r\n",
                    "404 Not Found\nHTTP/1.1 200 OK\r\n", "Connection: close\r\n",
                    "what is in the file\n"));
    check_http(port, "GET https://server.example/file.txt HTTP/1.1\r\n" HOST "\r\n",
               ARGV("HTTP/1.1 200 OK\r\n"));
    check_http(port, "GET /file.txt HTTP/1.0\r\n\r\n",
               ARGV("HTTP/1.1 200 OK\r\n", "Connection: close\r\n", "what is in the file\n"));
    free(site);
    process_stop(&server);
}

Test(service, http_that_is_wrong)
{
    static const char *const requests[][2] = {
        {"GET /file.txt HTTP/1.1\r\n\r\n",                                           "400"}, /* no Host */
        {"GET /file.txt HTTP/1.1\r\n" HOST HOST "\r\n",                              "400"},
        {"GET /file.txt HTTP/1.1\r\n" HOST "Bad Name: x\r\n\r\n",                    "400"},
        {"GET /file.txt HTTP/1.1\r\n" HOST "Name : x\r\n\r\n",                       "400"},
        {"GET /file.txt HTTP/1.1\r\n" HOST "A: x\r\n folded\r\n\r\n",                "400"},
        {"GET /file.txt HTTP/1.1\r\n" HOST "A: b\rc\r\n\r\n",                        "400"},
        {"GET  /file.txt HTTP/1.1\r\n" HOST "\r\n",                                  "400"},
        {"GET file.txt HTTP/1.1\r\n" HOST "\r\n",                                    "400"},
        {"GET /file.txt\r\n\r\n",                                                    "400"},
        {"\r\n\r\n",                                                                 "400"},
        {"GET / HTTP/2.0\r\n" HOST "\r\n",                                           "505"},
        {"POST / HTTP/1.1\r\n" HOST "\r\n",                                          "501"},
        {"GET / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc",                   "413"},
        {"GET / HTTP/1.1\r\n" HOST "Content-Length: 0\r\nContent-Length: 1\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n",                     "400"},
        {"GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",    "413"},
    };
    struct process server;
    char *site = make_site();
    int port = start_server(&server, ARGV("--root", site));
    char *long_head = malloc(20001);

    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        char status[32];

        snprintf(status, sizeof status, "HTTP/1.1 %s ", requests[i][1]);
        check_http(port, requests[i][0], ARGV(status, "Connection: close\r\n"));
    }
    memset(long_head, 'a', 20000);
    long_head[20000] = '\0';
    check_http(port, long_head, ARGV("HTTP/1.1 431 ", "Connection: close\r\n"));
    free(long_head);
    free(site);
    process_stop(&server);
}

/* A large file arrives as it is. */
Test(service, large_file)
{
    struct process server;
    char *site = make_site();
    char *path = scratch_path("site/large");
    FILE *f = fopen(path, "wb");
    char *expected, *got;
    size_t expected_len, got_len;
    int port;
    struct process client;
    char *root = write_root();
    char url[64];

    for (unsigned i = 0; i < 1000000; i++)
        cr_assert_eq(fwrite(&i, sizeof i, 1, f), 1);
    cr_assert_eq(fclose(f), 0);
    port = start_server(&server, ARGV("--root", site));
    snprintf(url, sizeof url, "https://127.0.0.1:%d/large", port);
    cr_expect_eq(process_run(&client, "get", NULL,
                             ARGV(cub(), "get", "--cafile", root, "--server-hostname",
                                  "server.example", url)),
                 0);
    expected = read_file(path, &expected_len);
    got = read_file(client.out_path, &got_len);
    cr_assert_eq(got_len, expected_len);
    cr_expect_eq(memcmp(got, expected, got_len), 0);
    free(expected);
    free(got);
    free(path);
    free(root);
    free(site);
    process_stop(&server);
}
