#include <string.h>

#include "crypto/bytes.h"
#include "crypto/kdf.h"

void cub_hkdf_extract(const struct cub_hash *hash, const uint8_t *salt, size_t salt_len,
                      const uint8_t *ikm, size_t ikm_len, uint8_t *prk)
{
    /* HMAC pads its key with zeros: no salt and a salt of hash->size zeros are the same key. */
    cub_hmac(hash, salt, salt ? salt_len : 0, ikm, ikm_len, prk);
}

void cub_hkdf_expand(const struct cub_hash *hash, const uint8_t *prk, size_t prk_len,
                     const uint8_t *info, size_t info_len, uint8_t *okm, size_t okm_len)
{
    struct cub_hmac_key key;
    struct cub_hash_context context;
    uint8_t t[CUB_HASH_MAX_SIZE];
    size_t t_len = 0;

    /* T(n) = HMAC(PRK, T(n - 1) | info | n) [RFC5869-2.3]. */
    cub_hmac_key_init(&key, hash, prk, prk_len);
    for (uint8_t n = 1; okm_len > 0; n++) {
        cub_hmac_begin(&key, &context);
        cub_hash_update(hash, &context, t, t_len);
        cub_hash_update(hash, &context, info, info_len);
        cub_hash_update(hash, &context, &n, 1);
        cub_hmac_end(&key, &context, t);
        t_len = okm_len < hash->size ? okm_len : hash->size;
        memcpy(okm, t, t_len);
        okm += t_len;
        okm_len -= t_len;
    }
    cub_wipe(&key, sizeof key);
    cub_wipe(&context, sizeof context);
    cub_wipe(t, sizeof t);
}

/*
 * struct {
 *     uint16 length = Length;
 *     opaque label<7..255> = "tls13 " + Label;
 *     opaque context<0..255> = Context;
 * } HkdfLabel; [RFC8446-7.1]
 */
#define HEAD 9 /* bytes up to Label */
static void put_head(uint8_t head[HEAD], size_t label_len, size_t length)
{
    memcpy(head, "\0\0\0tls13 ", HEAD);
    cub_store_be16(head, (uint32_t)length);
    head[2] = (uint8_t)(HEAD - 3 + label_len);
}

/* It goes into the hash in pieces, so that nobody needs a buffer to put it together. */
void cub_hkdf_label(const struct cub_hmac_key *key, const char *label, const uint8_t *context,
                    size_t context_len, uint8_t *out, size_t out_len)
{
    const struct cub_hash *hash = key->hash;
    struct {
        struct cub_hash_context context;
        uint8_t t[CUB_HASH_MAX_SIZE];
    } w;
    size_t label_len = strlen(label);
    uint8_t head[HEAD];

    put_head(head, label_len, out_len);
    cub_hmac_begin(key, &w.context);
    cub_hash_update(hash, &w.context, head, HEAD);
    cub_hash_update(hash, &w.context, label, label_len);
    head[0] = (uint8_t)context_len;
    head[1] = 1; /* T(1), which is enough */
    cub_hash_update(hash, &w.context, &head[0], 1);
    cub_hash_update(hash, &w.context, context, context_len);
    cub_hash_update(hash, &w.context, &head[1], 1);
    cub_hmac_end(key, &w.context, w.t);
    memcpy(out, w.t, out_len);
    cub_wipe(&w, sizeof w);
}

void cub_hkdf_expand_label(const struct cub_hash *hash, const uint8_t *secret, const char *label,
                           const uint8_t *context, size_t context_len, uint8_t *out, size_t out_len)
{
    uint8_t info[HEAD + 249 + 1 + 255];
    size_t label_len = strlen(label);
    uint8_t *next = info + HEAD + label_len;

    put_head(info, label_len, out_len);
    memcpy(info + HEAD, label, label_len);
    *next++ = (uint8_t)context_len;
    if (context_len > 0)
        memcpy(next, context, context_len);
    cub_hkdf_expand(hash, secret, hash->size, info, HEAD + label_len + 1 + context_len, out,
                    out_len);
}
