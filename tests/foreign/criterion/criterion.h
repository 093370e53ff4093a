/*
 * As much of Criterion as the unit tests of the core use, for processors that it is not at hand
 * for: each test in a process of its own.
 */
#ifndef CUB_FOREIGN_CRITERION_H
#define CUB_FOREIGN_CRITERION_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct foreign_test {
    const char *suite;
    const char *name;
    void (*run)(void);
    struct foreign_test *next;
};

void foreign_register(struct foreign_test *test);
_Noreturn void foreign_skip(void);
_Noreturn void foreign_fail(const char *file, int line, const char *what, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#define Test(suite_, name_, ...)                                                                   \
    static void suite_##_##name_##_test(void);                                                     \
    __attribute__((constructor)) static void suite_##_##name_##_register(void)                     \
    {                                                                                              \
        static struct foreign_test test = {#suite_, #name_, suite_##_##name_##_test, NULL};        \
        foreign_register(&test);                                                                   \
    }                                                                                              \
    static void suite_##_##name_##_test(void)

#define cr_assert(condition, ...)                                                                  \
    do {                                                                                           \
        if (!(condition))                                                                          \
            foreign_fail(__FILE__, __LINE__, #condition, " " __VA_ARGS__);                         \
    } while (0)
#define cr_assert_fail(...)             foreign_fail(__FILE__, __LINE__, "", " " __VA_ARGS__)
#define cr_assert_not(condition, ...)   cr_assert(!(condition), __VA_ARGS__)
#define cr_assert_null(p, ...)          cr_assert((p) == NULL, __VA_ARGS__)
#define cr_assert_not_null(p, ...)      cr_assert((p) != NULL, __VA_ARGS__)
#define cr_assert_eq(a, b, ...)         cr_assert((a) == (b), __VA_ARGS__)
#define cr_assert_neq(a, b, ...)        cr_assert((a) != (b), __VA_ARGS__)
#define cr_assert_lt(a, b, ...)         cr_assert((a) < (b), __VA_ARGS__)
#define cr_assert_leq(a, b, ...)        cr_assert((a) <= (b), __VA_ARGS__)
#define cr_assert_gt(a, b, ...)         cr_assert((a) > (b), __VA_ARGS__)
#define cr_assert_geq(a, b, ...)        cr_assert((a) >= (b), __VA_ARGS__)
#define cr_assert_str_eq(a, b, ...)     cr_assert(strcmp(a, b) == 0, __VA_ARGS__)
#define cr_assert_arr_eq(a, b, n, ...)  cr_assert(memcmp(a, b, n) == 0, __VA_ARGS__)
#define cr_assert_arr_neq(a, b, n, ...) cr_assert(memcmp(a, b, n) != 0, __VA_ARGS__)
#define cr_expect                       cr_assert
#define cr_expect_not                   cr_assert_not
#define cr_expect_null                  cr_assert_null
#define cr_expect_not_null              cr_assert_not_null
#define cr_expect_eq                    cr_assert_eq
#define cr_expect_neq                   cr_assert_neq
#define cr_expect_lt                    cr_assert_lt
#define cr_expect_leq                   cr_assert_leq
#define cr_expect_gt                    cr_assert_gt
#define cr_expect_geq                   cr_assert_geq
#define cr_expect_str_eq                cr_assert_str_eq
#define cr_expect_arr_eq                cr_assert_arr_eq
#define cr_expect_arr_neq               cr_assert_arr_neq
#define cr_log_info(...)                (void)(fprintf(stderr, __VA_ARGS__), fputc('\n', stderr))
#define cr_skip_test(...)               foreign_skip()

#endif
