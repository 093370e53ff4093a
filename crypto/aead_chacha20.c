#include <string.h>

#include "crypto/aead.h"
#include "crypto/bytes.h"
#include "crypto/target/target.h"

/* ChaCha20-Poly1305 [RFC8439-2.8]: the expanded key is the key itself. */

static void init(struct cub_aead_key *key, const uint8_t *bytes)
{
    memcpy(key, bytes, 32);
}

/* Encrypts, then takes the tag; or takes the tag, then decrypts. */
static void run(const struct cub_aead_key *key, const uint8_t *nonce, const uint8_t *aad,
                size_t aad_len, uint8_t *data, size_t len, uint8_t *tag, int sealing)
{
    cub_target_poly1305()(key, nonce, data, len, aad, aad_len, tag, cub_target_chacha20(), sealing);
}

static void seal(const struct cub_aead_key *key, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, uint8_t *data, size_t len, uint8_t *tag)
{
    run(key, nonce, aad, aad_len, data, len, tag, 1);
}

static bool open(const struct cub_aead_key *key, const uint8_t *nonce, const uint8_t *aad,
                 size_t aad_len, uint8_t *data, size_t len, const uint8_t *tag)
{
    uint8_t want[16];

    run(key, nonce, aad, aad_len, data, len, want, 0);
    return cub_ct_equal(tag, want, sizeof want);
}

/* The sequence number ends before any limit of ChaCha20-Poly1305 [RFC8446-5.5]. */
const struct cub_aead cub_chacha20_poly1305 = {32, 16, 63, 0, init, seal, open};
