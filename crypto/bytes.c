#include <string.h>

#include "crypto/bytes.h"

int cub_ct_equal(const void *a, const void *b, size_t n)
{
    const uint8_t *x = a;
    const uint8_t *y = b;
    uint32_t diff = 0;

    for (size_t i = 0; i < n; i++)
        diff |= (uint32_t)(x[i] ^ y[i]);
    return (int)(cub_ct_mask_eq(diff, 0) & 1u);
}

void cub_wipe(void *p, size_t n)
{
    if (n > 0)
        memset(p, 0, n);
    /* Something may read the memory here, for all the compiler knows. */
    __asm__ volatile("" : : "r"(p) : "memory");
}
