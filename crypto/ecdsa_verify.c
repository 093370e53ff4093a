#include <string.h>

#include "crypto/ecdsa.h"
#include "crypto/target/curve.h"

const struct cub_curve *cub_curve_of(uint8_t key_type)
{
    switch (key_type) {
    case CUB_KEY_EC_P256:
        return &cub_curve_p256;
    case CUB_KEY_EC_P384:
        return &cub_curve_p384;
    case CUB_KEY_EC_P521:
        return &cub_curve_p521;
    default:
        return NULL;
    }
}

/*
 * A number in words, the low one first, with room for a bit more than the order of its curve has.
 * All that is computed with here is public.
 */
struct number {
    unsigned words;
    uint32_t word[CUB_EC_MAX_SIZE / 4 + 1];
};

static struct number load(const uint8_t *bytes, size_t size)
{
    struct number a = {(unsigned)size / 4 + 1, {0}};

    for (size_t i = 0; i < size; i++)
        a.word[i / 4] |= (uint32_t)bytes[size - 1 - i] << i % 4 * 8;
    return a;
}

static void store(const struct number *a, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[size - 1 - i] = (uint8_t)(a->word[i / 4] >> i % 4 * 8);
}

static bool is_zero(const struct number *a)
{
    uint32_t any = 0;

    for (unsigned i = 0; i < a->words; i++)
        any |= a->word[i];
    return any == 0;
}

#define PLUS  0u
#define MINUS UINT32_MAX

/* a += b or a -= b; the carry, which for a difference tells that it is not negative. */
static bool add(struct number *a, const struct number *b, uint32_t sign)
{
    uint64_t sum = sign & 1u;

    for (unsigned i = 0; i < a->words; i++) {
        sum += (uint64_t)a->word[i] + (b->word[i] ^ sign);
        a->word[i] = (uint32_t)sum;
        sum >>= 32;
    }
    return sum != 0;
}

/* a -= b if a is not less than b; whether that is so. */
static bool reduce(struct number *a, const struct number *b)
{
    if (add(a, b, MINUS))
        return true;
    (void)add(a, b, PLUS);
    return false;
}

static void halve(struct number *a)
{
    uint32_t carry = 0;

    for (unsigned i = a->words; i-- > 0;) {
        uint32_t word = a->word[i];

        a->word[i] = carry << 31 | word >> 1;
        carry = word;
    }
}

/*
 * y / x modulo a prime n; x is not 0 and both are below n. Euclid's algorithm on x and n, by
 * subtracting and halving, in steps that keep y / x = u / a = v / b.
 */
static void divide(const struct number *y, const struct number *x, const struct number *n,
                   uint8_t *out, size_t size)
{
    struct number room[4] = {
        *x, *n, *y, {n->words, {0}}
    };
    struct number *a = room, *b = room + 1, *u = room + 2, *v = room + 3;

    while (!is_zero(a)) {
        if (a->word[0] & 1) {
            if (!reduce(a, b)) {
                struct number *swap = a;
                a = b;
                b = swap;
                swap = u;
                u = v;
                v = swap;
                (void)reduce(a, b);
            }
            if (!add(u, v, MINUS))
                (void)add(u, n, PLUS);
        }
        halve(a);
        if (u->word[0] & 1)
            (void)add(u, n, PLUS);
        halve(u);
    }
    store(v, out, size);
}

/* Whether x, which is less than twice the order, is r modulo the order. */
static bool is_equal_modulo(const uint8_t *order, size_t size, const uint8_t *x, const uint8_t *r)
{
    const struct number n = load(order, size), want = load(r, size);
    struct number a = load(x, size);

    (void)reduce(&a, &n);
    (void)add(&a, &want, MINUS);
    return is_zero(&a);
}

/* What a signature's point is made of: digest / s and r / s. Not inlined: its memory is free again
 * when the curve's turn comes. */
static __attribute__((noinline)) bool split(const uint8_t *order, size_t size,
                                            const uint8_t *digest, size_t digest_len,
                                            const uint8_t *sig, uint8_t *base_factor,
                                            uint8_t *key_factor)
{
    const struct number n = load(order, size);
    struct number e = load(digest, digest_len < size ? digest_len : size);
    struct number r = load(sig, size);
    struct number s = load(sig + size, size);

    e.words = n.words;
    (void)reduce(&e, &n);
    if (is_zero(&r) || is_zero(&s) || reduce(&r, &n) || reduce(&s, &n))
        return false;
    divide(&e, &s, &n, base_factor, size);
    divide(&r, &s, &n, key_factor, size);
    return true;
}

/*
 * [FIPS186-5-6.4.2]. All orders here have as many bits as their bytes hold, or more than any digest
 * has: the leftmost bits of a digest are its first bytes. The curve refuses keys that are no points
 * on it, and the sum that is no point.
 */
enum cub_error cub_ecdsa_verify_raw(const struct cub_curve *curve, const struct cub_public_key *key,
                                    const uint8_t *digest, size_t digest_len, const uint8_t *sig,
                                    size_t sig_len)
{
    const br_ec_impl *impl = curve->impl();
    uint8_t point[CUB_EC_MAX_POINT];
    uint8_t u[CUB_EC_MAX_SIZE], v[CUB_EC_MAX_SIZE];
    size_t size = curve->size, len;
    const uint8_t *order = impl->order(curve->id, &len);

    if (key->type != curve->key_type)
        return E_CRYPTO_KEY;
    if (sig_len != 2 * size || key->point.len != 2 * size + 1 ||
        !split(order, size, digest, digest_len, sig, u, v))
        return E_CRYPTO_SIGNATURE;
    memcpy(point, key->point.data, key->point.len);
    if (!impl->muladd(point, NULL, key->point.len, v, size, u, size, curve->id))
        return E_CRYPTO_SIGNATURE;
    return is_equal_modulo(order, size, point + 1, sig) ? E_OK : E_CRYPTO_SIGNATURE;
}

enum cub_error cub_ecdsa_verify(const struct cub_curve *curve, const struct cub_public_key *key,
                                const uint8_t *digest, size_t digest_len, const uint8_t *sig,
                                size_t sig_len)
{
    uint8_t raw[CUB_ECDSA_MAX_RAW];

    if (!cub_ecdsa_decode(sig, sig_len, curve->size, raw))
        return E_CRYPTO_SIGNATURE;
    return cub_ecdsa_verify_raw(curve, key, digest, digest_len, raw, 2u * curve->size);
}

static enum cub_error verify(const struct cub_verify_scheme *scheme,
                             const struct cub_public_key *key, const uint8_t *digest,
                             size_t digest_len, const uint8_t *sig, size_t sig_len)
{
    return cub_ecdsa_verify(scheme->impl, key, digest, digest_len, sig, sig_len);
}

static enum cub_error verify_any(const struct cub_verify_scheme *scheme,
                                 const struct cub_public_key *key, const uint8_t *digest,
                                 size_t digest_len, const uint8_t *sig, size_t sig_len)
{
    const struct cub_curve *curve = cub_curve_of(key->type);

    (void)scheme;
    if (!curve)
        return E_CRYPTO_KEY;
    return cub_ecdsa_verify(curve, key, digest, digest_len, sig, sig_len);
}

const struct cub_verify_scheme cub_verify_ecdsa_secp256r1_sha256 = {
    0x0403, CUB_KEY_EC_P256, &cub_sha256, verify, &cub_curve_p256,
};
const struct cub_verify_scheme cub_verify_ecdsa_secp384r1_sha384 = {
    0x0503, CUB_KEY_EC_P384, &cub_sha384, verify, &cub_curve_p384,
};
const struct cub_verify_scheme cub_verify_ecdsa_secp521r1_sha512 = {
    0x0603, CUB_KEY_EC_P521, &cub_sha512, verify, &cub_curve_p521,
};
const struct cub_verify_scheme cub_verify_ecdsa_sha1 = {
    0x0203, CUB_KEY_NONE, &cub_sha1, verify_any, NULL,
};
