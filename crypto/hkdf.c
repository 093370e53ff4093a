#include <string.h>

#include "crypto/bytes.h"
#include "crypto/kdf.h"

void cub_hkdf_extract(const struct cub_hash *hash, const uint8_t *salt, size_t salt_len,
                      const uint8_t *ikm, size_t ikm_len, uint8_t *prk)
{
    /* HMAC pads its key with zeros: no salt and a salt of hash->size zeros are the same key. */
    cub_hmac(hash, salt, salt ? salt_len : 0, ikm, ikm_len, prk);
}

/*
 * T(n) = HMAC(PRK, T(n - 1) | info | n) [RFC5869-2.3]. info comes in pieces, so that nobody needs a
 * buffer to put it together.
 */
struct piece {
    const void *data;
    size_t len;
};

static void expand(const struct cub_hash *hash, const uint8_t *prk, size_t prk_len,
                   const struct piece *info, size_t pieces, uint8_t *okm, size_t okm_len)
{
    struct cub_hmac_key key;
    struct cub_hash_context context;
    uint8_t t[CUB_HASH_MAX_SIZE];
    size_t t_len = 0;

    cub_hmac_key_expand(&key, hash, prk, prk_len, &context);
    for (uint8_t n = 1; okm_len > 0; n++) {
        cub_hmac_begin(&key, &context);
        cub_hash_update(hash, &context, t, t_len);
        for (size_t i = 0; i < pieces; i++)
            cub_hash_update(hash, &context, info[i].data, info[i].len);
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

void cub_hkdf_expand(const struct cub_hash *hash, const uint8_t *prk, size_t prk_len,
                     const uint8_t *info, size_t info_len, uint8_t *okm, size_t okm_len)
{
    const struct piece pieces[] = {
        {info, info_len}
    };

    expand(hash, prk, prk_len, pieces, 1, okm, okm_len);
}

void cub_hkdf_expand_label(const struct cub_hash *hash, const uint8_t *secret, const char *label,
                           const uint8_t *context, size_t context_len, uint8_t *out, size_t out_len)
{
    static const char prefix[6] = {'t', 'l', 's', '1', '3', ' '};
    size_t label_len = strlen(label);
    uint8_t head[3];
    uint8_t context_size = (uint8_t)context_len;
    /*
     * struct {
     *     uint16 length = Length;
     *     opaque label<7..255> = "tls13 " + Label;
     *     opaque context<0..255> = Context;
     * } HkdfLabel; [RFC8446-7.1]
     */
    const struct piece pieces[] = {
        {head,          sizeof head  },
        {prefix,        sizeof prefix},
        {label,         label_len    },
        {&context_size, 1            },
        {context,       context_len  },
    };

    cub_store_be16(head, (uint32_t)out_len);
    head[2] = (uint8_t)(sizeof prefix + label_len);
    expand(hash, secret, hash->size, pieces, sizeof pieces / sizeof pieces[0], out, out_len);
}
