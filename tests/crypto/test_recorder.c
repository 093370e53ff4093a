#include <string.h>

#include <criterion/criterion.h>

#include "crypto/recorder.h"

static uint64_t context[CUB_RECORDER_SIZE / 8];

Test(recorder, keeps_what_it_gets)
{
    struct cub_view view;

    cub_hash_init(&cub_recorder, context);
    view = cub_recorder_view(context);
    cr_assert_not_null(view.data);
    cr_assert_eq(view.len, 0);
    cub_hash_update(&cub_recorder, context, "abc", 3);
    cub_hash_update(&cub_recorder, context, "", 0);
    cub_hash_update(&cub_recorder, context, "defg", 4);
    view = cub_recorder_view(context);
    cr_assert_eq(view.len, 7);
    cr_assert_arr_eq(view.data, "abcdefg", 7);
}

/* Too much stays too much, whatever comes behind it. */
Test(recorder, too_much)
{
    static uint8_t block[CUB_RECORDER_SIZE];
    size_t kept = 0;

    cub_hash_init(&cub_recorder, context);
    while (cub_recorder_view(context).data) {
        kept = cub_recorder_view(context).len;
        cub_hash_update(&cub_recorder, context, block, 1000);
    }
    cr_assert_gt(kept, 15000);
    cub_hash_update(&cub_recorder, context, block, 1);
    cr_assert_null(cub_recorder_view(context).data);
    cub_hash_init(&cub_recorder, context);
    cub_hash_update(&cub_recorder, context, block, CUB_RECORDER_SIZE - 2 * sizeof(void *));
    cr_assert_not_null(cub_recorder_view(context).data);
    cub_hash_update(&cub_recorder, context, block, 1);
    cr_assert_null(cub_recorder_view(context).data);
}
