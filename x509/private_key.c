#include "x509/key.h"

#include "x509/algorithm.h"
#include "x509/oid.h"

/*
 * RSAPrivateKey ::= SEQUENCE { version, modulus, publicExponent, privateExponent, prime1, prime2,
 *     exponent1, exponent2, coefficient } [RFC8017-A.1.2]; version 1, for more primes, is not done.
 */
static void read_rsa(struct cub_der *seq, struct cub_private_key *key, struct cub_public_key *pub)
{
    key->modulus = pub->modulus = cub_der_unsigned(seq);
    key->exponent = pub->exponent = cub_der_unsigned(seq);
    (void)cub_der_unsigned(seq); /* privateExponent: the primes' ones are used */
    key->p = cub_der_unsigned(seq);
    key->q = cub_der_unsigned(seq);
    key->dp = cub_der_unsigned(seq);
    key->dq = cub_der_unsigned(seq);
    key->iq = cub_der_unsigned(seq);
    if (!cub_der_ok(seq))
        return;
    if (pub->modulus.len < 2 || pub->modulus.len > 2048 || key->p.len == 0 || key->q.len == 0)
        cub_der_fail(seq, E_KEY_MALFORMED);
    if (key->type == CUB_KEY_NONE)
        key->type = CUB_KEY_RSA;
    pub->type = key->type;
    key->modulus_bits = (uint16_t)cub_public_key_bits(pub);
    key->modulus = pub->modulus;
    key->exponent = pub->exponent;
}

static const struct {
    uint8_t type;
    uint8_t size;
} curves[] = {
    {CUB_KEY_EC_P256, 32},
    {CUB_KEY_EC_P384, 48},
    {CUB_KEY_EC_P521, 66}
};

/* ECParameters: a named curve. */
static uint8_t read_curve(struct cub_der *d)
{
    struct cub_view oid;

    if (cub_der_peek(d) != CUB_DER_OID) {
        cub_der_fail(d, E_KEY_UNSUPPORTED); /* explicit parameters */
        return CUB_KEY_NONE;
    }
    oid = cub_der_oid(d);
    if (cub_oid_is(oid, CUB_OID_PRIME256V1))
        return CUB_KEY_EC_P256;
    if (cub_oid_is(oid, CUB_OID_SECP384R1))
        return CUB_KEY_EC_P384;
    if (cub_oid_is(oid, CUB_OID_SECP521R1))
        return CUB_KEY_EC_P521;
    cub_der_fail(d, E_KEY_UNSUPPORTED);
    return CUB_KEY_NONE;
}

/*
 * ECPrivateKey ::= SEQUENCE { version INTEGER (1), privateKey OCTET STRING,
 *     parameters [0] ECParameters OPTIONAL, publicKey [1] BIT STRING OPTIONAL } [RFC5915-3]
 */
static void read_ec(struct cub_der *seq, struct cub_private_key *key, struct cub_public_key *pub)
{
    struct cub_der field;
    unsigned size = 0;

    key->scalar = cub_der_read(seq, CUB_DER_OCTET_STRING);
    if (cub_der_optional(seq, CUB_DER_CONSTRUCTED(0), &field)) {
        uint8_t curve = read_curve(&field);
        (void)cub_der_done(&field);
        if (key->type != CUB_KEY_NONE && key->type != curve)
            cub_der_fail(seq, E_KEY_MALFORMED);
        key->type = curve;
    }
    if (cub_der_optional(seq, CUB_DER_CONSTRUCTED(1), &field)) {
        pub->point = cub_der_octet_bits(&field);
        (void)cub_der_done(&field);
    }
    if (!cub_der_ok(seq))
        return;
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
        if (curves[i].type == key->type)
            size = curves[i].size;
    /* Exactly as long as the order [RFC5915-3]; shorter ones were written by old tools. */
    if (size == 0 || key->scalar.len == 0 || key->scalar.len > size)
        cub_der_fail(seq, E_KEY_MALFORMED);
    if (pub->point.len == 1 + 2 * size && pub->point.data[0] == 4)
        pub->type = key->type;
}

/* A bare key: PKCS #1 has version 0 and an INTEGER next, SEC 1 version 1 and an OCTET STRING. */
static void read_bare(struct cub_der *seq, struct cub_private_key *key, struct cub_public_key *pub)
{
    uint32_t version = cub_der_small(seq, CUB_DER_INTEGER, 1);
    bool ec = cub_der_peek(seq) == CUB_DER_OCTET_STRING;

    if (version != ec)
        cub_der_fail(seq, E_KEY_UNSUPPORTED);
    if (ec)
        read_ec(seq, key, pub);
    else
        read_rsa(seq, key, pub);
    (void)cub_der_done(seq);
}

/* The parameters of id-RSASSA-PSS [RFC4055-3.1]. */
static void read_pss(struct cub_der *id, struct cub_private_key *key, struct cub_public_key *pub)
{
    struct cub_pss_parameters pss;

    if (!cub_der_more(id))
        return;
    cub_pss_parameters_read(id, &pss);
    if (pss.hash == 0 || pss.salt_len > UINT8_MAX)
        cub_der_fail(id, E_KEY_UNSUPPORTED);
    key->pss_hash = pub->pss_hash = pss.hash;
    key->pss_salt_min = pub->pss_salt_min = (uint8_t)pss.salt_len;
}

/* privateKeyAlgorithm: the type of the key, as far as it tells. */
static void read_algorithm(struct cub_der *id, struct cub_private_key *key,
                           struct cub_public_key *pub)
{
    struct cub_view oid = cub_der_oid(id);
    int rsa = cub_oid_under(oid, CUB_ARC_PKCS1);

    if (rsa == 1) {
        key->type = CUB_KEY_RSA;
        cub_der_null(id);
    } else if (rsa == 10) {
        key->type = CUB_KEY_RSA_PSS;
        read_pss(id, key, pub);
    } else if (cub_oid_is(oid, CUB_OID_EC_PUBLIC_KEY)) {
        key->type = read_curve(id);
    } else if (cub_oid_is(oid, CUB_OID_ED25519)) {
        key->type = CUB_KEY_ED25519; /* without parameters [RFC8410-3] */
    } else {
        cub_der_fail(id, E_KEY_UNSUPPORTED);
    }
    (void)cub_der_done(id);
}

/* CurvePrivateKey ::= OCTET STRING: the seed [RFC8410-7]. A public key beside it is not believed.
 */
static void read_seed(struct cub_der *inner, struct cub_private_key *key)
{
    key->scalar = cub_der_read(inner, CUB_DER_OCTET_STRING);
    if (key->scalar.len != 32)
        cub_der_fail(inner, E_KEY_MALFORMED);
    (void)cub_der_done(inner);
}

/*
 * OneAsymmetricKey ::= SEQUENCE { version, privateKeyAlgorithm, privateKey OCTET STRING,
 *     attributes [0] OPTIONAL, ..., publicKey [1] OPTIONAL } [RFC5958-2]
 */
static void read_pkcs8(struct cub_der *seq, struct cub_private_key *key, struct cub_public_key *pub)
{
    struct cub_der id, inner, bare;
    bool ec;

    (void)cub_der_small(seq, CUB_DER_INTEGER, 1);
    id = cub_der_enter(seq, CUB_DER_SEQUENCE);
    read_algorithm(&id, key, pub);
    inner = cub_der_enter(seq, CUB_DER_OCTET_STRING);
    while (cub_der_more(seq)) /* attributes and publicKey */
        (void)cub_der_element(seq);
    if (key->type == CUB_KEY_ED25519) {
        read_seed(&inner, key);
        return;
    }
    bare = cub_der_enter(&inner, CUB_DER_SEQUENCE);
    (void)cub_der_done(&inner);
    ec = key->type >= CUB_KEY_EC_P256;
    read_bare(&bare, key, pub);
    if (ec != (key->scalar.len != 0))
        cub_der_fail(seq, E_KEY_MALFORMED);
}

/* Whether what follows the version is an AlgorithmIdentifier. */
static bool is_pkcs8(struct cub_der seq)
{
    (void)cub_der_integer(&seq);
    return cub_der_peek(&seq) == CUB_DER_SEQUENCE;
}

enum cub_error cub_private_key_decode(struct cub_private_key *key,
                                      struct cub_public_key *public_key, const uint8_t *der,
                                      size_t len)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(der, len, &error);
    struct cub_der seq = cub_der_enter(&d, CUB_DER_SEQUENCE);
    struct cub_public_key unwanted;
    struct cub_public_key *pub = public_key ? public_key : &unwanted;

    *key = (struct cub_private_key){0};
    *pub = (struct cub_public_key){0};
    (void)cub_der_done(&d);
    if (is_pkcs8(seq))
        read_pkcs8(&seq, key, pub);
    else
        read_bare(&seq, key, pub);
    if (error != E_OK) {
        *key = (struct cub_private_key){0};
        *pub = (struct cub_public_key){0};
    }
    return error;
}
