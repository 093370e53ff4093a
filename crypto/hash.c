#include <bearssl.h>

#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "crypto/target/target.h"

_Static_assert(sizeof(br_sha1_context) <= CUB_HASH_MAX_CONTEXT, "SHA-1 context");
_Static_assert(sizeof(br_sha256_context) <= CUB_HASH_MAX_CONTEXT, "SHA-256 context");
_Static_assert(sizeof(br_sha512_context) <= CUB_HASH_MAX_CONTEXT, "SHA-512 context");
_Static_assert(_Alignof(br_sha512_context) <= 8, "a context is aligned to 8");

const uint8_t cub_sha256_empty[br_sha256_SIZE] = {
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
};
static const uint8_t empty384[] = {
    0x38, 0xb0, 0x60, 0xa7, 0x51, 0xac, 0x96, 0x38, 0x4c, 0xd9, 0x32, 0x7e, 0xb1, 0xb1, 0xe3, 0x6a,
    0x21, 0xfd, 0xb7, 0x11, 0x14, 0xbe, 0x07, 0x43, 0x4c, 0x0c, 0xc7, 0xbf, 0x63, 0xf6, 0xe1, 0xda,
    0x27, 0x4e, 0xde, 0xbf, 0xe7, 0x6f, 0x65, 0xfb, 0xd5, 0x1a, 0xd2, 0xf1, 0x48, 0x98, 0xb9, 0x5b,
};

/* cub_sha256 is in target/symmetric_*.c. */

const struct cub_hash cub_sha1 = {
    .id = CUB_HASH_SHA1,
    .size = br_sha1_SIZE,
    .block_size = 64,
    .context_size = sizeof(br_sha1_context),
    .impl = &br_sha1_vtable,
};

const struct cub_hash cub_sha384 = {
    .id = CUB_HASH_SHA384,
    .size = br_sha384_SIZE,
    .block_size = 128,
    .context_size = sizeof(br_sha384_context),
    .impl = &br_sha384_vtable,
    .empty = empty384,
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
