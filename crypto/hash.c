#include <bearssl.h>

#include "crypto/bytes.h"
#include "crypto/hash.h"

_Static_assert(sizeof(br_sha1_context) <= CUB_HASH_MAX_CONTEXT, "SHA-1 context");
_Static_assert(sizeof(br_sha256_context) <= CUB_HASH_MAX_CONTEXT, "SHA-256 context");
_Static_assert(sizeof(br_sha512_context) <= CUB_HASH_MAX_CONTEXT, "SHA-512 context");
_Static_assert(_Alignof(br_sha512_context) <= 8, "a context is aligned to 8");

const struct cub_hash cub_sha1 = {
    .id = CUB_HASH_SHA1,
    .size = br_sha1_SIZE,
    .block_size = 64,
    .context_size = sizeof(br_sha1_context),
    .impl = &br_sha1_vtable,
};

const struct cub_hash cub_sha256 = {
    .id = CUB_HASH_SHA256,
    .size = br_sha256_SIZE,
    .block_size = 64,
    .context_size = sizeof(br_sha256_context),
    .impl = &br_sha256_vtable,
};

const struct cub_hash cub_sha384 = {
    .id = CUB_HASH_SHA384,
    .size = br_sha384_SIZE,
    .block_size = 128,
    .context_size = sizeof(br_sha384_context),
    .impl = &br_sha384_vtable,
};

const struct cub_hash cub_sha512 = {
    .id = CUB_HASH_SHA512,
    .size = br_sha512_SIZE,
    .block_size = 128,
    .context_size = sizeof(br_sha512_context),
    .impl = &br_sha512_vtable,
};

void cub_hash_init(const struct cub_hash *hash, void *context)
{
    hash->impl->init(context);
}

void cub_hash_update(const struct cub_hash *hash, void *context, const void *data, size_t len)
{
    hash->impl->update(context, data, len);
}

void cub_hash_output(const struct cub_hash *hash, const void *context, uint8_t *out)
{
    hash->impl->out(context, out);
}

void cub_hash_once(const struct cub_hash *hash, const void *data, size_t len, uint8_t *out)
{
    struct cub_hash_context context;

    cub_hash_init(hash, &context);
    cub_hash_update(hash, &context, data, len);
    cub_hash_output(hash, &context, out);
    cub_wipe(&context, sizeof context);
}
