#include <string.h>

#include "crypto/bytes.h"
#include "crypto/rsa.h"

/*
 * RSASSA-PSS, from RFC 8017 sections 8.1, 9.1 and B.2.1; BearSSL 0.6 has none. The encoded message
 * is DB masked by MGF1(H) | H | bc,    DB = 00 ... 00 01 salt in as many bits as the modulus has,
 * less one.
 */
struct layout {
    size_t db_len;
    size_t pad_len;   /* zeros before the 01 */
    uint8_t top_mask; /* bits of the first byte that belong to the encoded message */
};

/* Where everything stands in a modulus of that many bits; false if it is too small. */
static bool lay_out(unsigned modulus_bits, size_t hash_size, size_t salt_len, struct layout *out)
{
    unsigned em_bits = modulus_bits - 1;
    size_t em_len = (em_bits + 7) / 8;

    if (em_len < hash_size + 2 || em_len - hash_size - 2 < salt_len)
        return false;
    out->db_len = em_len - hash_size - 1;
    out->pad_len = out->db_len - salt_len - 1;
    out->top_mask = (uint8_t)(0xff >> (8 * em_len - em_bits));
    return true;
}

/* data ^= MGF1(seed) [RFC8017-B.2.1]. */
static void mgf1_xor(const struct cub_hash *hash, const uint8_t *seed, size_t seed_len,
                     uint8_t *data, size_t len)
{
    struct cub_hash_context context;
    uint8_t block[CUB_HASH_MAX_SIZE];
    uint8_t counter[4] = {0};

    while (len > 0) {
        size_t n = len < hash->size ? len : hash->size;

        cub_hash_init(hash, &context);
        cub_hash_update(hash, &context, seed, seed_len);
        cub_hash_update(hash, &context, counter, sizeof counter);
        cub_hash_output(hash, &context, block);
        for (size_t i = 0; i < n; i++)
            data[i] ^= block[i];
        data += n;
        len -= n;
        counter[3]++; /* 512 bytes are 26 blocks at most */
    }
}

/* H = Hash(eight zeros | digest | salt). */
static void salted_hash(const struct cub_hash *hash, const uint8_t *digest, const uint8_t *salt,
                        size_t salt_len, uint8_t *out)
{
    static const uint8_t zeros[8];
    struct cub_hash_context context;

    cub_hash_init(hash, &context);
    cub_hash_update(hash, &context, zeros, sizeof zeros);
    cub_hash_update(hash, &context, digest, hash->size);
    cub_hash_update(hash, &context, salt, salt_len);
    cub_hash_output(hash, &context, out);
}

/* EMSA-PSS-VERIFY [RFC8017-9.1.2] on db_len + hash->size + 1 bytes at em, which is overwritten. */
static bool encoding_matches(const struct layout *layout, const struct cub_hash *hash,
                             const struct cub_hash *mgf_hash, const uint8_t *digest, uint8_t *em)
{
    uint8_t *h = em + layout->db_len;
    const uint8_t *salt = em + layout->pad_len + 1;
    uint8_t want[CUB_HASH_MAX_SIZE];
    uint8_t bad = (uint8_t)((em[0] & ~layout->top_mask) | (h[hash->size] ^ 0xbc));

    mgf1_xor(mgf_hash, h, hash->size, em, layout->db_len);
    em[0] &= layout->top_mask;
    for (size_t i = 0; i < layout->pad_len; i++)
        bad |= em[i];
    bad |= em[layout->pad_len] ^ 1;
    salted_hash(hash, digest, salt, (size_t)(h - salt), want);
    return !bad && cub_ct_equal(h, want, hash->size);
}

enum cub_error cub_rsa_pss_verify(const struct cub_public_key *key, const struct cub_hash *hash,
                                  const struct cub_hash *mgf_hash, size_t salt_len,
                                  const uint8_t *digest, const uint8_t *sig, size_t sig_len)
{
    uint8_t buffer[CUB_RSA_MAX_SIZE];
    uint8_t *em = buffer;
    struct layout layout;
    enum cub_error error = cub_rsa_public(key->modulus, key->exponent, sig, sig_len, buffer);

    if (error)
        return error;
    if (!lay_out(cub_rsa_bits(key->modulus), hash->size, salt_len, &layout))
        return E_CRYPTO_SIGNATURE;
    /* With 8 k + 1 bits of modulus, the encoded message is a byte shorter. */
    if (layout.db_len + hash->size + 1 < sig_len && *em++ != 0)
        return E_CRYPTO_SIGNATURE;
    return encoding_matches(&layout, hash, mgf_hash, digest, em) ? E_OK : E_CRYPTO_SIGNATURE;
}

enum cub_error cub_rsa_pss_sign(const struct cub_private_key *key, const struct cub_hash *hash,
                                const struct cub_hash *mgf_hash, size_t salt_len,
                                const struct cub_random *random, const uint8_t *digest,
                                uint8_t *sig)
{
    uint8_t buffer[CUB_RSA_MAX_SIZE] = {0};
    uint8_t *em = buffer;
    uint8_t *h;
    struct layout layout;
    enum cub_error error = cub_rsa_check(key->modulus, key->exponent);

    if (error)
        return error;
    if (!lay_out(cub_rsa_bits(key->modulus), hash->size, salt_len, &layout))
        return E_CRYPTO_KEY;
    em += key->modulus.len - (layout.db_len + hash->size + 1);
    h = em + layout.db_len;
    error = cub_random_fill(random, h - salt_len, salt_len);
    if (error)
        return error;
    /* EMSA-PSS-ENCODE [RFC8017-9.1.1] */
    em[layout.pad_len] = 1;
    salted_hash(hash, digest, h - salt_len, salt_len, h);
    mgf1_xor(mgf_hash, h, hash->size, em, layout.db_len);
    em[0] &= layout.top_mask;
    h[hash->size] = 0xbc;
    return cub_rsa_private(key, buffer, sig);
}
