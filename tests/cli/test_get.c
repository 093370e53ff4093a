/*
 * cub get, from a server that answers whatever a test likes.
 */
#include "tests/cli/cli.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/cubtls.h"

/* A server for one connection. */
struct canned {
    cub_context *context;
    int listener;
    const char *response;
    bool rude; /* ends without close_notify */
    char request[1024];
};

static void load_certificate(cub_context *context)
{
    char *cert = write_chain("server.pem", PKI_P256), *key = write_key("server.key", PKI_P256);

    cr_assert_eq(cub_context_load_cert_chain(context, cert, key, NULL), CUB_OK, "%s",
                 cub_last_error(context)->message);
    free(cert);
    free(key);
}

static void *serve(void *arg)
{
    static const struct cub_wrap_options options = {.server_side = true};
    struct canned *canned = arg;
    int fd = accept(canned->listener, NULL, NULL);
    size_t len = 0, n = 1;
    cub_conn *conn;

    if (cub_context_wrap_socket(canned->context, fd, &options, &conn) == CUB_OK) {
        while (n > 0 && strstr(canned->request, "\r\n\r\n") == NULL &&
               cub_conn_read(conn, canned->request + len, sizeof canned->request - 1 - len, &n) ==
                   CUB_OK)
            len += n;
        cub_conn_sendall(conn, canned->response, strlen(canned->response));
        if (!canned->rude)
            cub_conn_close_write(conn);
    }
    cub_conn_free(conn);
    shutdown(fd, SHUT_WR);
    /* A close with data unread would take back what the client has not read. */
    while (read(fd, &(char){0}, 1) > 0)
        continue;
    close(fd);
    return NULL;
}

/* Runs cub get for this part of a URL behind the port. */
static struct run get(struct canned *canned, const char *path)
{
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    char *root = write_root();
    char url[256];
    pthread_t thread;
    struct run r;

    cr_assert_eq(cub_create_default_context(CUB_Purpose_CLIENT_AUTH, NULL, NULL, NULL, 0,
                                            &canned->context),
                 CUB_OK);
    load_certificate(canned->context);
    cr_assert_eq(cub_create_server("127.0.0.1", 0, &canned->listener, NULL), CUB_OK);
    cr_assert_eq(getsockname(canned->listener, (struct sockaddr *)&address, &len), 0);
    snprintf(url, sizeof url, "https://127.0.0.1:%u%s", ntohs(address.sin_port), path);
    cr_assert_eq(pthread_create(&thread, NULL, serve, canned), 0);
    r = run(NULL, ARGV("get", "--cafile", root, "--server-hostname", "server.example", url));
    pthread_join(thread, NULL);
    close(canned->listener);
    cub_context_free(canned->context);
    free(root);
    return r;
}

#define OK     "HTTP/1.1 200 OK\r\n"
#define LENGTH "Content-Length: 5\r\n\r\n"
#define CHUNKS "Transfer-Encoding: chunked\r\n\r\n"

Test(get, responses)
{
    static const struct {
        const char *response;
        bool rude;
        int status;
        const char *body;
        const char *error; /* NULL: none */
    } rows[] = {
        {OK LENGTH "hello",                                           false, 0, "hello",         NULL                                 },
        {OK LENGTH "hello, and more",                                 false, 0, "hello",         NULL                                 },
        {OK LENGTH "hel",                                             false, 3, "hel",           "[HTTP: INCOMPLETE_BODY]"            },
        {OK LENGTH "hel",                                             true,  1, "hel",           "[SSL: UNEXPECTED_EOF_WHILE_READING]"},
        {OK "\r\nuntil the end",                                      false, 0, "until the end", NULL                                 },
 /* Without a length only close_notify tells that this is all. */
        {OK "\r\nuntil the",                                          true,  1, "until the",     "[SSL: UNEXPECTED_EOF_WHILE_READING]"},
        {OK CHUNKS "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",                false, 0, "hello",         NULL                                 },
        {OK CHUNKS "2\r\nhe\r\n",                                     false, 3, "he",            "[HTTP: INCOMPLETE_BODY]"            },
        {OK CHUNKS "x\r\nhe\r\n",                                     false, 3, "",              "[HTTP: BAD_CHUNK]"                  },
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" OK LENGTH
         "hello",                                            false, 0, "hello",         NULL                                 },
        {"HTTP/1.1 204 No Content\r\n\r\n",                           false, 0, "",              NULL                                 },
        {"HTTP/1.1 404 Not Found\r\n" LENGTH "never",                 false, 3, "never",         "[HTTP: 404] Not Found\n"            },
        {"HTTP/1.1 301 Moved\r\nLocation: /there\r\n" LENGTH "moved", false, 3, "moved",
         "[HTTP: 301] Moved: /there\n"                                                                                                },
        {"HTTP/1.1 500 \033[2J\r\n" LENGTH "never",                   false, 3, "never",         "[HTTP: 500] ?[2J\n"                 },
        {"SSH-2.0-server\r\n\r\n",                                    false, 3, "",              "[HTTP: BAD_RESPONSE]"               },
        {"HTTP/1.1 200 OK\r\n",                                       false, 3, "",              "[HTTP: NO_RESPONSE]"                },
        {"",                                                          false, 3, "",              "[HTTP: NO_RESPONSE]"                },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct canned canned = {.response = rows[i].response, .rude = rows[i].rude};
        struct run r = get(&canned, "/");

        cr_expect_eq(r.status, rows[i].status, "%s: %d %s", rows[i].response, r.status, r.err);
        cr_expect_str_eq(r.out, rows[i].body, "%s", rows[i].response);
        if (rows[i].error != NULL)
            EXPECT_IN(r.err, rows[i].error);
        else
            cr_expect_str_empty(r.err);
        forget(&r);
    }
}

Test(get, head_that_does_not_end)
{
    struct canned canned = {0};
    char *response = malloc(30001);
    struct run r;

    memset(response, 'a', 30000);
    memcpy(response, OK, strlen(OK));
    response[30000] = '\0';
    canned.response = response;
    r = get(&canned, "/");
    cr_expect_eq(r.status, 3);
    EXPECT_IN(r.err, "[HTTP: HEAD_TOO_LARGE]");
    forget(&r);
    free(response);
}

Test(get, requests)
{
    static const char *const rows[][2] = {
        {"",                 "GET / HTTP/1.1\r\nHost: 127.0.0.1:"},
        {"/",                "GET / HTTP/1.1\r\n"                },
        {"/a/b?c=d&e#there", "GET /a/b?c=d&e HTTP/1.1\r\n"       },
        {"?query",           "GET /?query HTTP/1.1\r\n"          },
        {"#there",           "GET / HTTP/1.1\r\n"                },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct canned canned = {.response = OK LENGTH "hello"};
        struct run r = get(&canned, rows[i][0]);

        cr_expect_eq(r.status, 0, "%s", r.err);
        cr_expect_eq(strncmp(canned.request, rows[i][1], strlen(rows[i][1])), 0, "%s",
                     canned.request);
        EXPECT_IN(canned.request, "Connection: close\r\n");
        forget(&r);
    }
}
