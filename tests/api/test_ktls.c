/*
 * OP_ENABLE_KTLS with a kernel that has TLS, and with one that has not. The kernel is ours: the
 * program is linked with --wrap, and what the library asks of it is done here.
 */
#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/tls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "handshake/config.h"
#include "record/protect.h"
#include "crypto/error.h"
#include "tests/api/pair.h"

#ifndef SOL_TLS
#define SOL_TLS 282
#endif

int __real_setsockopt(int fd, int level, int name, const void *value, socklen_t len);
ssize_t __real_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t __real_sendfile(int out, int in, off_t *offset, size_t count);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t len);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t __wrap_sendfile(int out, int in, off_t *offset, size_t count);

/* The socket that speaks TLS, and its keys. */
static struct {
    bool has_tls;
    int fd; /* -1: none yet */
    struct cub_protection protection;
    unsigned records, files;
} kernel;

static void take_keys(const struct cub_aead *aead, const void *key, const uint8_t *salt,
                      size_t salt_len, const void *iv, const uint8_t *sequence)
{
    uint8_t whole[CUB_AEAD_NONCE_SIZE];

    memcpy(whole, salt, salt_len);
    memcpy(whole + salt_len, iv, sizeof whole - salt_len);
    cub_protection_set(&kernel.protection, &cub_record_tls13, aead, key, whole);
    for (unsigned i = 0; i < 8; i++)
        kernel.protection.sequence = kernel.protection.sequence << 8 | sequence[i];
}

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
    const struct tls_crypto_info *info = value;
    const struct tls12_crypto_info_aes_gcm_128 *a = value;
    const struct tls12_crypto_info_aes_gcm_256 *b = value;
    const struct tls12_crypto_info_chacha20_poly1305 *c = value;

    if (level == IPPROTO_TCP && name == TCP_ULP) {
        cr_assert_str_eq(value, "tls");
        kernel.fd = kernel.has_tls ? fd : -1;
        errno = ENOENT;
        return kernel.has_tls ? 0 : -1;
    }
    if (level != SOL_TLS)
        return __real_setsockopt(fd, level, name, value, len);
    cr_assert_eq(fd, kernel.fd);
    cr_assert_eq(name, TLS_TX);
    cr_assert_eq(info->version, TLS_1_3_VERSION);
    if (info->cipher_type == TLS_CIPHER_AES_GCM_128 && len == sizeof *a)
        take_keys(cub_suite_aes_128_gcm_sha256.aead, a->key, a->salt, 4, a->iv, a->rec_seq);
    else if (info->cipher_type == TLS_CIPHER_AES_GCM_256 && len == sizeof *b)
        take_keys(cub_suite_aes_256_gcm_sha384.aead, b->key, b->salt, 4, b->iv, b->rec_seq);
    else if (info->cipher_type == TLS_CIPHER_CHACHA20_POLY1305 && len == sizeof *c)
        take_keys(cub_suite_chacha20_poly1305_sha256.aead, c->key, c->iv, 4, c->iv + 4, c->rec_seq);
    else
        cr_assert_fail("no such cipher");
    return 0;
}

/* Seals a record as the kernel would; application data in small pieces. */
static ssize_t send_record(uint8_t type, const void *content, size_t len)
{
    static uint8_t record[20000];
    size_t size;

    memcpy(record + CUB_RECORD_HEADER, content, len);
    size = kernel.protection.format->seal(&kernel.protection, record, type, len);
    cr_assert_eq(send(kernel.fd, record, size, 0), (ssize_t)size);
    kernel.records++;
    return (ssize_t)len;
}

ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
    const struct cmsghdr *control = CMSG_FIRSTHDR(message);
    size_t len;

    if (fd != kernel.fd)
        return __real_sendmsg(fd, message, flags);
    len = message->msg_iov->iov_len;
    if (!control)
        return send_record(CUB_APPLICATION_DATA, message->msg_iov->iov_base,
                           len < 1000 ? len : 1000);
    cr_assert_eq(control->cmsg_level, SOL_TLS);
    cr_assert_eq(control->cmsg_type, TLS_SET_RECORD_TYPE);
    return send_record(*CMSG_DATA(control), message->msg_iov->iov_base, len);
}

ssize_t __wrap_sendfile(int out, int in, off_t *offset, size_t count)
{
    uint8_t data[3000];
    ssize_t n;

    if (out != kernel.fd)
        return __real_sendfile(out, in, offset, count);
    n = pread(in, data, count < sizeof data ? count : sizeof data, *offset);
    if (n <= 0)
        return n;
    kernel.files++;
    *offset += n;
    return send_record(CUB_APPLICATION_DATA, data, (size_t)n);
}

/* A client and a server, on sockets that do not wait. */
struct sockets {
    int fds[2];
    cub_context *contexts[2];
    cub_conn *client, *server;
};

static void open_sockets(struct sockets *s, const char *suite, size_t limit)
{
    struct cub_wrap_options options = {.server_hostname = "server.example",
                                       .do_handshake_on_connect = CUB_NO};

    s->contexts[0] = pair_client_context();
    s->contexts[1] = pair_server_context(PKI_P256);
    cr_assert_eq(cub_context_set_options(s->contexts[1], cub_context_get_options(s->contexts[1]) |
                                                             CUB_OP_ENABLE_KTLS),
                 CUB_OK);
    if (limit)
        cr_assert_eq(cub_context_set_record_size_limit(s->contexts[0], limit), CUB_OK);
    if (suite)
        cr_assert_eq(cub_context_set_ciphersuites(s->contexts[1], suite), CUB_OK);
    if (suite)
        cr_assert_eq(cub_context_set_ciphersuites(s->contexts[0], suite), CUB_OK);
    else
        cr_assert_eq(cub_context_set_maximum_version(s->contexts[0], CUB_TLSVersion_TLSv1_2),
                     CUB_OK);
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s->fds), 0);
    cr_assert_eq(cub_context_wrap_socket(s->contexts[0], s->fds[0], &options, &s->client), CUB_OK);
    options = (struct cub_wrap_options){.server_side = true, .do_handshake_on_connect = CUB_NO};
    cr_assert_eq(cub_context_wrap_socket(s->contexts[1], s->fds[1], &options, &s->server), CUB_OK);
    for (int i = 0; i < 5; i++) {
        (void)cub_conn_do_handshake(s->client);
        (void)cub_conn_do_handshake(s->server);
    }
    cr_assert_not_null(cub_conn_version(s->client), "%s", pair_message(s->client));
    cr_assert_not_null(cub_conn_version(s->server), "%s", pair_message(s->server));
}

static void close_sockets(struct sockets *s)
{
    cub_conn_close(s->client);
    cub_conn_close(s->server);
    cub_context_free(s->contexts[0]);
    cub_context_free(s->contexts[1]);
    kernel.fd = -1;
}

/* Reads so many bytes, and checks them. */
static void expect_data(cub_conn *conn, const uint8_t *expected, size_t len)
{
    static uint8_t data[20000];
    size_t n;

    while (len) {
        cr_assert_eq(cub_conn_read(conn, data, len < sizeof data ? len : sizeof data, &n), CUB_OK,
                     "%s", pair_message(conn));
        cr_assert_gt(n, 0);
        cr_assert_arr_eq(data, expected, n);
        expected += n;
        len -= n;
    }
}

static void fill(uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        data[i] = (uint8_t)(i * 7 + i / 256);
}

static const char *const suites[] = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
                                     "TLS_CHACHA20_POLY1305_SHA256"};

Test(ktls, the_kernel_seals)
{
    static uint8_t data[10000];
    FILE *file = tmpfile();

    fill(data, sizeof data);
    fwrite(data, 1, sizeof data, file);
    fflush(file);
    kernel.has_tls = true;
    kernel.fd = -1;
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        struct sockets s;
        size_t n;
        open_sockets(&s, suites[i], 0);
        cr_assert(cub_conn_get_ktls_send(s.server), "%s", suites[i]);
        cr_expect_not(cub_conn_get_ktls_send(s.client), "did not ask");
        kernel.records = kernel.files = 0;
        cr_assert_eq(cub_conn_sendall(s.server, data, sizeof data), CUB_OK);
        cr_expect_eq(kernel.records, 10);
        expect_data(s.client, data, sizeof data);
        cr_assert_eq(cub_conn_sendfile(s.server, fileno(file), 100, 0, &n), CUB_OK, "%s",
                     pair_message(s.server));
        cr_expect_eq(n, sizeof data - 100);
        cr_expect_eq(kernel.files, 4);
        expect_data(s.client, data + 100, sizeof data - 100);
        cr_assert_eq(cub_conn_sendfile(s.server, fileno(file), 0, 3333, &n), CUB_OK);
        cr_expect_eq(n, 3333);
        expect_data(s.client, data, 3333);
        /* The other direction is as ever, its new keys included. */
        cr_assert_eq(cub_conn_key_update(s.client, false), CUB_OK);
        cr_assert_eq(cub_conn_sendall(s.client, data, 500), CUB_OK);
        expect_data(s.server, data, 500);
        /* close_notify goes out as what it is. */
        cr_expect_eq(cub_conn_unwrap(s.server), CUB_SSLWantReadError);
        cr_expect_eq(cub_conn_read(s.client, data, 1, &n), CUB_OK);
        cr_expect_eq(n, 0);
        fill(data, sizeof data);
        close_sockets(&s);
    }
    fclose(file);
}

/* A peer that asks for new keys ends the connection, if there is more to send. */
static void ask_for_new_keys(bool by_file)
{
    FILE *file = tmpfile();
    struct sockets s;
    cub_result result;
    uint8_t byte;
    size_t n;

    fwrite("abc", 1, 3, file);
    fflush(file);
    kernel.has_tls = true;
    kernel.fd = -1;
    open_sockets(&s, suites[0], 0);
    cr_assert_eq(cub_conn_key_update(s.client, true), CUB_OK);
    cr_expect_eq(cub_conn_read(s.server, &byte, 1, &n), CUB_SSLWantReadError, "owed, no more");
    if (by_file)
        result = cub_conn_sendfile(s.server, fileno(file), 0, 3, &n);
    else
        result = cub_conn_write(s.server, "abc", 3, &n);
    cr_expect_eq(result, CUB_SSLError);
    cr_expect_str_eq(cub_conn_error(s.server)->name, cub_error_info(E_OFFLOADED)->name);
    cr_expect_eq(cub_conn_read(s.client, &byte, 1, &n), CUB_SSLError);
    cr_expect_eq(cub_conn_error(s.client)->alert_received, 80);
    close_sockets(&s);
    fclose(file);
}

Test(ktls, new_keys_are_not_possible)
{
    ask_for_new_keys(false);
    ask_for_new_keys(true);
}

/* "Silently plain": without TLS in the kernel, before TLS 1.3, for ciphers and peers that it does
 * not suit. */
Test(ktls, plain_elsewhere)
{
    static const struct {
        bool has_tls;
        const char *suite;
        size_t limit;
    } rows[] = {
        {false, "TLS_AES_128_GCM_SHA256", 0   },
        {true,  NULL,                     0   },
        {true,  "TLS_AES_128_CCM_SHA256", 0   },
        {true,  "TLS_AES_128_GCM_SHA256", 1000},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sockets s;
        kernel.has_tls = rows[i].has_tls;
        kernel.fd = -1;
        open_sockets(&s, rows[i].suite, rows[i].limit);
        cr_expect_not(cub_conn_get_ktls_send(s.server), "row %zu", i);
        cr_assert_eq(cub_conn_sendall(s.server, "plain", 5), CUB_OK);
        expect_data(s.client, (const uint8_t *)"plain", 5);
        close_sockets(&s);
    }
}
