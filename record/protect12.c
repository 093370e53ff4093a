/*
 * The AEAD records of TLS 1.2 [RFC5246-6.2.3.3].
 */
#include <string.h>

#include "crypto/bytes.h"
#include "record/record_in.h"

#define EXPLICIT_NONCE 8  /* bytes that GCM and CCM send [RFC5288-3] */
#define AAD_SIZE       13 /* sequence number, type, version, length */

/* The nonce of the next record. explicit_nonce NULL: none is sent, as with ChaCha20 [RFC7905-2]. */
static void make_nonce(struct cub_protection *protection, const uint8_t *explicit_nonce,
                       uint8_t *nonce)
{
    cub_record_nonce(protection, nonce);
    if (explicit_nonce == NULL)
        return;
    memcpy(nonce, protection->iv, CUB_AEAD_NONCE_SIZE - EXPLICIT_NONCE);
    memcpy(nonce + CUB_AEAD_NONCE_SIZE - EXPLICIT_NONCE, explicit_nonce, EXPLICIT_NONCE);
}

static void make_aad(const struct cub_protection *protection, const uint8_t *record, size_t len,
                     uint8_t *aad)
{
    cub_store_be64(aad, protection->sequence);
    memcpy(aad + 8, record, 3);
    cub_store_be16(aad + 11, (uint32_t)len);
}

static enum cub_error open_tls12(struct cub_record_in *in)
{
    struct cub_protection *protection = &in->protection;
    uint8_t nonce[CUB_AEAD_NONCE_SIZE];
    uint8_t aad[AAD_SIZE];
    size_t prefix = protection->format->prefix;
    size_t tag_size = protection->aead->tag_size;
    uint8_t *record = in->content - CUB_RECORD_HEADER, *data = in->content + prefix;
    size_t len = in->content_len;

    if (record[2] != 3)
        return E_RECORD_VERSION; /* not that of this connection [RFC5246-6.2.1] */
    if (len < prefix + tag_size)
        return E_RECORD_BAD_MAC;
    len -= prefix + tag_size;
    make_aad(protection, record, len, aad);
    make_nonce(protection, prefix > 0 ? record + CUB_RECORD_HEADER : NULL, nonce);
    if (!protection->aead->open(&protection->key, nonce, aad, AAD_SIZE, data, len, data + len))
        return E_RECORD_BAD_MAC;
    in->content = data;
    in->content_len = len;
    return cub_record_within(in);
}

static size_t seal_tls12(struct cub_protection *protection, uint8_t *record, uint8_t type,
                         size_t len)
{
    uint8_t nonce[CUB_AEAD_NONCE_SIZE];
    uint8_t aad[AAD_SIZE];
    size_t prefix = protection->format->prefix;
    size_t total = prefix + len + protection->aead->tag_size;
    uint8_t *data = record + CUB_RECORD_HEADER + prefix;

    cub_record_header(record, type, total);
    make_aad(protection, record, len, aad);
    /* The sequence number is a nonce that never comes twice [RFC5288-3]. */
    if (prefix > 0)
        cub_store_be64(record + CUB_RECORD_HEADER, protection->sequence);
    make_nonce(protection, prefix > 0 ? record + CUB_RECORD_HEADER : NULL, nonce);
    protection->aead->seal(&protection->key, nonce, aad, AAD_SIZE, data, len, data + len);
    return CUB_RECORD_HEADER + total;
}

const struct cub_record_format cub_record_tls12 = {
    .prefix = EXPLICIT_NONCE,
    .suffix = CUB_AEAD_MAX_TAG,
    .expansion = 2048,
    .open = open_tls12,
    .seal = seal_tls12,
};

const struct cub_record_format cub_record_tls12_chacha = {
    .suffix = CUB_AEAD_MAX_TAG,
    .expansion = 2048,
    .open = open_tls12,
    .seal = seal_tls12,
};
