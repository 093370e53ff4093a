#include <criterion/criterion.h>

#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/cubtls.h"

/* A child that continued its parent's stream would make its keys. */
Test(entropy, differs_after_fork)
{
    uint8_t ours[32], theirs[32], first[32];
    int status, pipes[2];
    pid_t child;

    cr_assert_eq(cub_RAND_bytes(first, sizeof first), CUB_OK);
    cr_assert_eq(pipe(pipes), 0);
    child = fork();
    if (child == 0) {
        uint8_t out[32];
        bool ok = cub_RAND_bytes(out, sizeof out) == CUB_OK &&
                  write(pipes[1], out, sizeof out) == sizeof out;
        _exit(!ok);
    }
    cr_assert_eq(cub_RAND_bytes(ours, sizeof ours), CUB_OK);
    cr_assert_eq(read(pipes[0], theirs, sizeof theirs), (ssize_t)sizeof theirs);
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert_eq(status, 0);
    cr_expect_arr_neq(ours, theirs, 32);
    cr_expect_arr_neq(ours, first, 32);
}

#define DRAWS 2000

static void *draw(void *arg)
{
    uint8_t(*out)[16] = arg;

    for (int i = 0; i < DRAWS; i++)
        if (cub_RAND_bytes(out[i], 16) != CUB_OK)
            return NULL;
    return arg;
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

Test(entropy, threads_never_draw_the_same)
{
    static uint8_t out[4 * DRAWS][16];
    pthread_t threads[4];
    void *result;

    for (int i = 0; i < 4; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, draw, out + i * DRAWS), 0);
    for (int i = 0; i < 4; i++) {
        cr_assert_eq(pthread_join(threads[i], &result), 0);
        cr_assert_not_null(result);
    }
    qsort(out, 4 * DRAWS, 16, compare);
    for (int i = 1; i < 4 * DRAWS; i++)
        cr_assert_neq(memcmp(out[i - 1], out[i], 16), 0);
}

Test(entropy, bytes_of_the_caller_do_not_replace_ours)
{
    uint8_t a[32], b[32];

    cr_expect(cub_RAND_status());
    cub_RAND_add("known", 5, 0.0);
    cr_assert_eq(cub_RAND_bytes(a, sizeof a), CUB_OK);
    cub_RAND_add("known", 5, 0.0);
    cr_assert_eq(cub_RAND_bytes(b, sizeof b), CUB_OK);
    cr_expect_arr_neq(a, b, 32);
    cr_expect_eq(cub_RAND_bytes(a, 0), CUB_OK);
}
