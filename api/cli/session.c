/* What later connections resume: sessions in files, and pre-shared keys. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/cli/connection.h"
#include "api/cli/primitives.h"

#define MAX_SESSION (1 << 20)

enum cli_status cli_load_session(const char *path, cub_session **session)
{
    size_t len;
    char *bytes = cli_read_file(path, MAX_SESSION, &len);
    cub_result result;

    *session = NULL;
    if (bytes == NULL)
        return cli_fail(CLI_USAGE, "OS", strerrorname_np(errno), "--session-in %s: %s", path,
                        strerror(errno));
    result = cub_session_load(bytes, len, session);
    cli_wipe(bytes, len);
    free(bytes);
    if (result == CUB_OK)
        return CLI_DONE;
    return cli_fail(CLI_USAGE, "USAGE", "BAD_SESSION", "%s holds no session", path);
}

/* A new file that nobody else may read: who has the session can speak for its owner. */
static enum cli_status write_secret(const char *path, const uint8_t *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t n;

    if (fd < 0)
        return cli_fail_os(CLI_USAGE, path);
    do
        n = write(fd, bytes, len);
    while (n < 0 && errno == EINTR);
    if (close(fd) != 0 || n != (ssize_t)len)
        return cli_fail_os(CLI_USAGE, path);
    return CLI_DONE;
}

enum cli_status cli_save_session(const char *path, cub_conn *conn)
{
    const cub_session *session = cub_conn_get_session(conn);
    enum cli_status status;
    uint8_t *bytes;
    size_t len;

    if (session == NULL || cub_session_save(session, &bytes, &len) != CUB_OK)
        return cli_fail(CLI_TLS, "SSL", "NO_SESSION", "the server left no session to resume");
    status = write_secret(path, bytes, len);
    cli_wipe(bytes, len);
    cub_free(bytes);
    return status;
}

static bool read_digit(char c, uint8_t *value)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;

    if (at == NULL)
        return false;
    *value = (uint8_t)((at - digits) % 16);
    return true;
}

/* Reads text, IDENTITY:HEX; the identity may have colons too. */
static bool read_psk(const char *text, struct cub_psk_key *psk)
{
    const char *colon = strrchr(text, ':');
    size_t len = colon != NULL ? (size_t)(colon - text) : 0;

    if (len == 0 || len >= sizeof psk->identity)
        return false;
    memcpy(psk->identity, text, len);
    psk->identity[len] = '\0';
    psk->key_len = 0;
    for (const char *hex = colon + 1; *hex != '\0'; hex += 2) {
        uint8_t high, low;

        if (psk->key_len == sizeof psk->key || !read_digit(hex[0], &high) ||
            !read_digit(hex[1], &low))
            return false;
        psk->key[psk->key_len++] = (uint8_t)(high << 4 | low);
    }
    return psk->key_len > 0;
}

static bool give_key(cub_conn *conn, const char *hint, struct cub_psk_key *psk, void *arg)
{
    const struct cli_options *options = arg;

    (void)conn;
    (void)hint;
    psk->sha384 = options->psk_sha384 == 1;
    return read_psk(options->psk, psk);
}

static bool find_key(cub_conn *conn, const char *identity, struct cub_psk_key *psk, void *arg)
{
    return give_key(conn, NULL, psk, arg) && strcmp(psk->identity, identity) == 0;
}

enum cli_status cli_set_psk(const struct cli_options *options, bool is_server, cub_context *context)
{
    struct cub_psk_key psk;
    bool readable = read_psk(options->psk, &psk);
    void *arg = (void *)options;
    cub_result result;

    cli_wipe(&psk, sizeof psk);
    if (!readable)
        return cli_fail(CLI_USAGE, "USAGE", "BAD_ARGUMENT",
                        "--psk wants IDENTITY:HEX, at most 255 and 256 bytes");
    result = is_server
                 ? cub_context_set_psk_server_callback(context, find_key, options->psk_hint, arg)
                 : cub_context_set_psk_client_callback(context, give_key, arg);
    return result == CUB_OK ? CLI_DONE : cli_report(cub_last_error(context), "--psk");
}
