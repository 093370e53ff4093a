#include "handshake/schedule12.h"

#include <string.h>

#include "crypto/bytes.h"
#include "crypto/kdf.h"

void cub_master_secret(const struct cub_hash *hash, const uint8_t *premaster, size_t premaster_len,
                       const uint8_t randoms[64], uint8_t *master)
{
    cub_prf12(hash, premaster, premaster_len, "master secret", randoms, 64, master,
              CUB_MASTER_SECRET);
}

void cub_extended_master_secret(const struct cub_hash *hash, const uint8_t *premaster,
                                size_t premaster_len, const uint8_t *session_hash, uint8_t *master)
{
    cub_prf12(hash, premaster, premaster_len, "extended master secret", session_hash, hash->size,
              master, CUB_MASTER_SECRET);
}

void cub_key_block(const struct cub_hash *hash, const uint8_t *master, const uint8_t randoms[64],
                   uint8_t *block, size_t len)
{
    uint8_t seed[64];

    /* Here the server's random comes first [RFC5246-6.3]. */
    memcpy(seed, randoms + 32, 32);
    memcpy(seed + 32, randoms, 32);
    cub_prf12(hash, master, CUB_MASTER_SECRET, "key expansion", seed, sizeof seed, block, len);
}

void cub_verify_data12(const struct cub_hash *hash, const uint8_t *master, bool by_client,
                       const uint8_t *transcript, uint8_t *verify_data)
{
    cub_prf12(hash, master, CUB_MASTER_SECRET, by_client ? "client finished" : "server finished",
              transcript, hash->size, verify_data, CUB_VERIFY_DATA12);
}

bool cub_export12(const struct cub_hash *hash, const uint8_t *master, const uint8_t randoms[64],
                  const char *label, const uint8_t *context, size_t context_len, uint8_t *out,
                  size_t out_len)
{
    uint8_t seed[CUB_PRF12_MAX_SEED];
    size_t len = 64;

    if (strlen(label) + 64 + 2 + context_len > CUB_PRF12_MAX_SEED)
        return false;
    memcpy(seed, randoms, 64);
    if (context != NULL) {
        cub_store_be16(seed + 64, (uint32_t)context_len);
        memcpy(seed + 66, context, context_len);
        len += 2 + context_len;
    }
    cub_prf12(hash, master, CUB_MASTER_SECRET, label, seed, len, out, out_len);
    return true;
}
