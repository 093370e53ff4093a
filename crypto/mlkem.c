#include "crypto/mlkem.h"

#include <stdbool.h>
#include <string.h>

#include "crypto/bytes.h"
#include "crypto/mlkem_poly.h"

#define Q         3329
#define POLY      384 /* bytes of an encoded polynomial in NTT form */
#define MAX_CHUNK 352 /* bytes of a compressed one, 11 bits each */

const struct cub_mlkem cub_mlkem_768 = {3, 10, 4, 1184, 1088};
const struct cub_mlkem cub_mlkem_1024 = {4, 11, 5, 1568, 1568};

/* Output of length len, of a | b. */
static void hash(uint8_t rate, uint8_t suffix, const uint8_t *a, size_t a_len, const uint8_t *b,
                 size_t b_len, uint8_t *out, size_t len)
{
    struct cub_keccak k = {.rate = rate};

    cub_keccak_absorb(&k, a, a_len);
    cub_keccak_absorb(&k, b, b_len);
    cub_keccak_finish(&k, suffix);
    cub_keccak_squeeze(&k, out, len);
    cub_wipe(&k, sizeof k);
}

/* G [FIPS203-4.1]: 64 bytes */
static void hash_g(const uint8_t a[32], const uint8_t *b, size_t b_len, uint8_t out[64])
{
    hash(CUB_RATE_SHA3_512, CUB_SUFFIX_SHA3, a, 32, b, b_len, out, 64);
}

/* H [FIPS203-4.1] */
static void hash_h(const struct cub_mlkem *p, const uint8_t *public_key, uint8_t out[32])
{
    hash(CUB_RATE_SHA3_256, CUB_SUFFIX_SHA3, public_key, p->public_size, NULL, 0, out, 32);
}

/* PRF(seed, n) as a polynomial of small coefficients [FIPS203-4.1]. */
static void noise(struct cub_poly *f, const uint8_t seed[32], unsigned n)
{
    struct cub_keccak k = {.rate = CUB_RATE_SHAKE256};
    uint8_t byte = (uint8_t)n;

    cub_keccak_absorb(&k, seed, 32);
    cub_keccak_absorb(&k, &byte, 1);
    cub_keccak_finish(&k, CUB_SUFFIX_SHAKE);
    cub_poly_sample_noise(f, &k);
    cub_wipe(&k, sizeof k);
}

/* The same in NTT form. */
static void noise_ntt(struct cub_poly *f, const uint8_t seed[32], unsigned n)
{
    noise(f, seed, n);
    cub_poly_ntt(f);
}

/*
 * work[0] = sum of A[i][j] * s_j, or of A[j][i] * s_j if transposed, where s_j is the noise j of
 * seed. The vector is sampled again for every row: that takes a little time and saves much memory.
 */
static void multiply_row(const struct cub_mlkem *p, struct cub_poly work[3], const uint8_t rho[32],
                         unsigned i, bool transposed, const uint8_t seed[32])
{
    memset(&work[0], 0, sizeof work[0]);
    for (unsigned j = 0; j < p->k; j++) {
        struct cub_keccak k = {.rate = CUB_RATE_SHAKE128};
        uint8_t index[2] = {(uint8_t)j, (uint8_t)i};

        if (transposed) {
            index[0] = (uint8_t)i;
            index[1] = (uint8_t)j;
        }
        cub_keccak_absorb(&k, rho, 32);
        cub_keccak_absorb(&k, index, 2);
        cub_keccak_finish(&k, CUB_SUFFIX_SHAKE);
        cub_poly_sample_uniform(&work[1], &k);
        noise_ntt(&work[2], seed, j);
        cub_poly_multiply_add(&work[0], &work[1], &work[2]);
    }
}

/* K-PKE.KeyGen without the private part [FIPS203-5.1]; sigma is its seed. */
static void make_public(const struct cub_mlkem *p, const uint8_t *seed, uint8_t *public_key,
                        uint8_t sigma[32])
{
    struct cub_poly work[3];
    uint8_t rho_sigma[64];
    uint8_t *rho = public_key + POLY * p->k;

    hash_g(seed, &p->k, 1, rho_sigma);
    memcpy(rho, rho_sigma, 32);
    memcpy(sigma, rho_sigma + 32, 32);
    for (unsigned i = 0; i < p->k; i++) {
        multiply_row(p, work, rho, i, false, sigma);
        noise_ntt(&work[1], sigma, p->k + i);
        cub_poly_add(&work[0], &work[1]);
        cub_poly_encode(public_key + POLY * i, &work[0], 12);
    }
    cub_wipe(rho_sigma, sizeof rho_sigma);
    cub_wipe(work, sizeof work);
}

void cub_mlkem_public(const struct cub_mlkem *p, const uint8_t seed[CUB_MLKEM_SEED],
                      uint8_t *public_key)
{
    uint8_t sigma[32];

    make_public(p, seed, public_key, sigma);
    cub_wipe(sigma, sizeof sigma);
}

/* Compresses f to d bits and writes it to *out, or, if there is none, compares it with *expected.
 * Both go on; returns 1 unless something differed. */
static int put(struct cub_poly *f, unsigned d, uint8_t **out, const uint8_t **expected)
{
    uint8_t chunk[MAX_CHUNK];
    size_t len = 32 * (size_t)d;
    int equal = 1;

    cub_poly_compress(f, d);
    cub_poly_encode(chunk, f, d);
    if (*out) {
        memcpy(*out, chunk, len);
        *out += len;
    } else {
        equal = cub_ct_equal(chunk, *expected, len);
        *expected += len;
    }
    return equal;
}

/* K-PKE.Encrypt [FIPS203-5.2], to out, or compared with expected: 1 if it is the same. */
static int encrypt(const struct cub_mlkem *p, struct cub_poly work[3], const uint8_t *public_key,
                   const uint8_t *message, const uint8_t *seed, uint8_t *out,
                   const uint8_t *expected)
{
    const uint8_t *rho = public_key + POLY * p->k;
    int equal = 1;

    for (unsigned i = 0; i < p->k; i++) {
        multiply_row(p, work, rho, i, true, seed);
        cub_poly_inverse(&work[0]);
        noise(&work[1], seed, p->k + i);
        cub_poly_add(&work[0], &work[1]);
        equal &= put(&work[0], p->du, &out, &expected);
    }
    memset(&work[0], 0, sizeof work[0]);
    for (unsigned j = 0; j < p->k; j++) {
        cub_poly_decode(&work[1], public_key + POLY * j, 12);
        noise_ntt(&work[2], seed, j);
        cub_poly_multiply_add(&work[0], &work[1], &work[2]);
    }
    cub_poly_inverse(&work[0]);
    noise(&work[1], seed, 2u * p->k);
    cub_poly_add(&work[0], &work[1]);
    cub_poly_decode(&work[1], message, 1);
    cub_poly_decompress(&work[1], 1);
    cub_poly_add(&work[0], &work[1]);
    return equal & put(&work[0], p->dv, &out, &expected);
}

/* The modulus check [FIPS203-7.2]; what is checked is public. */
static bool is_reduced(const struct cub_mlkem *p, const uint8_t *public_key)
{
    for (const uint8_t *b = public_key; b < public_key + POLY * p->k; b += 3) {
        if ((b[0] | (b[1] & 0x0f) << 8) >= Q || (b[1] >> 4 | b[2] << 4) >= Q)
            return false;
    }
    return true;
}

enum cub_error cub_mlkem_encapsulate(const struct cub_mlkem *p, const uint8_t *public_key,
                                     size_t public_len, const uint8_t message[CUB_MLKEM_MESSAGE],
                                     uint8_t *ciphertext, uint8_t secret[CUB_MLKEM_SECRET])
{
    struct cub_poly work[3];
    uint8_t h[32], key_seed[64]; /* K | r */

    if (public_len != p->public_size || !is_reduced(p, public_key))
        return E_CRYPTO_SHARE;
    hash_h(p, public_key, h);
    hash_g(message, h, sizeof h, key_seed);
    (void)encrypt(p, work, public_key, message, key_seed + 32, ciphertext, NULL);
    memcpy(secret, key_seed, CUB_MLKEM_SECRET);
    cub_wipe(work, sizeof work);
    cub_wipe(key_seed, sizeof key_seed);
    return E_OK;
}

/* A private key: s as the seed of its noise, or (sigma is NULL) as its encoding. */
struct private_key {
    const uint8_t *sigma;
    const uint8_t *encoded;
    const uint8_t *public_key;
    const uint8_t *z;
};

/* K-PKE.Decrypt [FIPS203-5.3]. */
static void decrypt(const struct cub_mlkem *p, struct cub_poly work[3],
                    const struct private_key *key, const uint8_t *c, uint8_t message[32])
{
    memset(&work[0], 0, sizeof work[0]);
    for (unsigned j = 0; j < p->k; j++, c += 32u * p->du) {
        cub_poly_decode(&work[1], c, p->du);
        cub_poly_decompress(&work[1], p->du);
        cub_poly_ntt(&work[1]);
        if (key->sigma)
            noise_ntt(&work[2], key->sigma, j);
        else
            cub_poly_decode(&work[2], key->encoded + POLY * j, 12);
        cub_poly_multiply_add(&work[0], &work[1], &work[2]);
    }
    cub_poly_inverse(&work[0]);
    cub_poly_decode(&work[1], c, p->dv);
    cub_poly_decompress(&work[1], p->dv);
    cub_poly_subtract_from(&work[0], &work[1]);
    cub_poly_compress(&work[0], 1);
    cub_poly_encode(message, &work[0], 1);
}

/* ML-KEM.Decaps_internal: encrypts again, and what is not the same gets the secret that z and the
 * ciphertext make [FIPS203-6.3]. */
static void decapsulate(const struct cub_mlkem *p, const struct private_key *key, const uint8_t *c,
                        uint8_t *secret)
{
    struct cub_poly work[3];
    uint8_t message[32], h[32], rejected[32], key_seed[64];
    uint32_t mask;

    decrypt(p, work, key, c, message);
    hash_h(p, key->public_key, h);
    hash_g(message, h, sizeof h, key_seed);
    hash(CUB_RATE_SHAKE256, CUB_SUFFIX_SHAKE, key->z, 32, c, p->ciphertext_size, rejected, 32);
    mask = 0u - (uint32_t)encrypt(p, work, key->public_key, message, key_seed + 32, NULL, c);
    for (unsigned i = 0; i < CUB_MLKEM_SECRET; i++)
        secret[i] = (uint8_t)cub_ct_select(mask, key_seed[i], rejected[i]);
    cub_wipe(work, sizeof work);
    cub_wipe(message, sizeof message);
    cub_wipe(rejected, sizeof rejected);
    cub_wipe(key_seed, sizeof key_seed);
}

enum cub_error cub_mlkem_decapsulate(const struct cub_mlkem *p, const uint8_t seed[CUB_MLKEM_SEED],
                                     const uint8_t *ciphertext, size_t len,
                                     uint8_t secret[CUB_MLKEM_SECRET])
{
    uint8_t public_key[CUB_MLKEM_MAX_PUBLIC], sigma[32];
    struct private_key key = {sigma, NULL, public_key, seed + 32};

    if (len != p->ciphertext_size)
        return E_CRYPTO_SHARE;
    make_public(p, seed, public_key, sigma);
    decapsulate(p, &key, ciphertext, secret);
    cub_wipe(sigma, sizeof sigma);
    return E_OK;
}

/* s | public key | H(public key) | z [FIPS203-6.1] */
enum cub_error cub_mlkem_decapsulate_expanded(const struct cub_mlkem *p, const uint8_t *key,
                                              size_t key_len, const uint8_t *ciphertext, size_t len,
                                              uint8_t secret[CUB_MLKEM_SECRET])
{
    size_t s_len = (size_t)POLY * p->k;
    const uint8_t *h = key + s_len + p->public_size;
    struct private_key k = {NULL, key, key + s_len, h + 32};
    uint8_t digest[32];

    if (len != p->ciphertext_size)
        return E_CRYPTO_SHARE;
    if (key_len != s_len + p->public_size + 64)
        return E_CRYPTO_KEY;
    hash_h(p, k.public_key, digest);
    if (memcmp(digest, h, sizeof digest) != 0)
        return E_CRYPTO_KEY;
    decapsulate(p, &k, ciphertext, secret);
    return E_OK;
}
