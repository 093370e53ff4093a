#include "crypto/keccak.h"

/* Where a lane goes, from lane 1 on: from (x, y) to (y, 2x + 3y) [FIPS202-3.2.2], [FIPS202-3.2.3].
 */
static const uint8_t path[24] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                 15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};

/* Round constants: bit j stands for bit 2^j - 1 [FIPS202-3.2.5]. */
static const uint8_t constants[24] = {0x01, 0x1a, 0x5e, 0x70, 0x1f, 0x21, 0x79, 0x55,
                                      0x0e, 0x0c, 0x35, 0x26, 0x3f, 0x4f, 0x5d, 0x53,
                                      0x52, 0x48, 0x16, 0x66, 0x79, 0x58, 0x21, 0x74};

static uint64_t rotate(uint64_t x, unsigned n)
{
    return x << n | x >> ((64 - n) & 63);
}

static void theta(uint64_t *lane)
{
    uint64_t parity[5];

    for (unsigned x = 0; x < 5; x++)
        parity[x] = lane[x] ^ lane[x + 5] ^ lane[x + 10] ^ lane[x + 15] ^ lane[x + 20];
    for (unsigned i = 0; i < 25; i++)
        lane[i] ^= parity[(i + 4) % 5] ^ rotate(parity[(i + 1) % 5], 1);
}

/* rho and pi in one */
static void move(uint64_t *lane)
{
    uint64_t moving = lane[1];
    unsigned offset = 0;

    for (unsigned i = 0; i < 24; i++) {
        uint64_t next = lane[path[i]];

        offset += i + 1;
        lane[path[i]] = rotate(moving, offset & 63);
        moving = next;
    }
}

static void chi(uint64_t *row)
{
    uint64_t first = row[0], second = row[1];

    for (unsigned x = 0; x < 3; x++)
        row[x] ^= ~row[x + 1] & row[x + 2];
    row[3] ^= ~row[4] & first;
    row[4] ^= ~first & second;
}

static void permute(uint64_t *lane)
{
    for (unsigned round = 0; round < 24; round++) {
        theta(lane);
        move(lane);
        for (unsigned y = 0; y < 25; y += 5)
            chi(lane + y);
        for (unsigned j = 0; j < 7; j++)
            lane[0] ^= (uint64_t)(constants[round] >> j & 1) << ((1u << j) - 1);
    }
}

static void add_byte(struct cub_keccak *k, unsigned at, uint8_t byte)
{
    k->lane[at / 8] ^= (uint64_t)byte << 8 * (at % 8);
}

void cub_keccak_absorb(struct cub_keccak *k, const void *data, size_t len)
{
    const uint8_t *p = data;

    while (len-- > 0) {
        add_byte(k, k->at++, *p++);
        if (k->at == k->rate) {
            permute(k->lane);
            k->at = 0;
        }
    }
}

void cub_keccak_finish(struct cub_keccak *k, uint8_t suffix)
{
    add_byte(k, k->at, suffix);
    add_byte(k, k->rate - 1u, 0x80);
    k->at = k->rate; /* nothing is there to squeeze before the next permutation */
}

void cub_keccak_squeeze(struct cub_keccak *k, uint8_t *out, size_t len)
{
    while (len-- > 0) {
        if (k->at == k->rate) {
            permute(k->lane);
            k->at = 0;
        }
        *out++ = (uint8_t)(k->lane[k->at / 8] >> 8 * (k->at % 8));
        k->at++;
    }
}
