#include "tests/support/pki.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "crypto/ed25519.h"
#include "crypto/group.h"
#include "crypto/hash.h"
#include "tests/support/random.h"
#include "x509/key.h"
#include "x509/name.h"
#include "x509/pem.h"

static const struct cub_verify_scheme *const all_schemes[] = {
    &cub_verify_ecdsa_secp256r1_sha256,
    &cub_verify_ecdsa_secp384r1_sha384,
    &cub_verify_ecdsa_secp521r1_sha512,
    &cub_verify_rsa_pss_rsae_sha256,
    &cub_verify_rsa_pss_rsae_sha384,
    &cub_verify_rsa_pss_rsae_sha512,
    &cub_verify_rsa_pss_pss_sha256,
    &cub_verify_rsa_pss_pss_sha384,
    &cub_verify_rsa_pss_pss_sha512,
    &cub_verify_rsa_pkcs1_sha256,
    &cub_verify_rsa_pkcs1_sha384,
    &cub_verify_rsa_pkcs1_sha512,
    &cub_verify_ed25519,
};

const struct cub_scheme_list pki_schemes = {all_schemes,
                                            sizeof all_schemes / sizeof all_schemes[0]};

/* A P-256 key that depends on nothing but its number. */
static void make_key(struct pki_key *key, unsigned number)
{
    struct test_random state = {.state = number + 1};
    struct cub_random random = {test_random_fill, &state};

    cr_assert_eq(cub_group_secp256r1.generate(&cub_group_secp256r1, &random, key->der,
                                              key->der + 32),
                 E_OK);
    key->der_len = 32 + 65;
    key->private_key = (struct cub_private_key){
        .type = CUB_KEY_EC_P256, .scalar = {key->der, 32}
    };
    key->public_key = (struct cub_public_key){
        .type = CUB_KEY_EC_P256, .point = {key->der + 32, 65}
    };
}

const struct pki_key *pki_key(enum pki_key_id id)
{
    static struct pki_key keys[PKI_KEY_COUNT + PKI_KEY_MADE_COUNT];
    struct pki_key *key = &keys[id];
    const char *text = id < PKI_KEY_COUNT ? pki_key_pems[id] : "";
    struct cub_pem pem = {text, text + strlen(text)};
    struct cub_pem_block block;

    if (key->der_len)
        return key;
    if (id >= PKI_KEY_MADE) {
        make_key(key, (unsigned)id);
        return key;
    }
    cr_assert_eq(cub_pem_next(&pem, &block), E_OK);
    cr_assert_eq(cub_pem_decode(&block, key->der, sizeof key->der, &key->der_len), E_OK);
    cr_assert_eq(cub_private_key_decode(&key->private_key, &key->public_key, key->der,
                                        key->der_len),
                 E_OK);
    if (id == PKI_KEY_ED25519) {
        uint8_t *point = key->der + key->der_len;

        cub_ed25519_public(key->private_key.scalar.data, point);
        key->public_key.type = CUB_KEY_ED25519;
        key->public_key.point = (struct cub_view){point, CUB_ED25519_SIZE};
    }
    return key;
}

const struct cub_sign_scheme *pki_sign_scheme(unsigned key_type)
{
    switch (key_type) {
    case CUB_KEY_EC_P256:
        return &cub_sign_ecdsa_secp256r1_sha256;
    case CUB_KEY_EC_P384:
        return &cub_sign_ecdsa_secp384r1_sha384;
    case CUB_KEY_EC_P521:
        return &cub_sign_ecdsa_secp521r1_sha512;
    case CUB_KEY_RSA:
        return &cub_sign_rsa_pkcs1_sha256;
    case CUB_KEY_ED25519:
        return &cub_sign_ed25519;
    default:
        return &cub_sign_rsa_pss_pss_sha256;
    }
}

/* RSASSA-PSS-params with one hash throughout [RFC4055-3.1]. */
static void pss_parameters(struct der_out *o, const struct cub_hash *hash)
{
    const char *oid = hash->id == CUB_HASH_SHA256   ? "2.16.840.1.101.3.4.2.1"
                      : hash->id == CUB_HASH_SHA384 ? "2.16.840.1.101.3.4.2.2"
                                                    : "2.16.840.1.101.3.4.2.3";
    size_t params = der_begin(o, CUB_DER_SEQUENCE);
    size_t field = der_begin(o, CUB_DER_CONSTRUCTED(0));
    size_t id = der_begin(o, CUB_DER_SEQUENCE);
    size_t mgf;

    der_oid(o, oid);
    der_end(o, id);
    der_end(o, field);
    field = der_begin(o, CUB_DER_CONSTRUCTED(1));
    mgf = der_begin(o, CUB_DER_SEQUENCE);
    der_oid(o, "1.2.840.113549.1.1.8");
    id = der_begin(o, CUB_DER_SEQUENCE);
    der_oid(o, oid);
    der_end(o, id);
    der_end(o, mgf);
    der_end(o, field);
    field = der_begin(o, CUB_DER_CONSTRUCTED(2));
    der_small(o, hash->size);
    der_end(o, field);
    der_end(o, params);
}

void pki_algorithm(struct der_out *o, const struct cub_sign_scheme *scheme)
{
    unsigned hash = scheme->hash ? scheme->hash->id - CUB_HASH_SHA256 : 0; /* 0, 1, 2 */
    size_t id = der_begin(o, CUB_DER_SEQUENCE);
    char oid[40];

    if (!scheme->hash) {
        der_oid(o, "1.3.101.112");
    } else if ((scheme->id & 0xff) == 0x03) {
        snprintf(oid, sizeof oid, "1.2.840.10045.4.3.%u", 2 + hash);
        der_oid(o, oid);
    } else if ((scheme->id & 0xff) == 0x01) {
        snprintf(oid, sizeof oid, "1.2.840.113549.1.1.%u", 11 + hash);
        der_oid(o, oid);
        der_element(o, CUB_DER_NULL, NULL, 0);
    } else {
        der_oid(o, "1.2.840.113549.1.1.10");
        pss_parameters(o, scheme->hash);
    }
    der_end(o, id);
}

void pki_sign(struct der_out *o, const struct cub_sign_scheme *scheme, const struct pki_key *key,
              const uint8_t *tbs, size_t len)
{
    struct test_random state = {.state = 1};
    struct cub_random random = {test_random_fill, &state};
    uint8_t signature[CUB_SIGNATURE_MAX_SIZE];
    size_t n;

    cr_assert_eq(cub_sign_message(scheme, &key->private_key, &random, tbs, len, signature, &n),
                 E_OK);
    der_bits(o, signature, n);
}

void pki_spki(struct der_out *o, const struct pki_key *key)
{
    const struct cub_public_key *k = &key->public_key;
    size_t spki = der_begin(o, CUB_DER_SEQUENCE);
    size_t id = der_begin(o, CUB_DER_SEQUENCE);
    uint8_t bytes[1100];
    struct der_out rsa = {bytes, sizeof bytes, 0};
    size_t seq;

    if (k->type == CUB_KEY_ED25519) {
        der_oid(o, "1.3.101.112");
        der_end(o, id);
        der_bits(o, k->point.data, k->point.len);
        der_end(o, spki);
        return;
    }
    if (k->type != CUB_KEY_RSA && k->type != CUB_KEY_RSA_PSS) {
        der_oid(o, "1.2.840.10045.2.1");
        der_oid(o, k->type == CUB_KEY_EC_P256   ? "1.2.840.10045.3.1.7"
                   : k->type == CUB_KEY_EC_P384 ? "1.3.132.0.34"
                                                : "1.3.132.0.35");
        der_end(o, id);
        der_bits(o, k->point.data, k->point.len);
        der_end(o, spki);
        return;
    }
    der_oid(o, k->type == CUB_KEY_RSA ? "1.2.840.113549.1.1.1" : "1.2.840.113549.1.1.10");
    if (k->type == CUB_KEY_RSA)
        der_element(o, CUB_DER_NULL, NULL, 0);
    der_end(o, id);
    seq = der_begin(&rsa, CUB_DER_SEQUENCE);
    der_unsigned(&rsa, k->modulus);
    der_unsigned(&rsa, k->exponent);
    der_end(&rsa, seq);
    der_bits(o, rsa.bytes, rsa.len);
    der_end(o, spki);
}

void pki_name(struct der_out *o, const char *cn)
{
    size_t name = der_begin(o, CUB_DER_SEQUENCE);

    if (cn) {
        size_t set = der_begin(o, CUB_DER_SET);
        size_t attribute = der_begin(o, CUB_DER_SEQUENCE);
        der_oid(o, "2.5.4.3");
        der_string(o, CUB_DER_UTF8_STRING, cn);
        der_end(o, attribute);
        der_end(o, set);
    }
    der_end(o, name);
}

void pki_extension(struct der_out *o, const char *oid, int critical, const void *contents,
                   size_t len)
{
    size_t extension = der_begin(o, CUB_DER_SEQUENCE);

    der_oid(o, oid);
    if (critical)
        der_boolean(o, 1);
    der_element(o, CUB_DER_OCTET_STRING, contents, len);
    der_end(o, extension);
}

static void basic_constraints(struct der_out *o, const struct pki_spec *spec)
{
    uint8_t bytes[32];
    struct der_out c = {bytes, sizeof bytes, 0};
    size_t seq = der_begin(&c, CUB_DER_SEQUENCE);

    if (spec->ca > 0)
        der_boolean(&c, 1);
    if (spec->path_len)
        der_small(&c, (uint32_t)spec->path_len - 1);
    der_end(&c, seq);
    pki_extension(o, "2.5.29.19", 1, c.bytes, c.len);
}

static void key_usage(struct der_out *o, unsigned bits)
{
    uint8_t bytes[8];
    struct der_out c = {bytes, sizeof bytes, 0};

    der_named_bits(&c, CUB_DER_BIT_STRING, bits);
    pki_extension(o, "2.5.29.15", 1, c.bytes, c.len);
}

static void alt_names(struct der_out *o, const struct pki_spec *spec)
{
    uint8_t bytes[1024];
    struct der_out c = {bytes, sizeof bytes, 0};
    size_t seq = der_begin(&c, CUB_DER_SEQUENCE);
    size_t empty = c.len;

    for (int i = 0; i < PKI_MAX_NAMES; i++) {
        if (spec->email[i])
            der_string(&c, CUB_DER_PRIMITIVE(1), spec->email[i]);
        if (spec->dns[i])
            der_string(&c, CUB_DER_PRIMITIVE(2), spec->dns[i]);
        if (spec->ip[i].len)
            der_element(&c, CUB_DER_PRIMITIVE(7), spec->ip[i].data, spec->ip[i].len);
    }
    if (c.len == empty)
        return;
    der_end(&c, seq);
    pki_extension(o, "2.5.29.17", spec->subject == NULL, c.bytes, c.len);
}

static void extended_key_usage(struct der_out *o, const struct pki_spec *spec)
{
    uint8_t bytes[128];
    struct der_out c = {bytes, sizeof bytes, 0};
    size_t seq = der_begin(&c, CUB_DER_SEQUENCE);

    if (!spec->eku[0])
        return;
    for (int i = 0; i < PKI_MAX_NAMES; i++)
        if (spec->eku[i])
            der_oid(&c, spec->eku[i]);
    der_end(&c, seq);
    pki_extension(o, "2.5.29.37", 0, c.bytes, c.len);
}

/* A key identifier: the first 20 octets of SHA-256 of the public key [RFC7093-2]. */
static void key_id(enum pki_key_id id, uint8_t out[32])
{
    const struct cub_public_key *k = &pki_key(id)->public_key;
    struct cub_view v = k->point.len ? k->point : k->modulus;

    cub_hash_once(&cub_sha256, v.data, v.len, out);
}

static void key_ids(struct der_out *o, const struct pki_spec *spec)
{
    uint8_t bytes[40];
    struct der_out c = {bytes, sizeof bytes, 0};
    uint8_t id[32];
    size_t seq;

    key_id(spec->key, id);
    der_element(&c, CUB_DER_OCTET_STRING, id, 20);
    pki_extension(o, "2.5.29.14", 0, c.bytes, c.len);
    c.len = 0;
    key_id(spec->issuer ? spec->issuer->key : spec->key, id);
    seq = der_begin(&c, CUB_DER_SEQUENCE);
    der_element(&c, CUB_DER_PRIMITIVE(0), id, 20);
    der_end(&c, seq);
    pki_extension(o, "2.5.29.35", 0, c.bytes, c.len);
}

static void extensions(struct der_out *o, const struct pki_spec *spec)
{
    size_t field = der_begin(o, CUB_DER_CONSTRUCTED(3));
    size_t list = der_begin(o, CUB_DER_SEQUENCE);
    unsigned usage = spec->key_usage;

    if (spec->ca)
        basic_constraints(o, spec);
    if (spec->ca > 0 && !usage)
        usage = CUB_KU_KEY_CERT_SIGN | CUB_KU_CRL_SIGN;
    if (usage)
        key_usage(o, usage);
    if (!spec->no_key_ids)
        key_ids(o, spec);
    alt_names(o, spec);
    extended_key_usage(o, spec);
    der_raw(o, spec->more.data, spec->more.len);
    if (spec->break_extensions)
        spec->break_extensions(o, spec);
    der_end(o, list);
    der_end(o, field);
}

static void version(struct der_out *o, int value)
{
    size_t field;

    if (value == 1)
        return;
    field = der_begin(o, CUB_DER_CONSTRUCTED(0));
    der_small(o, value ? (uint32_t)value - 1 : 2);
    der_end(o, field);
}

/* An AlgorithmIdentifier by its OID. */
static void plain_algorithm(struct der_out *o, const char *oid, int null)
{
    size_t id = der_begin(o, CUB_DER_SEQUENCE);

    der_oid(o, oid);
    if (null)
        der_element(o, CUB_DER_NULL, NULL, 0);
    der_end(o, id);
}

/* Writes the TBSCertificate. */
static void tbs(struct der_out *o, const struct pki_spec *spec,
                const struct cub_sign_scheme *scheme)
{
    size_t seq = der_begin(o, CUB_DER_SEQUENCE);
    size_t validity;

    version(o, spec->version);
    if (spec->wide_serial.len)
        der_element(o, CUB_DER_INTEGER, spec->wide_serial.data, spec->wide_serial.len);
    else
        der_small(o, spec->serial ? spec->serial : 1);
    if (spec->algorithm)
        plain_algorithm(o, spec->algorithm, 1);
    else
        pki_algorithm(o, scheme);
    if (spec->issuer)
        der_raw(o, spec->issuer->subject.data, spec->issuer->subject.len);
    else
        pki_name(o, spec->subject);
    validity = der_begin(o, CUB_DER_SEQUENCE);
    der_time(o, spec->not_before ? spec->not_before : PKI_NOT_BEFORE);
    der_time(o, spec->not_after ? spec->not_after : PKI_NOT_AFTER);
    der_end(o, validity);
    pki_name(o, spec->subject);
    pki_spki(o, pki_key(spec->key));
    if (spec->version == 0 || spec->version == 3)
        extensions(o, spec);
    der_end(o, seq);
}

void pki_issue(struct pki_cert *cert, const struct pki_spec *spec)
{
    const struct pki_key *key =
        spec->signer ? spec->signer : pki_key(spec->issuer ? spec->issuer->key : spec->key);
    const struct cub_sign_scheme *scheme =
        spec->scheme ? spec->scheme : pki_sign_scheme(key->public_key.type);
    uint8_t bytes[3000];
    struct der_out t = {bytes, sizeof bytes, 0};
    struct der_out o = {cert->der, sizeof cert->der, 0};
    size_t seq = der_begin(&o, CUB_DER_SEQUENCE);
    struct cub_cert parsed;

    tbs(&t, spec, scheme);
    der_raw(&o, t.bytes, t.len);
    if (spec->outer_algorithm)
        plain_algorithm(&o, spec->outer_algorithm, 0);
    else if (spec->algorithm)
        plain_algorithm(&o, spec->algorithm, 1);
    else
        pki_algorithm(&o, scheme);
    pki_sign(&o, scheme, key, t.bytes, t.len);
    if (spec->break_signature)
        o.bytes[o.len - 1] ^= 1;
    der_end(&o, seq);
    cert->len = o.len;
    cert->key = spec->key;
    /* Odd certificates need not parse, and nothing is issued by those. */
    if (cub_cert_parse(&parsed, cert->der, cert->len) == E_OK)
        cert->subject = parsed.subject;
}
