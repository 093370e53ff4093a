#include "handshake/import.h"

#include "crypto/bytes.h"
#include "crypto/kdf.h"
#include "handshake/wire.h"

enum cub_error cub_imported_identity_encode(const struct cub_imported_identity *identity,
                                            uint8_t *out, size_t size, size_t *len)
{
    struct wr w;

    *len = 0;
    /* An identity must fit into pre_shared_key, with its age [RFC9258-5.1]. */
    if (identity->external_identity.len == 0 || identity->external_identity.len > 0xffff ||
        identity->context.len > 0xffff ||
        CUB_IMPORTED_IDENTITY_SIZE(identity->external_identity.len, identity->context.len) > 0xffff)
        return E_SESSION_BUFFER;
    wr_init(&w, out, size);
    wr_view(&w, 2, identity->external_identity);
    wr_view(&w, 2, identity->context);
    wr_uint(&w, 2, identity->target_protocol);
    wr_uint(&w, 2, identity->target_kdf);
    if (wr_overflow(&w))
        return E_SESSION_BUFFER;
    *len = w.pos;
    return E_OK;
}

enum cub_error cub_imported_identity_decode(struct cub_imported_identity *identity,
                                            struct cub_view bytes)
{
    struct rd r;

    rd_init(&r, bytes.data, bytes.len);
    identity->external_identity = rd_view(&r, 2, 1, 0xffff);
    identity->context = rd_view(&r, 2, 0, 0xffff);
    identity->target_protocol = rd_u16(&r);
    identity->target_kdf = rd_u16(&r);
    return rd_done(&r) ? E_OK : E_SESSION_UNKNOWN;
}

void cub_import_psk(const struct cub_hash *hash, const uint8_t *external, size_t external_len,
                    struct cub_view identity, const struct cub_hash *target_hash, uint8_t *key)
{
    uint8_t epskx[CUB_HASH_MAX_SIZE];
    uint8_t digest[CUB_HASH_MAX_SIZE];

    cub_hkdf_extract(hash, (const uint8_t *)"", 0, external, external_len, epskx);
    cub_hash_once(hash, identity.data, identity.len, digest);
    cub_hkdf_expand_label(hash, epskx, "derived psk", digest, hash->size, key, target_hash->size);
    cub_wipe(epskx, sizeof epskx);
}
