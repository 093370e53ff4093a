#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "api/cubtls.h"
#include "api/memory.h"

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
