#include "x509/key.h"

#include "x509/algorithm.h"
#include "x509/oid.h"

/* RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } [RFC8017-A.1.1] */
static void read_rsa(struct cub_der *d, struct cub_public_key *key)
{
    struct cub_der seq = cub_der_enter(d, CUB_DER_SEQUENCE);

    key->modulus = cub_der_unsigned(&seq);
    key->exponent = cub_der_unsigned(&seq);
    (void)cub_der_done(&seq);
    if (!cub_der_ok(d))
        return;
    /* Odd, and an exponent of 3 or more: nothing else is RSA. */
    if (key->modulus.len < 2 || !(key->modulus.data[key->modulus.len - 1] & 1) ||
        key->exponent.len == 0 || !(key->exponent.data[key->exponent.len - 1] & 1) ||
        (key->exponent.len == 1 && key->exponent.data[0] < 3))
        cub_der_fail(d, E_X509_KEY_MALFORMED);
}

/* Parameters of an id-RSASSA-PSS key, which restrict its use [RFC4055-3.1]. */
static enum cub_error read_pss(struct cub_der *id, struct cub_public_key *key)
{
    struct cub_pss_parameters pss;

    if (!cub_der_more(id))
        return E_OK;
    cub_pss_parameters_read(id, &pss);
    if (pss.hash == 0 || pss.salt_len > UINT8_MAX)
        return E_X509_KEY_UNSUPPORTED;
    key->pss_hash = pss.hash;
    key->pss_salt_min = (uint8_t)pss.salt_len;
    return E_OK;
}

struct curve {
    uint8_t type;
    uint8_t size; /* bytes of a coordinate */
};

/* ECParameters: only namedCurve is allowed [RFC5480-2.1.1]. */
static enum cub_error read_curve(struct cub_der *id, struct curve *curve)
{
    struct cub_view oid;

    *curve = (struct curve){CUB_KEY_NONE, 0};
    if (cub_der_peek(id) == CUB_DER_SEQUENCE) {
        (void)cub_der_element(id);
        return E_X509_KEY_EXPLICIT_CURVE;
    }
    oid = cub_der_oid(id);
    if (cub_oid_is(oid, CUB_OID_PRIME256V1))
        *curve = (struct curve){CUB_KEY_EC_P256, 32};
    else if (cub_oid_is(oid, CUB_OID_SECP384R1))
        *curve = (struct curve){CUB_KEY_EC_P384, 48};
    else if (cub_oid_is(oid, CUB_OID_SECP521R1))
        *curve = (struct curve){CUB_KEY_EC_P521, 66};
    return curve->type ? E_OK : E_X509_KEY_UNSUPPORTED;
}

/* Only the uncompressed form is used [RFC8422-5.1.1]; the compressed one is well-formed all the
 * same. */
static enum cub_error take_point(struct cub_public_key *key, struct curve curve,
                                 struct cub_view point)
{
    if (point.len == 1u + curve.size && (point.data[0] == 2 || point.data[0] == 3))
        return E_X509_KEY_UNSUPPORTED;
    if (point.len != 1u + 2u * curve.size || point.data[0] != 4)
        return E_X509_KEY_MALFORMED;
    key->type = curve.type;
    key->point = point;
    return E_OK;
}

/* Keys that we have no use for. */
static enum cub_error pass_over(struct cub_der *id)
{
    if (cub_der_more(id))
        (void)cub_der_element(id);
    return E_X509_KEY_UNSUPPORTED;
}

static enum cub_error read_ec(struct cub_der *id, struct cub_view oid, struct cub_view bits,
                              struct cub_public_key *key)
{
    struct curve curve;
    enum cub_error error;

    if (!cub_oid_is(oid, CUB_OID_EC_PUBLIC_KEY))
        return pass_over(id);
    error = read_curve(id, &curve);
    return error == E_OK ? take_point(key, curve, bits) : error;
}

static enum cub_error read_any(struct cub_der *id, struct cub_view oid, struct cub_view bits,
                               struct cub_public_key *key)
{
    struct cub_der body = cub_der_sub(id, bits);
    int rsa = cub_oid_under(oid, CUB_ARC_PKCS1);
    enum cub_error error = E_OK;

    if (rsa == 1 || rsa == 10) {
        if (rsa == 1)
            cub_der_null(id); /* [RFC3279-2.3.1] */
        else
            error = read_pss(id, key);
        read_rsa(&body, key);
        (void)cub_der_done(&body);
        key->type = rsa == 1 ? CUB_KEY_RSA : CUB_KEY_RSA_PSS;
        return error;
    }
    if (cub_oid_is(oid, CUB_OID_ED25519)) {
        key->type = CUB_KEY_ED25519;
        key->point = bits;
        return bits.len == 32 ? E_OK : E_X509_KEY_MALFORMED;
    }
    return read_ec(id, oid, bits, key);
}

const struct cub_algorithm_reader cub_algorithms_any = {cub_signature_any, read_any};
const struct cub_algorithm_reader cub_algorithms_ecdsa = {cub_signature_ecdsa, read_ec};

enum cub_error cub_public_key_read(struct cub_public_key *key,
                                   const struct cub_algorithm_reader *reader, struct cub_view der)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(der.data, der.len, &error);
    struct cub_der seq = cub_der_enter(&d, CUB_DER_SEQUENCE);
    struct cub_der id = cub_der_enter(&seq, CUB_DER_SEQUENCE);
    struct cub_view bits = cub_der_octet_bits(&seq);
    enum cub_error judgement = E_OK;

    *key = (struct cub_public_key){0};
    (void)cub_der_done(&seq);
    if (cub_der_done(&d) == E_OK) {
        struct cub_view oid = cub_der_oid(&id);

        judgement = reader->key(&id, oid, bits, key);
        (void)cub_der_done(&id);
    }
    if (error == E_OK)
        error = judgement;
    if (error != E_OK)
        *key = (struct cub_public_key){0};
    return error;
}

enum cub_error cub_public_key_decode(struct cub_public_key *key, const uint8_t *der, size_t len)
{
    return cub_public_key_read(key, &cub_algorithms_any, (struct cub_view){der, len});
}

/* Bits of a number without leading zero octets. */
static unsigned bit_length(struct cub_view v)
{
    unsigned bits = (unsigned)v.len * 8;

    if (v.len)
        for (unsigned top = v.data[0]; top < 0x80; top <<= 1)
            bits--;
    return bits;
}

unsigned cub_public_key_bits(const struct cub_public_key *key)
{
    switch (key->type) {
    case CUB_KEY_RSA:
    case CUB_KEY_RSA_PSS:
        return bit_length(key->modulus);
    case CUB_KEY_EC_P384:
        return 384;
    case CUB_KEY_EC_P521:
        return 521;
    case CUB_KEY_NONE:
        return 0;
    default:
        return 256;
    }
}
