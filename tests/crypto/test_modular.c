#include <string.h>

#include <criterion/criterion.h>

#include "crypto/modular.h"
#include "tests/support/hex.h"
#include "tests/support/random.h"

/* Primes of the sizes of P-256, P-384 and P-521: their orders [RFC5480-2.1.1.1]. */
static const char *const primes[] = {
    "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC529"
    "73",
    "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC"
    "0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409",
};

Test(modular, a_quotient_times_its_divisor)
{
    struct test_random random = {0};

    for (size_t i = 0; i < sizeof primes / sizeof primes[0]; i++) {
        uint8_t n_bytes[CUB_EC_MAX_SIZE], bytes[CUB_EC_MAX_SIZE], want[CUB_EC_MAX_SIZE];
        size_t size = test_unhex(primes[i], n_bytes, sizeof n_bytes);
        const struct cub_number n = cub_number_load(n_bytes, size, size);

        for (int round = 0; round < 20; round++) {
            struct cub_number x, y, q;

            cr_assert_eq(test_random_fill(&random, bytes, size), E_OK);
            bytes[0] = 0;
            x = cub_number_load(bytes, size, size);
            cr_assert_eq(test_random_fill(&random, want, size), E_OK);
            want[0] = 0;
            y = cub_number_load(want, size, size);
            cub_number_divide(&y, &x, &n, bytes, size);
            q = cub_number_load(bytes, size, size);
            cr_assert_not(cub_number_reduce(&q, &n), "a quotient is below the modulus");
            cub_number_multiply(&q, &x, &n);
            cub_number_store(&q, bytes, size);
            cr_assert_eq(memcmp(bytes, want, size), 0);
        }
    }
}

Test(modular, sums_and_remainders_at_the_modulus)
{
    for (size_t i = 0; i < sizeof primes / sizeof primes[0]; i++) {
        uint8_t n_bytes[CUB_EC_MAX_SIZE];
        size_t size = test_unhex(primes[i], n_bytes, sizeof n_bytes);
        const struct cub_number n = cub_number_load(n_bytes, size, size);
        const uint8_t one_byte = 1;
        const struct cub_number one = cub_number_load(&one_byte, 1, size);
        struct cub_number a;

        n_bytes[size - 1]--; /* orders are odd */
        a = cub_number_load(n_bytes, size, size);
        cr_assert_not(cub_number_reduce(&a, &n), "n - 1");
        cub_number_add(&a, &one, &n);
        cr_assert(cub_number_is_zero(&a), "n - 1 + 1");
        a = n;
        cr_assert(cub_number_reduce(&a, &n), "n");
        cr_assert(cub_number_is_zero(&a));
        a = cub_number_load(n_bytes, size, size);
        cub_number_add(&a, &a, &n);
        cub_number_add(&a, &one, &n);
        cub_number_add(&a, &one, &n);
        cr_assert(cub_number_is_zero(&a), "n - 1 + n - 1 + 2");
    }
}
