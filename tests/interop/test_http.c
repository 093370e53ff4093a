/*
 * HTTPS: our server to curl, nginx to our cub get.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "tests/interop/peers.h"

static struct identity root, leaf;

static void make_identities(void)
{
    identity_root(&root, "root", NULL);
    identity_issue(&root, &leaf, "leaf", &(struct identity_request){0});
}

TestSuite(http, .init = make_identities);

/* Writes bytes of no pattern to a file of the scratch directory; the path. */
static char *make_file(const char *name, size_t size)
{
    char *path = scratch_path(name);
    FILE *f = fopen(path, "w");
    uint64_t state = 88172645463325252u; /* xorshift64 */

    cr_assert_not_null(f);
    for (size_t i = 0; i < size; i += sizeof state) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        cr_assert_eq(fwrite(&state, 1, sizeof state, f), sizeof state);
    }
    cr_assert_eq(fclose(f), 0);
    return path;
}

/* The SHA-256 of a file as sha256sum prints it; the caller frees. */
static char *sha256_of(const char *path)
{
    struct process p;

    cr_assert_eq(process_run(&p, "sha256sum", NULL, ARGV("sha256sum", path)), 0);
    char *out = process_stdout(&p);
    cr_assert(strlen(out) > 64);
    out[64] = '\0';
    return out;
}

static void check_same_file(const char *a, const char *b)
{
    char *first = sha256_of(a);
    char *second = sha256_of(b);

    cr_expect_str_eq(first, second);
    free(first);
    free(second);
}

Test(http, curl_gets_100_megabytes)
{
    struct process server, client;
    char url[128];

    if (!find_program("curl"))
        cr_skip_test("no curl (Debian: curl)");
    char *sent = make_file("big.bin", 100000000);
    char *received = scratch_path("received.bin");
    int port = cub_server_start(&server, &leaf, ARGV("--root", scratch_dir()));
    snprintf(url, sizeof url, "https://localhost:%d/big.bin", port);
    int status = process_run(&client, "curl", NULL,
                             ARGV("curl", "--silent", "--show-error", "--fail", "--tlsv1.3",
                                  "--noproxy", "*", "--cacert", root.cert, "-o", received, url));
    cr_expect_eq(status, 0, "%s", process_stderr(&client));
    check_same_file(sent, received);
    unlink(sent);
    unlink(received);
    process_stop(&server);
    free(sent);
    free(received);
}

Test(http, curl_sees_the_page_and_what_is_missing)
{
    struct process server, client;
    char url[128];

    if (!find_program("curl"))
        cr_skip_test("no curl (Debian: curl)");
    int port = cub_server_start(&server, &leaf, ARGV("--www"));
    snprintf(url, sizeof url, "https://localhost:%d/", port);
    cr_expect_eq(process_run(&client, "curl", NULL,
                             ARGV("curl", "--silent", "--show-error", "--fail", "--tlsv1.3",
                                  "--noproxy", "*", "--cacert", root.cert, url)),
                 0, "%s", process_stderr(&client));
    cr_expect(process_says(&client, "TLSv1.3"), "the page shows the connection");
    process_stop(&server);

    port = cub_server_start(&server, &leaf, ARGV("--root", scratch_dir()));
    /* 22: an HTTP error under --fail. */
    snprintf(url, sizeof url, "https://localhost:%d/no-such-file", port);
    cr_expect_eq(process_run(&client, "curl", NULL,
                             ARGV("curl", "--silent", "--fail", "--noproxy", "*", "--cacert",
                                  root.cert, url)),
                 22);
    /* Nothing outside of the directory. */
    snprintf(url, sizeof url, "https://localhost:%d/../../../../../../../../etc/passwd", port);
    cr_expect_eq(process_run(&client, "curl", NULL,
                             ARGV("curl", "--silent", "--fail", "--path-as-is", "--noproxy", "*",
                                  "--cacert", root.cert, url)),
                 22);
    process_stop(&server);
}

/* Starts nginx on a free port, TLS 1.3 only, serving the scratch directory; 0 without nginx. */
static int start_nginx(struct process *p)
{
    const char *program =
        getenv("CUB_NGINX") && *getenv("CUB_NGINX") ? getenv("CUB_NGINX") : find_program("nginx");
    char text[4096];
    int port = free_port();

    if (!program)
        return 0;
    snprintf(text, sizeof text,
             "daemon off;\nmaster_process off;\npid %s/nginx.pid;\nerror_log stderr;\n"
             "events {}\n"
             "http {\n"
             "  access_log off;\n"
             "  client_body_temp_path %s/t1;\n  proxy_temp_path %s/t2;\n"
             "  fastcgi_temp_path %s/t3;\n  uwsgi_temp_path %s/t4;\n  scgi_temp_path %s/t5;\n"
             "  server {\n"
             "    listen 127.0.0.1:%d ssl;\n    root %s;\n"
             "    ssl_protocols TLSv1.3;\n    ssl_certificate %s;\n    ssl_certificate_key %s;\n"
             "  }\n"
             "}\n",
             scratch_dir(), scratch_dir(), scratch_dir(), scratch_dir(), scratch_dir(),
             scratch_dir(), port, scratch_dir(), leaf.chain, leaf.key);
    char *config = scratch_file("nginx.conf", text);
    process_start(p, "nginx", PROCESS_NO_PIPES,
                  ARGV(program, "-c", config, "-e", "stderr", "-p", scratch_dir()));
    wait_for_port(p, port);
    free(config);
    return port;
}

Test(http, cub_gets_from_nginx)
{
    struct process server, client;
    char url[128];
    char *sent = make_file("file.bin", 10000000);
    int port = start_nginx(&server);

    if (!port)
        cr_skip_test("no nginx (Debian: nginx)");
    snprintf(url, sizeof url, "https://localhost:%d/file.bin", port);
    int status =
        process_run(&client, "cub-get", NULL, ARGV(cub(), "get", "--cafile", root.cert, url));
    cr_expect_eq(status, 0, "%s", process_stderr(&client));
    check_same_file(sent, client.out_path);

    /* Without our root, nginx is a stranger. */
    status = process_run(&client, "cub-get", NULL, ARGV(cub(), "get", url));
    cr_expect_eq(status, 1, "%s", process_stderr(&client));
    cr_expect(process_says(&client, "cub: [SSL: CERTIFICATE_VERIFY_FAILED]"));
    process_stop(&server);
    free(sent);
}

Test(http, cub_gets_from_cub)
{
    struct process server, client;
    char url[128];
    char *sent = make_file("file.bin", 1000000);
    int port = cub_server_start(&server, &leaf, ARGV("--root", scratch_dir()));

    snprintf(url, sizeof url, "https://localhost:%d/file.bin", port);
    int status =
        process_run(&client, "cub-get", NULL, ARGV(cub(), "get", "--cafile", root.cert, url));
    cr_expect_eq(status, 0, "%s", process_stderr(&client));
    check_same_file(sent, client.out_path);
    process_stop(&server);
    free(sent);
}
