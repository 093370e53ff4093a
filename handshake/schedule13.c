#include "handshake/schedule13.h"

#include "crypto/bytes.h"
#include "crypto/kdf.h"

/* HKDF-Extract of what there may be not: zeros stand for salt and input. No suite has a hash longer
 * than SHA-384. */
static void extract(const struct cub_hash *hash, const uint8_t *salt, const uint8_t *input,
                    size_t input_len, uint8_t *secret)
{
    const uint8_t zeros[48] = {0};

    if (input_len == 0) {
        input = zeros;
        input_len = hash->size;
    }
    cub_hmac_secret(hash, salt != NULL ? salt : zeros, input, input_len, secret);
}

void cub_early_secret(const struct cub_hash *hash, const uint8_t *psk, size_t psk_len,
                      uint8_t *secret)
{
    extract(hash, NULL, psk, psk_len, secret);
}

/* HKDF-Expand-Label to another secret. */
static void expand(const struct cub_hash *hash, const uint8_t *secret, const char *label,
                   const uint8_t *context, size_t context_len, uint8_t *out)
{
    struct cub_hmac_key key;

    cub_hmac_key_set(&key, hash, secret, hash->size);
    cub_hkdf_label(&key, label, context, context_len, out, hash->size);
    cub_wipe(&key, sizeof key);
}

void cub_derive_secret(const struct cub_hash *hash, const uint8_t *secret, const char *label,
                       const uint8_t *transcript, uint8_t *out)
{
    expand(hash, secret, label, transcript, hash->size, out);
}

void cub_next_secret(const struct cub_hash *hash, uint8_t *secret, const uint8_t *input,
                     size_t input_len)
{
    cub_derive_secret(hash, secret, "derived", hash->empty, secret);
    extract(hash, secret, input, input_len, secret);
}

void cub_finished_mac(const struct cub_hash *hash, const uint8_t *base_key,
                      const uint8_t *transcript, uint8_t *out)
{
    expand(hash, base_key, "finished", NULL, 0, out);
    cub_hmac_secret(hash, out, transcript, hash->size, out);
}

void cub_traffic_keys(const struct cub_hash *hash, const struct cub_aead *aead,
                      const uint8_t *secret, uint8_t *key, uint8_t *iv)
{
    struct cub_hmac_key hmac;

    cub_hmac_key_set(&hmac, hash, secret, hash->size);
    cub_hkdf_label(&hmac, "key", NULL, 0, key, aead->key_size);
    cub_hkdf_label(&hmac, "iv", NULL, 0, iv, CUB_AEAD_NONCE_SIZE);
    cub_wipe(&hmac, sizeof hmac);
}

void cub_update_secret(const struct cub_hash *hash, uint8_t *secret)
{
    expand(hash, secret, "traffic upd", NULL, 0, secret);
}

void cub_resumption_psk(const struct cub_hash *hash, const uint8_t *secret, const uint8_t *nonce,
                        size_t nonce_len, uint8_t *psk)
{
    expand(hash, secret, "resumption", nonce, nonce_len, psk);
}

void cub_export13(const struct cub_hash *hash, const uint8_t *exporter_secret, const char *label,
                  const uint8_t *context, size_t context_len, uint8_t *out, size_t out_len)
{
    uint8_t secret[CUB_HASH_MAX_SIZE];
    uint8_t digest[CUB_HASH_MAX_SIZE];

    cub_derive_secret(hash, exporter_secret, label, hash->empty, secret);
    cub_hash_once(hash, context_len > 0 ? context : hash->empty, context_len, digest);
    cub_hkdf_expand_label(hash, secret, "exporter", digest, hash->size, out, out_len);
    cub_wipe(secret, sizeof secret);
}
