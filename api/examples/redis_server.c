/*
 * A server of which any number run at the same time, on as many machines as there are: clients come
 * back to any of them, with data in their first flight, and no first flight is taken twice. What
 * they share is in Redis: sessions, and which 0-RTT data was accepted.
 *
 *   redis_server CERT KEY PORT REDIS_SOCKET
 *
 * Redis should not evict (maxmemory-policy noeviction) and keep what it has over a restart; if it
 * forgets, 0-RTT data is refused until what could be replayed is too old.
 */
#include <hiredis/hiredis.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cubtls.h>

/* One connection to Redis, for one thread at a time. */
struct redis {
    pthread_mutex_t lock;
    const char *path;
    redisContext *connection;
};

/* Connects if need be; false: there is no Redis now. */
static bool connected(struct redis *redis)
{
    const struct timeval timeout = {1, 0};

    if (redis->connection != NULL && redis->connection->err != 0) {
        redisFree(redis->connection);
        redis->connection = NULL;
    }
    if (redis->connection == NULL)
        redis->connection = redisConnectUnixWithTimeout(redis->path, timeout);
    return redis->connection != NULL && redis->connection->err == 0 &&
           redisSetTimeout(redis->connection, timeout) == REDIS_OK;
}

/* SET, whose answer is OK, or nil if NX was given and the key was there. */
static bool is_ok(redisReply *reply)
{
    bool ok = reply != NULL && reply->type == REDIS_REPLY_STATUS && strcmp(reply->str, "OK") == 0;

    freeReplyObject(reply);
    return ok;
}

static bool put(void *arg, const void *key, size_t key_len, const void *value, size_t len,
                unsigned seconds)
{
    struct redis *redis = arg;
    bool ok;

    pthread_mutex_lock(&redis->lock);
    ok = connected(redis) && is_ok(redisCommand(redis->connection, "SET cub:session:%b %b EX %u",
                                                key, key_len, value, len, seconds));
    pthread_mutex_unlock(&redis->lock);
    return ok;
}

static bool get(void *arg, const void *key, size_t key_len, void *out, size_t size, size_t *len)
{
    struct redis *redis = arg;
    redisReply *reply = NULL;
    bool ok;

    pthread_mutex_lock(&redis->lock);
    if (connected(redis))
        reply = redisCommand(redis->connection, "GET cub:session:%b", key, key_len);
    ok = reply != NULL && reply->type == REDIS_REPLY_STRING && reply->len <= size;
    if (ok) {
        memcpy(out, reply->str, reply->len);
        *len = reply->len;
    }
    freeReplyObject(reply);
    pthread_mutex_unlock(&redis->lock);
    return ok;
}

/* Whether Redis remembers everything since a time: it notes itself when it began. */
static bool remembers(struct redis *redis, int64_t since)
{
    struct timespec now;
    redisReply *reply;
    bool ok;

    clock_gettime(CLOCK_REALTIME, &now);
    freeReplyObject(redisCommand(redis->connection, "SET cub:since %lld NX",
                                 (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000));
    reply = redisCommand(redis->connection, "GET cub:since");
    ok = reply != NULL && reply->type == REDIS_REPLY_STRING &&
         strtoll(reply->str, NULL, 10) <= since;
    freeReplyObject(reply);
    return ok;
}

static bool claim(void *arg, const void *key, size_t key_len, int64_t since, unsigned seconds)
{
    struct redis *redis = arg;
    bool ok;

    pthread_mutex_lock(&redis->lock);
    ok = connected(redis) && remembers(redis, since) &&
         is_ok(
             redisCommand(redis->connection, "SET cub:claim:%b 1 NX EX %u", key, key_len, seconds));
    pthread_mutex_unlock(&redis->lock);
    return ok;
}

static void say(const char *data, size_t len, const char *how)
{
    const char *end = memchr(data, '\n', len);

    printf("%.*s%s\n", (int)(end != NULL ? (size_t)(end - data) : len), data, how);
}

/* Echoes, and says how the data came. */
static void serve(cub_conn *conn)
{
    char data[16384];
    size_t n;

    while (cub_conn_read_early_data(conn, data, sizeof data, &n) == CUB_OK && n > 0) {
        say(data, n, " (0-RTT)");
        cub_conn_write_early_data(conn, data, n, &n);
    }
    if (cub_conn_do_handshake(conn) != CUB_OK) {
        fprintf(stderr, "%s\n", cub_conn_error(conn)->message);
        return;
    }
    printf("%s\n", cub_conn_get_session_reused(conn) ? "resumed" : "new");
    while (cub_conn_read(conn, data, sizeof data, &n) == CUB_OK && n > 0) {
        say(data, n, "");
        cub_conn_sendall(conn, data, n);
    }
    cub_conn_unwrap(conn);
}

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    return 1;
}

int main(int argc, char **argv)
{
    struct redis redis = {PTHREAD_MUTEX_INITIALIZER, argc == 5 ? argv[4] : NULL, NULL};
    const struct cub_shared_store store = {put, get, claim, &redis};
    cub_context *context;
    cub_conn *listener, *conn;
    int fd;

    if (argc != 5)
        return fail(argv[0], "wants CERT KEY PORT REDIS_SOCKET");
    if (!connected(&redis))
        return fail(argv[4], "no Redis");
    setvbuf(stdout, NULL, _IOLBF, 0);
    cub_create_default_context(CUB_Purpose_CLIENT_AUTH, NULL, NULL, NULL, 0, &context);
    if (cub_context_load_cert_chain(context, argv[1], argv[2], NULL) != CUB_OK)
        return fail(argv[1], cub_last_error(context)->message);
    /* Tickets are keys of the store: servers share nothing else. */
    cub_context_set_options(context, cub_context_get_options(context) | CUB_OP_NO_TICKET);
    cub_context_set_session_cache(context, &store);
    cub_context_set_replay_store(context, &store);
    cub_context_set_max_early_data(context, 16384);
    if (cub_create_server("localhost", (uint16_t)atoi(argv[3]), &fd, NULL) != CUB_OK)
        return fail(argv[3], "cannot listen");
    cub_context_wrap_socket(context, fd,
                            &(struct cub_wrap_options){.server_side = true,
                                                       .do_handshake_on_connect = CUB_NO},
                            &listener);
    for (;;) {
        if (cub_conn_accept(listener, &conn) == CUB_OK)
            serve(conn);
        cub_conn_close(conn);
    }
}
