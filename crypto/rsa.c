#include <string.h>

#include "crypto/bytes.h"
#include "crypto/rsa.h"
#include "crypto/target/target.h"

_Static_assert(CUB_RSA_MAX_SIZE * 8 == CUB_RSA_MAX_BITS, "sizes agree");
_Static_assert(CUB_RSA_MAX_SIZE <= CUB_SIGNATURE_MAX_SIZE, "room for a signature");

unsigned cub_rsa_bits(struct cub_view modulus)
{
    unsigned bits = (unsigned)modulus.len * 8;

    for (unsigned top = 0x80; bits && !(modulus.data[0] & top); top >>= 1)
        bits--;
    return bits;
}

enum cub_error cub_rsa_check(struct cub_view modulus, struct cub_view exponent)
{
    if (modulus.len > CUB_RSA_MAX_SIZE)
        return E_CRYPTO_RSA_LARGE;
    if (modulus.len < CUB_RSA_MIN_BITS / 8)
        return E_CRYPTO_RSA_SMALL;
    if (modulus.data[0] == 0 || !(modulus.data[modulus.len - 1] & 1))
        return E_CRYPTO_RSA_MODULUS;
    if (cub_rsa_bits(modulus) < CUB_RSA_MIN_BITS)
        return E_CRYPTO_RSA_SMALL;
    if (exponent.len == 0 || exponent.len > 8 || exponent.data[0] == 0 ||
        !(exponent.data[exponent.len - 1] & 1) || (exponent.len == 1 && exponent.data[0] == 1))
        return E_CRYPTO_RSA_EXPONENT;
    return E_OK;
}

/* BearSSL's structs have pointers to what they do not write. */
static unsigned char *mutable(struct cub_view view)
{
    return (unsigned char *)view.data;
}

enum cub_error cub_rsa_public(struct cub_view modulus, struct cub_view exponent, const uint8_t *sig,
                              size_t sig_len, uint8_t *out)
{
    const br_rsa_public_key key = {mutable(modulus), modulus.len, mutable(exponent), exponent.len};
    enum cub_error error = cub_rsa_check(modulus, exponent);

    if (error)
        return error;
    if (sig_len != modulus.len)
        return E_CRYPTO_SIGNATURE;
    memcpy(out, sig, sig_len);
    return cub_target_rsa_public()(out, sig_len, &key) ? E_OK : E_CRYPTO_SIGNATURE;
}

/* The lengths that BearSSL's arithmetic relies on. */
static enum cub_error check_lengths(const struct cub_private_key *key)
{
    const size_t lengths[] = {key->p.len, key->q.len, key->dp.len, key->dq.len, key->iq.len};

    if (key->type != CUB_KEY_RSA && key->type != CUB_KEY_RSA_PSS)
        return E_CRYPTO_KEY;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        if (lengths[i] == 0 || lengths[i] >= key->modulus.len)
            return E_CRYPTO_KEY;
    return cub_rsa_check(key->modulus, key->exponent);
}

static br_rsa_private_key private_key(const struct cub_private_key *key)
{
    return (br_rsa_private_key){
        .n_bitlen = cub_rsa_bits(key->modulus),
        .p = mutable(key->p),
        .plen = key->p.len,
        .q = mutable(key->q),
        .qlen = key->q.len,
        .dp = mutable(key->dp),
        .dplen = key->dp.len,
        .dq = mutable(key->dq),
        .dqlen = key->dq.len,
        .iq = mutable(key->iq),
        .iqlen = key->iq.len,
    };
}

enum cub_error cub_rsa_private(const struct cub_private_key *key, const uint8_t *in, uint8_t *out)
{
    uint8_t check[CUB_RSA_MAX_SIZE];
    size_t len = key->modulus.len;
    enum cub_error error = check_lengths(key);
    br_rsa_private_key k;

    if (error)
        return error;
    k = private_key(key);
    memcpy(out, in, len);
    if (!cub_target_rsa_private()(out, &k) ||
        cub_rsa_public(key->modulus, key->exponent, out, len, check) ||
        !cub_ct_equal(check, in, len)) {
        cub_wipe(out, len);
        return E_CRYPTO_KEY;
    }
    return E_OK;
}

enum cub_error cub_rsa_check_private(const struct cub_private_key *key)
{
    uint8_t product[CUB_RSA_MAX_SIZE];
    enum cub_error error = check_lengths(key);
    br_rsa_private_key k;

    if (error)
        return error;
    k = private_key(key);
    if (cub_target_rsa_modulus()(product, &k) != key->modulus.len ||
        !cub_ct_equal(product, key->modulus.data, key->modulus.len))
        return E_CRYPTO_KEY;
    return E_OK;
}

enum cub_error cub_rsa_decrypt_premaster(const struct cub_private_key *key, const uint8_t *in,
                                         size_t len, uint8_t premaster[CUB_RSA_PREMASTER])
{
    uint8_t data[CUB_RSA_MAX_SIZE];
    enum cub_error error = check_lengths(key);
    br_rsa_private_key k;
    uint32_t good;

    if (error)
        return error;
    if (len != key->modulus.len)
        return E_OK;
    k = private_key(key);
    memcpy(data, in, len);
    good = 0u - br_rsa_ssl_decrypt(cub_target_rsa_private(), &k, data, len);
    for (size_t i = 0; i < CUB_RSA_PREMASTER; i++)
        premaster[i] = (uint8_t)cub_ct_select(good, data[i], premaster[i]);
    cub_wipe(data, sizeof data);
    return E_OK;
}
