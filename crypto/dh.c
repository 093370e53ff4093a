#include "crypto/dh.h"

#include <stdbool.h>
#include <string.h>

#include "crypto/bytes.h"
#include "crypto/target/target.h"

/*
 * BearSSL offers modular exponentiation to the outside as an RSA public key operation alone, whose
 * exponent may be of any length. It is a secret here, which the operation does not betray: the
 * number of steps depends on the exponent's length in bytes, which is always CUB_DH_EXPONENT, and
 * windows of the exponent select by masks over all entries of a table (br_i31_modpow_opt and its
 * likes). tests/constant_time checks that.
 */
static bool power(const struct cub_dh_group *group, const uint8_t exponent[CUB_DH_EXPONENT],
                  uint8_t *base)
{
    const br_rsa_public_key key = {(unsigned char *)group->p.data, group->p.len,
                                   (unsigned char *)exponent, CUB_DH_EXPONENT};

    return cub_target_rsa_public()(base, group->p.len, &key) != 0;
}

static struct cub_view strip(struct cub_view number)
{
    while (number.len > 0 && number.data[0] == 0) {
        number.data++;
        number.len--;
    }
    return number;
}

struct cub_dh_group cub_dh_group_of(struct cub_view p, struct cub_view g)
{
    return (struct cub_dh_group){.p = strip(p), .g = strip(g)};
}

/* 1 < number < p - 1; both are public, and p is odd. */
static bool in_range(struct cub_view number, struct cub_view p)
{
    number = strip(number);
    if (number.len == 0 || (number.len == 1 && number.data[0] == 1) || number.len > p.len)
        return false;
    if (number.len < p.len)
        return true;
    /* p - 1 differs from p in its last bit. */
    if (memcmp(number.data, p.data, p.len - 1) == 0)
        return number.data[p.len - 1] < p.data[p.len - 1] - 1;
    return memcmp(number.data, p.data, p.len) < 0;
}

static unsigned bits_of(struct cub_view p)
{
    unsigned bits = (unsigned)p.len * 8;

    for (unsigned top = 0x80; bits > 0 && !(p.data[0] & top); top >>= 1)
        bits--;
    return bits;
}

enum cub_error cub_dh_check(const struct cub_dh_group *group, unsigned min_bits)
{
    struct cub_view p = group->p;

    if (p.len > CUB_DH_MAX_SIZE)
        return E_CRYPTO_DH_LARGE;
    if (bits_of(p) < (min_bits > CUB_DH_MIN_BITS ? min_bits : CUB_DH_MIN_BITS))
        return E_CRYPTO_DH_SMALL;
    return (p.data[p.len - 1] & 1) && in_range(group->g, p) ? E_OK : E_CRYPTO_DH_GROUP;
}

/* Writes a number with as many leading zeros as p needs. */
static void extend(struct cub_view number, struct cub_view p, uint8_t *out)
{
    memset(out, 0, p.len - number.len);
    memcpy(out + p.len - number.len, number.data, number.len);
}

enum cub_error cub_dh_generate(const struct cub_dh_group *group, const struct cub_random *random,
                               uint8_t exponent[CUB_DH_EXPONENT], uint8_t *share)
{
    enum cub_error err = cub_random_fill(random, exponent, CUB_DH_EXPONENT);

    if (err != E_OK)
        return err;
    extend(strip(group->g), group->p, share);
    return power(group, exponent, share) ? E_OK : E_CRYPTO_DH_GROUP;
}

enum cub_error cub_dh_complete(const struct cub_dh_group *group,
                               const uint8_t exponent[CUB_DH_EXPONENT], struct cub_view share,
                               uint8_t *secret)
{
    if (!in_range(share, group->p))
        return E_CRYPTO_DH_VALUE;
    extend(strip(share), group->p, secret);
    return power(group, exponent, secret) ? E_OK : E_CRYPTO_DH_VALUE;
}
