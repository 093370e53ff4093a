/*
 * What touches secrets neither branches on them nor indexes memory by them. Secrets are marked
 * undefined, so that valgrind's memcheck complains of each branch and each address that depends on
 * them. Run under valgrind by constant_time.sh; a line for each check on stdout.
 */
#include <stdio.h>
#include <string.h>

#include <valgrind/memcheck.h>

#include "crypto/aead.h"
#include "crypto/bytes.h"
#include "crypto/cbc.h"
#include "crypto/dh.h"
#include "crypto/ecdsa.h"
#include "crypto/ed25519.h"
#include "crypto/group.h"
#include "crypto/kdf.h"
#include "crypto/rsa.h"
#include "crypto/small.h"
#include "tests/crypto/rsa_keys.h"
#include "tests/support/random.h"

static struct test_random state;
static const struct cub_random rng = {test_random_fill, &state};

static void secret(void *p, size_t n)
{
    (void)VALGRIND_MAKE_MEM_UNDEFINED(p, n);
}

static void public(void *p, size_t n)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(p, n);
}

/* The method itself: this must be found. */
static volatile int sink;
static void leak(void)
{
    uint8_t key = 1;

    secret(&key, 1);
    if (key)
        sink = 1;
}

static void equal(void)
{
    uint8_t a[32] = {1}, b[32] = {2};

    secret(a, sizeof a);
    sink = cub_ct_equal(a, b, sizeof a);
}

static void hkdf(void)
{
    uint8_t secret_[64] = {1}, out[64];
    static const struct cub_hash *const hashes[] = {&cub_sha256, &cub_sha384};

    for (size_t i = 0; i < 2; i++) {
        secret(secret_, sizeof secret_);
        cub_hkdf_extract(hashes[i], secret_, hashes[i]->size, secret_, 32, out);
        cub_hkdf_expand_label(hashes[i], out, "derived", secret_, 32, out, hashes[i]->size);
    }
}

/* Keys, plaintext and the tag are secret, the tag's verdict is not. */
static void aead(const struct cub_aead *aead)
{
    struct cub_aead_key key;
    uint8_t bytes[32] = {7}, nonce[12] = {1}, aad[5] = {2}, data[100] = {3}, tag[16];

    secret(bytes, sizeof bytes);
    secret(data, sizeof data);
    aead->init(&key, bytes);
    aead->seal(&key, nonce, aad, sizeof aad, data, sizeof data, tag);
    sink = aead->open(&key, nonce, aad, sizeof aad, data, sizeof data, tag);
}

static void aes_128_gcm(void)
{
    aead(&cub_aes_128_gcm);
}

static void aes_256_gcm(void)
{
    aead(&cub_aes_256_gcm);
}

static void aes_128_ccm(void)
{
    aead(&cub_aes_128_ccm);
}

static void chacha20_poly1305(void)
{
    aead(&cub_chacha20_poly1305);
}

/* Both sides; the secret is used afterwards, as a key schedule would. */
static void key_exchange(const struct cub_group *group)
{
    uint8_t private_value[CUB_GROUP_MAX_PRIVATE], share[CUB_GROUP_MAX_SHARE];
    uint8_t response[CUB_GROUP_MAX_SHARE], shared[CUB_GROUP_MAX_SECRET], prk[32];

    state.taint = secret;
    sink = (int)group->generate(group, &rng, private_value, share);
    state.taint = NULL;
    public(share, sizeof share);
    sink = (int)group->respond(group, &rng, share, group->share_size, response, shared);
    public(response, sizeof response);
    sink = (int)group->complete(group, private_value, response, group->response_size, shared);
    cub_hkdf_extract(&cub_sha256, NULL, 0, shared, group->secret_size, prk);
}

static void x25519(void)
{
    key_exchange(&cub_group_x25519);
}

static void secp256r1(void)
{
    key_exchange(&cub_group_secp256r1);
}

static void secp384r1(void)
{
    key_exchange(&cub_group_secp384r1);
}

static void secp521r1(void)
{
    key_exchange(&cub_group_secp521r1);
}

static void x25519mlkem768(void)
{
    key_exchange(&cub_group_x25519mlkem768);
}

static void ecdsa(const struct cub_sign_scheme *scheme, size_t size)
{
    uint8_t scalar[CUB_EC_MAX_SIZE], digest[64] = {9}, sig[CUB_SIGNATURE_MAX_SIZE];
    struct cub_private_key key = {
        .type = scheme->key_type, .scalar = {scalar, size}
    };
    size_t len;

    memset(scalar, 0x1f, sizeof scalar);
    scalar[0] = 1;
    secret(scalar, sizeof scalar);
    sink = (int)scheme->sign(scheme, &key, NULL, digest, scheme->hash->size, sig, &len);
}

static void ecdsa_p256(void)
{
    ecdsa(&cub_sign_ecdsa_secp256r1_sha256, 32);
}

static void ecdsa_p384(void)
{
    ecdsa(&cub_sign_ecdsa_secp384r1_sha384, 48);
}

static void ed25519(void)
{
    uint8_t seed[CUB_ED25519_SIZE] = {7}, message[50] = {9}, sig[CUB_ED25519_SIGNATURE];

    secret(seed, sizeof seed);
    cub_ed25519_sign(seed, message, sizeof message, sig);
}

static struct cub_view part(const char *hex, uint8_t *out)
{
    size_t n = strlen(hex) / 2;
    unsigned byte;

    for (size_t i = 0; i < n && sscanf(hex + 2 * i, "%2x", &byte) == 1; i++)
        out[i] = (uint8_t)byte;
    return (struct cub_view){out, n};
}

/* A key whose private parts are secret. */
static struct cub_private_key rsa_key(uint8_t n[512], uint8_t parts[5][256])
{
    static const uint8_t e[] = {1, 0, 1};
    const struct rsa_key_hex *hex = &rsa_keys[1];
    struct cub_private_key key = {
        .type = CUB_KEY_RSA,
        .modulus = part(hex->n, n),
        .exponent = {e, sizeof e},
        .p = part(hex->p, parts[0]),
        .q = part(hex->q, parts[1]),
        .dp = part(hex->dp, parts[2]),
        .dq = part(hex->dq, parts[3]),
        .iq = part(hex->iq, parts[4]),
    };

    /* The lengths of the factors are public, and BearSSL finds them by looking at the first bits.
     */
    secret(parts, 5 * sizeof parts[0]);
    public(parts[0], 8);
    public(parts[1], 8);
    return key;
}

static void rsa(const struct cub_sign_scheme *scheme)
{
    static uint8_t n[512], parts[5][256];
    struct cub_private_key key = rsa_key(n, parts);
    uint8_t digest[64] = {9}, sig[CUB_SIGNATURE_MAX_SIZE];
    size_t len;

    sink = (int)scheme->sign(scheme, &key, &rng, digest, scheme->hash->size, sig, &len);
}

static void rsa_pss(void)
{
    rsa(&cub_sign_rsa_pss_rsae_sha256);
}

static void rsa_pkcs1(void)
{
    rsa(&cub_sign_rsa_pkcs1_sha256);
}

/* What is in little code, on whichever machine. */
static void small(void)
{
    static const uint8_t iv[12] = {1};
    br_sha256_context sha256;
    br_aes_gen_ctr_keys aes;
    uint8_t key[32] = {1}, data[100] = {2}, tag[16] = {3};

    secret(key, sizeof key);
    secret(data, sizeof data);
    cub_sha256_small.init(&sha256.vtable);
    cub_sha256_small.update(&sha256.vtable, data, sizeof data);
    cub_sha256_small.out(&sha256.vtable, data);
    cub_aes_ctr_small.init(&aes.vtable, key, 16);
    cub_aes_ctr_small.run(&aes.vtable, iv, 1, data, sizeof data);
    cub_ghash_small(tag, key, data, sizeof data);
    cub_poly1305_small(key, iv, data, sizeof data, data, sizeof data, tag, cub_chacha20_small, 1);
}

/* A record as it is decrypted: keys and all bytes are secret, whatever the padding says; the
 * verdict is not. */
static void cbc(const struct cub_cbc *cbc)
{
    struct cub_aead_key key;
    uint8_t bytes[80] = {7}, header[CUB_CBC_HEADER] = {1}, data[336] = {3}, iv[16] = {5};
    size_t content_len;

    secret(bytes, sizeof bytes);
    secret(data, sizeof data);
    cbc->aead.init(&key, bytes);
    cub_cbc_decrypt(cbc, &key, iv, data, sizeof data);
    sink = (int)cub_cbc_check(cbc, &key, header, data, sizeof data, &content_len);
    cub_cbc_encrypt(cbc, &key, iv, data, sizeof data);
    cub_cbc_iv(cbc, &key, 1, iv);
}

static void cbc_sha1(void)
{
    cbc(&cub_aes_128_cbc_sha1);
}

static void cbc_sha256(void)
{
    cbc(&cub_aes_256_cbc_sha256);
}

static void cbc_sha384(void)
{
    cbc(&cub_aes_256_cbc_sha384);
}

/* Decryption: the key and what is in it. Whether it is a premaster secret must not show. */
static void rsa_decryption(void)
{
    static uint8_t n[512], parts[5][256];
    struct cub_private_key key = rsa_key(n, parts);
    uint8_t encrypted[256] = {1}, premaster[CUB_RSA_PREMASTER];

    secret(premaster, sizeof premaster);
    sink = (int)cub_rsa_decrypt_premaster(&key, encrypted, key.modulus.len, premaster);
}

/* BearSSL's RSA public operation with an exponent that is secret. */
static void ffdhe2048(void)
{
    const struct cub_dh_group *group = &cub_dh_ffdhe2048;
    uint8_t exponent[CUB_DH_EXPONENT], share[256], shared[256];

    state.taint = secret;
    sink = (int)cub_dh_generate(group, &rng, exponent, share);
    state.taint = NULL;
    public(share, sizeof share);
    sink = (int)cub_dh_complete(group, exponent, (struct cub_view){share, sizeof share}, shared);
}

static void rsa_encryption(void)
{
    static uint8_t n[512], parts[5][256];
    struct cub_private_key own = rsa_key(n, parts);
    struct cub_public_key key = {.type = CUB_KEY_RSA,
                                 .modulus = own.modulus,
                                 .exponent = own.exponent};
    uint8_t encrypted[256], premaster[CUB_RSA_PREMASTER] = {1};

    secret(premaster, sizeof premaster);
    state.taint = secret;
    sink = (int)cub_rsa_encrypt_premaster(&key, &rng, premaster, encrypted);
    state.taint = NULL;
}

static void drbg(void)
{
    struct cub_drbg chacha20 = {.seeded = 0};
    struct cub_hmac_drbg hmac = {.seeded = 0};
    uint8_t seed[32] = {5}, out[100];

    secret(seed, sizeof seed);
    cub_drbg_update(&chacha20, seed, sizeof seed);
    sink = (int)cub_drbg_fill(&chacha20, out, sizeof out);
    cub_hmac_drbg_update(&hmac, seed, sizeof seed);
    sink = (int)cub_hmac_drbg_fill(&hmac, out, sizeof out);
}

static const struct {
    const char *name;
    void (*run)(void);
    int leaks;
} checks[] = {
    {"a branch on a secret is found", leak,              1},
    {"comparison",                    equal,             0},
    {"HKDF",                          hkdf,              0},
    {"AES-128-GCM",                   aes_128_gcm,       0},
    {"AES-256-GCM",                   aes_256_gcm,       0},
    {"AES-128-CCM",                   aes_128_ccm,       0},
    {"ChaCha20-Poly1305",             chacha20_poly1305, 0},
    {"the same in little code",       small,             0},
    {"X25519",                        x25519,            0},
    {"ECDH P-256",                    secp256r1,         0},
    {"ECDH P-384",                    secp384r1,         0},
    {"ECDH P-521",                    secp521r1,         0},
    {"X25519MLKEM768",                x25519mlkem768,    0},
    {"ECDSA P-256 signing",           ecdsa_p256,        0},
    {"ECDSA P-384 signing",           ecdsa_p384,        0},
    {"Ed25519 signing",               ed25519,           0},
    {"RSA-PSS signing",               rsa_pss,           0},
    {"RSA PKCS #1 v1.5 signing",      rsa_pkcs1,         0},
    {"CBC and HMAC-SHA-1",            cbc_sha1,          0},
    {"CBC and HMAC-SHA-256",          cbc_sha256,        0},
    {"CBC and HMAC-SHA-384",          cbc_sha384,        0},
    {"RSA decryption",                rsa_decryption,    0},
    {"ffdhe2048",                     ffdhe2048,         0},
    {"RSA encryption",                rsa_encryption,    0},
    {"random generators",             drbg,              0},
};

int main(void)
{
    if (!RUNNING_ON_VALGRIND) {
        puts("not under valgrind");
        return 2;
    }
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        unsigned before = VALGRIND_COUNT_ERRORS;

        checks[i].run();
        printf("%s %s\n", (VALGRIND_COUNT_ERRORS > before) == checks[i].leaks ? "ok" : "FAILED",
               checks[i].name);
        fflush(stdout);
    }
    return 0;
}
