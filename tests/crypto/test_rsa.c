#include <string.h>

#include <criterion/criterion.h>

#include "crypto/rsa.h"
#include "tests/crypto/rsa_keys.h"
#include "tests/support/hex.h"
#include "tests/support/random.h"

#define KEYS (sizeof rsa_keys / sizeof rsa_keys[0])

static struct test_random state;
static const struct cub_random rng = {test_random_fill, &state};
static const uint8_t e65537[] = {1, 0, 1};
static const struct cub_hash *const hashes[] = {&cub_sha1, &cub_sha256, &cub_sha384, &cub_sha512};
#define HASHES (sizeof hashes / sizeof hashes[0])

struct pair {
    struct cub_private_key private_key;
    struct cub_public_key public_key;
    uint8_t n[512], p[257], q[257], dp[257], dq[257], iq[257];
};

static struct cub_view unhex(const char *hex, uint8_t *out, size_t max)
{
    return (struct cub_view){out, test_unhex(hex, out, max)};
}

static void load(struct pair *pair, size_t i)
{
    const struct rsa_key_hex *hex = &rsa_keys[i];
    struct cub_private_key *key = &pair->private_key;

    *key = (struct cub_private_key){.type = CUB_KEY_RSA, .modulus_bits = (uint16_t)hex->bits};
    key->modulus = unhex(hex->n, pair->n, sizeof pair->n);
    key->exponent = (struct cub_view){e65537, sizeof e65537};
    key->p = unhex(hex->p, pair->p, sizeof pair->p);
    key->q = unhex(hex->q, pair->q, sizeof pair->q);
    key->dp = unhex(hex->dp, pair->dp, sizeof pair->dp);
    key->dq = unhex(hex->dq, pair->dq, sizeof pair->dq);
    key->iq = unhex(hex->iq, pair->iq, sizeof pair->iq);
    pair->public_key = (struct cub_public_key){.type = CUB_KEY_RSA,
                                               .modulus = key->modulus,
                                               .exponent = key->exponent};
}

Test(rsa, pkcs1_signs_and_verifies)
{
    for (size_t i = 0; i < KEYS; i++) {
        struct pair pair;

        load(&pair, i);
        cr_assert_eq(cub_rsa_bits(pair.public_key.modulus), rsa_keys[i].bits);
        for (size_t h = 0; h < HASHES; h++) {
            uint8_t digest[64] = {(uint8_t)h}, sig[CUB_RSA_MAX_SIZE];
            size_t len = pair.public_key.modulus.len;

            cr_assert_eq(cub_rsa_pkcs1_sign(&pair.private_key, hashes[h], digest, sig), E_OK);
            cr_assert_eq(cub_rsa_pkcs1_verify(&pair.public_key, hashes[h], digest, sig, len), E_OK);
            cr_assert_eq(cub_rsa_pkcs1_verify(&pair.public_key, hashes[(h + 1) % HASHES], digest,
                                              sig, len),
                         E_CRYPTO_SIGNATURE);
            cr_assert_eq(cub_rsa_pkcs1_verify(&pair.public_key, hashes[h], digest, sig, len - 1),
                         E_CRYPTO_SIGNATURE);
            digest[19] ^= 1;
            cr_assert_eq(cub_rsa_pkcs1_verify(&pair.public_key, hashes[h], digest, sig, len),
                         E_CRYPTO_SIGNATURE);
        }
    }
}

/* Every salt that fits, from none to the longest. */
Test(rsa, pss_signs_and_verifies)
{
    for (size_t i = 0; i < KEYS; i++) {
        struct pair pair;

        load(&pair, i);
        for (size_t h = 0; h < HASHES; h++) {
            const struct cub_hash *hash = hashes[h], *mgf = hashes[(h + i) % HASHES];
            size_t len = pair.public_key.modulus.len;
            size_t em_len = (rsa_keys[i].bits + 6) / 8;
            size_t salts[] = {0, hash->size, em_len - hash->size - 2, em_len - hash->size - 1};
            uint8_t digest[64] = {(uint8_t)h}, sig[CUB_RSA_MAX_SIZE];

            for (size_t s = 0; s < 4; s++) {
                bool fits = salts[s] + hash->size + 2 <= em_len;

                cr_assert_eq(cub_rsa_pss_sign(&pair.private_key, hash, mgf, salts[s], &rng, digest,
                                              sig),
                             fits ? E_OK : E_CRYPTO_KEY);
                if (!fits) {
                    cr_assert_eq(cub_rsa_pss_verify(&pair.public_key, hash, mgf, salts[s], digest,
                                                    sig, len),
                                 E_CRYPTO_SIGNATURE);
                    continue;
                }
                cr_assert_eq(cub_rsa_pss_verify(&pair.public_key, hash, mgf, salts[s], digest, sig,
                                                len),
                             E_OK, "%u bits, salt %zu", rsa_keys[i].bits, salts[s]);
                cr_assert_eq(cub_rsa_pss_verify(&pair.public_key, hash, mgf, salts[s] + 1, digest,
                                                sig, len),
                             E_CRYPTO_SIGNATURE);
                cr_assert_eq(cub_rsa_pss_verify(&pair.public_key, hash,
                                                hashes[(h + i + 1) % HASHES], salts[s], digest, sig,
                                                len),
                             E_CRYPTO_SIGNATURE);
                digest[0] ^= 1;
                cr_assert_eq(cub_rsa_pss_verify(&pair.public_key, hash, mgf, salts[s], digest, sig,
                                                len),
                             E_CRYPTO_SIGNATURE);
            }
        }
    }
}

/* Each byte of the encoded message counts: encodings with one bit changed, signed as they are. */
Test(rsa, pss_every_bit_of_the_encoding_counts)
{
    for (size_t i = 1; i < 3; i++) { /* 2048, and 2049 with its extra byte */
        struct pair pair;
        uint8_t digest[32] = {9}, sig[512], em[512], changed[512], bad[512];
        size_t len;

        load(&pair, i);
        len = pair.public_key.modulus.len;
        cr_assert_eq(cub_rsa_pss_sign(&pair.private_key, &cub_sha256, &cub_sha256, 32, &rng, digest,
                                      sig),
                     E_OK);
        cr_assert_eq(cub_rsa_public(pair.public_key.modulus, pair.public_key.exponent, sig, len,
                                    em),
                     E_OK);
        for (size_t k = 0; k < len; k += k < 4 ? 1 : 37) {
            memcpy(changed, em, len);
            changed[k] ^= (uint8_t)(i == 2 && k == 0 ? 1 : k == 0 ? 0x40 : 1u << (k & 7));
            if (memcmp(changed, pair.n, len) >= 0)
                continue;
            cr_assert_eq(cub_rsa_private(&pair.private_key, changed, bad), E_OK);
            cr_assert_eq(cub_rsa_pss_verify(&pair.public_key, &cub_sha256, &cub_sha256, 32, digest,
                                            bad, len),
                         E_CRYPTO_SIGNATURE, "byte %zu", k);
        }
    }
}

Test(rsa, pkcs1_every_byte_of_the_encoding_counts)
{
    struct pair pair;
    uint8_t digest[32] = {9}, sig[256], em[256], bad[256];

    load(&pair, 1);
    cr_assert_eq(cub_rsa_pkcs1_sign(&pair.private_key, &cub_sha256, digest, sig), E_OK);
    cr_assert_eq(cub_rsa_public(pair.public_key.modulus, pair.public_key.exponent, sig, 256, em),
                 E_OK);
    for (size_t k = 0; k < 256; k++) {
        em[k] ^= 1;
        cr_assert_eq(cub_rsa_private(&pair.private_key, em, bad), E_OK);
        cr_assert_eq(cub_rsa_pkcs1_verify(&pair.public_key, &cub_sha256, digest, bad, 256),
                     E_CRYPTO_SIGNATURE, "byte %zu", k);
        em[k] ^= 1;
    }
}

/* Broken factors: the result is checked before it leaves. */
Test(rsa, a_fault_gives_no_signature)
{
    struct pair pair;
    uint8_t digest[32] = {1}, sig[CUB_RSA_MAX_SIZE];
    uint8_t zero[CUB_RSA_MAX_SIZE] = {0};

    load(&pair, 1);
    cr_assert_eq(cub_rsa_check_private(&pair.private_key), E_OK);
    pair.dp[5] ^= 1;
    cr_assert_eq(cub_rsa_pkcs1_sign(&pair.private_key, &cub_sha256, digest, sig), E_CRYPTO_KEY);
    cr_assert(memcmp(sig, zero, 256) == 0, "nothing of the wrong result is left");
    pair.dp[5] ^= 1;
    pair.q[9] ^= 2;
    cr_assert_eq(cub_rsa_check_private(&pair.private_key), E_CRYPTO_KEY);
    cr_assert_eq(cub_rsa_pkcs1_sign(&pair.private_key, &cub_sha256, digest, sig), E_CRYPTO_KEY);
    pair.q[9] ^= 2;
    pair.private_key.iq.len = 0;
    cr_assert_eq(cub_rsa_check_private(&pair.private_key), E_CRYPTO_KEY);
    cr_assert_eq(cub_rsa_private(&pair.private_key, zero, sig), E_CRYPTO_KEY);
    load(&pair, 1);
    pair.private_key.type = CUB_KEY_EC_P256;
    cr_assert_eq(cub_rsa_private(&pair.private_key, zero, sig), E_CRYPTO_KEY);
}

Test(rsa, public_keys_are_checked)
{
    static const uint8_t two[] = {2}, one[] = {1}, three[] = {3};
    static const uint8_t bits64[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    static const uint8_t bits72[] = {1, 0, 0, 0, 0, 0, 0, 0, 1};
    uint8_t n[1024];
    struct cub_view modulus = {n, 128}, e = {e65537, 3};

    memset(n, 0xff, sizeof n);
    cr_assert_eq(cub_rsa_check(modulus, e), E_OK);
    modulus.len = 512;
    cr_assert_eq(cub_rsa_check(modulus, e), E_OK);
    modulus.len = 513;
    cr_assert_eq(cub_rsa_check(modulus, e), E_CRYPTO_RSA_LARGE);
    modulus.len = 1024;
    cr_assert_eq(cub_rsa_check(modulus, e), E_CRYPTO_RSA_LARGE);
    modulus.len = 127;
    cr_assert_eq(cub_rsa_check(modulus, e), E_CRYPTO_RSA_SMALL);
    modulus.len = 0;
    cr_assert_eq(cub_rsa_check(modulus, e), E_CRYPTO_RSA_SMALL);
    cr_assert_eq(cub_rsa_bits(modulus), 0);
    modulus.len = 128;
    n[0] = 0x7f;
    cr_assert_eq(cub_rsa_check(modulus, e), E_CRYPTO_RSA_SMALL);
    n[0] = 0;
    cr_assert_eq(cub_rsa_check(modulus, e), E_CRYPTO_RSA_MODULUS);
    n[0] = 0xff;
    n[127] = 0xfe;
    cr_assert_eq(cub_rsa_check(modulus, e), E_CRYPTO_RSA_MODULUS);
    n[127] = 0xff;

    cr_assert_eq(cub_rsa_check(modulus, (struct cub_view){NULL, 0}), E_CRYPTO_RSA_EXPONENT);
    cr_assert_eq(cub_rsa_check(modulus, (struct cub_view){one, 1}), E_CRYPTO_RSA_EXPONENT);
    cr_assert_eq(cub_rsa_check(modulus, (struct cub_view){two, 1}), E_CRYPTO_RSA_EXPONENT);
    cr_assert_eq(cub_rsa_check(modulus, (struct cub_view){three, 1}), E_OK);
    cr_assert_eq(cub_rsa_check(modulus, (struct cub_view){bits64, 8}), E_OK);
    cr_assert_eq(cub_rsa_check(modulus, (struct cub_view){bits72, 9}), E_CRYPTO_RSA_EXPONENT);
}

/* A hash that does not fit: an error when signing, a bad signature when verifying. */
Test(rsa, small_keys_and_long_hashes)
{
    struct pair pair;
    uint8_t digest[64] = {1}, sig[128] = {0};

    load(&pair, 0); /* 1024 bits: 64 + 64 + 2 bytes do not fit into 128 */
    cr_assert_eq(cub_rsa_pss_sign(&pair.private_key, &cub_sha512, &cub_sha512, 64, &rng, digest,
                                  sig),
                 E_CRYPTO_KEY);
    cr_assert_eq(cub_rsa_pss_verify(&pair.public_key, &cub_sha512, &cub_sha512, 64, digest, sig,
                                    128),
                 E_CRYPTO_SIGNATURE);
    cr_assert_eq(cub_rsa_pkcs1_sign(&pair.private_key, &cub_sha512, digest, sig), E_OK);
}

Test(rsa, pss_tells_of_a_broken_entropy_source)
{
    struct test_random broken = {.fail = 1};
    const struct cub_random source = {test_random_fill, &broken};
    struct pair pair;
    uint8_t digest[32] = {1}, sig[256];

    load(&pair, 1);
    cr_assert_eq(cub_rsa_pss_sign(&pair.private_key, &cub_sha256, &cub_sha256, 32, &source, digest,
                                  sig),
                 E_CRYPTO_RANDOM);
}

/* The schemes: code points of RFC 8446 section 4.2.3, and which key may use which. */
static const struct {
    uint16_t id;
    uint8_t type;
    const struct cub_verify_scheme *verify;
    const struct cub_sign_scheme *sign;
} schemes[] = {
    {0x0401, CUB_KEY_RSA,     &cub_verify_rsa_pkcs1_sha256,        &cub_sign_rsa_pkcs1_sha256       },
    {0x0501, CUB_KEY_RSA,     &cub_verify_rsa_pkcs1_sha384,        &cub_sign_rsa_pkcs1_sha384       },
    {0x0601, CUB_KEY_RSA,     &cub_verify_rsa_pkcs1_sha512,        &cub_sign_rsa_pkcs1_sha512       },
    {0x0420, CUB_KEY_RSA,     &cub_verify_rsa_pkcs1_sha256_legacy, &cub_sign_rsa_pkcs1_sha256_legacy},
    {0x0520, CUB_KEY_RSA,     &cub_verify_rsa_pkcs1_sha384_legacy, &cub_sign_rsa_pkcs1_sha384_legacy},
    {0x0620, CUB_KEY_RSA,     &cub_verify_rsa_pkcs1_sha512_legacy, &cub_sign_rsa_pkcs1_sha512_legacy},
    {0x0804, CUB_KEY_RSA,     &cub_verify_rsa_pss_rsae_sha256,     &cub_sign_rsa_pss_rsae_sha256    },
    {0x0805, CUB_KEY_RSA,     &cub_verify_rsa_pss_rsae_sha384,     &cub_sign_rsa_pss_rsae_sha384    },
    {0x0806, CUB_KEY_RSA,     &cub_verify_rsa_pss_rsae_sha512,     &cub_sign_rsa_pss_rsae_sha512    },
    {0x0809, CUB_KEY_RSA_PSS, &cub_verify_rsa_pss_pss_sha256,      &cub_sign_rsa_pss_pss_sha256     },
    {0x080a, CUB_KEY_RSA_PSS, &cub_verify_rsa_pss_pss_sha384,      &cub_sign_rsa_pss_pss_sha384     },
    {0x080b, CUB_KEY_RSA_PSS, &cub_verify_rsa_pss_pss_sha512,      &cub_sign_rsa_pss_pss_sha512     },
};
#define SCHEMES (sizeof schemes / sizeof schemes[0])
#define PSS_PSS (SCHEMES - 3) /* where rsa_pss_pss_* begin */

Test(rsa, schemes_sign_and_verify_with_their_type_of_key)
{
    static const uint8_t message[] = "message";
    static const uint8_t types[] = {CUB_KEY_RSA, CUB_KEY_RSA_PSS, CUB_KEY_EC_P256};
    struct pair pair;

    load(&pair, 1);
    for (size_t i = 0; i < SCHEMES; i++) {
        uint8_t sig[CUB_SIGNATURE_MAX_SIZE];
        size_t len = 0;

        cr_assert_eq(schemes[i].verify->id, schemes[i].id);
        cr_assert_eq(schemes[i].sign->id, schemes[i].id);
        for (size_t t = 0; t < sizeof types; t++) {
            enum cub_error want = types[t] == schemes[i].type ? E_OK : E_CRYPTO_KEY;

            pair.public_key.type = pair.private_key.type = types[t];
            cr_assert_eq(cub_sign_message(schemes[i].sign, &pair.private_key, &rng, message,
                                          sizeof message, sig, &len),
                         want);
            if (!want)
                cr_assert_eq(len, 256);
            cr_assert_eq(cub_verify_message(schemes[i].verify, &pair.public_key, message,
                                            sizeof message, sig, 256),
                         want);
        }
    }
}

/* id-RSASSA-PSS keys with parameters serve one hash and a least salt [RFC4055-3.3]. */
Test(rsa, keys_bound_to_a_hash)
{
    static const uint8_t message[] = "message";
    const struct cub_hash *bound[] = {&cub_sha256, &cub_sha384, &cub_sha512};
    struct pair pair;

    load(&pair, 1);
    pair.public_key.type = pair.private_key.type = CUB_KEY_RSA_PSS;
    for (size_t h = 0; h < 3; h++) {
        for (uint8_t extra = 0; extra < 2; extra++) {
            uint8_t salt_min = (uint8_t)(bound[h]->size + extra);

            pair.public_key.pss_hash = pair.private_key.pss_hash = bound[h]->id;
            pair.public_key.pss_salt_min = pair.private_key.pss_salt_min = salt_min;
            for (size_t i = PSS_PSS; i < SCHEMES; i++) {
                enum cub_error want = i - PSS_PSS == h && !extra ? E_OK : E_CRYPTO_KEY;
                uint8_t sig[CUB_SIGNATURE_MAX_SIZE];
                size_t len;

                cr_assert_eq(cub_sign_message(schemes[i].sign, &pair.private_key, &rng, message,
                                              sizeof message, sig, &len),
                             want);
                cr_assert_eq(cub_verify_message(schemes[i].verify, &pair.public_key, message,
                                                sizeof message, sig, 256),
                             want);
            }
        }
    }
}

Test(rsa, digests_of_another_length_are_refused)
{
    uint8_t digest[64] = {0}, sig[CUB_SIGNATURE_MAX_SIZE] = {0};
    size_t len;
    struct pair pair;

    load(&pair, 1);
    for (size_t i = 0; i < 6; i++) {
        cr_assert_eq(schemes[i].sign->sign(schemes[i].sign, &pair.private_key, &rng, digest, 20,
                                           sig, &len),
                     E_CRYPTO_KEY);
        cr_assert_eq(schemes[i].verify->verify(schemes[i].verify, &pair.public_key, digest, 20, sig,
                                               256),
                     E_CRYPTO_KEY);
    }
}

Test(rsa, premaster)
{
    for (size_t i = 0; i < KEYS; i++) {
        uint8_t sent[CUB_RSA_PREMASTER], got[CUB_RSA_PREMASTER], encrypted[2][CUB_RSA_MAX_SIZE];
        static const uint8_t random_bytes[CUB_RSA_PREMASTER] = {0x5a};
        struct pair pair;
        size_t len;

        load(&pair, i);
        len = pair.public_key.modulus.len;
        memset(sent, (int)i + 1, sizeof sent);
        for (unsigned j = 0; j < 2; j++) {
            cr_assert_eq(cub_rsa_encrypt_premaster(&pair.public_key, &rng, sent, encrypted[j]),
                         E_OK);
            memcpy(got, random_bytes, sizeof got);
            cr_assert_eq(cub_rsa_decrypt_premaster(&pair.private_key, encrypted[j], len, got),
                         E_OK);
            cr_assert_arr_eq(got, sent, sizeof got);
        }
        cr_assert_neq(memcmp(encrypted[0], encrypted[1], len), 0, "the padding is random");
        /* What does not decrypt changes nothing. */
        memcpy(got, random_bytes, sizeof got);
        encrypted[0][len / 2] ^= 1;
        cr_assert_eq(cub_rsa_decrypt_premaster(&pair.private_key, encrypted[0], len, got), E_OK);
        cr_assert_arr_eq(got, random_bytes, sizeof got);
        cr_assert_eq(cub_rsa_decrypt_premaster(&pair.private_key, encrypted[1], len - 1, got),
                     E_OK);
        cr_assert_arr_eq(got, random_bytes, sizeof got);
        pair.private_key.type = CUB_KEY_EC_P256;
        cr_assert_eq(cub_rsa_decrypt_premaster(&pair.private_key, encrypted[1], len, got),
                     E_CRYPTO_KEY);
        pair.public_key.modulus.len = 100;
        cr_assert_eq(cub_rsa_encrypt_premaster(&pair.public_key, &rng, sent, encrypted[0]),
                     E_CRYPTO_RSA_SMALL);
    }
}
