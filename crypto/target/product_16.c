/*
 * Products of 256-bit numbers where only the low word of a product takes constant time (Cortex-M0,
 * M3): words are multiplied by halves.
 */
#include "crypto/target/target.h"

void cub_target_product(uint32_t out[2 * CUB_TARGET_WORDS], const uint32_t a[CUB_TARGET_WORDS],
                        const uint32_t b[CUB_TARGET_WORDS])
{
    for (int i = 0; i < CUB_TARGET_WORDS; i++)
        out[i] = 0;
    for (int i = 0; i < CUB_TARGET_WORDS; i++) {
        uint32_t a_low = *a & 0xffff, a_high = *a++ >> 16;
        uint32_t carry = 0;

        for (int j = 0; j < CUB_TARGET_WORDS; j++) {
            uint32_t b_low = b[j] & 0xffff, b_high = b[j] >> 16;
            uint32_t middle = a_low * b_high;
            uint64_t sum = (uint64_t)(a_high * b_high) << 32;

            sum += (uint64_t)(a_high * b_low) << 16;
            sum += (uint64_t)middle << 16;
            sum += a_low * b_low;
            sum += *out;
            sum += carry;
            *out++ = (uint32_t)sum;
            carry = (uint32_t)(sum >> 32);
        }
        *out = carry;
        out -= CUB_TARGET_WORDS - 1;
    }
}
