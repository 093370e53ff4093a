#include <string.h>

#include "crypto/kdf.h"
#include "vectors/wycheproof.h"

static const struct {
    const char *algorithm;
    const struct cub_hash *hash;
} algorithms[] = {
    {"HKDF-SHA-1",   &cub_sha1  },
    {"HKDF-SHA-256", &cub_sha256},
    {"HKDF-SHA-384", &cub_sha384},
    {"HKDF-SHA-512", &cub_sha512},
    {"HMACSHA1",     &cub_sha1  },
    {"HMACSHA256",   &cub_sha256},
    {"HMACSHA384",   &cub_sha384},
    {"HMACSHA512",   &cub_sha512},
};

static const struct cub_hash *hash_of(struct cub_wycheproof_test *t)
{
    const char *name = cub_wycheproof_text(t, "algorithm");

    for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++)
        if (strcmp(algorithms[i].algorithm, name) == 0)
            return algorithms[i].hash;
    return NULL;
}

struct cub_outcome cub_wycheproof_hkdf(struct cub_wycheproof_test *t)
{
    const struct cub_hash *hash = hash_of(t);
    struct cub_view ikm = cub_wycheproof_bytes(t, "ikm");
    struct cub_view salt = cub_wycheproof_bytes(t, "salt");
    struct cub_view info = cub_wycheproof_bytes(t, "info");
    struct cub_view okm = cub_wycheproof_bytes(t, "okm");
    size_t size = cub_wycheproof_number(t, "size");
    uint8_t *got = cub_vectors_arena_alloc(t->arena, size);
    uint8_t prk[CUB_HASH_MAX_SIZE];

    if (!hash)
        return cub_wycheproof_unsupported(t, cub_wycheproof_text(t, "algorithm"), "");
    if (size > cub_hkdf_max(hash))
        return (struct cub_outcome){CUB_REFUSED, "longer than cub_hkdf_max"};
    cub_hkdf_extract(hash, salt.data, salt.len, ikm.data, ikm.len, prk);
    cub_hkdf_expand(hash, prk, hash->size, info.data, info.len, got, size);
    if (okm.len != size || memcmp(got, okm.data, size) != 0)
        return (struct cub_outcome){CUB_WRONG, "another output"};
    return (struct cub_outcome){CUB_ACCEPTED, ""};
}

/* Tags may be the beginning of the HMAC. */
struct cub_outcome cub_wycheproof_hmac(struct cub_wycheproof_test *t)
{
    const struct cub_hash *hash = hash_of(t);
    struct cub_view key = cub_wycheproof_bytes(t, "key");
    struct cub_view msg = cub_wycheproof_bytes(t, "msg");
    struct cub_view tag = cub_wycheproof_bytes(t, "tag");
    uint8_t got[CUB_HASH_MAX_SIZE];

    if (!hash)
        return cub_wycheproof_unsupported(t, cub_wycheproof_text(t, "algorithm"), "");
    cub_hmac(hash, key.data, key.len, msg.data, msg.len, got);
    if (tag.len * 8 != cub_wycheproof_number(t, "tagSize") || tag.len > hash->size ||
        memcmp(tag.data, got, tag.len) != 0)
        return (struct cub_outcome){CUB_REFUSED, "tag does not match"};
    return (struct cub_outcome){CUB_ACCEPTED, ""};
}
