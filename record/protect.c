#include "record/record_in.h"

#include <string.h>

#include "crypto/bytes.h"

#define CLIENT_HELLO 1 /* its HandshakeType */

void cub_record_header(uint8_t *record, uint8_t type, size_t len)
{
    record[0] = type;
    cub_store_be16(record + 1, 0x0303); /* legacy_record_version */
    cub_store_be16(record + 3, (uint32_t)len);
}

static size_t seal_plaintext(struct cub_protection *protection, uint8_t *record, uint8_t type,
                             size_t len)
{
    cub_record_header(record, type, len);
    /* A first ClientHello says TLS 1.0, for those who stumble over more [RFC8446-5.1]. */
    if (protection->sequence++ == 0 && type == CUB_HANDSHAKE &&
        record[CUB_RECORD_HEADER] == CLIENT_HELLO)
        record[2] = 0x01;
    return CUB_RECORD_HEADER + len;
}

const struct cub_record_format cub_record_plaintext = {.seal = seal_plaintext};

void cub_record_nonce(struct cub_protection *protection, uint8_t nonce[CUB_AEAD_NONCE_SIZE])
{
    uint64_t sequence = protection->sequence++;

    memcpy(nonce, protection->iv, CUB_AEAD_NONCE_SIZE);
    for (unsigned i = CUB_AEAD_NONCE_SIZE - 1; i >= CUB_AEAD_NONCE_SIZE - 8; i--) {
        nonce[i] ^= (uint8_t)sequence;
        sequence >>= 8;
    }
}

static enum cub_error open_tls13(struct cub_record_in *in)
{
    struct cub_protection *protection = &in->protection;
    uint8_t nonce[CUB_AEAD_NONCE_SIZE];
    uint8_t *data = in->content;
    size_t tag_size = protection->aead->tag_size;
    size_t len = in->content_len - tag_size;

    if (in->content_len < tag_size)
        return E_RECORD_BAD_MAC;
    cub_record_nonce(protection, nonce);
    if (!protection->aead->open(&protection->key, nonce, data - CUB_RECORD_HEADER,
                                CUB_RECORD_HEADER, data, len, data + len))
        return E_RECORD_BAD_MAC;
    /* Protected records bear the opaque type application_data [RFC8446-5.2]. */
    if (in->type != CUB_APPLICATION_DATA)
        return E_RECORD_UNPROTECTED;
    /* Type and padding count too [RFC8449-4]. */
    if (len > in->limit)
        return E_RECORD_OVERFLOW;
    /* The type is the last byte that is not zero [RFC8446-5.4]. */
    do {
        if (len == 0)
            return E_RECORD_NO_TYPE;
        in->type = data[--len];
    } while (in->type == 0);
    in->content_len = len;
    return E_OK;
}

static size_t seal_tls13(struct cub_protection *protection, uint8_t *record, uint8_t type,
                         size_t len)
{
    uint8_t nonce[CUB_AEAD_NONCE_SIZE];
    uint8_t *data = record + CUB_RECORD_HEADER;
    size_t tag_size = protection->aead->tag_size;

    data[len++] = type;
    cub_record_header(record, CUB_APPLICATION_DATA, len + tag_size);
    cub_record_nonce(protection, nonce);
    protection->aead->seal(&protection->key, nonce, record, CUB_RECORD_HEADER, data, len,
                           data + len);
    return CUB_RECORD_HEADER + len + tag_size;
}

const struct cub_record_format cub_record_tls13 = {
    .suffix = 1 + CUB_AEAD_MAX_TAG,
    .expansion = 256,
    .open = open_tls13,
    .seal = seal_tls13,
};

void cub_protection_clear(struct cub_protection *protection)
{
    cub_wipe(protection, sizeof *protection);
    protection->format = &cub_record_plaintext;
}

void cub_protection_set(struct cub_protection *protection, const struct cub_record_format *format,
                        const struct cub_aead *aead, const uint8_t *key, const uint8_t *iv)
{
    cub_wipe(protection, sizeof *protection);
    protection->format = format;
    protection->aead = aead;
    memcpy(protection->iv, iv, CUB_AEAD_NONCE_SIZE);
    aead->init(&protection->key, key);
}
