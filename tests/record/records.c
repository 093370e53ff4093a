#include <string.h>

#include "crypto/bytes.h"
#include "tests/record/records.h"

const struct cub_aead *const record_aeads[RECORD_AEADS] = {&cub_aes_128_gcm, &cub_aes_256_gcm,
                                                           &cub_aes_128_ccm, &cub_aes_128_ccm_8,
                                                           &cub_chacha20_poly1305};

const uint8_t record_key[CUB_AEAD_MAX_KEY] = "a key that nobody else would use";
const uint8_t record_iv[CUB_AEAD_NONCE_SIZE] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

void protect(struct cub_protection *protection, const struct cub_aead *aead)
{
    cub_protection_set(protection, &cub_record_tls13, aead, record_key, record_iv);
}

void fill(uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        p[i] = (uint8_t)(i * 7 + (i >> 8) + 1);
}

bool is_filled(const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (p[i] != (uint8_t)(i * 7 + (i >> 8) + 1))
            return false;
    }
    return true;
}

size_t seal_inner(struct cub_protection *protection, uint8_t *record, size_t len)
{
    uint8_t nonce[CUB_AEAD_NONCE_SIZE];
    size_t tag = protection->aead->tag_size;

    memcpy(nonce, protection->iv, sizeof nonce);
    for (unsigned i = 0; i < 8; i++)
        nonce[11 - i] ^= (uint8_t)(protection->sequence >> 8 * i);
    protection->sequence++;
    put_plain(record, CUB_APPLICATION_DATA, 0x0303, len + tag);
    protection->aead->seal(&protection->key, nonce, record, 5, record + 5, len, record + 5 + len);
    return 5 + len + tag;
}

size_t seal_padded(struct cub_protection *protection, uint8_t *record, uint8_t type, size_t len,
                   size_t pad)
{
    record[5 + len] = type;
    memset(record + 5 + len + 1, 0, pad);
    return seal_inner(protection, record, len + 1 + pad);
}

size_t put_plain(uint8_t *record, uint8_t type, uint16_t version, size_t len)
{
    record[0] = type;
    cub_store_be16(record + 1, version);
    cub_store_be16(record + 3, (uint32_t)len);
    return 5 + len;
}

enum cub_error open_with(struct cub_protection *protection, uint8_t *record, size_t size,
                         uint8_t *type, uint8_t **content, size_t *len)
{
    struct cub_record_in in = {.type = record[0],
                               .content = record + CUB_RECORD_HEADER,
                               .content_len = size - CUB_RECORD_HEADER,
                               .limit = CUB_RECORD_MAX_PLAINTEXT + 1,
                               .protection = *protection};
    enum cub_error err = protection->format->open != NULL ? protection->format->open(&in) : E_OK;

    *protection = in.protection;
    *type = in.type;
    *content = in.content;
    *len = in.content_len;
    return err;
}
