#include <string.h>

#include "crypto/aead.h"
#include "vectors/wycheproof.h"

static const struct {
    const char *algorithm;
    size_t key_bits;
    size_t tag_bits;
    const struct cub_aead *aead;
} aeads[] = {
    {"AES-GCM",           128, 128, &cub_aes_128_gcm      },
    {"AES-GCM",           256, 128, &cub_aes_256_gcm      },
    {"AES-CCM",           128, 128, &cub_aes_128_ccm      },
    {"AES-CCM",           256, 128, &cub_aes_256_ccm      },
    {"AES-CCM",           128, 64,  &cub_aes_128_ccm_8    },
    {"AES-CCM",           256, 64,  &cub_aes_256_ccm_8    },
    {"CHACHA20-POLY1305", 256, 128, &cub_chacha20_poly1305},
};

static const struct cub_aead *find(const char *algorithm, size_t key_bits, size_t tag_bits)
{
    for (size_t i = 0; i < sizeof aeads / sizeof aeads[0]; i++)
        if (strcmp(aeads[i].algorithm, algorithm) == 0 && aeads[i].key_bits == key_bits &&
            aeads[i].tag_bits == tag_bits)
            return aeads[i].aead;
    return NULL;
}

/* Opens; where that succeeds, seals as well, and compares both ways. */
struct cub_outcome cub_wycheproof_aead(struct cub_wycheproof_test *t)
{
    size_t nonce_bits = cub_wycheproof_number(t, "ivSize");
    size_t key_bits = cub_wycheproof_number(t, "keySize");
    size_t tag_bits = cub_wycheproof_number(t, "tagSize");
    const struct cub_aead *aead = find(cub_wycheproof_text(t, "algorithm"), key_bits, tag_bits);
    struct cub_view bytes = cub_wycheproof_bytes(t, "key");
    struct cub_view nonce = cub_wycheproof_bytes(t, "iv");
    struct cub_view aad = cub_wycheproof_bytes(t, "aad");
    struct cub_view msg = cub_wycheproof_bytes(t, "msg");
    struct cub_view ct = cub_wycheproof_bytes(t, "ct");
    struct cub_view tag = cub_wycheproof_bytes(t, "tag");
    uint8_t *data = cub_vectors_arena_alloc(t->arena, ct.len);
    uint8_t tag_got[CUB_AEAD_MAX_TAG];
    struct cub_aead_key key;

    if (nonce_bits != 8 * CUB_AEAD_NONCE_SIZE)
        return cub_wycheproof_unsupported(t, "nonces of other than 12 bytes", "");
    if (!aead)
        return cub_wycheproof_unsupported(t, "",
                                          cub_vectors_arena_print(t->arena,
                                                                  "key of %zu, tag of %zu bits",
                                                                  key_bits, tag_bits));
    if (t->missing || bytes.len != aead->key_size || nonce.len != CUB_AEAD_NONCE_SIZE ||
        tag.len != aead->tag_size || ct.len != msg.len)
        return (struct cub_outcome){CUB_WRONG, "sizes do not agree with the group"};
    aead->init(&key, bytes.data);
    memcpy(data, ct.data, ct.len);
    if (!aead->open(&key, nonce.data, aad.data, aad.len, data, ct.len, tag.data))
        return (struct cub_outcome){CUB_REFUSED, "tag does not match"};
    if (memcmp(data, msg.data, msg.len) != 0)
        return (struct cub_outcome){CUB_WRONG, "opened to something else"};
    aead->seal(&key, nonce.data, aad.data, aad.len, data, ct.len, tag_got);
    if (memcmp(data, ct.data, ct.len) != 0 || memcmp(tag_got, tag.data, tag.len) != 0)
        return (struct cub_outcome){CUB_WRONG, "sealed to something else"};
    return (struct cub_outcome){CUB_ACCEPTED, ""};
}
