/*
 * One record at a time, in every format: what is sealed opens, and nothing else does.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "tests/record/records.h"

static uint8_t record[RECORD_ROOM];
static struct cub_protection sender, receiver;

static enum cub_error open_record(size_t size, uint8_t *type, uint8_t **content, size_t *len)
{
    return open_with(&receiver, record, size, type, content, len);
}

/* Seals n bytes, opens them, and says whether they came through. */
static bool passes(size_t n, uint8_t type)
{
    uint8_t *content;
    uint8_t opened;
    size_t size, len;

    fill(record + CUB_RECORD_HEADER + sender.format->prefix, n);
    size = sender.format->seal(&sender, record, type, n);
    return open_record(size, &opened, &content, &len) == E_OK && opened == type && len == n &&
           is_filled(content, len) && content >= record + CUB_RECORD_HEADER;
}

Test(protect, round_trip)
{
    for (size_t i = 0; i < RECORD_AEADS; i++) {
        protect(&sender, record_aeads[i]);
        protect(&receiver, record_aeads[i]);
        for (size_t n = 0; n < 300; n++)
            cr_assert(passes(n, CUB_APPLICATION_DATA), "%zu, %zu bytes", i, n);
        cr_assert(passes(CUB_RECORD_MAX_PLAINTEXT, CUB_APPLICATION_DATA));
        cr_assert(passes(1, CUB_HANDSHAKE));
        cr_assert(passes(2, CUB_ALERT));
        cr_assert_eq(sender.sequence, 303);
        cr_assert_eq(receiver.sequence, 303);
    }
}

Test(protect, plaintext)
{
    uint8_t *content;
    uint8_t type;
    size_t len;

    cub_protection_clear(&sender);
    memcpy(record + CUB_RECORD_HEADER, "abc", 3);
    cr_assert_eq(sender.format->seal(&sender, record, CUB_HANDSHAKE, 3), 8);
    cr_assert_arr_eq(record, "\x16\x03\x03\0\3abc", 8);
    cr_assert_eq(open_with(&sender, record, 8, &type, &content, &len), E_OK);
    cr_assert_eq(type, CUB_HANDSHAKE);
    cr_assert_eq(content, record + 5);
    cr_assert_eq(len, 3);
    /* Records are counted, for only a first ClientHello says 0x0301 [RFC8446-5.1]. */
    cr_assert_eq(sender.sequence, 1);
    memcpy(record + CUB_RECORD_HEADER, "\1bc", 3);
    sender.format->seal(&sender, record, CUB_HANDSHAKE, 3);
    cr_assert_arr_eq(record, "\x16\x03\x03\0\3", 5);
    cub_protection_clear(&sender);
    sender.format->seal(&sender, record, CUB_HANDSHAKE, 3);
    cr_assert_arr_eq(record, "\x16\x03\x01\0\3", 5);
}

/* The header of a protected record: opaque type, version, length of all that follows. */
Test(protect, header)
{
    protect(&sender, &cub_aes_128_gcm);
    cr_assert_eq(sender.format->seal(&sender, record, CUB_HANDSHAKE, 1000), 5 + 1000 + 1 + 16);
    cr_assert_arr_eq(record, "\x17\x03\x03\x03\xf9", 5);
}

/* The nonce is the iv xor the sequence number [RFC8446-5.3]: recomputed here. */
Test(protect, nonce)
{
    static const uint64_t sequences[] = {0, 1, 255, 256, 0x123456789abcdef0, UINT64_MAX - 1};
    struct cub_aead_key key;

    cub_aes_128_gcm.init(&key, record_key);
    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
        uint8_t nonce[CUB_AEAD_NONCE_SIZE];

        memcpy(nonce, record_iv, sizeof nonce);
        for (unsigned j = 0; j < 8; j++)
            nonce[4 + j] ^= (uint8_t)(sequences[i] >> (56 - 8 * j));
        protect(&sender, &cub_aes_128_gcm);
        sender.sequence = sequences[i];
        fill(record + 5, 10);
        sender.format->seal(&sender, record, CUB_APPLICATION_DATA, 10);
        cr_assert_eq(sender.sequence, sequences[i] + 1);
        cr_assert(cub_aes_128_gcm.open(&key, nonce, record, 5, record + 5, 11, record + 16));
        cr_assert(is_filled(record + 5, 10));
        cr_assert_eq(record[15], CUB_APPLICATION_DATA);
    }
}

/* Every bit of header, content, type and tag counts, and so does the place in the stream. */
Test(protect, forgery)
{
    uint8_t good[64];
    uint8_t *content;
    uint8_t type;
    size_t size, len;

    for (size_t i = 0; i < RECORD_AEADS; i++) {
        protect(&sender, record_aeads[i]);
        fill(record + 5, 20);
        size = sender.format->seal(&sender, record, CUB_APPLICATION_DATA, 20);
        memcpy(good, record, size);
        for (size_t bit = 0; bit < 8 * size; bit++) {
            protect(&receiver, record_aeads[i]);
            memcpy(record, good, size);
            record[bit / 8] ^= (uint8_t)(1 << bit % 8);
            cr_assert_eq(open_record(size, &type, &content, &len), E_RECORD_BAD_MAC, "bit %zu",
                         bit);
        }
        memcpy(record, good, size);
        receiver.sequence = 1;
        cr_assert_eq(open_record(size, &type, &content, &len), E_RECORD_BAD_MAC);
        for (size_t cut = CUB_RECORD_HEADER; cut < size; cut++) {
            protect(&receiver, record_aeads[i]);
            memcpy(record, good, size);
            cr_assert_eq(open_record(cut, &type, &content, &len), E_RECORD_BAD_MAC);
        }
    }
}

/* Padding of any length is dropped; a record of nothing else is refused [RFC8446-5.4]. */
Test(protect, padding)
{
    static const size_t pads[] = {0, 1, 2, 15, 16, 17, 255, 256, 1000};

    for (size_t i = 0; i < sizeof pads / sizeof *pads; i++) {
        uint8_t *content;
        uint8_t type;
        size_t len;

        protect(&sender, &cub_chacha20_poly1305);
        protect(&receiver, &cub_chacha20_poly1305);
        fill(record + 5, 10);
        cr_assert_eq(open_record(seal_padded(&sender, record, CUB_HANDSHAKE, 10, pads[i]), &type,
                                 &content, &len),
                     E_OK);
        cr_assert_eq(type, CUB_HANDSHAKE);
        cr_assert_eq(len, 10);
        cr_assert(is_filled(content, 10));
        /* Zeros at the end of the content are content. */
        memset(record + 5, 0, 10);
        cr_assert_eq(open_record(seal_padded(&sender, record, CUB_HANDSHAKE, 10, pads[i]), &type,
                                 &content, &len),
                     E_OK);
        cr_assert_eq(len, 10);
        cr_assert_eq(open_record(seal_padded(&sender, record, 0, 0, pads[i]), &type, &content,
                                 &len),
                     E_RECORD_NO_TYPE);
    }
    /* No type byte either. */
    protect(&sender, &cub_chacha20_poly1305);
    protect(&receiver, &cub_chacha20_poly1305);
    {
        uint8_t *content;
        uint8_t type;
        size_t len, size = seal_inner(&sender, record, 0);

        cr_assert_eq(open_record(size, &type, &content, &len), E_RECORD_NO_TYPE);
    }
}

/* TLSInnerPlaintext has at most 2^14 + 1 bytes, padding included [RFC8446-5.2]. */
Test(protect, inner_limit)
{
    uint8_t *content;
    uint8_t type;
    size_t len;

    protect(&sender, &cub_aes_256_gcm);
    protect(&receiver, &cub_aes_256_gcm);
    for (size_t n = 0; n <= 16384; n += 8192) {
        size_t pad = 16384 - n;

        cr_assert_eq(open_record(seal_padded(&sender, record, CUB_APPLICATION_DATA, n, pad), &type,
                                 &content, &len),
                     E_OK);
        cr_assert_eq(len, n);
        cr_assert_eq(open_record(seal_padded(&sender, record, CUB_APPLICATION_DATA, n, pad + 1),
                                 &type, &content, &len),
                     E_RECORD_OVERFLOW);
    }
}

/* Keys leave no trace when they are cleared. */
Test(protect, clear)
{
    static const struct cub_protection zero;

    protect(&sender, &cub_aes_256_gcm);
    cub_protection_clear(&sender);
    cr_assert_eq(sender.format, &cub_record_plaintext);
    sender.format = NULL;
    cr_assert_arr_eq((uint8_t *)&sender, (const uint8_t *)&zero, sizeof zero);
}
