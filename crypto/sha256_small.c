#include <string.h>

#include "crypto/bytes.h"
#include "crypto/small.h"

/* K of FIPS 180-4, section 4.2.2. */
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/*
 * One block, FIPS 180-4 section 6.2.2. The message schedule lies in memory backwards, its word 0
 * right before the state; in each round the state moves down by a word, over the one that was used.
 */
static void compress(br_sha256_context *context)
{
    uint32_t words[64 + 8];
    uint32_t *p = words + 64;

    memcpy(p, context->val, sizeof context->val);
    for (int i = 0; i < 64; i += 4)
        *--p = cub_load_be32(context->buf + i);
    for (int i = 16; i < 64; i++) {
        uint32_t x = p[14], y = p[1];

        x = cub_rotate_right(x, 7) ^ cub_rotate_right(x, 18) ^ x >> 3;
        y = cub_rotate_right(y, 17) ^ cub_rotate_right(y, 19) ^ y >> 10;
        x += y + p[6] + p[15];
        *--p = x;
    }
    p = words + 64;
    for (int i = 0; i < 64; i++) {
        uint32_t a = p[0], b = p[1], c = p[2], e = p[4], f = p[5], g = p[6];
        uint32_t t = p[7] + constants[i] + p[-1];

        t += (cub_rotate_right(e, 6) ^ cub_rotate_right(e, 11) ^ cub_rotate_right(e, 25)) +
             (g ^ (e & (f ^ g)));
        p[3] += t;
        t += (cub_rotate_right(a, 2) ^ cub_rotate_right(a, 13) ^ cub_rotate_right(a, 22)) +
             ((a & b) | (c & (a | b)));
        *--p = t;
    }
    for (int i = 0; i < 8; i++)
        context->val[i] += words[i];
}

static void init(const br_hash_class **class)
{
    static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    br_sha256_context *context = (void *)class;

    context->vtable = &cub_sha256_small;
    memcpy(context->val, initial, sizeof initial);
    context->count = 0;
}

static void update(const br_hash_class **class, const void *data, size_t len)
{
    br_sha256_context *context = (void *)class;
    size_t at = context->count % 64;

    context->count += len;
    while (len > 0) {
        size_t n = len < 64 - at ? len : 64 - at;

        memcpy(context->buf + at, data, n);
        data = (const uint8_t *)data + n;
        len -= n;
        at += n;
        if (at == 64) {
            compress(context);
            at = 0;
        }
    }
}

static uint64_t state(const br_hash_class *const *class, void *out)
{
    const br_sha256_context *context = (const void *)class;
    uint8_t *bytes = out;

    for (int i = 0; i < 8; i++)
        cub_store_be32(bytes + 4 * i, context->val[i]);
    return context->count;
}

static void set_state(const br_hash_class **class, const void *in, uint64_t count)
{
    br_sha256_context *context = (void *)class;
    const uint8_t *bytes = in;

    for (int i = 0; i < 8; i++)
        context->val[i] = cub_load_be32(bytes + 4 * i);
    context->count = count;
}

static void output(const br_hash_class *const *class, void *out)
{
    br_sha256_context copy = *(const br_sha256_context *)(const void *)class;
    size_t at = copy.count % 64;

    copy.buf[at++] = 0x80;
    memset(copy.buf + at, 0, 64 - at);
    if (at > 56) {
        compress(&copy);
        memset(copy.buf, 0, 56);
    }
    cub_store_be64(copy.buf + 56, copy.count << 3);
    compress(&copy);
    state(&copy.vtable, out);
}

const br_hash_class cub_sha256_small = {
    .context_size = sizeof(br_sha256_context),
    .desc = BR_HASHDESC_ID(br_sha256_ID) | BR_HASHDESC_OUT(32) | BR_HASHDESC_STATE(32) |
            BR_HASHDESC_LBLEN(6) | BR_HASHDESC_MD_PADDING | BR_HASHDESC_MD_PADDING_BE,
    .init = init,
    .update = update,
    .out = output,
    .state = state,
    .set_state = set_state,
};
