/*
 * Products of 256-bit numbers where a multiplication of 32-bit words with all of its product takes
 * constant time.
 */
#include "crypto/target/target.h"

void cub_target_product(uint32_t out[2 * CUB_TARGET_WORDS], const uint32_t a[CUB_TARGET_WORDS],
                        const uint32_t b[CUB_TARGET_WORDS])
{
    for (int i = 0; i < CUB_TARGET_WORDS; i++)
        out[i] = 0;
    for (int i = 0; i < CUB_TARGET_WORDS; i++) {
        uint32_t word = *a++;
        uint32_t carry = 0;

        for (int j = 0; j < CUB_TARGET_WORDS; j++) {
            uint64_t sum = (uint64_t)word * b[j] + *out + carry;
            *out++ = (uint32_t)sum;
            carry = (uint32_t)(sum >> 32);
        }
        *out = carry;
        out -= CUB_TARGET_WORDS - 1;
    }
}
