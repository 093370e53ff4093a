#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/cli/connection.h"
#include "api/cli/service.h"

enum cli_step cli_echo_step(struct cli_exchange *exchange)
{
    if (exchange->in_len == 0)
        return exchange->in_ended ? CLI_STEP_CLOSE : CLI_STEP_READ;
    memcpy(exchange->out, exchange->in, exchange->in_len);
    exchange->out_len = exchange->in_len;
    exchange->in_len = 0;
    return CLI_STEP_SEND;
}

/* Writes the head of a response; the body follows in out, from a file, or not at all. */
static void put_head(struct cli_exchange *exchange, int status, const char *type, int64_t length)
{
    exchange->out_len = (size_t)snprintf(
        exchange->out, CLI_OUT_SIZE,
        "HTTP/1.1 %d %s\r\nServer: cub/%s\r\nContent-Type: %s\r\nContent-Length: %lld\r\n%s\r\n",
        status, cli_http_reason(status), CUB_VERSION, type, (long long)length,
        exchange->close ? "Connection: close\r\n" : "");
}

static void put_body(struct cli_exchange *exchange, const char *body, size_t len)
{
    if (len > CLI_OUT_SIZE - exchange->out_len)
        len = CLI_OUT_SIZE - exchange->out_len;
    memcpy(exchange->out + exchange->out_len, body, len);
    exchange->out_len += len;
}

/* An error as a response of one line. */
static void put_error(struct cli_exchange *exchange, int status, bool head_only)
{
    char body[64];
    int len = snprintf(body, sizeof body, "%d %s\n", status, cli_http_reason(status));

    put_head(exchange, status, "text/plain; charset=utf-8", len);
    if (!head_only)
        put_body(exchange, body, (size_t)len);
}

static void put_row(FILE *page, const char *name, const char *value)
{
    fprintf(page, "<tr><th>%s</th><td>", name);
    for (value = value != NULL ? value : "none"; *value != '\0'; value++) {
        switch (*value) {
        case '<':
            fputs("&lt;", page);
            break;
        case '&':
            fputs("&amp;", page);
            break;
        default:
            fputc(*value, page);
        }
    }
    fputs("</td></tr>\n", page);
}

/* The page of --www. */
static void put_page(FILE *page, const struct cli_exchange *exchange, const char *path)
{
    struct cub_cipher cipher = {"", "", 0};
    char chain[256] = "none";

    cub_conn_cipher(exchange->conn, &cipher);
    cli_describe_chain(exchange->conn, chain, sizeof chain);
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>cub server</title>\n"
          "<style>body{font:16px sans-serif;margin:3em}th{text-align:left;padding-right:2em}"
          "</style>\n<h1>This connection</h1>\n<table>\n",
          page);
    put_row(page, "client", exchange->peer);
    put_row(page, "request", path);
    put_row(page, "version", cub_conn_version(exchange->conn));
    put_row(page, "cipher", cipher.name);
    put_row(page, "group", cub_conn_group(exchange->conn));
    put_row(page, "server's signature", cub_conn_server_sigalg(exchange->conn));
    put_row(page, "client's signature", cub_conn_client_sigalg(exchange->conn));
    put_row(page, "ALPN", cub_conn_selected_alpn_protocol(exchange->conn));
    put_row(page, "server name", cub_conn_get_server_hostname(exchange->conn));
    put_row(page, "client's certificate", chain);
    put_row(page, "resumed", cub_conn_get_session_reused(exchange->conn) ? "yes" : "no");
    fputs("</table>\n</html>\n", page);
}

static void answer_page(struct cli_exchange *exchange, const struct cli_http_request *request)
{
    char *body = NULL;
    size_t len = 0;
    FILE *page = open_memstream(&body, &len);

    if (page == NULL) {
        exchange->close = true;
        put_error(exchange, 500, request->head);
        return;
    }
    put_page(page, exchange, request->path);
    fclose(page);
    put_head(exchange, 200, "text/html; charset=utf-8", (int64_t)len);
    if (!request->head)
        put_body(exchange, body, len);
    free(body);
}

static void answer_file(struct cli_exchange *exchange, const struct cli_http_request *request)
{
    int status;
    int64_t size;
    int file = cli_http_open(exchange->root, request->path, &size, &status);
    const char *path = request->path;

    if (file < 0) {
        put_error(exchange, status, request->head);
        return;
    }
    put_head(exchange, 200, cli_http_type(path[strlen(path) - 1] == '/' ? ".html" : path), size);
    if (request->head) {
        close(file);
        return;
    }
    exchange->file = file;
    exchange->file_left = size;
}

/* The next piece of the file. A file that has become shorter ends the connection, so that the
 * client sees that something is missing. */
static enum cli_step send_file(struct cli_exchange *exchange)
{
    size_t size = CLI_OUT_SIZE;
    ssize_t n;

    if ((int64_t)size > exchange->file_left)
        size = (size_t)exchange->file_left;
    n = size > 0 ? read(exchange->file, exchange->out, size) : 0;
    if (n > 0) {
        exchange->out_len = (size_t)n;
        exchange->file_left -= n;
        return CLI_STEP_SEND;
    }
    exchange->close |= exchange->file_left > 0;
    close(exchange->file);
    exchange->file = -1;
    return exchange->close ? CLI_STEP_CLOSE : CLI_STEP_READ;
}

/* One step of HTTP: what is on its way, else the next request. */
static enum cli_step http_step(struct cli_exchange *exchange,
                               void (*answer)(struct cli_exchange *,
                                              const struct cli_http_request *))
{
    struct cli_http_request request;
    size_t head;
    int status;

    if (exchange->file >= 0) {
        enum cli_step step = send_file(exchange);

        if (step != CLI_STEP_READ)
            return step;
    }
    if (exchange->close)
        return CLI_STEP_CLOSE;
    head = cli_http_head_end(exchange->in, exchange->in_len);
    if (head == 0 && exchange->in_len < CLI_HTTP_MAX_HEAD)
        return exchange->in_ended ? CLI_STEP_CLOSE : CLI_STEP_READ;
    status = head == 0 ? 431 : cli_http_read_request(exchange->in, head, &request);
    exchange->close = status != 0 || !request.keep_alive;
    if (status != 0)
        put_error(exchange, status, false);
    else
        answer(exchange, &request);
    memmove(exchange->in, exchange->in + head, exchange->in_len - head);
    exchange->in_len -= head;
    return CLI_STEP_SEND;
}

enum cli_step cli_www_step(struct cli_exchange *exchange)
{
    return http_step(exchange, answer_page);
}

enum cli_step cli_root_step(struct cli_exchange *exchange)
{
    return http_step(exchange, answer_file);
}
