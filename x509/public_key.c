#include "x509/key.h"

#include "x509/algorithm.h"
#include "x509/oid.h"

/* RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } [RFC8017-A.1.1] */
static enum cub_error read_rsa(struct cub_view bits, struct cub_public_key *key)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(bits.data, bits.len, &error);
    struct cub_der seq = cub_der_enter(&d, CUB_DER_SEQUENCE);
    struct cub_view n = cub_der_unsigned(&seq);
    struct cub_view e = cub_der_unsigned(&seq);

    (void)cub_der_done(&seq);
    if (cub_der_done(&d) != E_OK)
        return error;
    /* Odd, and an exponent of 3 or more: nothing else is RSA. */
    if (n.len < 2 || !(n.data[n.len - 1] & 1) || e.len == 0 || !(e.data[e.len - 1] & 1) ||
        (e.len == 1 && e.data[0] < 3))
        return E_X509_KEY_MALFORMED;
    key->modulus = n;
    key->exponent = e;
    return E_OK;
}

/* Parameters of an id-RSASSA-PSS key, which restrict its use [RFC4055-3.1]. */
static enum cub_error read_pss(struct cub_view parameters, struct cub_pss_parameters *pss)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(parameters.data, parameters.len, &error);

    *pss = (struct cub_pss_parameters){0};
    if (!parameters.len)
        return E_OK;
    cub_pss_parameters_read(&d, pss);
    return cub_der_done(&d);
}

static enum cub_error read_pss_key(const struct cub_key_info *info, struct cub_public_key *key)
{
    struct cub_pss_parameters pss;
    enum cub_error error = read_pss(info->id.parameters, &pss);

    if (error == E_OK)
        error = read_rsa(info->bits, key);
    if (error != E_OK)
        return error;
    if (info->id.parameters.len && (pss.hash == 0 || pss.salt_len > UINT8_MAX)) {
        *key = (struct cub_public_key){0};
        return E_X509_KEY_UNSUPPORTED;
    }
    key->type = CUB_KEY_RSA_PSS;
    key->pss_hash = pss.hash;
    key->pss_salt_min = (uint8_t)pss.salt_len;
    return E_OK;
}

static enum cub_error read_rsa_key(const struct cub_key_info *info, struct cub_public_key *key)
{
    struct cub_view null;
    enum cub_error error =
        cub_der_only(info->id.parameters, CUB_DER_NULL, &null); /* [RFC3279-2.3.1] */

    if (error == E_OK && null.len)
        error = E_DER_LENGTH;
    if (error == E_OK)
        error = read_rsa(info->bits, key);
    if (error == E_OK)
        key->type = CUB_KEY_RSA;
    return error;
}

/* The type of keys on a named curve, and the bytes of a coordinate; CUB_KEY_NONE if unknown. */
static unsigned find_curve(struct cub_view oid, size_t *size)
{
    if (cub_oid_behind(oid, CUB_ARC_X962) == 0x1030107) {
        *size = 32;
        return CUB_KEY_EC_P256;
    }
    switch (cub_oid_behind(oid, CUB_ARC_SECG)) {
    case 0x122:
        *size = 48;
        return CUB_KEY_EC_P384;
    case 0x123:
        *size = 66;
        return CUB_KEY_EC_P521;
    default:
        return CUB_KEY_NONE;
    }
}

static enum cub_error read_ec(const struct cub_key_info *info, struct cub_public_key *key)
{
    const struct cub_view *parameters = &info->id.parameters;
    const struct cub_view *bits = &info->bits;
    struct cub_view curve;
    enum cub_error error;
    unsigned type;
    size_t size;
    bool is_explicit;

    if (cub_oid_behind(info->id.oid, CUB_ARC_X962) != 0x10201) {
        /* A key that we have no use for. */
        error = cub_algorithm_pass(*parameters, E_DER_TRAILING);
        return error == E_OK ? E_X509_KEY_UNSUPPORTED : error;
    }
    /* ECParameters: only namedCurve is allowed [RFC5480-2.1.1]. */
    is_explicit = parameters->len && parameters->data[0] == CUB_DER_SEQUENCE;
    error = cub_der_only(*parameters, is_explicit ? CUB_DER_SEQUENCE : CUB_DER_OID, &curve);
    if (error != E_OK)
        return error;
    if (is_explicit)
        return E_X509_KEY_EXPLICIT_CURVE;
    type = find_curve(curve, &size);
    if (type == CUB_KEY_NONE)
        return E_X509_KEY_UNSUPPORTED;
    /* Only the uncompressed form is used [RFC8422-5.1.1]; the compressed one is well-formed all the
     * same. */
    if (bits->len == 1 + size && (bits->data[0] | 1) == 3)
        return E_X509_KEY_UNSUPPORTED;
    if (bits->len != 1 + 2 * size || bits->data[0] != 4)
        return E_X509_KEY_MALFORMED;
    key->type = (uint8_t)type;
    key->point = *bits;
    return E_OK;
}

static enum cub_error read_any(const struct cub_key_info *info, struct cub_public_key *key)
{
    struct cub_view oid = info->id.oid;
    int rsa = cub_oid_under(oid, CUB_ARC_PKCS1);

    if (rsa == 1)
        return read_rsa_key(info, key);
    if (rsa == 10)
        return read_pss_key(info, key);
    if (!cub_oid_is(oid, CUB_OID_ED25519))
        return read_ec(info, key);
    if (info->id.parameters.len)
        return E_DER_TRAILING;
    if (info->bits.len != 32)
        return E_X509_KEY_MALFORMED;
    key->type = CUB_KEY_ED25519;
    key->point = info->bits;
    return E_OK;
}

const struct cub_algorithm_reader cub_algorithms_any = {cub_signature_any, read_any};
const struct cub_algorithm_reader cub_algorithms_ecdsa = {cub_signature_ecdsa, read_ec};

enum cub_error cub_public_key_read(struct cub_public_key *key,
                                   const struct cub_algorithm_reader *reader, struct cub_view der)
{
    static const struct cub_step steps[] = {
        {CUB_DER_SEQUENCE,                    CUB_STEP_IN | CUB_STEP_PASS},
        { CUB_DER_SEQUENCE, CUB_STEP_FIELD(struct cub_key_info,              id.parameters)},
        { CUB_DER_BIT_STRING, CUB_STEP_FIELD(struct cub_key_info,                       bits)},
        CUB_STEP_OUT,
    };
    struct cub_key_info info;
    enum cub_error error = cub_der_all(der, steps, &info);

    *key = (struct cub_public_key){0};
    if (error == E_OK)
        error = cub_algorithm_id_split(&info.id);
    return error == E_OK ? reader->key(&info, key) : error;
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
