#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "tests/support/hex.h"

size_t test_unhex(const char *hex, uint8_t *out, size_t max)
{
    size_t n = 0;
    unsigned byte;

    for (hex += strspn(hex, " \n"); *hex; hex += strspn(hex, " \n")) {
        cr_assert(n < max && sscanf(hex, "%2x", &byte) == 1 && hex[1], "bad hex: %s", hex);
        out[n++] = (uint8_t)byte;
        hex += 2;
    }
    return n;
}

void test_expect_hex(const char *what, const uint8_t *got, size_t n, const char *hex)
{
    static uint8_t want[1 << 16];
    size_t len = test_unhex(hex, want, sizeof want);

    cr_assert_eq(n, len, "%s: %zu bytes instead of %zu", what, n, len);
    for (size_t i = 0; i < n; i++)
        cr_assert_eq(got[i], want[i], "%s: byte %zu is %02x instead of %02x", what, i, got[i],
                     want[i]);
}
