#include <string.h>

#include "crypto/aes_cbc.h"
#include "crypto/pbkdf2.h"
#include "vectors/wycheproof.h"

/* PbeWithHmacSha256AndAes_128, PBKDF2-HMACSHA256: the hash is named by its number. */
static const struct cub_hash *hash_of(struct cub_wycheproof_test *t)
{
    static const struct {
        const char *part;
        const struct cub_hash *hash;
    } names[] = {
        {"HmacSha1And",   &cub_sha1  },
        {"HmacSha256And", &cub_sha256},
        {"HmacSha384And", &cub_sha384},
        {"HmacSha512And", &cub_sha512},
        {"HMACSHA1",      &cub_sha1  },
        {"HMACSHA256",    &cub_sha256},
        {"HMACSHA384",    &cub_sha384},
        {"HMACSHA512",    &cub_sha512},
    };
    const char *algorithm = cub_wycheproof_text(t, "algorithm");

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strstr(algorithm, names[i].part))
            return names[i].hash;
    return NULL;
}

/* Whether key and IV turn ct into msg. */
static struct cub_outcome open_cbc(struct cub_wycheproof_test *t, struct cub_view key)
{
    struct cub_view iv = cub_wycheproof_bytes(t, "iv");
    struct cub_view msg = cub_wycheproof_bytes(t, "msg");
    struct cub_view ct = cub_wycheproof_bytes(t, "ct");
    uint8_t *data = cub_vectors_arena_alloc(t->arena, ct.len);
    size_t len;

    if (iv.len != CUB_AES_CBC_BLOCK)
        return cub_wycheproof_unsupported(t, "an IV of another length than 16", "");
    memcpy(data, ct.data, ct.len);
    if (cub_aes_cbc_decrypt(key.data, key.len, iv.data, data, ct.len, &len) != E_OK)
        return cub_wycheproof_error(E_CRYPTO_PADDING);
    if (len != msg.len || memcmp(data, msg.data, len) != 0)
        return (struct cub_outcome){CUB_WRONG, "another plaintext"};
    return (struct cub_outcome){CUB_ACCEPTED, ""};
}

struct cub_outcome cub_wycheproof_cbc(struct cub_wycheproof_test *t)
{
    return open_cbc(t, cub_wycheproof_bytes(t, "key"));
}

static struct cub_view derive(struct cub_wycheproof_test *t, const struct cub_hash *hash,
                              size_t len)
{
    struct cub_view password = cub_wycheproof_bytes(t, "password");
    struct cub_view salt = cub_wycheproof_bytes(t, "salt");
    uint8_t *out = cub_vectors_arena_alloc(t->arena, len);

    cub_pbkdf2(hash, password.data, password.len, salt.data, salt.len,
               (uint32_t)cub_wycheproof_number(t, "iterationCount"), out, len);
    return (struct cub_view){out, len};
}

struct cub_outcome cub_wycheproof_pbe(struct cub_wycheproof_test *t)
{
    const struct cub_hash *hash = hash_of(t);
    const char *size = strrchr(cub_wycheproof_text(t, "algorithm"), '_');
    size_t key_len = size && strcmp(size, "_256") == 0 ? 32 : 16;

    if (!hash)
        return cub_wycheproof_unsupported(t, cub_wycheproof_text(t, "algorithm"), "");
    return open_cbc(t, derive(t, hash, key_len));
}

struct cub_outcome cub_wycheproof_pbkdf2(struct cub_wycheproof_test *t)
{
    const struct cub_hash *hash = hash_of(t);
    struct cub_view expected = cub_wycheproof_bytes(t, "dk");
    size_t len = cub_wycheproof_number(t, "dkLen");

    if (!hash)
        return cub_wycheproof_unsupported(t, cub_wycheproof_text(t, "algorithm"), "");
    if (len != expected.len || memcmp(derive(t, hash, len).data, expected.data, len) != 0)
        return (struct cub_outcome){CUB_WRONG, "another key"};
    return (struct cub_outcome){CUB_ACCEPTED, ""};
}
