/*
 * OP_ENABLE_KTLS: the sending half of a connection in the kernel, where that knows TLS. From then
 * on the engine's records leave it unsealed: what is in them is handed to the socket, whose kernel
 * seals it, and files go out by sendfile(2) without being copied.
 */
#include "api/conn.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include "api/result.h"
#include "crypto/bytes.h"

#if __has_include(<linux/tls.h>)
#include <linux/tls.h>

#ifndef SOL_TLS
#define SOL_TLS 282
#endif

union crypto_info {
    struct tls_crypto_info info;
    struct tls12_crypto_info_aes_gcm_128 aes_128;
    struct tls12_crypto_info_aes_gcm_256 aes_256;
    struct tls12_crypto_info_chacha20_poly1305 chacha;
};

/* Writes what the kernel must know; returns its size, 0: not such a cipher. */
static size_t describe(const struct cub_sending_keys *k, union crypto_info *c)
{
    uint8_t sequence[8];

    cub_store_be32(sequence, (uint32_t)(k->sequence >> 32));
    cub_store_be32(sequence + 4, (uint32_t)k->sequence);
    memset(c, 0, sizeof *c);
    c->info.version = TLS_1_3_VERSION;
    switch (k->cipher_suite) {
    case 0x1301: /* TLS_AES_128_GCM_SHA256 */
        c->info.cipher_type = TLS_CIPHER_AES_GCM_128;
        memcpy(c->aes_128.salt, k->iv, 4);
        memcpy(c->aes_128.iv, k->iv + 4, 8);
        memcpy(c->aes_128.key, k->key, 16);
        memcpy(c->aes_128.rec_seq, sequence, 8);
        return sizeof c->aes_128;
    case 0x1302: /* TLS_AES_256_GCM_SHA384 */
        c->info.cipher_type = TLS_CIPHER_AES_GCM_256;
        memcpy(c->aes_256.salt, k->iv, 4);
        memcpy(c->aes_256.iv, k->iv + 4, 8);
        memcpy(c->aes_256.key, k->key, 32);
        memcpy(c->aes_256.rec_seq, sequence, 8);
        return sizeof c->aes_256;
    case 0x1303: /* TLS_CHACHA20_POLY1305_SHA256 */
        c->info.cipher_type = TLS_CIPHER_CHACHA20_POLY1305;
        memcpy(c->chacha.iv, k->iv, 12);
        memcpy(c->chacha.key, k->key, 32);
        memcpy(c->chacha.rec_seq, sequence, 8);
        return sizeof c->chacha;
    default:
        return 0;
    }
}

/* Hands the keys over; false, and the connection is as it was, if the kernel does not want them. */
static bool hand_over(int fd, const struct cub_sending_keys *keys)
{
    union crypto_info c;
    size_t size = describe(keys, &c);
    bool done = size && setsockopt(fd, IPPROTO_TCP, TCP_ULP, "tls", sizeof "tls") == 0 &&
                setsockopt(fd, SOL_TLS, TLS_TX, &c, (socklen_t)size) == 0;

    cub_wipe(&c, sizeof c);
    return done;
}

/* Sends what is in a record; less of application data is possible. */
static ssize_t send_content(const cub_conn *conn, uint8_t type, const uint8_t *p, size_t len)
{
    union {
        struct cmsghdr header;
        uint8_t bytes[CMSG_SPACE(1)];
    } control = {0};
    struct iovec part = {(void *)(uintptr_t)p, len};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

    if (type != CUB_APPLICATION_DATA) {
        control.header.cmsg_level = SOL_TLS;
        control.header.cmsg_type = TLS_SET_RECORD_TYPE;
        control.header.cmsg_len = CMSG_LEN(1);
        *CMSG_DATA(&control.header) = type;
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
    }
    return sendmsg(conn->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}
#else
static bool hand_over(int fd, const struct cub_sending_keys *keys)
{
    (void)fd;
    (void)keys;
    return false;
}

static ssize_t send_content(const cub_conn *conn, uint8_t type, const uint8_t *p, size_t len)
{
    (void)conn;
    (void)type;
    (void)p;
    (void)len;
    errno = ENOTSUP;
    return -1;
}
#endif

void cub_ktls_start(cub_conn *conn)
{
    struct cub_sending_keys keys;

    if (conn->ktls != KTLS_UNTRIED || !conn->over || !cub_conn_flushed(conn))
        return;
    conn->ktls = KTLS_REFUSED;
    if (conn->is_socket && (conn->settings->options & CUB_OP_ENABLE_KTLS) &&
        cub_engine_sending_keys(&conn->engine, &keys) == E_OK && hand_over(conn->fd, &keys)) {
        cub_engine_send_unsealed(&conn->engine);
        conn->ktls = KTLS_SENDS;
    }
    cub_wipe(&keys, sizeof keys);
}

bool cub_conn_get_ktls_send(const cub_conn *conn)
{
    return conn->ktls == KTLS_SENDS;
}

cub_result cub_ktls_write(cub_conn *conn, const uint8_t *record, size_t *n)
{
    size_t len = cub_load_be16(record + 3);
    ssize_t sent;

    *n = 0;
    do
        sent = send_content(conn, record[0], record + CUB_RECORD_HEADER + conn->ktls_sent,
                            len - conn->ktls_sent);
    while (sent < 0 && errno == EINTR);
    if (sent < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? CUB_SSLWantWriteError : CUB_OSError;
    conn->ktls_sent += (size_t)sent;
    if (conn->ktls_sent < len)
        return CUB_OK;
    conn->ktls_sent = 0;
    *n = CUB_RECORD_HEADER + len;
    return CUB_OK;
}

#define AT_ONCE (1u << 20) /* bytes of a file, between two looks at the clock */

cub_result cub_ktls_sendfile(cub_conn *conn, int file, uint64_t offset, size_t count, size_t *sent)
{
    int64_t deadline = cub_deadline(conn->timeout);

    while (count == 0 || *sent < count) {
        size_t want = count && count - *sent < AT_ONCE ? count - *sent : AT_ONCE;
        off_t at = (off_t)(offset + *sent);
        enum cub_error error = E_OK;
        ssize_t n;
        if (conn->timeout != 0)
            error = cub_socket_wait(conn->fd, POLLOUT, deadline, E_TIMEOUT_WRITE);
        n = error == E_OK ? sendfile(conn->fd, file, &at, want) : 0;
        if (error == E_OS || (n < 0 && errno != EINTR && errno != EAGAIN))
            return cub_report_os(&conn->details, errno);
        if (error != E_OK)
            return cub_conn_fail(conn, error);
        if (n < 0 && errno == EAGAIN && conn->timeout == 0)
            return cub_conn_fail(conn, E_WANT_WRITE);
        if (n == 0)
            break;
        *sent += n > 0 ? (size_t)n : 0;
    }
    return cub_conn_fail(conn, E_OK);
}
