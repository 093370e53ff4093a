/*
 * CBC records: what is sealed opens, whatever its padding, and nothing else does.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "crypto/cbc.h"
#include "tests/record/records.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct cub_cbc *const ciphers[] = {
    &cub_aes_128_cbc_sha1,   &cub_aes_256_cbc_sha1,   &cub_aes_128_cbc_sha256,
    &cub_aes_256_cbc_sha256, &cub_aes_256_cbc_sha384,
};

static uint8_t record[RECORD_ROOM], saved[RECORD_ROOM];
static struct cub_protection sender, receiver;

static void set_up(const struct cub_cbc *cbc, bool etm)
{
    const struct cub_record_format *format = &cub_record_tls12_cbc;
    uint8_t key[80];

    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)(i * 7 + 1);
    if (etm)
        format = format->encrypt_then_mac;
    cub_protection_set(&sender, format, &cbc->aead, key, record_iv);
    cub_protection_set(&receiver, format, &cbc->aead, key, record_iv);
}

static uint8_t *content_of(uint8_t *bytes)
{
    return bytes + CUB_RECORD_HEADER + CUB_CBC_BLOCK;
}

static size_t seal(size_t n)
{
    fill(content_of(record), n);
    return sender.format->seal(&sender, record, CUB_APPLICATION_DATA, n);
}

static enum cub_error open_record(size_t size, size_t *len)
{
    uint8_t *content = NULL;
    uint8_t type = 0;
    enum cub_error err = open_with(&receiver, record, size, &type, &content, len);

    if (err == E_OK) {
        cr_assert_eq(type, CUB_APPLICATION_DATA);
        cr_assert(is_filled(content, *len));
    }
    return err;
}

Test(protect_cbc, round_trip)
{
    size_t len;

    for (unsigned i = 0; i < 2 * COUNT(ciphers); i++) {
        set_up(ciphers[i / 2], i % 2);
        for (size_t n = 0; n < 600; n++) {
            size_t size = seal(n);

            cr_assert_eq(cub_load_be16(record + 3), size - CUB_RECORD_HEADER);
            cr_assert_leq(size,
                          CUB_RECORD_HEADER + sender.format->prefix + n + sender.format->suffix);
            cr_assert_eq(open_record(size, &len), E_OK, "%u, %zu bytes", i, n);
            cr_assert_eq(len, n);
        }
        cr_assert_eq(open_record(seal(CUB_RECORD_MAX_PLAINTEXT), &len), E_OK);
        cr_assert_eq(len, CUB_RECORD_MAX_PLAINTEXT);
        cr_assert_eq(receiver.sequence, 601);
        /* More than a record may hold. */
        cr_assert_eq(open_record(seal(CUB_RECORD_MAX_PLAINTEXT + 1), &len), E_RECORD_OVERFLOW);
    }
}

/* No two records have the same IV, and it is not the end of the record before. */
Test(protect_cbc, initialisation_vectors)
{
    static uint8_t seen[64][CUB_CBC_BLOCK];

    set_up(ciphers[0], false);
    for (unsigned i = 0; i < 64; i++) {
        (void)seal(32);
        memcpy(seen[i], record + CUB_RECORD_HEADER, CUB_CBC_BLOCK);
        for (unsigned j = 0; j < i; j++)
            cr_assert_neq(memcmp(seen[i], seen[j], CUB_CBC_BLOCK), 0);
    }
}

/*
 * Seals n bytes of content with so many bytes of padding behind its length byte's predecessors:
 * padding bytes in all, each with this value. wrong: a byte counted from the end that is flipped
 * before encryption; SIZE_MAX: none.
 */
static size_t seal_padding(size_t n, size_t padding, uint8_t value, size_t wrong)
{
    const struct cub_cbc *cbc = (const void *)sender.aead;
    uint8_t header[CUB_CBC_HEADER] = {0}, *data = content_of(record);
    size_t len = n + cbc->aead.tag_size + padding;

    cr_assert_eq(len % CUB_CBC_BLOCK, 0);
    fill(data, n);
    cub_store_be64(header, sender.sequence);
    cub_record_header(header + 8, CUB_APPLICATION_DATA, n);
    cub_cbc_mac(cbc, &sender.key, header, data, n, data + n);
    memset(data + n + cbc->aead.tag_size, value, padding);
    if (wrong < len)
        data[len - 1 - wrong] ^= 1;
    cub_record_header(record, CUB_APPLICATION_DATA, CUB_CBC_BLOCK + len);
    cub_cbc_iv(cbc, &sender.key, sender.sequence, record + CUB_RECORD_HEADER);
    cub_cbc_encrypt(cbc, &sender.key, record + CUB_RECORD_HEADER, data, len);
    return CUB_RECORD_HEADER + CUB_CBC_BLOCK + len;
}

/* Padding of every length that there is [RFC5246-6.2.3.2], and no byte of it or of the MAC wrong.
 */
Test(protect_cbc, padding)
{
    for (size_t c = 0; c < COUNT(ciphers); c++) {
        size_t mac = ciphers[c]->aead.tag_size;

        for (size_t padding = 1; padding <= 256; padding++) {
            size_t n = (256 - padding + 512 - mac) % CUB_CBC_BLOCK + 16 * (padding % 3);
            size_t len, size;

            set_up(ciphers[c], false);
            size = seal_padding(n, padding, (uint8_t)(padding - 1), SIZE_MAX);
            cr_assert_eq(open_record(size, &len), E_OK, "padding %zu", padding);
            cr_assert_eq(len, n);
            /* Every byte of padding and MAC, and the content's last. */
            for (size_t wrong = 0; padding % 15 == 1 && wrong < padding + mac + (n > 0); wrong++) {
                set_up(ciphers[c], false);
                size = seal_padding(n, padding, (uint8_t)(padding - 1), wrong);
                cr_assert_eq(open_record(size, &len), E_RECORD_BAD_MAC, "padding %zu, byte %zu",
                             padding, wrong);
                cr_assert_eq(receiver.sequence, 0);
            }
        }
    }
}

/* Padding that would reach into the MAC or beyond the record. */
Test(protect_cbc, padding_too_long)
{
    size_t len;

    for (size_t c = 0; c < COUNT(ciphers); c++) {
        size_t mac = ciphers[c]->aead.tag_size;
        size_t least = CUB_CBC_BLOCK - mac % CUB_CBC_BLOCK;

        for (unsigned value = 0; value < 256; value++) {
            set_up(ciphers[c], false);
            cr_assert_eq(open_record(seal_padding(0, least, (uint8_t)value, SIZE_MAX), &len),
                         value == least - 1 ? E_OK : E_RECORD_BAD_MAC);
        }
        /* Nothing but padding: 256 bytes that all say 255. */
        set_up(ciphers[c], false);
        memset(content_of(record), 255, 256);
        cub_record_header(record, CUB_APPLICATION_DATA, CUB_CBC_BLOCK + 256);
        cub_cbc_encrypt(ciphers[c], &sender.key, record + CUB_RECORD_HEADER, content_of(record),
                        256);
        cr_assert_eq(open_record(CUB_RECORD_HEADER + CUB_CBC_BLOCK + 256, &len), E_RECORD_BAD_MAC);
    }
}

/* Any bit flipped, any end cut off. */
Test(protect_cbc, tampering)
{
    for (unsigned i = 0; i < 2 * COUNT(ciphers); i++) {
        size_t size, len;

        set_up(ciphers[i / 2], i % 2);
        size = seal(45);
        memcpy(saved, record, size);
        for (size_t at = 0; at < size; at++) {
            /* The length is the caller's, and the header's version and type are the MAC's. */
            if (at == 3 || at == 4)
                continue;
            memcpy(record, saved, size);
            record[at] ^= 0x10;
            cr_assert_eq(open_record(size, &len), E_RECORD_BAD_MAC, "%u, byte %zu", i, at);
        }
        for (size_t cut = CUB_RECORD_HEADER; cut < size; cut++) {
            memcpy(record, saved, size);
            cr_assert_eq(open_record(cut, &len), E_RECORD_BAD_MAC, "%u, %zu bytes", i, cut);
        }
        memcpy(record, saved, size);
        receiver.sequence++;
        cr_assert_eq(open_record(size, &len), E_RECORD_BAD_MAC);
        receiver.sequence--;
        memcpy(record, saved, size);
        cr_assert_eq(open_record(size, &len), E_OK);
    }
}

/* The one kind of record is none of the other. */
Test(protect_cbc, kinds_differ)
{
    size_t len;

    for (unsigned etm = 0; etm < 2; etm++) {
        set_up(ciphers[0], etm);
        receiver.format = etm ? &cub_record_tls12_cbc : cub_record_tls12_cbc.encrypt_then_mac;
        for (size_t n = 0; n < 64; n++)
            cr_assert_eq(open_record(seal(n), &len), E_RECORD_BAD_MAC);
    }
}

/* With the right MAC over padding that is wrong, which only a wrong sender can make. */
Test(protect_cbc, encrypt_then_mac_padding)
{
    for (unsigned value = 0; value < 256; value++) {
        uint8_t header[CUB_CBC_HEADER] = {0}, *iv = record + CUB_RECORD_HEADER;
        uint8_t *content = NULL;
        uint8_t type;
        size_t len;
        enum cub_error err;

        set_up(ciphers[0], true);
        memset(content_of(record), (int)value, 32);
        cub_cbc_encrypt(ciphers[0], &sender.key, iv, content_of(record), 32);
        cub_record_header(record, CUB_APPLICATION_DATA, 48 + 20);
        cub_record_header(header + 8, CUB_APPLICATION_DATA, 48);
        cub_cbc_mac(ciphers[0], &sender.key, header, iv, 48, iv + 48);
        err = open_with(&receiver, record, 5 + 48 + 20, &type, &content, &len);
        cr_assert_eq(err, value < 32 ? E_OK : E_RECORD_BAD_MAC, "%u", value);
        cr_assert(err != E_OK || len == 32 - value - 1);
    }
}
