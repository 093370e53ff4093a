/*
 * The CBC records of TLS 1.2: MAC, then padding, then encryption [RFC5246-6.2.3.2], and, if both
 * sides want it, encryption before the MAC [RFC7366-3].
 *
 * In the former, what is decrypted must not tell by time or by any answer but the one alert what
 * became of it: cub_cbc_check sees to that.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "crypto/cbc.h"
#include "record/record_in.h"

static const struct cub_cbc *cbc_of(const struct cub_protection *protection)
{
    return (const struct cub_cbc *)(const void *)protection->aead;
}

/* What the MAC covers before the content. */
static void make_header(const struct cub_protection *protection, const uint8_t *record, size_t len,
                        uint8_t header[CUB_CBC_HEADER])
{
    cub_store_be64(header, protection->sequence);
    memcpy(header + 8, record, 3);
    cub_store_be16(header + 11, (uint32_t)len);
}

static enum cub_error result(struct cub_record_in *in, size_t len)
{
    in->protection.sequence++;
    in->content += CUB_CBC_BLOCK;
    in->content_len = len;
    return cub_record_within(in);
}

/* MAC, then encryption. */

static enum cub_error open_cbc(struct cub_record_in *in)
{
    struct cub_protection *protection = &in->protection;
    const struct cub_cbc *cbc = cbc_of(protection);
    uint8_t *iv = in->content, *data = iv + CUB_CBC_BLOCK;
    uint8_t header[CUB_CBC_HEADER];
    size_t len = in->content_len, plain_len;

    if (len % CUB_CBC_BLOCK != 0 || len < CUB_CBC_BLOCK + (size_t)cbc->aead.tag_size + 1)
        return E_RECORD_BAD_MAC;
    len -= CUB_CBC_BLOCK;
    cub_cbc_decrypt(cbc, &protection->key, iv, data, len);
    make_header(protection, iv - CUB_RECORD_HEADER, 0, header);
    if (!cub_cbc_check(cbc, &protection->key, header, data, len, &plain_len))
        return E_RECORD_BAD_MAC;
    return result(in, plain_len);
}

/* Appends padding to a multiple of the block; the new length. */
static size_t pad(uint8_t *data, size_t len)
{
    size_t padding = CUB_CBC_BLOCK - len % CUB_CBC_BLOCK;

    memset(data + len, (int)(padding - 1), padding);
    return len + padding;
}

static size_t seal_cbc(struct cub_protection *protection, uint8_t *record, uint8_t type, size_t len)
{
    const struct cub_cbc *cbc = cbc_of(protection);
    uint8_t *iv = record + CUB_RECORD_HEADER, *data = iv + CUB_CBC_BLOCK;
    uint8_t header[CUB_CBC_HEADER];

    cub_record_header(record, type, 0);
    make_header(protection, record, len, header);
    cub_cbc_mac(cbc, &protection->key, header, data, len, data + len);
    len = pad(data, len + cbc->aead.tag_size);
    cub_cbc_iv(cbc, &protection->key, protection->sequence++, iv);
    cub_cbc_encrypt(cbc, &protection->key, iv, data, len);
    cub_record_header(record, type, CUB_CBC_BLOCK + len);
    return CUB_RECORD_HEADER + CUB_CBC_BLOCK + len;
}

/* Encryption, then MAC. */

static enum cub_error open_etm(struct cub_record_in *in)
{
    struct cub_protection *protection = &in->protection;
    const struct cub_cbc *cbc = cbc_of(protection);
    uint8_t *iv = in->content, *data = iv + CUB_CBC_BLOCK;
    uint8_t header[CUB_CBC_HEADER], mac[CUB_CBC_MAX_MAC];
    size_t len = in->content_len, size = cbc->aead.tag_size;
    uint32_t padding;

    if (len < 2 * CUB_CBC_BLOCK + size || (len - size) % CUB_CBC_BLOCK != 0)
        return E_RECORD_BAD_MAC;
    len -= size;
    make_header(protection, iv - CUB_RECORD_HEADER, len, header);
    cub_cbc_mac(cbc, &protection->key, header, iv, len, mac);
    if (!cub_ct_equal(mac, iv + len, size))
        return E_RECORD_BAD_MAC;
    len -= CUB_CBC_BLOCK;
    cub_cbc_decrypt(cbc, &protection->key, iv, data, len);
    /* Only who has the key can have it wrong. */
    if (!cub_cbc_check_padding(data, len, 0, &padding))
        return E_RECORD_BAD_MAC;
    return result(in, len - padding);
}

static size_t seal_etm(struct cub_protection *protection, uint8_t *record, uint8_t type, size_t len)
{
    const struct cub_cbc *cbc = cbc_of(protection);
    uint8_t *iv = record + CUB_RECORD_HEADER, *data = iv + CUB_CBC_BLOCK;
    uint8_t header[CUB_CBC_HEADER];

    len = pad(data, len);
    cub_cbc_iv(cbc, &protection->key, protection->sequence, iv);
    cub_cbc_encrypt(cbc, &protection->key, iv, data, len);
    len += CUB_CBC_BLOCK;
    cub_record_header(record, type, len + cbc->aead.tag_size);
    make_header(protection, record, len, header);
    cub_cbc_mac(cbc, &protection->key, header, iv, len, iv + len);
    protection->sequence++;
    return CUB_RECORD_HEADER + len + cbc->aead.tag_size;
}

static const struct cub_record_format etm = {
    .prefix = CUB_CBC_BLOCK,
    .suffix = CUB_CBC_BLOCK + CUB_CBC_MAX_MAC,
    .expansion = 2048,
    .open = open_etm,
    .seal = seal_etm,
};

const struct cub_record_format cub_record_tls12_cbc = {
    .prefix = CUB_CBC_BLOCK,
    .suffix = CUB_CBC_BLOCK + CUB_CBC_MAX_MAC,
    .expansion = 2048,
    .open = open_cbc,
    .seal = seal_cbc,
    .encrypt_then_mac = &etm,
};
