/*
 * Bytes: loads and stores, and what secrets need: comparison and selection in constant
 * time, and wiping that the compiler does not remove.
 */
#ifndef CUB_CRYPTO_BYTES_H
#define CUB_CRYPTO_BYTES_H

#include <stddef.h>
#include <stdint.h>

static inline uint32_t cub_load_be16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static inline uint32_t cub_load_be24(const uint8_t *p)
{
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static inline uint32_t cub_load_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void cub_store_be16(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static inline void cub_store_be24(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 16);
    p[1] = (uint8_t)(v >> 8);
    p[2] = (uint8_t)v;
}

static inline void cub_store_be32(uint8_t *p, uint32_t v)
{
    cub_store_be16(p, v >> 16);
    cub_store_be16(p + 2, v);
}

static inline void cub_store_be64(uint8_t *p, uint64_t v)
{
    cub_store_be32(p, (uint32_t)(v >> 32));
    cub_store_be32(p + 4, (uint32_t)v);
}

static inline uint32_t cub_load_le32(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline void cub_store_le32(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
    p[2] = (uint8_t)(v >> 16);
    p[3] = (uint8_t)(v >> 24);
}

/* All ones if a == b, else 0; no branch. */
static inline uint32_t cub_ct_mask_eq(uint32_t a, uint32_t b)
{
    uint32_t d = a ^ b;
    return ((d | (0u - d)) >> 31) - 1u;
}

/* All ones if a < b, else 0; both below 2^31; no branch. */
static inline uint32_t cub_ct_mask_lt(uint32_t a, uint32_t b)
{
    return 0u - ((a - b) >> 31);
}

/* a where mask is all ones, b where it is 0. */
static inline uint32_t cub_ct_select(uint32_t mask, uint32_t a, uint32_t b)
{
    return b ^ (mask & (a ^ b));
}

/* 1 if the n bytes at a and b are equal, else 0; the time depends on n alone. */
int cub_ct_equal(const void *a, const void *b, size_t n);

/* Overwrites n bytes with zeros, even where nobody reads them afterwards. p may be NULL if n is 0.
 */
void cub_wipe(void *p, size_t n);

#endif
