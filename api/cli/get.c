#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "api/cli/connection.h"
#include "api/cli/http.h"
#include "api/cli/term.h"

#define BUFFER_SIZE (CLI_HTTP_MAX_HEAD + 16384)

struct url {
    char *text; /* what the others point into */
    char *host;
    const char *authority; /* as it was written, for the Host field */
    const char *path;      /* begins with /, or "" */
    uint16_t port;
};

struct download {
    const struct cli_options *options;
    cub_conn *conn;
    struct cli_http_response response;
    struct cli_http_chunks chunks;
    char *buffer;
    int64_t received; /* bytes of the body */
    bool progress;
    double began;
    double shown; /* when progress was last shown */
};

/* https://HOST[:PORT][/PATH][#...] [RFC3986-3]; false: not such a one. */
static bool split_url(const char *text, struct url *url)
{
    const char *authority = text + 8;
    size_t len;

    if (strncasecmp(text, "https://", 8) != 0)
        return false;
    len = strcspn(authority, "/?#");
    /* Room for the authority twice: as it is, and split. */
    url->text = cli_alloc(2 * (len + 1) + strlen(text));
    memcpy(url->text, authority, len);
    url->text[len] = '\0';
    url->authority = url->text;
    url->host = url->text + len + 1;
    strcpy(url->host, url->text);
    url->path = strcpy(url->host + len + 1, authority + len);
    url->host[len + 1 + strcspn(url->path, "#")] = '\0';
    if (len == 0 || strpbrk(url->text, "@\\ ") != NULL || strpbrk(url->path, " \r\n\t") != NULL)
        return false;
    return cli_split_address(url->host, 443, &url->host, &url->port) && *url->host != '\0';
}

static void human(char text[static 16], double bytes)
{
    static const char *const units[] = {"B", "KB", "MB", "GB"};
    int unit = 0;

    for (; bytes >= 1000 && unit < 3; unit++)
        bytes /= 1000;
    snprintf(text, 16, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
}

/* A bar where the length is known, on one line that is drawn over and over. */
static void show_progress(struct download *download, bool last)
{
    double now = cli_now(), seconds = now - download->began;
    char received[16], speed[16];

    if (!download->progress || (!last && now - download->shown < 0.1))
        return;
    download->shown = now;
    human(received, (double)download->received);
    human(speed, seconds > 0 ? (double)download->received / seconds : 0);
    fputs("\r\033[K", stderr);
    if (download->response.length > 0) {
        int filled = (int)(40 * download->received / download->response.length);

        fprintf(stderr, "%3d%% ", (int)(100 * download->received / download->response.length));
        cli_draw(stderr, CLI_GREEN, CLI_LINE, filled);
        fprintf(stderr, "%*s", 40 - filled, "");
    }
    fprintf(stderr, " %s, %s/s%s", received, speed, last ? "\n" : "");
}

static enum cli_status save(struct download *download, const char *data, size_t len)
{
    if (fwrite(data, 1, len, stdout) != len)
        return cli_fail_os(CLI_NETWORK, "stdout");
    download->received += (int64_t)len;
    show_progress(download, false);
    return CLI_DONE;
}

/* Bytes of the body as they came; *done when it is whole. Bytes behind its end are not ours. */
static enum cli_status take(struct download *download, char *data, size_t len, bool *done)
{
    const struct cli_http_response *response = &download->response;
    int64_t content = (int64_t)len;
    enum cli_status status;

    if (response->chunked)
        content = cli_http_unchunk(&download->chunks, data, len);
    else if (response->length >= 0 && content > response->length - download->received)
        content = response->length - download->received;
    if (content < 0)
        return cli_fail(CLI_NETWORK, "HTTP", "BAD_CHUNK", "the chunked body is malformed");
    status = save(download, data, (size_t)content);
    *done = response->chunked ? download->chunks.done : download->received == response->length;
    return status;
}

/* Reads more; *n = 0 at the peer's close_notify. */
static enum cli_status more(struct download *download, char *data, size_t size, size_t *n)
{
    cub_result result = cub_conn_read(download->conn, data, size, n);

    if (result == CUB_SSLZeroReturnError)
        *n = 0;
    else if (result != CUB_OK)
        return cli_report_failure(download->options, download->conn, NULL);
    return CLI_DONE;
}

static bool has_body(const struct cli_http_response *response)
{
    return response->status != 204 && response->status != 304 && response->length != 0;
}

/* The body, whose first len bytes are in data already. */
static enum cli_status read_body(struct download *download, char *data, size_t len)
{
    enum cli_status status = CLI_DONE;
    bool done = !has_body(&download->response);

    if (!done && len > 0)
        status = take(download, data, len, &done);
    while (!done && status == CLI_DONE) {
        status = more(download, download->buffer, BUFFER_SIZE, &len);
        if (status == CLI_DONE && len > 0)
            status = take(download, download->buffer, len, &done);
        if (status == CLI_DONE && len == 0) {
            /* Only a body without length ends with the connection [RFC9112-6.3]. */
            if (download->response.length >= 0 || download->response.chunked)
                status = cli_fail(CLI_NETWORK, "HTTP", "INCOMPLETE_BODY",
                                  "the connection was closed in the middle of the body");
            done = true;
        }
    }
    show_progress(download, true);
    return status;
}

/* The head of the final response; what of the body came with it is left in the buffer. */
static enum cli_status read_head(struct download *download, char **body, size_t *body_len)
{
    size_t len = 0, head = 0;

    do {
        size_t n = 0;
        enum cli_status status;

        while ((head = cli_http_head_end(download->buffer, len)) == 0) {
            if (len >= CLI_HTTP_MAX_HEAD)
                return cli_fail(CLI_NETWORK, "HTTP", "HEAD_TOO_LARGE",
                                "the response's head is too large");
            status = more(download, download->buffer + len, CLI_HTTP_MAX_HEAD - len, &n);
            if (status != CLI_DONE)
                return status;
            if (n == 0)
                return cli_fail(CLI_NETWORK, "HTTP", "NO_RESPONSE",
                                "the server closed without an answer");
            len += n;
        }
        if (!cli_http_read_response(download->buffer, head, &download->response))
            return cli_fail(CLI_NETWORK, "HTTP", "BAD_RESPONSE", "the answer is not HTTP/1.1");
        if (download->response.status < 200) { /* interim [RFC9110-15.2] */
            memmove(download->buffer, download->buffer + head, len - head);
            len -= head;
        }
    } while (download->response.status < 200);
    *body = download->buffer + head;
    *body_len = len - head;
    return CLI_DONE;
}

/* An answer that is not what was asked for. */
static enum cli_status judge(const struct cli_http_response *response)
{
    char reason[16];

    if (response->status < 300)
        return CLI_DONE;
    snprintf(reason, sizeof reason, "%d", response->status);
    return cli_fail(CLI_NETWORK, "HTTP", reason, "%s%s%s", response->reason,
                    *response->location != '\0' ? ": " : "", response->location);
}

static enum cli_status exchange(struct download *download, const struct url *url)
{
    char *request, *body = NULL;
    size_t body_len = 0;
    enum cli_status status;
    int len = asprintf(&request,
                       "GET %s%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: cub/%s\r\nAccept: */*\r\n"
                       "Connection: close\r\n\r\n",
                       *url->path == '/' ? "" : "/", url->path, url->authority, CUB_VERSION);

    if (len < 0)
        return cli_fail_os(CLI_NETWORK, "request");
    if (cub_conn_sendall(download->conn, request, (size_t)len) != CUB_OK)
        status = cli_report_failure(download->options, download->conn, NULL);
    else
        status = read_head(download, &body, &body_len);
    free(request);
    if (status == CLI_DONE)
        status = read_body(download, body, body_len);
    if (status == CLI_DONE)
        status = judge(&download->response);
    return status;
}

static enum cli_status fetch(const struct cli_options *options, const struct url *url)
{
    struct download download = {.options = options, .began = cli_now()};
    struct cli_options with_alpn = *options;
    cub_context *context;
    enum cli_status status;

    if (with_alpn.alpn == NULL)
        with_alpn.alpn = "http/1.1";
    status = cli_make_context(&with_alpn, false, &context);
    if (status == CLI_DONE)
        status = cli_connect(options, context, url->host, url->port, &download.conn);
    if (status == CLI_DONE) {
        download.progress = cli_is_terminal(stderr) && !isatty(STDOUT_FILENO);
        download.buffer = cli_alloc(BUFFER_SIZE);
        status = exchange(&download, url);
        free(download.buffer);
        cub_conn_close_write(download.conn);
    }
    if (status == CLI_DONE && options->session_out != NULL)
        status = cli_save_session(options->session_out, download.conn);
    cub_conn_close(download.conn);
    cub_context_free(context);
    return status;
}

enum cli_status cli_get(const struct cli_options *options)
{
    struct url url = {0};
    enum cli_status status;

    if (split_url(options->args[0], &url))
        status = fetch(options, &url);
    else
        status = cli_fail(CLI_USAGE, "USAGE", "BAD_URL", "%s is not https://HOST[:PORT]/PATH",
                          options->args[0]);
    free(url.text);
    return status;
}
