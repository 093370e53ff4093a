/*
 * Padding and MAC of decrypted records, checked as one: over the same bytes and with the same
 * accesses to memory whatever the padding says, so that who sends altered records learns nothing
 * from how long it takes to refuse them.
 */
#include "crypto/bytes.h"
#include "crypto/cbc.h"

#define MAX_PADDING 256 /* its length byte included */

uint32_t cub_cbc_check_padding(const uint8_t *data, size_t len, size_t least, uint32_t *padding)
{
    uint32_t value = data[len - 1];
    uint32_t good = ~cub_ct_mask_lt((uint32_t)(len - least), value + 1);
    size_t most = len < MAX_PADDING ? len : MAX_PADDING;

    for (uint32_t i = 1; i < most; i++) {
        uint32_t inside = ~cub_ct_mask_lt(value, i);
        good &= ~inside | cub_ct_mask_eq(data[len - 1 - i], value);
    }
    *padding = 1 + (value & good);
    return good;
}

/* Rotates the first size bytes to the left by a secret number of places, below size. */
static void rotate(uint8_t *bytes, size_t size, uint32_t places)
{
    uint8_t turned[CUB_CBC_MAX_MAC];

    for (size_t step = 1; step < size; step <<= 1, places >>= 1) {
        uint32_t turn = 0u - (places & 1);

        for (size_t i = 0; i < size; i++)
            turned[i] = bytes[(i + step) % size];
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)cub_ct_select(turn, turned[i], bytes[i]);
    }
}

/*
 * All ones if the MAC stands at data + start, where start is secret and in [min, max], else 0.
 * Bytes are gathered into a ring as they come, and the ring is turned then.
 */
static uint32_t find_mac(const uint8_t *data, size_t min, size_t max, size_t start,
                         const uint8_t *mac, size_t size)
{
    uint8_t found[CUB_CBC_MAX_MAC] = {0};
    uint32_t first = 0, place = 0;

    for (size_t i = min; i < max + size; i++) {
        uint32_t before = cub_ct_mask_lt((uint32_t)i, (uint32_t)start);
        uint32_t inside = cub_ct_mask_lt((uint32_t)i, (uint32_t)(start + size)) & ~before;

        found[place] |= (uint8_t)(data[i] & inside);
        first |= place & cub_ct_mask_eq((uint32_t)i, (uint32_t)start);
        place = place + 1 < size ? place + 1 : 0;
    }
    rotate(found, size, first);
    return 0u - (uint32_t)cub_ct_equal(found, mac, size);
}

uint32_t cub_cbc_check(const struct cub_cbc *cbc, const struct cub_aead_key *key,
                       uint8_t header[CUB_CBC_HEADER], const uint8_t *data, size_t len,
                       size_t *content_len)
{
    size_t size = cbc->aead.tag_size;
    size_t max = len - size - 1;
    size_t min = max < MAX_PADDING - 1 ? 0 : max - (MAX_PADDING - 1);
    uint8_t mac[CUB_CBC_MAX_MAC];
    uint32_t padding;
    /* Where it is wrong, the MAC is computed as if there were none [RFC5246-6.2.3.2]. */
    uint32_t good = cub_cbc_check_padding(data, len, size, &padding);

    *content_len = len - size - padding;
    cub_store_be16(header + CUB_CBC_HEADER - 2, (uint32_t)*content_len);
    cub_cbc_mac_secret_length(cbc, key, header, data, *content_len, min, max, mac);
    return good & find_mac(data, min, max, *content_len, mac, size);
}
