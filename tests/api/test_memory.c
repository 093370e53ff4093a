#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "api/cubtls.h"
#include "api/cub_engine.h"
#include "api/memory.h"
#include "tests/api/pair.h"

Test(memory, buffer_grows)
{
    struct cub_buffer buffer = {0};

    for (int i = 0; i < 1000; i++)
        cr_assert(cub_buffer_append(&buffer, "0123456789", 10));
    cr_expect_eq(buffer.len, 10000);
    for (size_t i = 0; i < buffer.len; i++)
        cr_assert_eq(buffer.data[i], '0' + i % 10);
    cr_expect_null(cub_buffer_reserve(&buffer, SIZE_MAX - 5), "more than there can be");
    cub_buffer_wipe(&buffer);
    cr_expect_null(buffer.data);
}

Test(memory, pool_aligns_and_zeroes)
{
    struct cub_pool pool = {0};

    for (size_t size = 0; size < 3000; size += 37) {
        uint8_t *p = cub_pool_alloc(&pool, size);
        cr_assert_not_null(p);
        cr_assert_eq((uintptr_t)p % sizeof(void *), 0);
        for (size_t i = 0; i < size; i++)
            cr_assert_eq(p[i], 0);
        memset(p, 0xff, size);
    }
    cr_expect_not(pool.failed);
    cr_expect_null(cub_pool_alloc(&pool, SIZE_MAX));
    cr_expect(pool.failed, "and is remembered");
    cub_pool_free(&pool);
}

Test(memory, arrays_do_not_wrap)
{
    void *p = cub_alloc_array(10, 10);

    cr_expect_null(cub_alloc_array(SIZE_MAX / 2, 3));
    cr_expect_not_null(p);
    cub_free(p);
    cub_free(NULL);
    cr_expect_null(cub_strdup(NULL));
}

static int live;

static void *count_allocate(void *arg, size_t size)
{
    live++;
    cr_expect_str_eq(arg, "mine");
    return malloc(size);
}

static void *count_reallocate(void *arg, void *p, size_t size)
{
    (void)arg;
    live += p == NULL;
    return realloc(p, size);
}

static void count_release(void *arg, void *p)
{
    (void)arg;
    live -= p != NULL;
    free(p);
}

Test(memory, allocator_is_replaced)
{
    static char name[] = "mine";
    const struct cub_allocator mine = {count_allocate, count_reallocate, count_release, name};
    cub_bio *bio;
    size_t n;
    char c;

    cub_set_allocator(&mine);
    cr_assert_eq(cub_bio_new(&bio), CUB_OK);
    cr_assert_eq(cub_bio_write(bio, "a", 1), CUB_OK);
    cr_expect_eq(live, 2);
    cr_assert_eq(cub_bio_read(bio, &c, 1, &n), CUB_OK);
    cub_bio_free(bio);
    cr_expect_eq(live, 0);
    cub_set_allocator(NULL);
    cr_assert_eq(cub_bio_new(&bio), CUB_OK);
    cr_expect_eq(live, 0, "back at the C library's");
    cub_bio_free(bio);
}

/* What is allocated now, in bytes: each piece knows its size. */
static size_t held;

static void *sized_reallocate(void *arg, void *p, size_t size)
{
    size_t *old = p ? (size_t *)p - 2 : NULL;
    size_t was = old ? *old : 0;
    size_t *new = realloc(old, size + 2 * sizeof *new);

    (void)arg;
    cr_assert_not_null(new);
    *new = size;
    held += size - was;
    return new + 2;
}

static void *sized_allocate(void *arg, size_t size)
{
    return sized_reallocate(arg, NULL, size);
}

static void sized_release(void *arg, void *p)
{
    (void)arg;
    if (!p)
        return;
    held -= ((size_t *)p)[-2];
    free((size_t *)p - 2);
}

/* A connection keeps its two record buffers and little more when the handshake is over. */
Test(memory, idle_connections)
{
    static const struct cub_allocator mine = {sized_allocate, sized_reallocate, sized_release,
                                              NULL};

    cub_set_allocator(&mine);
    for (int version = CUB_TLSVersion_TLSv1_2; version <= CUB_TLSVersion_TLSv1_3; version++) {
        struct pair p = {.client_context = pair_client_context(),
                         .server_context = pair_server_context(PKI_P256)};
        /* Besides the record buffers: the connection, the chain, a session, the BIOs between. */
        size_t before = held, limit = 2 * CUB_RECORD_BUFFER(16384) + 12288;
        cub_context_set_maximum_version(p.client_context, version);
        pair_connect(&p);
        cr_expect_lt(held - before, 2 * limit, "%zu bytes", held - before);
        pair_echo(p.client, p.server, "still there");
        cub_conn_key_update(p.client, true);
        pair_echo(p.client, p.server, "new keys");
        pair_echo(p.server, p.client, "and the other way");
        cr_expect_lt(held - before, 2 * limit);
        pair_close(&p);
    }
    cub_set_allocator(NULL);
}

/* A ticket that comes in small pieces, after the memory of the handshake was given back. */
Test(memory, long_tickets)
{
    struct pair p = {.client_context = pair_client_context(),
                     .server_context = pair_server_context(PKI_P256)};
    char byte;
    size_t n;

    cr_assert_eq(cub_context_set_record_size_limit(p.client_context, 64), CUB_OK);
    pair_connect(&p);
    cr_expect_eq(cub_conn_read(p.client, &byte, 1, &n), CUB_SSLWantReadError, "%s",
                 pair_message(p.client));
    cr_assert_not_null(cub_conn_get_session(p.client));
    cr_expect(cub_session_get_has_ticket(cub_conn_get_session(p.client)));
    pair_echo(p.server, p.client, "data");
    pair_close(&p);
}
